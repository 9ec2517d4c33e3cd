//! One list, whole.
//! In: the path of a list. Out: every row once, or an error.
//! Bolna's lists come as one array without pages; where an answer says otherwise it is read page by page, since part of a list must never pass for all of it.

use std::collections::HashSet;

use serde_json::Value as Json;

use crate::api::{Api, ApiError, Problem};
use crate::model::Id;

/// Rows on a page, where there are pages; <https://www.bolna.ai/docs/api-reference/pagination> allows no more.
const PER_PAGE: usize = 50;
/// More pages than any account has; who answers so is not Bolna.
const MOST_PAGES: usize = 20_000;
/// Times that a list is read again because it shifted.
const AGAIN: usize = 3;

/// The rows of one answer.
struct Page {
    rows: Vec<Json>,
    /// How many rows the list has, where the answer says so.
    total: Option<usize>,
    /// Whether another page follows, where the answer says that.
    more: Option<bool>,
}

impl Page {
    /// Whether rows are missing once so many are there.
    fn is_followed(&self, read: usize) -> bool {
        self.more.unwrap_or_else(|| self.total.is_some_and(|total| total > read))
    }
}

/// All rows of a list.
pub(super) async fn all(api: &Api, path: &str) -> Result<Vec<Json>, ApiError> {
    let mut readings = 0;
    loop {
        let why = match reading(api, path).await? {
            Ok(rows) => return Ok(rows),
            Err(why) => why,
        };
        if readings == AGAIN {
            let why = format!("the list kept changing while it was read: {why}");
            return Err(api.unusable(path, &[], Problem::Incomplete { why }));
        }
        readings += 1;
        tracing::info!(path, why = api.hide_token(&why), "the list changed while it was read");
    }
}

/// One reading: the rows, or in words what does not fit together.
async fn reading(api: &Api, path: &str) -> Result<Result<Vec<Json>, String>, ApiError> {
    let first = page(api, path, &[]).await?;
    if !first.is_followed(first.rows.len()) {
        return Ok(proven(first.rows, first.total));
    }
    let mut rows = Vec::new();
    for number in 1..=MOST_PAGES {
        let query = [("page_number", number.to_string()), ("page_size", PER_PAGE.to_string())];
        let mut page = page(api, path, &query).await?;
        let empty = page.rows.is_empty();
        rows.append(&mut page.rows);
        if !page.is_followed(rows.len()) {
            return Ok(proven(rows, page.total));
        }
        if empty {
            return Ok(Err("a page is empty, and says that another follows".into()));
        }
    }
    let why = format!("the list has more than {MOST_PAGES} pages");
    Err(api.unusable(path, &[], Problem::Unusable { why }))
}

/// The rows, if none is there twice and there are as many as there should be.
fn proven(rows: Vec<Json>, total: Option<usize>) -> Result<Vec<Json>, String> {
    let mut seen = HashSet::with_capacity(rows.len());
    let ids = rows.iter().filter_map(|row| Id::from_json(&row["id"]));
    for id in ids {
        if let Some(twice) = seen.replace(id) {
            return Err(format!("id {twice} came twice"));
        }
    }
    match total {
        Some(total) if total != rows.len() => Err(format!("{} of {total} rows came", rows.len())),
        _ => Ok(rows),
    }
}

async fn page(api: &Api, path: &str, query: &[(&str, String)]) -> Result<Page, ApiError> {
    let mut body = api.get(path, query).await?.body;
    let unusable = |why: &str| api.unusable(path, query, Problem::Unusable { why: why.into() });
    let total = match &body["total"] {
        Json::Null => None,
        told => Some(told.as_u64().ok_or_else(|| unusable("the total of the list is no count"))?),
    };
    let total = total.and_then(|total| total.try_into().ok());
    let more = body["has_more"].as_bool();
    let list = match body.is_array() {
        true => body.take(),
        false => body.get_mut("data").map(Json::take).unwrap_or_default(),
    };
    match list {
        Json::Array(rows) => Ok(Page { rows, total, more }),
        _ => Err(unusable("the answer holds no list")),
    }
}
