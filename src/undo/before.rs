//! How a thing was, as values again.
//! In: the JSON of a change record, and the kind's table. Out: typed attributes, references as a file would have them; or what is wrong.
//! Takes no secret at its word, and leaves out what no request can say.

use serde_json::{Map, Value as Json};

use crate::model::{Account, Address, Attribute, Attributes, Kind, KindName, SecretSource, Span, Value};

/// The attributes, and those that were empty and can't be emptied.
pub(super) fn attributes(
    (account, kind): (&Account, &'static Kind),
    before: &Map<String, Json>,
    span: Span,
) -> Result<(Attributes, Vec<&'static str>), String> {
    let (mut attributes, mut full) = (Attributes::default(), Vec::new());
    for (name, json) in before {
        let attribute = named(kind, name)?;
        if attribute.secret {
            continue;
        }
        if json.is_null() && !attribute.nullable {
            full.push(attribute.name);
            continue;
        }
        let value = value(account, attribute, json);
        let value = value.ok_or_else(|| format!("`{name}` of a {} can't be `{json}`", kind.name))?;
        attributes.set_at(attribute.name, value, span);
    }
    Ok((attributes, full))
}

/// The attribute of a name that a record has.
pub(super) fn named(kind: &'static Kind, name: &str) -> Result<&'static Attribute, String> {
    kind.attribute(name).ok_or_else(|| format!("a {} has no attribute `{name}`", kind.name))
}

fn value(account: &Account, attribute: &Attribute, json: &Json) -> Option<Value> {
    match (json, attribute.reference) {
        (Json::Null, _) => Some(Value::Null),
        (Json::String(name), Some(KindName::Trunk)) => {
            Some(Value::Ref(Address::new(account, KindName::Trunk, name)))
        }
        (Json::String(name), Some(_)) => Some(Value::Text(name.as_str().into())),
        (_, Some(_)) => None,
        _ if attribute.integer => json.as_i64().map(Value::Int),
        _ if attribute.boolean => json.as_bool().map(Value::Bool),
        (Json::Bool(_) | Json::Number(_), _) => None,
        _ => plain(json),
    }
}

fn plain(json: &Json) -> Option<Value> {
    Some(match json {
        Json::Null => Value::Null,
        Json::Bool(b) => Value::Bool(*b),
        Json::Number(n) => Value::Int(n.as_i64()?),
        Json::String(text) => Value::Text(text.as_str().into()),
        Json::Array(items) => Value::List(items.iter().map(plain).collect::<Option<_>>()?),
        Json::Object(parts) => {
            let part = |(key, value): (&String, &Json)| Some((key.as_str().into(), plain(value)?));
            Value::Map(parts.iter().map(part).collect::<Option<_>>()?)
        }
    })
}

/// The places of the secrets that a request sends.
pub(super) fn secrets(kind: &'static Kind, body: Option<&Json>) -> Vec<(&'static str, SecretSource)> {
    let secret = kind.attributes.iter().filter(|attribute| attribute.secret);
    let sent =
        secret.filter_map(|attribute| Some((attribute.name, place(body?[attribute.field].as_str()?)?)));
    sent.collect()
}

fn place(placeholder: &str) -> Option<SecretSource> {
    let (sort, place) = placeholder.strip_prefix("${")?.strip_suffix('}')?.split_once(':')?;
    let is_name = |name: &str| {
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    };
    match sort {
        "env" if is_name(place) => Some(SecretSource::Env(place.into())),
        "file" if !place.is_empty() && !place.contains('}') => Some(SecretSource::File(place.into())),
        _ => None,
    }
}
