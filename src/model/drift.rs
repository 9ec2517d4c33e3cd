//! What of a plan is drift: what differs from the files and is not known noise.
//! In: a plan, patterns of known noise. Out: what counts, and what is ignored.
//! Takes nothing out of the plan: what is ignored is still shown.

use std::collections::HashSet;
use std::str::FromStr;

use jiff::civil::Date;

use super::address::{Account, Address, Pattern};
use super::plan::{Plan, PlannedChange};

/// Known noise: a pattern, and the last day on which it is ignored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Noise {
    /// What it names.
    pub pattern: Pattern,
    /// The last day; none where it never ends.
    pub until: Option<Date>,
}

impl Noise {
    /// Whether it counts again.
    pub fn is_over(&self, today: Date) -> bool {
        self.until.is_some_and(|until| until < today)
    }
}

impl FromStr for Noise {
    type Err = String;

    /// `PATTERN` or `PATTERN:YYYY-MM-DD`; a colon that no day follows is part of the pattern.
    fn from_str(text: &str) -> Result<Self, String> {
        let Some((pattern, day)) = text.rsplit_once(':').filter(|(_, day)| looks_like_a_day(day)) else {
            return Ok(Self { pattern: Pattern::new(text), until: None });
        };
        let until = day.parse().map_err(|_| format!("`{day}` is no day; write YYYY-MM-DD"))?;
        Ok(Self { pattern: Pattern::new(pattern), until: Some(until) })
    }
}

fn looks_like_a_day(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-')
}

/// What differs from the files, and what of it counts.
#[derive(Clone, Debug)]
pub struct Drift<'a> {
    /// The plan that it was found by.
    pub plan: &'a Plan,
    /// What differs and counts, in the order of the plan.
    pub changes: Vec<&'a PlannedChange>,
    /// What is live, not listed, not about to be changed, and not ignored.
    pub unlisted: Vec<&'a Address>,
    /// What would be in one of the two, were it not known noise.
    pub ignored: Vec<&'a Address>,
    /// Whether what is not listed counts.
    pub with_unlisted: bool,
}

impl<'a> Drift<'a> {
    /// Looks at a plan.
    pub fn of(plan: &'a Plan, noise: &[Pattern], with_unlisted: bool) -> Self {
        let is_noise = |address: &Address| noise.iter().any(|pattern| pattern.matches(address));
        let (noisy, changes): (Vec<_>, Vec<_>) =
            plan.changes.iter().partition(|change| is_noise(&change.address));
        let changing: HashSet<_> = plan.changes.iter().map(|change| &change.address).collect();
        let (ignored, unlisted): (Vec<_>, Vec<_>) =
            plan.unlisted.iter().filter(|address| !changing.contains(address)).partition(|one| is_noise(one));
        let ignored = noisy.into_iter().map(|change| &change.address).chain(ignored).collect();
        Self { plan, changes, unlisted, ignored, with_unlisted }
    }

    /// Whether there is any.
    pub fn is_some(&self) -> bool {
        !self.changes.is_empty() || (self.with_unlisted && !self.unlisted.is_empty())
    }

    /// Whether what was found of an account is all that there is: where something is wrong with it, that nothing differs means nothing.
    pub fn knows(&self, account: &Account) -> bool {
        let mut errors = self.plan.diagnostics.iter().filter(|found| found.is_error());
        self.plan.errors.len() == self.plan.unread.len()
            && !self.plan.unread.contains(account)
            && !errors.any(|error| error.address.as_ref().is_none_or(|one| one.account == *account))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_told_from_a_name_with_a_colon() {
        let read = |text: &str| text.parse::<Noise>().map(|one| (one.pattern.as_str().to_owned(), one.until));
        let day = jiff::civil::date(2026, 3, 31);
        assert_eq!(read("number.+1*:2026-03-31"), Ok(("number.+1*".into(), Some(day))));
        assert_eq!(read("trunk.a: b"), Ok(("trunk.a: b".into(), None)));
        assert_eq!(read("trunk.a:"), Ok(("trunk.a:".into(), None)));
        for wrong in ["trunk.a:2026-02-30", "trunk.a:31-12-2026", "trunk.a:2026"] {
            assert!(read(wrong).unwrap_err().contains("YYYY-MM-DD"), "{wrong}");
        }
    }

    #[test]
    fn noise_is_ignored_to_the_end_of_its_day() {
        let noise: Noise = "trunk.a:2026-03-31".parse().unwrap();
        let over = |day| noise.is_over(jiff::civil::date(2026, 4, day));
        assert!(!noise.is_over(jiff::civil::date(2026, 3, 31)) && over(1));
    }
}
