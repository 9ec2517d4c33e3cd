//! How the things that a plan touches were read, so that a saved plan can tell when one of them has moved on.
//! In: what was observed. Out: `sha256:…` of each thing's id and attributes; of a trunk that goes also of the numbers on it; of an agent the set of its numbers.
//! References are written by id, so that what the file calls a thing does not matter: a check needs no configuration.

use std::collections::HashMap;

use serde_json::{Value as Json, json};
use sha2::{Digest, Sha256};

use super::id_mismatch;
use crate::model::{Address, Agent, Id, Plan, Resource, State, Value};
use crate::planner::{Basis, Thing};

/// The fingerprint of each thing that a plan rests on, under the address as it was read.
pub fn fingerprints(basis: &Basis) -> Vec<(Address, String)> {
    if basis.things.is_empty() {
        return Vec::new();
    }
    let reader = Reader::new(&basis.observed);
    let print = |(address, thing): &(Address, Thing)| {
        let print = match thing {
            Thing::Absent => reader.print(None, false),
            Thing::Live { at, is_deleted } => reader.print(basis.observed.get(at), *is_deleted),
            Thing::AgentNumbers => set_of(reader.agents[address]),
        };
        (address.clone(), print)
    };
    basis.things.iter().map(print).collect()
}

/// The things that a plan touches and that are no longer as they were read; `observed` are fresh states, by account.
pub fn stale_addresses(plan: &Plan, observed: &[State]) -> Vec<Address> {
    let readers: Vec<_> = observed.iter().map(Reader::new).collect();
    let mut stale = id_mismatch::mismatched(plan, observed);
    for (address, print) in plan.accounts.iter().flat_map(|account| &account.fingerprints) {
        let found = readers.iter().find_map(|reader| Some((reader, reader.state.get(address)?)));
        let agent = || readers.iter().find_map(|reader| reader.agents.get(address).copied());
        let same = match (found, agent()) {
            (Some((reader, live)), _) => {
                [false, true].iter().any(|&goes| reader.print(Some(live), goes) == *print)
            }
            (None, Some(agent)) => set_of(agent) == *print,
            (None, None) => hash(&Json::Null) == *print,
        };
        if !same {
            stale.insert(address.clone());
        }
    }
    stale.into_iter().collect()
}

/// One observed side, with what it takes to write references by id.
struct Reader<'a> {
    state: &'a State,
    agents: HashMap<&'a Address, &'a Agent>,
    users: HashMap<&'a Address, Vec<&'a Id>>,
}

impl<'a> Reader<'a> {
    fn new(state: &'a State) -> Self {
        let agents = state.agents.iter().map(|agent| (&agent.address, agent)).collect();
        let mut users: HashMap<_, Vec<_>> = HashMap::new();
        for resource in state.resources.values() {
            let targets = resource.attributes.iter().filter_map(|entry| entry.value.as_ref_address());
            for target in targets.filter(|target| state.get(target).is_some()) {
                users.entry(target).or_default().extend(&resource.id);
            }
        }
        users.values_mut().for_each(|ids| ids.sort());
        Self { state, agents, users }
    }

    fn print(&self, resource: Option<&Resource>, goes: bool) -> String {
        let Some(resource) = resource else { return hash(&Json::Null) };
        let told = resource.attributes.iter().filter(|entry| !self.is_told_by_the_agent(&entry.value));
        let attributes: Json = told.map(|entry| json!([entry.name, self.value(&entry.value)])).collect();
        let id = resource.id.as_ref().map(Id::to_json);
        if !goes {
            return hash(&json!([id, attributes]));
        }
        let users: Json =
            self.users.get(&resource.address).into_iter().flatten().map(|id| id.to_json()).collect();
        hash(&json!([id, attributes, users]))
    }

    /// An agent that keeps its numbers as a set has a fingerprint of its own; and nothing is as good as not known.
    fn is_told_by_the_agent(&self, value: &Value) -> bool {
        let agent = value.as_ref_address().and_then(|address| self.agents.get(address));
        *value == Value::Null || agent.is_some_and(|agent| agent.numbers.is_some())
    }

    /// A value with references by id; one whose target nobody told of stays a name.
    fn value(&self, value: &Value) -> Json {
        match value {
            Value::Ref(address) => {
                let live = self.state.get(address).and_then(|resource| resource.id.as_ref());
                let id = live.or_else(|| self.agents.get(address).map(|agent| &agent.id));
                json!({"id": id.map_or_else(|| address.to_string().into(), Id::to_json)})
            }
            other => other.to_json(),
        }
    }
}

/// The fingerprint of an agent that keeps its numbers: what a request that writes the set anew says of it.
fn set_of(agent: &Agent) -> String {
    let mut numbers: Vec<_> = agent.numbers.iter().flatten().collect();
    numbers.sort_unstable();
    let numbers: Json = numbers.into_iter().map(Id::to_json).collect();
    hash(&json!(["agent", agent.id.to_json(), agent.direction.as_deref(), numbers]))
}

fn hash(json: &Json) -> String {
    let digest = Sha256::digest(json.to_string());
    digest.iter().fold("sha256:".to_owned(), |text, byte| text + &format!("{byte:02x}"))
}
