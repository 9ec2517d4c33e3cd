//! What a look for something that may have been made led to, in words.
//! In: what the platform's list showed. Out: the end of the sentence that says what went wrong, and what to do about it.
//! Decides nothing; names things by their ids, since what they have in common is their name.

use std::time::Duration;

use serde_json::Value as Json;

use crate::api::ApiError;
use crate::model::Id;
use crate::model::text::visible;

/// So many are named.
const MOST: usize = 5;
/// Characters of an id; none that is real has more.
const LONGEST: usize = 80;

/// The list shows it, and nobody can say which one it is.
pub(super) const WITHOUT_ID: &str = "it is listed without an id: plan again before you apply again";

/// It is not listed, which does not say that it won't be.
pub(super) fn nothing(within: Duration) -> String {
    format!(
        "it was looked for during {} s and is not listed, but may still come: plan again before you apply again",
        within.as_secs()
    )
}

/// More than one may be it. Whatever must not be seen is taken out by `hide`.
pub(super) fn several(entries: &[Json], hide: impl Fn(String) -> String) -> String {
    let id = |entry: &Json| Id::from_json(&entry["id"]).map(|id| id.to_string());
    let shown = |id: String| visible(&hide(id)).chars().take(LONGEST).collect::<String>();
    let ids: Vec<_> = entries.iter().filter_map(id).take(MOST).map(|id| format!("`{}`", shown(id))).collect();
    let more = if entries.len() > ids.len() { ", …" } else { "" };
    format!(
        "{} that may be it are listed (ids: {}{more}): delete what is not wanted, then plan again",
        entries.len(),
        ids.join(", ")
    )
}

/// Nobody knows what is listed.
pub(super) fn unreadable(error: &ApiError) -> String {
    format!("and whether it is listed is not known: {error}")
}
