//! In: what went wrong in a controller, or the object that it made.
//! Out: the answer that Laravel gives, which depends on whether the client accepts JSON.
//! Never looks at a platform's own fields.

use serde_json::{Map, Value, json};

use super::super::answer::unix_seconds;
use super::super::fault::Switch;
use super::super::platform::{Call, Content, Reply};
use super::validate::Errors;

/// What the documentation gives as the hourly limit. The sandbox limits nobody, so the rest never runs low.
const HOURLY: u64 = 1000;

/// Why a request is refused.
pub(super) enum Problem {
    Unauthenticated,
    Malformed,
    Invalid(Errors),
    /// The model's class name and what was asked for; nothing where the search was not by id.
    NoModel(&'static str, String),
    NoRoute,
    NoMethod(&'static [&'static str]),
    Conflict(&'static str),
}

impl Problem {
    pub(super) fn reply(self, call: &Call<'_>) -> Reply {
        match self {
            Self::Unauthenticated if !expects_json(call) => Reply::redirect(format!("{}/login", call.base)),
            Self::Invalid(_) if !expects_json(call) => Reply::redirect(previous(call)),
            Self::Unauthenticated => message(401, "Unauthenticated."),
            Self::Invalid(errors) => Reply::json(422, errors.body()),
            Self::Conflict(text) => message(409, text),
            Self::Malformed => thrown(call, 400, "The request body could not be parsed as JSON.".to_owned()),
            Self::NoModel(model, key) => {
                let key = if key.is_empty() { ".".to_owned() } else { format!(" {key}") };
                thrown(call, 404, format!("No query results for model [App\\Models\\{model}]{key}"))
            }
            Self::NoRoute => thrown(call, 404, format!("The route {} could not be found.", route(call))),
            Self::NoMethod(methods) => {
                let methods = methods.join(", ");
                let text = format!(
                    "The {} method is not supported for route {}. Supported methods: {methods}.",
                    call.method,
                    route(call)
                );
                thrown(call, 405, text).with("allow", methods)
            }
        }
    }
}

/// The address as Laravel writes it, without host and leading slash.
fn route(call: &Call<'_>) -> String {
    format!("api/v1{}", call.path.trim_end_matches('/'))
}

/// The page from which the client seems to come.
fn previous(call: &Call<'_>) -> String {
    match call.header("referer") {
        "" => format!("{}/", call.base),
        page => page.to_owned(),
    }
}

/// An exception: JSON for who accepts it, else a page for people.
fn thrown(call: &Call<'_>, status: u16, text: String) -> Reply {
    if expects_json(call) { message(status, &text) } else { Reply::page(status, title(status)) }
}

fn title(status: u16) -> &'static str {
    match status {
        400 => "Bad Request",
        404 => "Not Found",
        405 => "Method Not Allowed",
        _ => "Error",
    }
}

fn expects_json(call: &Call<'_>) -> bool {
    let accept = call.header("accept").to_ascii_lowercase();
    accept.contains("/json") || accept.contains("+json")
}

pub(super) fn message(status: u16, text: &str) -> Reply {
    Reply::json(status, json!({ "message": text }))
}

/// A failure that no controller made: `wait` is when the client may come back.
pub(super) fn failure(status: u16, wait: Option<u64>) -> Reply {
    let text = match status {
        400 => "Bad Request",
        401 => "Unauthenticated.",
        403 => "This action is unauthorized.",
        404 => "Not Found",
        429 => "Too Many Attempts.",
        503 => "Service Unavailable",
        _ => "Server Error",
    };
    let reply = message(status, text);
    if status != 429 {
        return rate_limit(reply);
    }
    reply
        .with("x-ratelimit-limit", HOURLY)
        .with("x-ratelimit-remaining", 0)
        .with("x-ratelimit-reset", unix_seconds() + wait.unwrap_or(1))
}

pub(super) fn rate_limit(reply: Reply) -> Reply {
    reply.with("x-ratelimit-limit", HOURLY).with("x-ratelimit-remaining", HOURLY - 1)
}

pub(super) fn authenticate(call: &Call<'_>) -> Result<(), Problem> {
    match call.header("authorization").split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") && !token.trim().is_empty() => Ok(()),
        _ => Err(Problem::Unauthenticated),
    }
}

/// One object, wrapped in `data` unless wrapping is switched off.
pub(super) fn resource(call: &Call<'_>, status: u16, object: Value) -> Reply {
    let body = if call.is_on(Switch::Bare) { object } else { json!({ "data": object }) };
    Reply::json(status, body)
}

pub(super) fn deleted(call: &Call<'_>, text: &str) -> Reply {
    if call.is_on(Switch::Delete204) { Reply::nothing() } else { message(200, text) }
}

/// The fields of the body, trimmed, with empty texts as null; passwords stay as they are.
pub(super) fn input(call: &Call<'_>) -> Result<Map<String, Value>, Problem> {
    let kind = call.header("content-type").to_ascii_lowercase();
    if call.body.is_empty() || !(kind.contains("/json") || kind.contains("+json")) {
        return Ok(Map::new());
    }
    let body = serde_json::from_slice(call.body).map_err(|_| Problem::Malformed)?;
    let Value::Object(fields) = body else { return Ok(Map::new()) };
    Ok(fields.into_iter().map(|(key, value)| (key.clone(), clean(&key, value))).collect())
}

fn clean(key: &str, value: Value) -> Value {
    let Value::String(text) = value else { return value };
    let text = if key == "password" { text.as_str() } else { text.trim() };
    if text.is_empty() { Value::Null } else { text.into() }
}

/// A HEAD request gets what a GET would get, without the body.
pub(super) fn without_body(reply: Reply) -> Reply {
    Reply { content: Content::None, ..reply }
}
