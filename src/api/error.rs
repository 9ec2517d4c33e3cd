//! Why a request did not lead to an answer that can be used.
//! In: a method, a URL, what happened, what the platform said. Out: one line that also says what to do about it.
//! Never shows control characters, more than 300 characters of an answer, or a secret that it was told of.

use std::time::Duration;

use url::Url;

use crate::model::Account;
use crate::model::variables::{token_variable, url_variable};

use super::problem::Problem;
use super::redact;
use super::said::{self, Said, excerpt};

/// Why a request did not lead to an answer that can be used.
#[derive(Debug, thiserror::Error)]
#[error("{}", self.line())]
pub struct ApiError {
    request: Box<RequestLine>,
    problem: Problem,
    said: Said,
    uncertain: bool,
    given_up: Option<GivenUp>,
}

/// How often, and for how long, a request was tried before its time was up.
#[derive(Debug)]
struct GivenUp {
    tries: u32,
    after: Duration,
}

/// The request that an error is about.
#[derive(Debug)]
pub(super) struct RequestLine {
    platform: &'static str,
    account: Account,
    method: Box<str>,
    url: Box<str>,
}

impl RequestLine {
    pub(super) fn new((platform, account): (&'static str, &Account), method: &str, url: &Url) -> Self {
        Self { platform, account: account.clone(), method: method.into(), url: bare(url, true).into() }
    }

    /// Whether it only reads.
    pub(super) fn is_get(&self) -> bool {
        &*self.method == "GET"
    }
}

impl ApiError {
    pub(super) fn new(request: RequestLine, problem: Problem) -> Self {
        let uncertain = !request.is_get() && problem.hides_the_outcome();
        Self { request: Box::new(request), problem, said: Said::default(), uncertain, given_up: None }
    }

    /// Adds what the platform said: its message where it has one, else the beginning of the body.
    pub(super) fn with_body(mut self, body: &[u8], whole: bool) -> Self {
        self.said = said::in_body(body, whole);
        self
    }

    /// The HTTP status, where there was an answer.
    pub fn status(&self) -> Option<u16> {
        self.problem.status()
    }

    /// What went wrong, without the words of the platform.
    pub fn problem(&self) -> &Problem {
        &self.problem
    }

    /// Whether the request may have taken effect although there is no usable answer: a write of which this or an earlier try was
    /// answered by a timeout, a reset, a 5xx or something that can't be read.
    pub fn is_uncertain(&self) -> bool {
        self.uncertain
    }

    /// Whether the platform itself says that there is no such thing; a web page with the status 404 only says that something else answered.
    pub fn is_gone(&self) -> bool {
        self.status() == Some(404) && self.said.json
    }

    pub(super) fn set_uncertain(&mut self, uncertain: bool) {
        self.uncertain = uncertain;
    }

    /// The same, and no further try had time to begin.
    pub(super) fn given_up(self, tries: u32, after: Duration) -> Self {
        Self { given_up: Some(GivenUp { tries, after }), ..self }
    }

    /// Takes a secret out of everything that an error shows, should the platform have repeated it, in whatever form.
    #[must_use]
    pub fn without(mut self, secret: &str) -> Self {
        self.said.text = redact::hide(&self.said.text, secret, self.said.cut).into();
        self.request.url = redact::hide(&self.request.url, secret, false).into();
        if let Some(text) = self.problem.text_mut() {
            *text = redact::hide(text, secret, false);
        }
        self
    }

    fn line(&self) -> String {
        let RequestLine { platform, account, method, url } = &*self.request;
        let mut line = format!("{method} {url}: {}", self.problem);
        match (&*self.said.text, self.status().and_then(said::reason)) {
            ("", Some(reason)) => line = format!("{line} {reason}"),
            ("", None) => {}
            (said, _) => line = format!("{line} {}", excerpt(said)),
        }
        if let Some(GivenUp { tries, after }) = &self.given_up {
            let tries = if *tries == 1 { "1 try".to_owned() } else { format!("{tries} tries") };
            line = format!("{line} (given up after {tries} in {:.0} s)", after.as_secs_f32());
        }
        match &self.problem {
            // Besides a token that may not, this is how an account is told that what it pays for does not have it.
            Problem::Unauthorized { status: 403 } => format!(
                "{line} — set {} to a token that may do this; the account's subscription must include it",
                token_variable(platform, account)
            ),
            Problem::Unauthorized { .. } => {
                format!("{line} — set {} to a token that may do this", token_variable(platform, account))
            }
            Problem::NotJson { .. } | Problem::Redirect { .. } | Problem::Connect { .. } => {
                format!("{line} — is {} right?", url_variable(platform, account))
            }
            _ => line,
        }
    }
}

/// A URL without user name and password, and without query if it is not our own.
pub(super) fn bare(url: &Url, with_query: bool) -> String {
    let mut url = url.clone();
    // Both fail only for URLs that can't have a user name, which then have none.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    if !with_query {
        url.set_query(None);
    }
    url.into()
}

