//! In: requests below `/agents`.
//! Out: the agents of the environment, and which numbers each has: the only place where that is said and set.
//! Never makes or deletes an agent, but for the fault in which somebody else does.

use serde_json::{Value, json};

use super::super::platform::{Call, Reply};
use super::agent::{Agent, DIRECTIONS, Direction, STATUSES, Status};
use super::check::Check;
use super::envelope::{Problem, input, success};
use super::page::{self, Asked};
use super::table::Row;
use super::{Talkover, now};

impl Talkover {
    pub(super) fn list_agents(&self, call: &Call<'_>) -> Result<Reply, Problem> {
        let query = call.fields();
        let mut check = Check::new(&query);
        let search = check.text("search").map(str::to_lowercase);
        let direction = check.one_of("direction", DIRECTIONS).map(Direction::named);
        let status = check.one_of("status", STATUSES).map(Status::named);
        let asked = Asked::of(&mut check);
        check.finish()?;
        let rows = self.agents.iter().filter(|agent| {
            search.as_ref().is_none_or(|part| {
                let label = agent.label.as_deref().unwrap_or_default();
                [&agent.name, label].iter().any(|text| text.to_lowercase().contains(part))
            }) && direction.is_none_or(|direction| agent.direction == direction)
                && status.is_none_or(|status| agent.current_status == status)
        });
        Ok(page::answer(call, asked, rows, |agent| agent.show(&self.pool)))
    }

    pub(super) fn show_agent(&self, id: &str) -> Result<Reply, Problem> {
        let agent = self.agents.get(id).ok_or_else(no_agent)?;
        Ok(success(200, agent.show(&self.pool)))
    }

    /// The direction must be named, and the numbers are the whole set: what is not named in it goes. A number may be
    /// on several agents: no page forbids it.
    pub(super) fn set_calling(&mut self, call: &Call<'_>, id: &str) -> Result<Reply, Problem> {
        let agent = self.agents.get_mut(id).ok_or_else(no_agent)?;
        let input = input(call)?;
        let mut check = Check::new(&input);
        check.required("direction");
        let direction = check.one_of("direction", DIRECTIONS);
        let ids = phone_number_ids(&mut check, |id| self.pool.get(id).is_some());
        check.finish()?;
        let direction = direction.expect("a request without a direction does not pass the check");
        agent.direction = Direction::named(direction);
        if let Some(ids) = ids {
            self.pool.assign(&ids);
            self.pool.release(&agent.phone_number_ids);
            agent.phone_number_ids = ids;
        }
        agent.updated_at = now();
        Ok(updated("Agent calling settings updated successfully.", agent.calling(&self.pool)))
    }

    pub(super) fn publish(&mut self, id: &str, is_wanted: bool) -> Result<Reply, Problem> {
        let agent = self.agents.get_mut(id).ok_or_else(no_agent)?;
        if is_wanted && !agent.is_ready_to_publish {
            return Err(Problem::new(422, "Agent is not ready to publish.").about("agent"));
        }
        agent.current_status = if is_wanted { Status::Published } else { Status::Draft };
        agent.updated_at = now();
        let text = if is_wanted { "Agent published." } else { "Agent unpublished." };
        Ok(updated(text, agent.show(&self.pool)))
    }

    /// Somebody makes an agent that a list shows first, and may delete the last one without numbers.
    pub(super) fn shift_agents(&mut self, keep_total: bool) {
        let last = self.agents.iter().rev().find(|agent| agent.phone_number_ids.is_empty());
        if let Some(id) = last.filter(|_| keep_total).map(|agent| agent.id().to_owned()) {
            self.agents.remove(&id);
        }
        let name = format!("Appeared {}", self.agents.next());
        self.agents.insert_in_front(Agent::new(&name, &name));
    }
}

/// Each once, in the order of the request; `None` when it leaves them out.
fn phone_number_ids(check: &mut Check<'_>, is_there: impl Fn(&str) -> bool) -> Option<Vec<String>> {
    const FIELD: &str = "phone_number_ids";
    if !check.names(FIELD) {
        return None;
    }
    let Some(Value::Array(values)) = check.value(FIELD) else {
        check.wrong(FIELD, "must be an array");
        return None;
    };
    let mut ids = Vec::new();
    let mut seen = std::collections::HashSet::new();
    for (at, value) in values.iter().enumerate() {
        match value.as_str().filter(|id| is_there(id)) {
            Some(id) if seen.insert(id) => ids.push(id.to_owned()),
            Some(_) => {}
            None => check.selected_is_invalid(&format!("{FIELD}.{at}")),
        }
    }
    Some(ids)
}

fn updated(message: &str, data: Value) -> Reply {
    Reply::json(200, json!({ "success": true, "message": message, "data": data }))
}

fn no_agent() -> Problem {
    Problem::not_found("Agent")
}
