//! A platform that only these tests know, and rows from which its worlds are written.
//! Trunks can't change their direction; a trunk that has numbers can't be deleted; names may repeat.

use std::sync::{Arc, LazyLock};

use async_trait::async_trait;
use serde_json::{Map, Value as Json, json};
use trunkform::api::{Api, ApiError};
use trunkform::model::{
    Account, AccountConfig, Action, Address, Agent, Budget, Change, Draft, Expect, Gap, Id, Ids, Immutable,
    Kind, KindName, Kinds, Limits, Origin, Pattern, Plan, REPLACEMENT_MARK, Reading, Request, Resource,
    SecretSource, Settings, Span, State, Unlisted, Value,
};
use trunkform::provider::Provider;

use crate::accounts;

pub(crate) static KINDS: LazyLock<Kinds> = LazyLock::new(|| {
    let kinds: &'static Json = Box::leak(Box::new(json!({
        "trunk": {"properties": {
            "name": {"type": "string", "x-identity": true},
            "direction": {"type": "string", "x-immutable": "replace"},
            "host": {"type": ["string", "null"], "x-compare": "host"},
            "port": {"type": ["integer", "null"], "default": 5060},
            "password": {"type": "object", "writeOnly": true},
            "is_active": {"type": "boolean", "x-inactive": false},
        }},
        "number": {"properties": {
            "number": {"type": "string", "x-identity": true, "x-immutable": "refuse"},
            "provider": {"type": "string", "x-immutable": "refuse"},
            "trunk": {"type": ["string", "null"], "x-ref": "trunk", "x-field": "trunk_id"},
            "agent": {"type": ["string", "null"], "x-ref": "agent", "x-field": "agent_id"},
            "status": {"type": "string", "x-inactive": "inactive"},
        }},
    })));
    Kinds {
        trunk: Kind::from_schema(KindName::Trunk, &kinds["trunk"]),
        number: Kind::from_schema(KindName::Number, &kinds["number"]),
    }
});

/// The same platform, but a number can't live without its trunk, nor be active or not, and is deleted and made again when it moves.
pub(crate) static VITAL: LazyLock<Kinds> = LazyLock::new(|| {
    let mut kinds = KINDS.clone();
    kinds.number.attributes.retain(|a| a.name != "status");
    let more: &'static Json = Box::leak(Box::new(json!({"properties": {
        "name": {"x-identity": true},
        "label": {"type": ["string", "null"]},
        "tone": {"type": "string", "default": "low"},
        "note": {"type": ["string", "null"]},
    }})));
    let more = Kind::from_schema(KindName::Number, more).attributes.into_iter();
    kinds.number.attributes.extend(more.filter(|attribute| attribute.name != "name"));
    for trunk in kinds.number.attributes.iter_mut().filter(|a| a.name == "trunk") {
        (trunk.vital, trunk.immutable) = (true, Immutable::Replace);
    }
    kinds
});

/// The platform, with what its kinds allow.
pub(crate) struct Fake(&'static LazyLock<Kinds>);

static FAKE: Fake = Fake(&KINDS);
static VITAL_FAKE: Fake = Fake(&VITAL);

#[async_trait]
impl Provider for Fake {
    fn name(&self) -> &'static str {
        "fake"
    }
    fn base_url(&self) -> &'static str {
        "https://fake.example"
    }
    fn starter(&self) -> &'static str {
        ""
    }

    fn kinds(&self) -> &'static Kinds {
        self.0
    }
    fn schema(&self) -> &'static Json {
        unreachable!("these tests read no file")
    }
    fn budget(&self) -> Option<Budget> {
        None
    }
    /// The rest costs nothing where only trunks are asked for.
    async fn observe(&self, _: &Api, account: &Account, _: Reading) -> Result<State, ApiError> {
        Ok(accounts::read(account))
    }
    fn lower(&self, change: &Change, ids: &Ids) -> Vec<Draft> {
        let list = format!("/{}s", change.address.kind);
        let live = change.before.as_ref().and_then(|before| before.id.as_ref());
        let path = live.map_or(String::new(), |id| format!("{list}/{id}"));
        match change.action {
            Action::Create => vec![create(change, &list, "", ids)],
            Action::Update => vec![draft("update", "PUT", path, Some(differing(change, ids)))],
            Action::Delete => vec![draft("delete", "DELETE", path, None)],
            Action::Replace if change.address.kind == KindName::Number => {
                vec![draft("delete", "DELETE", path, None).gap(Gap::Brief), create(change, &list, "", ids)]
            }
            Action::Replace => vec![
                create(change, &list, REPLACEMENT_MARK, ids),
                draft("delete", "DELETE", path, None),
                draft(
                    "rename",
                    "PUT",
                    format!("{list}/{}", Request::path_placeholder(&change.address)),
                    Some(json!({"name": &*change.address.name})),
                ),
            ],
        }
    }
}

fn draft(verb: &'static str, method: &str, path: String, body: Option<Json>) -> Draft {
    Draft { irreversible: verb == "delete", ..Draft::new(verb, method, path, body) }
}

fn create(change: &Change, list: &str, mark: &str, ids: &Ids) -> Draft {
    let after = change.after.as_ref().unwrap();
    let mut body: Map<_, _> = after.attributes.iter().map(|e| (field(e.name), wire(&e.value, ids))).collect();
    if !mark.is_empty() {
        body["name"] = format!("{}{mark}", change.address.name).into();
    }
    draft("create", "POST", list.into(), Some(body.into())).expect(Expect::id(&["/id"]))
}

