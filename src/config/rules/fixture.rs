//! Configurations for the tests of the rules, without a file and without a provider.
//! In: trunks and numbers in a few words. Out: what the rules say of them.
//! Only in test builds.

use std::sync::{Arc, LazyLock};

use super::check_with;
use crate::api::{Api, ApiError};
use crate::model::{
    Account, AccountConfig, Address, Attributes, Budget, Change, Code, Config, Diagnostic, Draft, Ids, Kind,
    KindName, Kinds, Limits, Origin, Reading, Resource, Settings, Span, State, Unlisted, Value,
};
use crate::provider::{self, Provider};

/// A trunk or a number under construction.
pub(super) struct Thing {
    account: &'static str,
    kind: KindName,
    name: String,
    attributes: Vec<(&'static str, Value)>,
    renamed_from: Option<&'static str>,
    span: Option<Span>,
}

impl Thing {
    fn new(kind: KindName, name: &str) -> Self {
        Self {
            account: "kalem",
            kind,
            name: name.to_owned(),
            attributes: Vec::new(),
            renamed_from: None,
            span: None,
        }
    }

    /// Says an attribute; what was said of it before is forgotten.
    pub(super) fn with(mut self, name: &'static str, value: Value) -> Self {
        self.forget(name);
        self.attributes.push((name, value));
        self
    }

    pub(super) fn forget(&mut self, name: &str) {
        self.attributes.retain(|(other, _)| *other != name);
    }

    pub(super) fn on(self, trunk: &str) -> Self {
        let address = Address::new(&Account::new(self.account), KindName::Trunk, trunk);
        self.with("trunk", Value::Ref(address))
    }

    pub(super) fn of(mut self, account: &'static str) -> Self {
        self.account = account;
        self
    }

    pub(super) fn at(mut self, start: u32, end: u32) -> Self {
        self.span = Some(Span::new(start, end));
        self
    }

    pub(super) fn renamed_from(mut self, name: &'static str) -> Self {
        self.renamed_from = Some(name);
        self
    }

    fn resource(&self, index: usize) -> Resource {
        let place = |n: usize| {
            self.span.unwrap_or(Span::new((index * 100 + n * 10) as u32, (index * 100 + n * 10 + 9) as u32))
        };
        let mut attributes = Attributes::default();
        for (n, (name, value)) in self.attributes.iter().enumerate() {
            attributes.set_at(name, value.clone(), place(n + 1));
        }
        let identity = if self.kind == KindName::Trunk { "name" } else { "number" };
        attributes.set_at(identity, text(&self.name), place(0));
        let address = Address::new(&Account::new(self.account), self.kind, &self.name);
        let mut resource = Resource::new(address, attributes);
        resource.origin = Some(Origin {
            file: Arc::from("trunkform.yaml"),
            span: place(0),
            line: index as u32 + 1,
            column: 5,
        });
        resource.settings = self
            .renamed_from
            .map(|name| Box::new(Settings { renamed_from: Some(name.into()), ..Settings::default() }));
        resource
    }
}

pub(super) fn text(text: &str) -> Value {
    Value::Text(text.into())
}

pub(super) fn inbound(name: &str, host: &str) -> Thing {
    Thing::new(KindName::Trunk, name)
        .with("direction", text("inbound"))
        .with("auth_type", text("ip"))
        .with("host", text(host))
}

pub(super) fn outbound(name: &str, server: &str) -> Thing {
    Thing::new(KindName::Trunk, name)
        .with("direction", text("outbound"))
        .with("auth_type", text("digest"))
        .with("outbound_server", text(server))
}

/// A trunk of an account at Bolna that no rule has anything against.
pub(super) fn carrier(name: &str) -> Thing {
    Thing::new(KindName::Trunk, name)
        .of("bolna")
        .with("provider", text("custom"))
        .with("auth_type", text("ip-based"))
        .with("gateways", gateways(&[("sip.example.com", None, Some(1)), ("sip.example.net", None, Some(2))]))
        .with("ip_identifiers", identifiers(&["192.31.196.7"]))
}

/// Gateways: address, port, priority.
pub(super) fn gateways(all: &[(&str, Option<i64>, Option<i64>)]) -> Value {
    let gateway = |(address, port, priority): &(&str, Option<i64>, Option<i64>)| {
        let mut parts = vec![("gateway_address".into(), text(address))];
        parts.extend(port.map(|port| ("port".into(), Value::Int(port))));
        parts.extend(priority.map(|priority| ("priority".into(), Value::Int(priority))));
        Value::Map(parts)
    };
    Value::List(all.iter().map(gateway).collect())
}

/// Addresses that calls come from.
pub(super) fn identifiers(all: &[&str]) -> Value {
    Value::List(all.iter().map(|a| Value::Map(vec![("ip_address".into(), text(a))])).collect())
}

/// A trunk of an account at Talkover that no rule has anything against.
pub(super) fn domain(name: &str, host: &str) -> Thing {
    Thing::new(KindName::Trunk, name)
        .of("talkover")
        .with("provider_name", text("Carrier"))
        .with("domain", text(host))
        .with("username", text(name))
        .with("is_active", Value::Bool(true))
}

pub(super) fn number(number: &str) -> Thing {
    Thing::new(KindName::Number, number)
}

pub(super) fn codes(diagnostics: &[Diagnostic]) -> Vec<&'static str> {
    diagnostics.iter().map(|d| d.code.as_str()).collect()
}

