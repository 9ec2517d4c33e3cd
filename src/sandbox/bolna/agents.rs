//! In: requests below `/v2/agent`.
//! Out: the agents of the account, to be listed and read, never changed.
//! Never takes part in a call; an agent is a name and an id.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::super::platform::Reply;
use super::problem::Problem;
use super::table::Row;
use super::{Bolna, long_ago};

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Agent {
    #[serde(default)]
    id: String,
    agent_name: String,
    #[serde(default = "other")]
    agent_type: String,
    #[serde(default = "processed")]
    agent_status: String,
    #[serde(default = "long_ago")]
    created_at: String,
    #[serde(default = "long_ago")]
    updated_at: String,
}

fn other() -> String {
    "other".to_owned()
}

fn processed() -> String {
    "processed".to_owned()
}

impl Row for Agent {
    const LIST: &'static str = "agents";

    fn id(&self) -> &str {
        &self.id
    }

    fn set_id(&mut self, id: String) {
        self.id = id;
    }
}

/// What a fresh account has.
pub(super) fn seeded() -> Vec<Agent> {
    let agent = |id: &str, name: &str| Agent {
        id: id.to_owned(),
        agent_name: name.to_owned(),
        agent_type: other(),
        agent_status: processed(),
        created_at: long_ago(),
        updated_at: long_ago(),
    };
    vec![
        agent("5d0f1b7e-3c2a-4b8e-9a41-0c6d2e7f1a01", "Sales Agent"),
        agent("5d0f1b7e-3c2a-4b8e-9a41-0c6d2e7f1a02", "Support Agent"),
    ]
}

impl Bolna {
    pub(super) fn list_agents(&self) -> Reply {
        Reply::json(200, self.agents.iter().map(show).collect())
    }

    pub(super) fn show_agent(&self, id: &str) -> Result<Reply, Problem> {
        Ok(Reply::json(200, show(self.agent(id)?)))
    }

    pub(super) fn agent(&self, id: &str) -> Result<&Agent, Problem> {
        self.agents.get(id).ok_or(Problem::Refused(404, "Agent not found"))
    }
}

fn show(agent: &Agent) -> Value {
    let mut shown = json!(agent);
    shown["tasks"] = json!([]);
    shown
}
