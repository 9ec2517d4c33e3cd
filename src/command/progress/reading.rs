//! While accounts are read.
//! In: the accounts, and the work of reading them. Out: the work's result; meanwhile one line an account on a terminal, elsewhere one now and then.
//! Says nothing of what is soon done, and nothing at all to those who only want to hear of a difference.

use std::time::{Duration, Instant};

use super::screen::Screen;
use super::{SELDOM, SOON, beside, lines, on_terminal};
use crate::command::output;
use crate::command::reach::Reached;

/// Tells how far the reading of accounts is until it is done.
pub(in crate::command) async fn observing<T>(reached: &[Reached], work: impl Future<Output = T>) -> T {
    let started = Instant::now();
    let told = |elapsed| {
        reached.iter().map(move |one| lines::reading(one.account.as_str(), &one.api.activity(), elapsed))
    };
    if on_terminal() {
        let mut screen = Screen::default();
        return beside(work, || {
            let elapsed = started.elapsed();
            if elapsed >= SOON {
                screen.show(told(elapsed));
            }
        })
        .await;
    }
    if reached.iter().any(|one| one.quiet) {
        return work.await;
    }
    let mut due = Due::default();
    beside(work, || {
        let elapsed = started.elapsed();
        if due.now(elapsed) {
            told(elapsed).for_each(|line| output::note(&format!("reading {line}")));
        }
    })
    .await
}

/// When a log is told again.
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
