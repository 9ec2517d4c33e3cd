//! One list, read to its end.
//! In: the path of a list and what to make of a row. Out: every row once, or an error; a list that shifts while it is read is read again.
//! Never follows a link that an answer holds: they leave out the page size.

use std::collections::HashSet;

use futures_util::{StreamExt, stream};
use serde_json::Value as Json;

use crate::api::{Api, ApiError, Problem};
use crate::model::Id;

use super::read;

/// Rows on a page; no platform that pages allows more.
const PER_PAGE: usize = 100;
/// Pages that are asked for at the same time, once the first said how many there are.
const AT_ONCE: usize = 8;
/// More pages than any account has; who answers so is not the platform.
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
    /// Whether another page follows, where the platform says that instead; none where it says nothing at all.
    more: Option<bool>,
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
            Err(Broken::Shifted(why)) => {
                tracing::info!(path, why = api.hide_token(&why), "the list changed while it was read")
            }
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
    let Page { mut rows, total, last, more } = page(api, path, 1, take).await?;
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
        one_by_one(api, path, &mut rows, more, take).await?;
    }
    proven(rows, total).map_err(Broken::Shifted)
}

/// The pages after the first of a list that does not say how many there are. Where it says nothing at all it ends with a page that is empty or shorter than
/// the first; a second page that is the first once more shows that nobody pages.
async fn one_by_one<T>(
    api: &Api,
    path: &str,
    rows: &mut Vec<(Id, T)>,
    mut more: Option<bool>,
    take: &impl Fn(&Json) -> Result<(Id, T), String>,
) -> Result<(), ApiError> {
    let first = rows.len();
    let mut number = 1;
    while more.unwrap_or(rows.len() >= first * number && first > 0) {
        number += 1;
        bounded(api, path, number)?;
        let page = page(api, path, number, take).await?;
        more = page.more;
        let same = number == 2 && page.rows.iter().map(|(id, _)| id).eq(rows.iter().map(|(id, _)| id));
        if same && more.is_none() {
            return Ok(());
        }
        rows.extend(page.rows);
    }
    Ok(())
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
    let list = read::list(&body).map_err(unusable)?;
    let extent =
        extent(&body, list.len()).map_err(|why| api.unusable(path, &query, Problem::Incomplete { why }))?;
    let rows = list
        .iter()
        .enumerate()
        .map(|(at, row)| take(row).map_err(|why| unusable(format!("row {} of this page {why}", at + 1))));
    Ok(Page { rows: rows.collect::<Result<_, _>>()?, ..extent })
}

/// What an answer says of the list as a whole, in `meta`, beside `data`, or in the `pagination` of older answers; the error says what does not fit.
fn extent<T>(body: &Json, rows: usize) -> Result<Page<T>, String> {
    let (meta, old) = (&body["meta"], &body["pagination"]);
    let total = count("total", [&meta["total"], &body["total"], &old["total_items"]])?;
    let size = count("page size", [&meta["per_page"], &body["per_page"], &old["per_page"]])?;
    let pages = total.map(|total| total.div_ceil(size.unwrap_or(rows).max(1)));
    let last = count("last page", [&meta["last_page"], &body["last_page"], &old["total_pages"]])?;
    if let (Some(pages), Some(last)) = (pages, last)
        && last > pages.max(1)
    {
        return Err(format!("the list says that it has {last} pages, and rows for {pages}"));
    }
    let more = body["links"].get("next").or_else(|| body.get("next_page_url")).map(|next| !next.is_null());
    if rows == 0 && more == Some(true) {
        return Err("a page is empty, and says that another follows".into());
    }
    Ok(Page { rows: Vec::new(), total, last: last.or(pages), more })
}

/// The first of these that is there, as a count.
fn count(what: &str, places: [&Json; 3]) -> Result<Option<usize>, String> {
    let Some(told) = places.into_iter().find(|json| !json.is_null()) else { return Ok(None) };
    whole(told).map(Some).ok_or_else(|| format!("the {what} of the list is no count"))
}

/// A count, also as text.
fn whole(json: &Json) -> Option<usize> {
    match json {
        Json::Number(n) => n.as_u64().and_then(|n| n.try_into().ok()),
        Json::String(text) => text.parse().ok(),
        _ => None,
    }
}
