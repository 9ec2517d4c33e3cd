//! How many numbers a trunk or an agent has, before a plan and after it.
//! In: the changes of a plan as readers see them. Out: what comes to each holder and what goes.
//! Counts references only: what a platform does on its own is not in it.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json};

use super::address::{Address, KindName};
use super::kind::Kinds;
use super::plan::PlannedChange;

/// A trunk or an agent whose count of numbers changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holding {
    /// Which.
    pub address: Address,
    /// How many numbers it has.
    pub before: usize,
    /// How many it will have.
    pub after: usize,
}

/// What comes to each holder of numbers and what goes from it, counted apart.
pub fn moves<'a>(
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
