//! Whoever refers to something that gets a new id changes too.
//! In: what differs. Out: the same, with the changes that follow from it.
//! Leaves alone what is ignored, and what no file lists and no move is safe for: the safety check then refuses to let the old thing go.

use std::collections::{BTreeMap, BTreeSet};

use crate::diff::{self, reason};
use crate::model::{Action, Address, Attribute, AttributeChange, Change, Kind, Resource, World};

/// Adds the references to what is made anew, those of kept unlisted numbers included.
pub(super) fn propagate(world: &World, changes: &mut Vec<Change>) {
    let anew: BTreeSet<Address> =
        changes.iter().filter(|c| c.action == Action::Replace).map(|c| c.address.clone()).collect();
    if anew.is_empty() {
        return;
    }
    let at: BTreeMap<Address, usize> =
        changes.iter().enumerate().map(|(at, change)| (change.address.clone(), at)).collect();
    for desired in world.desired.resources.values().filter(|r| !r.is_ignored() && !is_stuck(world, r)) {
        let Some(observed) = world.observed.get(&desired.address) else { continue };
        let Some(kind) = world.kinds.get(desired.address.kind) else { continue };
        let already = at.get(&desired.address).copied();
        if let Some(change) = following(kind, (desired, observed), already.map(|at| &changes[at]), &anew) {
            match already {
                Some(at) => changes[at] = change,
                None => changes.push(change),
            }
        }
    }
    changes.sort_by(|a, b| a.address.cmp(&b.address));
}

/// Whether a move of this resource could not be made good if it were interrupted: it can't live without its trunk, so that it is deleted and made again, and no
/// file lists it.
pub(super) fn is_stuck(world: &World, resource: &Resource) -> bool {
    let kind = world.kinds.get(resource.address.kind);
    resource.origin.is_none() && kind.is_some_and(|kind| kind.attributes.iter().any(|a| a.vital))
}

/// Whether the file itself names an attribute of a resource.
pub(super) fn names(desired: &Resource, attribute: &str) -> bool {
    let written = desired.attributes.entry(attribute).is_some_and(|entry| !entry.span.is_nowhere());
    desired.origin.is_some() && written
}

/// The change of a resource, with its references to what is made anew; nothing where it has none.
fn following(
    kind: &Kind,
    (desired, observed): (&Resource, &Resource),
    change: Option<&Change>,
    anew: &BTreeSet<Address>,
) -> Option<Change> {
    let follows = |attribute: &Attribute| {
        let before = observed.attributes.get(attribute.name);
        let after = desired.attributes.get(attribute.name).or(before)?;
        let target =
            after.as_ref_address().filter(|_| change.is_none_or(|c| c.after(attribute.name).is_none()));
        target.filter(|target| anew.contains(target))?;
        Some(AttributeChange { name: attribute.name, before: before.cloned(), after: after.clone() })
    };
    let moves: Vec<_> = kind.references().filter_map(|(attribute, _)| follows(attribute)).collect();
    if moves.is_empty() {
        return None;
    }
    if let Some(change) = change.filter(|change| change.action == Action::Replace) {
        return Some(also(change.clone(), moves));
    }
    let mut desired = desired.clone();
    let mut attributes = change.map(|c| c.attributes.clone()).unwrap_or_default();
    let mut reason = change.map(|c| c.reason.clone()).unwrap_or_default();
    for follows in moves {
        desired.attributes.set(follows.name, follows.after.clone());
        reason = reason::also(reason, &reason::made_anew(follows.name));
        attributes.push(follows);
    }
    Some(diff::rebuilt(kind, (&desired, observed), attributes, reason))
}

/// A thing that is made anew for a reason of its own, and on the new target at once.
fn also(mut change: Change, moves: Vec<AttributeChange>) -> Change {
    for follows in moves {
        if let Some(after) = &mut change.after {
            after.attributes.set(follows.name, follows.after.clone());
        }
        change.reason = reason::also(change.reason, &reason::made_anew(follows.name));
        change.attributes.push(follows);
    }
    change
}
