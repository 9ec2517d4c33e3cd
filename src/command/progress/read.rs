//! While accounts are read.
//! In: the accounts. Out: one line an account on a terminal, elsewhere one now and then.
//! Says nothing of what is soon done, and nothing at all to those who only want to hear of a difference.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use trunkform::engine::{AccountClient, Progress, Silent};

use super::screen::Screen;
use super::{SELDOM, SOON, lines, on_terminal};
use crate::command::output;

/// The progress of a reading.
pub(super) fn progress(accounts: &[AccountClient], quiet: bool) -> Box<dyn Progress + '_> {
    let started = Instant::now();
    if on_terminal() {
        Box::new(TerminalProgress { accounts, started, screen: Mutex::default() })
    } else if quiet {
        Box::new(Silent)
    } else {
        Box::new(LogProgress { accounts, started, due: Mutex::default() })
    }
}

/// One line an account, written over.
struct TerminalProgress<'a> {
    accounts: &'a [AccountClient],
    started: Instant,
    screen: Mutex<Screen>,
}

impl Progress for TerminalProgress<'_> {
    fn tick(&self) {
        let elapsed = self.started.elapsed();
        if elapsed >= SOON {
            let mut screen = self.screen.lock().unwrap_or_else(PoisonError::into_inner);
            screen.show(account_lines(self.accounts, elapsed));
        }
    }
}

/// A line an account, now and then.
struct LogProgress<'a> {
    accounts: &'a [AccountClient],
    started: Instant,
    due: Mutex<Due>,
}

impl Progress for LogProgress<'_> {
    fn tick(&self) {
        let elapsed = self.started.elapsed();
        if self.due.lock().unwrap_or_else(PoisonError::into_inner).now(elapsed) {
            account_lines(self.accounts, elapsed).for_each(|line| output::note(&format!("reading {line}")));
        }
    }
}

fn account_lines(accounts: &[AccountClient], elapsed: Duration) -> impl Iterator<Item = String> {
    accounts.iter().map(move |one| lines::reading(one.account.as_str(), &one.api.activity(), elapsed))
}

/// When the log gets its next line.
#[derive(Debug, Default)]
pub(super) struct Due {
    last: Duration,
}

impl Due {
    /// Whether it is, so long after the start.
    pub(super) fn now(&mut self, elapsed: Duration) -> bool {
        let due = elapsed.saturating_sub(self.last) >= SELDOM;
        if due {
            self.last = elapsed;
        }
        due
    }

    /// It was told just now.
    pub(super) fn told(&mut self, elapsed: Duration) {
        self.last = elapsed;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_is_told_seldom() {
        let mut due = Due::default();
        let at = |due: &mut Due, seconds| due.now(Duration::from_secs(seconds));
        let told: Vec<_> = (0..=35).filter(|second| at(&mut due, *second)).collect();
        assert_eq!(told, [10, 20, 30]);
        due.told(Duration::from_secs(38));
        assert_eq!([40, 47, 48].map(|second| at(&mut due, second)), [false, false, true]);
    }
}
