//! The laws of the design, over random Kalem accounts and random files, through real HTTP against the sandbox.
//! The sandbox was written from the platform's documents by another hand than the provider, so the two check each other.
//! `PROPTEST_CASES=2000 cargo test --release --test properties` is the long version.

#![allow(clippy::unwrap_used, reason = "a test stops where it can't go on")]

#[path = "support/estate.rs"]
mod estate;
mod support;
#[path = "support/worlds.rs"]
mod worlds;

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use proptest::test_runner::Config;
use serde_json::Value as Json;
use trunkform::model::{Action, KindName, Outcome, Plan, Sources};
use trunkform::render::document::Document;
use trunkform::{diff, render};

use estate::Estate;
use worlds::{Case, case};

fn cases(default: u32) -> Config {
    let wanted = std::env::var("PROPTEST_CASES").ok().and_then(|n| n.parse().ok());
    Config { cases: wanted.unwrap_or(default), failure_persistence: None, ..Config::default() }
}

fn text<'a>(row: &'a Json, key: &str) -> &'a str {
    row[key].as_str().unwrap_or_default()
}

/// The numbers of the account that the plan does not delete.
fn kept_numbers(case: &Case, plan: &Plan) -> BTreeSet<String> {
    let deleted: BTreeSet<&str> = plan
        .changes
        .iter()
        .filter(|c| c.action == Action::Delete && c.address.kind == KindName::Number)
        .map(|c| &*c.address.name)
        .collect();
    let live = case.live["kalem"]["numbers"].as_array().unwrap();
    live.iter().map(|n| text(n, "number")).filter(|n| !deleted.contains(n)).map(str::to_owned).collect()
}

/// No number is lost and nothing is there twice.
fn nothing_lost_nothing_twice(estate: &Estate, kept: &BTreeSet<String>) -> Result<(), TestCaseError> {
    let numbers = estate.live.kalem("numbers");
    let distinct: BTreeSet<String> = numbers.iter().map(|n| text(n, "number").to_owned()).collect();
    prop_assert_eq!(distinct.len(), numbers.len(), "a number is there twice");
    prop_assert!(kept.is_subset(&distinct), "lost: {:?}", kept.difference(&distinct).collect::<Vec<_>>());
    let trunks = estate.live.kalem("trunks");
    let names: BTreeSet<&str> = trunks.iter().map(|t| text(t, "name")).collect();
    prop_assert_eq!(names.len(), trunks.len(), "a trunk is there twice: {:?}", names);
    Ok(())
}

/// Whether some request took the trunk from a number that has one before and after.
fn left_without_a_trunk(estate: &Estate, before: &Json) -> Vec<String> {
    let trunk_of = |numbers: &[Json]| -> BTreeMap<String, Json> {
        numbers.iter().map(|n| (n["id"].to_string(), n["trunk_id"].clone())).collect()
    };
    let (before, after) =
        (trunk_of(before["kalem"]["numbers"].as_array().unwrap()), trunk_of(&estate.live.kalem("numbers")));
    let always = |id: &str| {
        before.get(id).is_some_and(|t| !t.is_null()) && after.get(id).is_some_and(|t| !t.is_null())
    };
    let requests = estate.live.sandbox.requests();
    let puts = requests.iter().filter(|r| r.method == "PUT" && r.path.contains("/numbers/"));
    let nulled =
        puts.filter(|r| r.body.as_ref().is_some_and(|b| b.get("trunk_id").is_some_and(Json::is_null)));
    nulled.filter_map(|r| r.path.rsplit('/').next()).filter(|id| always(id)).map(str::to_owned).collect()
}

/// The same plan with its steps in another order that the waits allow; `pick` says which free step comes next.
fn reordered(plan: &Plan, pick: &[prop::sample::Index]) -> Plan {
    let mut order: Vec<u32> = Vec::new();
    while order.len() < plan.steps.len() {
        let free: Vec<u32> = plan
            .steps
            .iter()
            .filter(|s| !order.contains(&s.id) && s.waits_on.iter().all(|w| order.contains(w)))
            .map(|s| s.id)
            .collect();
        order.push(free[pick[order.len() % pick.len()].index(free.len())]);
    }
    let new_id = |old: u32| order.iter().position(|id| *id == old).unwrap() as u32 + 1;
    let mut plan = plan.clone();
    for step in &mut plan.steps {
        step.id = new_id(step.id);
        step.waits_on = step.waits_on.iter().map(|w| new_id(*w)).collect();
    }
    plan.steps.sort_by_key(|step| step.id);
    plan
}

