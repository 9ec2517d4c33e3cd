//! How many numbers each trunk and each agent has, before and after.
//! In: a world, and its changes as the plan shows them. Out: the holders whose count changes, by address.
//! Says nothing where a live number does not tell what it is on.

use std::collections::{HashMap, HashSet};

use crate::model::number_moves::count_moves;
use crate::model::{Address, Holding, KindName, PlannedChange, World};

/// The trunks and agents of an account whose count of numbers changes.
pub(super) fn of(world: &World, changes: &[PlannedChange]) -> Vec<Holding> {
    let moves = count_moves(world.kinds, changes.iter());
    if moves.is_empty() {
        return Vec::new();
    }
    let mut live: HashMap<&Address, usize> = HashMap::new();
    let mut untold = HashSet::new();
    for number in world.observed.resources.values().filter(|r| r.address.kind == KindName::Number) {
        for (attribute, kind) in world.kinds.number.references() {
            match number.attributes.get(attribute.name) {
                Some(value) => {
                    value.as_ref_address().into_iter().for_each(|to| *live.entry(to).or_default() += 1);
                }
                None => _ = untold.insert(kind),
            }
        }
    }
    let told = moves.into_iter().filter(|(address, _)| !untold.contains(&address.kind));
    let counted = told.filter_map(|(address, (come, go))| {
        let before = live.get(&address).copied().unwrap_or_default();
        Some(Holding { after: (before + come).checked_sub(go)?, before, address })
    });
    counted.filter(|holding| holding.before != holding.after).collect()
}
