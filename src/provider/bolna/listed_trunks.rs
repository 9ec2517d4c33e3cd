//! Trunks as the list of trunks returns them, each with its numbers.
//! In: the JSON of one trunk. Out: its id, and the type that reading and completing the list share.
//! Sends no request.

use serde_json::Value as Json;

use super::TRUNKS;
use super::rows::Number;
use crate::api::{Api, ApiError, Problem};
use crate::model::Id;

/// Trunks that are requested at the same time if the list does not return their numbers.
pub(super) const MAX_CONCURRENT_TRUNKS: usize = 8;

/// Trunks with their numbers, as the platform returned them.
pub(super) type ListedTrunks = Vec<(Json, Vec<Number>)>;

/// The id of a trunk; an error if the JSON has none.
pub(super) fn trunk_id(api: &Api, row: &Json) -> Result<Id, ApiError> {
    let lacks = || api.unusable(TRUNKS, &[], Problem::Unusable { why: "a trunk has no `id`".into() });
    Id::from_json(&row["id"]).ok_or_else(lacks)
}
