//! In: what a seed says about one agent.
//! Out: the agent and the set of numbers that it has.
//! Never checks what a request says.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::long_ago;
use super::pool::{Number, Pool};
use super::table::{Row, Table};

pub(super) const DIRECTIONS: &[&str] = &["inbound", "outbound"];
pub(super) const STATUSES: &[&str] = &["draft", "published"];

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Agent {
    #[serde(default)]
    id: String,
    pub(super) name: String,
    #[serde(default)]
    pub(super) label: Option<String>,
    #[serde(default = "inbound")]
    pub(super) direction: Direction,
    #[serde(default = "draft")]
    pub(super) current_status: Status,
    #[serde(default = "yes")]
    pub(super) is_ready_to_publish: bool,
    #[serde(default)]
    pub(super) phone_number_ids: Vec<String>,
    #[serde(default = "long_ago")]
    pub(super) updated_at: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Direction {
    Inbound,
    Outbound,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Status {
    Draft,
    Published,
}

impl Direction {
    /// One of [`DIRECTIONS`].
    pub(super) fn named(text: &str) -> Self {
        if text == "inbound" { Self::Inbound } else { Self::Outbound }
    }
}

impl Status {
    /// One of [`STATUSES`].
    pub(super) fn named(text: &str) -> Self {
        if text == "draft" { Self::Draft } else { Self::Published }
    }
}

fn inbound() -> Direction {
    Direction::Inbound
}

fn draft() -> Status {
    Status::Draft
}

fn yes() -> bool {
    true
}

impl Row for Agent {
    const LIST: &'static str = "agents";
    const PREFIX: &'static str = "a6e00000";

    fn id(&self) -> &str {
        &self.id
    }

    fn set_id(&mut self, id: String) {
        self.id = id;
    }
}

/// What a fresh environment has.
pub(super) fn seeded() -> Result<Table<Agent>, String> {
    let sales = Agent { current_status: Status::Published, ..Agent::new("Sales Agent", "Sales") };
    Table::new(vec![sales, Agent::new("Support Agent", "Support")], 1)
}

impl Agent {
    pub(super) fn new(name: &str, label: &str) -> Self {
        Self {
            id: String::new(),
            name: name.to_owned(),
            label: Some(label.to_owned()),
            direction: Direction::Inbound,
            current_status: Status::Draft,
            is_ready_to_publish: true,
            phone_number_ids: Vec::new(),
            updated_at: long_ago(),
        }
    }

    pub(super) fn show(&self, pool: &Pool) -> Value {
        json!({
            "id": self.id, "name": self.name, "label": self.label, "direction": self.direction,
            "current_status": self.current_status, "is_ready_to_publish": self.is_ready_to_publish,
            "phone_numbers": self.numbers(pool), "updated_at": self.updated_at,
        })
    }

    /// What an update of the calling part answers.
    pub(super) fn calling(&self, pool: &Pool) -> Value {
        json!({
            "id": self.id, "name": self.name, "direction": self.direction,
            "current_status": self.current_status, "phone_numbers": self.numbers(pool),
            "updated_at": self.updated_at,
        })
    }

    fn numbers(&self, pool: &Pool) -> Vec<Value> {
        let show = |number: &Number| json!({ "id": number.id(), "number": number.number, "country_code": number.country_code });
        self.phone_number_ids.iter().filter_map(|id| pool.get(id)).map(show).collect()
    }

    /// Every number of an agent is there; checked once, when a state is read.
    pub(super) fn check_references(&self, pool: &Pool) -> Result<(), String> {
        match self.phone_number_ids.iter().find(|id| pool.get(id).is_none()) {
            Some(id) => Err(format!("agents: {}: no phone number {id}", self.name)),
            None => Ok(()),
        }
    }
}
