//! A platform on which a number can't live without its trunk and is deleted and made again when it moves.

use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::test_runner::FileFailurePersistence;
use serde_json::{Value as Json, json};
use trunkform::model::{
    AccountConfig, Action, Code, Impact, Plan, REPLACEMENT_MARK, State, UnlistedNumbers, Value,
};
use trunkform::render::document::Document;
use trunkform::render::human;

use crate::accounts::{compare_vital, plan_vital};
use crate::fake::{Row, VITAL, address, deleting_trunks, file, ignoring, lines, live, number, trunk};
use crate::properties::{Spec, check, is_as_declared, specs};
use crate::simulator::Platform;

/// The codes of the refusals, each with what it names.
fn refused(plan: &Plan) -> Vec<(Code, Vec<String>)> {
    assert!(plan.steps.is_empty() && plan.refusals.iter().all(|refusal| refusal.no_safe_plan), "{plan:#?}");
    let names = |refusal: &trunkform::model::Refusal| {
        (refusal.code, refusal.addresses.iter().map(|a| format!("{}.{}", a.kind, a.name)).collect())
    };
    plan.refusals.iter().map(names).collect()
}

fn named(code: Code, names: &[&str]) -> Vec<(Code, Vec<String>)> {
    vec![(code, names.iter().map(ToString::to_string).collect())]
}

fn inbound(name: &str, id: i64) -> Row {
    trunk(name).id(id).text("direction", "inbound")
}

/// A live trunk with two numbers.
fn two_numbers() -> State {
    live([inbound("A", 1), number("+1").id(11).on("A"), number("+2").id(12).on("A")])
}

#[test]
fn a_trunk_does_not_go_under_numbers_that_no_file_lists() {
    let plan = plan_vital(&deleting_trunks(file([number("+2").on("B"), trunk("B")])), two_numbers());
    assert_eq!(refused(&plan), named(Code::PLN009, &["trunk.A", "number.+1"]));
    let ignored = ignoring(deleting_trunks(file([number("+2").on("B"), trunk("B")])), "number.+1");
    assert_eq!(refused(&plan_vital(&ignored, two_numbers())), named(Code::PLN009, &["trunk.A", "number.+1"]));
}

#[test]
fn a_trunk_is_not_made_anew_under_numbers_that_no_file_lists() {
    let anew = || trunk("A").text("direction", "outbound");
    let plan = plan_vital(&file([anew(), number("+2").on("A")]), two_numbers());
    assert_eq!(refused(&plan), named(Code::PLN009, &["trunk.A", "number.+1"]));
    assert_eq!(plan.refusals[0].help, "list them in the file, with their trunk");
    let moves: Vec<_> = plan.changes.iter().map(|c| c.address.to_string()).collect();
    assert_eq!(moves, ["fake.trunk.A", "fake.number.+2"], "no move is shown that will not be");

    let listed = plan_vital(&file([anew(), number("+1").on("A"), number("+2").on("A")]), two_numbers());
    assert!(listed.refusals.is_empty(), "{:?}", listed.refusals);
    assert_eq!(
        lines(&listed).iter().map(|line| line.split(" <-").next().unwrap()).collect::<Vec<_>>(),
        [
            "1 POST /trunks",
            "2 DELETE /numbers/11",
            "3 POST /numbers",
            "4 DELETE /numbers/12",
            "5 POST /numbers",
            "6 DELETE /trunks/1",
            "7 PUT /trunks/${fake.trunk.A}",
        ]
    );
}

#[test]
fn what_an_interrupted_replacement_left_does_not_go_under_numbers_that_no_file_lists() {
    let config = file([trunk("A").text("direction", "outbound"), number("+2").on("A")]);
    let new = trunk(&format!("A{REPLACEMENT_MARK}")).id(2).text("direction", "outbound");
    let observed = live([inbound("A", 1), new, number("+1").id(11).on("A"), number("+2").id(12).on("A")]);
    let plan = plan_vital(&config, observed);
    assert_eq!(refused(&plan), named(Code::PLN009, &["trunk.A#1", "number.+1"]));
    assert_eq!(plan.refusals[0].help, "list them in the file, with their trunk");
}

