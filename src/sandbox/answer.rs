//! In: a platform's reply and what shall go wrong with it.
//! Out: the HTTP response that leaves the sandbox.
//! Never decides whether something goes wrong.

use std::io;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::body::{Body, Bytes};
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use futures_util::{StreamExt, stream};

use super::fault::RetryAfter;
use super::platform::{Content, Reply};

/// What follows the head of a list, and is never valid JSON.
const NOT_JSON: &str = "{\"data\": [{\"id\": 1, \"name\": <b>oops</b>";

pub(super) fn plain(reply: Reply) -> Response {
    let (kind, bytes) = bytes(&reply.content);
    build(&reply, kind, Body::from(bytes))
}

/// The head says how long the body is, then the connection ends half way, or after so many bytes.
pub(super) fn truncated(reply: Reply, after: Option<usize>) -> Response {
    let (kind, bytes) = bytes(&reply.content);
    let whole = bytes.len();
    let half = bytes.slice(..after.unwrap_or(whole / 2).min(whole));
    // The pause lets the first half reach the client before the end of the connection does.
    let end = stream::once(async {
        tokio::time::sleep(Duration::from_millis(10)).await;
        Err(io::Error::from(io::ErrorKind::BrokenPipe))
    });
    let body = Body::from_stream(stream::once(async { Ok::<_, io::Error>(half) }).chain(end));
    let mut response = build(&reply, kind, body);
    response.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from(whole));
    response
}

pub(super) fn malformed(reply: Reply) -> Response {
    build(&reply, "application/json", Body::from(NOT_JSON))
}

/// Adds when to come back, as a number of seconds or as a date two seconds from now.
pub(super) fn come_back(mut response: Response, wait: Option<RetryAfter>) -> Response {
    let value = match wait {
        None => return response,
        Some(RetryAfter::Seconds(seconds)) => seconds.to_string(),
        Some(RetryAfter::Date) => httpdate::fmt_http_date(SystemTime::now() + Duration::from_secs(2)),
    };
    if let Ok(value) = HeaderValue::from_str(&value) {
        response.headers_mut().insert(RETRY_AFTER, value);
    }
    response
}

pub(super) fn seconds(wait: Option<RetryAfter>) -> Option<u64> {
    wait.map(|wait| match wait {
        RetryAfter::Seconds(seconds) => seconds,
        RetryAfter::Date => 2,
    })
}

/// The present as a number of seconds.
pub(super) fn unix_seconds() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs())
}

fn bytes(content: &Content) -> (&'static str, Bytes) {
    match content {
        Content::Json(value) => ("application/json", Bytes::from(value.to_string())),
        Content::Html(title) => (
            "text/html; charset=UTF-8",
            Bytes::from(format!(
                "<!DOCTYPE html>\n<html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>\n"
            )),
        ),
        Content::Text(text) => ("text/plain; charset=UTF-8", Bytes::from(text.clone())),
        Content::None => ("", Bytes::new()),
    }
}

fn build(reply: &Reply, kind: &'static str, body: Body) -> Response {
    let mut response = Response::new(body);
    *response.status_mut() = StatusCode::from_u16(reply.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    if !kind.is_empty() {
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    }
    for (name, value) in &reply.headers {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(*name, value);
        }
    }
    response
}
