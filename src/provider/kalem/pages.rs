//! One list, read to its end.
//! In: the path of a list and what to make of a row. Out: every row once, or an error; a list that shifts while it is read is read again.
//! Never follows a link that an answer holds: they leave out the page size.

use std::collections::HashSet;

use futures_util::{StreamExt, stream};
use serde_json::Value as Json;

use crate::api::{Api, ApiError, Problem};
use crate::model::Id;

/// Rows on a page; <https://kalem.me/docs/api/numbers> allows no more.
const PER_PAGE: usize = 100;
/// Pages that are asked for at the same time, once the first said how many there are.
const AT_ONCE: usize = 8;
/// More pages than any account has; who answers so is not Kalem.
const MOST_PAGES: usize = 20_000;
/// Times that a list is read again because it shifted.
const AGAIN: usize = 3;

/// One page.
struct Page<T> {
    rows: Vec<(Id, T)>,
    /// How many rows the list has, where the platform says so.
    total: Option<usize>,
    /// The number of its last page, where the platform says so or it follows from the total.
    last: Option<usize>,
    /// Whether another page may follow, where the platform does not say how many there are.
    more: bool,
}

/// Why one reading can't be used.
enum Broken {
    /// An error that another reading would meet too.
    Api(ApiError),
    /// The list changed meanwhile.
    Shifted(String),
}

impl From<ApiError> for Broken {
    fn from(error: ApiError) -> Self {
        Self::Api(error)
    }
}

/// All rows of a list, by id. `take` gives a row's id with what is to be kept of it, or says what the row lacks.
pub(super) async fn all<T>(
    api: &Api,
    path: &str,
    take: impl Fn(&Json) -> Result<(Id, T), String>,
) -> Result<Vec<(Id, T)>, ApiError> {
    let mut readings = 0;
    loop {
        match reading(api, path, &take).await {
            Ok(mut rows) => {
                rows.sort_by(|(a, _), (b, _)| a.cmp(b));
                return Ok(rows);
            }
            Err(Broken::Api(error)) => return Err(error),
            Err(Broken::Shifted(why)) if readings == AGAIN => {
                let why = format!("the list kept changing while it was read: {why}");
                return Err(api.unusable(path, &[], Problem::Incomplete { why }));
            }
            Err(Broken::Shifted(why)) => tracing::info!(path, why, "the list changed while it was read"),
        }
        readings += 1;
    }
}

/// The list from the first page to the last, proven complete.
async fn reading<T>(
    api: &Api,
    path: &str,
    take: &impl Fn(&Json) -> Result<(Id, T), String>,
) -> Result<Vec<(Id, T)>, Broken> {
    let Page { mut rows, total, last, mut more } = page(api, path, 1, take).await?;
    if let Some(last) = last {
        bounded(api, path, last)?;
        let mut rest =
            stream::iter(2..=last).map(|number| page(api, path, number, take)).buffer_unordered(AT_ONCE);
        while let Some(page) = rest.next().await {
            let page = page?;
            if page.total != total {
                return Err(Broken::Shifted(format!(
                    "it had {} rows, then {}",
                    known(total),
                    known(page.total)
                )));
            }
            rows.extend(page.rows);
        }
    } else {
        let mut number = 1;
        while more {
            number += 1;
            bounded(api, path, number)?;
            let page = page(api, path, number, take).await?;
            more = page.more;
            rows.extend(page.rows);
        }
    }
    proven(rows, total).map_err(Broken::Shifted)
}

/// The rows, if none is there twice and there are as many as there should be.
fn proven<T>(rows: Vec<(Id, T)>, total: Option<usize>) -> Result<Vec<(Id, T)>, String> {
    let mut seen = HashSet::with_capacity(rows.len());
    if let Some((twice, _)) = rows.iter().find(|(id, _)| !seen.insert(id)) {
        return Err(format!("id {twice} came twice"));
    }
    match total {
        Some(total) if total != rows.len() => Err(format!("{} of {total} rows came", rows.len())),
        _ => Ok(rows),
    }
}

fn known(total: Option<usize>) -> String {
    total.map_or_else(|| "an unknown number of".into(), |total| total.to_string())
}

fn bounded(api: &Api, path: &str, pages: usize) -> Result<(), ApiError> {
    if pages <= MOST_PAGES {
        return Ok(());
    }
    let why = format!("the list has more than {MOST_PAGES} pages");
    Err(api.unusable(path, &[], Problem::Unusable { why }))
}

async fn page<T>(
    api: &Api,
    path: &str,
    number: usize,
    take: &impl Fn(&Json) -> Result<(Id, T), String>,
) -> Result<Page<T>, ApiError> {
    let query = [("per_page", PER_PAGE.to_string()), ("page", number.to_string())];
    let body = api.get(path, &query).await?.body;
    let unusable = |why: String| api.unusable(path, &query, Problem::Unusable { why });
    let list = body.as_array().or_else(|| body["data"].as_array());
    let list = list.ok_or_else(|| unusable("the answer holds no list".into()))?;
    let rows = list
        .iter()
        .enumerate()
        .map(|(at, row)| take(row).map_err(|why| unusable(format!("row {} of this page {why}", at + 1))));
    Ok(Page { rows: rows.collect::<Result<_, _>>()?, ..extent(&body, list.len()) })
}

/// What an answer says of the list as a whole, in `meta`, beside `data`, or in the `pagination` of older answers.
fn extent<T>(body: &Json, rows: usize) -> Page<T> {
    let count = |keys: [&Json; 3]| keys.into_iter().find_map(whole);
    let (meta, old) = (&body["meta"], &body["pagination"]);
    let total = count([&meta["total"], &body["total"], &old["total_items"]]);
    let size = count([&meta["per_page"], &body["per_page"], &old["per_page"]]).unwrap_or(rows);
    let last = count([&meta["last_page"], &body["last_page"], &old["total_pages"]])
        .or_else(|| total.map(|total| total.div_ceil(size.max(1))));
    let next = body["links"].get("next").or_else(|| body.get("next_page_url"));
    // Without a word about it a full page may be followed by another; a longer one shows that nobody counts.
    let more = next.map_or(rows == PER_PAGE, |next| !next.is_null());
    Page { rows: Vec::new(), total, last, more }
}

/// A count, also as text.
fn whole(json: &Json) -> Option<usize> {
    match json {
        Json::Number(n) => n.as_u64().and_then(|n| n.try_into().ok()),
        Json::String(text) => text.parse().ok(),
        _ => None,
    }
}
