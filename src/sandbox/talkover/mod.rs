//! In: requests below Talkover's `/api/v1`, from one environment.
//! Out: what Talkover answers, as far as its pages say so, and where they are silent what the comments here choose.
//! Never keeps a token or a password.
//!
//! The page in hand: <https://docs.talkover.ai/en/api-reference/endpoints/create-sip-trunk>; the other endpoints stand
//! beside it. Where two pages disagree, or none says how something ends, there is a switch (see [`Fault`]).
//!
//! [`Fault`]: super::fault::Fault

mod agent;
mod agents;
mod budget;
mod check;
mod dids;
mod envelope;
mod field_errors;
mod numbers;
mod page;
mod pool;
mod table;
mod trunk;
mod trunks;

use serde_json::{Map, Value, json};

use super::fault::Switch;
use super::platform::{Call, Opened, Platform, Reply};
use agent::Agent;
use budget::Window;
use envelope::Problem;
use pool::Pool;
use table::{Row, Table};
use trunk::Trunk;

struct Talkover {
    agents: Table<Agent>,
    trunks: Table<Trunk>,
    /// Rented numbers and those of the trunks: one number is there once.
    pool: Pool,
    window: Window,
}

/// Makes an environment; without a state, or without agents in it, it has two agents.
pub(super) fn open(state: Option<&Value>) -> Opened {
    let fresh = Value::Object(Map::new());
    let state = state.unwrap_or(&fresh);
    let agents = match Table::load(state)? {
        Some(agents) => agents,
        None => agent::seeded()?,
    };
    let trunks = match Table::load(state)? {
        Some(trunks) => trunks,
        None => Table::new(Vec::new(), 1)?,
    };
    let mut pool = Pool::load(state, trunks.iter().map(Row::id))?;
    for agent in agents.iter() {
        agent.check_references(&pool)?;
        pool.assign(&agent.phone_number_ids);
    }
    Ok(Box::new(Talkover { agents, trunks, pool, window: Window::default() }))
}

/// Says in Talkover's words that a request failed.
pub(super) fn refuse(status: u16, wait: Option<u64>) -> Reply {
    let standing = if status == 429 { budget::exhausted(wait.unwrap_or(1)) } else { budget::unlimited() };
    standing.show(Problem::unnamed(status).reply(None))
}

impl Platform for Talkover {
    fn answer(&mut self, call: &Call<'_>) -> Reply {
        if (call.method, call.path) == ("GET", "/health") {
            return Reply::json(200, json!({ "status": "ok" }));
        }
        let standing = self.window.spend(call.quirks.rate_limit);
        if standing.is_over {
            return standing.refuse(call);
        }
        let reply = envelope::authenticate(call).and_then(|()| self.route(call));
        standing.show(reply.unwrap_or_else(|problem| problem.reply(envelope::forced(call))))
    }

    fn save(&self) -> Value {
        let Self { agents, trunks, pool, window: _ } = self;
        let trunk = |trunk: &Trunk| {
            let mut row = json!(trunk);
            row["dids"] = pool.of_trunk(trunk.id()).map(pool::Number::save_did).collect();
            row
        };
        json!({
            "agents": agents.iter().collect::<Vec<_>>(),
            "trunks": trunks.iter().map(trunk).collect::<Vec<_>>(),
            "phone_numbers": pool.rented().collect::<Vec<_>>(),
            // An id that was given once is not given again.
            "next_id": { Agent::LIST: agents.next(), Trunk::LIST: trunks.next(), pool::LIST: pool.next() },
        })
    }
}

impl Talkover {
    fn route(&mut self, call: &Call<'_>) -> Result<Reply, Problem> {
        let segments: Vec<&str> = call.path.split('/').filter(|segment| !segment.is_empty()).collect();
        if segments.first() == Some(&"sip-trunks") && call.is_on(Switch::NoCustomTrunks) {
            return Err(Problem::new(403, "Your plan does not include custom SIP trunks."));
        }
        self.shift(call, &segments);
        match (call.method, segments.as_slice()) {
            ("GET", ["sip-trunks"]) => Ok(self.list_trunks()),
            ("POST", ["sip-trunks"]) => self.create_trunk(call),
            ("GET", ["sip-trunks", id]) => self.show_trunk(id),
            ("PUT", ["sip-trunks", id]) => self.update_trunk(call, id),
            ("DELETE", ["sip-trunks", id]) => self.delete_trunk(id),
            ("POST", ["sip-trunks", id, "verify"]) => self.verify_trunk(call, id),
            ("GET", ["sip-trunks", id, "health"]) => self.trunk_health(call, id),
            ("GET", ["sip-trunks", id, "dids"]) => self.list_dids(id),
            ("POST", ["sip-trunks", id, "dids"]) => self.create_did(call, id),
            ("DELETE", ["sip-trunks", id, "dids", did]) => self.delete_did(id, did),
            ("GET", ["phone-numbers"]) => self.list_numbers(call),
            ("GET", ["agents"]) => self.list_agents(call),
            ("GET", ["agents", id]) => self.show_agent(id),
            ("PUT", ["agents", id, "calling"]) => self.set_calling(call, id),
            ("POST", ["agents", id, "publish"]) => self.publish(id, true),
            ("POST", ["agents", id, "unpublish"]) => self.publish(id, false),
            (_, segments) => Err(no_such_route(call, segments)),
        }
    }

    /// The fault in which a list changes between two of its pages.
    fn shift(&mut self, call: &Call<'_>, segments: &[&str]) {
        match (call.quirks.shift, segments) {
            (Some(keep_total), ["phone-numbers"]) => self.shift_numbers(keep_total),
            (Some(keep_total), ["agents"]) => self.shift_agents(keep_total),
            _ => {}
        }
    }
}

fn no_such_route(call: &Call<'_>, segments: &[&str]) -> Problem {
    let allowed = match segments {
        ["sip-trunks"] | ["sip-trunks", _, "dids"] => "GET, POST",
        ["sip-trunks", _] => "GET, PUT, DELETE",
        ["sip-trunks", _, "dids", _] => "DELETE",
        ["sip-trunks", _, "verify"] | ["agents", _, "publish" | "unpublish"] => "POST",
        ["sip-trunks", _, "health"] | ["health" | "phone-numbers" | "agents"] | ["agents", _] => "GET",
        ["agents", _, "calling"] => "PUT",
        _ => return Problem::new(404, format!("The route api/v1{} could not be found.", call.path)),
    };
    Problem::new(405, format!("The {} method is not supported here. Supported: {allowed}.", call.method))
}

fn now() -> String {
    jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// When what a seed describes was made, unless it says so itself.
fn long_ago() -> String {
    "2024-01-15T14:00:00Z".to_owned()
}
