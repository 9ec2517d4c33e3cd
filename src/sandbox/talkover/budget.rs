//! In: each request as it arrives, and how many may come in which time.
//! Out: whether it is one too many, and the headers that say what is left.
//! Never counts the health endpoint, which is not limited.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use super::super::fault::{Budget, Switch};
use super::super::platform::{Call, Reply};
use super::envelope::{Form, Problem, forced};

/// What the documentation gives for the standard plan. Unless a fault sets a budget, nobody is limited.
const STANDARD: Budget = Budget { count: 100, window: Duration::from_secs(60) };

/// The requests since the present window began.
#[derive(Default)]
pub(super) struct Window {
    open: Option<(Instant, Budget)>,
    used: u64,
}

/// Where the client stands after one request.
pub(super) struct Standing {
    pub(super) is_over: bool,
    limit: u64,
    remaining: u64,
    left: Duration,
}

impl Window {
    pub(super) fn spend(&mut self, budget: Option<Budget>) -> Standing {
        let Some(budget) = budget else { return unlimited() };
        let now = Instant::now();
        let began = match self.open {
            Some((began, known)) if known == budget && now < began + budget.window => began,
            _ => {
                self.used = 0;
                now
            }
        };
        self.open = Some((began, budget));
        let is_over = self.used >= budget.count;
        if !is_over {
            self.used += 1;
        }
        let left = (began + budget.window).saturating_duration_since(now);
        Standing { is_over, limit: budget.count, remaining: budget.count - self.used, left }
    }
}

pub(super) fn unlimited() -> Standing {
    let Budget { count, window } = STANDARD;
    Standing { is_over: false, limit: count, remaining: count - 1, left: window }
}

pub(super) fn exhausted(wait: u64) -> Standing {
    Standing { is_over: true, limit: STANDARD.count, remaining: 0, left: Duration::from_secs(wait) }
}

impl Standing {
    pub(super) fn show(&self, reply: Reply) -> Reply {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        self.count(reply).with("x-ratelimit-reset", whole_seconds(now + self.left))
    }

    fn count(&self, reply: Reply) -> Reply {
        reply.with("x-ratelimit-limit", self.limit).with("x-ratelimit-remaining", self.remaining)
    }

    /// No page says for certain where a client finds how long to wait: in a header, in the reset, or in the body.
    pub(super) fn refuse(&self, call: &Call<'_>) -> Reply {
        let wait = whole_seconds(self.left).max(1);
        let problem = Problem::unnamed(429);
        if call.is_on(Switch::LimitInBody) {
            return self.count(problem.after(wait).reply(Some(forced(call).unwrap_or(Form::Nested))));
        }
        let reply = self.show(problem.reply(forced(call)));
        if call.is_on(Switch::LimitInReset) { reply } else { reply.with("retry-after", wait) }
    }
}

/// Rounded up: who waits so long does not come too early.
fn whole_seconds(time: Duration) -> u64 {
    time.as_secs() + u64::from(time.subsec_nanos() > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_is_never_too_short() {
        for (millis, seconds) in [(0, 0), (1, 1), (1000, 1), (1001, 2)] {
            assert_eq!(whole_seconds(Duration::from_millis(millis)), seconds, "{millis}");
        }
    }

    #[test]
    fn another_budget_begins_anew() {
        let budget = |count| Some(Budget { count, window: Duration::from_secs(60) });
        let mut window = Window::default();
        assert_eq!((window.spend(budget(1)).is_over, window.spend(budget(1)).is_over), (false, true));
        let standing = window.spend(budget(2));
        assert_eq!((standing.is_over, standing.limit, standing.remaining), (false, 2, 1));
        assert!(window.spend(budget(0)).is_over);
        assert!(!window.spend(None).is_over);
    }
}
