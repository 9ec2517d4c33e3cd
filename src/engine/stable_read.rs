//! Readings that agree on what is not there.
//! In: a reading of one account with what differs, and a way to read the account again. Out: a reading that may be created upon.
//! A list of several pages that shifts while its total stays the same can hide a live thing; to create that would make it twice.

use std::collections::BTreeSet;

use crate::model::{Action, Address, Change, State, World};
use crate::provider::Provider;

/// No list of a platform has more on one page; what is on one page can't shift.
const ONE_PAGE: usize = 100;
/// Times that an account is read once more after two readings that did not agree.
const MAX_REREADS: usize = 3;

/// One reading of an account, and what differs in it.
pub type AccountDiff = (World, Vec<Change>);

/// A way to read an account once more.
pub(super) trait ReadAgain {
    /// The account as it is now, and what differs.
    fn read_again(&mut self) -> impl Future<Output = Result<AccountDiff, String>> + Send;
}

/// The reading, if nothing is created on its ground that a longer list could hide; else the second of two that agree on what is created.
pub(super) async fn until_stable(
    provider: &'static dyn Provider,
    mut reading: AccountDiff,
    mut again: impl ReadAgain,
) -> Result<AccountDiff, String> {
    let mut missing = may_be_missing(provider, &reading);
    for _ in 0..=MAX_REREADS {
        if missing.is_empty() {
            return Ok(reading);
        }
        let mut next = again.read_again().await?;
        next.0.observed.requests += reading.0.observed.requests;
        let now = may_be_missing(provider, &next);
        let agree = now == missing;
        (reading, missing) = (next, now);
        if agree {
            return Ok(reading);
        }
    }
    if missing.is_empty() {
        Ok(reading)
    } else {
        Err(format!("{}: the account kept changing while it was read", reading.0.account))
    }
}

/// What is to be created and could be hidden.
fn may_be_missing(provider: &dyn Provider, (world, changes): &AccountDiff) -> BTreeSet<Address> {
    if !provider.pages() {
        return BTreeSet::new();
    }
    let created = changes.iter().filter(|change| change.action == Action::Create);
    created
        .map(|change| &change.address)
        .filter(|address| may_be_hidden(address, &world.observed))
        .cloned()
        .collect()
}

/// Whether so many of its kind are live that one could have been missed.
pub(super) fn may_be_hidden(address: &Address, observed: &State) -> bool {
    observed.resources.keys().filter(|live| live.kind == address.kind).take(ONE_PAGE + 1).count() > ONE_PAGE
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Account, Attributes, KindName, Limits, Resource};
    use crate::provider;

    fn number(n: usize) -> Address {
        Address::new(&Account::new("a"), KindName::Number, &format!("+1415555{n:04}"))
    }

    /// A reading of `live` numbers of a platform in which these are missing.
    fn reading(platform: &str, live: usize, missing: &[usize]) -> AccountDiff {
        let provider = provider::get(platform).unwrap();
        let mut observed = State { requests: 1, ..State::default() };
        for n in 0..live {
            observed.insert(Resource::new(number(n), Attributes::default()));
        }
        let create = |&n: &usize| Change {
            address: number(n),
            action: Action::Create,
            before: None,
            after: None,
            attributes: vec![],
            reason: String::new(),
        };
        let world = World {
            account: Account::new("a"),
            provider: provider.name(),
            desired: State::default(),
            observed,
            unlisted: vec![],
            diagnostics: vec![],
            limits: Limits::default(),
            kinds: provider.kinds(),
            before: None,
        };
        (world, missing.iter().map(create).collect())
    }

    /// How many numbers are missing in the end, and after how many requests.
    async fn end(live: usize, missing: &[&[usize]]) -> Result<(usize, usize), String> {
        end_of("kalem", live, missing).await
    }

    /// Readings that were made up, in their order.
    impl<I: Iterator<Item = AccountDiff> + Send> ReadAgain for I {
        async fn read_again(&mut self) -> Result<AccountDiff, String> {
            Ok(self.next().expect("read too often"))
        }
    }

    async fn end_of(platform: &str, live: usize, missing: &[&[usize]]) -> Result<(usize, usize), String> {
        let mut readings = missing.iter().map(|missing| reading(platform, live, missing));
        let first = readings.next().unwrap();
        let stable = until_stable(provider::get(platform).unwrap(), first, readings).await;
        stable.map(|(world, changes)| (changes.len(), world.observed.requests))
    }

    #[tokio::test]
    async fn readings_go_on_until_two_agree() {
        assert_eq!(end(100, &[&[7]]).await, Ok((1, 1)), "one page can't shift");
        assert_eq!(end(101, &[&[]]).await, Ok((0, 1)), "nothing is created");
        assert_eq!(end(101, &[&[7], &[7]]).await, Ok((1, 2)));
        assert_eq!(end(101, &[&[7, 8], &[7], &[7]]).await, Ok((1, 3)));
        assert_eq!(end(101, &[&[7], &[7, 8], &[7], &[7, 8], &[7, 8]]).await, Ok((2, 5)));
        let why = end(101, &[&[1], &[2], &[3], &[4], &[5]]).await.unwrap_err();
        assert_eq!(why, "a: the account kept changing while it was read");
    }

    #[tokio::test]
    async fn a_list_without_pages_is_read_once() {
        for platform in ["bolna", "talkover"] {
            assert_eq!(end_of(platform, 101, &[&[7]]).await, Ok((1, 1)), "{platform}");
        }
    }
}
