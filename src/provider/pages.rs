//! One list, read to its end.
//! In: the path of a list and what to make of a row. Out: every row once, or an error; a list that shifts while it is read is read again.
//! Never follows a link that an answer holds: they leave out the page size.

use std::collections::HashSet;

use futures_util::{StreamExt, stream};

use crate::api::{self, Api, ApiError, Extent, Node, Problem};
use crate::model::Id;

/// Rows on a page; no platform that pages allows more.
const PER_PAGE: usize = 100;
/// Pages that are asked for at the same time, once the first said how many there are.
const AT_ONCE: usize = 8;
/// More pages than any account has: two million rows. Who says so is not the platform.
const MOST_PAGES: usize = 20_000;
/// The same of a list that does not say how many pages it has: it is not read for ever.
const MOST_UNTOLD: usize = 2000;
/// Times that a list is read again because it shifted.
const AGAIN: usize = 3;

/// One page.
struct Page<T> {
    number: usize,
    rows: Vec<(Id, T)>,
    extent: Extent,
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
    take: impl Fn(Node<'_>) -> Result<(Id, T), String>,
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
    take: &impl Fn(Node<'_>) -> Result<(Id, T), String>,
) -> Result<Vec<(Id, T)>, Broken> {
    let first = page(api, path, 1, take).await?;
    let last = first.extent.last;
    let mut whole = Whole::of(first).map_err(Broken::Shifted)?;
    whole.tell(api, path);
    if let Some(last) = last {
        bounded(api, path, last, MOST_PAGES)?;
        let mut rest =
            stream::iter(2..=last).map(|number| page(api, path, number, take)).buffer_unordered(AT_ONCE);
        while let Some(page) = rest.next().await {
            whole.add(page?).map_err(Broken::Shifted)?;
            whole.tell(api, path);
        }
    } else {
        one_by_one(api, path, &mut whole, take).await?;
    }
    whole.extent.is_all(whole.rows.len()).map_err(Broken::Shifted)?;
    Ok(whole.rows)
}

/// The pages after the first of a list that does not say how many there are. Where it says nothing at all it ends with a page that is empty or shorter than
/// the first; a second page that is the first once more shows that nobody pages.
async fn one_by_one<T>(
    api: &Api,
    path: &str,
    whole: &mut Whole<T>,
    take: &impl Fn(Node<'_>) -> Result<(Id, T), String>,
) -> Result<(), Broken> {
    let mut number = 1;
    while whole.extent.more.unwrap_or(whole.rows.len() >= whole.first * number && whole.first > 0) {
        number += 1;
        bounded(api, path, number, MOST_UNTOLD)?;
        let page = page(api, path, number, take).await?;
        let same = number == 2 && page.rows.iter().map(|(id, _)| id).eq(whole.rows.iter().map(|(id, _)| id));
        if same && page.extent.more.is_none() {
            return Ok(());
        }
        whole.extent.more = page.extent.more;
        whole.add(page).map_err(Broken::Shifted)?;
        whole.tell(api, path);
    }
    Ok(())
}

/// The pages that came so far, none of which contradicts another: what repeats itself or grows is noticed at once, and not when its end never comes.
struct Whole<T> {
    rows: Vec<(Id, T)>,
    seen: HashSet<Id>,
    /// What the first page said; of [`Extent::more`], what the last one said that was read.
    extent: Extent,
    /// How many rows the first page has.
    first: usize,
}

impl<T> Whole<T> {
    fn of(Page { number: _, rows, extent }: Page<T>) -> Result<Self, String> {
        let mut whole = Self { first: rows.len(), rows: Vec::new(), seen: HashSet::new(), extent };
        whole.take(rows)?;
        Ok(whole)
    }

    /// Tells how far the reading is.
    fn tell(&self, api: &Api, path: &str) {
        api.has_read(path, self.rows.len(), self.extent.total);
    }

    fn add(&mut self, Page { number, rows, extent }: Page<T>) -> Result<(), String> {
        let Extent { total, last, more } = extent;
        if total != self.extent.total {
            return Err(format!("it had {} rows, then {}", known(self.extent.total), known(total)));
        }
        if last != self.extent.last {
            return Err(format!("it had {} pages, then {}", known(self.extent.last), known(last)));
        }
        let is_last = self.extent.last.map(|last| number >= last);
        // Where nobody says how many rows there are, only the last page may have fewer.
        if total.is_none() && rows.len() < self.first && (is_last == Some(false) || more == Some(true)) {
            return Err(format!("page {number} has {} rows, page 1 has {}", rows.len(), self.first));
        }
        if is_last == Some(true) {
            self.extent.more = more;
        }
        self.take(rows)
    }

    fn take(&mut self, rows: Vec<(Id, T)>) -> Result<(), String> {
        self.seen.reserve(rows.len());
        if let Some((twice, _)) = rows.iter().find(|(id, _)| !self.seen.insert(id.clone())) {
            return Err(format!("id {twice} came twice"));
        }
        self.rows.extend(rows);
        Ok(())
    }
}

fn known(count: Option<usize>) -> String {
    count.map_or_else(|| "an unknown number of".into(), |count| count.to_string())
}

fn bounded(api: &Api, path: &str, pages: usize, most: usize) -> Result<(), ApiError> {
    if pages <= most {
        return Ok(());
    }
    let why = format!("the list has more than {most} pages");
    Err(api.unusable(path, &[], Problem::Unusable { why }))
}

async fn page<T>(
    api: &Api,
    path: &str,
    number: usize,
    take: &impl Fn(Node<'_>) -> Result<(Id, T), String>,
) -> Result<Page<T>, ApiError> {
    let query = [("per_page", PER_PAGE.to_string()), ("page", number.to_string())];
    let body = api.read(path, &query).await?;
    let unusable = |why: String| api.unusable(path, &query, Problem::Unusable { why });
    let list = api::rows(body.root()).map_err(unusable)?;
    let extent = Extent::of(body.root(), list.len())
        .map_err(|why| api.unusable(path, &query, Problem::Incomplete { why }))?;
    let rows = list
        .into_iter()
        .enumerate()
        .map(|(at, row)| take(row).map_err(|why| unusable(format!("row {} of this page {why}", at + 1))));
    Ok(Page { number, rows: rows.collect::<Result<_, _>>()?, extent })
}
