//! `--target`: only what matches, and what that needs.
//! In: what differs and the patterns. Out: the part of it that can be applied by itself.
//! A move needs its new trunk; a trunk that goes needs the moves of its numbers; a name needs to be free.

use std::collections::{HashMap, HashSet};

use super::impact::references;
use crate::diff::reason;
use crate::model::{Action, Address, Change, Pattern, Resource, Value, World};

/// The changes that match, and those that they need; all where there is no pattern.
pub(super) fn narrow(world: &World, changes: Vec<Change>, targets: &[Pattern]) -> Vec<Change> {
    if targets.is_empty() {
        return changes;
    }
    let needs = Needs::new(world, &changes);
    let matches = |change: &Change| targets.iter().any(|pattern| pattern.matches(&change.address));
    let mut open: Vec<usize> = (0..changes.len()).filter(|&at| matches(&changes[at])).collect();
    let mut kept = vec![false; changes.len()];
    while let Some(at) = open.pop() {
        if !std::mem::replace(&mut kept[at], true) {
            open.extend(needs.of(&changes[at]));
        }
    }
    let kept: Vec<Change> =
        changes.into_iter().zip(kept).filter(|(_, kept)| *kept).map(|(change, _)| change).collect();
    let going: HashSet<Address> =
        kept.iter().filter(|change| change.action == Action::Delete).map(|c| c.address.clone()).collect();
    kept.into_iter().filter_map(|change| of_its_own(world, change, &going)).collect()
}

/// A change without what would only follow from a deletion that is left out.
fn of_its_own(world: &World, mut change: Change, going: &HashSet<Address>) -> Option<Change> {
    let Some(desired) = world.desired.get(&change.address) else { return Some(change) };
    let before = change.attributes.len();
    change.attributes.retain(|differs| {
        let target = differs.before.as_ref().and_then(Value::as_ref_address);
        !reason::follows(world, desired, differs) || target.is_some_and(|target| going.contains(target))
    });
    if change.attributes.len() < before {
        change.reason = reason::update(world, desired, &change.attributes);
    }
    (change.action != Action::Update || !change.attributes.is_empty()).then_some(change)
}

struct Needs<'a> {
    world: &'a World,
    /// What is made, by address.
    created: HashMap<&'a Address, usize>,
    /// What refers to something now, by what it refers to.
    referrers: HashMap<&'a Address, Vec<usize>>,
    /// What is deleted or renamed, by the name that it has on the platform.
    freed: HashMap<&'a str, Vec<usize>>,
}

impl<'a> Needs<'a> {
    fn new(world: &'a World, changes: &'a [Change]) -> Self {
        let mut needs =
            Self { world, created: HashMap::new(), referrers: HashMap::new(), freed: HashMap::new() };
        for (at, change) in changes.iter().enumerate() {
            if change.action == Action::Create {
                needs.created.insert(&change.address, at);
            }
            if let Some(name) = freed_name(world.kinds, change).or_else(|| former_name(change)) {
                needs.freed.entry(name).or_default().push(at);
            }
            for target in references(world.kinds, change.before.as_ref()) {
                needs.referrers.entry(target).or_default().push(at);
            }
        }
        needs
    }

    fn of(&self, change: &Change) -> Vec<usize> {
        let mut needed: Vec<usize> = references(self.world.kinds, change.after.as_ref())
            .filter_map(|target| self.created.get(target).copied())
            .collect();
        if matches!(change.action, Action::Delete | Action::Replace) {
            needed.extend(self.referrers.get(&change.address).into_iter().flatten());
        }
        if let Some(name) = taken_name(self.world.kinds, change) {
            needed.extend(self.freed.get(name).into_iter().flatten());
        }
        needed
    }
}

/// The former name of what is made: until it is, it would be taken for the live one of that name.
fn former_name(change: &Change) -> Option<&str> {
    let made = change.after.as_ref().filter(|_| change.action == Action::Create);
    made?.settings.as_ref()?.renamed_from.as_deref()
}

/// The name that a deletion or a rename sets free.
pub(super) fn freed_name<'a>(kinds: &crate::model::Kinds, change: &'a Change) -> Option<&'a str> {
    let identity = kinds.get(change.address.kind)?.identity;
    let name = |side: Option<&'a Resource>| side?.attributes.get(identity)?.as_text();
    let before = name(change.before.as_ref())?;
    (change.action == Action::Delete || name(change.after.as_ref()) != Some(before)).then_some(before)
}

/// The name that a thing takes: one that is made, a rename, or the last step of a replacement.
pub(super) fn taken_name<'a>(kinds: &crate::model::Kinds, change: &'a Change) -> Option<&'a str> {
    let identity = kinds.get(change.address.kind)?.identity;
    match change.action {
        Action::Update => change.after(identity)?.as_text(),
        Action::Create | Action::Replace => change.after.as_ref()?.attributes.get(identity)?.as_text(),
        Action::Delete => None,
    }
}