/// The innermost cause: reqwest's own message repeats the URL and hides what happened.
pub(super) fn root(error: &dyn std::error::Error) -> String {
    let mut root = error;
    while let Some(source) = root.source() {
        root = source;
    }
    root.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(problem: Problem, body: &str) -> ApiError {
        let url = Url::parse("https://u:pw@kalem.me/api/v1/trunks").unwrap();
        ApiError::new(RequestLine::new(("kalem", &Account::new("kalem")), "GET", &url), problem)
            .with_body(body.as_bytes(), true)
    }

    #[test]
    fn one_line_says_what_to_do() {
        assert_eq!(
            error(Problem::Unauthorized { status: 401 }, r#"{"message":"Unauthenticated."}"#).to_string(),
            "GET https://kalem.me/api/v1/trunks: 401 Unauthenticated. — set TRUNKFORM_TOKEN_KALEM to a token that may do this"
        );
        let forbidden = Problem::Unauthorized { status: 403 };
        assert_eq!(
            error(forbidden, r#"{"detail":"Unrecognized access token"}"#).to_string(),
            "GET https://kalem.me/api/v1/trunks: 403 Unrecognized access token — set TRUNKFORM_TOKEN_KALEM to a token that may do this; the account's subscription must include it"
        );
        let html = Problem::NotJson { status: 200, content_type: "an HTML page (text/html)".into() };
        assert_eq!(
            error(html, "<!DOCTYPE html>\n<p>").to_string(),
            "GET https://kalem.me/api/v1/trunks: 200 with an HTML page (text/html) instead of JSON <!DOCTYPE html> <p> — is TRUNKFORM_URL_KALEM right?"
        );
    }

    #[test]
    fn hostile_text_is_escaped_and_cut() {
        let body = format!("{{\"message\":\"\\u001b[2J\\u202e{}\"}}", "x".repeat(9000));
        let line = error(Problem::Refused { status: 500 }, &body).to_string();
        assert!(line.contains("\\u{1b}[2J\\u{202e}xxx"), "{line}");
        assert!(line.ends_with("x…") && line.chars().count() < 400, "{line}");
        assert!(!line.contains('\u{1b}'));
    }

    #[test]
    fn a_secret_is_in_no_part_of_the_line() {
        let to = Some("https://login.example/a/p%2Fass%20word1/x".into());
        let problems = [
            Problem::Redirect { status: 302, to },
            Problem::NotJson { status: 200, content_type: "p\\/ass word1".into() },
            Problem::Unusable { why: "row p/ass word1 has no name".into() },
        ];
        for problem in problems {
            let clean = error(problem, "p/ass\n  word1").without("p/ass word1\n");
            assert!(!format!("{clean} {clean:?}").contains("word1"), "{clean:?}");
        }
        let filled = format!("{}p/ass word1", " x".repeat(2040));
        for (body, whole) in [(&filled[..], true), (&filled[4000..4087], false)] {
            let mut cut = error(Problem::Refused { status: 500 }, "");
            cut = cut.with_body(body.as_bytes(), whole).without("p/ass word1");
            assert!(!format!("{cut:?}").contains("p/a") && !cut.to_string().contains("p/a"), "{cut:?}");
        }
    }

    #[test]
    fn an_answer_of_blanks_is_its_status() {
        let line = error(Problem::Refused { status: 409 }, " \r\n ").to_string();
        assert!(line.ends_with(": 409 Conflict"), "{line}");
    }

    #[test]
    fn a_secret_that_was_repeated_is_taken_out() {
        for (secret, body) in [
            ("hun\"ter2", r#"got hun\"ter2 there"#),
            ("hun\"ter2", r#"{"message":"got hun\"ter2 there"}"#),
            ("hunter2", &format!("{} hunter2", "x".repeat(290))),
        ] {
            let clean = error(Problem::Refused { status: 422 }, body).without(secret);
            assert!(!format!("{clean} {clean:?}").contains("hun"), "{clean:?}");
        }
    }
}
