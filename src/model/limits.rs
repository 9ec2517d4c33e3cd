//! How much one apply may take away.
//! In: nothing. Out: the limits of an account, and what they allow for its size.
//! Decides nothing else: the planner counts and refuses.

/// `limits`: one apply may take away at most the larger of the two.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limits {
    /// How many removals are allowed.
    pub removals: Removals,
    /// This many removals are always allowed.
    pub free: usize,
}

/// `limits.removals`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Removals {
    /// A share of the account's live trunks and numbers, in percent.
    Percent(u32),
    /// A count.
    Count(usize),
}

impl Default for Limits {
    fn default() -> Self {
        Self { removals: Removals::Percent(10), free: 3 }
    }
}

impl Limits {
    /// How many removals an account with so many live things allows.
    pub fn allowed(&self, live: usize) -> usize {
        let share = match self.removals {
            Removals::Percent(percent) => live * percent as usize / 100,
            Removals::Count(count) => count,
        };
        share.max(self.free)
    }
}
