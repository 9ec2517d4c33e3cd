//! What a plan rests on: the things that must be as they were read when it is sent.
//! In: both sides of an account, its changes, and what else is relied on. Out: each such thing, under the address as it was read.
//! Computes no fingerprint: that is done where a saved plan is checked.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::impact::references;
use crate::model::{Action, Address, Agent, Change, Id, KindName, Resource, State, World};

/// What the plan of one account rests on.
#[derive(Debug, Default)]
pub struct Basis {
    /// The account as it was read; empty where the plan touches nothing of it.
    pub observed: State,
    /// The things, by the address as it was read.
    pub things: Vec<(Address, Thing)>,
}

/// One thing that a plan rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Thing {
    /// Nothing of this name is live.
    Absent,
    /// A live trunk or number.
    Live {
        /// Its address in the observed state.
        at: Address,
        /// Whether the plan deletes it: then the numbers on it count as well.
        is_deleted: bool,
    },
    /// The numbers of an agent that keeps them as a set.
    AgentNumbers,
}

/// The things that the changes touch or refer to, and what else is `relied` on.
pub(super) fn things(world: &World, changes: &[Change], relied: &[Address]) -> Vec<(Address, Thing)> {
    if changes.is_empty() && relied.is_empty() {
        return Vec::new();
    }
    let agents = AgentSets::new(&world.observed);
    let renamed = world.observed.resources.values().filter(|live| live.settings.is_some());
    let live_names: BTreeSet<_> = renamed.map(Resource::read_as).collect();
    let live = |live: &Resource, is_deleted| Thing::Live { at: live.address.clone(), is_deleted };
    let mut things = BTreeMap::new();
    for change in changes {
        let read = change.before.as_ref().and_then(|before| world.observed.get(&before.address));
        let is_deleted = matches!(change.action, Action::Delete | Action::Replace);
        let address = read.map_or(change.address.clone(), Resource::read_as);
        let takes_a_name = address != change.address
            && change.action != Action::Delete
            && !live_names.contains(&change.address);
        for agent in agents.concerned(world, change) {
            things.entry(agent.address.clone()).or_insert(Thing::AgentNumbers);
        }
        for target in references(world.kinds, change.after.as_ref()) {
            if let Some(target) = world.observed.get(target) {
                things.entry(target.read_as()).or_insert_with(|| live(target, false));
            }
        }
        // What is to be created under a name that a live thing gives up is not live, and the name is.
        if read.is_some() || !live_names.contains(&address) {
            things.insert(address, read.map_or(Thing::Absent, |read| live(read, is_deleted)));
        }
        if takes_a_name {
            things.insert(change.address.clone(), Thing::Absent);
        }
    }
    for address in relied {
        if let Some(target) = world.observed.get(address) {
            things.entry(target.read_as()).or_insert_with(|| live(target, false));
        } else if agents.by_address.get(address).is_some_and(|agent| agent.numbers.is_some()) {
            things.entry(address.clone()).or_insert(Thing::AgentNumbers);
        }
    }
    things.into_iter().collect()
}

/// The agents of an account, and which of them have a number.
struct AgentSets<'a> {
    by_address: HashMap<&'a Address, &'a Agent>,
    by_number: HashMap<&'a Id, Vec<&'a Agent>>,
}

impl<'a> AgentSets<'a> {
    fn new(state: &'a State) -> Self {
        let by_address = state.agents.iter().map(|agent| (&agent.address, agent)).collect();
        let mut by_number: HashMap<_, Vec<_>> = HashMap::new();
        for (agent, number) in
            state.agents.iter().flat_map(|a| a.numbers.iter().flatten().map(move |n| (a, n)))
        {
            by_number.entry(number).or_default().push(agent);
        }
        Self { by_address, by_number }
    }

    /// The agents that keep sets of numbers and that a change of a number concerns: those that it names before and after, and those that have it.
    fn concerned(&self, world: &World, change: &Change) -> Vec<&'a Agent> {
        let sides = [change.before.as_ref(), change.after.as_ref()].into_iter();
        let named =
            sides.flat_map(|side| references(world.kinds, side)).filter_map(|to| self.by_address.get(to));
        let id = change.before.as_ref().and_then(|before| before.id.as_ref());
        let number = id.filter(|_| change.address.kind == KindName::Number);
        let having = number.and_then(|id| self.by_number.get(id)).into_iter().flatten();
        named.chain(having).copied().filter(|agent| agent.numbers.is_some()).collect()
    }
}
