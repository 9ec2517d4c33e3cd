//! Names that go round or on: which live trunk is which, and how one name is freed for the other.

use trunkform::model::{AccountConfig, Code, RENAMING_MARK, REPLACEMENT_MARK, State};

use crate::fake::{Row, changes, deleting_trunks, file, lines, live, number, plan, trunk, world};
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

#[test]
fn a_new_trunk_takes_a_name_when_what_is_live_is_more_like_the_other() {
    let config = file([trunk("A").port(5), trunk("B").was("A").port(1)]);
    assert_eq!(said(&config, live([trunk("A").id(1).port(1)])), ["A create None", r#"B update Some("1")"#]);
    assert_eq!(
        said(&config, live([trunk("A").id(1).port(5)])),
        ["B create None"],
        "made by a run that stopped"
    );
    assert_eq!(said(&config, live([trunk("B").id(1).port(1)])), ["A create None"]);
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
