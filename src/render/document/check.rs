//! Whether a plan that was read from a file is one that this program could have written.
//! In: a plan, and what the kinds of its platforms allow. Out: nothing, or what is wrong with the first bad step.
//! A saved plan passes through other hands: no request may leave the account's base URL, carry a secret in the clear, or carry one to where none belongs.

use std::collections::HashSet;

use serde_json::Value as Json;

use crate::model::text::is_hidden;
use crate::model::{Kinds, Plan, Request, Step};

/// What the kinds of a platform allow; none where there is no such platform.
pub type KindsOf<'a> = &'a dyn Fn(&str) -> Option<&'static Kinds>;

const METHODS: [&str; 4] = ["POST", "PUT", "PATCH", "DELETE"];

/// Checks accounts and steps.
pub(super) fn steps(plan: &Plan, kinds_of: KindsOf<'_>) -> Result<(), String> {
    let mut last = 0;
    let mut made = HashSet::new();
    if plan.summary.steps != plan.steps.len() {
        return Err(format!(
            "its summary counts {} steps, there are {}",
            plan.summary.steps,
            plan.steps.len()
        ));
    }
    for step in &plan.steps {
        let at = |what: String| format!("step {}: {what}", step.id);
        if step.id <= last {
            return Err(at(format!("its id does not follow {last}")));
        }
        if let Some(later) = step.waits_on.iter().find(|&&id| id >= step.id || id == 0) {
            return Err(at(format!("it waits on {later}, which is not before it")));
        }
        last = step.id;
        request(&step.request).map_err(at)?;
        let kinds = kinds(plan, step, kinds_of).map_err(at)?;
        body(step, secret_fields(step, kinds), &made).map_err(at)?;
        if !step.expect.is_nothing() {
            made.insert(Request::placeholder(&step.address));
        }
    }
    Ok(())
}

fn kinds(plan: &Plan, step: &Step, kinds_of: KindsOf<'_>) -> Result<&'static Kinds, String> {
    let account = plan.accounts.iter().find(|account| account.account == step.address.account);
    let account =
        account.ok_or_else(|| format!("`{}` is of an account that the plan has not read", step.address))?;
    kinds_of(&account.provider).ok_or_else(|| format!("`{}` is not a platform", account.provider))
}

fn secret_fields(step: &Step, kinds: &'static Kinds) -> Vec<&'static str> {
    let attributes = kinds.get(step.address.kind).into_iter().flat_map(|kind| &kind.attributes);
    attributes.filter(|attribute| attribute.secret).map(|attribute| attribute.field).collect()
}

fn request(request: &Request) -> Result<(), String> {
    let Request { method, path, body: _ } = request;
    if !METHODS.contains(&method.as_str()) {
        return Err(format!("`{method}` is not one of {}", METHODS.join(", ")));
    }
    let wrong = if !path.starts_with('/') {
        "does not begin with `/`"
    } else if path.contains("//") {
        "has `//` in it"
    } else if path
        .split('/')
        .any(|segment| matches!(segment.replace("%2e", ".").replace("%2E", ".").as_str(), "." | ".."))
    {
        "climbs out of the base URL"
    } else if outside_placeholders(path).contains(['?', '#', '\\', ' ']) {
        "has a character that no path has"
    } else if outside_placeholders(path).contains(is_hidden) {
        "has characters in it that nobody can see"
    } else {
        return Ok(());
    };
    Err(format!("its path {wrong}"))
}

/// The path without `${…}`: an id takes their place, percent-encoded.
fn outside_placeholders(path: &str) -> String {
    let mut plain = String::new();
    let mut rest = path;
    while let Some((before, inside)) = rest.split_once("${") {
        plain.push_str(before);
        rest = inside.split_once('}').map_or("", |(_, after)| after);
    }
    plain + rest
}

/// Secrets stand where the kind has a secret, and nothing else does; ids are of what an earlier step makes.
fn body(step: &Step, secret: Vec<&str>, made: &HashSet<String>) -> Result<(), String> {
    let Some(body) = &step.request.body else { return Ok(()) };
    let mut pending = vec![("", body)];
    while let Some((field, value)) = pending.pop() {
        match value {
            Json::Array(items) => pending.extend(items.iter().map(|item| (field, item))),
            Json::Object(parts) => pending.extend(parts.iter().map(|(field, part)| (field.as_str(), part))),
            Json::String(text) if text.starts_with("${env:") || text.starts_with("${file:") => {
                if !secret.contains(&field) {
                    return Err(format!("`{field}` would carry a secret, and it is no secret"));
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
