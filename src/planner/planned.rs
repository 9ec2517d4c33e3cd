//! Changes and resources as the plan shows them.
//! In: typed values. Out: JSON with secrets masked and references by name.
//! Never holds a secret, nor the place of one.

use serde_json::{Map, Value as Json};

use crate::model::{Change, Kinds, PlannedChange, PlannedResource, Resource, World};

/// One change for readers.
pub(super) fn change(world: &World, change: &Change) -> PlannedChange {
    let before = change.before.as_ref().map(|resource| resource.attributes.to_json());
    let after = change.after.as_ref().map(|after| will_be(change.before.as_ref(), after));
    let live = change.before.as_ref().and_then(|before| world.observed.get(&before.address));
    let any = change.after.as_ref().or(change.before.as_ref());
    PlannedChange {
        address: change.address.clone(),
        read_as: live.map(Resource::read_as).filter(|read| *read != change.address),
        id: change.before.as_ref().and_then(|before| before.id.clone()),
        provider: world.provider.to_owned(),
        action: change.action,
        changed: change.attributes.iter().map(|attribute| attribute.name.to_owned()).collect(),
        sensitive: any.map(|resource| sensitive(world.kinds, resource)).unwrap_or_default(),
        reason: change.reason.clone(),
        source: source(any),
        cause: None,
        before,
        after,
    }
}

/// Where a resource is declared.
pub(super) fn source(resource: Option<&Resource>) -> Option<String> {
    resource?.origin.as_ref().map(ToString::to_string)
}

/// Every declared resource as it will be.
pub(super) fn resources(world: &World) -> impl Iterator<Item = PlannedResource> {
    let declared = world.desired.resources.values().filter(|resource| resource.origin.is_some());
    declared.map(|resource| PlannedResource {
        address: resource.address.clone(),
        provider: world.provider.to_owned(),
        values: will_be(world.observed.get(&resource.address), resource).into(),
        sensitive: sensitive(world.kinds, resource),
    })
}

/// What is known of a live thing with what is managed laid on top; of one that is made, what is managed.
fn will_be(live: Option<&Resource>, desired: &Resource) -> Map<String, Json> {
    match live {
        Some(live) => live.attributes.overlaid(&desired.attributes).to_json(),
        None => desired.attributes.to_json(),
    }
}

fn sensitive(kinds: &Kinds, resource: &Resource) -> Vec<String> {
    let Some(kind) = kinds.get(resource.address.kind) else { return Vec::new() };
    let secret = kind.attributes.iter().filter(|attribute| attribute.secret);
    let held = secret.filter(|attribute| resource.attributes.get(attribute.name).is_some());
    held.map(|attribute| attribute.name.to_owned()).collect()
}
