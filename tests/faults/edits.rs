//! What somebody does at a platform's own dashboard while a run goes on.
//! In: the state of one account. Out: the same with one thing changed, or nothing where there is no such thing.

use serde_json::{Value as Json, json};

use crate::worlds::{Case, Platform};

/// A number that no file knows.
pub const STRANGER: &str = "+19995550123";

/// One edit of a trunk or a number that the plan touches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edit {
    MoveNumber,
    DeleteNumber,
    ChangeTrunk,
    RenameTrunk,
    /// One that has no numbers; rather one that the run has just made.
    DeleteTrunk,
    AddToTrunk,
}

pub const EDITS: [(&str, Edit); 6] = [
    ("move-number", Edit::MoveNumber),
    ("delete-number", Edit::DeleteNumber),
    ("change-trunk", Edit::ChangeTrunk),
    ("rename-trunk", Edit::RenameTrunk),
    ("delete-trunk", Edit::DeleteTrunk),
    ("add-to-trunk", Edit::AddToTrunk),
];

/// Where a platform keeps what.
struct Words {
    number: &'static str,
    /// The numbers of a trunk; none where they stand beside the trunks.
    inside: Option<&'static str>,
    /// An attribute of a trunk that files here do not say, and what it becomes.
    attribute: (&'static str, Json),
}

fn words(platform: Platform) -> Words {
    match platform {
        Platform::Kalem => Words { number: "number", inside: None, attribute: ("port", json!(5099)) },
        Platform::Bolna => Words {
            number: "phone_number",
            inside: Some("phone_numbers"),
            attribute: ("qualify_frequency", json!(45)),
        },
        Platform::Talkover => Words {
            number: "number",
            inside: Some("dids"),
            attribute: ("provider_name", json!("Edited Ltd")),
        },
    }
}

impl Edit {
    pub fn is_of_a_trunk(self) -> bool {
        !matches!(self, Self::MoveNumber | Self::DeleteNumber)
    }

    /// Does it to the thing of this name, in the snapshot of all accounts; whether there was one.
    pub fn make(self, case: &Case, state: &mut Json, name: &str) -> bool {
        let platform = case.platform.name();
        let section =
            if case.world.is_empty() { &mut state[platform] } else { &mut state[case.world][platform] };
        let words = words(case.platform);
        match self {
            Self::MoveNumber => {
                take(section, &words, name).is_some_and(|(row, from)| put(section, &words, row, from))
            }
            Self::DeleteNumber => take(section, &words, name).is_some(),
            Self::ChangeTrunk => set(section, name, words.attribute),
            Self::RenameTrunk => set(section, name, ("name", json!(format!("{name} (edited)")))),
            Self::DeleteTrunk => delete(section, &words, name),
            Self::AddToTrunk => add(section, &words, name),
        }
    }
}

fn rows<'a>(section: &'a mut Json, list: &str) -> &'a mut Vec<Json> {
    section[list].as_array_mut().expect("an account has lists")
}

fn set(section: &mut Json, trunk: &str, (name, value): (&str, Json)) -> bool {
    let row = rows(section, "trunks").iter_mut().find(|row| row["name"] == trunk);
    row.map(|row| row[name] = value).is_some()
}

/// Takes a number away, from its agents too; with the id of the trunk that it was on.
fn take(section: &mut Json, words: &Words, number: &str) -> Option<(Json, Json)> {
    let is_it = |row: &Json| row[words.number] == number && row["deleted"] != true;
    let (row, from) = match words.inside {
        None => {
            let at = rows(section, "numbers").iter().position(is_it)?;
            let row = rows(section, "numbers").remove(at);
            let from = row["trunk_id"].clone();
            (row, from)
        }
        Some(inside) => rows(section, "trunks").iter_mut().find_map(|trunk| {
            let from = trunk["id"].clone();
            let numbers = trunk[inside].as_array_mut()?;
            let at = numbers.iter().position(is_it)?;
            Some((numbers.remove(at), from))
        })?,
    };
    for agent in section["agents"].as_array_mut().into_iter().flatten() {
        if let Some(held) = agent.get_mut("phone_number_ids").and_then(Json::as_array_mut) {
            held.retain(|id| *id != row["id"]);
        }
    }
    Some((row, from))
}

/// Puts a number on another trunk than it was on.
fn put(section: &mut Json, words: &Words, mut row: Json, from: Json) -> bool {
    let trunk = rows(section, "trunks").iter_mut().find(|trunk| trunk["id"] != from);
    match (words.inside, trunk) {
        (None, trunk) => {
            row["trunk_id"] = trunk.map_or(Json::Null, |trunk| trunk["id"].clone());
            rows(section, "numbers").push(row);
            true
        }
        (Some(inside), Some(trunk)) => {
            row["id"] = json!("MOVED");
            trunk[inside].as_array_mut().expect("a trunk has a list of numbers").push(row);
            true
        }
        (Some(_), None) => false,
    }
}

fn delete(section: &mut Json, words: &Words, trunk: &str) -> bool {
    let Some(at) = rows(section, "trunks").iter().position(|row| row["name"] == trunk) else { return false };
    let id = section["trunks"][at]["id"].clone();
    let is_empty = match words.inside {
        None => rows(section, "numbers").iter().all(|number| number["trunk_id"] != id),
        Some(inside) => section["trunks"][at][inside].as_array().is_none_or(Vec::is_empty),
    };
    if is_empty {
        rows(section, "trunks").remove(at);
    }
    is_empty
}

fn add(section: &mut Json, words: &Words, trunk: &str) -> bool {
    let Some(trunk) = rows(section, "trunks").iter_mut().find(|row| row["name"] == trunk) else {
        return false;
    };
    let mut row = json!({words.number: STRANGER});
    match words.inside {
        None => {
            row["trunk_id"] = trunk["id"].clone();
            rows(section, "numbers").push(row);
        }
        Some(inside) => {
            row["id"] = json!("STRANGER");
            row["country_code"] = json!("US");
            trunk[inside].as_array_mut().expect("a trunk has a list of numbers").push(row);
        }
    }
    true
}
