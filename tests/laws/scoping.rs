//! What the scope stage resolves, keeps and complains about.

use trunkform::model::{
    AccountConfig, Code, Id, REPLACEMENT_MARK, Severity, State, Unlisted, UnlistedNumbers, Value, World,
};

use crate::accounts::{changes, compare_vital, world};
use crate::fake::{Row, address, deleting_trunks, file, ignoring, live, number, state, trunk};

fn codes(config: &AccountConfig, observed: State) -> Vec<Code> {
    world(config, observed).diagnostics.iter().map(|diagnostic| diagnostic.code).collect()
}

/// `address action reason`, of each change.
fn said(config: &AccountConfig, observed: State) -> Vec<String> {
    let changes = changes(config, observed);
    changes.iter().map(|c| format!("{} {} {}", c.address, c.action.as_str(), c.reason)).collect()
}

fn wanted<'a>(world: &'a World, resource: &str, attribute: &str) -> Option<&'a Value> {
    world.desired.get(&address(resource))?.attributes.get(attribute)
}

fn to(text: &str) -> Value {
    Value::Ref(address(text))
}

fn marked(name: &str) -> Row {
    trunk(&format!("{name}{REPLACEMENT_MARK}"))
}

#[test]
fn an_agent_is_found_by_name_by_id_and_taken_at_its_word_as_an_id() {
    let config = file([
        number("+1").text("agent", "Sales"),
        number("+2").text("agent", "92"),
        number("+3").text("agent", "77"),
        number("+4").set("agent", Value::Int(91)),
    ]);
    let world = world(&config, live([]));
    assert!(world.diagnostics.is_empty());
    let agents: Vec<_> =
        (1..5).map(|n| wanted(&world, &format!("number.+{n}"), "agent").unwrap().clone()).collect();
    assert_eq!(agents, [to("agent.Sales"), to("agent.Support"), to("agent.77"), to("agent.Sales")]);
    assert_eq!(world.observed.agents.last().unwrap().id, Id::Int(77));
}

#[test]
fn an_agent_that_is_nowhere_is_pointed_at_with_what_was_meant() {
    let world = world(&file([number("+1").text("agent", "Saels")]), live([]));
    let [complaint] = world.diagnostics.as_slice() else { panic!() };
    assert_eq!(complaint.code, Code::NUM009);
    assert_eq!(complaint.help.as_deref(), Some("did you mean `Sales`?"));
    assert_eq!((complaint.labels[0].span.start, &*complaint.labels[0].file), (3, "trunkform.yaml"));
}

#[test]
fn where_the_platform_lists_no_agents_their_ids_are_asked_for() {
    let mut observed = live([]);
    observed.agents.clear();
    let world =
        world(&file([number("+1").text("agent", "Sales"), number("+2").text("agent", "77")]), observed);
    let [complaint] = world.diagnostics.as_slice() else { panic!() };
    let help = complaint.help.as_deref();
    assert_eq!(
        (complaint.code, help),
        (Code::NUM009, Some("the platform lists no agents: write the agent's id"))
    );
}

#[test]
fn an_agents_name_that_is_anothers_id_asks_which_is_meant() {
    let mut observed = live([]);
    observed.agents[0].address = address("agent.92");
    let world = world(&file([number("+1").text("agent", "92")]), observed);
    let [complaint] = world.diagnostics.as_slice() else { panic!() };
    let help = complaint.help.as_deref().unwrap();
    assert_eq!(complaint.code, Code::LIV003);
    assert!(help.contains("`agent: \"91\"`") && help.contains("`agent: \"Support\"`"), "{help}");
}

#[test]
fn two_agents_of_one_name_ask_for_the_id() {
    let mut observed = live([]);
    observed.agents[1].address = observed.agents[0].address.clone();
    assert_eq!(codes(&file([number("+1").text("agent", "Sales")]), observed), [Code::LIV003]);
}

#[test]
fn a_number_may_refer_to_a_trunk_that_is_declared_or_only_live() {
    let observed = || live([trunk("Fax").id(1)]);
    let config = file([trunk("New"), number("+1").on("New"), number("+2").on("Fax"), number("+3").on("Fxa")]);
    let world = world(&config, observed());
    let [complaint] = world.diagnostics.as_slice() else { panic!() };
    assert_eq!(complaint.code, Code::NUM009);
    assert_eq!(complaint.address, Some(address("number.+3")));
    assert_eq!(codes(&file([number("+1").on("Office PBX"), trunk("Ofice PBX")]), observed()), [Code::NUM009]);
}

