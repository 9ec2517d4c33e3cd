//! What several rules want to know, worked out once.
//! In: a configuration and the tables of its platforms. Out: trunks with their hosts parsed, accounts with their numbers.
//! Judges nothing.

use std::sync::Arc;

use super::attributes::{is_text, stated_flag};
use super::fields::{HostField, Known, hosts};
use crate::model::{
    AccountConfig, Attribute, Config, Diagnostic, Kind, KindName, Kinds, Resource, Span, Value,
};
use crate::provider::Provider;

/// The attributes that hold the user of digest authentication.
pub(super) const USERS: &[&str] = &["username", "auth_username"];

/// The whole run.
pub(super) struct Facts<'a> {
    pub(super) accounts: Vec<Account<'a>>,
    pub(super) trunks: Vec<Trunk<'a>>,
}

/// One account with the table of its platform.
pub(super) struct Account<'a> {
    pub(super) config: &'a AccountConfig,
    pub(super) platform: &'static dyn Provider,
    pub(super) kinds: &'static Kinds,
    /// What is declared, kind by kind: nearly every rule goes through it.
    trunks: Vec<&'a Resource>,
    numbers: Vec<&'a Resource>,
}

/// One trunk with everything in it that should be a host.
pub(super) struct Trunk<'a> {
    pub(super) platform: &'static dyn Provider,
    pub(super) kind: &'static Kind,
    pub(super) resource: &'a Resource,
    pub(super) hosts: Vec<HostField<'a>>,
}

impl<'a> Facts<'a> {
    /// Reads a configuration; accounts of a platform that is not known are left out.
    pub(super) fn gather(
        config: &'a Config,
        platform: impl Fn(&str) -> Option<&'static dyn Provider>,
    ) -> Self {
        let account = |config: &'a AccountConfig| {
            let platform = platform(config.provider)?;
            let declared = config.desired.resources.values();
            let (trunks, numbers) = declared.partition(|r| r.address.kind == KindName::Trunk);
            Some(Account { config, platform, kinds: platform.kinds(), trunks, numbers })
        };
        let accounts: Vec<Account> = config.accounts.iter().filter_map(account).collect();
        let trunks = accounts.iter().flat_map(Account::trunks).collect();
        Self { accounts, trunks }
    }

    /// Every number of the run.
    pub(super) fn numbers(&self) -> impl Iterator<Item = &'a Resource> {
        self.accounts.iter().flat_map(Account::numbers)
    }
}

impl<'a> Account<'a> {
    /// The declared numbers.
    pub(super) fn numbers(&self) -> impl Iterator<Item = &'a Resource> {
        self.numbers.iter().copied()
    }

    /// The declared trunks.
    pub(super) fn trunks(&self) -> impl Iterator<Item = Trunk<'a>> {
        let (platform, kind) = (self.platform, &self.kinds.trunk);
        self.trunks.iter().map(move |&resource| Trunk {
            platform,
            kind,
            resource,
            hosts: hosts(resource, kind),
        })
    }

    /// The attributes of its numbers that refer to something of one sort.
    pub(super) fn references(
        &self,
        sort: fn(KindName) -> bool,
    ) -> impl Iterator<Item = &'static Attribute> + use<> {
        self.kinds.number.attributes.iter().filter(move |attribute| attribute.reference.is_some_and(sort))
    }

    /// The names of the attributes of its numbers that refer to a trunk, and of those that refer to an agent.
    pub(super) fn reference_names(&self) -> (Vec<&'static str>, Vec<&'static str>) {
        let names = |sort: fn(KindName) -> bool| self.references(sort).map(|a| a.name).collect();
        (names(|kind| kind == KindName::Trunk), names(|kind| kind != KindName::Trunk))
    }
}

impl<'a> Trunk<'a> {
    /// Whether an attribute is stated and is this text.
    pub(super) fn says(&self, name: &str, text: &str) -> bool {
        is_text(self.resource, name, text)
    }

    /// An attribute that is stated, and not as `null`.
    pub(super) fn stated(&self, name: &str) -> Option<&'a Value> {
        self.resource.attributes.get(name).filter(|value| **value != Value::Null)
    }

    /// An attribute that is stated as `true` or `false`.
    pub(super) fn flag(&self, name: &str) -> Option<bool> {
        stated_flag(self.resource, name)
    }

    /// What an attribute is: as stated, else what the platform's documents say that it fills in.
    pub(super) fn text(&self, name: &str) -> Option<Known<&'a str>> {
        match self.stated(name) {
            Some(value) => Some(Known { value: value.as_text()?, stated: true }),
            None => Some(Known { value: self.default(name)?.as_text()?, stated: false }),
        }
    }

    /// What the platform fills in for an attribute.
    pub(super) fn default(&self, name: &str) -> Option<&'static Value> {
        self.kind.attribute(name)?.default.as_ref()
    }

    /// Whether the two sides know each other by address alone.
    pub(super) fn by_address(&self) -> bool {
        self.says("auth_type", "ip") || self.says("auth_type", "ip-based")
    }

    /// Whether the two sides know each other by a user name and a password.
    pub(super) fn by_password(&self) -> bool {
        let always = self.kind.attribute("auth_type").is_none() && self.user().is_some();
        always || self.says("auth_type", "digest") || self.says("auth_type", "userpass")
    }

    /// The user name that the trunk signs in with, and its attribute.
    pub(super) fn user(&self) -> Option<(&'static str, &'a str)> {
        let stated = |name: &&'static str| Some((*name, self.stated(name)?.as_text()?));
        USERS.iter().filter(|_| !self.by_address()).find_map(stated)
    }

    /// Whether the file lets it be that calls come in through the trunk.
    pub(super) fn may_let_in(&self) -> bool {
        let closed = |name| self.flag(name) == Some(false);
        !self.says("direction", "outbound") && !closed("inbound_enabled") && !closed("is_active")
    }
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
