//! One list, whole.
//! In: the path of a list. Out: every row once, or an error.
//! Bolna's lists come as one array without pages; where an answer says otherwise it is read page by page, since part of a list must never pass for all of it.

use std::collections::HashSet;

use crate::api::{Api, ApiError, Node, Problem};
use crate::model::Id;
use crate::provider::read::UNSAFE_ID;

/// Rows on a page, where there are pages; <https://www.bolna.ai/docs/api-reference/pagination> allows no more.
const PER_PAGE: usize = 50;
/// More pages than any account has: 100,000 rows. Who answers so is not Bolna, and is not asked for ever.
const MOST_PAGES: usize = 2000;
/// Times that a list is read again because it shifted.
const AGAIN: usize = 3;

/// What refers to a thing, in the rows of any list.
const IDS: [&str; 2] = ["id", "agent_id"];

/// A row's id, where it has one, with what is to be kept of it.
type Kept<T> = (Option<Id>, T);

/// The rows of one answer.
struct Page<T> {
    rows: Vec<Kept<T>>,
    /// How many rows the list has, where the answer says so.
    total: Option<usize>,
    /// Whether another page follows, where the answer says that.
    more: Option<bool>,
}

impl<T> Page<T> {
    /// Whether rows are missing once so many are there.
    fn is_followed(&self, read: usize) -> bool {
        self.more.unwrap_or_else(|| self.total.is_some_and(|total| total > read))
    }
}

/// All rows of a list; `take` gives what is to be kept of one.
pub(super) async fn all<T>(api: &Api, path: &str, take: impl Fn(Node<'_>) -> T) -> Result<Vec<T>, ApiError> {
    let mut readings = 0;
    loop {
        let why = match reading(api, path, &take).await? {
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
async fn reading<T>(
    api: &Api,
    path: &str,
    take: &impl Fn(Node<'_>) -> T,
) -> Result<Result<Vec<T>, String>, ApiError> {
    let first = page(api, path, &[], take).await?;
    api.has_read(path, first.rows.len(), first.total);
    if !first.is_followed(first.rows.len()) {
        let mut whole = Whole::default();
        return Ok(whole.add(first.rows).and_then(|()| whole.proven(first.total)));
    }
    let (mut whole, mut full) = (Whole::default(), 0);
    for number in 1..=MOST_PAGES {
        let query = [("page_number", number.to_string()), ("page_size", PER_PAGE.to_string())];
        let page = page(api, path, &query, take).await?;
        if first.total != page.total {
            return Ok(Err("the number of its rows changed".into()));
        }
        let (rows, total) = (page.rows.len(), page.total);
        let follows = page.is_followed(whole.rows.len() + rows);
        if let Err(why) = whole.add(page.rows) {
            return Ok(Err(why));
        }
        api.has_read(path, whole.rows.len(), total);
        if !follows {
            return Ok(whole.proven(total));
        }
        if rows == 0 {
            return Ok(Err("a page is empty, and says that another follows".into()));
        }
        full = full.max(rows);
        // Where nobody says how many rows there are, only the last page may have fewer.
        if rows < full && total.is_none() {
            return Ok(Err(format!("page {number} has {rows} rows, page 1 has {full}")));
        }
    }
    let why = format!("the list has more than {MOST_PAGES} pages");
    Err(api.unusable(path, &[], Problem::Unusable { why }))
}

/// The rows that came so far, none of them twice: what repeats itself is noticed at once, and not when its end never comes.
struct Whole<T> {
    rows: Vec<T>,
    seen: HashSet<Id>,
}

impl<T> Default for Whole<T> {
    fn default() -> Self {
        Self { rows: Vec::new(), seen: HashSet::new() }
    }
}

impl<T> Whole<T> {
    fn add(&mut self, rows: Vec<Kept<T>>) -> Result<(), String> {
        self.rows.reserve(rows.len());
        self.seen.reserve(rows.len());
        for (id, row) in rows {
            if let Some(twice) = id.and_then(|id| self.seen.replace(id)) {
                return Err(format!("id {twice} came twice"));
            }
            self.rows.push(row);
        }
        Ok(())
    }

    /// The rows, if there are as many as there should be.
    fn proven(self, total: Option<usize>) -> Result<Vec<T>, String> {
        match total {
            Some(total) if total != self.rows.len() => {
                Err(format!("{} of {total} rows came", self.rows.len()))
            }
            _ => Ok(self.rows),
        }
    }
}

async fn page<T>(
    api: &Api,
    path: &str,
    query: &[(&str, String)],
    take: &impl Fn(Node<'_>) -> T,
) -> Result<Page<T>, ApiError> {
    let body = api.read(path, query).await?;
    let unusable = |why: &str| api.unusable(path, query, Problem::Unusable { why: why.into() });
    let total = match body.root().at("total") {
        Node::Null => None,
        told => Some(told.as_u64().ok_or_else(|| unusable("the total of the list is no count"))?),
    };
    let total = total.and_then(|total| total.try_into().ok());
    let more = body.root().at("has_more").as_bool();
    let list = body.root().as_list().or_else(|| body.root().at("data").as_list());
    let list = list.ok_or_else(|| unusable("the answer holds no list"))?;
    for (at, row) in list.into_iter().enumerate() {
        if let Some(field) = IDS.iter().find(|field| row.at(field).is_unsafe_id()) {
            return Err(unusable(&format!("row {} has an `{field}` {UNSAFE_ID}", at + 1)));
        }
    }
    let rows = list.into_iter().map(|row| (row.at("id").as_id(), take(row))).collect();
    Ok(Page { rows, total, more })
}
