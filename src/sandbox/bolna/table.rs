//! In: rows with or without an id.
//! Out: the same rows by id, in the order in which they were made.
//! Never gives an id a second time, also not after its row is gone.

use std::collections::{BTreeMap, HashMap};

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// The digits of a ULID.
const DIGITS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// What is kept in a [`Table`].
pub(super) trait Row: Serialize + DeserializeOwned {
    /// The name of the list, in the state.
    const LIST: &'static str;
    fn id(&self) -> &str;
    fn set_id(&mut self, id: String);
}

/// Rows by id, and in the order in which they came.
pub(super) struct Table<T> {
    rows: BTreeMap<u64, T>,
    places: HashMap<String, u64>,
    next: u64,
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self { rows: BTreeMap::new(), places: HashMap::new(), next: 0 }
    }
}

impl<T: Row> Table<T> {
    pub(super) fn new(rows: Vec<T>, ids: &mut Ids) -> Result<Self, String> {
        let mut table = Self::default();
        for row in rows {
            table.load(row, ids)?;
        }
        Ok(table)
    }

    /// Takes a row of a state, which may have an id already.
    pub(super) fn load(&mut self, row: T, ids: &mut Ids) -> Result<u64, String> {
        if row.id().is_empty() {
            return Ok(self.insert(row, ids));
        }
        if self.places.contains_key(row.id()) {
            return Err(format!("{}: id {} is there twice", T::LIST, row.id()));
        }
        let id = row.id().to_owned();
        Ok(self.put(id, row))
    }

    /// Takes a new row. Its place is its rank among all rows that ever were.
    pub(super) fn insert(&mut self, mut row: T, ids: &mut Ids) -> u64 {
        let mut id = ids.make();
        while self.places.contains_key(&id) {
            id = ids.make();
        }
        row.set_id(id.clone());
        self.put(id, row)
    }

    fn put(&mut self, id: String, row: T) -> u64 {
        let place = self.next;
        self.next += 1;
        self.places.insert(id, place);
        self.rows.insert(place, row);
        place
    }

    pub(super) fn remove(&mut self, id: &str) -> Option<T> {
        self.rows.remove(&self.places.remove(id)?)
    }

    pub(super) fn place(&self, id: &str) -> Option<u64> {
        self.places.get(id).copied()
    }

    pub(super) fn at(&self, place: u64) -> Option<&T> {
        self.rows.get(&place)
    }

    pub(super) fn at_mut(&mut self, place: u64) -> Option<&mut T> {
        self.rows.get_mut(&place)
    }

    pub(super) fn get(&self, id: &str) -> Option<&T> {
        self.at(self.place(id)?)
    }

    pub(super) fn get_mut(&mut self, id: &str) -> Option<&mut T> {
        self.at_mut(self.place(id)?)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &T> {
        self.rows.values()
    }
}

/// Makes ids that look like ULIDs and are the same in each run.
pub(super) struct Ids(u64);

impl Ids {
    pub(super) fn new(next: Option<u64>) -> Self {
        Self(next.unwrap_or(1))
    }

    pub(super) fn next(&self) -> u64 {
        self.0
    }

    pub(super) fn make(&mut self) -> String {
        let count = self.0;
        self.0 += 1;
        // What is random in a ULID only has to look so; the count before it makes the id unique.
        let noise = count.wrapping_mul(0x9E37_79B9_7F4A_7C15);
        format!("01KA{}{}", digits(count, 9), digits(noise, 13))
    }
}

fn digits(number: u64, count: u32) -> String {
    (0..count)
        .rev()
        .map(|at| {
            let digit = number.checked_shr(5 * at).unwrap_or(0) & 31;
            char::from(DIGITS[usize::try_from(digit).unwrap_or(0)])
        })
        .collect()
}

/// A list of a state; `None` when it is not there.
pub(super) fn list<'a>(state: &'a Value, name: &str) -> Result<Option<&'a [Value]>, String> {
    match state.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Array(rows)) => Ok(Some(rows)),
        Some(_) => Err(format!("{name}: expected a list")),
    }
}

pub(super) fn rows<T: Row>(name: &str, rows: &[Value]) -> Result<Vec<T>, String> {
    let row = |(at, row)| T::deserialize(row).map_err(|error| format!("{name}[{at}]: {error}"));
    rows.iter().enumerate().map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_look_like_ulids_and_ascend() {
        let mut ids = Ids::new(None);
        let made: Vec<String> = (0..100).map(|_| ids.make()).collect();
        assert!(made.is_sorted(), "{made:?}");
        assert!(made.iter().all(|id| id.len() == 26 && id.bytes().all(|byte| DIGITS.contains(&byte))));
        assert_eq!(Ids::new(Some(100)).make(), made[99]);
    }
}
