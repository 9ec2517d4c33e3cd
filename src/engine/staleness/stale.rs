//! The resources of a plan that changed since it was made, in words.
//! In: a plan and fresh states. Out: each resource that is no longer as it was read, and how it differs.
//! Names attributes, never values: nobody knows what a platform shows.

use std::collections::{HashMap, HashSet};
use std::fmt;

use serde_json::{Map, Value as Json};

use super::fingerprint;
use crate::model::{Account, Action, Address, KindName, Plan, PlannedChange, Resource, State};

/// One resource that is no longer as the plan read it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StaleResource {
    /// As it was read.
    pub address: Address,
    /// What has become of it.
    pub reason: StaleReason,
}

/// What has become of a resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StaleReason {
    /// It is not live any more.
    Deleted,
    /// The plan would make it, or give something its name, and somebody was faster.
    Created,
    /// These attributes are others; none where the plan does not say what they were, or where they are all the same and the thing is another.
    Changed(Vec<String>),
    /// A trunk that goes, whose attributes are the same.
    InUse,
    /// An agent has other numbers, or another direction.
    NumbersChanged,
}

impl fmt::Display for StaleResource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` ", self.address)?;
        match &self.reason {
            StaleReason::Deleted => f.write_str("is gone"),
            StaleReason::Created => f.write_str("was made"),
            StaleReason::Changed(names) if names.is_empty() => f.write_str("has changed"),
            StaleReason::Changed(names) => {
                let names: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
                write!(f, "has changed ({})", names.join(", "))
            }
            StaleReason::InUse => f.write_str("has changed, or other numbers are on it"),
            StaleReason::NumbersChanged => f.write_str("has other numbers"),
        }
    }
}

/// The things that a plan touches and that are no longer as they were read, by address; `observed` are fresh states, by account.
pub fn stale_resources(plan: &Plan, observed: &[State]) -> Vec<StaleResource> {
    let index = PlanIndex {
        plan,
        by_read: plan.changes.iter().map(|change| (change.live_address(), change)).collect(),
        by_name: plan.changes.iter().map(|change| &change.address).collect(),
    };
    let addresses = fingerprint::stale_addresses(plan, observed).into_iter();
    addresses.map(|address| StaleResource { reason: index.reason(observed, &address), address }).collect()
}

/// The changes of a plan, by what they touch.
struct PlanIndex<'a> {
    plan: &'a Plan,
    by_read: HashMap<&'a Address, &'a PlannedChange>,
    by_name: HashSet<&'a Address>,
}

impl PlanIndex<'_> {
    fn reason(&self, observed: &[State], address: &Address) -> StaleReason {
        let Some(live) = observed.iter().find_map(|state| state.get(address)) else {
            let agents = || observed.iter().flat_map(|state| &state.agents);
            return if agents().any(|agent| agent.address == *address) {
                StaleReason::NumbersChanged
            } else {
                StaleReason::Deleted
            };
        };
        match self.by_read.get(address) {
            Some(change) => changed(self.plan, change, live),
            // Something is to be called so.
            None if self.by_name.contains(address) => StaleReason::Created,
            None => StaleReason::Changed(Vec::new()),
        }
    }
}

fn changed(plan: &Plan, change: &PlannedChange, live: &Resource) -> StaleReason {
    let Some(before) = &change.before else { return StaleReason::Created };
    let mut names = differing(plan, before, live);
    names.retain(|name| !change.sensitive.contains(name));
    let goes = matches!(change.action, Action::Delete | Action::Replace);
    match names.is_empty() && goes && change.address.kind == KindName::Trunk {
        true => StaleReason::InUse,
        false => StaleReason::Changed(names),
    }
}

/// The attributes that are others.
fn differing(plan: &Plan, before: &Map<String, Json>, live: &Resource) -> Vec<String> {
    let (account, now) = (&live.address.account, live.attributes.to_json());
    let differs = |name: &&String| {
        let (was, is) = (before.get(*name).unwrap_or(&Json::Null), now.get(*name).unwrap_or(&Json::Null));
        was != is && !is_renamed(plan, account, (was, is))
    };
    let new = now.keys().filter(|name| !before.contains_key(*name));
    before.keys().chain(new).filter(differs).cloned().collect()
}

/// Whether two texts are the names of one thing, in the file and at the platform.
fn is_renamed(plan: &Plan, account: &Account, (was, is): (&Json, &Json)) -> bool {
    let (Some(was), Some(is)) = (was.as_str(), is.as_str()) else { return false };
    let named = |address: &Address, name: &str| address.account == *account && *address.name == *name;
    let mut renamed = plan.changes.iter().filter(|change| change.read_as.is_some());
    renamed.any(|change| named(&change.address, was) && named(change.live_address(), is))
}
