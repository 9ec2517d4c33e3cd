//! Agents that the file names become references.
//! In: desired text, and the agents that the platform told of. Out: addresses of agents.
//! Never invents an agent, but takes a numeric id at its word: not every platform lists its agents.

use std::collections::HashMap;

use super::complaints::{self, Written};
use crate::model::{
    Account, Address, Agent, Attributes, Diagnostic, Entry, Id, KindName, Kinds, State, Value,
};

/// Turns the text of every attribute that refers to an agent into its address.
pub(super) fn resolve(
    desired: &mut State,
    observed: &mut State,
    kinds: &'static Kinds,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let mut directory = Directory { listed: observed.agents_listed, ..Directory::new(&observed.agents) };
    for resource in desired.resources.values_mut().filter(|r| r.origin.is_some() && !r.is_ignored()) {
        let Some(kind) = kinds.get(resource.address.kind) else { continue };
        for (attribute, agent_kind) in kind.references().filter(|(_, k)| *k != KindName::Trunk) {
            let Some(entry) = resource.attributes.entry(attribute.name) else { continue };
            let Some(text) = written(entry) else { continue };
            match directory.find(&resource.address.account, agent_kind, &text) {
                Ok(address) => set(&mut resource.attributes, attribute.name, address),
                Err(complaint) => {
                    let taken = complaint.taken();
                    diagnostics.push(complaint.about(Written { resource, entry, text: &text }));
                    match taken {
                        Some(address) => set(&mut resource.attributes, attribute.name, address),
                        None => _ = resource.attributes.remove(attribute.name),
                    }
                }
            }
        }
    }
    observed.agents.append(&mut directory.taken_at_their_word);
}

fn written(entry: &Entry) -> Option<String> {
    match &entry.value {
        Value::Text(text) => Some(text.trim().to_owned()),
        Value::Int(id) => Some(id.to_string()),
        _ => None,
    }
}

fn set(attributes: &mut Attributes, name: &'static str, address: Address) {
    let span = attributes.entry(name).map(|entry| entry.span).unwrap_or_default();
    attributes.set_at(name, Value::Ref(address), span);
}

/// The live agents by name and by id. Agents of one name were read as `NAME#ID`; their bare name stands for each of them.
struct Directory {
    by_name: HashMap<(KindName, String), Vec<(Address, Id)>>,
    by_id: HashMap<(KindName, String), Address>,
    suggestions: HashMap<(KindName, String), Option<String>>,
    taken_at_their_word: Vec<Agent>,
    /// Whether the platform has a list of its agents.
    listed: bool,
}

/// Why a text is no agent.
enum Unknown {
    Several(Vec<Id>),
    NameOrId {
        named: Id,
        other: Address,
    },
    NoneListed,
    /// An id that the platform's list lacks; taken at its word all the same.
    Unlisted(Address),
    Nowhere {
        suggestion: Option<String>,
    },
}

impl Directory {
    fn new(agents: &[Agent]) -> Self {
        let mut by_name: HashMap<_, Vec<_>> = HashMap::new();
        let mut twins: HashMap<_, Vec<_>> = HashMap::new();
        let mut by_id = HashMap::new();
        let mut by_label: HashMap<_, Vec<_>> = HashMap::new();
        for Agent { address, id, label, .. } in agents {
            let known = (address.clone(), id.clone());
            if let Some(label) = label {
                by_label.entry((address.kind, label.to_string())).or_default().push(known.clone());
            }
            if let Some(shared) = address.name.strip_suffix(&format!("#{id}")) {
                twins.entry((address.kind, shared.to_owned())).or_default().push(known.clone());
            }
            by_name.entry((address.kind, address.name.to_string())).or_default().push(known);
            by_id.insert((address.kind, id.to_string()), address.clone());
        }
        by_name.extend(twins.into_iter().filter(|(_, several)| several.len() > 1));
        // A label stands only where no name does.
        for (label, agents) in by_label {
            by_name.entry(label).or_insert(agents);
        }
        Self { by_name, by_id, suggestions: HashMap::new(), taken_at_their_word: Vec::new(), listed: false }
    }

