//! Runs the steps of a plan along what they wait for, several at a time.
//! In: steps, a way to send one, a limit, a journal, a wish to stop. Out: a report of every step.
//! Independent steps go on when one fails; nothing that waits for it is sent, nor what would take down more than is down already.

use std::collections::HashMap;

use tokio::sync::watch;
use tokio::task::{Id as TaskId, JoinSet};

use super::journal::Journal;
use super::schedule::{Never, Schedule, Starting};
use super::send::Sent;
use crate::model::{Outcome, Report, Step, StepReport};

/// The status of an answer that refuses the token as a whole; 403 may be about one thing alone.
const TOKEN_REFUSED: u16 = 401;

/// Whether a run goes on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stop {
    /// It does.
    #[default]
    Not,
    /// What is under way is finished, and what is down is brought up again first; nothing else is started.
    Finish,
    /// What is under way is given up.
    Now,
}

/// How steps are run.
#[derive(Debug)]
pub struct Options {
    /// At most so many requests are under way, at least one; and at most so many things are down at a time (a chain of steps, from the first with a gap to the last).
    pub parallelism: usize,
    /// Where every request is written down first.
    pub journal: Option<Journal>,
    /// Whether to stop.
    pub stop: watch::Receiver<Stop>,
}

/// What happens while steps run.
#[derive(Clone, Copy, Debug)]
pub enum Event<'a> {
    /// A request is about to be sent.
    Started(&'a Step),
    /// A step has its outcome, the `done`-th of `total`.
    Ended {
        /// Which, and how.
        step: &'a StepReport,
        /// So many have theirs.
        done: usize,
        /// So many there are.
        total: usize,
    },
}

/// Runs all steps. `send` is called at most once for each; `on_event` is told of each in the order of what happens.
pub async fn execute<F, Fut>(
    steps: &[Step],
    options: Options,
    send: F,
    on_event: &mut (dyn FnMut(Event<'_>) + Send),
) -> Report
where
    F: Fn(Step) -> Fut,
    Fut: Future<Output = Sent> + Send + 'static,
{
    let Options { parallelism, journal, mut stop } = options;
    let parallelism = parallelism.max(1);
    let mut run = Run::new(Schedule::new(steps, parallelism), (steps, journal), on_event);
    let mut tasks = JoinSet::new();
    let mut under_way: HashMap<TaskId, usize> = HashMap::new();
    let mut watching = true;
    loop {
        let wish = *stop.borrow_and_update();
        if wish == Stop::Now {
            tasks.abort_all();
        }
        for at in run.start(wish, parallelism.saturating_sub(under_way.len())) {
            under_way.insert(tasks.spawn(send(steps[at].clone())).id(), at);
        }
        if under_way.is_empty() {
            return run.finish(wish);
        }
        tokio::select! {
            Some(ended) = tasks.join_next_with_id() => {
                let (task, sent) = match ended {
                    Ok((task, sent)) => (task, sent),
                    Err(error) => (error.id(), lost(error)),
                };
                if let Some(at) = under_way.remove(&task) {
                    run.end(at, sent);
                }
            }
            changed = stop.changed(), if watching => watching = changed.is_ok(),
        }
    }
}

/// A task that did not come to its end.
fn lost(error: tokio::task::JoinError) -> Sent {
    if error.is_cancelled() {
        let error = Some("stopped while the request was under way".into());
        return Sent { outcome: Outcome::Uncertain, status: None, error, because: None, id: None };
    }
    Sent::failed("a mistake in Trunkform itself stopped this step")
}

/// A run from its first step to its report.
struct Run<'a> {
    steps: &'a [Step],
    schedule: Schedule,
    reports: Vec<Option<StepReport>>,
    ended: usize,
    journal: Option<Journal>,
    /// Why nothing more is begun: what is nowhere written down is not sent, but for what brings up again what is down. How that was before, and that it was begun,
    /// is on the disk already.
    broken: Option<String>,
    on_event: &'a mut (dyn FnMut(Event<'_>) + Send),
}

