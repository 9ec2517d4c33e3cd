//! In: a request, and how an error is to repeat it.
//! Out: the error, with the request's authorization header and body in its text.
//! Never keeps what it repeats.

use std::str::FromStr;

use axum::body::Bytes;
use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use serde_json::Value;

use super::platform::{Content, Reply};

/// An error that repeats the request.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Echo {
    pub(super) status: u16,
    pub(super) form: Form,
    /// How many bytes of the answer reach the client; all unless set.
    pub(super) cut: Option<usize>,
}

/// How an error writes what it repeats.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// As a text in the platform's own error.
    Json,
    /// The same, percent-encoded but for letters and digits.
    Percent,
    /// The same, each character but letters and digits as an HTML entity.
    Html,
    /// As it is, and nothing around it.
    Raw,
}

const FORMS: &[(&str, Form)] =
    &[("json", Form::Json), ("percent", Form::Percent), ("html", Form::Html), ("raw", Form::Raw)];

impl FromStr for Form {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let form = FORMS.iter().find(|(known, _)| *known == name).map(|(_, form)| *form);
        form.ok_or_else(|| {
            let known: Vec<_> = FORMS.iter().map(|(known, _)| *known).collect();
            format!("`echo={name}`: {}", known.join(", "))
        })
    }
}

impl Echo {
    /// An error 422 that arrives whole.
    pub(super) fn in_form(form: &str) -> Result<Self, String> {
        Ok(Self { status: 422, form: form.parse()?, cut: None })
    }

    /// Writes the request into the platform's own error.
    pub(super) fn repeat(self, mut error: Reply, headers: &HeaderMap, body: &Bytes) -> Reply {
        let key = headers.get(AUTHORIZATION).map(|key| String::from_utf8_lossy(key.as_bytes()));
        let said = format!("{} {}", String::from_utf8_lossy(body), key.unwrap_or_default());
        let said = match self.form {
            Form::Raw => {
                error.content = Content::Text(said);
                return error;
            }
            Form::Json => said,
            Form::Percent => percent_encode(&said),
            Form::Html => said.chars().map(entity).collect(),
        };
        if let Content::Json(value) = &mut error.content {
            replace_messages(value, &said);
        }
        error
    }
}

/// Letters and digits as they are.
fn percent_encode(text: &str) -> String {
    text.bytes()
        .map(
            |byte| {
                if byte.is_ascii_alphanumeric() { char::from(byte).into() } else { format!("%{byte:02X}") }
            },
        )
        .collect()
}

/// Letters and digits as they are.
fn entity(c: char) -> String {
    if c.is_ascii_alphanumeric() { c.into() } else { format!("&#{};", u32::from(c)) }
}

/// Replaces every text for people in an error.
fn replace_messages(value: &mut Value, said: &str) {
    for (name, part) in value.as_object_mut().into_iter().flatten() {
        match part {
            Value::String(text) if ["message", "detail", "error"].contains(&name.as_str()) => {
                said.clone_into(text);
            }
            _ => replace_messages(part, said),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn an_error_repeats_key_and_body_in_each_form() {
        let mut headers = HeaderMap::new();
        headers.insert(AUTHORIZATION, "Bearer k-1".parse().unwrap());
        let body = Bytes::from_static(b"{\"a\":1}");
        let error = || Reply::json(422, json!({"error": {"code": "X", "message": "No."}, "errors": []}));
        for (form, said) in [
            ("json", "{\"a\":1} Bearer k-1"),
            ("percent", "%7B%22a%22%3A1%7D%20Bearer%20k%2D1"),
            ("html", "&#123;&#34;a&#34;&#58;1&#125;&#32;Bearer&#32;k&#45;1"),
        ] {
            let reply = Echo::in_form(form).unwrap().repeat(error(), &headers, &body);
            let expected = json!({"error": {"code": "X", "message": said}, "errors": []});
            assert_eq!(reply.content, Content::Json(expected), "{form}");
        }
        let raw = Echo::in_form("raw").unwrap().repeat(error(), &headers, &body);
        assert_eq!(raw.content, Content::Text("{\"a\":1} Bearer k-1".into()));
    }
}
