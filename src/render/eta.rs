//! How many requests a plan sends to each account, and how long its platform's budget makes them take.
//! In: a plan. Out: counts, seconds, and the words for them.
//! Knows only what the platform's pages allow: how quickly it answers is not in it.

use std::collections::HashMap;

use crate::model::text::visible;
use crate::model::{Account, Budget, Plan};

/// The steps of each account that has any.
pub(super) fn requests(plan: &Plan) -> HashMap<&Account, usize> {
    let mut counts = HashMap::new();
    for step in &plan.steps {
        *counts.entry(&step.address.account).or_default() += 1;
    }
    counts
}

/// The seconds in which the budget allows so many requests, rounded up; none where it says nothing.
pub(super) fn seconds(requests: usize, budget: Option<Budget>) -> Option<u64> {
    let Budget { requests: allowed, seconds } = budget.filter(|budget| budget.requests > 0)?;
    Some((requests as u64).saturating_mul(u64::from(seconds)).div_ceil(u64::from(allowed)))
}

/// One line about all accounts that something is sent to; none where nothing is.
pub(super) fn line(plan: &Plan) -> Option<String> {
    let counts = requests(plan);
    let parts = plan.accounts.iter().filter_map(|account| {
        let requests = *counts.get(&account.account)?;
        let to = format!("{requests} to {}", visible(account.account.as_str()));
        let eta = account.budget.zip(seconds(requests, account.budget));
        Some(eta.map_or(to.clone(), |(budget, eta)| {
            format!("{to} ({} at its {}, plus answers and waits)", duration(eta), rate(budget))
        }))
    });
    let parts: Vec<_> = parts.collect();
    (!parts.is_empty()).then(|| format!("Requests: {}.", parts.join(", ")))
}

/// `9 s`, `4 min`, `2.8 h`; never less than it is.
fn duration(seconds: u64) -> String {
    match seconds {
        0..=119 => format!("{seconds} s"),
        120..=7199 => format!("{} min", seconds.div_ceil(60)),
        _ => {
            let tenths = seconds.div_ceil(360);
            format!("{}.{} h", tenths / 10, tenths % 10)
        }
    }
}

fn rate(Budget { requests, seconds }: Budget) -> String {
    let time = match seconds {
        1 => "a second".to_owned(),
        60 => "a minute".to_owned(),
        3600 => "an hour".to_owned(),
        _ => format!("in {seconds} s"),
    };
    format!("{requests} request{} {time}", if requests == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::fixture::plan;

    fn with(n: u64, budget: Option<Budget>) -> Option<String> {
        let mut plan = plan(n);
        plan.accounts[0].budget = budget;
        line(&plan)
    }

    #[test]
    fn each_account_has_its_own_budget() {
        let budget = |requests, seconds| Some(Budget { requests, seconds });
        let says = |n, budget| with(n, budget).unwrap();
        assert_eq!(
            says(11, budget(100, 60)),
            "Requests: 14 to kalem (9 s at its 100 requests a minute, plus answers and waits)."
        );
        assert_eq!(
            says(0, budget(1, 1)),
            "Requests: 3 to kalem (3 s at its 1 request a second, plus answers and waits)."
        );
        assert_eq!(
            says(0, budget(7, 10)),
            "Requests: 3 to kalem (5 s at its 7 requests in 10 s, plus answers and waits)."
        );
        assert_eq!(says(0, None), "Requests: 3 to kalem.");
        assert_eq!(says(0, budget(0, 60)), "Requests: 3 to kalem.", "a plan from elsewhere may say anything");

        let mut two = plan(0);
        let other = Account::new("other");
        two.accounts.push(crate::model::PlannedAccount { account: other.clone(), ..two.accounts[0].clone() });
        assert_eq!(line(&two).unwrap().matches(" to ").count(), 1, "nothing is sent to the second");
        let address = &two.steps[1].address;
        two.steps[1].address = crate::model::Address::new(&other, address.kind, &address.name);
        two.accounts[0].budget = None;
        two.accounts[1].budget = budget(2, 60);
        let both =
            "Requests: 2 to kalem, 1 to other (30 s at its 2 requests a minute, plus answers and waits).";
        assert_eq!(line(&two).unwrap(), both);
        assert_eq!(line(&Plan::default()), None);
    }

    #[test]
    fn a_duration_is_never_shown_too_short() {
        let shown = [0, 119, 120, 121, 7199, 7200, 10_000, 360_000].map(duration);
        assert_eq!(shown, ["0 s", "119 s", "2 min", "3 min", "120 min", "2.0 h", "2.8 h", "100.0 h"]);
    }
}
