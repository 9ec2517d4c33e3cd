//! One request of one run goes wrong; then it is run again.
//! In: a scenario, a fault, the place of the request. Out: nothing, or what was lost, made twice or sent without a plan.

use proptest::prelude::*;
use trunkform::model::{Plan, Report};

use crate::check::{self, Checked};
use crate::client::{Client, Manner, may_be_sent};
use crate::fault::{Fault, Way};
use crate::ground::{Gate, Ground, Run};
use crate::scenario::Scenario;
use crate::tally::{Tally, count};

/// Runs after the disturbed one, at most. Where lists lag, the first of them may come before a number that was just made can be seen.
fn further(scenario: &Scenario) -> usize {
    if scenario.lags() { 2 } else { 1 }
}

/// Plans and applies.
pub async fn run(client: &Client<'_>) -> Run {
    let planned = client.plan().await;
    let plan = planned.plan.clone();
    let report = client.apply(planned).await;
    Run { plan, report: Some(report) }
}

/// The same, until the gate holds a request: then the client is no more.
async fn killed(client: &Client<'_>, gate: &Gate) -> Run {
    let planned = tokio::select! {
        biased;
        () = gate.held() => return Run { plan: Plan::default(), report: None },
        planned = client.plan() => planned,
    };
    let plan = planned.plan.clone();
    let report = tokio::select! {
        biased;
        () = gate.held() => None,
        report = client.apply(planned) => Some(report),
    };
    Run { plan, report }
}

/// Runs on one ground, each looked at as it ends.
pub struct Story<'a> {
    pub ground: Ground<'a>,
    pub tally: &'a Tally,
    sights: usize,
    requests: usize,
}

impl<'a> Story<'a> {
    pub fn new(scenario: &'a Scenario, gate: Option<&Gate>, tally: &'a Tally) -> Self {
        Self { ground: Ground::new(scenario, gate), tally, sights: 0, requests: 0 }
    }

    /// Looks at what runs did, alone or at the same time, since the last look.
    pub fn look_at(&mut self, runs: &[&Run]) -> Checked {
        let (history, requests) = (self.ground.history(), self.ground.live.sandbox.requests());
        check::runs_are_right(&self.ground, &history[self.sights..], (runs, &requests[self.requests..]))?;
        (self.sights, self.requests) = (history.len() - 1, requests.len());
        runs.iter().try_for_each(|run| check::says_no_secret(&self.ground, run, self.tally))
    }

    /// A run that nothing disturbs.
    pub fn calm_run(&mut self, rotates: bool) -> Result<Run, TestCaseError> {
        let client = Client { rotates, ..self.ground.client(Manner::calm(self.ground.scenario)) };
        let run = self.ground.live.block_on(run(&client));
        self.look_at(&[&run])?;
        Ok(run)
    }

    /// Runs until nothing is left to do, at most so often; how often.
    pub fn settle(&mut self, first: &Run, most: usize) -> Result<usize, TestCaseError> {
        let mut left = first.report.as_ref().is_none_or(|report| !is_done(&first.plan, report));
        for round in 0..=most {
            let run = self.calm_run(left)?;
            prop_assert!(
                may_be_sent(&run.plan) && run.plan.unread.is_empty(),
                "{}",
                check::complaints(&run.plan)
            );
            if run.plan.is_empty() && run.plan.changes.is_empty() {
                return Ok(round);
            }
            count(&self.tally.further, 1);
            let report = run.report.unwrap_or_default();
            prop_assert!(round < most, "still not in sync: {:#?}", run.plan.changes);
            left = !report.converged();
            prop_assert!(!left || round + 1 < most, "{report:#?}");
        }
        Ok(most)
    }
}

fn is_done(plan: &Plan, report: &Report) -> bool {
    plan.unread.is_empty() && may_be_sent(plan) && report.converged()
}

/// How many requests a run of the scenario sends; it is looked at like any other.
pub fn undisturbed(scenario: &Scenario, tally: &Tally) -> Result<usize, TestCaseError> {
    let mut story = Story::new(scenario, None, tally);
    let first = story.calm_run(true)?;
    let requests = story.ground.live.sandbox.requests().len();
    prop_assert!(!first.plan.is_empty(), "nothing is to be done");
    let rounds = story.settle(&first, 0)?;
    prop_assert_eq!(rounds, 0);
    ends_well(&story, &first.plan)?;
    Ok(requests)
}

/// The story of one fault at one request, for a client that tries so often.
pub fn heals(scenario: &Scenario, (fault, request): (Fault, usize), tries: u32, tally: &Tally) -> Checked {
    let gate = match fault.way {
        Way::Kill(moment) => Some(Gate::at(request, moment)),
        Way::Answer(_) | Way::Silence(_) => None,
    };
    for answer in fault.waits() {
        let story = Story::new(scenario, gate.as_ref(), tally);
        story.ground.disturb(fault.spec(request).as_deref());
        // Of several requests under way, none may come to its end after a kill and be taken for one of the next run.
        let workers = if gate.is_none() && tries > 1 { 4 } else { 1 };
        let manner = Manner { tries, answer, workers, ..Manner::calm(scenario) };
        let client = Client { rotates: true, ..story.ground.client(manner) };
        let first = match &gate {
            Some(gate) => story.ground.live.block_on(killed(&client, gate)),
            None => story.ground.live.block_on(run(&client)),
        };
        if story.ground.live.sandbox.requests().len() > request {
            prop_assert!(gate.is_none() || first.report.is_none(), "it was not killed");
            return ends_after(story, &first);
        }
    }
    Err(TestCaseError::fail("the request never came"))
}

/// What follows a disturbed run.
fn ends_after(mut story: Story<'_>, first: &Run) -> Checked {
    count(&story.tally.disturbed, 1);
    let undone = first.report.as_ref().is_none_or(|report| !is_done(&first.plan, report));
    count(&story.tally.undone, usize::from(undone));
    story.ground.disturb(None);
    story.ground.let_come_to_rest();
    story.look_at(&[first])?;
    check::nothing_is_twice(&story.ground)?;
    story.settle(first, further(story.ground.scenario))?;
    ends_well(&story, &first.plan)
}

/// All is as the files say, and nothing is there twice.
pub fn ends_well(story: &Story<'_>, first: &Plan) -> Checked {
    check::nothing_is_twice(&story.ground)?;
    check::is_as_the_files_say(&story.ground, &story.ground.seen_before(), first)
}
