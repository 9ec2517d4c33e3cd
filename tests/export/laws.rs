//! Export, then plan: nothing to do. Export again: not a byte differs. Made anew in an empty account: the same file.

use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::test_runner::{Config, FileFailurePersistence};
use serde_json::{Value as Json, json};
use trunkform::export::{self, Beside, Inherited};
use trunkform::model::Resource;

use crate::TODAY;
use crate::account::{Read, checked, file, left_out, validates};
use crate::estate::Estate;
use crate::hostile::{Spice, spiced};
use crate::worlds::{Case, Platform, bolna_case, case, talkover_case};

pub fn cases(default: u32) -> Config {
    let wanted = std::env::var("PROPTEST_CASES").ok().and_then(|n| n.parse().ok());
    Config {
        cases: wanted.unwrap_or(default),
        failure_persistence: Some(Box::new(FileFailurePersistence::WithSource("seeds"))),
        max_shrink_time: 20_000,
        ..Config::default()
    }
}

pub fn any_case() -> impl Strategy<Value = Case> {
    prop_oneof![case(), bolna_case(), talkover_case()]
}

pub fn spices() -> impl Strategy<Value = Vec<Spice>> {
    prop::collection::vec(any::<Spice>(), 0..6)
}

/// What is exported says all that is live, and nothing else.
fn says_what_is_live(case: &Case) -> Result<String, TestCaseError> {
    let estate = Estate::of(case);
    let read = Read::of(&estate, case);
    let exported = read.exported();
    let files = [file("exported.yaml", &exported.text)];
    checked(&files);
    let plan = read.plan(&files);
    let text = &exported.text;
    prop_assert!(plan.steps.is_empty() && plan.changes.is_empty(), "{:#?}\n{text}", plan.changes);
    prop_assert!(!plan.has_errors() && plan.refusals.is_empty(), "{:#?}\n{text}", plan.diagnostics);
    let (world, _) = read.compared(&files);
    let unlisted: BTreeSet<_> = world.unlisted.iter().map(ToString::to_string).collect();
    prop_assert_eq!(&unlisted, &left_out(&exported), "{}", text);
    let declared = world.desired.resources.values().filter(|one| one.origin.is_some()).count();
    prop_assert_eq!(declared, exported.declared.len());
    prop_assert_eq!(Read::of(&estate, case).exported().text, text.as_str());
    prop_assert_eq!(estate.live.writes(), "");
    Ok(exported.text)
}

/// The files and the addition list all that is live, but what was left out; nothing else differs than before.
fn adds_what_is_unlisted(case: &Case) -> Result<(), TestCaseError> {
    let estate = Estate::of(case);
    let mut files = vec![file("account.yaml", &case.file_text())];
    let read = Read::of(&estate, case);
    let (world, changes) = read.compared(&files);
    prop_assume!(validates(&files) && !world.diagnostics.iter().any(|found| found.is_error()));
    // The command asks to have what was interrupted finished first.
    prop_assume!(!world.observed.resources.values().any(Resource::is_leftover));
    let unlisted: Vec<Resource> =
        world.unlisted.iter().filter_map(|address| world.observed.get(address)).cloned().collect();
    let (inherited, variables) = (&Inherited::default(), &BTreeSet::new());
    let policy = TODAY.into();
    let beside =
        Beside { files: &files, tables: &|_, _| Err(Vec::new()), inherited, variables, policy: &policy };
    let exported = export::addition(read.live(), &unlisted, beside).unwrap();
    files.push(file("added.yaml", &exported.text));
    checked(&files);
    let (after, differing) = read.compared(&files);
    let left: BTreeSet<_> = after.unlisted.iter().map(ToString::to_string).collect();
    prop_assert_eq!(&left, &left_out(&exported), "{}", exported.text);
    let names = |changes: &[trunkform::model::Change]| -> Vec<String> {
        changes.iter().map(|change| format!("{:?} {}", change.action, change.address)).collect()
    };
    prop_assert_eq!(names(&differing), names(&changes), "{}", exported.text);
    Ok(())
}

