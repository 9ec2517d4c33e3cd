//! What a client is at, for whoever shows it meanwhile.
//! In: tries, rows and waits as they come. Out: what stands at this moment.
//! Keeps counts and kinds of failures; nothing of a request, nothing of an answer.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// What an account's client has done so far, and what it waits for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Activity {
    /// Requests, retries included.
    pub requests: usize,
    /// How many of them were sent again.
    pub retries: usize,
    /// Rows of the lists that were read since the last reading began.
    pub rows: usize,
    /// How many these lists have together, where each says so.
    pub of: Option<usize>,
    /// What is waited for, if anything is.
    pub wait: Option<Wait>,
}

/// A wait.
#[derive(Clone, Debug, PartialEq)]
pub struct Wait {
    /// How long it still takes.
    pub left: Duration,
    /// What for.
    pub why: Why,
}

/// Why a request waits.
#[derive(Clone, Debug, PartialEq)]
pub enum Why {
    /// The platform said 429 and for how long; all requests of the account wait.
    Asked,
    /// The platform said 429 and not for how long; all requests of the account wait.
    TooMany,
    /// An answer told that nothing is left of the window; all requests of the account wait.
    Window,
    /// One request is to be sent again.
    Retry {
        /// Which of its tries comes next.
        number: u32,
        /// How many it has.
        of: u32,
        /// A status, or the kind of what went wrong.
        error: Cow<'static, str>,
    },
}

impl fmt::Display for Wait {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.left.as_millis().div_ceil(1000);
        match &self.why {
            Why::Asked => write!(f, "waiting {seconds} s: the platform asked for it (429)"),
            Why::TooMany => write!(f, "waiting {seconds} s: too many requests (429)"),
            Why::Window => write!(f, "waiting {seconds} s: the platform's rate is used up until then"),
            Why::Retry { number, of, error } => {
                write!(f, "waiting {seconds} s for try {number} of {of}: {error}")
            }
        }
    }
}

/// What a client writes down of itself.
#[derive(Debug, Default)]
pub(super) struct Record(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    requests: usize,
    retries: usize,
    /// Rows so far and in all, by list: one that is read again begins anew.
    lists: BTreeMap<String, (usize, Option<usize>)>,
    wait: Option<(Instant, Why)>,
}

impl Record {
    pub(super) fn sends(&self, again: bool) {
        let mut state = self.state();
        state.requests += 1;
        state.retries += usize::from(again);
    }

    pub(super) fn requests(&self) -> usize {
        self.state().requests
    }

    pub(super) fn begins_to_read(&self) {
        self.state().lists.clear();
    }

    pub(super) fn has_read(&self, list: &str, rows: usize, of: Option<usize>) {
        self.state().lists.insert(list.to_owned(), (rows, of));
    }

    /// Of several waits the longest is told.
    pub(super) fn waits(&self, wait: Duration, why: Why) {
        let Some(until) = Instant::now().checked_add(wait) else { return };
        let mut state = self.state();
        if state.wait.as_ref().is_none_or(|(other, _)| *other < until) {
            state.wait = Some((until, why));
        }
    }

    pub(super) fn now(&self) -> Activity {
        let state = self.state();
        let left = |until: &Instant| until.saturating_duration_since(Instant::now());
        let wait = state.wait.as_ref().map(|(until, why)| Wait { left: left(until), why: why.clone() });
        Activity {
            requests: state.requests,
            retries: state.retries,
            rows: state.lists.values().map(|(rows, _)| rows).sum(),
            of: state
                .lists
                .values()
                .map(|(_, of)| *of)
                .sum::<Option<usize>>()
                .filter(|_| !state.lists.is_empty()),
            wait: wait.filter(|wait| !wait.left.is_zero()),
        }
    }

    /// A poisoned lock still holds sound counts.
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_that_is_read_again_does_not_count_twice() {
        let record = Record::default();
        assert_eq!(record.now(), Activity::default());
        record.has_read("/trunks", 100, Some(150));
        record.has_read("/numbers", 100, Some(2000));
        record.has_read("/trunks", 50, Some(140));
        assert_eq!((record.now().rows, record.now().of), (150, Some(2140)));
        record.has_read("/agents", 7, None);
        assert_eq!((record.now().rows, record.now().of), (157, None), "one of them does not say");
        record.begins_to_read();
        assert_eq!((record.now().rows, record.now().of), (0, None));
    }

    #[test]
    fn the_longest_wait_is_told_until_it_is_over() {
        let record = Record::default();
        let retry = || Why::Retry { number: 2, of: 4, error: "503".into() };
        record.waits(Duration::ZERO, retry());
        assert_eq!(record.now().wait, None);
        record.waits(Duration::from_secs(12), Why::Asked);
        record.waits(Duration::from_secs(1), retry());
        let wait = record.now().wait.unwrap();
        assert_eq!(wait.to_string(), "waiting 12 s: the platform asked for it (429)");
        let soon = Wait { left: Duration::from_millis(20), why: retry() };
        assert_eq!(soon.to_string(), "waiting 1 s for try 2 of 4: 503");
    }
}