    fn find(&mut self, account: &Account, kind: KindName, text: &str) -> Result<Address, Unknown> {
        let key = (kind, text.to_owned());
        match self.by_name.get(&key).map(Vec::as_slice) {
            Some([(address, id)]) => {
                return match self.by_id.get(&key).filter(|other| *other != address) {
                    Some(other) => Err(Unknown::NameOrId { named: id.clone(), other: other.clone() }),
                    None => Ok(address.clone()),
                };
            }
            Some(several) => {
                return Err(Unknown::Several(several.iter().map(|(_, id)| id.clone()).collect()));
            }
            None => {}
        }
        if let Some(address) = self.by_id.get(&key) {
            return Ok(address.clone());
        }
        if !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()) {
            let address = self.take(account, key);
            return if self.listed { Err(Unknown::Unlisted(address)) } else { Ok(address) };
        }
        if !self.by_name.keys().any(|(listed, _)| *listed == kind) {
            return Err(Unknown::NoneListed);
        }
        Err(Unknown::Nowhere { suggestion: self.suggestion(key) })
    }

    /// An id that the directory does not know: it may still be one.
    fn take(&mut self, account: &Account, key: (KindName, String)) -> Address {
        let address = Address::new(account, key.0, &key.1);
        let id = key.1.parse().map_or_else(|_| Id::Text(key.1.as_str().into()), Id::Int);
        self.taken_at_their_word.push(Agent::new(address.clone(), id));
        self.by_id.insert(key, address.clone());
        address
    }

    fn suggestion(&mut self, key: (KindName, String)) -> Option<String> {
        if let Some(known) = self.suggestions.get(&key) {
            return known.clone();
        }
        let names = self.by_name.keys().filter(|(kind, _)| *kind == key.0).map(|(_, name)| name.as_str());
        let suggestion = complaints::closest(&key.1, names).map(str::to_owned);
        self.suggestions.insert(key, suggestion.clone());
        suggestion
    }
}

impl Unknown {
    /// What is used although there is something to be said of it.
    fn taken(&self) -> Option<Address> {
        match self {
            Self::Unlisted(address) => Some(address.clone()),
            _ => None,
        }
    }