impl<'a> Run<'a> {
    fn new(
        schedule: Schedule,
        (steps, journal): (&'a [Step], Option<Journal>),
        on_event: &'a mut (dyn FnMut(Event<'_>) + Send),
    ) -> Self {
        let reports = vec![None; steps.len()];
        Self { steps, schedule, reports, ended: 0, journal, broken: None, on_event }
    }

    /// Takes up to `free` steps that may run, and writes them down.
    fn start(&mut self, wish: Stop, free: usize) -> Vec<usize> {
        if wish == Stop::Now {
            return Vec::new();
        }
        let mut starting: Vec<usize> =
            std::iter::from_fn(|| self.schedule.next(Starting::WhatHasBegun)).take(free).collect();
        let begun = starting.len();
        if wish == Stop::Not && self.broken.is_none() {
            let more = std::iter::from_fn(|| self.schedule.next(Starting::Anything));
            starting.extend(more.take(free - begun));
        }
        if !starting.is_empty() && !self.written(&starting) {
            starting.truncate(begun);
        }
        starting.iter().for_each(|&at| (self.on_event)(Event::Started(&self.steps[at])));
        starting
    }

    /// Writes down what is sent now; false where that just went wrong.
    fn written(&mut self, starting: &[usize]) -> bool {
        let Some(journal) = &mut self.journal else { return true };
        let written = journal.begin(starting.iter().map(|&at| &self.steps[at]));
        written.map_err(|why| self.breaks(&why)).is_ok()
    }

    fn breaks(&mut self, why: &std::io::Error) {
        self.journal = None;
        self.broken = Some(format!("the journal can't be written: {why}"));
    }

    /// Records how a step ended, and with a step that was not done everything that waits for it.
    fn end(&mut self, at: usize, sent: Sent) {
        let Sent { outcome, status, error, because, id } = sent;
        let report = StepReport { status, error, because, ..StepReport::new(&self.steps[at], outcome) };
        if let Some(Err(why)) = self.journal.as_mut().map(|journal| journal.end(&report, id.as_ref())) {
            self.breaks(&why);
        }
        self.record(at, report);
        if outcome == Outcome::Done {
            self.schedule.done(at);
            return;
        }
        let id = self.steps[at].id;
        let Never { waiting, down, halted } = self.schedule.not_done(at, outcome);
        self.skip(waiting.into_iter(), &format!("it waits for step {id}, which was not done"));
        if let Some(down) = down.map(|down| &self.steps[down].address) {
            let left = if outcome == Outcome::Uncertain { "may have left" } else { "left" };
            let because = format!(
                "step {id} {left} `{down}` down: nothing more is taken down before that is put right"
            );
            self.skip(halted.into_iter(), &because);
        }
        if status == Some(TOKEN_REFUSED) {
            self.shut(at);
        }
    }

    /// Whatever comes next would be refused as well; other accounts have tokens of their own.
    fn shut(&mut self, at: usize) {
        let (steps, account) = (self.steps, &self.steps[at].address.account);
        let never = self.schedule.shut(|other| steps[other].address.account == *account);
        let id = steps[at].id;
        let because =
            format!("step {id} was answered with {TOKEN_REFUSED}: `{account}` no longer takes the token");
        self.skip(never.into_iter(), &because);
    }

    fn skip(&mut self, steps: impl Iterator<Item = usize>, because: &str) {
        for at in steps {
            if self.reports[at].is_none() {
                let skipped = StepReport::new(&self.steps[at], Outcome::Skipped);
                self.record(at, StepReport { because: Some(because.to_owned()), ..skipped });
            }
        }
    }

    fn record(&mut self, at: usize, report: StepReport) {
        self.ended += 1;
        (self.on_event)(Event::Ended { step: &report, done: self.ended, total: self.steps.len() });
        self.reports[at] = Some(report);
    }

    /// What was never started is skipped.
    fn finish(mut self, wish: Stop) -> Report {
        let because = self.broken.clone().unwrap_or_else(|| "interrupted".into());
        self.skip(0..self.steps.len(), &because);
        if let Some(Err(why)) = self.journal.as_ref().map(Journal::sync) {
            tracing::warn!("the end of the journal may not be on the disk: {why}");
        }
        let steps: Vec<StepReport> = self.reports.into_iter().flatten().collect();
        let interrupted = wish != Stop::Not && steps.iter().any(|step| step.outcome != Outcome::Done);
        Report { steps, interrupted }
    }
}
