//! Counts how many numbers each trunk and each agent gains and loses.
//! In: the kinds of an account and its planned changes. Out: both counts for each trunk and agent.
//! Counts references only, never what a platform does on its own.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json};

use super::address::{Address, KindName};
use super::kind::Kinds;
use super::plan::PlannedChange;

/// The numbers that each trunk and each agent gains, and those that it loses, counted apart.
pub fn count_moves<'a>(
    kinds: &Kinds,
    changes: impl Iterator<Item = &'a PlannedChange>,
) -> BTreeMap<Address, (usize, usize)> {
    let mut moves: BTreeMap<Address, (usize, usize)> = BTreeMap::new();
    for change in changes.filter(|change| change.address.kind == KindName::Number) {
        for (attribute, kind) in kinds.number.references() {
            let holder = |side: &Option<Map<String, Json>>| {
                let name = side.as_ref()?.get(attribute.name)?.as_str()?;
                Some(Address::new(&change.address.account, kind, name))
            };
            let (from, to) = (holder(&change.before), holder(&change.after));
            if from != to {
                to.into_iter().for_each(|to| moves.entry(to).or_default().0 += 1);
                from.into_iter().for_each(|from| moves.entry(from).or_default().1 += 1);
            }
        }
    }
    moves
}
