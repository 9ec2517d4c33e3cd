//! Reads a list until it shows an entry, or shows none.
//! In: a path, what the entry's fields are, how long the platform may take. Out: the entries that are the one, as the list showed them last.
//! Reads only; knows nothing of what the entry is for.

use std::time::Duration;

use serde_json::{Map, Value as Json};
use tokio::time::{Instant, sleep_until};

use super::fill::{self, Made};
use crate::api::{Answer, Api, ApiError, Bounds, Problem};
use crate::model::step::Entry;

/// The longest wait between two reads.
const LONGEST: Duration = Duration::from_secs(1);

/// What to look for.
#[derive(Debug)]
pub(super) struct Look {
    path: String,
    fields: Map<String, Json>,
    within: Duration,
}

/// What a list showed.
#[derive(Debug)]
pub(super) struct Shown {
    /// The status of the answer.
    pub(super) status: u16,
    /// The entries with all fields.
    pub(super) entries: Vec<Json>,
}

impl Look {
    /// A look at the list of this path, placeholders filled; no secret is ever looked for.
    pub(super) fn new(path: &str, entry: &Entry, made: &Made) -> Result<Self, String> {
        let Entry { fields, within } = entry;
        let fields = fill::fields(fields, made)?;
        Ok(Self { path: fill::path(path, made)?, fields, within: Duration::from_secs((*within).into()) })
    }

    /// The same, but not for longer than this.
    pub(super) fn at_most(self, within: Duration) -> Self {
        Self { within: self.within.min(within), ..self }
    }

    /// Reads until the list shows it; nothing where it does not in time.
    pub(super) async fn until_shown(&self, api: &Api) -> Result<Option<Shown>, ApiError> {
        let shown = self.until(api, |entries| !entries.is_empty()).await?;
        Ok(Some(shown).filter(|shown| !shown.entries.is_empty()))
    }

    /// Reads until the list shows none; those that it shows still where it does so to the end.
    pub(super) async fn until_gone(&self, api: &Api) -> Result<Shown, ApiError> {
        self.until(api, <[Json]>::is_empty).await
    }

    async fn until(&self, api: &Api, is_so: impl Fn(&[Json]) -> bool) -> Result<Shown, ApiError> {
        let end = Instant::now() + self.within;
        let mut wait = Bounds::default().backoff;
        loop {
            let answer = api.get(&self.path, &[]).await?;
            let entries = self.matching(api, &answer)?;
            let now = Instant::now();
            if is_so(&entries) || now >= end {
                return Ok(Shown { status: answer.status, entries });
            }
            tracing::info!(path = self.path, "waiting until the list shows what it should");
            sleep_until((now + wait).min(end)).await;
            wait = (wait * 2).min(LONGEST);
        }
    }

    fn matching(&self, api: &Api, answer: &Answer) -> Result<Vec<Json>, ApiError> {
        let list = answer.body.as_array().or_else(|| answer.body["data"].as_array());
        let list = list.ok_or_else(|| {
            let why = "the answer is no list, nor has it one under `data`".into();
            api.unusable(&self.path, &[], Problem::Unusable { why })
        })?;
        let is_it = |row: &&Json| self.fields.iter().all(|(field, wanted)| same(&row[field], wanted));
        Ok(list.iter().filter(is_it).cloned().collect())
    }
}

/// Ids are whole numbers or texts, as the platform likes; what is not said is not so.
fn same(is: &Json, wanted: &Json) -> bool {
    match (is, wanted) {
        (Json::Number(number), Json::String(text)) | (Json::String(text), Json::Number(number)) => {
            number.to_string() == *text
        }
        (Json::Null, Json::Bool(wanted)) => !wanted,
        _ => is == wanted,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_id_is_the_same_as_a_number_and_as_a_text() {
        for (is, wanted) in [
            (json!(7), json!("7")),
            (json!("7"), json!(7)),
            (json!(null), json!(false)),
            (json!("a"), json!("a")),
        ] {
            assert!(same(&is, &wanted), "{is} {wanted}");
        }
        for (is, wanted) in [
            (json!(7), json!("07")),
            (json!("a"), json!("A")),
            (json!(null), json!(true)),
            (json!(true), json!(false)),
            (json!(null), json!("a")),
        ] {
            assert!(!same(&is, &wanted), "{is} {wanted}");
        }
    }
}
