//! One row of a list as attributes.
//! In: a JSON object and the table of its kind. Out: what is known of the thing, references still as ids.
//! Never fails for a field that is missing, new or of another type; only for a row that has no id or no name.

use serde_json::Value as Json;

use crate::model::{Attribute, Attributes, Id, Kind, KindName, Value, normalise};

/// What a row told of one thing.
pub(super) struct Row {
    /// Its name, as the last part of an address.
    pub(super) name: Box<str>,
    /// What is known of it, without its references.
    pub(super) attributes: Attributes,
    /// What it refers to.
    pub(super) references: Vec<Reference>,
}

/// A reference of a row.
pub(super) struct Reference {
    /// The attribute that holds it.
    pub(super) attribute: &'static str,
    /// What it points to.
    pub(super) kind: KindName,
    /// To which one.
    pub(super) id: Id,
    /// The name beside the id, if the row tells it: `voice_agent_name` beside `voice_agent_id`.
    pub(super) name: Option<Box<str>>,
}

/// An agent that a list told of.
pub(super) struct AgentRow {
    /// The sorts that it may be of: one, or both where the platform does not say.
    pub(super) kinds: &'static [KindName],
    /// Its name.
    pub(super) name: Option<Box<str>>,
}

/// Reads a trunk or a number; the error says what the row lacks.
pub(super) fn row(kind: &Kind, json: &Json) -> Result<(Id, Row), String> {
    let id = Id::from_json(&json["id"]).ok_or("has no `id`")?;
    let mut row = Row { name: "".into(), attributes: Attributes::default(), references: Vec::new() };
    for attribute in kind.attributes.iter().filter(|attribute| !attribute.secret) {
        let Some(field) = json.get(attribute.field) else { continue };
        match attribute.reference {
            Some(to) => refer(&mut row, attribute, to, (field, json)),
            None => {
                if let Some(value) = value(attribute, field) {
                    row.attributes.set(attribute.name, value);
                }
            }
        }
    }
    let identity = row.attributes.get(kind.identity).and_then(Value::as_text).map(str::to_owned);
    let identity = identity.filter(|text| !text.trim().is_empty());
    let identity = identity.ok_or_else(|| format!("(id {id}) has no `{}`", kind.identity))?;
    // `1555…` and `+1555…` are one number and have one address; the attribute keeps the platform's own spelling, which is what it knows the number by.
    row.name = match kind.name {
        KindName::Number => normalise::number(&identity).into(),
        _ => normalise::name(&identity).into(),
    };
    Ok((id, row))
}

/// Reads an agent.
pub(super) fn agent(json: &Json) -> Result<(Id, AgentRow), String> {
    let id = Id::from_json(&json["id"]).ok_or("has no `id`")?;
    let kinds: &[KindName] = match json["type"].as_str().map(str::to_ascii_lowercase).as_deref() {
        Some("voice") => &[KindName::VoiceAgent],
        Some("text") => &[KindName::TextAgent],
        _ => &[KindName::VoiceAgent, KindName::TextAgent],
    };
    Ok((id, AgentRow { kinds, name: told(&json["name"]) }))
}

fn refer(row: &mut Row, attribute: &Attribute, kind: KindName, (field, json): (&Json, &Json)) {
    let Some(id) = Id::from_json(field) else {
        // What is neither an id nor nothing is unknown.
        if field.is_null() || field.as_str().is_some_and(|text| text.trim().is_empty()) {
            row.attributes.set(attribute.name, Value::Null);
        }
        return;
    };
    let beside = attribute.field.strip_suffix("_id").map(|stem| format!("{stem}_name"));
    let name = beside.and_then(|field| told(&json[field]));
    row.references.push(Reference { attribute: attribute.name, kind, id, name });
}

/// A field's value by the type of its attribute; none for what the attribute can't be, since nothing may be made anew for a garbled word.
fn value(attribute: &Attribute, json: &Json) -> Option<Value> {
    if !attribute.allowed.is_empty() {
        return one_of(attribute, json);
    }
    match json {
        Json::Null => Some(Value::Null),
        Json::Bool(b) => Some(Value::Bool(*b)),
        Json::Number(n) if attribute.integer => n.as_i64().map(Value::Int),
        Json::Number(n) => Some(Value::Text(n.to_string().into())),
        Json::String(text) => Some(match (attribute.integer, text.trim().parse()) {
            (true, Ok(n)) => Value::Int(n),
            _ => Value::Text(text.as_str().into()),
        }),
        Json::Array(_) | Json::Object(_) => None,
    }
}

/// One of the texts that an attribute can be, in the spelling of the table.
fn one_of(attribute: &Attribute, json: &Json) -> Option<Value> {
    match json {
        Json::Null => attribute.nullable.then_some(Value::Null),
        Json::String(text) => {
            let word = attribute.allowed.iter().find(|word| word.eq_ignore_ascii_case(text.trim()))?;
            Some(Value::Text((*word).into()))
        }
        _ => None,
    }
}

/// A name that is not empty.
fn told(json: &Json) -> Option<Box<str>> {
    json.as_str().map(normalise::name).filter(|name| !name.is_empty()).map(Into::into)
}
