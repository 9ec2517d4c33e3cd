//! What a trunk says of hosts, each with what belongs to it.
//! In: a trunk and the table of its kind. Out: every text that should be a host, parsed, with its role and its port.
//! Judges nothing.

use super::attributes::is_text;
use super::host::{Fault, Host};
use crate::model::{Attribute, Compare, Kind, Resource, Value};

/// The parts of list items that hold a host.
const HOST_PARTS: &[&str] = &["gateway_address", "ip_address"];

/// A server on the way to another one; its port has no key of its own.
pub(super) const PROXY: &str = "outbound_proxy";

/// What a host is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// Calls from there are let in.
    Source,
    /// Calls are sent there.
    Target,
    /// The file does not say enough to know.
    Unknown,
}

/// One text that should be a host, of one attribute.
pub(super) struct HostField<'a> {
    pub(super) attribute: &'static str,
    /// The key that it stands under: the attribute itself, or a part of the items of its list.
    pub(super) key: &'static str,
    pub(super) text: &'a str,
    pub(super) role: Role,
    pub(super) parsed: Result<Host, Fault>,
    /// Whether the file has a key for its port.
    pub(super) has_port: bool,
    /// Its port, as far as that is certain.
    pub(super) port: Option<Known<i64>>,
    /// Which of a list is tried first, where the list says so.
    pub(super) priority: Option<i64>,
}

/// A value that the file states, or that the platform fills in where it does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Known<T> {
    pub(super) value: T,
    pub(super) stated: bool,
}

/// Every host of a trunk.
pub(super) fn hosts<'a>(resource: &'a Resource, kind: &'static Kind) -> Vec<HostField<'a>> {
    let mut found = Vec::new();
    for attribute in kind.attributes.iter().filter(|a| a.compare == Compare::Host) {
        match resource.attributes.get(attribute.name) {
            Some(Value::Text(text)) => found.push(HostField {
                has_port: attribute.name != PROXY && kind.attribute("port").is_some(),
                port: port(resource, kind).filter(|_| attribute.name != PROXY),
                ..field(resource, attribute, attribute.name, text)
            }),
            Some(Value::List(items)) => {
                found.extend(items.iter().filter_map(|item| item_field(resource, attribute, item)));
            }
            _ => {}
        }
    }
    found
}

fn field<'a>(
    resource: &Resource,
    attribute: &'static Attribute,
    key: &'static str,
    text: &'a str,
) -> HostField<'a> {
    HostField {
        attribute: attribute.name,
        key,
        text,
        role: role(resource, attribute.name),
        parsed: Host::parse(text),
        has_port: false,
        port: None,
        priority: None,
    }
}

/// The host in an item of a list: the item itself, or the part of it that holds one.
fn item_field<'a>(
    resource: &Resource,
    attribute: &'static Attribute,
    item: &'a Value,
) -> Option<HostField<'a>> {
    let parts = match item {
        Value::Text(text) => return Some(field(resource, attribute, attribute.name, text)),
        Value::Map(parts) => parts,
        _ => return None,
    };
    let part = |key: &str| parts.iter().find(|(name, _)| **name == *key).map(|(_, value)| value);
    let number = |key: &str| match part(key) {
        Some(Value::Int(value)) => Some(Known { value: *value, stated: true }),
        Some(value) if *value != Value::Null => None,
        _ => match attribute.part_defaults.iter().find(|(name, _)| *name == key) {
            Some((_, Value::Int(value))) => Some(Known { value: *value, stated: false }),
            _ => None,
        },
    };
    let key = HOST_PARTS.iter().copied().find(|key| attribute.parts.contains(key))?;
    let text = part(key)?.as_text()?;
    Some(HostField {
        has_port: attribute.parts.contains(&"port"),
        port: number("port"),
        priority: number("priority").map(|known| known.value),
        ..field(resource, attribute, key, text)
    })
}

/// The port of a trunk as stated, else the one that the platform fills in.
fn port(resource: &Resource, kind: &'static Kind) -> Option<Known<i64>> {
    let default = kind.attribute("port").and_then(|attribute| attribute.default.as_ref());
    let stated = resource.attributes.get("port").filter(|value| **value != Value::Null);
    match stated.or(default) {
        Some(Value::Int(port)) => Some(Known { value: *port, stated: stated.is_some() }),
        _ => None,
    }
}

/// A `host` is where calls come from on an inbound trunk that knows its peer by address; other host attributes are where calls go to.
/// <https://kalem.me/api/v1/trunks>: "host: required for inbound IP auth. IP address or hostname of the source PBX".
fn role(resource: &Resource, attribute: &str) -> Role {
    match attribute {
        "ip_identifiers" => Role::Source,
        "host" if is_text(resource, "direction", "inbound") && is_text(resource, "auth_type", "ip") => {
            Role::Source
        }
        "host" => Role::Unknown,
        _ => Role::Target,
    }
}
