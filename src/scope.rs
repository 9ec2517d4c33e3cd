//! Brings both sides of one account to one scope.
use crate::model::{AccountConfig, Kinds, State, World};

/// What must stay is copied into desired; names are resolved; what is pinned or renamed is found.
pub fn scope(config: &AccountConfig, observed: State, kinds: &'static Kinds) -> World {
    let _ = (config, observed, kinds);
    todo!()
}
