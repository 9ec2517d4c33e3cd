//! The laws of the design, each over any accounts on platforms that behave in any way.
//! In: cases, switches and faults. Out: nothing, or which law was broken.

use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::Value as Json;
use trunkform::model::{Action, KindName, Plan, Report, Sources};
use trunkform::render;
use trunkform::render::document::Document;

use crate::estate::Estate;
use crate::expected::Expected;
use crate::worlds::Case;
use crate::worlds::seen::Seen;
use crate::{moments, outcome};

type Checked = Result<(), TestCaseError>;

/// Judges the plans of the cases as they are; gives back cases in which nothing is refused: where a plan is rightly refused, the file as the refusal asks for.
pub fn judged(cases: &[Case]) -> Result<Vec<Case>, TestCaseError> {
    let estate = Estate::with(cases, &[]);
    let seen = estate.seen();
    let plan = estate.judged().map_err(TestCaseError::fail)?;
    let mut kept = Vec::new();
    for (case, before) in cases.iter().zip(&seen) {
        let wanted = Expected::new(case, before).refusals();
        let own =
            plan.refusals.iter().filter(|r| r.addresses.iter().all(|a| a.account.as_str() == case.account));
        let refused: BTreeSet<_> = own
            .map(|refusal| {
                (refusal.code.as_str(), refusal.addresses.iter().map(ToString::to_string).collect())
            })
            .collect();
        prop_assert_eq!(&refused, &wanted, "refused is not what must be: {:#?}", case);
        let sends = plan.steps.iter().any(|step| step.address.account.as_str() == case.account);
        prop_assert!(wanted.is_empty() || !sends, "a refused plan has steps: {case:#?}");
        kept.push(Expected::new(case, before).mended());
    }
    if !plan.refusals.is_empty() {
        prop_assert_eq!(estate.live.writes(), "");
    }
    Ok(kept)
}

/// What a platform that behaves in these ways may answer without being wrong.
fn refused(estate: &Estate, switches: &[&str]) -> Vec<String> {
    let is_expected = |line: &String| {
        let stuck = switches.iter().any(|switch| switch.starts_with("number-stuck"));
        let limited = switches.iter().any(|switch| switch.starts_with("rate-limit"));
        (stuck && line.starts_with("DELETE") && line.ends_with("Some(500)"))
            || (limited && line.ends_with("Some(429)"))
    };
    estate.live.refused().into_iter().filter(|line| !is_expected(line)).collect()
}

/// Law 3, and law 7.
fn is_orderly(plan: &Plan) -> Checked {
    for (at, step) in plan.steps.iter().enumerate() {
        prop_assert_eq!(step.id as usize, at + 1);
        prop_assert!(step.waits_on.iter().all(|wait| *wait < step.id), "a step waits on a later one");
    }
    let texts = |plan: &Plan| [render::human::plan(plan), render::graph::dot(plan), line(plan)];
    prop_assert_eq!(texts(plan), texts(&plan.clone()));
    Ok(())
}

fn line(plan: &Plan) -> String {
    Document::new(plan, &Sources::default()).to_line()
}

/// Law 8: all that a run says, writes down and leaves behind.
fn says_no_secret(estate: &Estate, plan: &Plan, report: &Report) -> Checked {
    let texts = [
        render::human::plan(plan),
        render::graph::mermaid(plan),
        line(plan),
        render::report::human(plan, report),
        render::report::json(plan, report),
        format!("{plan:?} {report:?}"),
        estate.journalled(),
        estate.live.writes(),
        estate.live.sandbox.snapshot().to_string(),
    ];
    moments::is_silent(&texts)
}

/// Law 1, and the second half of law 4.
pub fn is_in_sync(estate: &Estate) -> Checked {
    let again = estate.plan().map_err(TestCaseError::fail)?;
    prop_assert!(again.is_empty() && again.changes.is_empty(), "{:#?}\n{:#?}", again.changes, estate.cases);
    Ok(())
}

/// The accounts are as their files say.
pub fn is_as_the_files_say(estate: &Estate, before: &[Seen], leeway: (&[&str], &[String])) -> Checked {
    for ((case, before), after) in estate.cases.iter().zip(before).zip(&estate.seen()) {
        let checked = outcome::is_as_the_file_says(&Expected::new(case, before), after, leeway);
        checked.map_err(|why| TestCaseError::fail(format!("{why}\n{case:#?}")))?;
    }
    Ok(())
}

