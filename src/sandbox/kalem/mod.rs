//! In: requests below Kalem's `/api/v1`, from one account.
//! Out: what Kalem answers, as far as its pages say so, and where they are silent what Laravel answers.
//! Never keeps a token or a password.
//!
//! The pages: <https://kalem.me/docs/api/trunks> and <https://kalem.me/docs/api/numbers>. They do not show how agents
//! are listed, whether one object is wrapped, nor how deleting is answered: hence the switches.

mod agents;
mod inventory;
mod laravel;
mod numbers;
mod page;
mod table;
mod trunk;
mod trunks;
mod validate;

use serde_json::{Map, Value, json};

use super::fault::Switch;
use super::platform::{Call, Opened, Platform, Reply};
use agents::Agent;
use inventory::{Inventory, Status};
use laravel::Problem;
use table::{Row, Table};
use trunk::Trunk;

struct Kalem {
    agents: Table<Agent>,
    trunks: Table<Trunk>,
    numbers: Inventory,
}

/// Makes an account; without a state, or without agents in it, it has three agents.
pub(super) fn open(state: Option<&Value>) -> Opened {
    let fresh = Value::Object(Map::new());
    let state = state.unwrap_or(&fresh);
    let agents = match Table::load(state)? {
        Some(agents) => agents,
        None => agents::seeded()?,
    };
    let trunks = match Table::load(state)? {
        Some(trunks) => trunks,
        None => Table::new(Vec::new(), 1)?,
    };
    let kalem = Kalem { agents, trunks, numbers: Inventory::load(state)? };
    kalem.check_references()?;
    Ok(Box::new(kalem))
}

/// Says in Kalem's words that a request failed.
pub(super) fn refuse(status: u16, wait: Option<u64>) -> Reply {
    laravel::failure(status, wait)
}

impl Platform for Kalem {
    fn answer(&mut self, call: &Call<'_>) -> Reply {
        let reply = laravel::authenticate(call).and_then(|()| self.route(call));
        let reply = laravel::rate_limit(reply.unwrap_or_else(|problem| problem.reply(call)));
        if call.method == "HEAD" { laravel::without_body(reply) } else { reply }
    }

    fn save(&self) -> Value {
        let Self { agents, trunks, numbers } = self;
        json!({
            "agents": agents.iter().collect::<Vec<_>>(),
            "trunks": trunks.iter().collect::<Vec<_>>(),
            "numbers": numbers.iter().collect::<Vec<_>>(),
            // As a database does: an id that was given once is not given again.
            "next_id": { Agent::LIST: agents.next(), Trunk::LIST: trunks.next(), "numbers": numbers.next_id() },
        })
    }
}

impl Kalem {
    fn route(&mut self, call: &Call<'_>) -> Result<Reply, Problem> {
        let segments: Vec<&str> = call.path.split('/').filter(|segment| !segment.is_empty()).collect();
        let method = if call.method == "HEAD" { "GET" } else { call.method };
        if segments.first() == Some(&"agents") && call.is_on(Switch::NoAgents) {
            return Err(Problem::NoRoute);
        }
        self.shift(call, &segments);
        match (method, segments.as_slice()) {
            ("GET", ["trunks"]) => self.list_trunks(call),
            ("POST", ["trunks"]) => self.create_trunk(call),
            ("GET", ["trunks", id]) => self.show_trunk(call, id),
            ("PUT", ["trunks", id]) => self.update_trunk(call, id),
            ("DELETE", ["trunks", id]) => self.delete_trunk(call, id),
            ("GET", ["numbers"]) => self.list_numbers(call),
            ("POST", ["numbers"]) => self.create_number(call),
            ("POST", ["numbers", "activate"]) => self.set_status(call, Status::Active),
            ("POST", ["numbers", "deactivate"]) => self.set_status(call, Status::Inactive),
            ("GET", ["numbers", id]) => self.show_number(call, id),
            ("PUT", ["numbers", id]) => self.update_number(call, id),
            ("DELETE", ["numbers", id]) => self.delete_number(call, id),
            ("GET", ["agents"]) => self.list_agents(call),
            ("GET", ["agents", id]) => self.show_agent(call, id),
            (_, segments) => Err(no_such_route(segments)),
        }
    }

    /// The fault in which a list changes between two of its pages.
    fn shift(&mut self, call: &Call<'_>, segments: &[&str]) {
        match (call.quirks.shift, segments) {
            (Some(keep_total), ["trunks"]) => self.shift_trunks(keep_total),
            (Some(keep_total), ["numbers"]) => self.shift_numbers(keep_total),
            _ => {}
        }
    }
}

fn no_such_route(segments: &[&str]) -> Problem {
    match segments {
        ["trunks" | "numbers"] => Problem::NoMethod(&["GET", "HEAD", "POST"]),
        ["numbers", "activate" | "deactivate"] => {
            Problem::NoMethod(&["GET", "HEAD", "PUT", "DELETE", "POST"])
        }
        ["trunks" | "numbers", _] => Problem::NoMethod(&["GET", "HEAD", "PUT", "DELETE"]),
        ["agents"] | ["agents", _] => Problem::NoMethod(&["GET", "HEAD"]),
        _ => Problem::NoRoute,
    }
}

/// Ids count from 1; anything else in a path is the id of nothing.
fn id_of(text: &str) -> Option<u64> {
    text.parse().ok().filter(|id| *id > 0)
}

/// A search finds parts of names, whatever their case, as the usual database does.
fn contains(text: &str, search: Option<&str>) -> bool {
    search.is_none_or(|search| text.to_lowercase().contains(&search.to_lowercase()))
}

fn now() -> String {
    jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%S+00:00").to_string()
}

/// When what a seed describes was made, unless it says so itself.
fn long_ago() -> String {
    "2025-01-15T10:30:00+00:00".to_owned()
}
