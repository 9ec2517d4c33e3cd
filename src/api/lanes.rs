//! How many requests of an account may be under way at one time.
//! In: what became of each, what is left of the window. Out: a number, at least one.
//! Knows no clock of its own and never waits: that is the gate's.

use tokio::time::Instant;

/// Where it starts, and the most that it ever is.
const MOST: usize = 8;

/// How an answer bears on the rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pace {
    /// The platform keeps up.
    Good,
    /// It said 429.
    TooFast,
    /// It said nothing, or failed.
    Unsure,
}

/// What is left of a window, and until when that counts.
#[derive(Clone, Copy, Debug)]
struct Left {
    remaining: usize,
    until: Option<Instant>,
}

/// Half as many at each 429, one more after as many good answers as there are lanes.
#[derive(Debug)]
pub(super) struct Lanes {
    width: usize,
    /// Good answers in a row since the width last changed.
    run: usize,
    left: Option<Left>,
}

impl Default for Lanes {
    fn default() -> Self {
        Self { width: MOST, run: 0, left: None }
    }
}

impl Pace {
    /// The pace of an answer's status; none where no answer came.
    pub(super) fn of(status: Option<u16>) -> Self {
        match status {
            Some(429) => Self::TooFast,
            Some(..500) => Self::Good,
            _ => Self::Unsure,
        }
    }
}

impl Lanes {
    /// Takes in what became of a request.
    pub(super) fn answered(&mut self, pace: Pace) {
        self.run = if pace == Pace::Good { self.run + 1 } else { 0 };
        if pace == Pace::TooFast {
            self.width = (self.width / 2).max(1);
        } else if self.run >= self.width && self.width < MOST {
            self.width += 1;
            self.run = 0;
        }
    }

    /// Takes in what the latest answer told of the window; one that told nothing ends what an earlier one told.
    pub(super) fn told(&mut self, window: Option<(usize, Option<Instant>)>) {
        self.left = window.map(|(remaining, until)| Left { remaining, until });
    }

    /// So many may be under way. One may always: else nobody would learn that there is room again.
    pub(super) fn open(&self, now: Instant) -> usize {
        let left = self.left.filter(|left| left.until.is_none_or(|until| now < until));
        left.map_or(self.width, |left| self.width.min(left.remaining)).max(1)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn widths(lanes: &mut Lanes, pace: Pace, times: usize) -> Vec<usize> {
        let mut step = || {
            lanes.answered(pace);
            lanes.open(Instant::now())
        };
        (0..times).map(|_| step()).collect()
    }

    #[test]
    fn half_at_each_429_and_one_more_after_a_run() {
        let mut lanes = Lanes::default();
        assert_eq!(widths(&mut lanes, Pace::Good, 100), [8; 100], "never above where it started");
        assert_eq!(widths(&mut lanes, Pace::TooFast, 5), [4, 2, 1, 1, 1]);
        assert_eq!(widths(&mut lanes, Pace::Good, 7), [2, 2, 3, 3, 3, 4, 4]);
        assert_eq!(widths(&mut lanes, Pace::Good, 100)[99], 8);
    }

    #[test]
    fn a_failure_ends_the_run_and_nothing_else() {
        let mut lanes = Lanes::default();
        widths(&mut lanes, Pace::TooFast, 2);
        assert_eq!(widths(&mut lanes, Pace::Good, 1), [2]);
        assert_eq!(widths(&mut lanes, Pace::Unsure, 3), [2, 2, 2]);
        assert_eq!(widths(&mut lanes, Pace::Good, 2), [2, 3]);
        let paces = [Some(200), Some(422), Some(429), Some(500), None].map(Pace::of);
        assert_eq!(paces, [Pace::Good, Pace::Good, Pace::TooFast, Pace::Unsure, Pace::Unsure]);
    }

    #[test]
    fn never_more_than_what_remains() {
        let (mut lanes, now) = (Lanes::default(), Instant::now());
        let until = Some(now + Duration::from_secs(9));
        for (window, open) in [
            (Some((100, until)), 8),
            (Some((3, until)), 3),
            (Some((3, None)), 3),
            (Some((0, until)), 1),
            (Some((3, Some(now))), 8),
            (None, 8),
        ] {
            lanes.told(window);
            assert_eq!(lanes.open(now), open, "{window:?}");
        }
    }
}
