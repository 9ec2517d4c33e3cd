//! What an answer that should be a list, or one thing, holds, and what it says of the rest of the list.
//! In: the JSON of an answer. Out: the rows of this page; how many there are in all and whether another page follows, in whatever usual form it says so.
//! Knows no platform; never takes an answer that refuses for one without rows.

use super::said;
use super::tree::{List, Node};

/// What an answer says of the list of which it shows a page.
#[derive(Debug, Default, PartialEq)]
pub struct Extent {
    /// How many rows the list has, where the answer says so.
    pub total: Option<usize>,
    /// The number of its last page, where the answer says so or it follows from the total.
    pub last: Option<usize>,
    /// Whether another page follows, where the answer says that; none where it says nothing at all.
    pub more: Option<bool>,
}

impl Extent {
    /// Reads it from `meta`, from beside `data`, or from the `pagination` of older answers. `rows` are those of this page.
    ///
    /// # Errors
    /// In words, what does not fit.
    pub fn of(body: Node<'_>, rows: usize) -> Result<Self, String> {
        let (meta, old) = (body.at("meta"), body.at("pagination"));
        let total = count("total", [meta.at("total"), body.at("total"), old.at("total_items")])?;
        let sizes = [meta.at("per_page"), body.at("per_page"), body.at("page_size"), old.at("per_page")];
        let size = count("page size", sizes)?;
        let pages = total.map(|total| total.div_ceil(size.unwrap_or(rows).max(1)));
        let last = count("last page", [meta.at("last_page"), body.at("last_page"), old.at("total_pages")])?;
        if let (Some(pages), Some(last)) = (pages, last)
            && last > pages.max(1)
        {
            return Err(format!("the list says that it has {last} pages, and rows for {pages}"));
        }
        let next = body.at("links").get("next").or_else(|| body.get("next_page_url"));
        let more = next.map(|next| !next.is_null()).or_else(|| body.at("has_more").as_bool());
        if rows == 0 && more == Some(true) {
            return Err("a page is empty, and says that another follows".into());
        }
        Ok(Self { total, last: last.or(pages), more })
    }

    /// What speaks against so many rows, read to the end of the list, being all of it.
    ///
    /// # Errors
    /// In words.
    pub fn is_all(&self, rows: usize) -> Result<(), String> {
        match self.total {
            Some(total) if total != rows => Err(format!("{rows} of {total} rows came")),
            _ if self.more == Some(true) => Err("its last page says that another follows".into()),
            _ => Ok(()),
        }
    }
}

/// The first of these that is there, as a count.
fn count<const N: usize>(what: &str, places: [Node<'_>; N]) -> Result<Option<usize>, String> {
    let Some(told) = places.into_iter().find(|json| !json.is_null()) else { return Ok(None) };
    whole(told).map(Some).ok_or_else(|| format!("the {what} of the list is no count"))
}

/// A count, also as text.
fn whole(json: Node<'_>) -> Option<usize> {
    match json {
        Node::Text(text) => text.parse().ok(),
        number => number.as_u64()?.try_into().ok(),
    }
}

/// The rows of a list, bare or under `data`.
///
/// # Errors
/// That there are none, in the platform's words where it has some.
pub fn rows(body: Node<'_>) -> Result<List<'_>, String> {
    let list = body.as_list().or_else(|| body.at("data").as_list()).filter(|_| !refuses(body));
    list.ok_or_else(|| without("the answer holds no list", body))
}

/// One thing, bare or under `data`.
///
/// # Errors
/// As [`rows`].
pub fn object(body: Node<'_>) -> Result<Node<'_>, String> {
    let one = [body.at("data"), body].into_iter().find(|json| json.is_map());
    one.filter(|_| !refuses(body)).ok_or_else(|| without("the answer holds nothing", body))
}

/// Whether an answer with a good status says that there is none.
fn refuses(body: Node<'_>) -> bool {
    body.at("success").as_bool() == Some(false) || body.get("error").is_some_and(|error| !error.is_null())
}

fn without(what: &str, body: Node<'_>) -> String {
    match said::message(&body.to_json()) {
        Some(said) => format!("{what}: {said}"),
        None => what.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::*;
    use crate::api::Tree;

    #[test]
    fn every_usual_form_says_how_far_a_list_goes() {
        let of = |body: Json| Extent::of(Tree::from(body).root(), 2).unwrap();
        let known = |total, last, more| Extent { total: Some(total), last: Some(last), more };
        assert_eq!(of(json!({"meta": {"total": 5, "per_page": "2"}})), known(5, 3, None));
        assert_eq!(of(json!({"total": 5, "per_page": 2, "next_page_url": null})), known(5, 3, Some(false)));
        assert_eq!(of(json!({"total": 5, "page_size": 2, "has_more": true})), known(5, 3, Some(true)));
        assert_eq!(of(json!({"pagination": {"total_items": 5, "total_pages": 3}})), known(5, 3, None));
        assert_eq!(of(json!({"links": {"next": "x"}})), Extent { more: Some(true), ..Extent::default() });
        assert_eq!(of(json!([{}, {}])), Extent::default());
    }

    #[test]
    fn a_refusal_is_no_list_without_rows() {
        for refusal in
            [json!({"data": [], "success": false}), json!({"data": [], "error": "later"}), json!({})]
        {
            assert!(
                rows(Tree::from(refusal.clone()).root()).is_err()
                    && object(Tree::from(json!({"error": 1, "data": {}})).root()).is_err(),
                "{refusal}"
            );
        }
        let none = Tree::from(json!({"data": [], "error": null, "success": true}));
        assert!(rows(none.root()).is_ok_and(List::is_empty));
    }
}
