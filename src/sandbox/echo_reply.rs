//! The error of the fault `echo`.
//! In: a request, and how an error is to repeat it. Out: the error, with the request's authorization header and body in its text.
//! Never keeps what it repeats.

use axum::body::Bytes;
use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use serde_json::Value;

use super::echo::{Echo, Form};
use super::platform::{Content, Reply};

/// Writes the request into the platform's own error.
pub(super) fn repeat(echo: Echo, mut error: Reply, headers: &HeaderMap, body: &Bytes) -> Reply {
    let key = headers.get(AUTHORIZATION).map(|key| String::from_utf8_lossy(key.as_bytes()));
    let request = format!("{} {}", String::from_utf8_lossy(body), key.unwrap_or_default());
    let text = match echo.form {
        Form::Raw => {
            error.content = Content::Text(request);
            return error;
        }
        Form::Json => request,
        Form::Percent => percent_encode(&request),
        Form::Html => request.chars().map(entity).collect(),
    };
    if let Content::Json(value) = &mut error.content {
        replace_messages(value, &text);
    }
    error
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
fn replace_messages(value: &mut Value, message: &str) {
    for (name, part) in value.as_object_mut().into_iter().flatten() {
        match part {
            Value::String(text) if ["message", "detail", "error"].contains(&name.as_str()) => {
                message.clone_into(text);
            }
            _ => replace_messages(part, message),
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
            let reply = repeat(Echo::in_form(form).unwrap(), error(), &headers, &body);
            let expected = json!({"error": {"code": "X", "message": said}, "errors": []});
            assert_eq!(reply.content, Content::Json(expected), "{form}");
        }
        let raw = repeat(Echo::in_form("raw").unwrap(), error(), &headers, &body);
        assert_eq!(raw.content, Content::Text("{\"a\":1} Bearer k-1".into()));
    }
}
