//! Whether what a step of a saved plan expects only reads, and only what it needs.
//! In: a step, and what earlier steps make. Out: nothing, or what is wrong with its expectations.
//! A secret is looked for nowhere: what is looked for could be read back from the platform's answers.

use std::collections::HashSet;

use serde_json::{Map, Value as Json};

use super::request::path;
use crate::model::step::Entry;
use crate::model::text::{is_hidden, visible};
use crate::model::{Expect, Lookup, Step};

/// Nobody waits longer for a list, in seconds.
const LONGEST_WAIT: u32 = 60;

/// What a step waits for, looks up and compares. `secret` are the fields that hold secrets.
pub(super) fn sound(step: &Step, secret: &[&str], made: &HashSet<String>) -> Result<(), String> {
    let Expect { id, agrees, shows, lacks, lookup, repeats, partial } = &step.expect;
    let is = |method: &str| step.request.method == method;
    if (shows.is_some() || lacks.is_some()) != is("GET") {
        return Err("it reads and waits for nothing, or waits and does not read".into());
    }
    if shows.is_some() && lacks.is_some() {
        return Err("it waits for what is to come and for what is to go".into());
    }
    if is("GET") && (step.request.body.is_some() || step.irreversible || !id.is_empty() || !agrees.is_empty())
    {
        return Err("it reads, and would do more than that".into());
    }
    if *repeats && (!id.is_empty() || !is("POST")) {
        return Err("it would make something twice, or says of itself what every such request is".into());
    }
    if *partial && !is("PUT") {
        return Err("it may lack a part, and is no whole".into());
    }
    if lookup.is_some() && (id.is_empty() || !is("POST")) {
        return Err("it looks for what it does not make".into());
    }
    if let Some(wrong) =
        agrees.iter().find(|(pointer, wanted)| !pointer.starts_with('/') || !is_plain(wanted))
    {
        return Err(format!("`{}` is no place in an answer, or can't be compared", wrong.0));
    }
    if let Some(lookup) = lookup {
        path(&lookup.path, made).map_err(|wrong| format!("the path of its list {wrong}"))?;
        query(lookup, secret, made)?;
    }
    let entries = [shows.as_ref(), lacks.as_ref(), lookup.as_ref().map(|lookup| &lookup.entry)];
    entries.into_iter().flatten().try_for_each(|looked_for| entry(looked_for, secret, made))
}

fn entry(Entry { fields, within }: &Entry, secret: &[&str], made: &HashSet<String>) -> Result<(), String> {
    if *within > LONGEST_WAIT {
        return Err(format!("it would wait for {within} s, more than {LONGEST_WAIT}"));
    }
    if fields.is_empty() {
        return Err("any entry of the list would do".into());
    }
    plain(fields, secret, made)
}

/// Values as they are, or ids that an earlier step makes; none is that of a secret.
fn plain(fields: &Map<String, Json>, secret: &[&str], made: &HashSet<String>) -> Result<(), String> {
    for (field, wanted) in fields {
        let known = wanted.as_str().is_some_and(|text| made.contains(text));
        if !known && !is_plain(wanted) {
            return Err(format!(
                "`{field}` of its list is no plain value, nor an id that an earlier step makes"
            ));
        }
        if secret.contains(&field.as_str()) {
            return Err(format!("`{field}` of its list is a secret"));
        }
    }
    Ok(())
}

/// What a list is asked for is written in the plan as well, or is an id.
fn query(Lookup { query, page, .. }: &Lookup, secret: &[&str], made: &HashSet<String>) -> Result<(), String> {
    plain(query, secret, made)?;
    let parts = || query.keys().chain(page);
    if let Some(odd) = parts().find(|part| part.is_empty() || part.contains(is_hidden)) {
        return Err(format!("`{}` is no part of a query", visible(odd)));
    }
    match page.as_ref().filter(|page| query.contains_key(*page)) {
        Some(page) => Err(format!("`{page}` counts the pages of its list and is fixed")),
        None => Ok(()),
    }
}

/// Whether a value is one truth value, number or text that is no placeholder.
fn is_plain(value: &Json) -> bool {
    match value {
        Json::String(text) => !text.starts_with("${"),
        Json::Null | Json::Bool(_) | Json::Number(_) => true,
        Json::Array(_) | Json::Object(_) => false,
    }
}
