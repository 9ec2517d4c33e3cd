//! Numbers that are live twice.
//! In: what is live. Out: the addresses of the rows that share a number, and a complaint about each of them that a file declares.
//! Never picks one of them: a platform may switch a number on and off by its text, and would hit the other.

use std::collections::{BTreeSet, HashMap};

use super::names::live_name;
use super::{complaints, keep};
use crate::model::normalise;
use crate::model::{AccountConfig, Address, Diagnostic, KindName, Kinds, Resource, State};

/// The addresses that no plan may touch, because another live row has the same number.
pub(super) fn find(
    config: &AccountConfig,
    observed: &State,
    kinds: &Kinds,
    diagnostics: &mut Vec<Diagnostic>,
) -> BTreeSet<Address> {
    let number = |r: &&Resource| r.address.kind == KindName::Number;
    // Rows that share a number were read as `NUMBER#ID`, all but one.
    if !observed.resources.values().any(|r| number(&r) && r.address.name.contains('#')) {
        return BTreeSet::new();
    }
    let mut rows: HashMap<String, Vec<&Resource>> = HashMap::new();
    for live in observed.resources.values().filter(number) {
        let name = normalise::name(live_name(&kinds.number, live)).into_owned();
        rows.entry(name).or_default().push(live);
    }
    rows.retain(|_, rows| rows.len() > 1);
    if rows.is_empty() {
        return BTreeSet::new();
    }
    let declared = config.desired.resources.values().filter(number);
    for resource in declared.filter(|r| !keep::ignores(config, &r.address)) {
        if let Some(rows) = rows.get(&*normalise::name(&resource.address.name)) {
            diagnostics.push(complaints::number_live_twice(resource, rows));
        }
    }
    rows.into_values().flatten().map(|live| live.address.clone()).collect()
}
