//! What a line of progress says.
//! In: counts, times, waits. Out: a line without colours, the most telling part first, since a narrow terminal cuts its end off.
//! Reads no clock; what comes from elsewhere is made visible.

use std::fmt::Write as _;
use std::time::Duration;

use trunkform::api::Activity;
use trunkform::model::{Budget, visible};

/// An account that is read.
pub(super) fn reading(account: &str, activity: &Activity, elapsed: Duration) -> String {
    let Activity { requests, retries, rows, of, ref wait } = *activity;
    let mut line = format!("{}: {rows}", visible(account));
    if let Some(of) = of {
        _ = write!(line, " of {of}");
    }
    line += " read";
    if let Some(wait) = wait {
        _ = write!(line, ", {wait}");
    }
    _ = write!(line, ", {}, {}", time(elapsed), count(requests, "request", "requests"));
    if retries > 0 {
        _ = write!(line, ", {}", count(retries, "retry", "retries"));
    }
    line
}

/// How far an apply is.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Tally {
    pub(super) done: usize,
    pub(super) total: usize,
    /// How long it may still take, where that can be told.
    pub(super) left: Option<Duration>,
    pub(super) retries: usize,
    pub(super) failed: usize,
    pub(super) uncertain: usize,
    pub(super) skipped: usize,
}

/// The steps of an apply.
pub(super) fn applying(tally: &Tally, elapsed: Duration) -> String {
    let Tally { done, total, left, retries, failed, uncertain, skipped } = *tally;
    let mut line = format!("[{done}/{total}]");
    let mut part = |text: String| _ = write!(line, "{}{text}", if line.ends_with(']') { " " } else { ", " });
    if let Some(left) = left {
        part(format!("about {} left", time(left)));
    }
    for (count, what) in [(failed, "failed"), (uncertain, "uncertain"), (skipped, "skipped")] {
        if count > 0 {
            part(format!("{count} {what}"));
        }
    }
    if retries > 0 {
        part(count(retries, "retry", "retries"));
    }
    part(format!("{} so far", time(elapsed)));
    line
}

/// How long the rest of an account's requests may take: at the pace so far, not faster than its platform's documented rate allows, not before a wait is over.
/// None where nothing tells.
pub(super) fn left(
    (done, total): (usize, usize),
    elapsed: Duration,
    budget: Option<Budget>,
    wait: Duration,
) -> Option<Duration> {
    let rest = total.saturating_sub(done);
    if rest == 0 {
        return Some(Duration::ZERO);
    }
    let measured = (done > 0).then(|| elapsed.mul_f64(rest as f64 / done as f64));
    let documented = budget.filter(|budget| budget.requests > 0).map_or(Duration::ZERO, |budget| {
        // The first window's requests can go at once, the last one's too once it has begun.
        let windows = (total as u64 - 1) / u64::from(budget.requests);
        Duration::from_secs(windows.saturating_mul(budget.seconds.into())).saturating_sub(elapsed)
    });
    let least = documented.max(wait);
    measured.map(|measured| measured.max(least)).or((!least.is_zero()).then_some(least))
}

/// `9 s`, `4 min 5 s`, `2 h 40 min`; a started second counts.
fn time(time: Duration) -> String {
    let seconds = time.as_millis().div_ceil(1000);
    match seconds {
        0..=59 => format!("{seconds} s"),
        60..=3599 => format!("{} min {} s", seconds / 60, seconds % 60),
        _ => format!("{} h {} min", seconds / 3600, seconds % 3600 / 60),
    }
}

fn count(n: usize, one: &str, more: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { more })
}

#[cfg(test)]
mod tests {
    use super::*;
    use trunkform::api::{Wait, Why};

    const fn s(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn an_account_says_how_far_it_is_before_what_it_waits_for() {
        let none = Activity::default();
        assert_eq!(reading("kalem", &none, Duration::ZERO), "kalem: 0 read, 0 s, 0 requests");
        let all = Activity {
            requests: 14,
            retries: 1,
            rows: 1200,
            of: Some(2140),
            wait: Some(Wait { left: s(12), why: Why::Asked }),
        };
        let line = reading("kalem", &all, s(34));
        let told = "kalem: 1200 of 2140 read, waiting 12 s: the platform asked for it (429), 34 s, 14 requests, 1 retry";
        assert_eq!(line, told);
        let why = Why::Retry { number: 2, of: 4, error: "503".into() };
        let retry = Activity { requests: 1, wait: Some(Wait { left: s(1), why }), ..none };
        let line = reading("a\u{1b}[31m\u{202e}", &retry, s(65));
        assert_eq!(
            line,
            "a\\u{1b}[31m\\u{202e}: 0 read, waiting 1 s for try 2 of 4: 503, 1 min 5 s, 1 request"
        );
    }

    #[test]
    fn an_apply_says_what_is_left_and_what_went_wrong() {
        let tally = Tally { done: 12, total: 412, ..Tally::default() };
        assert_eq!(applying(&tally, s(3)), "[12/412] 3 s so far");
        let tally = Tally { left: Some(s(9700)), retries: 2, failed: 1, uncertain: 3, skipped: 4, ..tally };
        let told =
            "[12/412] about 2 h 41 min left, 1 failed, 3 uncertain, 4 skipped, 2 retries, 1 min 0 s so far";
        assert_eq!(applying(&tally, s(60)), told);
    }

    #[test]
    fn the_rest_takes_as_long_as_the_slowest_of_pace_rate_and_wait() {
        let budget = |requests, seconds| Some(Budget { requests, seconds });
        let none = Duration::ZERO;
        assert_eq!(left((0, 10), s(2), None, none), None, "nothing is known yet");
        assert_eq!(left((0, 10), s(2), None, s(7)), Some(s(7)));
        assert_eq!(left((5, 10), s(2), None, none), Some(s(2)));
        assert_eq!(left((5, 10), s(2), None, s(60)), Some(s(60)));
        assert_eq!(left((10, 10), s(2), budget(1, 60), s(60)), Some(none));
        // 412 requests at 100 a minute: the last dozen goes in the fifth minute.
        assert_eq!(left((50, 412), s(1), budget(100, 60), none), Some(s(239)));
        assert_eq!(left((0, 412), none, budget(100, 60), none), Some(s(240)));
        assert_eq!(left((100, 400), s(100), budget(100, 60), none), Some(s(300)), "slower than allowed");
        assert_eq!(left((50, 100), s(1), budget(100, 60), none), Some(s(1)), "all within one window");
        assert_eq!(left((5, 10), s(2), budget(0, 60), none), Some(s(2)), "a plan may say anything");
    }
}
