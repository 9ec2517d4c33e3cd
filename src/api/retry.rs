//! How long to wait, how often to try, and what may be tried again.
//! In: a method and what went wrong. Out: whether to repeat the request, and after which time.
//! Never decides by the words of an answer, only by its status.

use std::time::Duration;

use tokio::time::Instant;

use super::problem::Problem;

/// How long one request may take, how large its answer may be, and how patiently it is repeated.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// Until a connection stands: longer than any healthy handshake, short enough for a mistyped host.
    pub connect: Duration,
    /// Until the answer is complete. A page of 100 rows takes a slow platform a few seconds; gateways give up at 30 to 60.
    pub answer: Duration,
    /// Bytes of one answer. A page is about 50 KiB; this bounds memory against an endless body.
    pub body: usize,
    /// Tries of one request, the first included.
    pub tries: u32,
    /// From the start of the first try: no other begins later, however long the platform asks to wait. The default leaves room for every pause that four tries
    /// can meet, and for one answer that never comes.
    pub total: Duration,
    /// The longest wait before the second try; doubles with each further one.
    pub backoff: Duration,
    /// The longest wait that Trunkform chooses itself.
    pub longest_backoff: Duration,
    /// The longest pause of all requests of an account where the one that was asked to wait longer gives up, or where nothing is left until a later time.
    pub longest_pause: Duration,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            answer: Duration::from_secs(30),
            body: 32 << 20,
            tries: 4,
            total: Duration::from_secs(240),
            backoff: Duration::from_millis(200),
            longest_backoff: Duration::from_secs(5),
            longest_pause: Duration::from_secs(60),
        }
    }
}

impl Bounds {
    /// The wait after so many tries: what the platform asked for, else exponential backoff with full jitter, so that workers spread.
    pub(super) fn wait(&self, tries: u32, asked: Option<Duration>) -> Duration {
        // However long what was asked is: who can't wait so long gives up.
        asked.unwrap_or_else(|| {
            let most = self.backoff.saturating_mul(1 << (tries - 1).min(16)).min(self.longest_backoff);
            most.mul_f64(fastrand::f64())
        })
    }

    /// How long all requests of the account pause where one was asked to wait so long: as long as that one does; where it does not wait but gives up, the others
    /// find out for themselves after a while.
    pub(super) fn pause(&self, asked: Duration) -> Duration {
        if asked <= self.total { asked } else { self.longest_pause }
    }

    /// Another try's turn, where it comes before the time is up that all tries together have. It takes at least `wait`; a turn that is known to come too late
    /// is not waited for.
    pub(super) async fn in_time<T>(
        &self,
        started: Instant,
        wait: Duration,
        turn: impl Future<Output = T>,
    ) -> Option<T> {
        let left = self.total.checked_sub(started.elapsed()).filter(|left| *left >= wait)?;
        tokio::time::timeout(left, turn).await.ok()
    }
}

/// Whether a request that failed so may be sent again; `repeats` says that twice is no more than once.
pub(super) fn may_repeat(repeats: bool, problem: &Problem) -> bool {
    match problem {
        // Nothing can have happened: no connection, or turned away at the door.
        Problem::Connect { .. } | Problem::Refused { status: 429 } => true,
        // What may have been done would be done twice.
        _ if !repeats => false,
        Problem::Timeout { .. } | Problem::Lost { .. } | Problem::Cut { .. } => true,
        Problem::Refused { status } => matches!(status, 408 | 425 | 500..=599),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_are_bounded() {
        let bounds = Bounds::default();
        let (minutes, year) = (Duration::from_secs(90), Duration::from_secs(99_999_999));
        assert_eq!((bounds.wait(1, Some(minutes)), bounds.pause(minutes)), (minutes, minutes));
        assert_eq!((bounds.wait(1, Some(year)), bounds.pause(year)), (year, bounds.longest_pause));
        for tries in 1..100 {
            assert!(bounds.wait(tries, None) <= bounds.longest_backoff);
        }
        assert!((0..100).all(|_| bounds.wait(1, None) <= bounds.backoff));
        assert!((0..100).any(|_| bounds.wait(3, None) > bounds.backoff), "the wait grows");
        let waits: std::collections::HashSet<_> = (0..20).map(|_| bounds.wait(4, None)).collect();
        assert!(waits.len() > 10, "workers that failed together do not come back together");
    }

    #[test]
    fn the_usual_time_is_enough_for_every_pause_that_may_be_asked_for() {
        let Bounds { answer, tries, longest_pause, total, .. } = Bounds::default();
        assert!(longest_pause * (tries - 1) + answer <= total);
    }

    #[test]
    fn what_counts_twice_is_repeated_only_where_nothing_can_have_happened() {
        let refused = |status| Problem::Refused { status };
        for status in [408, 425, 500, 502, 503, 504] {
            assert!(may_repeat(true, &refused(status)) && !may_repeat(false, &refused(status)));
        }
        for status in (400..500).filter(|status| ![408, 425, 429].contains(status)) {
            assert!(!may_repeat(true, &refused(status)) && !may_repeat(false, &refused(status)));
        }
        for repeats in [true, false] {
            assert!(may_repeat(repeats, &refused(429)));
            assert!(may_repeat(repeats, &Problem::Connect { why: String::new() }));
        }
    }
}
