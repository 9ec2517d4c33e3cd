//! Accounts that show far less than when a plan was made.
//! In: a plan and fresh states. Out: a refusal for each account whose list can't be believed.
//! A wrong token, another environment or a broken list looks just like that; to create on its ground would make everything twice.

use crate::model::{Account, Address, Code, KindName, Observed, Plan, PlannedAccount, Refusal, State};

/// So many trunks and numbers must be missing at least, unless all are: below it is everyday work.
const MIN_MISSING: usize = 5;
/// Of so many parts of what was live one must be left.
const SHRINK_DIVISOR: usize = 2;

/// PLN011 for each account of the plan that is now empty, or has lost more than all but one of `SHRINK_DIVISOR` parts and `MIN_MISSING` things, whatever became of what
/// the plan touches; an account in which the plan changes nothing is left out.
pub(super) fn refusals(plan: &Plan, observed: &[(&Account, &State)]) -> Vec<Refusal> {
    let refused = |planned: &PlannedAccount| {
        let (_, now) = observed.iter().find(|(account, _)| **account == planned.account)?;
        let (was, is) = (planned.observed.trunks + planned.observed.numbers, live(planned.observed, now));
        (!planned.fingerprints.is_empty() && is_far_less(was, is)).then(|| refusal(&planned.account, was, is))
    };
    plan.accounts.iter().filter_map(refused).collect()
}

/// What is live now of the kinds of which something was: where a plan is about trunks alone, numbers may not have been read.
fn live(was: Observed, now: &State) -> usize {
    let counts = |address: &&Address| match address.kind {
        KindName::Number => was.numbers > 0,
        _ => was.trunks > 0,
    };
    now.resources.keys().filter(counts).count()
}

fn is_far_less(was: usize, is: usize) -> bool {
    let missing = was.saturating_sub(is);
    (is == 0 && was > 0) || (missing >= MIN_MISSING && is * SHRINK_DIVISOR < was)
}

/// PLN011.
fn refusal(account: &Account, was: usize, is: usize) -> Refusal {
    let is = if is == 0 { "none".to_owned() } else { format!("only {is}") };
    Refusal {
        code: Code::PLN011,
        message: format!(
            "`{account}` had {was} trunks and numbers when the plan was made, and now shows {is} of them"
        ),
        help: "look at the token, the base URL and the account itself; if the account is right as it is now, plan again"
            .into(),
        addresses: Vec::new(),
        no_safe_plan: false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Resource;

    #[test]
    fn only_what_was_read_counts() {
        let mut now = State::default();
        for name in ["trunk.A", "number.+1", "number.+2"] {
            now.insert(Resource::new(format!("a.{name}").parse().unwrap(), Default::default()));
        }
        let live = |trunks, numbers| live(Observed { trunks, numbers, requests: 1 }, &now);
        assert_eq!([live(8, 0), live(0, 8), live(1, 1)], [1, 2, 3]);
    }

    #[test]
    fn an_account_in_which_nothing_changes_is_left_out() {
        let (account, touched) = (Account::new("a"), "a.trunk.A".parse().unwrap());
        let mut planned = PlannedAccount {
            account: account.clone(),
            provider: String::new(),
            observed: Observed { trunks: 3, numbers: 4, requests: 1 },
            fingerprints: vec![(touched, String::new())],
            removals: 0,
            allowed: 0,
            budget: None,
        };
        let refusals = |planned: &PlannedAccount| {
            let plan = Plan { accounts: vec![planned.clone()], ..Plan::default() };
            super::refusals(&plan, &[(&account, &State::default())]).len()
        };
        assert_eq!(refusals(&planned), 1);
        planned.fingerprints.clear();
        assert_eq!(refusals(&planned), 0);
    }

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
