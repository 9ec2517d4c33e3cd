//! Reads a list until it shows an entry, or shows none.
//! In: a path, what the entry's fields are, how long the platform may take. Out: the entries that are the one, as the list showed them last.
//! Reads only; knows nothing of what the entry is for, and never takes part of a list for all of it.

use std::time::Duration;

use serde_json::{Map, Value as Json};
use tokio::time::{Instant, sleep_until, timeout};

use super::fill::{self, Made};
use crate::api::{self, Answer, Api, ApiError, Bounds, Extent, Node, Problem, Tree};
use crate::model::step::Entry;
use crate::model::{Id, Lookup};

/// The longest wait between two reads.
const LONGEST: Duration = Duration::from_secs(1);
/// What reading may take beside the time that the platform has to show the entry: a pause that it asks for, and an answer that is lost and asked for again.
const READING: Duration = Duration::from_secs(120);
/// More pages than what may be the entry has.
const MOST_PAGES: usize = 500;

/// What to look for.
#[derive(Debug)]
pub(super) struct Look {
    path: String,
    query: Vec<(String, String)>,
    /// The part of the query that counts the pages.
    page: Option<String>,
    fields: Map<String, Json>,
    /// What is not meant, whatever its fields are.
    known: Vec<Id>,
    within: Duration,
    /// What reading may take beside that.
    reading: Duration,
}

/// What a list showed.
#[derive(Debug)]
pub(super) struct Shown {
    /// The status of the answer.
    pub(super) status: u16,
    /// The entries with all fields.
    pub(super) entries: Vec<Json>,
}

/// One page of it.
struct Page {
    status: u16,
    list: Vec<Json>,
    extent: Extent,
}

impl Look {
    /// A look at the list of this path, placeholders filled; no secret is ever looked for.
    pub(super) fn new(path: &str, entry: &Entry, made: &Made) -> Result<Self, String> {
        let Entry { fields, within } = entry;
        let fields = fill::fields(fields, made)?;
        let within = Duration::from_secs((*within).into());
        let (query, page, known) = Default::default();
        Ok(Self { path: fill::path(path, made)?, query, page, fields, known, within, reading: READING })
    }

    /// A look for what a step may have made.
    pub(super) fn up(
        Lookup { path, query, page, entry, known, unique: _ }: &Lookup,
        made: &Made,
    ) -> Result<Self, String> {
        let text = |value: Json| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let query = fill::fields(query, made)?.into_iter().map(|(key, value)| (key, text(value))).collect();
        let (page, known) = (page.clone(), known.clone());
        Ok(Self { query, page, known, ..Self::new(path, entry, made)? })
    }

    /// The same, but not for longer than this.
    pub(super) fn at_most(self, within: Duration) -> Self {
        Self { within: self.within.min(within), ..self }
    }

    /// How long the platform has to show it.
    pub(super) fn within(&self) -> Duration {
        self.within
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

    /// Reads again and again; the last time when the platform's time is up. All of it ends, however slow the answers are.
    async fn until(&self, api: &Api, is_so: impl Fn(&[Json]) -> bool) -> Result<Shown, ApiError> {
        let limit = self.within + self.reading;
        timeout(limit, self.again_and_again(api, is_so)).await.unwrap_or_else(|_| {
            let problem = Problem::Timeout { seconds: limit.as_secs_f32() };
            Err(api.unusable(&self.path, &[], problem))
        })
    }

    async fn again_and_again(&self, api: &Api, is_so: impl Fn(&[Json]) -> bool) -> Result<Shown, ApiError> {
        let end = Instant::now() + self.within;
        let mut wait = Bounds::default().backoff;
        loop {
            let shown = self.read(api).await?;
            let now = Instant::now();
            if is_so(&shown.entries) || now >= end {
                return Ok(shown);
            }
            tracing::info!(path = self.path, "waiting until the list shows what it should");
            sleep_until((now + wait).min(end)).await;
            wait = (wait * 2).min(LONGEST);
        }
    }

    /// The list once, to its end. One that says nothing of its end is over with a page that is empty, shorter than the first, or the first once more.
    async fn read(&self, api: &Api) -> Result<Shown, ApiError> {
        let mut shown = Shown { status: 0, entries: Vec::new() };
        let (mut first, mut rows) = (Vec::new(), 0);
        for number in 1..=MOST_PAGES {
            let Page { status, list, extent } = self.page(api, number).await?;
            shown.status = status;
            if number > 1 && list == first {
                // As many as there are, and nobody pages; or some, again and again.
                self.is_all(api, &extent, first.len())?;
                return Ok(shown);
            }
            rows += list.len();
            shown.entries.extend(list.iter().filter(|row| self.is_meant(row)).cloned());
            let full = !list.is_empty() && list.len() >= first.len();
            let follows = extent.last.map(|last| last > number).or(extent.more).unwrap_or(full);
            if self.page.is_none() || !follows {
                self.is_all(api, &extent, rows)?;
                return Ok(shown);
            }
            if number == 1 {
                first = list;
            }
        }
        let why = format!("the list has more than {MOST_PAGES} pages");
        Err(api.unusable(&self.path, &self.asked(1), Problem::Unusable { why }))
    }

    async fn page(&self, api: &Api, number: usize) -> Result<Page, ApiError> {
        let query = self.asked(number);
        let Answer { status, body, .. } = api.get(&self.path, &query).await?;
        let body = Tree::from(body);
        let list: Vec<_> = api::rows(body.root())
            .map_err(|why| api.unusable(&self.path, &query, Problem::Unusable { why }))?
            .into_iter()
            .map(Node::to_json)
            .collect();
        let extent = Extent::of(body.root(), list.len())
            .map_err(|why| api.unusable(&self.path, &query, Problem::Incomplete { why }))?;
        Ok(Page { status, list, extent })
    }

    fn is_all(&self, api: &Api, extent: &Extent, rows: usize) -> Result<(), ApiError> {
        let broken = |why| api.unusable(&self.path, &self.asked(1), Problem::Incomplete { why });
        extent.is_all(rows).map_err(broken)
    }

    fn asked(&self, number: usize) -> Vec<(&str, String)> {
        let query = self.query.iter().map(|(key, value)| (key.as_str(), value.clone()));
        query.chain(self.page.as_deref().map(|page| (page, number.to_string()))).collect()
    }

    fn is_meant(&self, row: &Json) -> bool {
        let known = || Id::from_json(&row["id"]).is_some_and(|id| self.known.contains(&id));
        self.fields.iter().all(|(field, wanted)| same(&row[field], wanted)) && !known()
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
    use crate::apply::tests::sending::serve;

    #[tokio::test]
    async fn a_list_that_never_comes_is_waited_for_no_longer_than_this() {
        let never = || std::future::pending::<axum::http::StatusCode>();
        let api = serve(axum::Router::new().fallback(never)).await;
        let entry = Entry { fields: Map::new(), within: 0 };
        let look = Look::new("/list", &entry, &Made::new()).unwrap();
        let look = Look { reading: Duration::from_millis(50), ..look };
        let shown = timeout(Duration::from_secs(20), look.until_shown(&api)).await;
        let error = shown.expect("it gives up").unwrap_err();
        assert!(matches!(error.problem(), Problem::Timeout { .. }), "{error}");
    }

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
