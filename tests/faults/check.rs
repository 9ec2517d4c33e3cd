//! What must hold of every run, and of what it leaves behind.
//! In: a ground and the runs on it. Out: nothing, or what is wrong.

use std::collections::BTreeMap;

use proptest::prelude::*;
use trunkform::model::{Action, Diagnostic, Plan, Report, Sources};
use trunkform::render::{self, document::Document};
use trunkform::sandbox::Logged;

use crate::ground::{Ground, Run, Sight};
use crate::planned::Ledger;
use crate::tally::{Tally, count};
use crate::worlds::Platform;
use crate::worlds::seen::Seen;
use crate::{expected::Expected, moments, outcome};

pub type Checked = Result<(), TestCaseError>;

/// What runs did between two places of the history, alone or at the same time.
pub fn runs_are_right(
    ground: &Ground<'_>,
    sights: &[Sight],
    (runs, requests): (&[&Run], &[Logged]),
) -> Checked {
    let plans: Vec<&Plan> = runs.iter().map(|run| &run.plan).collect();
    Ledger::new(ground.scenario, &plans).check(sights, requests)?;
    no_number_vanishes(ground, sights, &plans)?;
    let pairs = sights.windows(2).filter(|pair| pair[1].write.is_some());
    for (before, after) in pairs.map(|pair| (&pair[0], &pair[1])) {
        let (before, after) = (ground.scenario.seen(&before.live), ground.scenario.seen(&after.live));
        for (before, after) in before.into_iter().zip(after) {
            moments::no_cascade(&[before, after])?;
        }
    }
    Ok(())
}

/// With every write each number is there that was there before it, unless a plan names it as one that goes or is made anew.
pub fn no_number_vanishes(ground: &Ground<'_>, sights: &[Sight], plans: &[&Plan]) -> Checked {
    let named = |address: &str| {
        let goes = |action| matches!(action, Action::Delete | Action::Replace);
        let mut changes = plans.iter().flat_map(|plan| &plan.changes);
        changes.any(|change| goes(change.action) && change.address.to_string() == address)
    };
    for pair in sights.windows(2).filter(|pair| pair[1].write.is_some()) {
        let (before, after) = (ground.scenario.seen(&pair[0].live), ground.scenario.seen(&pair[1].live));
        for (case, (before, after)) in ground.scenario.cases.iter().zip(before.iter().zip(&after)) {
            for number in before.numbers.iter().filter(|number| after.number(&number.name).is_none()) {
                let address = format!("{}.number.{}", case.account, number.name);
                prop_assert!(named(&address), "{address} vanished with {:?}", pair[1].write);
            }
        }
    }
    Ok(())
}

/// What is there twice.
pub struct Twice {
    pub account: &'static str,
    pub platform: Platform,
    pub is_trunk: bool,
    pub name: String,
    pub ids: Vec<String>,
}

/// Trunks and numbers of one name.
pub fn twice(ground: &Ground<'_>) -> Vec<Twice> {
    let mut twice = Vec::new();
    for (case, seen) in ground.scenario.cases.iter().zip(ground.seen()) {
        for (is_trunk, things) in [(true, &seen.trunks), (false, &seen.numbers)] {
            let mut ids: BTreeMap<&str, Vec<String>> = BTreeMap::new();
            for thing in things {
                ids.entry(&thing.name).or_default().push(thing.id.clone());
            }
            let (account, platform) = (case.account, case.platform);
            twice.extend(ids.into_iter().filter(|(_, ids)| ids.len() > 1).map(|(name, ids)| Twice {
                account,
                platform,
                is_trunk,
                name: name.to_owned(),
                ids,
            }));
        }
    }
    twice
}

pub fn nothing_is_twice(ground: &Ground<'_>) -> Checked {
    let twice: Vec<String> = twice(ground).into_iter().map(|twice| twice.name).collect();
    prop_assert!(twice.is_empty(), "there twice: {twice:?}");
    Ok(())
}

/// All that a run says, writes down and leaves behind.
pub fn says_no_secret(ground: &Ground<'_>, run: &Run, tally: &Tally) -> Checked {
    let Run { plan, report } = run;
    let none = Report::default();
    let report = report.as_ref().unwrap_or(&none);
    let texts = [
        render::human::plan(plan),
        render::graph::mermaid(plan),
        render::graph::dot(plan),
        Document::new(plan, &Sources::default()).to_line(),
        render::report::human(plan, report),
        render::report::json(plan, report),
        format!("{plan:?} {report:?}"),
        ground.journalled(),
        format!("{:?}", ground.live.sandbox.requests()),
        ground.live.sandbox.snapshot().to_string(),
    ];
    count(&tally.texts, texts.len());
    moments::is_silent(&texts)
}

/// The accounts are as their files say, seen from what was live `before`; `first` is the plan of the run that was disturbed.
pub fn is_as_the_files_say(ground: &Ground<'_>, before: &[Seen], first: &Plan) -> Checked {
    let remade = remade(first);
    for ((case, before), after) in ground.scenario.cases.iter().zip(before).zip(&ground.seen()) {
        let leeway = (&ground.scenario.switches[..], &remade[..]);
        outcome::is_as_the_file_says(&Expected::new(case, before), after, leeway)?;
    }
    Ok(())
}

/// What a run takes down to make it anew or to change it: of it only what the file names is known to a later run.
fn remade(plan: &Plan) -> Vec<String> {
    let down = |change: &&trunkform::model::PlannedChange| {
        change.action == Action::Replace || change.address.kind == trunkform::model::KindName::Trunk
    };
    plan.changes.iter().filter(down).map(|change| change.address.name.to_string()).collect()
}

/// All words with which a plan is refused or complained about.
pub fn complaints(plan: &Plan) -> String {
    let errors = plan.diagnostics.iter().filter(|diagnostic| Diagnostic::is_error(diagnostic));
    let refusals: Vec<String> = plan
        .refusals
        .iter()
        .map(|r| format!("{} {} {}", r.code.as_str(), r.message, render::addresses(&r.addresses)))
        .collect();
    let errors: Vec<String> = errors
        .map(|e| format!("{} {} {}", e.code.as_str(), e.message, e.help.as_deref().unwrap_or_default()))
        .collect();
    [refusals, errors, plan.errors.clone()].concat().join("\n")
}
