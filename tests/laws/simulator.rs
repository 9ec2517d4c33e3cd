//! The platform of these tests in memory: takes the literal requests of a plan.
//! Refuses to delete a trunk that has numbers and to make a number twice. Where no number can live without its trunk it takes numbers along with their trunk, and
//! refuses to move one.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json};
use trunkform::model::{Address, Id, KindName, Plan, Request, State, Step, Value};

use crate::fake::{Row, number, state, trunk};

#[derive(Clone, Debug, Default)]
pub(crate) struct Platform {
    pub(crate) trunks: BTreeMap<i64, Map<String, Json>>,
    pub(crate) numbers: BTreeMap<i64, Map<String, Json>>,
    /// No number lives without its trunk.
    pub(crate) vital: bool,
    last: i64,
}

/// The ids that steps have made so far, by placeholder.
pub(crate) type Made = BTreeMap<String, Json>;

impl Platform {
    pub(crate) fn of(observed: &State) -> Self {
        let mut platform = Self { last: 100, ..Self::default() };
        for resource in observed.resources.values() {
            let Some(Id::Int(id)) = resource.id else { panic!("what is live has an id") };
            let id_of =
                |address: &Address| observed.get(address).and_then(|r| r.id.as_ref()).map(Id::to_json);
            let fields = resource.attributes.iter().map(|e| match &e.value {
                Value::Ref(a) if a.kind == KindName::Trunk => ("trunk_id".into(), id_of(a).unwrap()),
                Value::Ref(a) => ("agent_id".into(), if &*a.name == "Sales" { 91.into() } else { 92.into() }),
                Value::Null if e.name == "trunk" || e.name == "agent" => {
                    (format!("{}_id", e.name), Json::Null)
                }
                other => (e.name.to_owned(), other.to_json()),
            });
            let fields = fields.collect();
            match resource.address.kind {
                KindName::Trunk => platform.trunks.insert(id, fields),
                _ => platform.numbers.insert(id, fields),
            };
        }
        platform
    }

    pub(crate) fn observe(&self) -> State {
        let count = |name: &Json| self.trunks.values().filter(|trunk| trunk["name"] == *name).count();
        let trunks: BTreeMap<_, _> = self
            .trunks
            .iter()
            .map(|(&id, fields)| {
                let row = filled(trunk(fields["name"].as_str().unwrap()).id(id), fields, &BTreeMap::new());
                (id, if count(&fields["name"]) > 1 { row.twin() } else { row })
            })
            .collect();
        let numbers: Vec<_> = self
            .numbers
            .iter()
            .map(|(&id, fields)| filled(number(fields["number"].as_str().unwrap()).id(id), fields, &trunks))
            .collect();
        state(trunks.into_values().chain(numbers).collect())
    }

    /// Sends one step.
    pub(crate) fn send(&mut self, step: &Step, made: &mut Made) -> Result<(), String> {
        let Request { method, path, body } = &step.request;
        let path = made.iter().fold(path.clone(), |path, (hole, id)| path.replace(hole, &id.to_string()));
        let body = body.as_ref().map(|body| filled_in(body, made)).unwrap_or_default();
        let mut parts = path.trim_start_matches('/').split('/');
        let (list, id) = (parts.next().unwrap(), parts.next().map(|id| id.parse::<i64>().unwrap()));
        match (method.as_str(), list, id) {
            ("POST", "numbers", None) if self.numbers.values().any(|n| n["number"] == body["number"]) => {
                Err(format!("422 {path} {body:?}"))
            }
            ("POST", "numbers", None) if self.vital && body.get("trunk_id").is_none_or(Json::is_null) => {
                Err(format!("422 {path} {body:?}"))
            }
            ("PUT", "numbers", _) if self.vital && body.contains_key("trunk_id") => {
                Err(format!("422 {path} {body:?}"))
            }
            ("DELETE", "trunks", Some(id)) if self.vital => {
                self.numbers.retain(|_, number| number.get("trunk_id") != Some(&id.into()));
                self.trunks.remove(&id).map(|_| ()).ok_or(format!("404 {path}"))
            }
            ("POST", _, None) => {
                self.last += 1;
                made.insert(Request::placeholder(&step.address), self.last.into());
                made.insert(Request::path_placeholder(&step.address), self.last.into());
                let mut fields = body;
                if list == "numbers" && !self.vital {
                    fields.entry("status").or_insert("active".into());
                }
                self.check_trunk(&fields)?;
                let id = self.last;
                self.list(list).insert(id, fields);
                Ok(())
            }
            ("PUT", _, Some(id)) => {
                self.check_trunk(&body)?;
                self.list(list).get_mut(&id).ok_or(format!("404 {path}"))?.extend(body);
                Ok(())
            }
            ("DELETE", "trunks", Some(id))
                if self.numbers.values().any(|n| n.get("trunk_id") == Some(&id.into())) =>
            {
                Err(format!("409 {path}"))
            }
            ("DELETE", _, Some(id)) => self.list(list).remove(&id).map(|_| ()).ok_or(format!("404 {path}")),
            other => Err(format!("405 {other:?}")),
        }
    }

