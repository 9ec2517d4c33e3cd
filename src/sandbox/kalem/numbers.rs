//! In: requests below `/numbers`.
//! Out: the phone numbers of the account, each with at most one trunk and one agent of each type.
//! Never lets two numbers have one text.

use serde_json::{Value, json};

use super::super::fault::Switch;
use super::super::platform::{Call, Reply};
use super::agents::AgentType;
use super::inventory::{Number, Status};
use super::laravel::{Problem, deleted, input, resource};
use super::page::{self, Asked};
use super::table::Row;
use super::validate::Check;
use super::{Kalem, id_of, now};

const PROVIDERS: &[&str] = &["manual", "twilio"];

/// The three things that a number may refer to, as far as a request names them.
struct References {
    voice_agent_id: Option<Option<u64>>,
    text_agent_id: Option<Option<u64>>,
    trunk_id: Option<Option<u64>>,
}

impl Kalem {
    pub(super) fn list_numbers(&self, call: &Call<'_>) -> Result<Reply, Problem> {
        let query = call.fields();
        let mut check = Check::new(&query);
        let search = check.text("search", 0);
        let status = check.one_of("status", &["active", "inactive"]);
        let agent = check.integer("voice_agent_id");
        let trunk = check.integer("trunk_id");
        let asked = Asked::of(call, &mut check);
        page::checked(check)?;
        let is = |wanted: Option<i64>, id: Option<u64>| {
            wanted.is_none_or(|wanted| id.is_some_and(|id| u64::try_from(wanted) == Ok(id)))
        };
        let rows = self.numbers.iter().filter(|number| {
            search.is_none_or(|text| number.number.contains(text))
                && status.is_none_or(|name| (name == "active") == (number.status == Status::Active))
                && is(agent, number.voice_agent_id)
                && is(trunk, number.trunk_id)
        });
        Ok(page::answer(call, asked, rows, |number| self.show(number)))
    }

    pub(super) fn create_number(&mut self, call: &Call<'_>) -> Result<Reply, Problem> {
        let input = input(call)?;
        let mut check = Check::new(&input);
        check.required("number");
        let text = check.e164("number");
        check.unique("number", text.is_some_and(|text| self.numbers.by_text(text).is_some()));
        let provider = check.one_of("provider", PROVIDERS);
        let references = self.references(&mut check);
        page::checked(check)?;
        let text = text.expect("a request without a number does not pass the check");
        let mut number = Number::new(text, provider.unwrap_or("manual"), now());
        references.put(&mut number);
        if call.is_on(Switch::CreatedInactive) {
            number.status = Status::Inactive;
        }
        let id = self.numbers.insert(number);
        self.answer_number(call, 201, id)
    }

    pub(super) fn show_number(&self, call: &Call<'_>, id: &str) -> Result<Reply, Problem> {
        self.answer_number(call, 200, self.number(id)?)
    }

    pub(super) fn update_number(&mut self, call: &Call<'_>, id: &str) -> Result<Reply, Problem> {
        let id = self.number(id)?;
        let input = input(call)?;
        let mut check = Check::new(&input);
        check.prohibited("number");
        check.prohibited("provider");
        let references = self.references(&mut check);
        page::checked(check)?;
        self.numbers.change(id, |number| {
            references.put(number);
            number.updated_at = now();
        });
        self.answer_number(call, 200, id)
    }

    pub(super) fn delete_number(&mut self, call: &Call<'_>, id: &str) -> Result<Reply, Problem> {
        let id = self.number(id)?;
        self.numbers.remove(id);
        Ok(deleted(call, "Number deleted successfully."))
    }

