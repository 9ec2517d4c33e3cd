//! Numbers of trunks that the list of trunks does not show.
//! In: the trunks with the numbers that were told of them, and all phone numbers of the account. Out: the trunks with all of their numbers.
//! Never asks for more where the lists fit together, and never fails over a number that is on no trunk.

use std::collections::HashSet;

use futures_util::{StreamExt, TryStreamExt, stream};
use serde_json::Value as Json;

use super::observe::{AT_ONCE, Told, id_of};
use super::{numbers_of, pages, rows};
use crate::api::{Api, ApiError};
use crate::model::{Id, normalise};

/// The trunks with all of their numbers. A trunk that goes takes its numbers along without a word, so one may never pass for empty while the account shows
/// numbers that must be on some trunk: then each trunk is asked for its own.
pub(super) async fn looked_for(api: &Api, told: Told, phones: &[Json]) -> Result<Told, ApiError> {
    let unseen = on_no_trunk(&told, phones).len();
    if unseen == 0 {
        return Ok(told);
    }
    tracing::info!(unseen, "the list of trunks lacks numbers of trunks; each trunk is asked for its own");
    let whole = told.into_iter().map(|(row, listed)| async move {
        let below = pages::all(api, &numbers_of(&id_of(api, &row)?.to_segment())).await?;
        Ok((row, united(listed, below)))
    });
    let told: Told = stream::iter(whole).buffered(AT_ONCE).try_collect().await?;
    // One that was made or removed a moment ago, that was left from a trunk that is gone, or that is connected elsewhere.
    let left = on_no_trunk(&told, phones);
    if let Some(first) = left.first() {
        let first = api.hide_token(&first["phone_number"].to_string());
        tracing::info!(numbers = left.len(), first, "numbers of the account that no trunk has");
    }
    Ok(told)
}

/// The numbers of the account that should be on a trunk and that no trunk shows, neither by id nor, where the two lists have ids of their own, by digits.
fn on_no_trunk<'a>(told: &Told, phones: &'a [Json]) -> Vec<&'a Json> {
    let listed: HashSet<Id> = phones.iter().filter_map(id).collect();
    let (mut known, mut digits) = (HashSet::new(), HashSet::new());
    for number in told.iter().flat_map(|(_, numbers)| numbers) {
        let id = id(number);
        if !rows::is_deleted(number) && id.as_ref().is_none_or(|id| !listed.contains(id)) {
            digits.extend(self::digits(number));
        }
        known.extend(id);
    }
    let shown = |row: &Json| {
        id(row).is_some_and(|id| known.contains(&id))
            || self::digits(row).is_some_and(|d| digits.contains(&d))
    };
    phones.iter().filter(|row| rows::is_of_a_trunk(row) && !shown(row)).collect()
}

fn id(row: &Json) -> Option<Id> {
    Id::from_json(&row["id"])
}

fn digits(row: &Json) -> Option<String> {
    Some(normalise::number(row["phone_number"].as_str()?).into_owned())
}

/// The numbers of a trunk that either answer shows. One that was removed in between is `deleted` as the later one says.
fn united(mut listed: Vec<Json>, below: Vec<Json>) -> Vec<Json> {
    let known: HashSet<Id> = listed.iter().filter_map(id).collect();
    let gone: HashSet<Id> = below.iter().filter(|row| rows::is_deleted(row)).filter_map(id).collect();
    for row in &mut listed {
        if id(row).is_some_and(|id| gone.contains(&id)) {
            row["deleted"] = true.into();
        }
    }
    listed.extend(below.into_iter().filter(|row| id(row).is_none_or(|id| !known.contains(&id))));
    listed
}