/// What the rules say, TRK030 left out: few tests declare numbers for their trunks.
pub(super) fn run(things: &[Thing]) -> Vec<Diagnostic> {
    run_with(things, |_| {})
}

pub(super) fn run_with(things: &[Thing], change: impl Fn(&mut AccountConfig)) -> Vec<Diagnostic> {
    let mut all = check_with(&config(things, change), platform);
    all.retain(|d| d.code != Code::TRK030);
    all
}

pub(super) fn run_all(things: &[Thing]) -> Vec<Diagnostic> {
    check_with(&config(things, |_| {}), platform)
}

fn config(things: &[Thing], change: impl Fn(&mut AccountConfig)) -> Config {
    let mut config = Config::default();
    let mut names: Vec<_> = things.iter().map(|thing| thing.account).collect();
    names.sort();
    names.dedup();
    for name in names {
        let mut desired = State::default();
        for (index, thing) in things.iter().enumerate().filter(|(_, thing)| thing.account == name) {
            assert!(desired.insert(thing.resource(index)).is_none(), "one address twice");
        }
        let mut account = AccountConfig {
            account: Account::new(name),
            provider: provider::get(name).map_or("kalem", |provider| provider.name()),
            unlisted: Unlisted::default(),
            limits: Limits::default(),
            ignore: Vec::new(),
            desired,
            removed: Default::default(),
        };
        change(&mut account);
        config.accounts.push(account);
    }
    config
}

/// The real platforms, but in place of the first a fake one: its tables and hosts are those below.
fn platform(name: &str) -> Option<&'static dyn Provider> {
    if name == "kalem" { Some(&Fake) } else { provider::get(name) }
}

struct Fake;

#[async_trait::async_trait]
impl Provider for Fake {
    fn name(&self) -> &'static str {
        "kalem"
    }
    fn base_url(&self) -> &'static str {
        "https://fake.example"
    }
    fn edges(&self) -> &'static [&'static str] {
        &["fake.example", "192.31.196.99"]
    }
    /// Every number of 11 digits is one of a country that there is none of.
    fn country(&self, number: &str) -> Option<&'static str> {
        (number.len() == 12).then_some("XX")
    }
    fn starter(&self) -> &'static str {
        ""
    }

    fn kinds(&self) -> &'static Kinds {
        kinds()
    }
    fn schema(&self) -> &'static serde_json::Value {
        unreachable!("the rules read no schema")
    }
    fn budget(&self) -> Option<Budget> {
        None
    }
    async fn observe(&self, _: &Api, _: &Account, _: Reading) -> Result<State, ApiError> {
        unreachable!("the rules send nothing")
    }
    fn lower(&self, _: &Change, _: &Ids) -> Vec<Draft> {
        unreachable!("the rules plan nothing")
    }
}

fn kinds() -> &'static Kinds {
    static KINDS: LazyLock<Kinds> = LazyLock::new(|| {
        let of = |name, schema: serde_json::Value| Kind::from_schema(name, Box::leak(Box::new(schema)));
        Kinds {
            trunk: of(
                KindName::Trunk,
                serde_json::json!({"properties": {
                "name": {"x-identity": true}, "direction": {}, "auth_type": {}, "host": {"x-compare": "host"},
                "port": {"type": "integer", "default": 5060}, "username": {}, "password": {"writeOnly": true},
                "outbound_server": {"x-compare": "host"}}}),
            ),
            number: of(
                KindName::Number,
                serde_json::json!({"properties": {
                "number": {"x-identity": true}, "trunk": {"x-ref": "trunk"}, "voice_agent": {"x-ref": "voice_agent"},
                "text_agent": {"x-ref": "text_agent"}, "status": {}, "country_code": {}}}),
            ),
        }
    });
    &KINDS
}
