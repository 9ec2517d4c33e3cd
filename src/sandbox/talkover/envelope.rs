//! In: what a controller made, or why it refused.
//! Out: the answer, in one of the six forms of error that Talkover's pages show.
//! Never looks at a platform's own fields.

use std::fmt;

use serde_json::{Map, Value, json};

use super::super::fault::Switch;
use super::super::platform::{Call, Reply};
use super::field_errors::FieldErrors;

const INVALID: &str = "The given data was invalid.";

/// Why a request is refused.
pub(super) struct Problem {
    status: u16,
    message: String,
    /// Only where a page gives one.
    code: Option<&'static str>,
    /// What the problem is about, for the form that sorts messages by field.
    field: &'static str,
    errors: Option<FieldErrors>,
    retry_after: Option<u64>,
}

/// How a refusal is told.
#[derive(Clone, Copy)]
pub(super) enum Form {
    /// `{success, message, code?}`
    Coded,
    /// `{success, message, errors}`
    Fielded,
    /// `{success, error: {code, message, details}}`
    Nested,
    /// The same without `success`.
    Unwrapped,
    /// `{error: code, message, status_code}`
    Flat,
    /// `{success, message}`
    Message,
}

const FORMS: &[(Switch, Form)] = &[
    (Switch::ErrorsCoded, Form::Coded),
    (Switch::ErrorsFielded, Form::Fielded),
    (Switch::ErrorsNested, Form::Nested),
    (Switch::ErrorsUnwrapped, Form::Unwrapped),
    (Switch::ErrorsFlat, Form::Flat),
    (Switch::ErrorsMessage, Form::Message),
];

/// The form that a switch asks for, in the place of the one that fits.
pub(super) fn forced(call: &Call<'_>) -> Option<Form> {
    FORMS.iter().find(|(switch, _)| call.is_on(*switch)).map(|(_, form)| *form)
}

impl Problem {
    pub(super) fn new(status: u16, message: impl fmt::Display) -> Self {
        let message = message.to_string();
        Self { status, message, code: None, field: "request", errors: None, retry_after: None }
    }

    pub(super) fn coded(status: u16, code: &'static str, message: &str) -> Self {
        Self { code: Some(code), ..Self::new(status, message) }
    }

    pub(super) fn about(self, field: &'static str) -> Self {
        Self { field, ..self }
    }

    pub(super) fn not_found(what: &str) -> Self {
        Self::new(404, format!("{what} not found")).about("id")
    }

    pub(super) fn invalid(errors: FieldErrors) -> Self {
        Self { errors: Some(errors), ..Self::new(422, INVALID) }
    }

    /// After how many seconds the client may come back.
    pub(super) fn after(self, retry_after: u64) -> Self {
        Self { retry_after: Some(retry_after), ..self }
    }

    /// A failure that no controller made.
    pub(super) fn unnamed(status: u16) -> Self {
        let message = match status {
            400 => "Bad Request",
            401 => "Unauthenticated.",
            403 => "You are not authorized to perform this action.",
            404 => "Not Found",
            422 => INVALID,
            429 => "Too many requests. Please try again later.",
            503 => "Service Unavailable",
            _ => "Server Error",
        };
        Self::new(status, message)
    }

    pub(super) fn reply(self, form: Option<Form>) -> Reply {
        let fitting = || if self.errors.is_some() { Form::Fielded } else { Form::Coded };
        let body = match form.unwrap_or_else(fitting) {
            Form::Coded => match self.code {
                Some(code) => json!({ "success": false, "message": self.text(), "code": code }),
                None => json!({ "success": false, "message": self.text() }),
            },
            Form::Fielded => json!({ "success": false, "message": INVALID, "errors": self.by_field() }),
            Form::Nested => json!({ "success": false, "error": self.nested() }),
            Form::Unwrapped => json!({ "error": self.nested() }),
            Form::Flat => {
                json!({ "error": self.any_code(), "message": self.text(), "status_code": self.status })
            }
            Form::Message => json!({ "success": false, "message": self.text() }),
        };
        Reply::json(self.status, body)
    }

    /// Forms without a place for fields carry what is wrong with the first of them.
    fn text(&self) -> &str {
        self.errors.as_ref().and_then(FieldErrors::first).unwrap_or(&self.message)
    }

    fn by_field(&self) -> Value {
        match &self.errors {
            Some(errors) => errors.show(),
            None => json!({ self.field: [self.message] }),
        }
    }

    fn nested(&self) -> Value {
        let details = match (&self.errors, self.retry_after) {
            (Some(errors), _) => errors.show(),
            (None, Some(seconds)) => json!({ "retry_after": seconds }),
            (None, None) => json!({}),
        };
        json!({ "code": self.any_code(), "message": self.message, "details": details })
    }

    fn any_code(&self) -> &'static str {
        self.code.unwrap_or(match self.status {
            400 => "BAD_REQUEST",
            401 if self.field == "token" => "MISSING_TOKEN",
            401 => "UNAUTHORIZED",
            403 => "FORBIDDEN",
            404 => "NOT_FOUND",
            405 => "METHOD_NOT_ALLOWED",
            409 => "CONFLICT",
            422 => "VALIDATION_ERROR",
            429 => "RATE_LIMIT_EXCEEDED",
            _ => "SERVER_ERROR",
        })
    }
}

pub(super) fn success(status: u16, data: Value) -> Reply {
    Reply::json(status, json!({ "success": true, "data": data }))
}

/// No page gives the status of what was made.
pub(super) fn created(call: &Call<'_>, data: Value) -> Reply {
    success(if call.is_on(Switch::Created200) { 200 } else { 201 }, data)
}

pub(super) fn told(message: &str) -> Reply {
    Reply::json(200, json!({ "success": true, "message": message }))
}

pub(super) fn authenticate(call: &Call<'_>) -> Result<(), Problem> {
    match call.header("authorization").split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") && !token.trim().is_empty() => Ok(()),
        _ => Err(Problem::unnamed(401).about("token")),
    }
}

/// The fields of the body, trimmed, with empty texts as null; passwords stay as they are.
pub(super) fn input(call: &Call<'_>) -> Result<Map<String, Value>, Problem> {
    if call.body.is_empty() || !call.header("content-type").to_ascii_lowercase().contains("/json") {
        return Ok(Map::new());
    }
    let body = serde_json::from_slice(call.body);
    let body = body.map_err(|_| Problem::new(400, "The request body could not be parsed as JSON."))?;
    let Value::Object(fields) = body else { return Ok(Map::new()) };
    Ok(fields.into_iter().map(|(key, value)| (key.clone(), clean(&key, value))).collect())
}

fn clean(key: &str, value: Value) -> Value {
    let Value::String(text) = value else { return value };
    let text = if key == "password" { text.as_str() } else { text.trim() };
    if text.is_empty() { Value::Null } else { text.into() }
}
