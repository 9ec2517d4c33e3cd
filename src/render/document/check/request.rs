//! Whether a request of a saved plan stays where it belongs.
//! In: a step, and what earlier steps make. Out: nothing, or what is wrong with its path or body.
//! Secrets stand where the kind has a secret, and nothing else does.

use std::collections::HashSet;
use std::path::{Component, Path};

use serde_json::Value as Json;

use crate::model::text::is_hidden;
use crate::model::{Id, Request, Step};

const METHODS: [&str; 4] = ["POST", "PUT", "PATCH", "DELETE"];
/// What a step can be called; the word is what somebody reads of it.
const VERBS: [&str; 11] = [
    "create",
    "update",
    "rename",
    "delete",
    "assign",
    "unassign",
    "activate",
    "deactivate",
    "verify",
    "check",
    "wait",
];
/// Of a step that waits until a list shows something, or nothing.
const READS: &str = "GET";

/// No path is longer.
const LONGEST: usize = 1000;

/// Verb, method and path.
pub(super) fn sound(step: &Step, made: &HashSet<String>) -> Result<(), String> {
    let Request { method, path: below, body: _ } = &step.request;
    let reads = method == READS && (step.expect.shows.is_some() || step.expect.lacks.is_some());
    if !reads && !METHODS.contains(&method.as_str()) {
        return Err(format!("`{method}` is not one of {}", METHODS.join(", ")));
    }
    if !VERBS.contains(&step.verb.as_str()) {
        return Err(format!("`{}` is nothing that a step does", step.verb));
    }
    if (step.verb == "delete") != (method == "DELETE") {
        return Err(format!("`{}` is not what `{method}` does", step.verb));
    }
    path(below, made).map_err(|wrong| format!("its path {wrong}"))
}

/// A path below the base URL, whose ids are made by earlier steps.
pub(super) fn path(path: &str, made: &HashSet<String>) -> Result<(), &'static str> {
    let plain = literal(path, made)?;
    misleading(path, &plain).map_or(Ok(()), Err)
}

fn misleading(path: &str, plain: &str) -> Option<&'static str> {
    let climbs = |segment: &str| matches!(segment.to_lowercase().replace("%2e", ".").as_str(), "." | "..");
    // Where a placeholder was the whole part, nothing is left of it.
    let is_no_id = |segment: &str| !segment.is_empty() && Id::is_unsafe_segment(segment);
    let first = plain.split('/').nth(1).unwrap_or_default();
    if !path.starts_with('/') {
        Some("does not begin with `/`")
    } else if path.contains("//") {
        Some("has `//` in it")
    } else if path == "/" {
        Some("is only `/`")
    } else if path.chars().count() > LONGEST {
        Some("is longer than 1000 characters")
    } else if path.split('/').any(climbs) {
        Some("climbs out of the base URL")
    } else if plain.contains(['?', '#', '\\', ' ']) {
        Some("has a character that no path has")
    } else if plain.contains(is_hidden) {
        Some("has characters in it that nobody can see")
    } else if first.contains(['%', '@', ';']) {
        Some("begins with a part that no list is called")
    } else if plain.split('/').skip(1).any(is_no_id) {
        Some("has a part that can't be an id")
    } else {
        None
    }
}

/// The path without `${…}`: an id takes their place, percent-encoded. Each must be made by an earlier step.
fn literal(path: &str, made: &HashSet<String>) -> Result<String, &'static str> {
    let mut plain = String::new();
    let mut rest = path;
    while let Some((before, inside)) = rest.split_once("${") {
        let (inside, after) = inside.split_once('}').ok_or("has a placeholder without an end")?;
        if !made.contains(&format!("${{{inside}}}")) {
            return Err("needs an id that no earlier step makes");
        }
        plain.push_str(before);
        rest = after;
    }
    Ok(plain + rest)
}

/// A secret is a field of the body itself; ids are of what an earlier step makes.
pub(super) fn body(step: &Step, secret: &[&str], made: &HashSet<String>) -> Result<(), String> {
    let Some(body) = &step.request.body else { return Ok(()) };
    let mut pending = vec![("", body, 0)];
    while let Some((field, value, depth)) = pending.pop() {
        match value {
            Json::Array(items) => pending.extend(items.iter().map(|item| (field, item, depth + 1))),
            Json::Object(parts) => {
                pending.extend(parts.iter().map(|(field, part)| (field.as_str(), part, depth + 1)));
            }
            Json::String(text) if text.starts_with("${env:") || text.starts_with("${file:") => {
                if depth != 1 || !body.is_object() || !secret.contains(&field) {
                    return Err(format!("`{field}` would carry a secret, and it is no secret"));
                }
                if let Some(path) = text.strip_prefix("${file:").map(|path| path.trim_end_matches('}'))
                    && !is_beside(path, step.source.as_deref())
                {
                    return Err(format!("`{path}` is not in the folder of the file that the secret is for"));
                }
            }
            Json::Null => {}
            _ if secret.contains(&field) => {
                return Err(format!("`{field}` is a secret and stands there in the clear"));
            }
            Json::String(text) if text.starts_with("${") && !made.contains(text) => {
                return Err(format!("`{field}` needs an id that no earlier step makes"));
            }
            Json::String(_) | Json::Bool(_) | Json::Number(_) => {}
        }
    }
    Ok(())
}

/// Whether a secret's file is in the folder of the file that declares what it is for, as it had to be when the plan was made; `source` is `FILE:LINE:COLUMN`.
fn is_beside(path: &str, source: Option<&str>) -> bool {
    let Some(file) = source.and_then(|source| source.rsplitn(3, ':').nth(2)) else { return false };
    let folder = Path::new(file).parent().unwrap_or(Path::new(""));
    let mut depth = 0_usize;
    let mut stays = |component: Component<'_>| {
        match component {
            Component::Normal(_) => depth += 1,
            Component::CurDir => {}
            Component::ParentDir if depth > 0 => depth -= 1,
            Component::ParentDir | Component::RootDir | Component::Prefix(_) => return false,
        }
        true
    };
    Path::new(path).strip_prefix(folder).is_ok_and(|below| below.components().all(&mut stays))
}
