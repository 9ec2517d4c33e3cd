//! What differs.
use crate::model::{Change, Pattern, World};

/// One change for each resource that differs, by address.
///
/// `rotate` names the resources whose secrets are sent again although nothing differs.
pub fn diff(world: &World, rotate: &[Pattern]) -> Vec<Change> {
    let _ = (world, rotate);
    todo!()
}
