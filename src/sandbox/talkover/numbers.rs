//! In: requests to `/phone-numbers`.
//! Out: every number of the environment, rented or of a trunk, without saying of which trunk.
//! Never says which agents have a number: only the agents do.

use serde_json::{Value, json};

use super::super::fault::Switch;
use super::super::platform::{Call, Reply};
use super::Talkover;
use super::check::Check;
use super::envelope::Problem;
use super::page::{self, Asked};
use super::pool::Number;
use super::table::Row;

const TYPES: &[&str] = &["voice", "sms", "whatsapp", "mms", "fax"];

impl Talkover {
    pub(super) fn list_numbers(&self, call: &Call<'_>) -> Result<Reply, Problem> {
        let query = call.fields();
        let mut check = Check::new(&query);
        let kind = check.one_of("type", TYPES);
        let voice = check.boolean("has_voice");
        let whatsapp = check.boolean("has_whatsapp");
        let search = check.text("search");
        let asked = Asked::of(&mut check);
        check.finish()?;
        let rows = self.pool.iter().filter(|number| {
            kind.is_none_or(|kind| number.kind == kind)
                && voice.is_none_or(|wanted| number.has_voice == wanted)
                && whatsapp.is_none_or(|wanted| number.has_whatsapp == wanted)
                && search.is_none_or(|text| number.number.contains(text) || number.id() == text)
        });
        if call.is_on(Switch::UnpagedNumbers) {
            return Ok(page::whole(call, rows.map(show).collect()));
        }
        Ok(page::answer(call, asked, rows, show))
    }

    /// Somebody rents a number that a list shows first, and may give back the last one that no agent has.
    pub(super) fn shift_numbers(&mut self, keep_total: bool) {
        let free = |number: &&Number| !self.pool.is_on_agents(number.id());
        let last = self.pool.rented().rev().find(free).map(|number| number.id().to_owned());
        if let Some(id) = last.filter(|_| keep_total) {
            self.pool.remove(&id);
        }
        let text = format!("+1000{:07}", self.pool.next());
        if !self.pool.has_text(&text) {
            self.pool.insert(Number::new(&text, "US", None));
        }
    }
}

fn show(number: &Number) -> Value {
    let is_rented = number.trunk_id.is_none();
    json!({
        "id": number.id(), "number": number.number, "country_code": number.country_code,
        "formatted_number": formatted(&number.number), "international_number": international(&number.number),
        "type": number.kind, "has_voice": number.has_voice, "has_whatsapp": number.has_whatsapp,
        "current_status": number.current_status, "is_sandbox": false,
        "current_price": is_rented.then_some("1.15"), "currency": is_rented.then_some("USD"),
        "renewal_date": null, "auto_renewal": is_rented, "agents": null,
    })
}

/// The three parts of a number of the North American plan.
fn american(number: &str) -> Option<[&str; 3]> {
    let rest = number.strip_prefix("+1").filter(|rest| rest.len() == 10)?;
    Some([rest.get(..3)?, rest.get(3..6)?, rest.get(6..)?])
}

pub(super) fn formatted(number: &str) -> String {
    american(number)
        .map_or_else(|| number.to_owned(), |[area, office, line]| format!("({area}) {office}-{line}"))
}

fn international(number: &str) -> String {
    american(number).map_or_else(|| number.to_owned(), |parts| format!("+1 {}", parts.join("-")))
}
