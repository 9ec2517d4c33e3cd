//! Reads the names and ids that identify a resource.
//! In: a declared or a live resource. Out: its pinned id, its former name, its name on the platform.
//! Matches nothing.

use crate::model::{Id, Kind, KindName, Resource};

pub(super) fn is_trunk(resource: &Resource) -> bool {
    resource.address.kind == KindName::Trunk
}

/// The `id:` of a declared resource.
pub(super) fn pinned_id(resource: &Resource) -> Option<&Id> {
    resource.settings.as_ref()?.pin.as_ref()
}

/// The `renamed_from:` of a declared resource.
pub(super) fn former_name(resource: &Resource) -> Option<&str> {
    resource.settings.as_ref()?.renamed_from.as_deref()
}

/// The name on the platform: two live trunks of one name have different addresses.
pub(super) fn live_name<'a>(kind: &Kind, live: &'a Resource) -> &'a str {
    live.attributes.get(kind.identity).and_then(|name| name.as_text()).unwrap_or(&live.address.name)
}
