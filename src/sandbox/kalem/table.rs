//! In: rows with or without an id.
//! Out: the same rows by id, in the order in which a list shows them.
//! Never gives an id a second time, also not after its row is gone.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// What is kept in a [`Table`].
pub(super) trait Row: Serialize + DeserializeOwned {
    /// The name of the list, in the state.
    const LIST: &'static str;
    fn id(&self) -> u64;
    fn set_id(&mut self, id: u64);
}

pub(super) struct Table<T> {
    rows: BTreeMap<u64, T>,
    /// Rows that a list shows before all others.
    front: BTreeSet<u64>,
    next: u64,
}

impl<T: Row> Table<T> {
    pub(super) fn new(rows: Vec<T>, next: u64) -> Result<Self, String> {
        let mut table = Self { rows: BTreeMap::new(), front: BTreeSet::new(), next: next.max(1) };
        let (named, unnamed): (Vec<T>, Vec<T>) = rows.into_iter().partition(|row| row.id() != 0);
        for row in named {
            let id = row.id();
            table.next = table.next.max(id + 1);
            if table.rows.insert(id, row).is_some() {
                return Err(format!("{}: id {id} is there twice", T::LIST));
            }
        }
        for row in unnamed {
            table.insert(row);
        }
        Ok(table)
    }

    /// Reads the list of this kind from the state of an account; `None` when it is not there.
    pub(super) fn load(state: &Value) -> Result<Option<Self>, String> {
        let next = state["next_id"][T::LIST].as_u64().unwrap_or(1);
        let rows = match state.get(T::LIST) {
            None | Some(Value::Null) if next == 1 => return Ok(None),
            None | Some(Value::Null) => Vec::new(),
            Some(Value::Array(rows)) => rows
                .iter()
                .enumerate()
                .map(|(at, row)| T::deserialize(row).map_err(|error| format!("{}[{at}]: {error}", T::LIST)))
                .collect::<Result<_, _>>()?,
            Some(_) => return Err(format!("{}: expected a list", T::LIST)),
        };
        Self::new(rows, next).map(Some)
    }

    pub(super) fn insert(&mut self, mut row: T) -> u64 {
        let id = self.next;
        self.next += 1;
        row.set_id(id);
        self.rows.insert(id, row);
        id
    }

    pub(super) fn insert_in_front(&mut self, row: T) -> u64 {
        let id = self.insert(row);
        self.front.insert(id);
        id
    }

    pub(super) fn remove(&mut self, id: u64) -> Option<T> {
        self.front.remove(&id);
        self.rows.remove(&id)
    }

    pub(super) fn get(&self, id: u64) -> Option<&T> {
        self.rows.get(&id)
    }

    pub(super) fn get_mut(&mut self, id: u64) -> Option<&mut T> {
        self.rows.get_mut(&id)
    }

    pub(super) fn next(&self) -> u64 {
        self.next
    }

    /// In the order of a list.
    pub(super) fn iter(&self) -> impl DoubleEndedIterator<Item = &T> {
        let front = self.front.iter().rev().filter_map(|id| self.rows.get(id));
        front.chain(self.rows.values().filter(|row| !self.front.contains(&row.id())))
    }
}