#[test]
fn a_number_is_not_made_anew_while_the_file_does_not_name_its_trunk() {
    let config = file([trunk("A").text("direction", "outbound"), number("+1"), number("+2").on("A")]);
    let plan = plan_vital(&config, two_numbers());
    assert_eq!(refused(&plan), named(Code::PLN008, &["number.+1"]));
    assert_eq!(plan.refusals[0].help, "write `trunk: A` at the number");
}

#[test]
fn a_number_never_loses_its_trunk() {
    let cleared = plan_vital(&file([inbound("A", 1), number("+1").set("trunk", Value::Null)]), two_numbers());
    assert_eq!(refused(&cleared), named(Code::PLN008, &["number.+1"]));
}

#[test]
fn unlisted_numbers_that_are_to_be_unassigned_lose_their_agent() {
    let mut config = file([trunk("A")]);
    config.unlisted.numbers = UnlistedNumbers::Unassign;
    let sales = number("+1").id(11).on("A").set("agent", Value::Ref(address("agent.Sales")));
    let plan = plan_vital(&config, live([inbound("A", 1), sales, number("+2").id(12).on("A")]));
    let [change] = plan.changes.as_slice() else { panic!("{:?}", plan.changes) };
    assert_eq!((change.action, change.changed.as_slice()), (Action::Update, &["agent".to_owned()][..]));
    assert_eq!(change.reason, "live, not in the file, `unlisted: unassign`");
    assert_eq!((plan.summary.removals, plan.impact.numbers_unassigned), (1, 0));
}

#[test]
fn a_number_that_moves_is_no_removal_unless_it_loses_its_agent() {
    let sales = || number("+1").id(11).on("A").set("agent", Value::Ref(address("agent.Sales")));
    let observed = || live([inbound("A", 1), inbound("B", 2), sales()]);
    let moving = |row: Row| plan_vital(&file([row]), observed());
    let plan = moving(number("+1").on("B"));
    assert_eq!((plan.summary.replace, plan.summary.removals, plan.accounts[0].removals), (1, 0, 0));
    assert_eq!(plan.impact, Impact { numbers_moved: 1, ..Impact::default() });
    assert_eq!(lines(&plan), ["1 DELETE /numbers/11 <-", "2 POST /numbers <- 1"]);
    assert_eq!(plan.steps[1].request.body.as_ref().unwrap()["agent_id"], 91, "its agent moves with it");
    let losing = moving(number("+1").on("B").set("agent", Value::Null));
    assert_eq!((losing.summary.replace, losing.summary.removals), (1, 1));
    assert_eq!((losing.impact.numbers_moved, losing.impact.agents_changed), (1, 1));
    assert_eq!(refused(&moving(number("+1").on("B").protect())), named(Code::PLN007, &["number.+1"]));
}

