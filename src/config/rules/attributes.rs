//! Reads single attributes of a resource.
//! In: a resource and the name of an attribute. Out: what the file states for it.
//! Knows no default of a platform.

use crate::model::{Resource, Value};

/// The value of an attribute that is stated as `true` or `false`.
pub(super) fn stated_flag(resource: &Resource, name: &str) -> Option<bool> {
    match resource.attributes.get(name) {
        Some(Value::Bool(flag)) => Some(*flag),
        _ => None,
    }
}

/// Whether an attribute is stated and equals this text.
pub(super) fn is_text(resource: &Resource, name: &str, text: &str) -> bool {
    resource.attributes.get(name).and_then(Value::as_text) == Some(text)
}