fn differing(change: &Change, ids: &Ids) -> Json {
    change.attributes.iter().map(|a| (field(a.name), wire(&a.after, ids))).collect::<Map<_, _>>().into()
}

fn field(name: &str) -> String {
    if matches!(name, "trunk" | "agent") { format!("{name}_id") } else { name.into() }
}

fn wire(value: &Value, ids: &Ids) -> Json {
    match value {
        Value::Ref(address) => {
            ids.get(address).map_or_else(|| Request::placeholder(address).into(), Id::to_json)
        }
        Value::Secret(source) => source.placeholder().into(),
        other => other.to_json(),
    }
}

/// A trunk or number as a test writes it.
#[derive(Clone, Debug)]
pub(crate) struct Row(pub(crate) Resource);

pub(crate) fn account() -> Account {
    Account::new("fake")
}

pub(crate) fn address(text: &str) -> Address {
    format!("fake.{text}").parse().unwrap()
}

pub(crate) fn trunk(name: &str) -> Row {
    row(KindName::Trunk, "name", name)
}

pub(crate) fn number(number: &str) -> Row {
    row(KindName::Number, "number", number)
}

fn row(kind: KindName, identity: &'static str, name: &str) -> Row {
    let mut resource = Resource::new(Address::new(&account(), kind, name), Default::default());
    resource.attributes.set_at(identity, Value::Text(name.into()), Span::new(1, 2));
    Row(resource)
}

impl Row {
    pub(crate) fn id(mut self, id: i64) -> Self {
        self.0.id = Some(Id::Int(id));
        self
    }
    pub(crate) fn set(mut self, name: &'static str, value: Value) -> Self {
        self.0.attributes.set_at(name, value, Span::new(3, 4));
        self
    }
    pub(crate) fn text(self, name: &'static str, text: &str) -> Self {
        self.set(name, Value::Text(text.into()))
    }
    pub(crate) fn port(self, port: i64) -> Self {
        self.set("port", Value::Int(port))
    }
    pub(crate) fn on(self, trunk: &str) -> Self {
        let target = Address::new(&account(), KindName::Trunk, trunk);
        self.set("trunk", Value::Ref(target))
    }
    pub(crate) fn password(self) -> Self {
        self.set("password", Value::Secret(SecretSource::Env("PASSWORD".into())))
    }
    /// Two live things of one name are told apart in their addresses only.
    pub(crate) fn twin(mut self) -> Self {
        let Some(id) = self.0.id.clone() else { panic!("a twin has an id") };
        self.0.address =
            Address::new(&account(), self.0.address.kind, &format!("{}#{id}", self.0.address.name));
        self
    }
    pub(crate) fn with(mut self, change: impl FnOnce(&mut Settings)) -> Self {
        change(self.0.settings.get_or_insert_default());
        self
    }
    pub(crate) fn pin(self, id: i64) -> Self {
        self.with(|s| s.pin = Some(Id::Int(id)))
    }
    pub(crate) fn was(self, name: &str) -> Self {
        self.with(|s| s.renamed_from = Some(name.into()))
    }
    pub(crate) fn protect(self) -> Self {
        self.with(|s| s.protect = true)
    }
}

pub(crate) fn live<const N: usize>(rows: [Row; N]) -> State {
    state(rows.to_vec())
}

pub(crate) fn state(rows: Vec<Row>) -> State {
    let agent = |name: &str, id| Agent::new(Address::new(&account(), KindName::Agent, name), Id::Int(id));
    let resources = rows.into_iter().map(|row| (row.0.address.clone(), row.0)).collect();
    State {
        resources,
        agents: vec![agent("Sales", 91), agent("Support", 92)],
        requests: 2,
        ..State::default()
    }
}

pub(crate) fn file<const N: usize>(rows: [Row; N]) -> AccountConfig {
    config(rows.to_vec())
}

pub(crate) fn config(rows: Vec<Row>) -> AccountConfig {
    let file: Arc<str> = "trunkform.yaml".into();
    let mut desired = State::default();
    for (at, Row(mut resource)) in (1..).zip(rows) {
        resource.origin = Some(Origin { file: file.clone(), span: Span::new(1, 2), line: at, column: 5 });
        desired.insert(resource);
    }
    AccountConfig {
        account: account(),
        provider: "fake",
        unlisted: Unlisted::default(),
        limits: Limits::default(),
        ignore: Vec::new(),
        desired,
        removed: Default::default(),
    }
}

/// `unlisted: delete` for trunks.
pub(crate) fn deleting_trunks(mut config: AccountConfig) -> AccountConfig {
    config.unlisted.delete_trunks = true;
    config
}

pub(crate) fn ignoring(mut config: AccountConfig, pattern: &str) -> AccountConfig {
    config.ignore.push(Pattern::new(pattern));
    config
}

/// The table of platforms.
pub(crate) fn platforms(name: &str) -> Option<&'static dyn Provider> {
    (name == "fake").then_some(&FAKE)
}

/// The same, but a number can't live without its trunk.
pub(crate) fn vital_platforms(name: &str) -> Option<&'static dyn Provider> {
    (name == "fake").then_some(&VITAL_FAKE)
}

/// `POST /trunks <- 1 2`: what a step sends, and what it waits for.
pub(crate) fn lines(plan: &Plan) -> Vec<String> {
    let line = |step: &trunkform::model::Step| {
        let waits: String = step.waits_on.iter().map(|id| format!(" {id}")).collect();
        format!("{} {} {} <-{waits}", step.id, step.request.method, step.request.path)
    };
    plan.steps.iter().map(line).collect()
}
