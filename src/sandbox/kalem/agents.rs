//! In: requests below `/agents`, which no public page describes.
//! Out: the agents of the account, to be listed and read, never changed.
//! Never takes part in a call; an agent is a name and an id.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::super::platform::{Call, Reply};
use super::laravel::{Problem, resource};
use super::page::{self, Asked};
use super::table::{Row, Table};
use super::validate::Check;
use super::{Kalem, contains, id_of};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum AgentType {
    Voice,
    Text,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Agent {
    #[serde(default)]
    id: u64,
    pub(super) name: String,
    #[serde(rename = "type", default = "voice")]
    pub(super) kind: AgentType,
}

fn voice() -> AgentType {
    AgentType::Voice
}

impl Row for Agent {
    const LIST: &'static str = "agents";

    fn id(&self) -> u64 {
        self.id
    }

    fn set_id(&mut self, id: u64) {
        self.id = id;
    }
}

/// What a fresh account has.
pub(super) fn seeded() -> Result<Table<Agent>, String> {
    let agent = |id, name: &str, kind| Agent { id, name: name.to_owned(), kind };
    let rows = vec![
        agent(1, "Sales Agent", AgentType::Voice),
        agent(2, "Support Agent", AgentType::Voice),
        agent(3, "Chat Agent", AgentType::Text),
    ];
    Table::new(rows, 1)
}

impl Kalem {
    pub(super) fn list_agents(&self, call: &Call<'_>) -> Result<Reply, Problem> {
        let query = call.fields();
        let mut check = Check::new(&query);
        let search = check.text("search", 0);
        let asked = Asked::of(call, &mut check);
        page::checked(check)?;
        let rows = self.agents.iter().filter(|agent| contains(&agent.name, search));
        Ok(page::answer(call, asked, rows, show))
    }

    pub(super) fn show_agent(&self, call: &Call<'_>, id: &str) -> Result<Reply, Problem> {
        let agent = id_of(id).and_then(|id| self.agents.get(id));
        let agent = agent.ok_or_else(|| Problem::NoModel("Agent", id.to_owned()))?;
        Ok(resource(call, 200, show(agent)))
    }

    pub(super) fn has_agent(&self, id: u64, kind: AgentType) -> bool {
        self.agents.get(id).is_some_and(|agent| agent.kind == kind)
    }
}

fn show(agent: &Agent) -> Value {
    json!(agent)
}
