//! In: numbers, one by one.
//! Out: the same numbers by id, by text and by trunk, all without going through the list.
//! Never forgets a number: what is deleted stays as a row that says so.

use std::collections::{BTreeSet, HashMap};

use super::number::{Number, key};
use super::table::{Ids, Table};

#[derive(Default)]
pub(super) struct Inventory {
    table: Table<Number>,
    /// Of numbers that are not deleted and have a trunk.
    by_key: HashMap<String, Vec<u64>>,
    /// Deleted ones too.
    by_trunk: HashMap<String, BTreeSet<u64>>,
    /// Those that can't be seen yet.
    hidden: BTreeSet<u64>,
}

impl Inventory {
    pub(super) fn load(&mut self, number: Number, ids: &mut Ids) -> Result<(), String> {
        let place = self.table.load(number, ids)?;
        self.index(place);
        Ok(())
    }

    pub(super) fn insert(&mut self, number: Number, ids: &mut Ids) -> Option<&Number> {
        let place = self.table.insert(number, ids);
        self.index(place);
        self.table.at(place)
    }

    fn index(&mut self, place: u64) {
        let Some(number) = self.table.at(place) else { return };
        let Some(trunk) = &number.byot_trunk_id else { return };
        self.by_trunk.entry(trunk.clone()).or_default().insert(place);
        if !number.deleted {
            self.by_key.entry(number.key().to_owned()).or_default().push(place);
        }
        if number.hidden_for > 0 {
            self.hidden.insert(place);
        }
    }

    pub(super) fn get(&self, id: &str) -> Option<&Number> {
        self.table.get(id)
    }

    pub(super) fn get_mut(&mut self, id: &str) -> Option<&mut Number> {
        self.table.get_mut(id)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Number> {
        self.table.iter()
    }

    /// All that are or were on a trunk, in the order in which they came.
    pub(super) fn on_trunk(&self, trunk: &str) -> impl Iterator<Item = &Number> {
        self.by_trunk.get(trunk).into_iter().flatten().filter_map(|place| self.table.at(*place))
    }

    /// Those on trunks that a call to this number may be meant for.
    pub(super) fn alike(&self, text: &str) -> impl Iterator<Item = &Number> {
        self.by_key.get(key(text)).into_iter().flatten().filter_map(|place| self.table.at(*place))
    }

    pub(super) fn delete(&mut self, id: &str) {
        if let Some(place) = self.table.place(id) {
            self.delete_at(place);
        }
    }

    /// Deletes what is left on a trunk and says how much that was.
    pub(super) fn delete_on_trunk(&mut self, trunk: &str) -> usize {
        let places = self.by_trunk.get(trunk).into_iter().flatten();
        let left = places.filter(|place| self.table.at(**place).is_some_and(|number| !number.deleted));
        let left: Vec<u64> = left.copied().collect();
        left.iter().for_each(|place| self.delete_at(*place));
        left.len()
    }

    fn delete_at(&mut self, place: u64) {
        let Some(number) = self.table.at_mut(place) else { return };
        number.delete();
        let key = number.key();
        if let Some(places) = self.by_key.get_mut(key) {
            places.retain(|other| *other != place);
            if places.is_empty() {
                self.by_key.remove(key);
            }
        }
        self.hidden.remove(&place);
    }

    /// A request has looked for numbers, of one trunk or of all: what it could not see is closer to being seen.
    pub(super) fn looked(&mut self, trunk: Option<&str>) {
        let table = &mut self.table;
        self.hidden.retain(|place| {
            let Some(number) = table.at_mut(*place) else { return false };
            if trunk.is_none() || number.byot_trunk_id.as_deref() == trunk {
                number.hidden_for -= 1;
            }
            number.hidden_for > 0
        });
    }

    /// Somebody wants to delete a number: whether that fails this time, because the number is too new.
    pub(super) fn is_too_new(&mut self, id: &str) -> bool {
        let Some(place) = self.table.place(id) else { return false };
        let Some(number) = self.table.at_mut(place) else { return false };
        if number.hidden_for > 0 {
            number.hidden_for -= 1;
            if number.hidden_for == 0 {
                self.hidden.remove(&place);
            }
            return true;
        }
        let is_stuck = number.stuck_for > 0;
        number.stuck_for = number.stuck_for.saturating_sub(1);
        is_stuck
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn inventory(rows: Value) -> Inventory {
        let mut inventory = Inventory::default();
        let mut ids = Ids::new(None);
        for row in rows.as_array().unwrap() {
            inventory.load(serde_json::from_value(row.clone()).unwrap(), &mut ids).unwrap();
        }
        inventory
    }

    #[test]
    fn what_is_deleted_is_only_a_row_of_its_trunk() {
        let mut numbers = inventory(json!([
            {"id": "a", "phone_number": "+15550000001", "byot_trunk_id": "t", "agent_id": "x"},
            {"id": "b", "phone_number": "15550000002", "byot_trunk_id": "t", "deleted": true},
            {"id": "c", "phone_number": "+15550000003", "agent_id": "x"},
        ]));
        assert_eq!(numbers.alike("15550000001").count(), 1);
        assert_eq!(numbers.alike("+15550000002").count(), 0);
        assert_eq!(numbers.alike("+15550000003").count(), 0);
        assert_eq!(numbers.delete_on_trunk("t"), 1);
        assert_eq!(numbers.alike("15550000001").count(), 0);
        assert_eq!((numbers.on_trunk("t").count(), numbers.get("a").unwrap().agent_id.as_ref()), (2, None));
        assert!(!numbers.get("c").unwrap().deleted);
    }

    #[test]
    fn looks_count_for_the_trunk_that_is_looked_at() {
        let row = |id, trunk| json!({"id": id, "phone_number": id, "byot_trunk_id": trunk, "hidden_for": 2});
        let mut numbers = inventory(json!([row("1", "t"), row("2", "u")]));
        numbers.looked(Some("t"));
        numbers.looked(None);
        assert_eq!((numbers.get("1").unwrap().hidden_for, numbers.get("2").unwrap().hidden_for), (0, 1));
        assert!(!numbers.is_too_new("1") && numbers.is_too_new("2") && !numbers.is_too_new("2"));
        assert!(numbers.hidden.is_empty());
    }
}
