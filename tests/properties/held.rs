//! A saved plan of which a part is held: what is left is a plan of its own, and what is held is as it was.
//! In: cases, and which of the things that the plan touches has moved. Out: nothing, or which law was broken.
//! The thing has not really moved: whether the rest may be sent must not depend on it.

use proptest::prelude::*;
use proptest::sample::Index;
use trunkform::engine::{BlockedSteps, PlanOutcome};
use trunkform::model::{Address, KindName, Plan, Report};

use crate::estate::Estate;
use crate::laws::{is_as_the_files_say, is_in_sync, judged, remade};
use crate::worlds::mixed::one_of_each;
use crate::worlds::seen::{Seen, Thing};
use crate::worlds::{Case, bolna_case, case, talkover_case};
use crate::{cases, moments};

type Checked = Result<(), TestCaseError>;

proptest! {
    #![proptest_config(cases(48))]

    #[test]
    fn of_kalem(case in case(), moved in any::<Index>(), workers in 1..4_usize) {
        the_rest_is_a_plan(&[case], moved, workers)?;
    }

    #[test]
    fn of_bolna(case in bolna_case(), moved in any::<Index>(), workers in 1..4_usize) {
        the_rest_is_a_plan(&[case], moved, workers)?;
    }

    #[test]
    fn of_talkover(case in talkover_case(), moved in any::<Index>(), workers in 1..4_usize) {
        the_rest_is_a_plan(&[case], moved, workers)?;
    }
}

proptest! {
    #![proptest_config(cases(12))]

    #[test]
    fn of_three_platforms(cases in one_of_each(), moved in any::<Index>(), workers in 1..4_usize) {
        the_rest_is_a_plan(&cases, moved, workers)?;
    }
}

fn the_rest_is_a_plan(cases: &[Case], moved: Index, workers: usize) -> Checked {
    let estate = Estate::with(&judged(cases)?, &[]);
    let (snapshot, before) = (estate.live.sandbox.snapshot(), estate.seen());
    let plan = estate.plan().map_err(TestCaseError::fail)?;
    let touched: Vec<_> = plan.accounts.iter().flat_map(|account| &account.fingerprints).collect();
    if touched.is_empty() {
        return Ok(());
    }
    let (address, _) = *moved.get(&touched);
    let PlanOutcome { plan: rest, blocked: held, .. } = rechecked(&estate, &plan, address)?;
    prop_assert!(!held.is_empty(), "{address} is touched, and nothing is held");
    let report = estate.apply(&rest, workers);
    let told = |why: TestCaseError| {
        let steps = plan.steps.iter().map(|step| {
            format!("{} {} {} {}", step.id, step.verb, step.address, held.contains_key(&step.id))
        });
        let steps: Vec<_> = steps.collect();
        TestCaseError::fail(format!(
            "{why}\n{address} {steps:#?}\n{}\n{:#?}",
            estate.live.writes(),
            estate.cases
        ))
    };
    is_done(&estate, &report).map_err(told)?;
    for ((case, moments), account) in estate.cases.iter().zip(&estate.moments(&snapshot)).zip(&before) {
        moments::no_number_vanishes(case, moments, &plan).map_err(told)?;
        moments::no_cascade(moments).map_err(told)?;
        let after = &moments[moments.len() - 1];
        what_is_held_is_as_it_was(case, (&plan, &held), (account, after)).map_err(told)?;
    }
    moments::few_are_down(&estate.moments(&snapshot), workers).map_err(told)?;
    let again = estate.plan().map_err(TestCaseError::fail)?;
    let report = estate.apply(&again, workers);
    is_done(&estate, &report).map_err(told)?;
    is_as_the_files_say(&estate, &before, (&[], &remade(&plan))).map_err(told)?;
    is_in_sync(&estate)
}

/// The plan as `apply --plan --partial` sends it after a change of one thing, and the steps that this blocks: all of them where no other is left.
fn rechecked(estate: &Estate, plan: &Plan, address: &Address) -> Result<PlanOutcome, TestCaseError> {
    let mut saved = plan.clone();
    let prints = saved.accounts.iter_mut().flat_map(|account| &mut account.fingerprints);
    prints.filter(|(touched, _)| touched == address).for_each(|(_, print)| *print = "sha256:0".into());
    let mut outcome = estate.rechecked(saved);
    prop_assert!(!outcome.plan.has_errors(), "{:?}", outcome.plan.errors);
    if !outcome.plan.refusals.is_empty() {
        prop_assert_eq!(outcome.plan.refusals.len(), 1, "{:?}", outcome.plan.refusals);
        outcome.plan.refusals.clear();
        outcome.blocked = plan.steps.iter().map(|step| (step.id, String::new())).collect();
    }
    outcome.plan.steps.retain(|step| !outcome.blocked.contains_key(&step.id));
    Ok(outcome)
}

fn is_done(estate: &Estate, report: &Report) -> Checked {
    prop_assert!(report.converged(), "{report:#?}");
    prop_assert_eq!(estate.live.refused(), Vec::<String>::new());
    Ok(())
}

/// A change is held as a whole: the row is the same, and so is whoever answers the number.
fn what_is_held_is_as_it_was(
    case: &Case,
    (plan, held): (&Plan, &BlockedSteps),
    (before, after): (&Seen, &Seen),
) -> Checked {
    let is_held = |address: &Address| {
        plan.steps.iter().any(|step| step.address == *address && held.contains_key(&step.id))
    };
    for step in &plan.steps {
        let whole = held.contains_key(&step.id) == is_held(&step.address);
        prop_assert!(whole, "{} is held in part", step.address);
        let waits = step.waits_on.iter().any(|wait| held.contains_key(wait));
        prop_assert!(!waits || held.contains_key(&step.id), "{} waits for what is held", step.id);
    }
    let own = plan.changes.iter().filter(|change| change.address.account.as_str() == case.account);
    for change in own.filter(|change| is_held(&change.address)) {
        let name = &*change.live_address().name;
        let find = |seen: &Seen| -> Option<Thing> {
            let is_trunk = change.address.kind == KindName::Trunk;
            if is_trunk { seen.trunk(name) } else { seen.number(name) }.cloned()
        };
        let said = |seen: &Seen| find(seen).map(|thing| (thing.row, thing.says.get("agent").cloned()));
        prop_assert_eq!(said(before), said(after), "{} is held", change.address);
    }
    let lost = before.numbers.iter().filter(|number| after.number(&number.name).is_none());
    let goes = |number: &&Thing| {
        plan.changes.iter().any(|change| *change.address.name == *number.name && change.after.is_none())
    };
    let lost: Vec<_> = lost.filter(|number| !goes(number)).collect();
    prop_assert!(lost.is_empty(), "lost: {lost:?}");
    Ok(())
}
