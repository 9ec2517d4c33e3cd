//! In: the rows of a list and the page that is asked for.
//! Out: Laravel's paginator, as a resource or flat.
//! Never keeps the query in its links: Laravel drops it unless told otherwise.

use std::ops::RangeInclusive;

use serde_json::{Value, json};

use super::super::fault::Switch;
use super::super::platform::{Call, Reply};
use super::laravel::Problem;
use super::validate::Check;

const DEFAULT_SIZE: usize = 15;
const LARGEST_SIZE: i64 = 100;
/// How many links stand on each side of the present page.
const ON_EACH_SIDE: usize = 3;

/// Which page, and how many rows it has.
#[derive(Clone, Copy)]
pub(super) struct Asked {
    page: usize,
    size: usize,
}

impl Asked {
    /// A page that is no whole number from 1 is page 1; a size of 0 is the default.
    pub(super) fn of(call: &Call<'_>, check: &mut Check<'_>) -> Self {
        let size = check.at_most("per_page", LARGEST_SIZE).and_then(|size| usize::try_from(size).ok());
        let page = call.query.get("page").and_then(|page| page.trim().parse().ok());
        Self {
            page: page.filter(|page| *page > 0).unwrap_or(1),
            size: size.filter(|size| *size > 0).unwrap_or(DEFAULT_SIZE),
        }
    }
}

pub(super) fn checked(check: Check<'_>) -> Result<(), Problem> {
    check.finish().map_err(Problem::Invalid)
}

/// Goes through all rows that fit and shows those of the page.
pub(super) fn answer<T>(
    call: &Call<'_>,
    asked: Asked,
    rows: impl Iterator<Item = T>,
    show: impl Fn(T) -> Value,
) -> Reply {
    let Asked { page, size } = asked;
    let (data, total) = call.rows_of((page, size), rows, show);
    let pages = Pages { url: &call.url, page, size, total, shown: data.len() };
    let body = if call.is_on(Switch::FlatPaginator) { pages.flat(data) } else { pages.resource(data) };
    Reply::json(200, body)
}

struct Pages<'a> {
    url: &'a str,
    page: usize,
    size: usize,
    total: usize,
    shown: usize,
}

impl Pages<'_> {
    fn resource(&self, data: Vec<Value>) -> Value {
        json!({
            "data": data,
            "links": {
                "first": self.link(1), "last": self.link(self.last()),
                "prev": self.previous().map(|page| self.link(page)), "next": self.next().map(|page| self.link(page)),
            },
            "meta": {
                "current_page": self.page, "from": self.from(), "last_page": self.last(), "links": self.links(),
                "path": self.url, "per_page": self.size, "to": self.to(), "total": self.total,
            },
        })
    }

    fn flat(&self, data: Vec<Value>) -> Value {
        json!({
            "current_page": self.page, "data": data, "first_page_url": self.link(1), "from": self.from(),
            "last_page": self.last(), "last_page_url": self.link(self.last()), "links": self.links(),
            "next_page_url": self.next().map(|page| self.link(page)), "path": self.url, "per_page": self.size,
            "prev_page_url": self.previous().map(|page| self.link(page)), "to": self.to(), "total": self.total,
        })
    }

    fn link(&self, page: usize) -> String {
        format!("{}?page={page}", self.url)
    }

    fn last(&self) -> usize {
        self.total.div_ceil(self.size).max(1)
    }

    fn previous(&self) -> Option<usize> {
        (self.page > 1).then(|| self.page - 1)
    }

    fn next(&self) -> Option<usize> {
        (self.page < self.last()).then(|| self.page + 1)
    }

    fn from(&self) -> Option<usize> {
        (self.shown > 0).then(|| (self.page - 1) * self.size + 1)
    }

    fn to(&self) -> Option<usize> {
        self.from().map(|from| from + self.shown - 1)
    }

    /// Previous, the numbered pages with dots for those left out, next.
    fn links(&self) -> Vec<Value> {
        let mut links = vec![self.step(self.previous(), "&laquo; Previous")];
        for (at, range) in window(self.page, self.last()).into_iter().enumerate() {
            if at > 0 {
                links.push(json!({ "url": null, "label": "...", "active": false }));
            }
            links.extend(range.map(|page| {
                json!({
                    "url": self.link(page), "label": page.to_string(), "page": page, "active": page == self.page
                })
            }));
        }
        links.push(self.step(self.next(), "Next &raquo;"));
        links
    }

    fn step(&self, page: Option<usize>, label: &str) -> Value {
        json!({ "url": page.map(|page| self.link(page)), "label": label, "page": page, "active": false })
    }
}

/// The runs of pages that have links.
fn window(page: usize, last: usize) -> Vec<RangeInclusive<usize>> {
    let near = ON_EACH_SIDE + 4;
    if last < ON_EACH_SIDE * 2 + 8 {
        return vec![1..=last];
    }
    if page <= near {
        return vec![1..=near + ON_EACH_SIDE, last - 1..=last];
    }
    if page > last - near {
        return vec![1..=2, last - (near + ON_EACH_SIDE - 1)..=last];
    }
    vec![1..=2, page - ON_EACH_SIDE..=page + ON_EACH_SIDE, last - 1..=last]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pages(page: usize, total: usize, shown: usize) -> Pages<'static> {
        Pages { url: "U", page, size: 15, total, shown }
    }

    #[test]
    fn a_middle_page() {
        let body = pages(2, 40, 15).resource(vec![]);
        let links = json!({"first": "U?page=1", "last": "U?page=3", "prev": "U?page=1", "next": "U?page=3"});
        assert_eq!(body["links"], links);
        let meta = &body["meta"];
        assert_eq!((&meta["from"], &meta["to"], &meta["total"]), (&json!(16), &json!(30), &json!(40)));
        let labels: Vec<_> =
            meta["links"].as_array().unwrap().iter().map(|link| link["label"].as_str().unwrap()).collect();
        assert_eq!(labels, ["&laquo; Previous", "1", "2", "3", "Next &raquo;"]);
        assert_eq!(meta["links"][2], json!({"url": "U?page=2", "label": "2", "page": 2, "active": true}));
    }

    #[test]
    fn an_empty_list_and_a_page_past_the_end() {
        let meta = pages(1, 0, 0).resource(vec![])["meta"].clone();
        assert_eq!((&meta["from"], &meta["to"], &meta["last_page"]), (&json!(null), &json!(null), &json!(1)));
        let body = pages(9, 40, 0).resource(vec![]);
        assert_eq!((&body["meta"]["current_page"], &body["meta"]["from"]), (&json!(9), &json!(null)));
        assert_eq!(body["links"]["next"], json!(null));
    }

    #[test]
    fn the_flat_form_has_the_same_keys_at_the_top() {
        let flat = pages(1, 16, 15).flat(vec![]);
        assert_eq!((&flat["next_page_url"], &flat["prev_page_url"]), (&json!("U?page=2"), &json!(null)));
        assert!(flat.get("meta").is_none());
    }

    #[test]
    fn long_lists_leave_pages_out() {
        assert_eq!(window(1, 13), [1..=13]);
        assert_eq!(window(7, 14), [1..=10, 13..=14]);
        assert_eq!(window(8, 14), [1..=2, 5..=14]);
        assert_eq!(window(50, 100), [1..=2, 47..=53, 99..=100]);
    }
}
