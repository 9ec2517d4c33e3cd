//! In: requests below `/sip-trunks`, but for those about DIDs.
//! Out: the trunks of the environment, listed, made, changed, verified and deleted.
//! Never activates what is not verified, and never deletes a trunk that has DIDs.

use serde_json::{Value, json};

use super::super::fault::Switch;
use super::super::platform::{Call, Reply};
use super::check::Check;
use super::envelope::{Problem, created, input, success, told};
use super::trunk::{Trunk, check_fields};
use super::{Talkover, now};

const FAILURE: &str = "Authentication failed (401)";

impl Talkover {
    /// All of them: this list has no pages.
    pub(super) fn list_trunks(&self) -> Reply {
        success(200, self.trunks.iter().map(Trunk::row).collect())
    }

    pub(super) fn create_trunk(&mut self, call: &Call<'_>) -> Result<Reply, Problem> {
        let input = input(call)?;
        let mut check = Check::new(&input);
        check_fields(&mut check, true);
        check.finish()?;
        let mut check = Check::new(&input);
        if check.boolean("is_active") == Some(true) {
            return Err(not_verified());
        }
        let mut trunk = Trunk::blank();
        trunk.take(&mut check, true);
        Ok(created(call, self.trunks.insert(trunk).made()))
    }

    pub(super) fn show_trunk(&self, id: &str) -> Result<Reply, Problem> {
        Ok(success(200, self.trunk(id)?.whole()))
    }

    /// The new connection comes first, so that one request cannot change it and activate the trunk.
    pub(super) fn update_trunk(&mut self, call: &Call<'_>, id: &str) -> Result<Reply, Problem> {
        let before = self.trunk(id)?;
        let input = input(call)?;
        let mut check = Check::new(&input);
        check_fields(&mut check, false);
        check.finish()?;
        let mut check = Check::new(&input);
        let mut trunk = before.clone();
        trunk.take(&mut check, false);
        if trunk.is_reset(before, call.is_on(Switch::ResetWide)) {
            trunk.forget_verification(call.is_on(Switch::ResetKeepsActive));
        }
        match check.boolean("is_active") {
            Some(true) if !trunk.is_verified => return Err(not_verified()),
            Some(wanted) => trunk.is_active = wanted,
            None => {}
        }
        let changed = trunk.changed();
        *self.trunks.get_mut(id).ok_or_else(no_trunk)? = trunk;
        Ok(success(200, changed))
    }

    pub(super) fn delete_trunk(&mut self, id: &str) -> Result<Reply, Problem> {
        self.trunk(id)?;
        if self.pool.of_trunk(id).next().is_some() {
            let text = "Trunk still has DIDs attached. Delete DIDs before deleting the trunk.";
            return Err(Problem::coded(409, "TRUNK_HAS_DIDS", text).about("trunk"));
        }
        self.trunks.remove(id);
        Ok(told("SIP trunk deleted"))
    }

    pub(super) fn verify_trunk(&mut self, call: &Call<'_>, id: &str) -> Result<Reply, Problem> {
        let trunk = self.trunks.get_mut(id).ok_or_else(no_trunk)?;
        let fails_422 = call.is_on(Switch::VerifyFails422);
        let is_good = !fails_422 && !call.is_on(Switch::VerifyFails);
        let mut data = trunk.verified(is_good, call.is_on(Switch::ResetKeepsActive));
        if is_good {
            return Ok(success(200, data));
        }
        // The page's example of a failure does not say when the check was.
        if let Value::Object(fields) = &mut data {
            fields.remove("last_health_check_at");
            fields.insert("error".to_owned(), FAILURE.into());
        }
        let status = if fails_422 { 422 } else { 200 };
        Ok(Reply::json(status, json!({ "success": false, "data": data })))
    }

    /// A look at the carrier that leaves the trunk as it is.
    pub(super) fn trunk_health(&self, call: &Call<'_>, id: &str) -> Result<Reply, Problem> {
        self.trunk(id)?;
        let data = if call.is_on(Switch::VerifyFails) || call.is_on(Switch::VerifyFails422) {
            json!({ "is_healthy": false, "response_time_ms": null, "error": FAILURE, "checked_at": now() })
        } else {
            json!({ "is_healthy": true, "response_time_ms": 42, "checked_at": now() })
        };
        Ok(success(200, data))
    }

    pub(super) fn trunk(&self, id: &str) -> Result<&Trunk, Problem> {
        self.trunks.get(id).ok_or_else(no_trunk)
    }
}

fn no_trunk() -> Problem {
    Problem::not_found("SIP trunk")
}

fn not_verified() -> Problem {
    let text = "The trunk must be verified before it can be activated.";
    Problem::coded(422, "TRUNK_NOT_VERIFIED", text).about("is_active")
}
