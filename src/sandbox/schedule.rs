//! In: the faults in force and each request as it arrives.
//! Out: what shall happen to that request.
//! Never carries an effect out; it only counts and decides.

use std::time::Duration;

use super::fault::{Budget, Fault, Kind, Matcher, Switch, Trouble};

/// What the matchers may look at.
pub(super) struct Arrival<'a> {
    pub(super) platform: Option<&'a str>,
    pub(super) method: &'a str,
    /// Below the mount, without the query.
    pub(super) path: &'a str,
    /// The page that is asked for; 1 where none is named.
    pub(super) page: u64,
}

/// What shall happen to one request. Of several troubles the first wins.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Effects {
    pub(super) latency: Duration,
    pub(super) trouble: Option<Trouble>,
    pub(super) quirks: Quirks,
}

/// How the platform shall behave differently for one request.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Quirks {
    /// Something appears in front of the list; `keep_total`: and something else disappears.
    pub(super) shift: Option<bool>,
    pub(super) short_page: bool,
    pub(super) rate_limit: Option<Budget>,
    pub(super) switches: Vec<Switch>,
}

/// The faults in force, and how many requests each has matched.
#[derive(Debug, Default)]
pub(super) struct Schedule {
    faults: Vec<(Fault, u64)>,
    arrived: u64,
}

impl Schedule {
    pub(super) fn new(faults: Vec<Fault>) -> Self {
        Self { faults: faults.into_iter().map(|fault| (fault, 0)).collect(), arrived: 0 }
    }

    /// Counts the request and says what shall happen to it.
    pub(super) fn meet(&mut self, arrival: &Arrival<'_>) -> Effects {
        let index = self.arrived;
        self.arrived += 1;
        let mut effects = Effects::default();
        for (fault, seen) in &mut self.faults {
            if !fault.when.matches(arrival, index) {
                continue;
            }
            *seen += 1;
            if fault.when.fires(*seen) {
                effects.add(&fault.kind);
            }
        }
        effects
    }
}

impl Effects {
    fn add(&mut self, kind: &Kind) {
        match kind {
            Kind::Latency(time) => self.latency += *time,
            Kind::Trouble(trouble) => self.trouble = self.trouble.or(Some(*trouble)),
            Kind::ShiftPage { keep_total } => self.quirks.shift = Some(*keep_total),
            Kind::ShortPage => self.quirks.short_page = true,
            Kind::RateLimit(budget) => self.quirks.rate_limit = Some(*budget),
            Kind::Switch(switch) => self.quirks.switches.push(*switch),
        }
    }
}

impl Matcher {
    fn matches(&self, arrival: &Arrival<'_>, index: u64) -> bool {
        let Self { platform, method, path, later_page, request, nth: _, after: _, times: _ } = self;
        platform.as_deref().is_none_or(|name| arrival.platform == Some(name))
            && method.as_deref().is_none_or(|name| arrival.method == name)
            && path.as_deref().is_none_or(|pattern| glob(pattern, arrival.path))
            && (!later_page || arrival.page > 1)
            && request.is_none_or(|wanted| wanted == index)
    }

    /// `seen` is the number of matches so far, this one included.
    fn fires(&self, seen: u64) -> bool {
        let skipped = self.after.unwrap_or(0);
        self.nth.is_none_or(|nth| seen == nth)
            && seen > skipped
            && self.times.is_none_or(|times| seen - skipped <= times)
    }
}

/// `*` stands for any text, also none, also with slashes.
fn glob(pattern: &str, text: &str) -> bool {
    let Some((head, mut rest)) = pattern.split_once('*') else { return pattern == text };
    let Some(mut text) = text.strip_prefix(head) else { return false };
    while let Some((middle, later)) = rest.split_once('*') {
        let Some(at) = text.find(middle) else { return false };
        text = &text[at + middle.len()..];
        rest = later;
    }
    text.ends_with(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arrival<'a>(method: &'a str, path: &'a str) -> Arrival<'a> {
        Arrival { platform: Some("kalem"), method, path, page: 1 }
    }

    fn fires(spec: &str, count: usize) -> Vec<usize> {
        let mut schedule = Schedule::new(vec![spec.parse().unwrap()]);
        let quiet = Effects::default();
        (1..=count).filter(|_| schedule.meet(&arrival("POST", "/trunks")) != quiet).collect()
    }

    #[test]
    fn counters_pick_the_matching_requests() {
        assert_eq!(fires("status=500,nth=3", 5), [3]);
        assert_eq!(fires("status=500,times=2", 5), [1, 2]);
        assert_eq!(fires("status=500,after=3", 5), [4, 5]);
        assert_eq!(fires("status=500,after=1,times=2", 5), [2, 3]);
        assert_eq!(fires("status=500,request=0", 5), [1]);
        assert_eq!(fires("status=500,method=GET", 5), [0; 0]);
        assert_eq!(fires("status=500,platform=bolna", 5), [0; 0]);
    }

    #[test]
    fn requests_that_do_not_match_are_not_counted_but_indexed() {
        let mut schedule = Schedule::new(vec![
            "status=500,method=POST,nth=1".parse().unwrap(),
            "bare,request=2".parse().unwrap(),
        ]);
        assert_eq!(schedule.meet(&arrival("GET", "/trunks")), Effects::default());
        assert!(schedule.meet(&arrival("POST", "/trunks")).trouble.is_some());
        assert_eq!(schedule.meet(&arrival("GET", "/trunks")).quirks.switches, [Switch::Bare]);
        assert_eq!(schedule.meet(&arrival("POST", "/trunks")), Effects::default());
    }

    #[test]
    fn a_page_shifts_after_the_first_page_and_once() {
        let mut schedule = Schedule::new(vec!["shift-page,keep-total".parse().unwrap()]);
        let page = |page| Arrival { page, ..arrival("GET", "/numbers") };
        let shifts: Vec<_> = [1, 2, 3].map(|number| schedule.meet(&page(number)).quirks.shift).into();
        assert_eq!(shifts, [None, Some(true), None]);
    }

    #[test]
    fn latencies_add_up_and_the_first_trouble_wins() {
        let specs = ["latency=5ms", "latency=1s", "status=503", "status=500"];
        let mut schedule = Schedule::new(specs.iter().map(|spec| spec.parse().unwrap()).collect());
        let effects = schedule.meet(&arrival("GET", "/x"));
        assert_eq!(effects.latency, Duration::from_millis(1005));
        assert_eq!(
            effects.trouble.map(|trouble| trouble.way),
            Some(super::super::fault::Way::Status(503, None))
        );
    }

    #[test]
    fn globs() {
        assert!(glob("/trunks*", "/trunks"));
        assert!(glob("/trunks*", "/trunks/1"));
        assert!(glob("*/activate", "/numbers/activate"));
        assert!(glob("/n*s/*e", "/numbers/activate"));
        assert!(!glob("/trunks", "/trunks/1"));
        assert!(!glob("/trunks/*", "/trunks"));
        assert!(!glob("/ab*ba", "/aba"));
    }
}
