//! The HTTP client of one account.
//! In: the base URL, the token, the bounds. Out: a client that follows no redirect and keeps connections for a short time, or why there can be none.
//! Keeps no token: each request gets its own header.

use std::time::Duration;

use reqwest::header::{ACCEPT, HeaderMap, HeaderValue};
use secrecy::SecretString;
use url::Url;

use super::{Bounds, body, connection, error, tls};

/// A client for a base URL; the token is only tried on.
pub(super) fn new(base: &Url, token: &SecretString, bounds: Bounds) -> Result<reqwest::Client, String> {
    tls::provide_tls();
    body::bearer(token).ok_or_else(|| "the token has characters that can't be sent".to_owned())?;
    // Without it Laravel answers a failed validation with a redirect to a web page.
    let headers = HeaderMap::from_iter([(ACCEPT, HeaderValue::from_static("application/json"))]);
    let mut builder = reqwest::Client::builder()
        .default_headers(headers)
        .user_agent(concat!("trunkform/", env!("CARGO_PKG_VERSION")))
        .redirect(reqwest::redirect::Policy::none())
        // The store of a lease brings HTTP/2 into the house; what is told of lost connections and of retries here was looked at with HTTP/1 only.
        .http1_only()
        // Shorter than servers keep a connection: a POST on one that was just closed would be lost without need.
        .pool_idle_timeout(Duration::from_secs(4))
        .connect_timeout(bounds.connect)
        .timeout(bounds.answer);
    if connection::is_loopback(base) {
        builder = builder.no_proxy();
    }
    if base.scheme() == "http" {
        // The system's certificates are not needed, may be missing, and take time to read.
        builder = builder.tls_certs_only([]);
    }
    builder.build().map_err(|error| error::root(&error))
}