    fn about(self, written: Written<'_>) -> Diagnostic {
        match self {
            Self::Several(ids) => complaints::two_agents(&written, &ids),
            Self::NameOrId { named, other } => complaints::name_or_id(&written, &named, &other),
            Self::Unlisted(_) => complaints::unlisted_agent(&written),
            Self::NoneListed => complaints::no_agents(&written),
            Self::Nowhere { suggestion } => complaints::no_agent(&written, suggestion.as_deref()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn directory() -> Directory {
        let agent = |kind, name: &str, id| Agent::new(Address::new(&Account::new("a"), kind, name), id);
        Directory::new(&[
            agent(KindName::VoiceAgent, "Sales", Id::Int(3)),
            agent(KindName::VoiceAgent, "Twin#4", Id::Int(4)),
            agent(KindName::VoiceAgent, "Twin#5", Id::Int(5)),
            agent(KindName::VoiceAgent, "Desk#6", Id::Int(6)),
            agent(KindName::TextAgent, "Chat", Id::Text("b7c1".into())),
        ])
    }

    fn find(kind: KindName, text: &str) -> Result<String, Unknown> {
        directory().find(&Account::new("a"), kind, text).map(|address| address.to_string())
    }

    #[test]
    fn an_agent_is_found_by_name_then_by_id_among_its_kind() {
        assert!(matches!(find(KindName::VoiceAgent, "Sales"), Ok(a) if a == "a.voice_agent.Sales"));
        assert!(matches!(find(KindName::VoiceAgent, "3"), Ok(a) if a == "a.voice_agent.Sales"));
        assert!(matches!(find(KindName::TextAgent, "b7c1"), Ok(a) if a == "a.text_agent.Chat"));
        assert!(matches!(find(KindName::TextAgent, "Sales"), Err(Unknown::Nowhere { suggestion: None })));
    }

    #[test]
    fn a_label_stands_where_no_name_does() {
        let labelled = |name: &str, id, label: &str| Agent {
            label: Some(label.into()),
            ..Agent::new(Address::new(&Account::new("a"), KindName::Agent, name), Id::Int(id))
        };
        let agents = [labelled("one", 1, "Sales"), labelled("Sales", 2, "Desk"), labelled("x", 3, "Desk")];
        let mut directory = Directory::new(&agents);
        let mut find = |text: &str| directory.find(&Account::new("a"), KindName::Agent, text);
        assert!(
            matches!(find("Sales"), Ok(a) if &*a.name == "Sales"),
            "the name of one, the label of another"
        );
        assert!(matches!(find("Desk"), Err(Unknown::Several(ids)) if ids.len() == 2));
        let mut directory = Directory::new(&agents[..1]);
        let found = directory.find(&Account::new("a"), KindName::Agent, "Sales");
        assert!(matches!(found, Ok(a) if &*a.name == "one"));
    }

    #[test]
    fn a_text_that_is_one_agents_name_and_anothers_id_is_ambiguous() {
        let agent = |name: &str, id| {
            Agent::new(Address::new(&Account::new("a"), KindName::VoiceAgent, name), Id::Int(id))
        };
        let mut directory = Directory::new(&[agent("3", 8), agent("Sales", 3), agent("9", 9)]);
        let mut find = |text: &str| directory.find(&Account::new("a"), KindName::VoiceAgent, text);
        let Err(Unknown::NameOrId { named, other }) = find("3") else { panic!() };
        assert_eq!((named, &*other.name), (Id::Int(8), "Sales"));
        assert!(matches!(find("8"), Ok(a) if &*a.name == "3"));
        assert!(find("9").is_ok(), "an agent that is called by its id is one agent");
    }

    #[test]
    fn where_no_agent_is_listed_nothing_is_guessed() {
        let find = |kind| Directory::new(&[]).find(&Account::new("a"), kind, "Sales");
        assert!(matches!(find(KindName::VoiceAgent), Err(Unknown::NoneListed)));
    }

    #[test]
    fn a_number_nobody_knows_is_an_id_and_is_listed_once() {
        let mut directory = directory();
        for _ in 0..2 {
            assert!(directory.find(&Account::new("a"), KindName::VoiceAgent, "77").is_ok());
        }
        assert_eq!(directory.taken_at_their_word.len(), 1);
        assert_eq!(directory.taken_at_their_word[0].id, Id::Int(77));
    }

    #[test]
    fn an_id_that_the_list_lacks_is_taken_with_a_warning_once() {
        let mut directory = Directory { listed: true, ..directory() };
        let mut find = |text: &str| directory.find(&Account::new("a"), KindName::VoiceAgent, text);
        assert!(matches!(find("77"), Err(Unknown::Unlisted(address)) if &*address.name == "77"));
        assert!(find("77").is_ok() && find("3").is_ok());
    }

    #[test]
    fn a_misspelt_name_gets_a_suggestion_and_a_twin_the_ids() {
        let Err(Unknown::Nowhere { suggestion }) = find(KindName::VoiceAgent, "Slaes") else { panic!() };
        assert_eq!(suggestion.as_deref(), Some("Sales"));
        let Err(Unknown::Several(ids)) = find(KindName::VoiceAgent, "Twin") else { panic!() };
        assert_eq!(ids, [Id::Int(4), Id::Int(5)]);
        assert!(matches!(find(KindName::VoiceAgent, "Twin#4"), Ok(a) if a == "a.voice_agent.Twin#4"));
        assert!(
            matches!(find(KindName::VoiceAgent, "Desk"), Err(Unknown::Nowhere { .. })),
            "one agent is no twin"
        );
    }
}
