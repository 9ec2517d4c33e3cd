//! Which agent answers a number.
//! In: the account's list of all phone numbers, and a number's own row. Out: an agent's id, nobody, or that it can't be known.
//! The list is asked first: a number's own row need not tell of its agent.

use std::collections::{BTreeMap, HashMap};

use serde_json::Value as Json;

use super::rows::is_deleted;
use crate::model::{Id, normalise};

/// The account's phone numbers, to be found by id or by their digits.
pub(super) struct Mapped {
    by_id: BTreeMap<Id, Json>,
    by_digits: HashMap<String, Id>,
    /// The digits of what is rented from Bolna itself, and on no trunk.
    pub(super) rented: Vec<String>,
}

/// Who answers.
#[derive(Debug, PartialEq)]
pub(super) enum Answers {
    /// This agent.
    Agent(Id),
    /// Nobody.
    Nobody,
    /// What the platform says is neither an id nor nothing.
    Unknown,
}

impl Mapped {
    /// Sorts the list. What is rented is on no trunk, and a row that has the id of a number that is or was on a trunk (`known`) is that number and no other.
    pub(super) fn new(rows: Vec<Json>, known: impl Fn(&Id) -> bool) -> Self {
        let rows = rows.into_iter().filter(|row| !is_deleted(row));
        let by_id: BTreeMap<_, _> = rows.filter_map(|row| Some((Id::from_json(&row["id"])?, row))).collect();
        let text = |row: &Json| Some(normalise::number(row["phone_number"].as_str()?).into_owned());
        let is_rented = |(id, row): &(&Id, &Json)| row["rented"] == true && !known(id);
        let rented = by_id.iter().filter(is_rented).filter_map(|(_, row)| text(row)).collect();
        let mut by_digits = HashMap::new();
        for (id, row) in by_id.iter().filter(|(id, row)| row["rented"] != true && !known(id)) {
            if let Some(text) = text(row) {
                by_digits.entry(text).or_insert_with(|| id.clone());
            }
        }
        Self { by_id, by_digits, rented }
    }

    /// Who answers a number, of which its own row says `own`. A number that nobody tells anything of is answered by nobody.
    pub(super) fn answers(&self, (id, number): (&Id, &str), own: Option<&Json>) -> Answers {
        let by_digits = || self.by_id.get(self.by_digits.get(number)?);
        let listed = self.by_id.get(id).or_else(by_digits);
        match listed.and_then(|row| row.get("agent_id")).or(own) {
            None | Some(Json::Null) => Answers::Nobody,
            Some(Json::String(text)) if text.trim().is_empty() => Answers::Nobody,
            Some(told) => Id::from_json(told).map_or(Answers::Unknown, Answers::Agent),
        }
    }
}
