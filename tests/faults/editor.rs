//! Somebody edits what a run touches, while it is held at one of its requests.
//! After another run: in sync, or refused with words that name the thing; what was edited is not destroyed unless a plan named it.

use proptest::prelude::*;
use trunkform::model::{Action, KindName, Plan, PlannedChange, REPLACEMENT_MARK};
use trunkform::sandbox::Moment;

use crate::check::{self, Checked};
use crate::client::{Client, Manner, may_be_sent};
use crate::edits::{EDITS, Edit, STRANGER};
use crate::ground::{Gate, Ground};
use crate::picked;
use crate::scenario::Scenario;
use crate::search::{chosen, end, failure, is_in};
use crate::story::{Story, run, undisturbed};
use crate::tally::{Tally, count};
use crate::worlds::Case;

pub fn search(scenarios: &[Scenario]) {
    let tally = Tally::default();
    let mut failures = Vec::new();
    for (at, scenario) in scenarios.iter().enumerate().filter(|(_, scenario)| picked(scenario)) {
        count(&tally.scenarios, 1);
        let requests = undisturbed(scenario, &tally).unwrap();
        for (turn, (name, edit)) in EDITS.into_iter().enumerate() {
            let Some(target) = target(scenario, edit) else { continue };
            for request in chosen(requests, 3 * at + turn).filter(|&request| is_in(name, request)) {
                if let Err(why) = edited(scenario, request, (edit, &target), &tally) {
                    failures.push(failure(scenario, (name, request), why));
                }
            }
        }
    }
    end("somebody edits meanwhile", tally, &failures);
}

/// A thing that the plan touches: rather one that goes, or that comes.
fn target(scenario: &Scenario, edit: Edit) -> Option<PlannedChange> {
    let ground = Ground::new(scenario, None);
    let client = Client { rotates: true, ..ground.client(Manner::calm(scenario)) };
    let plan: Plan = ground.live.block_on(client.plan()).plan;
    let kind = if edit.is_of_a_trunk() { KindName::Trunk } else { KindName::Number };
    let mut touched: Vec<PlannedChange> =
        plan.changes.into_iter().filter(|c| c.address.kind == kind).collect();
    if edit == Edit::DeleteTrunk {
        touched.sort_by_key(|change| change.action != Action::Create);
    } else {
        touched.retain(|change| change.action != Action::Create);
        touched.sort_by_key(|change| change.action == Action::Update);
    }
    touched.into_iter().next()
}

fn edited(
    scenario: &Scenario,
    request: usize,
    (edit, target): (Edit, &PlannedChange),
    tally: &Tally,
) -> Checked {
    let gate = Gate::at(request, Moment::Before);
    let mut story = Story::new(scenario, Some(&gate), tally);
    let case = scenario.case(&target.address.account);
    let name = &*target.live_address().name;
    let client = Client { rotates: true, ..story.ground.client(Manner::calm(scenario)) };
    let mut was_there = false;
    let meanwhile = async {
        gate.held().await;
        story.ground.edit(|state| was_there = edit.make(case, state, name));
        gate.let_go();
    };
    let (first, ()) = story.ground.live.block_on(async { tokio::join!(run(&client), meanwhile) });
    if !was_there {
        return Ok(());
    }
    count(&tally.disturbed, 1);
    count(&tally.undone, usize::from(!first.report.as_ref().is_some_and(|report| report.converged())));
    let looked = story.look_at(&[&first]);
    if matches!(edit, Edit::AddToTrunk | Edit::MoveNumber) && takes_along(&story, request) {
        let why = looked.as_ref().err().map(ToString::to_string).unwrap_or_default();
        let is_lost = why.contains("vanished") || why.contains(" took ");
        // A number that is moved may have gone to another trunk.
        prop_assert!(is_lost || (edit == Edit::MoveNumber && looked.is_ok()), "not as known: {why}");
        if is_lost {
            return Ok(());
        }
    }
    looked?;
    check::nothing_is_twice(&story.ground)?;
    let left = story.ground.seen();
    let again = story.calm_run(false)?;
    if !may_be_sent(&again.plan) {
        let said = check::complaints(&again.plan);
        prop_assert!(said.contains(name) || said.contains(STRANGER), "`{name}` is not named: {said}");
        count(&tally.refused, 1);
        return Ok(());
    }
    count(&tally.further, 1);
    story.settle(&again, 1)?;
    check::nothing_is_twice(&story.ground)?;
    stranger_is_safe(&story, (case, edit), &[&first.plan, &again.plan])?;
    // The oracle knows no trunk that is half made.
    if left.iter().all(|seen| seen.trunks.iter().all(|trunk| !trunk.name.ends_with(REPLACEMENT_MARK))) {
        check::is_as_the_files_say(&story.ground, &left, &first.plan)?;
    }
    Ok(())
}

/// What can't be made right: a number that is put on a Bolna trunk after the last look at its list, when its deletion is on its way already.
/// The platform deletes it along with the trunk, and takes no condition. Fails once that is no longer so.
fn takes_along(story: &Story<'_>, request: usize) -> bool {
    let held = &story.ground.live.sandbox.requests()[request];
    held.method == "DELETE"
        && held.path.contains("/bolna/sip-trunks/trunks/")
        && !held.path.contains("/numbers/")
}

/// A number that somebody added is live, unless the file deletes what it does not list and a plan said so.
fn stranger_is_safe(story: &Story<'_>, (case, edit): (&Case, Edit), plans: &[&Plan]) -> Checked {
    let at = story.ground.scenario.cases.iter().position(|other| other.account == case.account);
    let goes = plans.iter().flat_map(|plan| &plan.changes).any(|change| {
        change.action == Action::Delete
            && *change.address.name == *STRANGER
            && case.unlisted("numbers") == "delete"
    });
    let lives = at.is_some_and(|at| story.ground.seen()[at].number(STRANGER).is_some());
    prop_assert!(edit != Edit::AddToTrunk || lives != goes, "what was added is lost");
    Ok(())
}