/// The same account with agents and nothing else.
fn emptied(case: &Case) -> Case {
    let mut agents = case.live["agents"].clone();
    for agent in agents.as_array_mut().unwrap() {
        let held = agent.get_mut("phone_number_ids").and_then(Json::as_array_mut);
        held.into_iter()
            .for_each(|held| held.retain(|id| id.as_str().is_some_and(|id| id.starts_with("r-"))));
    }
    let mut live = json!({"agents": agents, "trunks": []});
    match case.platform {
        Platform::Kalem => live["numbers"] = json!([]),
        Platform::Bolna | Platform::Talkover => live["phone_numbers"] = case.live["phone_numbers"].clone(),
    }
    Case { live, ..case.clone() }
}

/// A text without what is another in each account.
fn without_ids(text: &str) -> String {
    text.lines().filter(|line| !line.trim_start().starts_with("# id ")).collect::<Vec<_>>().join("\n")
}

fn is_the_same_when_made_anew(case: &Case) -> Result<(), TestCaseError> {
    let text = Read::of(&Estate::of(case), case).exported().text;
    // What the file does not say is made as the platform likes it.
    prop_assume!(!text.contains("# left out"));
    let empty = emptied(case);
    let estate = Estate::of(&empty);
    let secret = |line: &str| match line.split_once("{env: ") {
        Some((before, _)) => format!("{before}{{env: MAIN_TRUNK_PASSWORD}}"),
        None => line.to_owned(),
    };
    let file: Vec<_> = text.lines().map(secret).collect();
    std::fs::write(estate.folder.path().join(format!("{}.yaml", case.account)), file.join("\n")).unwrap();
    let report = estate.run().expect("the plan can be made");
    prop_assert!(report.converged(), "{report:#?}\n{text}");
    let again = Read::of(&estate, &empty).exported().text;
    prop_assert_eq!(without_ids(&again), without_ids(&text));
    Ok(())
}

/// What looks as if a replacement had left it is taken away where the trunk that it is named after is declared: so neither is, or both as they are.
#[test]
fn what_a_replacement_left_is_not_taken_away() {
    let trunk = |id: u32, name: &str| json!({"id": id, "name": name, "direction": "inbound", "auth_type": "ip", "host": "pbx.example.com", "port": 5060});
    let left = "Beta trunk [trunkform replacement]";
    let number = |id: u32| json!({"id": id, "number": format!("+141555526{id}"), "trunk_id": id - 70, "status": "active"});
    for names in [vec!["Beta trunk", left], vec!["Beta trunk", left, left], vec![left, left]] {
        let trunks: Vec<_> = names.iter().zip(1..).map(|(name, id)| trunk(id, name)).collect();
        let numbers: Vec<_> = (1..=trunks.len() as u32).map(|id| number(70 + id)).collect();
        let live = json!({"agents": [], "trunks": trunks, "numbers": numbers});
        for unlisted in ["keep", "delete"] {
            let file = json!({"provider": "kalem", "unlisted": unlisted});
            let case = Case::new(Platform::Kalem, live.clone(), file);
            says_what_is_live(&case).unwrap();
            adds_what_is_unlisted(&case).unwrap();
        }
    }
}

proptest! {
    #![proptest_config(cases(60))]

    #[test]
    fn the_next_plan_is_empty_and_the_next_export_the_same(case in any_case(), spices in spices()) {
        says_what_is_live(&spiced(case, &spices))?;
    }

    #[test]
    fn an_addition_lists_the_rest(case in any_case(), spices in spices()) {
        adds_what_is_unlisted(&spiced(case, &spices))?;
    }
}

proptest! {
    #![proptest_config(cases(30))]

    #[test]
    fn made_anew_it_is_the_same(case in any_case()) {
        is_the_same_when_made_anew(&case)?;
    }

    #[test]
    fn after_a_run_it_still_changes_nothing(case in any_case()) {
        let estate = Estate::of(&case);
        if let Ok(plan) = estate.judged() && plan.refusals.is_empty() {
            prop_assert!(estate.apply(&plan, 4).converged());
        }
        let read = Read::of(&estate, &case);
        let exported = read.exported();
        let plan = read.plan(&[file("exported.yaml", &exported.text)]);
        prop_assert!(plan.steps.is_empty() && plan.changes.is_empty(), "{:#?}\n{}", plan.changes, exported.text);
    }
}
