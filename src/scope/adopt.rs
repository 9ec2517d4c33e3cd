//! Which live trunk is which declared one: by `id:`, by name, by `renamed_from:`, or by the mark of a rename or a replacement that stopped half way.
//! In: the declared and the live trunks. Out: the address that each live trunk has from here on, and what an interrupted replacement left.
//! Never guesses: two live trunks of one name are an error that asks for `id:`. Never moves a live trunk that `ignore` names.
//!
//! `renamed_from` is honoured only while no trunk of the new name is live, or where names went round (`exchanged`). Otherwise a file that says "a was b, b was a"
//! would swap the two at every apply. So a rename happens once, and its line may stay in the file. Where the former name is live too and no declared trunk is that
//! one, it is said (LIV007).

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::matcher::Matcher;
use super::names::{former_name, is_trunk, live_name, pinned_id};
use super::{complaints, exchanged, keep};
use crate::model::{
    AccountConfig, Address, Diagnostic, Id, KindName, Kinds, RENAMING_MARK, Resource, Severity, State,
};

/// What became of the live trunks' addresses.
#[derive(Debug, Default)]
pub(super) struct Adoption {
    /// As read → from here on; only those that differ.
    moved: BTreeMap<Address, Address>,
    /// What an interrupted replacement left, and the trunk that takes over its numbers.
    pub(super) leftovers: BTreeMap<Address, Address>,
}

/// Finds the live trunk of each declared one.
pub(super) fn adopt(
    config: &AccountConfig,
    observed: &State,
    kinds: &Kinds,
    diagnostics: &mut Vec<Diagnostic>,
) -> Adoption {
    let declared: Vec<_> = config.desired.resources.values().filter(|r| is_trunk(r)).collect();
    let mut matcher = Matcher::new(config, observed, kinds);
    matcher.by_pin(&declared);
    let alone = |trunk: &Resource| keep::ignores(config, &trunk.address);
    matcher.by_name(&declared, diagnostics, |trunk| {
        (!alone(trunk)).then(|| format!("{}{RENAMING_MARK}", trunk.address.name).into())
    });
    let marked = |live: &&&Resource| live_name(&kinds.trunk, live).ends_with(RENAMING_MARK);
    let half_renamed: Vec<_> = matcher.found.values().filter(marked).copied().collect();
    exchanged::claim(&mut matcher, &declared, alone, diagnostics);
    matcher.by_name(&declared, diagnostics, |trunk| Some((&*trunk.address.name).into()));
    matcher.by_name(&declared, diagnostics, |trunk| former_name(trunk).map(Cow::Borrowed));
    matcher.without_effect(config, &declared, diagnostics);
    matcher.name_is_taken(config, &half_renamed, diagnostics);
    let mut leftovers = Vec::new();
    for trunk in declared.iter().filter(|t| !keep::ignores(config, &t.address)) {
        leftovers.extend(matcher.half_replaced(trunk));
    }
    check_pins(config, observed, &matcher, diagnostics);
    addresses(&matcher, &declared, observed, &leftovers)
}

/// An `id:` that is not live. Where the name is, the thing was made anew since: then it is a warning.
fn check_pins(
    config: &AccountConfig,
    observed: &State,
    matcher: &Matcher<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    for declared in config.desired.resources.values() {
        let Some(id) = pinned_id(declared) else { continue };
        let live = match declared.address.kind {
            KindName::Trunk => matcher.found.get(&declared.address).copied(),
            _ => observed.get(&declared.address),
        };
        let live_id = live.and_then(|live| live.id.as_ref());
        if live_id.is_some_and(|live| live.to_string() == id.to_string()) {
            continue;
        }
        let severity = if live_id.is_some() { Severity::Warning } else { Severity::Error };
        diagnostics.push(complaints::pin_not_live(declared, id, live_id).severity(severity));
    }
}

fn addresses(
    matcher: &Matcher<'_>,
    declared: &[&Resource],
    observed: &State,
    leftovers: &[(&Address, &Address)],
) -> Adoption {
    let declared: BTreeSet<_> = declared.iter().map(|trunk| &trunk.address).collect();
    let claimed: HashMap<_, _> = matcher.found.iter().map(|(&to, live)| (&live.address, to)).collect();
    let mut moved = BTreeMap::new();
    for live in observed.resources.values().filter(|r| is_trunk(r)) {
        let to = match claimed.get(&live.address) {
            Some(&to) => to.clone(),
            None => aside(live, &declared, observed),
        };
        if to != live.address {
            moved.insert(live.address.clone(), to);
        }
    }
    let here = |read: &Address| moved.get(read).unwrap_or(read).clone();
    let leftovers = leftovers.iter().map(|&(read, heir)| (here(read), heir.clone())).collect();
    Adoption { moved, leftovers }
}

/// A live trunk that no declared one is, under an address that no declared one has: `NAME#ID`.
fn aside(live: &Resource, declared: &BTreeSet<&Address>, observed: &State) -> Address {
    let mut address = live.address.clone();
    while declared.contains(&address) || (address != live.address && observed.get(&address).is_some()) {
        let id = live.id.as_ref().map(Id::to_string).unwrap_or_default();
        address = Address::new(&address.account, address.kind, &format!("{}#{id}", address.name));
    }
    address
}

impl Adoption {
    /// The observed side under the addresses from here on; each remembers the name under which it was read.
    pub(super) fn readdressed(&self, mut observed: State) -> State {
        let taken_out: Vec<_> =
            self.moved.iter().filter_map(|(from, to)| Some((observed.resources.remove(from)?, to))).collect();
        for (mut resource, to) in taken_out {
            let read = std::mem::replace(&mut resource.address, to.clone());
            resource.settings.get_or_insert_default().renamed_from = Some((&*read.name).into());
            observed.insert(resource);
        }
        for leftover in self.leftovers.keys() {
            if let Some(resource) = observed.resources.get_mut(leftover) {
                resource.settings.get_or_insert_default().leftover = true;
            }
        }
        if !self.moved.is_empty() {
            observed.resources.values_mut().for_each(|resource| self.follow(resource));
        }
        observed
    }

    /// Turns references to a moved address.
    fn follow(&self, resource: &mut Resource) {
        for value in resource.attributes.values_mut() {
            if let Some(to) = value.as_ref_address().and_then(|from| self.moved.get(from)) {
                *value = crate::model::Value::Ref(to.clone());
            }
        }
    }
}
