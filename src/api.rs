//! HTTP to one account: base URL, token, timeouts, retries, rate, errors with their body.
//! In: a method, a path below the base URL, a JSON body. Out: a status with JSON, or an [`ApiError`] that says what happened.
//! Knows nothing of any platform and never follows a redirect.

use crate::model::Account;

/// How to reach one account.
pub struct Connection {
    /// Whose.
    pub account: Account,
    /// The platform's base URL, or what stands in for it.
    pub base: url::Url,
    /// The bearer token.
    pub token: secrecy::SecretString,
}

/// A client for one account.
pub struct Api;

/// An answer with a status below 300.
#[derive(Debug)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The JSON body; null where there was none.
    pub body: serde_json::Value,
}

/// Why a request did not lead to an answer that can be used.
#[derive(Debug, thiserror::Error)]
#[error("stub")]
pub struct ApiError;

impl ApiError {
    /// The HTTP status, where there was an answer.
    pub fn status(&self) -> Option<u16> {
        todo!()
    }

    /// Whether the request may have taken effect although there is no usable answer (a write whose answer was lost, or a 5xx).
    pub fn is_uncertain(&self) -> bool {
        todo!()
    }
}

impl Connection {
    /// From `TRUNKFORM_URL_<ACCOUNT>` (default: the platform's own) and `TRUNKFORM_TOKEN_<ACCOUNT>`, read through `env`.
    ///
    /// # Errors
    /// A sentence for the user: no token, a URL that is not HTTPS (plain HTTP is for loopback only), a URL that is none.
    pub fn from_env(
        account: &Account,
        default_base: &str,
        env: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, String> {
        let _ = (account, default_base, env);
        todo!()
    }
}

impl Api {
    /// A client; nothing is sent yet.
    ///
    /// # Errors
    /// When the TLS library can't be set up.
    pub fn new(connection: Connection) -> Result<Self, ApiError> {
        let _ = connection;
        todo!()
    }

    /// Whose account this is.
    pub fn account(&self) -> &Account {
        todo!()
    }

    /// Reads JSON; retried where that is safe.
    pub async fn get(&self, path: &str, query: &[(&str, String)]) -> Result<Answer, ApiError> {
        let _ = (path, query);
        todo!()
    }

    /// Sends one write; retried only where it can't take effect twice.
    pub async fn send(
        &self,
        method: &str,
        path: &str,
        body: Option<&serde_json::Value>,
    ) -> Result<Answer, ApiError> {
        let _ = (method, path, body);
        todo!()
    }

    /// How many requests were sent so far, retries included.
    pub fn requests(&self) -> usize {
        todo!()
    }
}
