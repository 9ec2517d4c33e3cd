//! Names and ids of live resources, as addresses and files have them.
//! In: a live resource, or its id. Out: its name in the spelling of addresses; its id as text of a file.
//! Decides nothing about what is exported.

use super::scalar::scalar;
use crate::model::{Id, KindName, Resource, normalise};

/// The name on the platform, in the spelling of addresses.
pub(super) fn live_name(identity: &str, live: &Resource) -> String {
    let name = live.attributes.get(identity).and_then(|name| name.as_text()).unwrap_or(&live.address.name);
    match live.address.kind {
        KindName::Number => normalise::number(name).into_owned(),
        _ => normalise::name(name).into_owned(),
    }
}

/// An id as a file has it.
pub(super) fn id_text(id: &Id) -> String {
    match id {
        Id::Int(number) => number.to_string(),
        Id::Text(text) => scalar(text),
    }
}
