//! Where a number stands at an account.
//! In: both sides of an account, and a number. Out: what it stands on, and whether it is or will be in service.
//! Knows nothing of other accounts, and takes what neither file nor platform tells for being right.

use std::collections::BTreeSet;

use crate::model::{Address, Id, Kind, KindName, Resource, Value, World};

/// What a number will refer to: as its file says, and where that says nothing, as it is live.
pub(super) fn stands_on(world: &World, number: &Address) -> Vec<Address> {
    let references = world.kinds.number.references();
    let named = references.filter_map(|(attribute, _)| will_say(world, number, attribute.name));
    named.filter_map(Value::as_ref_address).cloned().collect()
}

/// What an attribute will be, as far as file and platform tell.
fn will_say<'a>(world: &'a World, address: &Address, name: &str) -> Option<&'a Value> {
    let desired = world.desired.get(address).filter(|desired| !desired.is_ignored());
    let said = desired.and_then(|desired| desired.attributes.get(name));
    said.or_else(|| world.observed.get(address)?.attributes.get(name))
}

/// Whether a number is still answered at an account: it is switched on and has its trunk, or, where it can't be without one, an agent.
pub(super) fn is_in_service(world: &World, number: &Address) -> bool {
    let Some(live) = world.observed.get(number) else { return false };
    let says = |name: &str| live.attributes.get(name);
    !is_off(&world.kinds.number, says) && is_answered(&world.kinds.number, says)
}

/// Whether a number will be: its trunk has to be on as well.
pub(super) fn will_be_in_service(world: &World, number: &Address) -> bool {
    let says = |name: &str| will_say(world, number, name);
    let trunk = stands_on(world, number).into_iter().find(|target| target.kind == KindName::Trunk);
    let on = trunk.is_some_and(|trunk| !is_off(&world.kinds.trunk, |name| will_say(world, &trunk, name)));
    on && !is_off(&world.kinds.number, says) && is_answered(&world.kinds.number, says)
}

fn is_off<'a>(kind: &Kind, says: impl Fn(&str) -> Option<&'a Value>) -> bool {
    let mut switches = kind.attributes.iter().filter(|attribute| attribute.inactive.is_some());
    switches.any(|attribute| attribute.inactive.as_ref() == says(attribute.name))
}

fn is_answered<'a>(kind: &Kind, says: impl Fn(&str) -> Option<&'a Value>) -> bool {
    let held = kind.references().any(|(attribute, _)| attribute.vital);
    kind.references().any(|(attribute, to)| {
        let is = says(attribute.name).and_then(Value::as_ref_address);
        (to == KindName::Trunk) != held && is.is_some()
    })
}

/// Whether two readings show one account: one platform, and the same ids throughout. Ids alone may be the same at two places.
pub(super) fn is_one_account(one: &World, other: &World) -> bool {
    let ids = |world: &World| -> BTreeSet<(KindName, Option<Id>)> {
        let all = world.observed.resources.values();
        all.map(|live: &Resource| (live.address.kind, live.id.clone())).collect()
    };
    one.provider == other.provider && ids(one) == ids(other)
}
