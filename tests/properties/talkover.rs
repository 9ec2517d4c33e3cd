//! The laws over Talkover accounts: trunks that are verified before they are active, numbers that agents hold.

use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::Value as Json;
use trunkform::model::{Outcome, Plan, Report, Request, Step};

use crate::estate::Estate;
use crate::laws::{heals, is_as_the_files_say, is_in_sync, judged, remade, settles, settles_in_any_order};
use crate::worlds::{Case, talkover_case};
use crate::{cases, with_each_switch};

proptest! {
    #![proptest_config(cases(32))]

    #[test]
    fn apply_then_plan_again_is_empty(case in talkover_case(), workers in 1..4_usize) {
        settles(&[case], &[], workers)?;
    }

    #[test]
    fn no_order_that_the_waits_allow_meets_a_refusal(case in talkover_case(), pick in prop::collection::vec(any::<Index>(), 16)) {
        settles_in_any_order(&[case], &[], &pick)?;
    }
}

proptest! {
    #![proptest_config(cases(10))]

    #[test]
    fn any_single_fault_heals_when_run_again(case in talkover_case(), first in 0..8_usize) {
        heals(&[case], &[], (first, 1))?;
    }

    #[test]
    fn a_failed_verification_stops_only_what_depends_on_it(case in talkover_case(), workers in 1..4_usize) {
        stops_only_what_depends(&case, "verify-fails", workers)?;
    }

    #[test]
    fn a_verification_that_fails_with_422_is_the_same(case in talkover_case(), workers in 1..4_usize) {
        stops_only_what_depends(&case, "verify-fails-422", workers)?;
    }
}

/// The run tells what was not done, does all the rest, and a run after the carrier is well again ends as usual.
fn stops_only_what_depends(case: &Case, switch: &'static str, workers: usize) -> Result<(), TestCaseError> {
    let mut estate = Estate::with(&judged(std::slice::from_ref(case))?, &[switch]);
    let before = estate.seen();
    let plan = estate.plan().map_err(TestCaseError::fail)?;
    let verifies = plan.steps.iter().any(|step| step.request.path.ends_with("/verify"));
    let report = estate.apply(&plan, workers);
    prop_assert_eq!(report.converged(), !verifies, "{:#?}\n{:?}", report, case);
    only_what_waits_is_skipped(&plan, &report)?;
    for (before, after) in before.iter().zip(estate.seen()) {
        for number in &before.numbers {
            let goes = plan.changes.iter().any(|change| *change.address.name == *number.name);
            prop_assert!(goes || after.number(&number.name).is_some(), "{} was lost", number.name);
        }
    }
    estate.switch_off();
    // A trunk that the file does not want active stays off.
    let again = estate.plan().map_err(TestCaseError::fail)?;
    let report = estate.apply(&again, workers);
    prop_assert!(report.converged(), "{report:#?}\n{case:?}");
    is_as_the_files_say(&estate, &before, (&[], &remade(&plan)))?;
    is_in_sync(&estate)
}

fn only_what_waits_is_skipped(plan: &Plan, report: &Report) -> Result<(), TestCaseError> {
    let mut stopped = BTreeSet::new();
    for (step, ended) in plan.steps.iter().zip(&report.steps) {
        let is_verification = step.request.path.ends_with("/verify");
        // A whole set is written without what was not made.
        let lists = |made: &Step| {
            let body = step.request.body.as_ref().map(Json::to_string).unwrap_or_default();
            step.expect.partial && body.contains(&Request::placeholder(&made.address))
        };
        let needs = |wait: &&u32| plan.steps.iter().any(|made| made.id == **wait && !lists(made));
        // But not without a number that is still there, because it never began to move.
        let stays = |made: &Step| {
            let first = plan.steps.iter().find(|first| first.address == made.address);
            lists(made) && first.is_some_and(|first| first.id < made.id && stopped.contains(&first.id))
        };
        let waits = step.waits_on.iter().filter(needs).any(|wait| stopped.contains(wait))
            || plan.steps.iter().any(|made| stopped.contains(&made.id) && stays(made));
        let expected = match (is_verification, waits) {
            (_, true) => Outcome::Skipped,
            (true, false) => Outcome::Failed,
            (false, false) => Outcome::Done,
        };
        prop_assert_eq!(ended.outcome, expected, "step {} of {:#?}", step.id, report);
        if expected == Outcome::Failed {
            let error = ended.error.as_deref().unwrap_or_default();
            prop_assert!(
                error.contains("Authentication failed (401)"),
                "the carrier's words are lost: {error}"
            );
        }
        if expected != Outcome::Done {
            stopped.insert(step.id);
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(cases(1))]

    #[test]
    fn a_limit_that_only_the_reset_tells_of(case in talkover_case()) {
        settles(&[case], &["rate-limit=20/1s", "limit-in-reset"], 3)?;
    }

    #[test]
    fn a_limit_that_only_the_body_tells_of(case in talkover_case()) {
        settles(&[case], &["rate-limit=20/1s", "limit-in-body"], 3)?;
    }
}

with_each_switch! { talkover_case(), 5;
    reset_keeps_active: ["reset-keeps-active"];
    reset_wide: ["reset-wide"];
    reset_wide_keeps_active: ["reset-wide", "reset-keeps-active"];
    unpaged_numbers: ["unpaged-numbers"];
    created_200: ["created-200"];
}
