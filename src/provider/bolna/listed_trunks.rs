//! Trunks as the list of trunks returns them, each with its numbers.
//! In: the JSON of one trunk. Out: its id, and the type that reading and completing the list share.
//! Sends no request.

use serde_json::Value as Json;

use super::TRUNKS;
use super::rows::Number;
use crate::api::{Api, ApiError, Problem, Tree};
use crate::model::Id;
use crate::provider::read;

/// Trunks that are requested at the same time if the list does not return their numbers.
pub(super) const MAX_CONCURRENT_TRUNKS: usize = 8;

/// Trunks with their numbers, as the platform returned them.
pub(super) type ListedTrunks = Vec<(Json, Vec<Number>)>;

/// The id of a trunk; an error if the JSON has none.
pub(super) fn trunk_id(api: &Api, row: &Json) -> Result<Id, ApiError> {
    let id = read::id(Tree::from(row.clone()).root());
    id.map_err(|why| api.unusable(TRUNKS, &[], Problem::Unusable { why: format!("a trunk {why}") }))
}
