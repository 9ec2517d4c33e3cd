//! What several rules want to know, worked out once.
//! In: a configuration and the tables of its platforms. Out: trunks with their hosts parsed, accounts with their numbers.
//! Judges nothing.

use std::sync::Arc;

use super::host::{Fault, Host};
use crate::model::{
    AccountConfig, Compare, Config, Diagnostic, Entry, Kind, KindName, Kinds, Resource, Span, Value,
};

/// The whole run.
pub(super) struct Facts<'a> {
    pub(super) accounts: Vec<Account<'a>>,
    pub(super) trunks: Vec<Trunk<'a>>,
}

/// One account with the table of its platform.
pub(super) struct Account<'a> {
    pub(super) config: &'a AccountConfig,
    pub(super) kinds: &'static Kinds,
}

/// One trunk with everything in it that should be a host.
pub(super) struct Trunk<'a> {
    pub(super) provider: &'static str,
    pub(super) kind: &'static Kind,
    pub(super) resource: &'a Resource,
    pub(super) hosts: Vec<HostField<'a>>,
}

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
    pub(super) text: &'a str,
    pub(super) role: Role,
    pub(super) parsed: Result<Host, Fault>,
}

impl<'a> Facts<'a> {
    /// Reads a configuration; accounts of a platform that is not known are left out.
    pub(super) fn gather(config: &'a Config, kinds: impl Fn(&str) -> Option<&'static Kinds>) -> Self {
        let accounts: Vec<Account> = config
            .accounts
            .iter()
            .filter_map(|config| Some(Account { config, kinds: kinds(config.provider)? }))
            .collect();
        let trunks = accounts.iter().flat_map(Account::trunks).collect();
        Self { accounts, trunks }
    }

    /// Every number of the run.
    pub(super) fn numbers(&self) -> impl Iterator<Item = &'a Resource> {
        self.accounts.iter().flat_map(Account::numbers)
    }
}

impl<'a> Account<'a> {
    /// What is declared of one kind.
    fn resources(&self, kind: KindName) -> impl Iterator<Item = &'a Resource> + use<'a> {
        self.config.desired.resources.values().filter(move |r| r.address.kind == kind)
    }

    /// The declared numbers.
    pub(super) fn numbers(&self) -> impl Iterator<Item = &'a Resource> + use<'a> {
        self.resources(KindName::Number)
    }

    /// The declared trunks.
    pub(super) fn trunks(&self) -> impl Iterator<Item = Trunk<'a>> + use<'a> {
        let (provider, kind) = (self.config.provider, &self.kinds.trunk);
        self.resources(KindName::Trunk).map(move |resource| Trunk {
            provider,
            kind,
            resource,
            hosts: hosts(resource, kind),
        })
    }
}

impl Trunk<'_> {
    /// Whether an attribute is stated and is this text.
    pub(super) fn says(&self, name: &str, text: &str) -> bool {
        says(self.resource, name, text)
    }
}

/// Whether an attribute of a resource is stated and is this text.
pub(super) fn says(resource: &Resource, name: &str, text: &str) -> bool {
    resource.attributes.get(name).and_then(Value::as_text) == Some(text)
}

/// Points a diagnostic at an attribute, or at the resource where the attribute has no place of its own.
pub(super) fn point(diagnostic: Diagnostic, resource: &Resource, attribute: &str) -> Diagnostic {
    let diagnostic = diagnostic.about(&resource.address);
    label(diagnostic, resource, attribute, "")
}

/// Adds a further place.
pub(super) fn label(diagnostic: Diagnostic, resource: &Resource, attribute: &str, text: &str) -> Diagnostic {
    match place(resource, attribute) {
        Some((file, span)) => diagnostic.at(file, span, text),
        None => diagnostic,
    }
}

fn place<'a>(resource: &'a Resource, attribute: &str) -> Option<(&'a Arc<str>, Span)> {
    let origin = resource.origin.as_ref()?;
    let span = resource.attributes.entry(attribute).map(|e| e.span).filter(|s| !s.is_nowhere());
    Some((&origin.file, span.unwrap_or(origin.span)))
}

fn hosts<'a>(resource: &'a Resource, kind: &'static Kind) -> Vec<HostField<'a>> {
    let mut found = Vec::new();
    for attribute in kind.attributes.iter().filter(|a| a.compare == Compare::Host) {
        let Some(Entry { value, .. }) = resource.attributes.entry(attribute.name) else { continue };
        let mut texts = Vec::new();
        texts_of(value, &mut texts);
        let role = role(resource, attribute.name);
        found.extend(texts.into_iter().map(|text| HostField {
            attribute: attribute.name,
            text,
            role,
            parsed: Host::parse(text),
        }));
    }
    found
}

/// The texts of a host attribute: itself, the members of a list, the address in each entry of a list.
fn texts_of<'a>(value: &'a Value, into: &mut Vec<&'a str>) {
    match value {
        Value::Text(text) => into.push(text),
        Value::List(items) => items.iter().for_each(|item| texts_of(item, into)),
        Value::Map(parts) => parts.iter().for_each(|(_, part)| texts_of(part, into)),
        Value::Null | Value::Bool(_) | Value::Int(_) | Value::Ref(_) | Value::Secret(_) => {}
    }
}

/// A `host` is where calls come from on an inbound trunk that knows its peer by address; other host attributes are where calls go to.
/// <https://kalem.me/api/v1/trunks>: "host: required for inbound IP auth. IP address or hostname of the source PBX".
fn role(resource: &Resource, attribute: &str) -> Role {
    match attribute {
        "ip_identifiers" => Role::Source,
        "host" if says(resource, "direction", "inbound") && says(resource, "auth_type", "ip") => Role::Source,
        "host" => Role::Unknown,
        _ => Role::Target,
    }
}
