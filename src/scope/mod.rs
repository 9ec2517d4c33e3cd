//! Brings both sides of one account to one scope, so that the diff needs no exceptions.
//! In: what the files say and what is live. Out: a [`World`] in which each thing has one address on both sides and what must stay stands on both.
//! Never decides what differs; what it can't resolve becomes a diagnostic.

mod adopt;
mod agents;
mod complaints;
mod conditions;
mod exchanged;
mod holders;
mod keep;
mod matcher;
mod names;
mod trunks;
mod twins;

use crate::model::{AccountConfig, Kinds, State, World};

/// What must stay is copied into desired; names are resolved; what is pinned, renamed or half replaced is found.
pub fn scope(config: &AccountConfig, observed: State, kinds: &'static Kinds) -> World {
    let mut diagnostics = Vec::new();
    let adoption = adopt::adopt(config, &observed, kinds, &mut diagnostics);
    let mut observed = adoption.readdressed(observed);
    let mut desired = config.desired.clone();
    let twins = twins::find(config, &observed, kinds, &mut diagnostics);
    let unlisted = keep::Keeper { config, kinds, twins: &twins }.keep(&mut desired, &observed);
    keep::mark_removed(config, &desired, &mut observed);
    agents::resolve(&mut desired, &mut observed, kinds, &mut diagnostics);
    holders::settle(&desired, &mut observed, kinds);
    trunks::resolve(&mut desired, &observed, kinds, &mut diagnostics);
    keep::let_go(&mut desired, &observed, &adoption.leftovers, kinds);
    conditions::check(&desired, &observed, kinds, &mut diagnostics);
    World {
        account: config.account.clone(),
        provider: config.provider,
        desired,
        observed,
        unlisted,
        diagnostics,
        limits: config.limits,
        kinds,
        before: None,
    }
}
