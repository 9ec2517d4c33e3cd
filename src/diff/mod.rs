//! What differs.
//! In: both sides of one account, brought to one scope. Out: one change a resource that differs, by address.
//! Knows no exceptions: what must stay stands on both sides already. Never decides which requests a change takes.

pub mod reason;
pub mod since;

use crate::model::normalise;
use crate::model::{
    Action, Attribute, AttributeChange, Attributes, Change, Immutable, Kind, Pattern, Resource, Value, World,
};

/// One change for each resource that differs, by address.
///
/// Only attributes that the desired side names are compared, and only where the observed side knows them.
/// `rotate` names the resources whose secrets are sent again although nothing differs.
pub fn diff(world: &World, rotate: &[Pattern]) -> Vec<Change> {
    let past = since::Past::of(world);
    let declared = world.desired.beside(&world.observed).filter_map(|(desired, observed)| {
        let kind = world.kinds.get(desired.address.kind)?;
        match observed {
            None => Some(create(kind, desired)),
            Some(_) if desired.is_ignored() => None,
            Some(observed) => existing((world, past.as_ref()), kind, (desired, observed), rotate),
        }
    });
    let gone = world.observed.beside(&world.desired).filter(|(_, desired)| desired.is_none());
    let mut changes: Vec<_> = declared.chain(gone.map(|(observed, _)| delete(observed))).collect();
    changes.sort_by(|a, b| a.address.cmp(&b.address));
    changes
}

fn create(kind: &Kind, desired: &Resource) -> Change {
    let attributes = kind.attributes.iter().filter_map(|attribute| {
        let after = desired.attributes.get(attribute.name)?.clone();
        Some(AttributeChange { name: attribute.name, before: None, after })
    });
    Change {
        address: desired.address.clone(),
        action: Action::Create,
        before: None,
        attributes: attributes.collect(),
        after: Some(desired.clone()),
        reason: reason::CREATE.into(),
    }
}

fn delete(observed: &Resource) -> Change {
    Change {
        address: observed.address.clone(),
        action: Action::Delete,
        before: Some(observed.clone()),
        after: None,
        attributes: Vec::new(),
        reason: match observed {
            leftover if leftover.is_leftover() => reason::LEFTOVER,
            removed if removed.is_removed() => reason::REMOVED,
            _ => reason::DELETE,
        }
        .into(),
    }
}

fn existing(
    (world, past): (&World, Option<&since::Past<'_>>),
    kind: &Kind,
    (desired, observed): (&Resource, &Resource),
    rotate: &[Pattern],
) -> Option<Change> {
    let mut attributes: Vec<_> =
        kind.attributes.iter().filter_map(|a| differs(a, desired, observed)).collect();
    let mut reason = reason::update(world, desired, &attributes);
    if holds_secret(kind, desired) && rotate.iter().any(|pattern| pattern.matches(&desired.address)) {
        attributes.extend(secrets(kind, desired));
        reason = reason::also(reason, reason::ROTATE);
    } else if let Some(past) = past {
        let repointed = past.repointed(kind, desired);
        reason = reason::also(reason, &reason::repointed(&repointed));
        attributes.extend(repointed);
    }
    (!attributes.is_empty()).then(|| rebuilt(kind, (desired, observed), attributes, reason))
}

/// The change of a live resource that these attributes make: in place where the platform can, else anew.
pub fn rebuilt(
    kind: &Kind,
    (desired, observed): (&Resource, &Resource),
    attributes: Vec<AttributeChange>,
    reason: String,
) -> Change {
    let action = action(kind, &attributes);
    let mut change = Change {
        address: desired.address.clone(),
        action,
        before: Some(observed.clone()),
        after: Some(desired.clone()),
        attributes,
        reason,
    };
    if action == Action::Replace {
        let (after, kept) = carried(kind, desired, observed);
        change.after = Some(after);
        change.reason = reason::replace(&change.reason, &kept);
    }
    change
}

/// An attribute whose desired value is not the live one. A secret and what the platform did not tell never differ.
fn differs(attribute: &Attribute, desired: &Resource, observed: &Resource) -> Option<AttributeChange> {
    let after = desired.attributes.get(attribute.name)?;
    let before = observed.attributes.get(attribute.name)?;
    if attribute.secret || normalise::equal(attribute, before, after) {
        return None;
    }
    Some(AttributeChange { name: attribute.name, before: Some(before.clone()), after: after.clone() })
}

fn holds_secret(kind: &Kind, desired: &Resource) -> bool {
    secrets(kind, desired).next().is_some()
}

/// The secrets that the file names, to be sent although they can't be compared.
fn secrets(kind: &Kind, desired: &Resource) -> impl Iterator<Item = AttributeChange> {
    kind.attributes.iter().filter(|a| a.secret).filter_map(|attribute| {
        let after = desired.attributes.get(attribute.name)?.clone();
        Some(AttributeChange { name: attribute.name, before: None, after })
    })
}

/// What a difference costs. Where it is refused the action is an update that the planner will not let pass.
fn action(kind: &Kind, attributes: &[AttributeChange]) -> Action {
    let anew = |change: &AttributeChange| {
        kind.attribute(change.name).is_some_and(|a| a.immutable == Immutable::Replace)
    };
    if attributes.iter().any(anew) { Action::Replace } else { Action::Update }
}

/// What is made anew loses nothing that the file does not name: the rest is taken from the live one.
fn carried(kind: &Kind, desired: &Resource, observed: &Resource) -> (Resource, Vec<&'static str>) {
    let unnamed = |attribute: &&Attribute| {
        let live = observed.attributes.get(attribute.name);
        !attribute.secret
            && desired.attributes.get(attribute.name).is_none()
            && live.is_some_and(|value| !normalise::equal(attribute, value, &Value::Null))
    };
    let kept: Vec<_> = kind.attributes.iter().filter(unnamed).map(|a| a.name).collect();
    let base: Attributes =
        kept.iter().filter_map(|&name| Some((name, observed.attributes.get(name)?.clone()))).collect();
    let mut after = desired.clone();
    after.attributes = base.overlaid(&desired.attributes);
    (after, kept)
}
