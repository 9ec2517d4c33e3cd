//! In: requests to `/phone-numbers/all` and below `/inbound`.
//! Out: all numbers of the account and which agent answers each.
//! Never buys or releases a number.

use serde_json::{Value, json};

use super::super::platform::{Call, Reply};
use super::Bolna;
use super::fields::{self, Fields};
use super::problem::Problem;
use super::table::Row;

impl Bolna {
    pub(super) fn list_all_numbers(&mut self, call: &Call<'_>) -> Reply {
        let shown = self.numbers.iter().filter(|number| number.is_shown(call));
        let shown: Value = shown.map(|number| number.show_in_account()).collect();
        self.numbers.looked(None);
        Reply::json(200, shown)
    }

    /// A number has one agent: the one before loses it without a word.
    pub(super) fn map_number(&mut self, call: &Call<'_>) -> Result<Reply, Problem> {
        let [agent, number] = wanted(call, ["agent_id", "phone_number_id"])?;
        self.agent(&agent)?;
        self.set_agent(&number, Some(agent.clone()))?;
        let number = self.numbers.get(&number).filter(|number| number.byot_trunk_id.is_none());
        let body = match number {
            None => json!({ "message": "SIP trunk number successfully mapped to agent" }),
            Some(number) => json!({
                "url": format!("{}/inbound_call?agent_id={agent}", call.base),
                "phone_number": number.phone_number, "id": number.id(),
            }),
        };
        Ok(Reply::json(200, body))
    }

    pub(super) fn unmap_number(&mut self, call: &Call<'_>) -> Result<Reply, Problem> {
        let [id] = wanted(call, ["phone_number_id"])?;
        let text = self.set_agent(&id, None)?;
        Ok(Reply::json(200, json!({ "url": null, "phone_number": text, "id": id })))
    }

    fn set_agent(&mut self, id: &str, agent: Option<String>) -> Result<&str, Problem> {
        match self.numbers.get_mut(id) {
            None => Err(Problem::Refused(404, "Phone number doesn't exist.")),
            Some(number) if number.deleted => {
                Err(Problem::Refused(404, "SIP trunk phone number not found in database"))
            }
            Some(number) => {
                number.agent_id = agent;
                number.touch();
                Ok(&number.phone_number)
            }
        }
    }
}

/// The texts that a request must have.
fn wanted<const N: usize>(call: &Call<'_>, names: [&str; N]) -> Result<[String; N], Problem> {
    let body = fields::body(call)?;
    let mut fields = Fields::new(&body);
    let texts = names.map(|name| {
        fields.required(name);
        fields.given(name).unwrap_or_default().to_owned()
    });
    fields.finish()?;
    Ok(texts)
}
