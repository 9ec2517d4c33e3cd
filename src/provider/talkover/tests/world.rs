//! Changes, what is live beside them, and the requests that they become, as JSON.

use serde_json::{Value as Json, json};

use crate::model::{
    Account, Action, Address, Agent, AttributeChange, Attributes, Change, Draft, Drafted, Id, Ids, KindName,
    Resource, SecretSource, State, Value,
};
use crate::provider::{Provider, talkover::Talkover};

pub(super) fn text(text: &str) -> Value {
    Value::Text(text.into())
}

pub(super) fn reference(address: &Address) -> Value {
    Value::Ref(address.clone())
}

pub(super) fn secret() -> Value {
    Value::Secret(SecretSource::Env("CARRIER_PASSWORD".into()))
}

pub(super) fn address(kind: KindName, name: &str) -> Address {
    Address::new(&Account::new("t"), kind, name)
}

pub(super) fn trunk(name: &str) -> Address {
    address(KindName::Trunk, name)
}

pub(super) fn agent(name: &str) -> Address {
    address(KindName::Agent, name)
}

/// The number that ends in these digits.
pub(super) fn number(digits: &str) -> Address {
    address(KindName::Number, &format!("+1212555{digits:0>4}"))
}

fn resource(address: &Address, id: Option<&str>, attributes: &[(&'static str, Value)]) -> Resource {
    let attributes: Attributes = attributes.iter().cloned().collect();
    Resource { id: id.map(|id| Id::Text(id.into())), ..Resource::new(address.clone(), attributes) }
}

/// Attributes of one side of a change.
pub(super) type Known<'a> = &'a [(&'static str, Value)];

/// A change from these attributes to those; where both sides say something else it differs.
pub(super) fn change(address: &Address, action: Action, (before, after): (Known<'_>, Known<'_>)) -> Change {
    let id = format!("id{}", address.name.trim_start_matches("+1212555").trim_start_matches('0'));
    let live = |name: &str| before.iter().find(|(other, _)| *other == name).map(|(_, value)| value.clone());
    let differs = |(name, value): &&(&'static str, Value)| {
        action == Action::Create
            || matches!(value, Value::Secret(_))
            || live(name).is_some_and(|b| b != *value)
    };
    let differing = after.iter().filter(differs);
    let attributes =
        differing.map(|(name, after)| AttributeChange { name, before: live(name), after: after.clone() });
    Change {
        address: address.clone(),
        action,
        before: (action != Action::Create).then(|| resource(address, Some(&id), before)),
        after: (action != Action::Delete).then(|| resource(address, None, after)),
        attributes: if action == Action::Delete { Vec::new() } else { attributes.collect() },
        reason: "because".into(),
    }
}

/// `[verb, method, path, body]` of a draft.
pub(super) fn shown(draft: &Draft) -> Json {
    json!([draft.verb, draft.request.method, draft.request.path, draft.request.body])
}

/// What is live beside the numbers: trunks `A` and `B` with the ids `ta` and `tb`, and agents with these sets, inbound where nothing else is said.
pub(super) fn live(agents: &[(&str, &[&str])]) -> State {
    let mut state = State { agents_listed: true, ..State::default() };
    for (name, id) in [("A", "ta"), ("B", "tb")] {
        state.insert(resource(&trunk(name), Some(id), &[]));
    }
    for (name, numbers) in agents {
        state.agents.push(Agent {
            numbers: Some(numbers.iter().map(|&id| Id::Text(id.into())).collect()),
            direction: Some("inbound".into()),
            ..Agent::new(agent(name), Id::Text(format!("ag{name}").into()))
        });
    }
    state
}

/// The ids that outlive these changes.
pub(super) fn ids(live: &State, changes: &[Change]) -> Ids {
    let mut ids = Ids::default();
    for resource in live.resources.values() {
        resource.id.iter().for_each(|id| ids.insert(resource.address.clone(), id.clone()));
    }
    for agent in &live.agents {
        ids.insert(agent.address.clone(), agent.id.clone());
    }
    for change in changes {
        match (&change.before, change.action) {
            (Some(before), Action::Update) => {
                before.id.iter().for_each(|id| ids.insert(change.address.clone(), id.clone()));
            }
            _ => ids.remove(&change.address),
        }
    }
    ids
}

/// The requests of these changes.
pub(super) fn lower_all(live: &State, changes: Vec<Change>) -> Vec<Drafted> {
    let ids = ids(live, &changes);
    Talkover.lower_all(changes, live, &ids)
}

/// The requests of one change alone.
pub(super) fn lower(change: &Change) -> Vec<Draft> {
    let live = live(&[]);
    let ids = ids(&live, std::slice::from_ref(change));
    Talkover.lower(change, &ids)
}