    /// The only requests that name a number by its text. What they answer is not documented.
    pub(super) fn set_status(&mut self, call: &Call<'_>, status: Status) -> Result<Reply, Problem> {
        let input = input(call)?;
        let mut check = Check::new(&input);
        check.required("number");
        let text = check.text("number", 0);
        page::checked(check)?;
        let id = text.and_then(|text| self.numbers.by_text(text));
        let id = id.ok_or(Problem::NoModel("Number", String::new()))?;
        self.numbers.change(id, |number| {
            number.status = status;
            number.updated_at = now();
        });
        self.answer_number(call, 200, id)
    }

    fn references(&self, check: &mut Check<'_>) -> References {
        let mut reference = |field, is_there: &dyn Fn(u64) -> bool| {
            check.names(field).then(|| check.existing(field, is_there))
        };
        References {
            voice_agent_id: reference("voice_agent_id", &|id| self.has_agent(id, AgentType::Voice)),
            text_agent_id: reference("text_agent_id", &|id| self.has_agent(id, AgentType::Text)),
            trunk_id: reference("trunk_id", &|id| self.trunks.get(id).is_some()),
        }
    }

    fn number(&self, id: &str) -> Result<u64, Problem> {
        let known = id_of(id).filter(|id| self.numbers.get(*id).is_some());
        known.ok_or_else(|| Problem::NoModel("Number", id.to_owned()))
    }

    fn answer_number(&self, call: &Call<'_>, status: u16, id: u64) -> Result<Reply, Problem> {
        let number = self.numbers.get(id).ok_or_else(|| Problem::NoModel("Number", id.to_string()))?;
        Ok(resource(call, status, self.show(number)))
    }

    fn show(&self, number: &Number) -> Value {
        let agent = |id: Option<u64>| id.and_then(|id| self.agents.get(id)).map(|agent| &agent.name);
        let trunk = number.trunk_id.and_then(|id| self.trunks.get(id)).map(|trunk| &trunk.name);
        json!({
            "id": number.id(), "number": number.number, "provider": number.provider, "status": number.status,
            "voice_agent_id": number.voice_agent_id, "voice_agent_name": agent(number.voice_agent_id),
            "text_agent_id": number.text_agent_id, "text_agent_name": agent(number.text_agent_id),
            "trunk_id": number.trunk_id, "trunk_name": trunk,
            "created_at": number.created_at, "updated_at": number.updated_at,
        })
    }

    /// Somebody makes a number that a list shows first, and may delete the last one.
    pub(super) fn shift_numbers(&mut self, keep_total: bool) {
        let last = self.numbers.iter().next_back().map(Row::id);
        if let Some(id) = last.filter(|_| keep_total) {
            self.numbers.remove(id);
        }
        self.numbers.insert_foreign(now());
    }

    /// Every reference leads somewhere; checked once, when a state is read.
    pub(super) fn check_references(&self) -> Result<(), String> {
        for number in self.numbers.iter() {
            let lost = |field: &str, id: Option<u64>, is_there: bool| match id {
                Some(id) if !is_there => Err(format!("numbers: {}: no {field} {id}", number.number)),
                _ => Ok(()),
            };
            let agent = |id: Option<u64>, kind| id.is_some_and(|id| self.has_agent(id, kind));
            let trunk = number.trunk_id.is_some_and(|id| self.trunks.get(id).is_some());
            lost("trunk_id", number.trunk_id, trunk)?;
            lost("voice_agent_id", number.voice_agent_id, agent(number.voice_agent_id, AgentType::Voice))?;
            lost("text_agent_id", number.text_agent_id, agent(number.text_agent_id, AgentType::Text))?;
        }
        Ok(())
    }
}

impl References {
    /// What the request names as null is cleared, what it does not name stays.
    fn put(&self, number: &mut Number) {
        let Self { voice_agent_id, text_agent_id, trunk_id } = self;
        number.voice_agent_id = voice_agent_id.unwrap_or(number.voice_agent_id);
        number.text_agent_id = text_agent_id.unwrap_or(number.text_agent_id);
        number.trunk_id = trunk_id.unwrap_or(number.trunk_id);
    }
}