#[test]
fn a_misspelt_trunk_is_suggested_from_both_sides() {
    let help = |config| world(&config, live([trunk("Carrier").id(1)])).diagnostics[0].help.clone().unwrap();
    assert_eq!(help(file([trunk("Office PBX"), number("+1").on("Ofice PBX")])), "did you mean `Office PBX`?");
    assert_eq!(help(file([number("+1").on("Carier")])), "did you mean `Carrier`?");
}

#[test]
fn two_live_trunks_of_one_name_ask_for_an_id_and_take_it() {
    let observed = || live([trunk("A").id(7).port(5060).twin(), trunk("A").id(8).port(5070).twin()]);
    let world = world(&file([trunk("A").port(5070)]), observed());
    let [complaint] = world.diagnostics.as_slice() else { panic!() };
    assert_eq!(complaint.code, Code::LIV001);
    assert!(complaint.message.contains("`7`, `8`"), "{}", complaint.message);
    assert_eq!(complaint.help.as_deref(), Some("say which one is meant: write `id: 7`"));

    let pinned = file([trunk("A").port(5070).pin(8), number("+1").on("A")]);
    let world = crate::accounts::world(&pinned, observed());
    assert!(world.diagnostics.is_empty());
    assert_eq!(world.observed.get(&address("trunk.A")).unwrap().id, Some(Id::Int(8)));
    assert_eq!(world.unlisted, [address("trunk.A#7")]);
    assert_eq!(said(&file([trunk("A").port(5070).pin(8)]), observed()), Vec::<String>::new());
}

#[test]
fn an_ambiguous_live_trunk_can_not_be_referred_to() {
    let observed = live([trunk("A").id(7).twin(), trunk("A").id(8).twin()]);
    assert_eq!(codes(&file([number("+1").on("A")]), observed), [Code::LIV001]);
}

#[test]
fn a_pin_under_another_name_is_a_rename_and_moves_nobody() {
    let observed = live([trunk("Old").id(7), trunk("New").id(8), number("+1").id(1).on("Old")]);
    let config = file([trunk("New").pin(7), number("+1").on("New")]);
    assert_eq!(said(&config, observed.clone()), ["fake.trunk.New update `name` differs"]);
    assert_eq!(world(&config, observed).unlisted, [address("trunk.New#8")]);
}

#[test]
fn a_pin_that_is_not_live_is_an_error_unless_the_name_is() {
    assert_eq!(codes(&file([trunk("A").pin(9)]), live([trunk("B").id(7)])), [Code::LIV002]);
    let world =
        world(&file([trunk("A").pin(9), number("+1").pin(3)]), live([trunk("A").id(7), number("+1").id(3)]));
    let [complaint] = world.diagnostics.as_slice() else { panic!() };
    assert_eq!((complaint.code, complaint.severity), (Code::LIV002, Severity::Warning));
    assert!(complaint.help.as_deref().unwrap().contains("`id: 7`"));
    assert_eq!(codes(&file([number("+1").pin(4)]), live([])), [Code::LIV002]);
}

#[test]
fn a_rename_happens_once() {
    let config = file([trunk("New").was("Old"), number("+1").on("New")]);
    let numbered = |name: &str| live([trunk(name).id(7), number("+1").id(1).on(name)]);
    assert_eq!(said(&config, numbered("Old")), ["fake.trunk.New update `name` differs"]);
    assert_eq!(said(&config, numbered("New")), Vec::<String>::new());
    let both = live([trunk("New").id(8), trunk("Old").id(7)]);
    assert_eq!(world(&file([trunk("New").was("Old")]), both).unlisted, [address("trunk.Old")]);
    let swap = file([trunk("A").was("B"), trunk("B").was("A")]);
    assert_eq!(said(&swap, live([trunk("A").id(1), trunk("B").id(2)])), Vec::<String>::new());
}

#[test]
fn the_old_name_of_a_renamed_trunk_is_no_longer_one() {
    let config = file([trunk("New").was("Old"), number("+1").on("Old")]);
    let world = world(&config, live([trunk("Old").id(7)]));
    assert_eq!(world.diagnostics[0].help.as_deref(), Some("write `New`"));
}

#[test]
fn a_kept_number_follows_the_rename_of_its_trunk() {
    let observed = live([trunk("Old").id(7), number("+1").id(1).on("Old")]);
    assert_eq!(said(&file([trunk("New").was("Old")]), observed), ["fake.trunk.New update `name` differs"]);
}

#[test]
fn names_that_differ_in_spacing_or_composition_are_one_trunk() {
    let observed = live([trunk("Cafe\u{301} ").id(7)]);
    assert_eq!(said(&file([trunk("Café")]), observed), Vec::<String>::new());
}

