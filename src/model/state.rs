//! All resources of an account at one side of a comparison, and both sides together.
//! In: resources one by one. Out: them by address, beside those of the other side.
//! Nothing here knows where a state came from.

use std::collections::{BTreeMap, BTreeSet};

use super::address::{Account, Address};
use super::diagnostic::Diagnostic;
use super::limits::Limits;
use super::resource::{Id, Resource};

/// An agent of the account: never managed, only referred to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agent {
    /// Its kind and name; the name is its id where the platform did not tell the name.
    pub address: Address,
    /// What the platform calls it.
    pub id: Id,
    /// Another name of it, for readers, where the platform has one.
    pub label: Option<Box<str>>,
    /// Where the platform keeps its numbers on the agent: the whole set, numbers that no state knows among them.
    pub numbers: Option<Vec<Id>>,
    /// Which way its calls go, in the platform's words, where the platform says so.
    pub direction: Option<Box<str>>,
}

impl Agent {
    /// An agent of which no more is known.
    pub fn new(address: Address, id: Id) -> Self {
        Self { address, id, label: None, numbers: None, direction: None }
    }
}

/// How much of an account is to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reading {
    /// Trunks, numbers and agents.
    Everything,
    /// Trunks, and the rest only where it costs nothing: no number is declared, and none may be taken away.
    Trunks,
}

/// All resources of one account, at one side.
#[derive(Clone, Debug, Default)]
pub struct State {
    /// Trunks and numbers by address. Two live trunks of one name are kept apart as `NAME#ID`.
    pub resources: BTreeMap<Address, Resource>,
    /// The agents that the platform told of; empty on the desired side.
    pub agents: Vec<Agent>,
    /// Whether the platform has a list of its agents, so that one which is not in `agents` is probably none.
    pub agents_listed: bool,
    /// Numbers that are live but on nothing that can be managed: the platform itself rents them out.
    pub elsewhere: BTreeSet<Address>,
    /// How many requests it took to observe; 0 on the desired side.
    pub requests: usize,
}

impl State {
    /// Adds a resource under its own address; gives back one that was there.
    pub fn insert(&mut self, resource: Resource) -> Option<Resource> {
        self.resources.insert(resource.address.clone(), resource)
    }

    /// The resource of an address.
    pub fn get(&self, address: &Address) -> Option<&Resource> {
        self.resources.get(address)
    }

    /// Each resource of this side, by address, with the one that has its address on the other. Walks both sides once: a search for each would cost more
    /// than all that is done with what it finds.
    pub fn beside<'a, 'b>(
        &'a self,
        other: &'b Self,
    ) -> impl Iterator<Item = (&'a Resource, Option<&'b Resource>)> {
        let mut others = other.resources.values().peekable();
        self.resources.values().map(move |own| {
            while others.next_if(|other| other.address < own.address).is_some() {}
            (own, others.next_if(|other| other.address == own.address))
        })
    }
}

/// Both sides of one account, brought to one scope: what must stay stands on both.
#[derive(Clone, Debug)]
pub struct World {
    /// Whose.
    pub account: Account,
    /// Which platform; a name from the table of providers.
    pub provider: &'static str,
    /// What should be, including copies of all that is kept or ignored.
    pub desired: State,
    /// What is.
    pub observed: State,
    /// Live things that the file does not list and that stay.
    pub unlisted: Vec<Address>,
    /// What only the comparison with the live account could show (a trunk that is nowhere, an ambiguous name).
    pub diagnostics: Vec<Diagnostic>,
    /// How much one apply may take away.
    pub limits: Limits,
    /// What the kinds of this platform allow.
    pub kinds: &'static super::Kinds,
    /// What an earlier revision of the files makes of the same live state, if the plan is compared with one.
    pub before: Option<Box<World>>,
}

/// The ids that are known when requests are written.
#[derive(Clone, Debug, Default)]
pub struct Ids(BTreeMap<Address, Id>);

impl Ids {
    /// Records the id of a thing, an agent included.
    pub fn insert(&mut self, address: Address, id: Id) {
        self.0.insert(address, id);
    }

    /// Forgets an id, because the thing will get a new one.
    pub fn remove(&mut self, address: &Address) {
        self.0.remove(address);
    }

    /// The id, or none where a step of the plan will make it.
    pub fn get(&self, address: &Address) -> Option<&Id> {
        self.0.get(address)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Attributes, KindName};

    #[test]
    fn both_sides_are_walked_side_by_side() {
        let state = |names: &[&str]| {
            let mut state = State::default();
            for name in names {
                let address = Address::new(&Account::new("a"), KindName::Number, name);
                state.insert(Resource::new(address, Attributes::default()));
            }
            state
        };
        let sets: [&[&str]; 6] = [&[], &["2"], &["1", "2", "3"], &["2", "4"], &["0", "3", "5"], &["5"]];
        for (own, other) in sets.iter().flat_map(|own| sets.map(|other| (state(own), state(other)))) {
            let pairs: Vec<_> =
                own.beside(&other).map(|(a, b)| (&a.address, b.map(|b| &b.address))).collect();
            let searched: Vec<_> =
                own.resources.keys().map(|a| (a, other.get(a).map(|b| &b.address))).collect();
            assert_eq!(pairs, searched);
        }
    }
}
