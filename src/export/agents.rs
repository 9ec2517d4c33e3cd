//! What a file calls an agent.
//! In: the agents that the platform told of. Out: for each the text that means this one and no other: its name, else its id.
//! Two agents of one name are called by their ids, with the name beside them for the reader.

use crate::config::is_refused;
use std::collections::{HashMap, HashSet};

use super::names::id_text;
use super::scalar::{comment, scalar};
use crate::model::{Address, Agent, KindName};

pub(super) struct Agents<'a> {
    known: HashMap<&'a Address, &'a Agent>,
    /// What agents have for ids, in words.
    ids: HashSet<(KindName, String)>,
}

impl<'a> Agents<'a> {
    pub(super) fn new(agents: &'a [Agent]) -> Self {
        let known = agents.iter().map(|agent| (&agent.address, agent)).collect();
        let ids = agents.iter().map(|agent| (agent.address.kind, agent.id.to_string())).collect();
        Self { known, ids }
    }

    /// The lines of an attribute that refers to an agent.
    pub(super) fn called(&self, attribute: &str, address: &Address) -> Vec<String> {
        let Some(agent) = self.known.get(address) else {
            return vec![format!("{attribute}: {}", scalar(&address.name))];
        };
        let (name, id) = (&*address.name, agent.id.to_string());
        if name == id {
            return vec![format!("{attribute}: {}", id_text(&agent.id))];
        }
        let shared = name.strip_suffix(&format!("#{id}"));
        let is_an_id = self.ids.contains(&(address.kind, name.to_owned()));
        if shared.is_none() && !is_an_id && !name.contains(is_refused) {
            return vec![format!("{attribute}: {}", scalar(name))];
        }
        let note = format!("# {id} is {}", shared.unwrap_or(name));
        vec![comment(&note), format!("{attribute}: {}", id_text(&agent.id))]
    }
}
