//! Accounts that show far less than when a plan was made.
//! In: a plan and fresh states. Out: a refusal for each account whose list can't be believed.
//! A wrong token, another environment or a broken list looks just like that; to create on its ground would make everything twice.

use super::refusals;
use crate::model::{Account, Observed, Plan, PlannedAccount, Refusal, State};

/// So many trunks and numbers must be missing at least, unless all are: below it is everyday work.
pub const MISSING: usize = 5;
/// Of so many parts of what was live one must be left.
pub const LEFT: usize = 2;

/// PLN011 for each account of the plan that is now empty, or has lost more than all but one of [`LEFT`] parts and [`MISSING`] things, whatever became of what
/// the plan touches; an account in which the plan changes nothing is left out.
pub fn shrunk(plan: &Plan, observed: &[(&Account, &State)]) -> Vec<Refusal> {
    let refused = |planned: &PlannedAccount| {
        let (_, now) = observed.iter().find(|(account, _)| **account == planned.account)?;
        let (was, is) = (live(planned.observed), now.resources.len());
        (!planned.fingerprints.is_empty() && is_far_less(was, is))
            .then(|| refusals::shrunk(&planned.account, was, is))
    };
    plan.accounts.iter().filter_map(refused).collect()
}

fn live(Observed { trunks, numbers, requests: _ }: Observed) -> usize {
    trunks + numbers
}

fn is_far_less(was: usize, is: usize) -> bool {
    let missing = was.saturating_sub(is);
    (is == 0 && was > 0) || (missing >= MISSING && is * LEFT < was)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_or_less_than_half_with_a_handful_missing_is_far_less() {
        for (was, is) in [(1, 0), (4, 0), (9, 4), (10, 4), (6, 1), (1000, 499)] {
            assert!(is_far_less(was, is), "{was} {is}");
        }
        for (was, is) in [(0, 0), (0, 3), (4, 1), (5, 1), (9, 5), (10, 5), (1000, 500), (3, 7)] {
            assert!(!is_far_less(was, is), "{was} {is}");
        }
    }
}
