//! How the things that a plan touches were read, so that a saved plan can tell when one of them has moved on.
//! In: what was observed. Out: `sha256:…` of each thing's id and attributes; of a trunk that goes also of the numbers on it.
//! References are written by id, so that what the file calls a thing does not matter: a check needs no configuration.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde_json::{Value as Json, json};
use sha2::{Digest, Sha256};

use super::impact::references;
use crate::model::{Action, Address, Change, Id, Plan, Resource, State, Step, Value, World};

/// The fingerprint of each thing that the changes touch or refer to, under the address as it was read.
pub(super) fn touched(world: &World, changes: &[Change]) -> Vec<(Address, String)> {
    if changes.is_empty() {
        return Vec::new();
    }
    let reader = Reader::new(&world.observed);
    let renamed = world.observed.resources.values().filter(|live| live.settings.is_some());
    let live_names: BTreeSet<_> = renamed.map(Resource::read_as).collect();
    let mut prints = BTreeMap::new();
    for change in changes {
        let read = change.before.as_ref().and_then(|before| world.observed.get(&before.address));
        let goes = matches!(change.action, Action::Delete | Action::Replace);
        let address = read.map_or(change.address.clone(), Resource::read_as);
        let takes_a_name = address != change.address
            && change.action != Action::Delete
            && !live_names.contains(&change.address);
        for target in references(world.kinds, change.after.as_ref()) {
            if let Some(live) = world.observed.get(target) {
                prints.entry(live.read_as()).or_insert_with(|| reader.print(Some(live), false));
            }
        }
        prints.insert(address, reader.print(read, goes));
        if takes_a_name {
            prints.insert(change.address.clone(), reader.print(None, false));
        }
    }
    prints.into_iter().collect()
}

/// The things that a plan touches and that are no longer as they were read; `observed` are fresh states, by account.
pub fn stale(plan: &Plan, observed: &[State]) -> Vec<Address> {
    let readers: Vec<_> = observed.iter().map(Reader::new).collect();
    let mut moved_on = strangers(plan, observed);
    for (address, print) in plan.accounts.iter().flat_map(|account| &account.fingerprints) {
        let found = readers.iter().find_map(|reader| Some((reader, reader.state.get(address)?)));
        let same = match found {
            Some((reader, live)) => {
                [false, true].iter().any(|&goes| reader.print(Some(live), goes) == *print)
            }
            None => hash(&Json::Null) == *print,
        };
        if !same {
            moved_on.insert(address.clone());
        }
    }
    moved_on.into_iter().collect()
}

/// The things whose steps are not about what is live under their address.
fn strangers(plan: &Plan, observed: &[State]) -> BTreeSet<Address> {
    let mut live_ids = HashMap::new();
    for change in plan.changes.iter().filter(|change| change.action != Action::Create) {
        let live = observed.iter().find_map(|state| state.get(change.live_address()));
        live_ids.insert(&change.address, live.and_then(|live| live.id.as_ref()));
    }
    let strange = |step: &&Step| {
        let live = live_ids.get(&step.address).map(|id| id.map(Id::to_segment));
        live.is_some_and(|live| {
            live.is_none() || written_id(step).is_some_and(|id| live.as_deref() != Some(id))
        })
    };
    plan.steps.iter().filter(strange).map(|step| step.address.clone()).collect()
}

/// The id in the path of a step that changes or deletes what was live: the last part, unless the plan makes it.
fn written_id(step: &Step) -> Option<&str> {
    let last = step.request.path.rsplit('/').next()?;
    (step.request.method != "POST" && !step.request.path.contains("${")).then_some(last)
}

/// One observed side, with what it takes to write references by id.
struct Reader<'a> {
    state: &'a State,
    agents: HashMap<&'a Address, &'a Id>,
    users: HashMap<&'a Address, Vec<&'a Id>>,
}

impl<'a> Reader<'a> {
    fn new(state: &'a State) -> Self {
        let agents = state.agents.iter().map(|agent| (&agent.address, &agent.id)).collect();
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
        let attributes: Json =
            resource.attributes.iter().map(|entry| json!([entry.name, self.value(&entry.value)])).collect();
        let id = resource.id.as_ref().map(Id::to_json);
        if !goes {
            return hash(&json!([id, attributes]));
        }
        let users: Json =
            self.users.get(&resource.address).into_iter().flatten().map(|id| id.to_json()).collect();
        hash(&json!([id, attributes, users]))
    }

    /// A value with references by id; one whose target nobody told of stays a name.
    fn value(&self, value: &Value) -> Json {
        match value {
            Value::Ref(address) => {
                let live = self.state.get(address).and_then(|resource| resource.id.as_ref());
                let id = live.or_else(|| self.agents.get(address).copied());
                json!({"id": id.map_or_else(|| address.to_string().into(), Id::to_json)})
            }
            other => other.to_json(),
        }
    }
}

fn hash(json: &Json) -> String {
    let digest = Sha256::digest(json.to_string());
    digest.iter().fold("sha256:".to_owned(), |text, byte| text + &format!("{byte:02x}"))
}
