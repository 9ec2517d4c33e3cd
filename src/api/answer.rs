//! What came back for one try.
//! In: a response whose headers are there, or the error of a transport. Out: an answer with JSON, or a failure with what the platform asked for.
//! Never holds more of a body than its budget.

use std::time::Duration;

use reqwest::Response;
use reqwest::header::{CONTENT_TYPE, LOCATION};
use serde::de::DeserializeOwned;
use url::Url;

use super::error::{self, ApiError, RequestLine};
use super::problem::Problem;
use super::room::{self, Room};
use super::{Answer, Bounds, rate, said};

/// Values of one answer: in memory each takes many times the two bytes that it may take in the body. A row has some twenty.
const MOST_VALUES: usize = 2 << 20;

/// One try that failed, with the wait that the platform asked for.
pub(super) struct Failure {
    pub(super) error: ApiError,
    pub(super) retry_after: Option<Duration>,
}

impl Failure {
    /// A try to which no answer came.
    pub(super) fn of_transport(line: RequestLine, error: &reqwest::Error, limit: Duration) -> Self {
        let why = error::root(error);
        let problem = if error.is_connect() {
            Problem::Connect { why }
        } else if error.is_timeout() {
            Problem::Timeout { seconds: limit.as_secs_f32() }
        } else if error.is_builder() {
            Problem::Setup { why }
        } else {
            Problem::Lost { why }
        };
        Self { error: ApiError::new(line, problem), retry_after: None }
    }

    /// The same with a secret taken out of what was said.
    pub(super) fn without(self, secret: &str) -> Self {
        Self { error: self.error.without(secret), ..self }
    }
}

/// Reads an answer to its end and decides whether it can be used.
pub(super) async fn read<B: DeserializeOwned + Default>(
    line: RequestLine,
    mut response: Response,
    (bounds, room): (&Bounds, &Room),
    url: &Url,
) -> Result<Answer<B>, Failure> {
    let status = response.status().as_u16();
    let fail = |line, problem, body: &[u8], whole| Failure {
        error: ApiError::new(line, problem).with_body(body, whole),
        retry_after: None,
    };
    if status >= 300 {
        let problem = refusal(status, &response, url);
        let mut body = Vec::new();
        // The status has said it; a body that breaks off or goes on only adds less.
        let whole = fill(&mut body, &mut response, said::READ).await.unwrap_or(false);
        let retry_after = rate::asked(status, response.headers(), &body);
        return Err(Failure { retry_after, ..fail(line, problem, &body, whole) });
    }
    let mut body = Vec::new();
    match fill(&mut body, &mut response, bounds.body).await {
        Ok(true) => {}
        Ok(false) => return Err(fail(line, Problem::TooLarge { status, limit: bounds.body }, b"", true)),
        Err(e) if e.is_timeout() => return Err(Failure::of_transport(line, &e, bounds.answer)),
        Err(_) => return Err(fail(line, Problem::Cut { status }, b"", true)),
    }
    if values(&body) > MOST_VALUES {
        return Err(fail(line, Problem::TooMany { status, limit: MOST_VALUES }, b"", true));
    }
    let reads = line.is_get();
    if reads && !room.take(body.len()) {
        return Err(fail(line, Problem::TooMuch { status, limit: room::LARGEST }, b"", true));
    }
    match serde_json::from_slice(&body) {
        Ok(body) => Ok(Answer { status, body, after_uncertain: false }),
        // A write may well be answered by its status alone.
        Err(_) if body.is_empty() && !reads => {
            Ok(Answer { status, body: B::default(), after_uncertain: false })
        }
        Err(e) if e.is_eof() && !body.is_empty() => Err(fail(line, Problem::Cut { status }, b"", true)),
        Err(_) => {
            let content_type = content_type(&response, &body);
            Err(fail(line, Problem::NotJson { status, content_type }, &body, true))
        }
    }
}

/// How many values a JSON text holds at most: each but the first follows one of these bytes.
fn values(body: &[u8]) -> usize {
    body.iter().filter(|byte| matches!(byte, b',' | b'[' | b'{')).count()
}

/// Reads until the end (true) or until the budget is spent (false).
async fn fill(body: &mut Vec<u8>, response: &mut Response, budget: usize) -> reqwest::Result<bool> {
    while let Some(chunk) = response.chunk().await? {
        let room = budget - body.len();
        body.extend_from_slice(&chunk[..chunk.len().min(room)]);
        if chunk.len() > room {
            return Ok(false);
        }
    }
    Ok(true)
}

fn refusal(status: u16, response: &Response, url: &Url) -> Problem {
    match status {
        300..=399 => {
            let to = response.headers().get(LOCATION).map(|to| String::from_utf8_lossy(to.as_bytes()));
            let to = to.and_then(|to| url.join(&to).ok()).map(|to| error::bare(&to, false));
            Problem::Redirect { status, to }
        }
        401 | 403 => Problem::Unauthorized { status },
        _ => Problem::Refused { status },
    }
}

/// What the body is, in words.
fn content_type(response: &Response, body: &[u8]) -> String {
    let header = response.headers().get(CONTENT_TYPE).map(|h| String::from_utf8_lossy(h.as_bytes()));
    let header = header.as_deref().unwrap_or("no content type");
    let start = String::from_utf8_lossy(&body[..body.len().min(64)]).trim_start().to_ascii_lowercase();
    match (header.contains("html") || start.starts_with("<!doctype") || start.starts_with("<html"), body) {
        (true, _) => format!("an HTML page ({header})"),
        (false, []) => "an empty body".into(),
        (false, _) => format!("{header} content"),
    }
}
