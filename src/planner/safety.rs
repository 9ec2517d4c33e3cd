//! Whether a plan may be applied at all.
//! In: what differs. Out: refusals: some that a flag lifts, some for which no plan is safe.
//! Changes nothing: a refused plan says the same as any other.

use std::collections::BTreeMap;

use super::impact::{Limit, Loss, references, switched_off};
use super::{propagate, refusals};
use crate::model::{Action, Address, Change, Immutable, Kind, KindName, Refusal, Resource, Value, World};

/// What makes that no plan is safe (PLN007, PLN008, PLN009).
pub(super) fn refusals(world: &World, changes: &[Change]) -> Vec<Refusal> {
    let protected = changes.iter().filter_map(|change| protected(world, change));
    let released = changes.iter().filter_map(|change| released(world, change));
    let unsure = changes.iter().filter_map(|change| unsure(world, change));
    protected.chain(released).chain(unsure).chain(in_use(world, changes)).collect()
}

fn protected(world: &World, change: &Change) -> Option<Refusal> {
    change.after.as_ref().or(change.before.as_ref()).filter(|resource| resource.is_protected())?;
    let loss = Loss::of(world.kinds, change);
    match change.action {
        Action::Delete => Some(refusals::protected(&change.address, "be deleted")),
        Action::Replace => Some(refusals::protected(&change.address, "be made anew")),
        Action::Update if loss.any() => {
            Some(refusals::protected(&change.address, &format!("lose {}", loss.words())))
        }
        Action::Update if change.address.kind == KindName::Trunk => {
            let switch = switched_off(&world.kinds.trunk, change)?;
            let what = format!("be switched off: `{}: {}`", switch.name, switch.after.to_json());
            Some(refusals::protected(&change.address, &what))
        }
        Action::Create | Action::Update => None,
    }
}

/// A difference that the platform can only make by giving the thing up.
fn released(world: &World, change: &Change) -> Option<Refusal> {
    let kind = world.kinds.get(change.address.kind)?;
    let live = matches!(change.action, Action::Update | Action::Replace);
    let fatal =
        change.attributes.iter().find(|differs| live && is_fatal(kind, differs.name, &differs.after))?;
    Some(refusals::released(&change.address, fatal.name))
}

/// A number that is deleted and made again although no file says on which trunk: a run that stops between the two could not be made good by another one.
fn unsure(world: &World, change: &Change) -> Option<Refusal> {
    let anew = change.action == Action::Replace && change.address.kind == KindName::Number;
    let kind = world.kinds.get(change.address.kind).filter(|_| anew)?;
    let desired = world.desired.get(&change.address)?;
    let vital = kind.attributes.iter().filter(|attribute| attribute.vital);
    let unnamed = vital.map(|attribute| attribute.name).find(|name| !propagate::names(desired, name))?;
    let target = change.after.as_ref()?.attributes.get(unnamed)?.as_ref_address()?;
    Some(refusals::unsure(&change.address, unnamed, target))
}

fn is_fatal(kind: &Kind, name: &str, after: &Value) -> bool {
    kind.attribute(name).is_some_and(|attribute| {
        attribute.immutable == Immutable::Refuse || (attribute.vital && *after == Value::Null)
    })
}

/// What goes although something that must stay uses it.
fn in_use(world: &World, changes: &[Change]) -> Vec<Refusal> {
    let going: BTreeMap<&Address, Action> = changes
        .iter()
        .filter(|change| matches!(change.action, Action::Delete | Action::Replace))
        .map(|change| (&change.address, change.action))
        .collect();
    if going.is_empty() {
        return Vec::new();
    }
    let mut users: BTreeMap<&Address, Vec<&Resource>> = BTreeMap::new();
    for resource in world.desired.resources.values() {
        for target in will_use(world, resource) {
            let stuck = match going.get(target) {
                Some(Action::Replace) => resource.is_ignored() || propagate::is_stuck(world, resource),
                Some(_) => true,
                None => false,
            };
            if stuck {
                users.entry(target).or_default().push(resource);
            }
        }
    }
    let refused = |(target, users): (&Address, Vec<&Resource>)| {
        let makes_room = going.get(target) == Some(&Action::Replace)
            || world.observed.get(target).is_some_and(Resource::is_leftover);
        let stuck = users.iter().any(|user| propagate::is_stuck(world, user));
        match makes_room && stuck && !users.iter().any(|user| user.is_ignored()) {
            true => refusals::stuck(target, &users),
            false => refusals::in_use(target, &users),
        }
    };
    users.into_iter().map(refused).collect()
}

/// What a resource refers to after the plan: what it should, and where that is not said, what it does.
fn will_use<'a>(world: &'a World, desired: &'a Resource) -> impl Iterator<Item = &'a Address> {
    let kept = world.observed.get(&desired.address).and_then(|observed| {
        let kind = world.kinds.get(observed.address.kind)?;
        Some(kind.references().filter_map(
            move |(attribute, _)| match desired.attributes.get(attribute.name) {
                Some(_) => None,
                None => observed.attributes.get(attribute.name)?.as_ref_address(),
            },
        ))
    });
    references(world.kinds, Some(desired)).chain(kept.into_iter().flatten())
}

/// PLN001, unless the command line allows at least the removals of the whole plan.
pub(super) fn over_the_limit(world: &World, removals: &[Address], limit: &Limit) -> Option<Refusal> {
    let allowed = limit.allow_removals.is_some_and(|allowed| allowed >= limit.total);
    (removals.len() > limit.allowed && !allowed).then(|| refusals::too_many(&world.account, removals, limit))
}
