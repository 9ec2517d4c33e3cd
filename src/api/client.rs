//! The HTTP client of one account.
//! In: the base URL, the token, the bounds. Out: a client that follows no redirect and keeps connections for a short time, or why there can be none.
//! Keeps no token: each request gets its own header.

use std::time::Duration;

use reqwest::ClientBuilder;
use reqwest::header::{ACCEPT, HeaderMap, HeaderValue};
use secrecy::SecretString;
use url::Url;

use super::{Bounds, body, connection, error, tls};

/// How long a connection of HTTP/2 may be silent under a request before it is asked whether it is still there, and how long it has to say so.
const ALIVE: Duration = Duration::from_secs(5);

/// A client for a base URL; the token is only tried on.
pub(super) fn new(base: &Url, token: &SecretString, bounds: Bounds) -> Result<reqwest::Client, String> {
    body::bearer(token).ok_or_else(|| "the token has characters that can't be sent".to_owned())?;
    builder(base, bounds).build().map_err(|error| error::root(&error))
}

/// How it is made. HTTP/2 is spoken where a server offers it in the handshake of TLS, and nowhere else.
pub(super) fn builder(base: &Url, bounds: Bounds) -> ClientBuilder {
    tls::provide_tls();
    // Without it Laravel answers a failed validation with a redirect to a web page.
    let headers = HeaderMap::from_iter([(ACCEPT, HeaderValue::from_static("application/json"))]);
    let mut builder = reqwest::Client::builder()
        .default_headers(headers)
        .user_agent(concat!("trunkform/", env!("CARGO_PKG_VERSION")))
        .redirect(reqwest::redirect::Policy::none())
        // What may be sent again is decided, counted and told here alone.
        .retry(reqwest::retry::never())
        // Shorter than servers keep a connection: a POST on one that was just closed would be lost without need.
        .pool_idle_timeout(Duration::from_secs(4))
        // All requests may share one connection: one that went dead must not cost every try its whole time.
        .http2_keep_alive_interval(ALIVE)
        .http2_keep_alive_timeout(ALIVE)
        .connect_timeout(bounds.connect)
        .timeout(bounds.answer);
    if connection::is_loopback(base) {
        builder = builder.no_proxy();
    }
    if base.scheme() == "http" {
        // The system's certificates are not needed, may be missing, and take time to read.
        builder = builder.tls_certs_only([]);
    }
    builder
}
