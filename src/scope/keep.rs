//! What must stay is copied into desired, so that the diff knows no exceptions.
//! In: `unlisted`, `ignore` and both sides. Out: desired with all that stays, and the addresses of what no file lists.
//! Nothing is taken away here by itself: what is not copied is what `unlisted` gives up.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{
    AccountConfig, Address, Attributes, Kind, KindName, Kinds, Resource, State, UnlistedNumbers, Value,
};

/// What decides whether a live thing stays.
pub(super) struct Keeper<'a> {
    /// Its `unlisted` and `ignore`.
    pub(super) config: &'a AccountConfig,
    /// What the kinds allow.
    pub(super) kinds: &'a Kinds,
    /// Rows of numbers that are live twice: left alone like what is ignored.
    pub(super) twins: &'a BTreeSet<Address>,
}

impl Keeper<'_> {
    /// Copies what stays into desired; gives back, by address, what is live, stays, and stands in no file.
    pub(super) fn keep(&self, desired: &mut State, observed: &State) -> Vec<Address> {
        self.leave_alone(desired, observed);
        let mut unlisted = Vec::new();
        let missing = observed.beside(desired).filter(|(_, desired)| desired.is_none());
        let missing: Vec<_> = missing.map(|(live, _)| live).collect();
        for live in missing.into_iter().filter(|live| !live.is_leftover()) {
            if let Some(copy) = self.stays(live) {
                // What `ignore` matches is spoken of in the file.
                if !ignores(self.config, &live.address) {
                    unlisted.push(live.address.clone());
                }
                desired.insert(copy);
            }
        }
        unlisted
    }

    fn passes_over(&self, address: &Address) -> bool {
        self.twins.contains(address) || ignores(self.config, address)
    }

    /// What is declared and ignored should be as it is; where it is not live, nothing should be.
    fn leave_alone(&self, desired: &mut State, observed: &State) {
        if self.config.ignore.is_empty() && self.twins.is_empty() {
            return;
        }
        let ignored: Vec<_> = desired.resources.keys().filter(|a| self.passes_over(a)).cloned().collect();
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

    /// The live thing as `unlisted` and `ignore` leave it, or nothing where it should go.
    fn stays(&self, live: &Resource) -> Option<Resource> {
        let mut copy = copy(live);
        if self.passes_over(&live.address) || self.passes_over(&live.read_as()) {
            copy.settings.get_or_insert_default().ignored = true;
            return Some(copy);
        }
        if self.config.removed.protection_of(live).is_some() {
            return None;
        }
        let unlisted = self.config.unlisted;
        if live.address.kind == KindName::Trunk {
            return (!unlisted.delete_trunks).then_some(copy);
        }
        match unlisted.numbers {
            UnlistedNumbers::Keep => {}
            UnlistedNumbers::Unassign => unassign(&self.kinds.number, &mut copy.attributes),
            UnlistedNumbers::Deactivate => deactivate(&self.kinds.number, &mut copy.attributes),
            UnlistedNumbers::Delete => return None,
        }
        Some(copy)
    }
}

/// Says of what goes because it was declared once that this is why, and whether it was protected.
pub(super) fn mark_removed(config: &AccountConfig, desired: &State, observed: &mut State) {
    if config.removed.is_empty() {
        return;
    }
    for live in observed.resources.values_mut() {
        if desired.get(&live.address).is_some() || live.is_leftover() {
            continue;
        }
        if let Some(protect) = config.removed.protection_of(live) {
            let settings = live.settings.get_or_insert_default();
            (settings.removed, settings.protect) = (true, protect);
        }
    }
}

/// Whether `ignore` names an address.
pub(super) fn ignores(config: &AccountConfig, address: &Address) -> bool {
    config.ignore.iter().any(|pattern| pattern.matches(address))
}

fn copy(live: &Resource) -> Resource {
    Resource { settings: None, ..live.clone() }
}

/// Takes its trunk from a number; where no number can be without one, its agents.
fn unassign(kind: &Kind, attributes: &mut Attributes) {
    let held = kind.references().any(|(attribute, _)| attribute.vital);
    let given_up = |trunk: bool, vital: bool| if held { !vital } else { trunk };
    for (attribute, _) in kind.references().filter(|(a, k)| given_up(*k == KindName::Trunk, a.vital)) {
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
/// without its trunk (unless it has an heir and a file lists the thing) stays as it is: the planner then refuses to let the trunk go.
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
                _ if named || (attribute.vital && resource.origin.is_none()) => {}
                Some(heir) => resource.attributes.set(attribute.name, Value::Ref(heir.clone())),
                None if attribute.vital => {}
                None => resource.attributes.set(attribute.name, Value::Null),
            }
        }
    }
}
