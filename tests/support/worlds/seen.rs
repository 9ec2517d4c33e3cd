//! What is live, read from the sandbox's state directly, in the words of a file.
//! In: a snapshot. Out: trunks and numbers with ids, attributes and the whole row.
//! The second reading of the platforms: nothing of the code under test takes part in it.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json, json};

use super::{Case, Platform};

/// One live trunk or number.
#[derive(Clone, Debug, PartialEq)]
pub struct Thing {
    pub name: String,
    pub id: String,
    /// As a file would say it.
    pub says: Map<String, Json>,
    /// As the platform keeps it.
    pub row: Json,
}

/// One account at one moment.
#[derive(Clone, Debug)]
pub struct Seen {
    pub trunks: Vec<Thing>,
    pub numbers: Vec<Thing>,
    /// Everything that no file can speak of: agents, rented numbers.
    pub rest: Json,
}

impl Seen {
    /// The account of a case in a snapshot of the sandbox.
    pub fn of(case: &Case, snapshot: &Json) -> Self {
        let name = case.platform.name();
        let section = if case.world.is_empty() { &snapshot[name] } else { &snapshot[case.world][name] };
        match case.platform {
            Platform::Kalem => kalem(section),
            Platform::Bolna => bolna(section),
            Platform::Talkover => talkover(section),
        }
    }

    pub fn trunk(&self, name: &str) -> Option<&Thing> {
        self.trunks.iter().find(|trunk| trunk.name == name)
    }

    pub fn number(&self, name: &str) -> Option<&Thing> {
        self.numbers.iter().find(|number| number.name == name)
    }

    /// Numbers on a trunk.
    pub fn on<'a>(&'a self, trunk: &'a str) -> impl Iterator<Item = &'a Thing> {
        self.numbers.iter().filter(move |number| number.says["trunk"] == trunk)
    }
}

fn rows(json: &Json) -> impl Iterator<Item = &Json> {
    json.as_array().into_iter().flatten()
}

fn thing(identity: &str, row: &Json) -> Thing {
    let says = row.as_object().cloned().unwrap_or_default();
    let name = row[identity].as_str().unwrap_or_default().to_owned();
    let id = row["id"].as_str().map_or_else(|| row["id"].to_string(), str::to_owned);
    Thing { name, id, says, row: row.clone() }
}

/// Names by id.
fn directory(list: &Json, name: &str) -> BTreeMap<String, Json> {
    rows(list).map(|row| (row["id"].to_string(), row[name].clone())).collect()
}

fn named(directory: &BTreeMap<String, Json>, id: &Json) -> Json {
    directory.get(&id.to_string()).cloned().unwrap_or(Json::Null)
}

fn kalem(section: &Json) -> Seen {
    let (agents, trunks) = (directory(&section["agents"], "name"), directory(&section["trunks"], "name"));
    let number = |row: &Json| {
        let mut number = thing("number", row);
        for (attribute, names, field) in [
            ("trunk", &trunks, "trunk_id"),
            ("voice_agent", &agents, "voice_agent_id"),
            ("text_agent", &agents, "text_agent_id"),
        ] {
            number.says.insert(attribute.into(), named(names, &row[field]));
        }
        number
    };
    Seen {
        trunks: rows(&section["trunks"]).map(|row| thing("name", row)).collect(),
        numbers: rows(&section["numbers"]).map(number).collect(),
        rest: section["agents"].clone(),
    }
}

fn bolna(section: &Json) -> Seen {
    let agents = directory(&section["agents"], "agent_name");
    let (mut trunks, mut numbers) = (Vec::new(), Vec::new());
    for row in rows(&section["trunks"]) {
        let mut trunk = thing("name", row);
        if let Some(row) = trunk.row.as_object_mut() {
            row.remove("phone_numbers");
        }
        for number in rows(&row["phone_numbers"]).filter(|number| number["deleted"] != true) {
            let mut number = thing("phone_number", number);
            number.says.insert("trunk".into(), json!(trunk.name));
            let agent = named(&agents, &number.row["agent_id"]);
            number.says.insert("agent".into(), agent);
            // How often the sandbox still hides it is not a part of the number.
            for counter in ["hidden_for", "stuck_for"] {
                number.row.as_object_mut().map(|row| row.remove(counter));
            }
            numbers.push(number);
        }
        trunks.push(trunk);
    }
    // What is soft-deleted stands there too once its trunk is gone.
    let loose: Vec<&Json> = rows(&section["phone_numbers"]).filter(|row| row["deleted"] != true).collect();
    Seen { trunks, numbers, rest: json!({"agents": section["agents"], "loose": loose}) }
}

fn talkover(section: &Json) -> Seen {
    let (mut trunks, mut numbers) = (Vec::new(), Vec::new());
    let holders = |id: &Json| -> Json {
        let holds = |agent: &&Json| rows(&agent["phone_number_ids"]).any(|held| held == id);
        let names: Vec<&Json> = rows(&section["agents"]).filter(holds).map(|agent| &agent["name"]).collect();
        match names.as_slice() {
            [] => Json::Null,
            [one] => (*one).clone(),
            several => json!(several),
        }
    };
    for row in rows(&section["trunks"]) {
        let mut trunk = thing("name", row);
        if let Some(row) = trunk.row.as_object_mut() {
            row.remove("dids");
        }
        for did in rows(&row["dids"]) {
            let mut number = thing("number", did);
            number.says.insert("trunk".into(), json!(trunk.name));
            number.says.insert("agent".into(), holders(&did["id"]));
            numbers.push(number);
        }
        trunks.push(trunk);
    }
    Seen { trunks, numbers, rest: json!({"agents": section["agents"], "rented": section["phone_numbers"]}) }
}
