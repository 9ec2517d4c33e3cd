//! Numbers of trunks that the list of trunks does not show.
//! In: the trunks with the numbers that were told of them, and all phone numbers of the account. Out: the trunks with all of their numbers.
//! Never asks for more where the lists fit together, and never fails over a number that is on no trunk.

use std::collections::HashSet;

use futures_util::{StreamExt, TryStreamExt, stream};

use super::listed_trunks::{ListedTrunks, MAX_CONCURRENT_TRUNKS, trunk_id};
use super::rows::{Number, Phone};
use super::{numbers_of, pages};
use crate::api::{Api, ApiError};
use crate::model::{Id, Kinds};

/// The trunks with all of their numbers. A trunk that goes takes its numbers along without a word, so one may never pass for empty while the account shows
/// numbers that must be on some trunk: then each trunk is asked for its own.
pub(super) async fn looked_for(
    kinds: &Kinds,
    api: &Api,
    told: ListedTrunks,
    phones: &[Phone],
) -> Result<ListedTrunks, ApiError> {
    let unseen = on_no_trunk(&told, phones).len();
    if unseen == 0 {
        return Ok(told);
    }
    tracing::info!(unseen, "the list of trunks lacks numbers of trunks; each trunk is asked for its own");
    let whole = told.into_iter().map(|(row, listed)| async move {
        let path = numbers_of(&trunk_id(api, &row)?.to_segment());
        let below = pages::all(api, &path, |row| Number::of(kinds, row)).await?;
        Ok((row, united(listed, below)))
    });
    let told: ListedTrunks = stream::iter(whole).buffered(MAX_CONCURRENT_TRUNKS).try_collect().await?;
    // One that was made or removed a moment ago, that was left from a trunk that is gone, or that is connected elsewhere.
    let left = on_no_trunk(&told, phones);
    if let Some(first) = left.first() {
        let first = api.hide_token(first.digits.as_deref().unwrap_or_default());
        tracing::info!(numbers = left.len(), first, "numbers of the account that no trunk has");
    }
    Ok(told)
}

/// The numbers of the account that should be on a trunk and that no trunk shows, neither by id nor, where the two lists have ids of their own, by digits.
fn on_no_trunk<'a>(told: &ListedTrunks, phones: &'a [Phone]) -> Vec<&'a Phone> {
    let listed: HashSet<&Id> = phones.iter().filter_map(|phone| phone.id.as_ref()).collect();
    let (mut known, mut digits) = (HashSet::new(), HashSet::new());
    for number in told.iter().flat_map(|(_, numbers)| numbers) {
        if !number.deleted && number.id.as_ref().is_none_or(|id| !listed.contains(id)) {
            digits.extend(number.digits.as_deref());
        }
        known.extend(&number.id);
    }
    let shown = |phone: &Phone| {
        phone.id.as_ref().is_some_and(|id| known.contains(id))
            || phone.digits.as_deref().is_some_and(|text| digits.contains(text))
    };
    phones.iter().filter(|phone| phone.of_a_trunk && !shown(phone)).collect()
}

/// The numbers of a trunk that either answer shows. One that was removed in between is `deleted` as the later one says.
fn united(mut listed: Vec<Number>, below: Vec<Number>) -> Vec<Number> {
    let known: HashSet<Id> = listed.iter().filter_map(|number| number.id.clone()).collect();
    let gone: HashSet<&Id> =
        below.iter().filter(|row| row.deleted).filter_map(|row| row.id.as_ref()).collect();
    for number in &mut listed {
        number.deleted |= number.id.as_ref().is_some_and(|id| gone.contains(id));
    }
    listed.extend(below.into_iter().filter(|row| row.id.as_ref().is_none_or(|id| !known.contains(id))));
    listed
}
