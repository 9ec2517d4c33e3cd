//! In: requests below `/sip-trunks/trunks/{id}/numbers`.
//! Out: the numbers of one trunk, listed, added and removed.
//! Never changes or moves one: there is no such request.

use serde_json::{Value, json};

use super::super::platform::{Call, Reply};
use super::Bolna;
use super::fields::{self, Fields};
use super::number::{Number, Wanted, key};
use super::problem::Problem;
use super::table::{self, Row};

const CONFLICT: Problem = Problem::Refused(409, "Phone number already exists on another active trunk");
const NOT_E164: Problem = Problem::Refused(400, "phone_number must be in E.164 format, with a leading +");
pub(super) const NO_NUMBER: Problem = Problem::Refused(404, "Phone number not found");
const TOO_NEW: Problem = Problem::Refused(500, "Internal server error");

impl Bolna {
    pub(super) fn list_numbers(&mut self, call: &Call<'_>, trunk: &str) -> Result<Reply, Problem> {
        self.trunk(trunk)?;
        let shown = self.numbers_of(call, trunk);
        self.numbers.looked(Some(trunk));
        Ok(Reply::json(200, shown))
    }

    pub(super) fn create_number(&mut self, call: &Call<'_>, trunk: &str) -> Result<Reply, Problem> {
        self.trunk(trunk)?;
        let body = fields::body(call)?;
        let mut fields = Fields::new(&body);
        let wanted = Wanted::read(&mut fields);
        fields.finish()?;
        self.check_numbers(Some(trunk), std::slice::from_ref(&wanted))?;
        let made = self.numbers.insert(Number::new(wanted, trunk, call), &mut self.ids);
        Ok(Reply::json(201, made.map(|number| number.show(call)).unwrap_or_default()))
    }

    pub(super) fn delete_number(&mut self, trunk: &str, id: &str) -> Result<Reply, Problem> {
        self.trunk(trunk)?;
        let is_there = self
            .numbers
            .get(id)
            .is_some_and(|number| number.byot_trunk_id.as_deref() == Some(trunk) && !number.deleted);
        if !is_there {
            return Err(NO_NUMBER);
        }
        if self.numbers.is_too_new(id) {
            return Err(TOO_NEW);
        }
        self.numbers.delete(id);
        Ok(Reply::json(200, json!({ "message": "Phone number removed successfully" })))
    }

    pub(super) fn numbers_of(&self, call: &Call<'_>, trunk: &str) -> Value {
        let shown = self.numbers.on_trunk(trunk).filter(|number| number.is_shown(call));
        shown.map(|number| number.show(call)).collect()
    }

    /// Whether all of these could be added to a trunk, which may be a new one. Who is on another trunk must go there
    /// first, unless that trunk is switched off.
    pub(super) fn check_numbers(&self, trunk: Option<&str>, wanted: &[Wanted]) -> Result<(), Problem> {
        let mut seen = std::collections::HashSet::new();
        for number in wanted {
            if number.is_refused() {
                return Err(NOT_E164);
            }
            let is_taken = |other: &Number| {
                let place = other.byot_trunk_id.as_deref();
                place == trunk
                    || place.and_then(|id| self.trunks.get(id)).is_some_and(|trunk| trunk.is_active)
            };
            let text = &number.phone_number;
            if !seen.insert(key(text)) || self.numbers.alike(text).any(is_taken) {
                return Err(CONFLICT);
            }
        }
        Ok(())
    }

    /// Takes the numbers of a state, of one trunk or of none.
    pub(super) fn load_numbers(&mut self, rows: Vec<Number>, trunk: Option<&str>) -> Result<(), String> {
        for mut number in rows {
            let lost = |what: &str, id: &str| {
                Err(format!("{}: {}: no {what} {id}", Number::LIST, number.phone_number))
            };
            if let Some(id) = &number.agent_id
                && self.agents.get(id).is_none()
            {
                return lost("agent", id);
            }
            if let Some(trunk) = trunk {
                number.byot_trunk_id = Some(trunk.to_owned());
            } else if let Some(id) = &number.byot_trunk_id
                && !number.deleted
                && self.trunks.get(id).is_none()
            {
                return lost("trunk", id);
            }
            self.numbers.load(number, &mut self.ids)?;
        }
        Ok(())
    }

    /// The numbers that a trunk of a state has.
    pub(super) fn load_trunk_numbers(&mut self, trunk: &str, row: &Value) -> Result<(), String> {
        let rows = table::list(row, Number::LIST)?.unwrap_or_default();
        let rows = table::rows(Number::LIST, rows)?;
        self.load_numbers(rows, Some(trunk))
    }
}