/// What is said of a replacement, and whether a document that says it otherwise is used.
#[test]
fn a_document_says_which_of_the_two_is_first() {
    let observed = live([inbound("A", 1), inbound("B", 2), number("+1").id(11).on("B")]);
    let plan = plan_vital(
        &file([trunk("A").text("direction", "outbound"), trunk("B"), number("+1").on("A")]),
        observed,
    );
    let line = Document::from(&plan).to_line();
    let json: Json = serde_json::from_str(&line).unwrap();
    let said = |at: usize| {
        let change = &json["resource_changes"][at];
        (change["trunkform_address"].as_str().unwrap(), change["change"]["actions"].clone())
    };
    assert_eq!(said(0), ("fake.trunk.A", json!(["create", "delete"])));
    assert_eq!(said(1), ("fake.number.+1", json!(["delete", "create"])));
    let reopened = |text: &str| Document::parse(text).unwrap().plan(&|_| Some(&VITAL));
    assert_eq!(Document::from(&reopened(&line).unwrap()).to_line(), line);
    assert_eq!((json["trunkform"]["summary"]["replace"].clone(), plan.summary.removals), (json!(2), 1));
    let other_way = line.replace(r#"["delete","create"]"#, r#"["create","delete"]"#);
    assert!(reopened(&other_way).unwrap_err().contains("has the actions"));
    let uncounted = line.replacen(r#""removals":1"#, r#""removals":0"#, 2);
    assert!(reopened(&uncounted).unwrap_err().contains("counts 0 removals"), "the trunk is one");
    let text = human::plan(&plan);
    for said in [
        "± replace\u{1b}[0m fake.trunk.A",
        "the new one is made first",
        "± replace\u{1b}[0m fake.number.+1",
        "the old one goes first",
    ] {
        assert!(text.contains(said), "{said}: {text}");
    }
}

#[test]
fn a_document_counts_a_number_that_is_made_anew_without_its_agent() {
    let sales = number("+1").id(11).on("A").set("agent", Value::Ref(address("agent.Sales")));
    let config = file([number("+1").on("B").set("agent", Value::Null)]);
    let plan = plan_vital(&config, live([inbound("A", 1), inbound("B", 2), sales]));
    let line = Document::from(&plan).to_line();
    let reopened = |text: &str| Document::parse(text).unwrap().plan(&|_| Some(&VITAL)).map(|_| ());
    assert_eq!((plan.summary.removals, reopened(&line)), (1, Ok(())));
    assert!(reopened(&line.replace(r#""removals":1"#, r#""removals":0"#)).is_err());
}

/// A world as such a platform can be: every number is on a trunk. Many trunks are to be made anew, and most of their numbers are listed.
fn housed((mut spec, anew, listed): (Spec, u8, u8)) -> Spec {
    for (&name, &(inbound, port)) in spec.live_trunks.iter().filter(|(name, _)| anew >> *name & 1 == 1) {
        spec.trunks.insert(name, ((!inbound, port), None));
    }
    for (at, &name) in spec.live_numbers.keys().enumerate().filter(|(_, name)| listed >> *name & 1 == 1) {
        spec.numbers.entry(name).or_default().0.get_or_insert(Some(at));
    }
    let homeless = spec.live_trunks.is_empty();
    spec.live_numbers.retain(|_, _| !homeless);
    for (at, number) in &mut spec.live_numbers {
        (number.0, number.2) = (Some(Some(number.0.flatten().unwrap_or(*at))), None);
    }
    for number in spec.numbers.values_mut() {
        (number.0, number.2) = (number.0.filter(Option::is_some), None);
    }
    if spec.trunks.is_empty() {
        spec.numbers.values_mut().for_each(|number| number.0 = None);
    }
    spec
}

fn platform(observed: &State) -> Platform {
    let mut platform = Platform::of(observed);
    platform.vital = true;
    platform
}

fn all(platform: &Platform) -> BTreeSet<String> {
    platform.numbers.values().map(|fields| fields["number"].as_str().unwrap().to_owned()).collect()
}

/// Every number that was live and is not deleted on purpose is still there, under whatever id.
fn kept(config: &AccountConfig, before: &Platform, after: &Platform) -> Result<(), String> {
    let listed = |number: &str| config.desired.get(&address(&format!("number.{number}"))).is_some();
    let given_up = |number: &&String| config.unlisted.numbers == UnlistedNumbers::Delete && !listed(number);
    let (before, after) = (all(before), all(after));
    let lost: Vec<_> = before.difference(&after).filter(|number| !given_up(number)).collect();
    if lost.is_empty() { Ok(()) } else { Err(format!("{lost:?} are lost")) }
}

fn converged(config: &AccountConfig, platform: &Platform) -> Result<(), String> {
    let live = platform.observe();
    is_as_declared(config, &live)?;
    let (_, again) = compare_vital(config, live);
    if again.is_empty() { Ok(()) } else { Err(format!("the next plan is not empty: {again:#?}")) }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: Some(Box::new(FileFailurePersistence::WithSource("seeds"))), ..ProptestConfig::with_cases(128) })]

    #[test]
    fn no_number_is_lost_where_a_move_is_a_gap(spec in (specs(), any::<u8>(), any::<u8>()).prop_map(housed), seed: u64, cuts in [0usize..8, 0usize..8]) {
        let (config, observed) = (spec.config(), spec.observed());
        let start = platform(&observed);
        let mut now = start.clone();
        for (run, (cut, seed)) in cuts.into_iter().chain([usize::MAX]).zip(seed..=u64::MAX).enumerate() {
            let plan = plan_vital(&config, now.observe());
            if run == 0 {
                prop_assume!(!plan.errored());
            }
            prop_assert!(!plan.errored(), "run {}: {:?} {:?}", run, plan.diagnostics, plan.refusals);
            check(now.run(&plan, (seed, cut), |_| Ok(())))?;
        }
        check(converged(&config, &now))?;
        check(kept(&config, &start, &now))?;
    }
}