#[test]
fn of_a_half_done_replacement_the_one_that_fits_stays() {
    let config = file([trunk("A").text("direction", "outbound")]);
    let old = || trunk("A").id(1).text("direction", "inbound");
    let new = || marked("A").id(2).text("direction", "outbound");
    let kept = number("+1").id(9).on("A");
    assert_eq!(
        said(&config, live([old(), new(), kept])),
        [
            "fake.trunk.A update `name` differs",
            "fake.trunk.A#1 delete left from an interrupted replacement",
            "fake.number.+1 update its trunk `A#1` was left from an interrupted replacement",
        ]
    );
    // The file was turned back: the old one fits again.
    let back = file([trunk("A").text("direction", "inbound")]);
    let on_new = number("+1").id(9).on(&format!("A{REPLACEMENT_MARK}"));
    let world = world(&back, live([old(), new(), on_new]));
    assert_eq!(world.observed.get(&address("trunk.A")).unwrap().id, Some(Id::Int(1)));
    assert_eq!(wanted(&world, "number.+1", "trunk"), Some(&to("trunk.A")));
    assert!(world.observed.get(&address(&format!("trunk.A{REPLACEMENT_MARK}"))).unwrap().is_leftover());
}

#[test]
fn of_several_marked_trunks_one_stays_and_none_is_lost_if_none_fits() {
    let config = file([trunk("A").text("direction", "outbound")]);
    let new = |id, direction| marked("A").id(id).text("direction", direction).twin();
    let world = |rows: Vec<Row>| crate::accounts::world(&config, state(rows));
    let two = world(vec![new(2, "inbound"), new(3, "outbound")]);
    assert_eq!(two.observed.get(&address("trunk.A")).unwrap().id, Some(Id::Int(3)));
    let none =
        world(vec![trunk("A").id(1).text("direction", "inbound"), new(2, "inbound"), new(3, "inbound")]);
    assert_eq!(none.observed.get(&address("trunk.A")).unwrap().id, Some(Id::Int(1)));
    assert_eq!(none.observed.resources.values().filter(|r| r.is_leftover()).count(), 2);
}

#[test]
fn what_is_unlisted_stays_unless_the_file_says_otherwise() {
    let observed = || live([trunk("A").id(1), number("+1").id(2).on("A").text("status", "active")]);
    let with = |numbers| {
        let mut config = file([]);
        config.unlisted = Unlisted { delete_trunks: false, numbers };
        said(&config, observed())
    };
    assert_eq!(with(UnlistedNumbers::Keep), Vec::<String>::new());
    let update = "fake.number.+1 update live, not in the file, `unlisted:";
    assert_eq!(with(UnlistedNumbers::Unassign), [format!("{update} unassign`")]);
    assert_eq!(with(UnlistedNumbers::Deactivate), [format!("{update} deactivate`")]);
    assert_eq!(
        with(UnlistedNumbers::Delete),
        ["fake.number.+1 delete live, not in the file, `unlisted: delete`"]
    );
    assert_eq!(world(&file([]), observed()).unlisted, [address("trunk.A"), address("number.+1")]);
}

#[test]
fn a_kept_number_whose_trunk_goes_is_unassigned_and_says_why() {
    let observed = || live([trunk("A").id(1), number("+1").id(2).on("A"), number("+2").id(3).on("A")]);
    // The file lists one of the numbers, but says nothing of its trunk.
    let config = deleting_trunks(file([number("+2")]));
    let gone = "update its trunk `A` is deleted";
    assert_eq!(
        said(&config, observed()),
        [
            "fake.trunk.A delete live, not in the file, `unlisted: delete`".to_owned(),
            format!("fake.number.+1 {gone}"),
            format!("fake.number.+2 {gone}"),
        ]
    );
    let (vital, _) = compare_vital(&config, observed());
    assert_eq!(wanted(&vital, "number.+1", "trunk"), Some(&to("trunk.A")));
}

#[test]
fn what_is_ignored_is_left_alone_on_every_side() {
    let declared = file([number("+1").text("status", "active"), number("+2").on("A"), trunk("A")]);
    let mut config = ignoring(ignoring(declared, "number.*"), "trunk.Fax");
    config.unlisted = Unlisted { delete_trunks: true, numbers: UnlistedNumbers::Delete };
    let observed = live([
        number("+1").id(1).text("status", "inactive"),
        number("+3").id(3),
        trunk("A").id(4),
        trunk("Fax").id(5),
    ]);
    assert_eq!(said(&config, observed.clone()), Vec::<String>::new());
    let world = world(&config, observed);
    assert!(world.desired.get(&address("number.+2")).is_none());
    assert!(world.desired.get(&address("trunk.Fax")).is_some_and(|fax| fax.is_ignored()));
    assert!(world.desired.get(&address("number.+3")).is_some_and(|number| number.is_ignored()));
    // `ignore` speaks of them, so they are not what no file speaks of.
    assert!(world.unlisted.is_empty());
}