/// Laws 1 to 4 and 6 to 8, and what must hold after every single request.
pub fn settles(cases: &[Case], switches: &[&'static str], workers: usize) -> Checked {
    let mut estate = Estate::with(&judged(cases)?, switches);
    estate.has_journal = true;
    let (snapshot, before) = (estate.live.sandbox.snapshot(), estate.seen());
    let plan = estate.plan().map_err(TestCaseError::fail)?;
    is_orderly(&plan)?;
    let report = estate.apply(&plan, workers);
    prop_assert!(report.converged(), "{report:#?}\n{:#?}", estate.cases);
    prop_assert_eq!(refused(&estate, switches), Vec::<String>::new(), "{:#?}", estate.cases);
    says_no_secret(&estate, &plan, &report)?;
    every_moment_is_right(&estate, &snapshot, (&plan, workers)).map_err(|why| {
        TestCaseError::fail(format!("{why}\n{}\n{:#?}", estate.live.writes(), estate.cases))
    })?;
    is_as_the_files_say(&estate, &before, (switches, &[]))?;
    for ((case, before), after) in estate.cases.iter().zip(&before).zip(&estate.seen()) {
        let checked = outcome::the_rest_is_untouched(&Expected::new(case, before), after, &plan);
        checked.map_err(|why| TestCaseError::fail(format!("{why}\n{case:#?}")))?;
    }
    is_in_sync(&estate)
}

fn every_moment_is_right(estate: &Estate, before: &Json, (plan, workers): (&Plan, usize)) -> Checked {
    let accounts = estate.moments(before);
    for (case, moments) in estate.cases.iter().zip(&accounts) {
        moments::no_number_vanishes(case, moments, plan)?;
        moments::no_cascade(moments)?;
    }
    moments::few_are_down(&accounts, workers)
}

/// Law 6 in any order that the waits allow.
pub fn settles_in_any_order(cases: &[Case], switches: &[&'static str], pick: &[Index]) -> Checked {
    let estate = Estate::with(&judged(cases)?, switches);
    let (snapshot, before) = (estate.live.sandbox.snapshot(), estate.seen());
    let plan = reordered(&estate.plan().map_err(TestCaseError::fail)?, pick);
    let report = estate.apply(&plan, 1);
    prop_assert!(report.converged(), "{report:#?}\n{:#?}", estate.cases);
    prop_assert_eq!(refused(&estate, switches), Vec::<String>::new(), "{:#?}", estate.cases);
    for (case, moments) in estate.cases.iter().zip(&estate.moments(&snapshot)) {
        moments::no_number_vanishes(case, moments, &plan)?;
        moments::no_cascade(moments)?;
    }
    is_as_the_files_say(&estate, &before, (switches, &[]))?;
    is_in_sync(&estate)
}

/// The same plan with its steps in another order that the waits allow; `pick` says which free step comes next.
fn reordered(plan: &Plan, pick: &[Index]) -> Plan {
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

/// The faults of law 5, for a client that never tries again and for one that tries again where it may.
pub const FAULTS: [(&str, u32); 8] = [
    ("status=503", 1),
    ("reset-before", 1),
    ("reset-after", 1),
    ("truncate", 1),
    ("status=503", 4),
    ("reset-before", 4),
    ("reset-after", 4),
    ("truncate", 4),
];

/// What a run takes down to make it anew or to change it: a run that stops half way leaves of it what the file names, and of the rest nothing is known.
pub fn remade(plan: &Plan) -> Vec<String> {
    let down = |change: &&trunkform::model::PlannedChange| {
        change.action == Action::Replace || change.address.kind == KindName::Trunk
    };
    plan.changes.iter().filter(down).map(|change| change.address.name.to_string()).collect()
}

/// Law 5: each single request of a run goes wrong in one of the ways, from `first` on in turn; run again, at most `further` times.
pub fn heals(cases: &[Case], switches: &[&'static str], (first, further): (usize, usize)) -> Checked {
    let cases = judged(cases)?;
    let undisturbed = Estate::with(&cases, switches);
    let plan = undisturbed.plan().map_err(TestCaseError::fail)?;
    undisturbed.apply(&plan, 1);
    for at in 0..undisturbed.live.sandbox.requests().len() {
        let (fault, tries) = FAULTS[(first + at) % FAULTS.len()];
        let checked = heals_from(&cases, switches, (&format!("{fault},request={at}"), tries, further));
        checked.map_err(|why| {
            TestCaseError::fail(format!("{fault} at {at}, {tries} tries: {why}\n{cases:#?}"))
        })?;
    }
    Ok(())
}

fn heals_from(
    cases: &[Case],
    switches: &[&'static str],
    (fault, tries, further): (&str, u32, usize),
) -> Checked {
    // Nothing is shown later by waiting where no list lags.
    let patience = u32::from(switches.iter().any(|switch| switch.starts_with("number-lag")));
    let estate = Estate { tries, patience, ..Estate::with(cases, switches) };
    let before = estate.seen();
    estate.disturb(Some(fault));
    let Ok(plan) = estate.plan() else {
        estate.disturb(None);
        prop_assert_eq!(estate.live.writes(), "", "what can't be read is not changed");
        return Ok(());
    };
    let mut reports = vec![estate.apply(&plan, 8)];
    estate.disturb(None);
    let goes = |name: &str, action: &[Action]| {
        plan.changes.iter().any(|change| &*change.address.name == name && action.contains(&change.action))
    };
    let lost = |allowed: &[Action]| -> Vec<String> {
        let pairs = before.iter().zip(estate.seen());
        let lost = pairs.flat_map(|(before, now)| {
            let gone = before.numbers.iter().filter(move |number| now.number(&number.name).is_none());
            gone.map(|number| number.name.clone()).collect::<Vec<_>>()
        });
        lost.filter(|name| !goes(name, allowed)).collect()
    };
    for round in 0..=further {
        estate.seen().iter().try_for_each(moments::nothing_is_twice)?;
        prop_assert_eq!(lost(&[Action::Delete, Action::Replace]), Vec::<String>::new());
        let again = estate.plan().map_err(TestCaseError::fail)?;
        if again.is_empty() {
            break;
        }
        prop_assert!(round < further, "still not in sync: {:#?}\n{reports:#?}", again.changes);
        reports.push(estate.apply(&again, 8));
    }
    prop_assert_eq!(lost(&[Action::Delete]), Vec::<String>::new(), "lost for good: {:#?}", reports);
    let last = reports.iter().skip(1).last();
    prop_assert!(last.is_none_or(Report::converged), "{reports:#?}");
    is_as_the_files_say(&estate, &before, (switches, &remade(&plan)))?;
    is_in_sync(&estate)
}
