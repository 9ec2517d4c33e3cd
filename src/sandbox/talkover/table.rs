//! In: rows with or without an id.
//! Out: the same rows by id, in the order in which a list shows them.
//! Never gives an id a second time, also not after its row is gone.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// What is kept in a [`Table`].
pub(super) trait Row: Serialize + DeserializeOwned {
    /// The name of the list, in the state.
    const LIST: &'static str;
    /// How the ids of this kind begin: eight hexadecimal digits.
    const PREFIX: &'static str;
    /// Empty when there is none yet.
    fn id(&self) -> &str;
    fn set_id(&mut self, id: String);
}

/// Gives UUIDs that are the same in every run: the kind, then a count.
pub(super) struct Ids {
    prefix: &'static str,
    pub(super) next: u64,
}

impl Ids {
    pub(super) fn new(prefix: &'static str, next: u64) -> Self {
        Self { prefix, next: next.max(1) }
    }

    pub(super) fn give(&mut self) -> String {
        let id = format!("{}-0000-4000-8000-{:012x}", self.prefix, self.next);
        self.next += 1;
        id
    }

    /// Takes note of an id that a state gives.
    pub(super) fn note(&mut self, id: &str) {
        let count = id.strip_prefix(self.prefix).and_then(|rest| rest.strip_prefix("-0000-4000-8000-"));
        let count = count.filter(|digits| digits.len() == 12);
        if let Some(count) = count.and_then(|digits| u64::from_str_radix(digits, 16).ok()) {
            self.next = self.next.max(count + 1);
        }
    }
}

pub(super) struct Table<T> {
    /// By place in the list; what is put in front has a place below zero.
    rows: BTreeMap<i64, T>,
    places: HashMap<String, i64>,
    ids: Ids,
}

impl<T: Row> Table<T> {
    pub(super) fn new(mut rows: Vec<T>, next: u64) -> Result<Self, String> {
        let mut ids = Ids::new(T::PREFIX, next);
        identify(&mut rows, &mut ids)?;
        let mut table = Self { rows: BTreeMap::new(), places: HashMap::new(), ids };
        for row in rows {
            table.put(table.end(), row);
        }
        Ok(table)
    }

    /// Reads the list of this kind from the state of an environment; `None` when it is not there.
    pub(super) fn load(state: &Value) -> Result<Option<Self>, String> {
        if state.get(T::LIST).is_none_or(Value::is_null) {
            return Ok(None);
        }
        Self::new(rows(state, T::LIST)?, next_id(state, T::LIST)).map(Some)
    }

    pub(super) fn insert(&mut self, row: T) -> &T {
        self.insert_at(self.end(), row)
    }

    pub(super) fn insert_in_front(&mut self, row: T) {
        let first = self.rows.first_key_value().map_or(0, |(place, _)| *place);
        self.insert_at(first - 1, row);
    }

    fn insert_at(&mut self, place: i64, mut row: T) -> &T {
        row.set_id(self.ids.give());
        self.put(place, row);
        &self.rows[&place]
    }

    fn put(&mut self, place: i64, row: T) {
        self.places.insert(row.id().to_owned(), place);
        self.rows.insert(place, row);
    }

    fn end(&self) -> i64 {
        self.rows.last_key_value().map_or(0, |(place, _)| place + 1)
    }

    pub(super) fn remove(&mut self, id: &str) {
        if let Some(place) = self.places.remove(id) {
            self.rows.remove(&place);
        }
    }

    pub(super) fn get(&self, id: &str) -> Option<&T> {
        self.rows.get(self.places.get(id)?)
    }

    pub(super) fn get_mut(&mut self, id: &str) -> Option<&mut T> {
        self.rows.get_mut(self.places.get(id)?)
    }

    pub(super) fn next(&self) -> u64 {
        self.ids.next
    }

    /// In the order of a list.
    pub(super) fn iter(&self) -> impl DoubleEndedIterator<Item = &T> {
        self.rows.values()
    }
}

/// The list of this name; empty when it is not there.
pub(super) fn rows<T: DeserializeOwned>(state: &Value, list: &str) -> Result<Vec<T>, String> {
    match state.get(list) {
        None | Some(Value::Null) => Ok(Vec::new()),
        Some(Value::Array(rows)) => {
            let read = |(at, row)| T::deserialize(row).map_err(|error| format!("{list}[{at}]: {error}"));
            rows.iter().enumerate().map(read).collect()
        }
        Some(_) => Err(format!("{list}: expected a list")),
    }
}

pub(super) fn next_id(state: &Value, list: &str) -> u64 {
    state["next_id"][list].as_u64().unwrap_or(1)
}

/// Gives an id to each row that has none, after all that are there are known.
pub(super) fn identify<T: Row>(rows: &mut [T], ids: &mut Ids) -> Result<(), String> {
    let mut known = HashSet::new();
    for row in rows.iter().filter(|row| !row.id().is_empty()) {
        ids.note(row.id());
        if !known.insert(row.id().to_owned()) {
            return Err(format!("{}: id {} is there twice", T::LIST, row.id()));
        }
    }
    for row in rows.iter_mut().filter(|row| row.id().is_empty()) {
        row.set_id(ids.give());
    }
    Ok(())
}
