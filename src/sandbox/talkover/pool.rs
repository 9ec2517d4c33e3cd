//! In: numbers, one by one, rented or of a trunk.
//! Out: the same numbers by id, by text and by trunk, and how many agents use each, all without going through the list.
//! Never has one text twice.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::table::{Ids, Row, identify, next_id, rows};

pub(super) const LIST: &str = Number::LIST;

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Number {
    #[serde(default)]
    id: String,
    pub(super) number: String,
    #[serde(default)]
    pub(super) country_code: Option<String>,
    #[serde(rename = "type", default = "voice")]
    pub(super) kind: String,
    #[serde(default = "active")]
    pub(super) current_status: String,
    #[serde(default = "yes")]
    pub(super) has_voice: bool,
    #[serde(default)]
    pub(super) has_whatsapp: bool,
    #[serde(skip)]
    pub(super) trunk_id: Option<String>,
}

fn voice() -> String {
    "voice".to_owned()
}

fn active() -> String {
    "active".to_owned()
}

fn yes() -> bool {
    true
}

impl Row for Number {
    const LIST: &'static str = "phone_numbers";
    const PREFIX: &'static str = "d1d00000";

    fn id(&self) -> &str {
        &self.id
    }

    fn set_id(&mut self, id: String) {
        self.id = id;
    }
}

impl Number {
    pub(super) fn new(number: &str, country_code: &str, trunk_id: Option<String>) -> Self {
        Self {
            id: String::new(),
            number: number.to_owned(),
            country_code: Some(country_code.to_owned()),
            kind: voice(),
            current_status: active(),
            has_voice: true,
            has_whatsapp: false,
            trunk_id,
        }
    }

    pub(super) fn save_did(&self) -> Value {
        json!({ "id": self.id, "number": self.number, "country_code": self.country_code })
    }
}

pub(super) struct Pool {
    by_text: BTreeMap<String, Number>,
    texts: HashMap<String, String>,
    per_trunk: HashMap<String, BTreeSet<String>>,
    on_agents: HashMap<String, usize>,
    ids: Ids,
}

impl Pool {
    /// `trunks` are the ids of the trunks in the order of the state, which has the DIDs inside.
    pub(super) fn load<'a>(state: &Value, trunks: impl Iterator<Item = &'a str>) -> Result<Self, String> {
        let mut all: Vec<Number> = rows(state, LIST)?;
        for (at, trunk) in trunks.enumerate() {
            let part = state["trunks"].get(at).unwrap_or(&Value::Null);
            let dids: Vec<Number> = rows(part, "dids").map_err(|text| format!("trunks[{at}].{text}"))?;
            all.extend(dids.into_iter().map(|did| Number { trunk_id: Some(trunk.to_owned()), ..did }));
        }
        let mut ids = Ids::new(Number::PREFIX, next_id(state, LIST));
        identify(&mut all, &mut ids)?;
        let mut pool = Self {
            by_text: BTreeMap::new(),
            texts: HashMap::new(),
            per_trunk: HashMap::new(),
            on_agents: HashMap::new(),
            ids,
        };
        for number in all {
            if pool.has_text(&number.number) {
                return Err(format!("{LIST}: {} is there twice", number.number));
            }
            pool.put(number);
        }
        Ok(pool)
    }

    fn put(&mut self, number: Number) {
        let text = number.number.clone();
        if let Some(trunk) = &number.trunk_id {
            self.per_trunk.entry(trunk.clone()).or_default().insert(text.clone());
        }
        self.texts.insert(number.id.clone(), text.clone());
        self.by_text.insert(text, number);
    }

    /// The text must not be there yet.
    pub(super) fn insert(&mut self, mut number: Number) -> &Number {
        number.id = self.ids.give();
        let text = number.number.clone();
        self.put(number);
        &self.by_text[&text]
    }

    pub(super) fn remove(&mut self, id: &str) {
        let Some(text) = self.texts.remove(id) else { return };
        let Some(number) = self.by_text.remove(&text) else { return };
        if let Some(texts) = number.trunk_id.as_ref().and_then(|trunk| self.per_trunk.get_mut(trunk)) {
            texts.remove(&text);
        }
    }

    pub(super) fn get(&self, id: &str) -> Option<&Number> {
        self.by_text.get(self.texts.get(id)?)
    }

    pub(super) fn has_text(&self, text: &str) -> bool {
        self.by_text.contains_key(text)
    }

    pub(super) fn of_trunk(&self, trunk: &str) -> impl Iterator<Item = &Number> {
        self.per_trunk.get(trunk).into_iter().flatten().map(|text| &self.by_text[text])
    }

    /// By text: the order in which lists show numbers.
    pub(super) fn iter(&self) -> impl DoubleEndedIterator<Item = &Number> {
        self.by_text.values()
    }

    pub(super) fn rented(&self) -> impl DoubleEndedIterator<Item = &Number> {
        self.iter().filter(|number| number.trunk_id.is_none())
    }

    pub(super) fn is_on_agents(&self, id: &str) -> bool {
        self.on_agents.contains_key(id)
    }

    /// One more agent has these.
    pub(super) fn assign(&mut self, ids: &[String]) {
        for id in ids {
            *self.on_agents.entry(id.clone()).or_default() += 1;
        }
    }

    /// One agent less has these.
    pub(super) fn release(&mut self, ids: &[String]) {
        for id in ids {
            if let Some(count) = self.on_agents.get_mut(id) {
                *count -= 1;
                if *count == 0 {
                    self.on_agents.remove(id);
                }
            }
        }
    }

    pub(super) fn next(&self) -> u64 {
        self.ids.next
    }
}
