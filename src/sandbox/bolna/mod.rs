//! In: requests below `api.bolna.ai`, from one account.
//! Out: what Bolna answers about trunks (`/sip-trunks`), numbers, agents and their mapping.
//! Never keeps a token or a password.
//!
//! The pages: <https://www.bolna.ai/docs/api-reference/sip-trunks/overview>. Where two of them contradict each other,
//! or the service has been seen to do something else, there is a switch; where they are silent the service answers
//! as FastAPI does.

mod agents;
mod fields;
mod inbound;
mod inventory;
mod number;
mod numbers;
mod problem;
mod table;
mod trunk;
mod trunks;

use std::collections::HashMap;

use serde_json::{Map, Value, json};

use super::platform::{Call, Opened, Platform, Reply};
use agents::Agent;
use inventory::Inventory;
use number::Number;
use problem::Problem;
use table::{Ids, Row, Table};
use trunk::Trunk;

struct Bolna {
    agents: Table<Agent>,
    trunks: Table<Trunk>,
    numbers: Inventory,
    /// Trunks by name, which is unique.
    names: HashMap<String, String>,
    ids: Ids,
}

/// Makes an account; without a state, or without agents in it, it has two agents.
pub(super) fn open(state: Option<&Value>) -> Opened {
    let fresh = Value::Object(Map::new());
    let state = state.unwrap_or(&fresh);
    let mut ids = Ids::new(state["next_id"].as_u64());
    let agents = match table::list(state, Agent::LIST)? {
        Some(rows) => table::rows(Agent::LIST, rows)?,
        None => agents::seeded(),
    };
    let mut bolna = Bolna {
        agents: Table::new(agents, &mut ids)?,
        trunks: Table::default(),
        numbers: Inventory::default(),
        names: HashMap::new(),
        ids,
    };
    bolna.load_trunks(table::list(state, Trunk::LIST)?.unwrap_or_default())?;
    let loose = table::list(state, Number::LIST)?.unwrap_or_default();
    bolna.load_numbers(table::rows(Number::LIST, loose)?, None)?;
    Ok(Box::new(bolna))
}

/// Says in Bolna's words that a request failed.
pub(super) fn refuse(status: u16, _wait: Option<u64>) -> Reply {
    problem::failure(status)
}

impl Platform for Bolna {
    fn answer(&mut self, call: &Call<'_>) -> Reply {
        let reply = problem::authenticate(call).and_then(|()| self.route(call));
        reply.unwrap_or_else(|problem| problem.reply(call))
    }

    fn save(&self) -> Value {
        let Self { agents, trunks, numbers, names: _, ids } = self;
        let trunks = trunks.iter().map(|trunk| {
            let mut saved = json!(trunk);
            saved[Number::LIST] = numbers.on_trunk(trunk.id()).map(|number| json!(number)).collect();
            saved
        });
        json!({
            Agent::LIST: agents.iter().collect::<Vec<_>>(),
            Trunk::LIST: trunks.collect::<Vec<_>>(),
            Number::LIST: numbers.iter().filter(|number| !self.has_trunk_of(number)).collect::<Vec<_>>(),
            "next_id": ids.next(),
        })
    }
}

impl Bolna {
    fn route(&mut self, call: &Call<'_>) -> Result<Reply, Problem> {
        let segments: Vec<&str> = call.path.split('/').filter(|segment| !segment.is_empty()).collect();
        match (call.method, segments.as_slice()) {
            ("GET", ["sip-trunks", "trunks"]) => self.list_trunks(call),
            ("POST", ["sip-trunks", "trunks"]) => self.create_trunk(call),
            ("GET", ["sip-trunks", "trunks", id]) => self.show_trunk(call, id),
            ("PATCH", ["sip-trunks", "trunks", id]) => self.update_trunk(call, id),
            ("DELETE", ["sip-trunks", "trunks", id]) => self.delete_trunk(id),
            ("GET", ["sip-trunks", "trunks", id, "numbers"]) => self.list_numbers(call, id),
            ("POST", ["sip-trunks", "trunks", id, "numbers"]) => self.create_number(call, id),
            ("DELETE", ["sip-trunks", "trunks", trunk, "numbers", id]) => self.delete_number(trunk, id),
            ("GET", ["v2", "agent", "all"]) => Ok(self.list_agents()),
            ("GET", ["v2", "agent", id]) => self.show_agent(id),
            ("GET", ["phone-numbers", "all"]) => Ok(self.list_all_numbers(call)),
            ("POST", ["inbound", "setup"]) => self.map_number(call),
            ("POST", ["inbound", "unlink"]) => self.unmap_number(call),
            (_, segments) => Err(no_such_route(segments)),
        }
    }

    fn has_trunk_of(&self, number: &Number) -> bool {
        number.byot_trunk_id.as_deref().is_some_and(|id| self.trunks.get(id).is_some())
    }
}

fn no_such_route(segments: &[&str]) -> Problem {
    match segments {
        ["sip-trunks", "trunks"] | ["sip-trunks", "trunks", _, "numbers"] => Problem::NoMethod("GET, POST"),
        ["sip-trunks", "trunks", _] => Problem::NoMethod("GET, PATCH, DELETE"),
        ["sip-trunks", "trunks", _, "numbers", _] => Problem::NoMethod("DELETE"),
        ["v2", "agent", _] | ["phone-numbers", "all"] => Problem::NoMethod("GET"),
        ["inbound", "setup" | "unlink"] => Problem::NoMethod("POST"),
        _ => Problem::NoRoute,
    }
}

fn now() -> String {
    jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// When what a seed describes was made, unless it says so itself.
fn long_ago() -> String {
    "2025-01-15T10:30:00Z".to_owned()
}
