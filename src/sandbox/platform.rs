//! In: one request to one platform, already cut from its mount.
//! Out: the nouns that every platform of the sandbox speaks: [`Call`], [`Reply`] and [`Platform`].
//! Never knows what a trunk or a number is.

use std::collections::BTreeMap;

use axum::body::Bytes;
use axum::http::HeaderMap;
use serde_json::{Map, Value};

use super::fault::Switch;
use super::schedule::Quirks;

/// An account, or where in its state something is wrong.
pub(super) type Opened = Result<Box<dyn Platform>, String>;

/// One account at one platform.
pub(super) trait Platform: Send {
    fn answer(&mut self, call: &Call<'_>) -> Reply;
    /// The same shape that `open` takes.
    fn save(&self) -> Value;
}

/// One request.
pub(super) struct Call<'a> {
    pub(super) method: &'a str,
    /// Below the mount: `/trunks/1`.
    pub(super) path: &'a str,
    /// The whole address without the query, as the client wrote it.
    pub(super) url: String,
    /// `http://127.0.0.1:PORT`
    pub(super) base: &'a str,
    pub(super) query: BTreeMap<String, String>,
    pub(super) headers: &'a HeaderMap,
    pub(super) body: &'a Bytes,
    pub(super) quirks: &'a Quirks,
}

impl Call<'_> {
    /// The query as fields, trimmed and with empty texts as null.
    pub(super) fn fields(&self) -> Map<String, Value> {
        let clean = |text: &str| if text.trim().is_empty() { Value::Null } else { text.trim().into() };
        self.query.iter().map(|(key, value)| (key.clone(), clean(value))).collect()
    }

    /// The value of a header; empty when it is missing.
    pub(super) fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    pub(super) fn is_on(&self, switch: Switch) -> bool {
        self.quirks.switches.contains(&switch)
    }

    /// Goes through all rows and shows those of a page, counted from 1; and how many rows there are.
    pub(super) fn rows_of<T>(
        &self,
        (page, size): (usize, usize),
        rows: impl Iterator<Item = T>,
        show: impl Fn(T) -> Value,
    ) -> (Vec<Value>, usize) {
        let first = (page - 1).saturating_mul(size);
        let mut total = 0;
        let mut data = Vec::new();
        for row in rows {
            if total >= first && data.len() < size {
                data.push(show(row));
            }
            total += 1;
        }
        if self.quirks.short_page {
            data.pop();
        }
        (data, total)
    }
}

/// One answer, before any fault has touched it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Reply {
    pub(super) status: u16,
    pub(super) headers: Vec<(&'static str, String)>,
    pub(super) content: Content,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Content {
    Json(Value),
    /// The title of a page for people.
    Html(String),
    /// Plain text.
    Text(String),
    None,
}

impl Reply {
    pub(super) fn json(status: u16, body: Value) -> Self {
        Self { status, headers: Vec::new(), content: Content::Json(body) }
    }

    pub(super) fn page(status: u16, title: &str) -> Self {
        Self { status, headers: Vec::new(), content: Content::Html(title.to_owned()) }
    }

    pub(super) fn redirect(location: String) -> Self {
        Self::page(302, "Redirecting").with("location", location)
    }

    pub(super) fn nothing() -> Self {
        Self { status: 204, headers: Vec::new(), content: Content::None }
    }

    pub(super) fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.headers.push((name, value.to_string()));
        self
    }
}
