//! While steps are sent.
//! In: the accounts with their budgets, what happens to each step. Out: two lines on a terminal, one line a step elsewhere.
//! What did not go well stays on the terminal; a long wait is told everywhere.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use trunkform::api::{Activity, Api};
use trunkform::apply::Event;
use trunkform::engine::{AccountClient, Progress};
use trunkform::model::text::brief;
use trunkform::model::{Account, Budget, Outcome, Plan, Step, StepReport, visible};

use super::lines::{self, Tally};
use super::on_terminal;
use super::read::Due;
use super::screen::Screen;
use crate::command::output;

/// The progress of an apply.
pub(super) struct ApplyProgress {
    started: Instant,
    state: Mutex<State>,
}

struct State {
    screen: Option<Screen>,
    due: Due,
    tally: Tally,
    accounts: HashMap<Account, Sending>,
    /// The step that was started last.
    step: String,
}

/// One account that something is sent to.
struct Sending {
    done: usize,
    total: usize,
    budget: Option<Budget>,
    api: Arc<Api>,
    /// Retries before the first step.
    before: usize,
}

impl ApplyProgress {
    pub(super) fn new(steps: &[Step], plan: &Plan, clients: &[AccountClient]) -> Self {
        let of = |account: &Account| {
            let total = steps.iter().filter(|step| step.address.account == *account).count();
            let planned = plan.accounts.iter().find(|planned| planned.account == *account);
            (total, planned.and_then(|planned| planned.budget))
        };
        let accounts = clients.iter().map(|one| {
            let ((total, budget), api) = (of(&one.account), one.api.clone());
            (one.account.clone(), Sending { done: 0, total, budget, before: api.activity().retries, api })
        });
        let state = State {
            screen: on_terminal().then(Screen::default),
            due: Due::default(),
            tally: Tally { total: steps.len(), ..Tally::default() },
            accounts: accounts.filter(|(_, sending)| sending.total > 0).collect(),
            step: String::new(),
        };
        Self { started: Instant::now(), state: Mutex::new(state) }
    }

    /// A poisoned lock still holds sound counts.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Progress for ApplyProgress {
    fn tick(&self) {
        self.state().tell(self.started.elapsed());
    }

    fn on_event(&self, event: Event<'_>) {
        let mut state = self.state();
        match event {
            Event::Started(step) => state.step = words(&step.verb, &step.address.to_string()),
            Event::Ended { step, done, total } => {
                let words = words(&step.verb, &step.address.to_string());
                let line = format!("[{done}/{total}] {words}… {}", ended(step));
                state.count(step, done);
                state.due.told(self.started.elapsed());
                match &state.screen {
                    None => output::note(&line),
                    Some(screen) if step.outcome != Outcome::Done => screen.print(&line),
                    Some(_) => {}
                }
            }
        }
    }
}

impl State {
    fn count(&mut self, step: &StepReport, done: usize) {
        let tally = &mut self.tally;
        tally.done = done;
        match step.outcome {
            Outcome::Done => {}
            Outcome::Failed => tally.failed += 1,
            Outcome::Uncertain => tally.uncertain += 1,
            Outcome::Skipped => tally.skipped += 1,
        }
        if let Some(sending) = self.accounts.get_mut(&step.address.account) {
            sending.done += 1;
        }
    }

    fn tell(&mut self, elapsed: Duration) {
        if self.screen.is_none() && !self.due.now(elapsed) {
            return;
        }
        let (mut tally, mut waits) = (self.tally, Vec::new());
        for (account, sending) in &self.accounts {
            let Activity { retries, wait, .. } = sending.api.activity();
            tally.retries += retries - sending.before;
            let still = wait.as_ref().map_or(Duration::ZERO, |wait| wait.left);
            let left = lines::left((sending.done, sending.total), elapsed, sending.budget, still);
            // What nothing is known of yet takes no time away from what is.
            tally.left = tally.left.max(left);
            waits.extend(wait.map(|wait| format!("{}: {wait}", visible(account.as_str()))));
        }
        waits.sort();
        let line = lines::applying(&tally, elapsed);
        let now = if waits.is_empty() { self.step.clone() } else { waits.join("; ") };
        match &mut self.screen {
            Some(screen) => screen.show([line, now]),
            None => output::note(&format!("{line}; {now}")),
        }
    }
}

fn words(verb: &str, address: &str) -> String {
    brief(&format!("{verb} {address}")).into_owned()
}

fn ended(step: &StepReport) -> String {
    let word = match step.outcome {
        Outcome::Done => "done",
        Outcome::Failed => "failed",
        Outcome::Skipped => "skipped",
        Outcome::Uncertain => "uncertain",
    };
    match step.error.as_deref().or(step.because.as_deref()) {
        Some(why) => format!("{word}: {}", visible(why)),
        None => word.to_owned(),
    }
}
