//! Names that go round or on: which live trunk is which, and how one name is freed for the other.

use trunkform::model::{AccountConfig, Code, RENAMING_MARK, REPLACEMENT_MARK, State};

use crate::accounts::{changes, plan, world};
use crate::fake::{Row, deleting_trunks, file, lines, live, number, trunk};
use crate::simulator::Platform;

/// `address action`, of each change.
fn said(config: &AccountConfig, observed: State) -> Vec<String> {
    let changes = changes(config, observed);
    changes.iter().map(|c| format!("{} {} {:?}", c.address.name, c.action.as_str(), names(c))).collect()
}

/// The ids under which a change was read.
fn names(change: &trunkform::model::Change) -> Option<String> {
    change.before.as_ref()?.id.as_ref().map(ToString::to_string)
}

fn half(name: &str) -> Row {
    trunk(&format!("{name}{RENAMING_MARK}"))
}

/// Each has the port that tells it.
fn swap() -> AccountConfig {
    file([trunk("A").was("B").port(2), trunk("B").was("A").port(1)])
}

#[test]
fn a_swap_is_seen_by_what_the_trunks_are_like() {
    let before = live([trunk("A").id(1).port(1), trunk("B").id(2).port(2)]);
    assert_eq!(said(&swap(), before.clone()), [r#"A update Some("2")"#, r#"B update Some("1")"#]);
    assert_eq!(
        lines(&plan(&swap(), before)),
        ["1 PUT /trunks/2 <-", "2 PUT /trunks/1 <- 1", "3 PUT /trunks/2 <- 2"]
    );
    let done = live([trunk("A").id(2).port(2), trunk("B").id(1).port(1)]);
    assert_eq!(said(&swap(), done.clone()), [""; 0]);
    assert!(world(&swap(), done).diagnostics.is_empty());
}

#[test]
fn a_swap_that_can_not_be_seen_is_taken_as_done_and_told_where_anything_differs() {
    let neither = live([trunk("A").id(1).port(7), trunk("B").id(2).port(8)]);
    assert_eq!(said(&swap(), neither.clone()), [r#"A update Some("1")"#, r#"B update Some("2")"#]);
    let told = world(&swap(), neither).diagnostics;
    assert_eq!(told.iter().map(|d| d.code).collect::<Vec<_>>(), [Code::LIV007, Code::LIV007]);
    let alike = file([trunk("A").was("B"), trunk("B").was("A")]);
    let live = live([trunk("A").id(1), trunk("B").id(2)]);
    assert!(said(&alike, live.clone()).is_empty() && world(&alike, live).diagnostics.is_empty());
}

#[test]
fn an_id_says_what_names_do_not() {
    let pinned = file([trunk("A").pin(2), trunk("B").pin(1)]);
    let either = |a: i64, b: i64| live([trunk("A").id(a), trunk("B").id(b)]);
    assert_eq!(said(&pinned, either(1, 2)), [r#"A update Some("2")"#, r#"B update Some("1")"#]);
    assert_eq!(said(&pinned, either(2, 1)), [""; 0]);
}

#[test]
fn a_swap_that_stopped_is_finished_whichever_request_was_the_last() {
    let on = |name: &str| number("+1").id(9).on(name);
    let first = live([half("B").id(1), trunk("B").id(2), on(&format!("B{RENAMING_MARK}"))]);
    let alike = file([trunk("A").was("B"), trunk("B").was("A"), number("+1").on("B")]);
    assert_eq!(said(&alike, first), [r#"A update Some("2")"#, r#"B update Some("1")"#]);
    let second = live([half("B").id(1), trunk("A").id(2), on(&format!("B{RENAMING_MARK}"))]);
    assert_eq!(said(&alike, second), [r#"B update Some("1")"#]);
}

#[test]
fn names_are_handed_on_along_a_chain() {
    let chain = file([trunk("A").was("C"), trunk("B").was("A")]);
    let before = live([trunk("A").id(1), trunk("C").id(3)]);
    assert_eq!(said(&chain, before.clone()), [r#"A update Some("3")"#, r#"B update Some("1")"#]);
    assert_eq!(
        lines(&plan(&chain, before)),
        ["1 PUT /trunks/1 <-", "2 PUT /trunks/3 <- 1"],
        "no name in between"
    );
    assert_eq!(said(&chain, live([trunk("B").id(1), trunk("C").id(3)])), [r#"A update Some("3")"#]);
    assert_eq!(said(&chain, live([trunk("A").id(3), trunk("B").id(1)])), [""; 0]);
}

/// What is live of the two says nothing: a run that began has given the first of the names.
#[test]
fn a_new_trunk_takes_a_name_whatever_the_one_that_has_it_is_like() {
    let config = |port: i64| file([trunk("A").port(5), trunk("B").was("A").port(port), number("+1").on("B")]);
    for (wanted, port) in [(1, 1), (1, 5), (1, 7), (5, 5), (5, 1)] {
        let config = config(wanted);
        let start = live([trunk("A").id(1).port(port), number("+1").id(9).on("A")]);
        assert_eq!(said(&config, start.clone())[0], "A create None", "{wanted} {port}");
        let told: Vec<_> = world(&config, start.clone()).diagnostics.iter().map(|d| d.code).collect();
        assert_eq!(told, [Code::LIV007; 1][usize::from(port != 5 || wanted == 5)..]);
        let start = Platform::of(&start);
        for stop in 0..3 {
            let mut now = start.clone();
            now.run(&plan(&config, now.observe()), (7, stop), |_| Ok(())).unwrap();
            now.run(&plan(&config, now.observe()), (8, usize::MAX), |_| Ok(())).unwrap();
            assert!(changes(&config, now.observe()).is_empty(), "{stop}: {now:?}");
            let kept = now.observe().resources.values().any(|r| &*r.address.name == "B" && is(r, 1));
            assert!(kept && now.trunks.len() == 2, "{stop}");
        }
    }
    assert_eq!(said(&config(1), live([trunk("B").id(1).port(1)]))[0], "A create None");
}

fn is(resource: &trunkform::model::Resource, id: i64) -> bool {
    resource.id.as_ref().is_some_and(|own| own.to_string() == id.to_string())
}

/// The line may stay while the two exchange what they are like, or their numbers.
#[test]
fn a_swap_that_was_done_is_not_done_again_when_the_file_exchanges_something_else() {
    let config = |first: &str| {
        let (a, b) = (trunk("A").was("B").port(2), trunk("B").was("A").port(1));
        file([a, b, number("+1").on(first), number("+2").on("A")])
    };
    let on = |first: &str, (a, b): (i64, i64)| {
        let (a, b) = (trunk("A").id(1).port(a), trunk("B").id(2).port(b));
        live([a, b, number("+1").id(11).on(first), number("+2").id(12).on("A")])
    };
    let told = |config: &AccountConfig, observed: State| {
        world(config, observed).diagnostics.iter().map(|d| d.code).collect::<Vec<_>>()
    };
    let hosts = on("B", (1, 2));
    assert_eq!(said(&config("B"), hosts.clone()), [r#"A update Some("1")"#, r#"B update Some("2")"#]);
    assert_eq!(told(&config("B"), hosts), [Code::LIV007, Code::LIV007]);
    let numbers = on("A", (2, 1));
    assert_eq!(said(&config("B"), numbers.clone()), [r#"+1 update Some("11")"#]);
    assert!(told(&config("B"), numbers).is_empty());
}

#[test]
fn what_has_the_name_of_a_half_renamed_trunk_and_stays_is_asked_about() {
    let config = file([trunk("B").was("A")]);
    let observed = || live([half("B").id(1), trunk("B").id(2)]);
    let told = world(&config, observed()).diagnostics;
    assert_eq!((told.len(), told[0].code), (1, Code::LIV001));
    assert!(
        told[0].message.contains("(id `1`)") && told[0].message.contains("(id `2`)"),
        "{}",
        told[0].message
    );
    let going = said(&deleting_trunks(config), observed());
    assert_eq!(going, [r#"B update Some("1")"#, r#"B#2 delete Some("2")"#]);
}

/// The old one is out of the way before anything takes its name, and goes before the new one is called so.
#[test]
fn a_trunk_made_anew_in_a_swap_is_finished_from_wherever_it_stopped() {
    let config = file([
        trunk("A").was("B").text("direction", "inbound").port(2),
        trunk("B").was("A").text("direction", "outbound").port(1),
        number("+1").on("B"),
        number("+2").on("A"),
    ]);
    let observed = live([
        trunk("A").id(1).text("direction", "inbound").port(1),
        trunk("B").id(2).text("direction", "inbound").port(2),
        number("+1").id(11).on("A"),
        number("+2").id(12).on("A"),
    ]);
    let start = Platform::of(&observed);
    for stop in 0..8 {
        let mut now = start.clone();
        now.run(&plan(&config, now.observe()), (7, stop), |_| Ok(())).unwrap();
        now.run(&plan(&config, now.observe()), (8, usize::MAX), |_| Ok(())).unwrap();
        let seen = now.observe();
        assert!(changes(&config, seen.clone()).is_empty(), "{stop}: {seen:#?}");
        let marked = |mark: &str| now.trunks.values().any(|t| t["name"].as_str().unwrap().ends_with(mark));
        assert!(
            now.trunks.len() == 2 && !marked(RENAMING_MARK) && !marked(REPLACEMENT_MARK),
            "{stop}: {seen:#?}"
        );
    }
}

/// Only the mark tells that the old one is still to go.
#[test]
fn a_renamed_trunk_made_anew_is_finished_however_often_it_stops() {
    let config = file([
        trunk("New").was("Old").text("direction", "outbound").port(2),
        number("+1").on("New"),
        number("+2").on("New"),
    ]);
    let observed = live([
        trunk("Old").id(1).text("direction", "inbound"),
        number("+1").id(11).on("Old"),
        number("+2").id(12).on("Old"),
    ]);
    let start = Platform::of(&observed);
    for (first, second) in (0..7).flat_map(|first| (0..7).map(move |second| (first, second))) {
        for order in 0..4 {
            let mut now = start.clone();
            for (round, stop) in [(7, first), (order, second), (8, usize::MAX)] {
                now.run(&plan(&config, now.observe()), (round, stop), |_| Ok(())).unwrap();
            }
            let names: Vec<_> = now.trunks.values().map(|t| &t["name"]).collect();
            assert_eq!(names, ["New"], "stopped after {first} and {second}");
            assert!(changes(&config, now.observe()).is_empty());
        }
    }
}

/// Nothing is live, and the lines are still in the file: what is made first is not taken for what is made next.
#[test]
fn trunks_that_are_all_made_anew_are_made_once_wherever_it_stops() {
    let chain = file([trunk("A"), trunk("B").was("A").port(1), trunk("C").was("B").port(2)]);
    let round = file([trunk("A").was("C"), trunk("B").was("A").port(1), trunk("C").was("B").port(2)]);
    for config in [chain, round] {
        for (seed, stop) in (0..6).flat_map(|seed| (0..4).map(move |stop| (seed, stop))) {
            let mut now = Platform::of(&live([]));
            now.run(&plan(&config, now.observe()), (seed, stop), |_| Ok(())).unwrap();
            let rest = plan(&config, now.observe());
            assert_eq!((rest.summary.create, rest.summary.update), (3 - stop, 0), "{stop}: {now:?}");
        }
    }
}
