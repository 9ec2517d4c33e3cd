//! Numbers that several agents have, where agents keep their numbers as a set.
//! In: what the files want, names resolved, and what is live. Out: for each such number the live agent whose place the wanted one takes.
//! Gives up no agent whose calls go the other way: one that takes calls and one that calls out may be meant.

use std::collections::HashMap;

use crate::model::{Address, Agent, Id, KindName, Kinds, State, Value};

/// Says of each number with several agents which of them the file is about.
pub(super) fn settle(desired: &State, observed: &mut State, kinds: &'static Kinds) {
    let mut having: HashMap<&Id, Vec<&Agent>> = HashMap::new();
    for agent in &observed.agents {
        for number in agent.numbers.iter().flatten() {
            let agents = having.entry(number).or_default();
            if agents.iter().all(|other| other.address != agent.address) {
                agents.push(agent);
            }
        }
    }
    having.retain(|_, agents| agents.len() > 1);
    if having.is_empty() {
        return;
    }
    let directions =
        observed.agents.iter().map(|agent| (&agent.address, agent.direction.as_deref())).collect();
    let mut settled = Vec::new();
    for live in observed.resources.values().filter(|live| live.address.kind == KindName::Number) {
        let Some(agents) = live.id.as_ref().and_then(|id| having.get(id)) else { continue };
        for (attribute, _) in kinds.number.references().filter(|(_, kind)| *kind != KindName::Trunk) {
            let wanted = desired.get(&live.address).and_then(|wanted| wanted.attributes.get(attribute.name));
            let value = wanted.map(|wanted| stands_for(wanted, agents, &directions));
            settled.extend(value.map(|value| (live.address.clone(), attribute.name, value)));
        }
    }
    for (address, name, value) in settled {
        if let Some(live) = observed.resources.get_mut(&address) {
            live.attributes.set(name, value);
        }
    }
}

/// The live value that the wanted one is compared with: another agent of the same direction, else the wanted agent itself if it is among them.
fn stands_for(wanted: &Value, agents: &[&Agent], directions: &HashMap<&Address, Option<&str>>) -> Value {
    let Some(wanted) = wanted.as_ref_address() else { return Value::Ref(agents[0].address.clone()) };
    let direction = directions.get(wanted).copied().flatten();
    let rival = agents.iter().find(|other| {
        other.address != *wanted && direction.is_some() && other.direction.as_deref() == direction
    });
    match rival {
        Some(rival) => Value::Ref(rival.address.clone()),
        None if agents.iter().any(|agent| agent.address == *wanted) => Value::Ref(wanted.clone()),
        None => Value::Null,
    }
}
