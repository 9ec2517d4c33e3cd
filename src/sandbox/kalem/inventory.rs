//! In: numbers, one by one.
//! Out: the same numbers by id and by text, and how many each trunk has, all without going through the list.
//! Never checks what a number refers to.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::long_ago;
use super::table::{Row, Table};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Status {
    #[default]
    Active,
    Inactive,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Number {
    #[serde(default)]
    id: u64,
    pub(super) number: String,
    #[serde(default = "manual")]
    pub(super) provider: String,
    #[serde(default)]
    pub(super) status: Status,
    #[serde(default)]
    pub(super) voice_agent_id: Option<u64>,
    #[serde(default)]
    pub(super) text_agent_id: Option<u64>,
    #[serde(default)]
    pub(super) trunk_id: Option<u64>,
    #[serde(default = "long_ago")]
    pub(super) created_at: String,
    #[serde(default = "long_ago")]
    pub(super) updated_at: String,
}

fn manual() -> String {
    "manual".to_owned()
}

impl Number {
    pub(super) fn new(number: &str, provider: &str, made: String) -> Self {
        Self {
            id: 0,
            number: number.to_owned(),
            provider: provider.to_owned(),
            status: Status::Active,
            voice_agent_id: None,
            text_agent_id: None,
            trunk_id: None,
            created_at: made.clone(),
            updated_at: made,
        }
    }
}

impl Row for Number {
    const LIST: &'static str = "numbers";

    fn id(&self) -> u64 {
        self.id
    }

    fn set_id(&mut self, id: u64) {
        self.id = id;
    }
}

pub(super) struct Inventory {
    table: Table<Number>,
    by_text: HashMap<String, u64>,
    per_trunk: HashMap<u64, usize>,
}

impl Inventory {
    pub(super) fn load(state: &Value) -> Result<Self, String> {
        let table = match Table::<Number>::load(state)? {
            Some(table) => table,
            None => Table::new(Vec::new(), 1)?,
        };
        let mut by_text = HashMap::new();
        let mut per_trunk = HashMap::new();
        for number in table.iter() {
            if by_text.insert(number.number.clone(), number.id).is_some() {
                return Err(format!("numbers: {} is there twice", number.number));
            }
            if let Some(trunk) = number.trunk_id {
                *per_trunk.entry(trunk).or_default() += 1;
            }
        }
        Ok(Self { table, by_text, per_trunk })
    }

    pub(super) fn insert(&mut self, number: Number) -> u64 {
        self.count(number.trunk_id, 1);
        let text = number.number.clone();
        let id = self.table.insert(number);
        self.by_text.insert(text, id);
        id
    }

    /// A number that somebody else made, in front of all others.
    pub(super) fn insert_foreign(&mut self, made: String) {
        let text = format!("+1999{:07}", self.table.next());
        let id = self.table.insert_in_front(Number::new(&text, "manual", made));
        self.by_text.insert(text, id);
    }

    pub(super) fn change(&mut self, id: u64, change: impl FnOnce(&mut Number)) {
        let Some(number) = self.table.get_mut(id) else { return };
        let before = number.trunk_id;
        change(number);
        let after = number.trunk_id;
        self.count(before, -1);
        self.count(after, 1);
    }

    pub(super) fn remove(&mut self, id: u64) {
        if let Some(number) = self.table.remove(id) {
            self.by_text.remove(&number.number);
            self.count(number.trunk_id, -1);
        }
    }

    pub(super) fn get(&self, id: u64) -> Option<&Number> {
        self.table.get(id)
    }

    pub(super) fn by_text(&self, text: &str) -> Option<u64> {
        self.by_text.get(text).copied()
    }

    pub(super) fn on_trunk(&self, trunk: u64) -> usize {
        self.per_trunk.get(&trunk).copied().unwrap_or(0)
    }

    pub(super) fn iter(&self) -> impl DoubleEndedIterator<Item = &Number> {
        self.table.iter()
    }

    pub(super) fn next_id(&self) -> u64 {
        self.table.next()
    }

    fn count(&mut self, trunk: Option<u64>, by: isize) {
        if let Some(trunk) = trunk {
            let count = self.per_trunk.entry(trunk).or_default();
            *count = count.saturating_add_signed(by);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_count_of_a_trunk_follows_its_numbers() {
        let state =
            json!({"numbers": [{"number": "+15550000001", "trunk_id": 1}, {"number": "+15550000002"}]});
        let mut numbers = Inventory::load(&state).unwrap();
        assert_eq!(numbers.on_trunk(1), 1);
        numbers.change(2, |number| number.trunk_id = Some(1));
        assert_eq!(numbers.on_trunk(1), 2);
        numbers.change(1, |number| number.trunk_id = Some(2));
        assert_eq!((numbers.on_trunk(1), numbers.on_trunk(2)), (1, 1));
        numbers.remove(2);
        assert_eq!((numbers.on_trunk(1), numbers.by_text("+15550000002")), (0, None));
    }

    #[test]
    fn a_text_that_is_there_twice_is_refused() {
        let state = json!({"numbers": [{"number": "+15550000001"}, {"number": "+15550000001"}]});
        assert_eq!(Inventory::load(&state).err().unwrap(), "numbers: +15550000001 is there twice");
    }
}
