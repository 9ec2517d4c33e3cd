//! Where the secrets of an account come from.
//! In: a world, its changes and the patterns of `--target`. Out: every declared secret of the plan's scope with its source, by address and attribute.
//! Never opens a source.

use std::collections::HashSet;

use crate::model::declared_secret::DeclaredSecret;
use crate::model::{Address, Change, KindName, Kinds, Pattern, Value, World};

/// The declared secrets; with patterns those of what matches, and of what a change touches.
pub(super) fn declared(world: &World, changes: &[Change], targets: &[Pattern]) -> Vec<DeclaredSecret> {
    let holding: Vec<KindName> = [KindName::Trunk, KindName::Number]
        .into_iter()
        .filter(|kind| holds_secrets(world.kinds, *kind))
        .collect();
    let changed: HashSet<&Address> = changes.iter().map(|change| &change.address).collect();
    let in_scope = |address: &Address| {
        targets.is_empty()
            || targets.iter().any(|pattern| pattern.matches(address))
            || changed.contains(address)
    };
    let mut all = Vec::new();
    for resource in world.desired.resources.values() {
        let address = &resource.address;
        if !holding.contains(&address.kind) || !in_scope(address) {
            continue;
        }
        all.extend(resource.attributes.iter().filter_map(|entry| match &entry.value {
            Value::Secret(from) => Some(DeclaredSecret {
                address: address.clone(),
                attribute: entry.name.to_owned(),
                from: from.clone(),
            }),
            _ => None,
        }));
    }
    all.sort();
    all
}

fn holds_secrets(kinds: &Kinds, kind: KindName) -> bool {
    kinds.get(kind).is_some_and(|kind| kind.attributes.iter().any(|attribute| attribute.secret))
}
