//! In: what a seed or a request says about one number.
//! Out: the number, as the lists of a trunk and of the account show it.
//! Never changes after it was made, but for its agent and its end.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::super::fault::Switch;
use super::super::platform::Call;
use super::fields::Fields;
use super::table::Row;
use super::{long_ago, now};

/// What earlier documentation shows on trunks and numbers.
pub(super) const USER: &str = "5d0f1b7e-3c2a-4b8e-9a41-0c6d2e7f1b01";

/// A number of a trunk, or one that the account rents or has connected (then without a trunk).
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Number {
    #[serde(default)]
    id: String,
    pub(super) phone_number: String,
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    pub(super) agent_id: Option<String>,
    #[serde(default)]
    pub(super) byot_trunk_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    telephony_provider: Option<String>,
    #[serde(default, skip_serializing_if = "is_false")]
    rented: bool,
    #[serde(default)]
    pub(super) deleted: bool,
    /// For how many requests it can't be seen yet.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub(super) hidden_for: u64,
    /// How many requests to delete it fail.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub(super) stuck_for: u64,
    #[serde(default = "long_ago")]
    created_at: String,
    #[serde(default = "long_ago")]
    updated_at: String,
}

fn is_false(flag: &bool) -> bool {
    !flag
}

fn is_zero(count: &u64) -> bool {
    *count == 0
}

impl Row for Number {
    const LIST: &'static str = "phone_numbers";

    fn id(&self) -> &str {
        &self.id
    }

    fn set_id(&mut self, id: String) {
        self.id = id;
    }
}

/// What a request says about a number that does not exist yet.
pub(super) struct Wanted {
    pub(super) phone_number: String,
    name: Option<String>,
    e164_check_enabled: bool,
}

impl Wanted {
    pub(super) fn read(fields: &mut Fields<'_>) -> Self {
        let mut wanted = Self { phone_number: String::new(), name: None, e164_check_enabled: false };
        fields.required("phone_number");
        fields.text("phone_number", &mut wanted.phone_number);
        wanted.name = fields.given("name").map(str::to_owned);
        fields.flag("e164_check_enabled", &mut wanted.e164_check_enabled);
        wanted
    }

    pub(super) fn is_refused(&self) -> bool {
        self.e164_check_enabled && !self.phone_number.starts_with('+')
    }
}

impl Number {
    /// How long a new number can neither be seen nor deleted depends on the request that makes it.
    pub(super) fn new(wanted: Wanted, trunk: &str, call: &Call<'_>) -> Self {
        let made = now();
        let mut number = Self {
            id: String::new(),
            phone_number: wanted.phone_number,
            name: wanted.name,
            agent_id: None,
            byot_trunk_id: Some(trunk.to_owned()),
            telephony_provider: None,
            rented: false,
            deleted: false,
            hidden_for: 0,
            stuck_for: 0,
            created_at: made.clone(),
            updated_at: made,
        };
        for switch in &call.quirks.switches {
            match switch {
                Switch::NumberLag(count) => number.hidden_for = *count,
                Switch::NumberStuck(count) => number.stuck_for = *count,
                _ => {}
            }
        }
        number
    }

    /// A call finds the number with and without its plus sign, so that this is what may not be there twice.
    pub(super) fn key(&self) -> &str {
        key(&self.phone_number)
    }

    pub(super) fn touch(&mut self) {
        self.updated_at = now();
    }

    pub(super) fn delete(&mut self) {
        self.deleted = true;
        self.agent_id = None;
        self.hidden_for = 0;
        self.touch();
    }

    pub(super) fn is_shown(&self, call: &Call<'_>) -> bool {
        self.hidden_for == 0 && (!self.deleted || call.is_on(Switch::ShowDeleted))
    }

    fn provider(&self) -> &str {
        match &self.telephony_provider {
            Some(name) => name,
            None if self.byot_trunk_id.is_some() => "sip-trunk",
            None => "plivo",
        }
    }

    /// As a number of its trunk.
    pub(super) fn show(&self, call: &Call<'_>) -> Value {
        let mut shown = json!({
            "id": self.id, "phone_number": self.phone_number, "name": self.name,
            "byot_trunk_id": self.byot_trunk_id, "telephony_provider": self.provider(),
            "deleted": self.deleted, "created_at": self.created_at, "updated_at": self.updated_at,
        });
        if call.is_on(Switch::OlderTrunks) {
            shown["user_id"] = json!(USER);
            shown["agent_id"] = json!(self.agent_id);
        }
        shown
    }

    /// As a number of the account.
    pub(super) fn show_in_account(&self) -> Value {
        let mut shown = json!({
            "id": self.id, "phone_number": self.phone_number, "agent_id": self.agent_id,
            "telephony_provider": self.provider(), "rented": self.rented,
            "price": if self.rented { "$5.0" } else { "$0.0" }, "renewal_at": null,
            "created_at": self.created_at, "updated_at": self.updated_at,
        });
        if self.deleted {
            shown["deleted"] = json!(true);
        }
        shown
    }
}

pub(super) fn key(text: &str) -> &str {
    text.strip_prefix('+').unwrap_or(text)
}
