//! Changes of trunks and the requests that they become, as JSON.

use serde_json::{Value as Json, json};

use crate::model::{
    Account, Action, Address, AttributeChange, Change, Draft, Gap, Id, Ids, KindName, Resource, SecretSource,
    State, Value,
};
use crate::provider::{Provider, bolna::Bolna};

pub(super) const NULL: Value = Value::Null;

pub(super) fn text(text: &str) -> Value {
    Value::Text(text.into())
}

pub(super) fn reference(address: &str) -> Value {
    Value::Ref(address.parse().unwrap())
}

pub(super) fn secret() -> Value {
    Value::Secret(SecretSource::Env("CARRIER_PASSWORD".into()))
}

pub(super) fn trunk(name: &str) -> Address {
    Address::new(&Account::new("bolna"), KindName::Trunk, name)
}

/// A value as JSON would have it.
pub(super) fn value(json: &Json) -> Value {
    match json {
        Json::Number(n) => Value::Int(n.as_i64().unwrap()),
        Json::String(t) => text(t),
        Json::Array(items) => Value::List(items.iter().map(value).collect()),
        Json::Object(parts) => Value::Map(parts.iter().map(|(k, v)| (k.as_str().into(), value(v))).collect()),
        Json::Bool(_) | Json::Null => panic!("{json}"),
    }
}

pub(super) type Attributes<'a> = &'a [(&'static str, Value)];

/// A live thing.
pub(super) fn live(address: &Address, id: &str, attributes: Attributes<'_>) -> Resource {
    let attributes = attributes.iter().cloned().collect();
    Resource { id: Some(Id::Text(id.into())), ..Resource::new(address.clone(), attributes) }
}

/// What makes the live thing (id `01HX`) as it should be; `differs` are the attributes that do.
pub(super) fn change(
    address: Address,
    action: Action,
    (before, after): (Attributes<'_>, Attributes<'_>),
    differs: &[&'static str],
) -> Change {
    let attribute = |name: &&'static str| {
        let value =
            |side: Attributes<'_>| side.iter().find(|(n, _)| n == name).map(|(_, value)| value.clone());
        AttributeChange { name, before: value(before), after: value(after).unwrap() }
    };
    Change {
        before: (action != Action::Create).then(|| live(&address, "01HX", before)),
        after: (action != Action::Delete)
            .then(|| Resource::new(address.clone(), after.iter().cloned().collect())),
        attributes: differs.iter().map(attribute).collect(),
        address,
        action,
        reason: String::new(),
    }
}

/// `[verb, method, path, body]` of each draft.
pub(super) fn shown(drafts: &[Draft]) -> Json {
    let shown = |draft: &Draft| {
        assert_eq!(draft.irreversible, draft.request.method == "DELETE");
        let makes: &[&str] = if draft.verb == "create" { &["/id", "/data/id"] } else { &[] };
        assert_eq!(draft.expect.id, makes);
        json!([draft.verb, draft.request.method, draft.request.path, draft.request.body])
    };
    drafts.iter().map(shown).collect()
}

pub(super) fn lower(change: &Change) -> Json {
    let drafts = Bolna.lower(change, &Ids::default());
    assert!(
        drafts
            .iter()
            .all(|draft| draft.gap == Gap::None && draft.after.is_empty() && draft.reaches.is_empty())
    );
    shown(&drafts)
}

/// The body of the one PATCH that an update is.
pub(super) fn patch(before: Attributes<'_>, after: Attributes<'_>, differs: &[&'static str]) -> Json {
    let drafts = lower(&change(trunk("Old"), Action::Update, (before, after), differs));
    let [draft] = &drafts.as_array().unwrap()[..] else { panic!("{drafts}") };
    assert_eq!(draft.as_array().unwrap()[..3], ["update", "PATCH", "/sip-trunks/trunks/01HX"]);
    draft[3].clone()
}

/// The requests of all changes, where this is live.
pub(super) fn lower_all(changes: Vec<Change>, resources: Vec<Resource>, ids: &Ids) -> Vec<Vec<Draft>> {
    let mut state = State::default();
    for resource in resources {
        state.insert(resource);
    }
    Bolna.lower_all(changes, &state, ids).into_iter().map(|drafted| drafted.drafts).collect()
}
