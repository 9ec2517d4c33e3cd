//! In: requests to `/sip-trunks/trunks` and to one trunk.
//! Out: the trunks of the account, listed, made, changed, and deleted together with their numbers.
//! Never changes a trunk that would be wrong afterwards.

use serde_json::{Value, json};

use super::super::fault::Switch;
use super::super::platform::{Call, Reply};
use super::Bolna;
use super::fields::{self, Fields};
use super::number::{Number, Wanted};
use super::problem::Problem;
use super::table::Row;
use super::trunk::Trunk;

const NAME_TAKEN: Problem = Problem::Refused(409, "Trunk name already exists");
const NO_TRUNK: Problem = Problem::Refused(404, "Trunk not found");

impl Bolna {
    pub(super) fn list_trunks(&mut self, call: &Call<'_>) -> Result<Reply, Problem> {
        let wanted = match call.query.get("is_active").map(|text| text.to_ascii_lowercase()).as_deref() {
            None => None,
            Some("true" | "1") => Some(true),
            Some("false" | "0") => Some(false),
            Some(_) => return Err(Problem::Refused(400, "is_active must be true or false")),
        };
        let rows = self.trunks.iter().filter(|trunk| wanted.is_none_or(|active| trunk.is_active == active));
        let shown: Value = rows.map(|trunk| self.list_row(call, trunk)).collect();
        if !call.is_on(Switch::ListNoNumbers) {
            self.numbers.looked(None);
        }
        Ok(Reply::json(200, shown))
    }

    /// The pages do not agree on whether a row of the list has the numbers or says how many there are.
    fn list_row(&self, call: &Call<'_>, trunk: &Trunk) -> Value {
        if call.is_on(Switch::ListNoNumbers) {
            return trunk.show(call);
        }
        let mut row = self.shown_trunk(call, trunk);
        if call.is_on(Switch::ListNumberCount) {
            row[Number::LIST] = json!(row[Number::LIST].as_array().map_or(0, Vec::len));
        }
        row
    }

    pub(super) fn create_trunk(&mut self, call: &Call<'_>) -> Result<Reply, Problem> {
        let body = fields::body(call)?;
        let mut fields = Fields::new(&body);
        let mut trunk = Trunk::create(&mut fields);
        let auth_type = fields.given("auth_type");
        let wanted = fields.list(Number::LIST, Wanted::read).unwrap_or_default();
        fields.finish()?;
        trunk.check_label()?;
        trunk.authenticate_by(auth_type)?;
        trunk.check_rest()?;
        if self.names.contains_key(&trunk.name) {
            return Err(NAME_TAKEN);
        }
        self.check_numbers(None, &wanted)?;
        let id = self.put_trunk(trunk);
        let mut made = Vec::with_capacity(wanted.len());
        for wanted in wanted {
            let number = self.numbers.insert(Number::new(wanted, &id, call), &mut self.ids);
            made.extend(number.map(|number| number.show(call)));
        }
        let mut shown = self.trunk(&id)?.show(call);
        // Here also those that no list shows yet.
        shown[Number::LIST] = json!(made);
        Ok(Reply::json(201, shown))
    }

    fn put_trunk(&mut self, mut trunk: Trunk) -> String {
        trunk.name_gateways(&mut self.ids);
        let name = trunk.name.clone();
        let place = self.trunks.insert(trunk, &mut self.ids);
        let id = self.trunks.at(place).map(|trunk| trunk.id().to_owned()).unwrap_or_default();
        self.names.insert(name, id.clone());
        id
    }

    pub(super) fn show_trunk(&mut self, call: &Call<'_>, id: &str) -> Result<Reply, Problem> {
        let shown = self.shown_trunk(call, self.trunk(id)?);
        self.numbers.looked(Some(id));
        Ok(Reply::json(200, shown))
    }

    pub(super) fn update_trunk(&mut self, call: &Call<'_>, id: &str) -> Result<Reply, Problem> {
        let mut trunk = self.trunk(id)?.clone();
        let body = fields::body(call)?;
        let mut fields = Fields::new(&body);
        trunk.update(&mut fields, call.is_on(Switch::DropPatchFields));
        fields.finish()?;
        trunk.check_label()?;
        trunk.check_rest()?;
        if self.names.get(&trunk.name).is_some_and(|other| other != id) {
            return Err(NAME_TAKEN);
        }
        trunk.name_gateways(&mut self.ids);
        let place = self.trunks.get_mut(id).ok_or(NO_TRUNK)?;
        self.names.remove(&place.name);
        self.names.insert(trunk.name.clone(), id.to_owned());
        *place = trunk;
        self.show_trunk(call, id)
    }

    pub(super) fn delete_trunk(&mut self, id: &str) -> Result<Reply, Problem> {
        let trunk = self.trunks.remove(id).ok_or(NO_TRUNK)?;
        self.names.remove(&trunk.name);
        let count = self.numbers.delete_on_trunk(id);
        let text = format!("Trunk deleted successfully. {count} phone number(s) removed.");
        Ok(Reply::json(200, json!({ "message": text })))
    }

    pub(super) fn trunk(&self, id: &str) -> Result<&Trunk, Problem> {
        self.trunks.get(id).ok_or(NO_TRUNK)
    }

    fn shown_trunk(&self, call: &Call<'_>, trunk: &Trunk) -> Value {
        let mut shown = trunk.show(call);
        shown[Number::LIST] = self.numbers_of(call, trunk.id());
        shown
    }

    /// Takes the trunks of a state, each with its numbers.
    pub(super) fn load_trunks(&mut self, rows: &[Value]) -> Result<(), String> {
        for (at, row) in rows.iter().enumerate() {
            let wrong = |problem: String| format!("{}[{at}]: {problem}", Trunk::LIST);
            let mut trunk: Trunk = serde_json::from_value(row.clone()).map_err(|e| wrong(e.to_string()))?;
            trunk.complete();
            trunk.name_gateways(&mut self.ids);
            if trunk.name.is_empty() {
                return Err(wrong("missing field `name`".to_owned()));
            }
            let name = trunk.name.clone();
            let place = self.trunks.load(trunk, &mut self.ids).map_err(wrong)?;
            let id = self.trunks.at(place).map(|trunk| trunk.id().to_owned()).unwrap_or_default();
            if self.names.insert(name, id.clone()).is_some() {
                return Err(wrong("another trunk has this name".to_owned()));
            }
            self.load_trunk_numbers(&id, row).map_err(wrong)?;
        }
        Ok(())
    }
}
