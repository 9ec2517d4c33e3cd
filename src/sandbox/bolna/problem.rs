//! In: why a request is refused.
//! Out: the answer that says so, in the documented form or in one of those that the service has been seen to use.
//! Never repeats what a client sent.

use serde_json::{Value, json};

use super::super::fault::Switch;
use super::super::platform::{Call, Reply};

const BAD_KEY: &str = "Unrecognized access token";

/// Why a request is refused.
pub(super) enum Problem {
    BadKey,
    /// The body does not have the right shape: FastAPI's list of `{loc, msg, type}`.
    Shape(Vec<Value>),
    Refused(u16, &'static str),
    NoRoute,
    NoMethod(&'static str),
}

impl Problem {
    pub(super) fn reply(self, call: &Call<'_>) -> Reply {
        match self {
            Self::BadKey if call.is_on(Switch::Key401) => refused(call, 401, BAD_KEY),
            Self::BadKey => detail(403, BAD_KEY),
            Self::Shape(problems) => Reply::json(422, json!({ "detail": problems })),
            Self::Refused(status, text) => refused(call, status, text),
            Self::NoRoute => detail(404, "Not Found"),
            Self::NoMethod(allowed) => detail(405, "Method Not Allowed").with("allow", allowed),
        }
    }
}

fn refused(call: &Call<'_>, status: u16, text: &str) -> Reply {
    if call.is_on(Switch::ErrorDetail) {
        return detail(status, text);
    }
    if call.is_on(Switch::ErrorString) {
        return Reply::json(status, json!({ "error": text }));
    }
    documented(status, text)
}

fn documented(status: u16, text: &str) -> Reply {
    Reply::json(status, json!({ "error": status, "message": text }))
}

fn detail(status: u16, text: &str) -> Reply {
    Reply::json(status, json!({ "detail": text }))
}

/// A failure that no endpoint made.
pub(super) fn failure(status: u16) -> Reply {
    let text = match status {
        400 => "Bad request",
        401 => BAD_KEY,
        403 => return detail(403, BAD_KEY),
        404 => "Not found",
        429 => "Rate limit exceeded",
        503 => "Service unavailable",
        _ => "Internal server error",
    };
    documented(status, text)
}

pub(super) fn authenticate(call: &Call<'_>) -> Result<(), Problem> {
    match call.header("authorization").split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") && !token.trim().is_empty() => Ok(()),
        _ => Err(Problem::BadKey),
    }
}