    fn check_trunk(&self, fields: &Map<String, Json>) -> Result<(), String> {
        match fields.get("trunk_id") {
            None | Some(Json::Null) => Ok(()),
            Some(id) if id.as_i64().is_some_and(|id| self.trunks.contains_key(&id)) => Ok(()),
            Some(id) => Err(format!("422 trunk_id {id}")),
        }
    }

    fn list(&mut self, name: &str) -> &mut BTreeMap<i64, Map<String, Json>> {
        if name == "trunks" { &mut self.trunks } else { &mut self.numbers }
    }

    /// Sends steps in an order that keeps the waits but is otherwise random; stops after `limit`. Calls `each` after every step.
    pub(crate) fn run(
        &mut self,
        plan: &Plan,
        (seed, limit): (u64, usize),
        mut each: impl FnMut(&Self) -> Result<(), String>,
    ) -> Result<(), String> {
        let mut random = fastrand::Rng::with_seed(seed);
        let (mut made, mut done) = (Made::new(), std::collections::BTreeSet::new());
        while done.len() < plan.steps.len().min(limit) {
            let ready: Vec<_> = plan
                .steps
                .iter()
                .filter(|step| !done.contains(&step.id) && step.waits_on.iter().all(|id| done.contains(id)))
                .collect();
            let step = random.choice(ready).ok_or("nothing is ready: a cycle")?;
            self.send(step, &mut made).map_err(|error| format!("{error} at {step:?}"))?;
            each(self)?;
            done.insert(step.id);
        }
        Ok(())
    }
}

fn filled(mut row: Row, fields: &Map<String, Json>, trunks: &BTreeMap<i64, Row>) -> Row {
    for (name, field) in fields {
        row = match (name.as_str(), field) {
            ("trunk_id", Json::Null) => row.set("trunk", Value::Null),
            ("trunk_id", id) => {
                let target = trunks[&id.as_i64().unwrap()].0.address.clone();
                row.set("trunk", Value::Ref(target))
            }
            ("agent_id", Json::Null) => row.set("agent", Value::Null),
            ("agent_id", id) => {
                let name = if *id == 91 { "Sales" } else { "Support" };
                let target = Address::new(&crate::fake::account(), KindName::Agent, name);
                row.set("agent", Value::Ref(target))
            }
            ("port", Json::Null) => row.port(5060),
            ("port", port) => row.port(port.as_i64().unwrap()),
            ("direction", text) => row.text("direction", text.as_str().unwrap()),
            ("status", text) => row.text("status", text.as_str().unwrap()),
            _ => row,
        };
    }
    row
}

fn filled_in(body: &Json, made: &Made) -> Map<String, Json> {
    let fields = body.as_object().unwrap().iter();
    let value = |json: &Json| json.as_str().and_then(|text| made.get(text)).unwrap_or(json).clone();
    fields.map(|(name, json)| (name.clone(), value(json))).collect()
}
