//! What single rows of Bolna mean, where they say it in several ways.
//! In: JSON as it came. Out: the same in the spelling that `provider::read` takes, or the few fields that are needed.
//! Never guesses what a row does not tell.

use serde_json::Value as Json;

use crate::model::{Id, Kind};
use crate::provider::read::{self, Row, told};

/// Where a trunk holds its numbers.
const NUMBERS: &str = "phone_numbers";
/// What a number of a trunk has for its provider.
const ON_A_TRUNK: &str = "sip-trunk";
/// How audio is encrypted.
const ENCRYPTION: &str = "media_encryption";
/// Where a trunk holds its gateways.
const GATEWAYS: &str = "gateways";
/// What a gateway has where it was made without; <https://www.bolna.ai/docs/api-reference/sip-trunks/create>.
const DEFAULTS: [(&str, i64); 2] = [("port", 5060), ("priority", 1)];

/// Whether a row is only there to say that it was deleted: the numbers of a deleted trunk, for one.
pub(super) fn is_deleted(row: &Json) -> bool {
    row["deleted"] == true
}

/// Whether a phone number of the account is one of a trunk, as far as its row tells: not rented, and of no provider that is connected in another way.
pub(super) fn is_of_a_trunk(number: &Json) -> bool {
    let provider = number["telephony_provider"].as_str().map(str::trim).filter(|name| !name.is_empty());
    number["rented"] != true && !is_deleted(number) && provider.is_none_or(|name| name == ON_A_TRUNK)
}

/// The numbers that a trunk's row holds; none where it tells only how many there are, or nothing.
pub(super) fn take_numbers(trunk: &mut Json) -> Option<Vec<Json>> {
    match trunk.get_mut(NUMBERS)?.take() {
        Json::Array(rows) if rows.iter().all(Json::is_object) => Some(rows),
        _ => None,
    }
}

/// Reads a trunk; the error says what the row lacks.
pub(super) fn trunk(kind: &Kind, mut json: Json) -> Result<(Id, Row), String> {
    // A bare `no` in Bolna's own description is `false` to YAML, so some answers say `false`, or nothing at all where there is no encryption.
    if let Some(encryption @ (Json::Null | Json::Bool(false))) = json.get_mut(ENCRYPTION) {
        *encryption = "no".into();
    }
    for gateway in json.get_mut(GATEWAYS).and_then(Json::as_array_mut).into_iter().flatten() {
        for (part, default) in DEFAULTS {
            let Some(told) = gateway.get_mut(part) else { continue };
            match told.as_str().map(|text| text.trim().parse::<i64>()) {
                Some(Ok(number)) => *told = number.into(),
                None if told.is_null() => *told = default.into(),
                _ => {}
            }
        }
    }
    read::row(kind, &json)
}

/// Reads an agent: its id and its name, where it has one.
pub(super) fn agent(json: &Json) -> Result<(Id, Option<Box<str>>), String> {
    let id = Id::from_json(&json["id"]).ok_or("has no `id`")?;
    Ok((id, told(&json["agent_name"])))
}
