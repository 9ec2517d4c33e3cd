//! In: requests below `/sip-trunks/{id}/dids`.
//! Out: the numbers of one trunk, which cannot be changed or moved: only made and deleted.
//! Never deletes a number that an agent has.

use serde_json::{Value, json};

use super::super::platform::{Call, Reply};
use super::Talkover;
use super::check::{Check, is_e164};
use super::envelope::{Problem, created, input, success, told};
use super::numbers::formatted;
use super::pool::Number;
use super::table::Row;

impl Talkover {
    /// All of them: this list has no pages.
    pub(super) fn list_dids(&self, trunk: &str) -> Result<Reply, Problem> {
        self.trunk(trunk)?;
        Ok(success(200, self.pool.of_trunk(trunk).map(show).collect()))
    }

    pub(super) fn create_did(&mut self, call: &Call<'_>, trunk: &str) -> Result<Reply, Problem> {
        self.trunk(trunk)?;
        let input = input(call)?;
        let mut check = Check::new(&input);
        let (country, text) = (country_code(&mut check), e164(&mut check));
        check.finish()?;
        let country = country.expect("a request without a country code does not pass the check");
        let text = text.expect("a request without a number does not pass the check");
        if self.pool.has_text(text) {
            let text = "This number is already registered in your environment";
            return Err(Problem::coded(409, "DID_ALREADY_EXISTS", text).about("number"));
        }
        let number = self.pool.insert(Number::new(text, country, Some(trunk.to_owned())));
        let mut data = show(number);
        data["trunk_id"] = trunk.into();
        Ok(created(call, data))
    }

    /// The page says "active agents" and not whether a draft is one: here every agent holds its numbers.
    pub(super) fn delete_did(&mut self, trunk: &str, id: &str) -> Result<Reply, Problem> {
        self.trunk(trunk)?;
        let here = self.pool.get(id).filter(|number| number.trunk_id.as_deref() == Some(trunk));
        here.ok_or_else(|| Problem::not_found("DID"))?;
        if self.pool.is_on_agents(id) {
            let text = "DID is still assigned to active agents";
            return Err(Problem::coded(409, "DID_IN_USE", text).about("phone_number_id"));
        }
        self.pool.remove(id);
        Ok(told("DID removed"))
    }
}

fn country_code<'a>(check: &mut Check<'a>) -> Option<&'a str> {
    check.required("country_code");
    let country = check.text("country_code")?;
    let is_code = country.len() == 2 && country.bytes().all(|letter| letter.is_ascii_uppercase());
    if !is_code {
        check.selected_is_invalid("country_code");
    }
    Some(country)
}

fn e164<'a>(check: &mut Check<'a>) -> Option<&'a str> {
    check.required("number");
    let text = check.text("number")?;
    if !is_e164(text) {
        check.wrong("number", "format is invalid");
    }
    Some(text)
}

fn show(number: &Number) -> Value {
    json!({
        "id": number.id(), "number": number.number, "country_code": number.country_code,
        "formatted_number": formatted(&number.number),
    })
}
