//! Two applies at once: the whole of one happens while the other is held at one of its requests.
//! After a third: in sync, nothing twice, nothing lost, no write that neither planned.

use std::collections::BTreeSet;

use proptest::prelude::*;
use trunkform::model::Action;
use trunkform::sandbox::Moment;

use crate::check::{self, Checked, Twice};
use crate::client::{Client, Manner};
use crate::ground::Gate;
use crate::scenario::Scenario;
use crate::search::{chosen, end, failure, is_in};
use crate::story::{Story, ends_well, run, undisturbed};
use crate::tally::{Tally, count};
use crate::worlds::Platform;
use crate::{is_long, only, picked};

const MOMENTS: [(&str, Moment); 2] = [("two-before", Moment::Before), ("two-after", Moment::After)];

/// Platforms that let names of trunks repeat.
const NAMES_REPEAT: [Platform; 2] = [Platform::Kalem, Platform::Talkover];

/// Where two creations of one trunk can both succeed, because both have looked before either has made it.
/// The next plan must refuse (LIV001) and name both, never guess. Under a lease there is no such case: `leased` shows it.
const DOUBLED: &[&str] = &[
    "01-first-trunk-and-number",
    "02-move-numbers-to-a-new-trunk",
    "04-replace-a-trunk-under-its-numbers",
    "12-three-platforms",
    "kalem-replacement",
    "talkover-new-numbers",
    "one-of-each-1",
    "one-of-each-2",
    "two-of-one-1",
    "two-of-one-2",
];

pub fn search(scenarios: &[Scenario]) {
    let tally = Tally::default();
    let mut failures = Vec::new();
    let mut doubled = BTreeSet::new();
    for (at, scenario) in scenarios.iter().enumerate().filter(|(_, scenario)| picked(scenario)) {
        count(&tally.scenarios, 1);
        let requests = undisturbed(scenario, &tally).unwrap();
        for (turn, (name, moment)) in MOMENTS.into_iter().enumerate() {
            for request in chosen(requests, at + turn).filter(|&request| is_in(name, request)) {
                if let Err(why) = interleaved(scenario, (request, moment), (&tally, &mut doubled)) {
                    failures.push(failure(scenario, (name, request), why));
                }
            }
        }
    }
    if is_long() && only().is_none() {
        let never = DOUBLED.iter().filter(|name| !doubled.contains(**name));
        failures.extend(never.map(|name| format!("{name} is made once now: take it from the list")));
    }
    end("two applies at once", tally, &failures);
}

fn interleaved(
    scenario: &Scenario,
    (request, moment): (usize, Moment),
    (tally, doubled): (&Tally, &mut BTreeSet<String>),
) -> Checked {
    let gate = Gate::at(request, moment);
    let mut story = Story::new(scenario, Some(&gate), tally);
    let client = || Client { rotates: true, ..story.ground.client(Manner::calm(scenario)) };
    let (first, second) = (client(), client());
    let meanwhile = async {
        gate.held().await;
        let second = run(&second).await;
        gate.let_go();
        second
    };
    let (first, second) = story.ground.live.block_on(async { tokio::join!(run(&first), meanwhile) });
    count(&tally.disturbed, 1);
    let done = |report: &trunkform::model::Report| report.converged();
    let undone = !first.report.as_ref().is_some_and(done) || !second.report.as_ref().is_some_and(done);
    count(&tally.undone, usize::from(undone));
    story.look_at(&[&first, &second])?;
    let twice = check::twice(&story.ground);
    if twice.is_empty() {
        story.settle(&first, 2)?;
        return ends_well(&story, &first.plan);
    }
    let makes = |twice: &Twice, run: &crate::ground::Run| {
        let address = format!("{}.trunk.{}", twice.account, twice.name);
        run.plan.changes.iter().any(|change| {
            matches!(change.action, Action::Create | Action::Replace) && change.address.to_string() == address
        })
    };
    for twice in &twice {
        let may_be = twice.is_trunk && NAMES_REPEAT.contains(&twice.platform);
        let both = makes(twice, &first) && makes(twice, &second);
        prop_assert!(may_be && both, "there twice: {} {:?}", twice.name, twice.ids);
    }
    prop_assert!(DOUBLED.contains(&scenario.name.as_str()), "made twice, and not known as such");
    doubled.insert(scenario.name.clone());
    is_refused(&mut story, &twice)
}

/// Nothing is sent, and the plan says which things of which name there are.
fn is_refused(story: &mut Story<'_>, twice: &[Twice]) -> Checked {
    let third = story.calm_run(false)?;
    let said = check::complaints(&third.plan);
    for Twice { name, ids, .. } in twice {
        let names =
            said.contains("LIV001") && said.contains(name.as_str()) && ids.iter().all(|id| said.contains(id));
        prop_assert!(names, "`{name}` is there twice, {ids:?}, and the plan says: {said}");
    }
    prop_assert!(third.report.is_some_and(|report| report.steps.is_empty()), "something was sent");
    count(&story.tally.refused, 1);
    Ok(())
}