proptest! {
    #![proptest_config(cases(48))]

    /// Laws 1, 3, 4, 6 and 7, and no number without a trunk in between.
    #[test]
    fn apply_then_plan_again_is_empty(case in case()) {
        let estate = Estate::of(&case);
        let plan = estate.plan().unwrap();
        for step in &plan.steps {
            prop_assert!(step.waits_on.iter().all(|w| *w < step.id), "a step waits on a later one");
        }
        let texts = [&plan, &plan.clone()].map(|plan| (render::human::plan(plan), Document::new(plan, &Sources::default()).to_line()));
        prop_assert_eq!(&texts[0], &texts[1]);
        let report = estate.apply(&plan, 8);
        prop_assert!(report.converged(), "{:?}\n{}", report, case.file);
        prop_assert_eq!(estate.live.refused(), Vec::<String>::new());
        prop_assert_eq!(left_without_a_trunk(&estate, &case.live), Vec::<String>::new());
        nothing_lost_nothing_twice(&estate, &kept_numbers(&case, &plan))?;

        let world = estate.world().unwrap();
        prop_assert!(diff::diff(&world, &[]).is_empty(), "{:?}\n{}", diff::diff(&world, &[]), case.file);
        let again = estate.plan().unwrap();
        prop_assert!(again.is_empty() && again.changes.is_empty(), "{:?}\n{}", again.changes, case.file);
    }

    /// Law 6 in every order that the waits allow.
    #[test]
    fn no_order_that_the_waits_allow_meets_a_refusal(case in case(), pick in prop::collection::vec(any::<prop::sample::Index>(), 16)) {
        let estate = Estate::of(&case);
        let plan = reordered(&estate.plan().unwrap(), &pick);
        let report = estate.apply(&plan, 1);
        prop_assert!(report.converged(), "{:?}\n{}", report, case.file);
        prop_assert_eq!(estate.live.refused(), Vec::<String>::new());
        prop_assert_eq!(left_without_a_trunk(&estate, &case.live), Vec::<String>::new());
        prop_assert!(estate.plan().unwrap().is_empty());
    }
}

/// The faults of law 5: each hits one request of a run, by a client that tries again where it may, and by one that never does.
const FAULTS: [&str; 4] = ["status=503", "reset-before", "reset-after", "truncate"];

proptest! {
    #![proptest_config(cases(6))]

    /// Law 5: fail or cut off any single request, run again: converged, no number lost, nothing created twice.
    #[test]
    fn any_single_fault_heals_when_run_again(case in case()) {
        let undisturbed = Estate::of(&case);
        let plan = undisturbed.plan().unwrap();
        let kept = kept_numbers(&case, &plan);
        undisturbed.apply(&plan, 1);
        let requests = undisturbed.live.sandbox.requests().len();
        let runs = FAULTS.iter().flat_map(|fault| [1, 4].map(|tries| (fault, tries)));
        for (fault, tries) in runs {
            for at in 0..requests {
                let estate = Estate { tries, ..Estate::of(&case) };
                estate.live.fault(&[&format!("{fault},request={at}")]);
                let first = estate.run();
                estate.live.fault(&[]);
                nothing_lost_nothing_twice(&estate, &kept)?;
                let second = estate.run().expect("an undisturbed run reads everything");
                prop_assert!(second.converged(), "{fault} at {at}, first {first:?}, then {second:?}\n{}", case.file);
                prop_assert!(estate.plan().unwrap().is_empty(), "{fault} at {at}: not converged\n{}", case.file);
                nothing_lost_nothing_twice(&estate, &kept)?;
            }
        }
    }
}

#[test]
fn the_faults_do_disturb() {
    let case = Case {
        live: serde_json::json!({"kalem": {"agents": [], "trunks": [], "numbers": []}}),
        file: "provider: kalem\ntrunks:\n  - name: A\n    direction: inbound\n    auth_type: ip\n    host: a.example.com\n".into(),
    };
    let outcome = |fault: &str| {
        let estate = Estate::of(&case);
        estate.live.fault(&[fault]);
        let report = estate.run().unwrap();
        (report.steps[0].outcome, estate.live.kalem("trunks").len())
    };
    assert_eq!(outcome("reset-before,method=POST"), (Outcome::Uncertain, 0));
    assert_eq!(outcome("reset-after,method=POST"), (Outcome::Uncertain, 1));
    assert_eq!(outcome("status=503,method=POST"), (Outcome::Uncertain, 0));
    assert_eq!(outcome("truncate,method=POST"), (Outcome::Uncertain, 1));
}
