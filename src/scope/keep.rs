//! What must stay is copied into desired, so that the diff knows no exceptions.
//! In: `unlisted`, `ignore` and both sides. Out: desired with all that stays, and the addresses of what no file lists.
//! Nothing is taken away here by itself: what is not copied is what `unlisted` gives up.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{
    AccountConfig, Address, Attributes, Kind, KindName, Kinds, Resource, State, UnlistedNumbers, Value,
};

/// Copies what stays into desired; gives back, by address, what is live, stays, and stands in no file.
pub(super) fn keep(
    config: &AccountConfig,
    desired: &mut State,
    observed: &State,
    kinds: &Kinds,
) -> Vec<Address> {
    leave_alone(config, desired, observed);
    let mut unlisted = Vec::new();
    for live in observed.resources.values() {
        if desired.get(&live.address).is_some() || live.is_leftover() {
            continue;
        }
        if let Some(copy) = stays(config, live, kinds) {
            unlisted.push(live.address.clone());
            desired.insert(copy);
        }
    }
    unlisted
}

fn ignores(config: &AccountConfig, address: &Address) -> bool {
    config.ignore.iter().any(|pattern| pattern.matches(address))
}

/// What is declared and ignored should be as it is; where it is not live, nothing should be.
fn leave_alone(config: &AccountConfig, desired: &mut State, observed: &State) {
    if config.ignore.is_empty() {
        return;
    }
    let ignored: Vec<_> = desired.resources.keys().filter(|a| ignores(config, a)).cloned().collect();
    for address in ignored {
        let declared = desired.resources.remove(&address);
        if let (Some(live), Some(declared)) = (observed.get(&address), declared) {
            let protect = declared.is_protected();
            let mut copy = Resource { origin: declared.origin, ..copy(live) };
            let settings = copy.settings.get_or_insert_default();
            (settings.ignored, settings.protect) = (true, protect);
            desired.insert(copy);
        }
    }
}

fn copy(live: &Resource) -> Resource {
    Resource { settings: None, ..live.clone() }
}

/// The live thing as `unlisted` and `ignore` leave it, or nothing where it should go.
fn stays(config: &AccountConfig, live: &Resource, kinds: &Kinds) -> Option<Resource> {
    let mut copy = copy(live);
    if ignores(config, &live.address) || ignores(config, &live.read_as()) {
        copy.settings.get_or_insert_default().ignored = true;
        return Some(copy);
    }
    if live.address.kind == KindName::Trunk {
        return (!config.unlisted.delete_trunks).then_some(copy);
    }
    match config.unlisted.numbers {
        UnlistedNumbers::Keep => {}
        UnlistedNumbers::Unassign => unassign(&kinds.number, &mut copy.attributes),
        UnlistedNumbers::Deactivate => deactivate(&kinds.number, &mut copy.attributes),
        UnlistedNumbers::Delete => return None,
    }
    Some(copy)
}

fn unassign(kind: &Kind, attributes: &mut Attributes) {
    for (attribute, _) in kind.references().filter(|(_, k)| *k == KindName::Trunk) {
        if attributes.get(attribute.name).is_some() {
            attributes.set(attribute.name, Value::Null);
        }
    }
}

fn deactivate(kind: &Kind, attributes: &mut Attributes) {
    for attribute in &kind.attributes {
        if let Some(inactive) = &attribute.inactive {
            attributes.set(attribute.name, inactive.clone());
        }
    }
}

/// Turns what refers to a trunk that goes: to the heir of an interrupted replacement, else to nothing.
///
/// That goes for kept copies and for declared things whose reference the file does not name. What is ignored, what the file names, and what can't live
/// without its trunk stays as it is: the planner then refuses to let the trunk go.
pub(super) fn let_go(
    desired: &mut State,
    observed: &State,
    heirs: &BTreeMap<Address, Address>,
    kinds: &'static Kinds,
) {
    let gone: BTreeSet<_> =
        observed.resources.keys().filter(|a| a.kind == KindName::Trunk && desired.get(a).is_none()).collect();
    if gone.is_empty() {
        return;
    }
    for resource in desired.resources.values_mut().filter(|r| !r.is_ignored()) {
        let Some(live) = observed.get(&resource.address) else { continue };
        let Some(kind) = kinds.get(resource.address.kind) else { continue };
        for (attribute, _) in kind.references() {
            let named = resource.origin.is_some() && resource.attributes.get(attribute.name).is_some();
            let wanted = resource.attributes.get(attribute.name).or(live.attributes.get(attribute.name));
            let Some(target) = wanted.and_then(Value::as_ref_address).filter(|t| gone.contains(t)) else {
                continue;
            };
            match heirs.get(target) {
                _ if named => {}
                Some(heir) => resource.attributes.set(attribute.name, Value::Ref(heir.clone())),
                None if attribute.vital => {}
                None => resource.attributes.set(attribute.name, Value::Null),
            }
        }
    }
}
