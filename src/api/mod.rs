//! HTTP to one account: base URL, token, timeouts, retries, rate, errors with their body.
//! In: a method, a path below the base URL, a JSON body. Out: a status with JSON, or an [`ApiError`] that says what happened.
//! Knows nothing of any platform and never follows a redirect.

mod activity;
mod answer;
mod body;
mod client;
mod connection;
mod decode;
mod error;
mod gate;
mod lanes;
mod list;
mod problem;
mod rate;
mod redact;
mod retry;
mod room;
mod said;
#[cfg(test)]
mod tests;
mod tls;
mod tree;
mod tries;
mod writer;

use reqwest::Method;
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use crate::model::{Account, Id};

pub use activity::{Activity, Wait, Why};
pub use body::Body;
pub use connection::Connection;
pub(crate) use connection::is_loopback;
pub use error::ApiError;
pub use list::{Extent, object, rows};
pub use problem::Problem;
pub use retry::Bounds;
pub use said::message;
pub(crate) use tls::provide_tls;
pub use tree::{List, Map, Node, Nodes, Tree};
pub use writer::Writer;

use activity::Record;
use error::RequestLine;
use gate::Gate;
use room::Room;

/// A client for one account. Cheap to share by reference; all tasks that use it stop together when the platform asks for a pause,
/// and share how many requests may be under way.
pub struct Api {
    platform: &'static str,
    account: Account,
    base: Url,
    client: reqwest::Client,
    token: SecretString,
    bounds: Bounds,
    gate: Gate,
    record: Record,
    room: Room,
}

/// An answer with a status below 300, or the 404 that says that an earlier try of the same deletion was done.
#[derive(Debug)]
pub struct Answer<B = serde_json::Value> {
    /// The HTTP status.
    pub status: u16,
    /// The JSON body; null where there was none.
    pub body: B,
    /// Whether an earlier try of this write may have taken effect; a status of 404 then means that the thing is gone.
    pub after_uncertain: bool,
}

impl Api {
    /// A client; nothing is sent yet.
    ///
    /// # Errors
    /// When the TLS library can't be set up, or the token can't stand in a header.
    pub fn new(connection: Connection) -> Result<Self, ApiError> {
        Self::with_bounds(connection, Bounds::default())
    }

    /// A client with other bounds than the usual ones.
    ///
    /// # Errors
    /// As [`Api::new`].
    pub fn with_bounds(connection: Connection, bounds: Bounds) -> Result<Self, ApiError> {
        let Connection { platform, account, base, token } = connection;
        let client = client::new(&base, &token, bounds).map_err(|why| {
            let line = RequestLine::new((platform, &account), "GET", &base);
            ApiError::new(line, Problem::Setup { why })
        })?;
        let (gate, record, room) = Default::default();
        Ok(Self { platform, account, base, client, token, bounds, gate, record, room })
    }

    /// Whose account this is.
    pub fn account(&self) -> &Account {
        &self.account
    }

    /// Reads JSON; tried again after whatever may pass: a lost connection, a timeout, 408, 425, 429, 5xx.
    ///
    /// # Errors
    /// No answer, an answer that is not 2xx, or one that is not JSON.
    pub async fn get(&self, path: &str, query: &[(&str, String)]) -> Result<Answer, ApiError> {
        let url = self.url(&Method::GET, path, query)?;
        self.run(&Method::GET, &url, None, true).await
    }

    /// As [`Api::get`], in the form for large lists.
    ///
    /// # Errors
    /// As [`Api::get`].
    pub async fn read(&self, path: &str, query: &[(&str, String)]) -> Result<Tree, ApiError> {
        let url = self.url(&Method::GET, path, query)?;
        self.run(&Method::GET, &url, None, true).await.map(|answer| answer.body)
    }

    /// How many requests were sent so far, retries included.
    pub fn requests(&self) -> usize {
        self.record.requests()
    }

    /// What it has done so far, and what it waits for at this moment.
    pub fn activity(&self) -> Activity {
        self.record.now()
    }

    /// Takes down how far the reading of a list is, for [`Api::activity`].
    pub(crate) fn has_read(&self, list: &str, rows: usize, of: Option<usize>) {
        self.record.has_read(list, rows, of);
    }

    /// The same answers, and together no larger than one account can be.
    pub(crate) async fn bounded<T>(&self, reading: impl Future<Output = T>) -> T {
        self.record.begins_to_read();
        self.room.within(reading).await
    }

    /// The error of a reader that could not use what a GET answered.
    pub fn unusable(&self, path: &str, query: &[(&str, String)], problem: Problem) -> ApiError {
        let error = match self.url(&Method::GET, path, query) {
            Ok(url) => ApiError::new(self.line(&Method::GET, &url), problem),
            Err(error) => error,
        };
        error.without(self.token.expose_secret())
    }

    /// The error of an answer with a good status that says something else, with the platform's own words.
    pub fn contradicted(&self, method: &str, path: &str, answer: &Answer, why: String) -> ApiError {
        let url = self.url(&Method::POST, path, &[]).unwrap_or_else(|_| self.base.clone());
        let line = RequestLine::new((self.platform, &self.account), method, &url);
        let error = ApiError::new(line, Problem::Contradicted { status: answer.status, why });
        error.with_body(answer.body.to_string().as_bytes(), true).without(self.token.expose_secret())
    }

    /// A text from the platform without the token of this account, should it stand there.
    pub fn hide_token(&self, text: &str) -> String {
        hide(text, self.token.expose_secret())
    }

    /// The URL of a path. Set as a path, never parsed as a whole: no id can lead the token to another host or up the tree.
    fn url(&self, method: &Method, path: &str, query: &[(&str, String)]) -> Result<Url, ApiError> {
        let mut url = self.base.clone();
        if !path.starts_with('/') || path[1..].split('/').any(Id::is_unsafe_segment) {
            let why = format!("`{path}` is not a path below the base URL");
            return Err(ApiError::new(self.line(method, &url), Problem::Setup { why }));
        }
        url.set_path(&format!("{}{path}", self.base.path().trim_end_matches('/')));
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        Ok(url)
    }

    fn line(&self, method: &Method, url: &Url) -> RequestLine {
        RequestLine::new((self.platform, &self.account), method.as_str(), url)
    }
}

impl std::fmt::Debug for Api {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Api").field("account", &self.account).field("base", &self.base.as_str()).finish()
    }
}

/// A text without a secret, in whatever form it repeats it.
pub fn hide(text: &str, secret: &str) -> String {
    redact::hide(text, secret, false)
}
