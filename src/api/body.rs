//! What a write carries, and what it is allowed in with.
//! In: JSON as bytes that are wiped, a token. Out: bytes that go over the wire without being copied here, and are wiped with their last holder.
//! Never printed: either may be a secret or hold one.

use bytes::Bytes;
use reqwest::header::HeaderValue;
use secrecy::{ExposeSecret, SecretString};
use zeroize::Zeroizing;

/// The JSON of a write. All tries share one copy, which is wiped when the last one is over; what the connection holds of it for the moment of sending is not ours.
#[derive(Clone)]
pub struct Body(Bytes);

impl Body {
    /// A body of these bytes.
    pub fn new(json: Zeroizing<Vec<u8>>) -> Self {
        Self(Bytes::from_owner(json))
    }

    /// The JSON itself.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    pub(super) fn shared(&self) -> Bytes {
        self.0.clone()
    }
}

impl std::fmt::Debug for Body {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Body({} bytes)", self.0.len())
    }
}

/// The header that a token is sent in, made for one request and wiped with it; none where the token has characters that can't be sent.
pub(super) fn bearer(token: &SecretString) -> Option<HeaderValue> {
    const SCHEME: &[u8] = b"Bearer ";
    let token = token.expose_secret().as_bytes();
    // Of its final size from the start: what grows leaves copies behind.
    let mut text = Zeroizing::new(Vec::with_capacity(SCHEME.len() + token.len()));
    text.extend_from_slice(SCHEME);
    text.extend_from_slice(token);
    let mut header = HeaderValue::from_maybe_shared(Bytes::from_owner(text)).ok()?;
    header.set_sensitive(true);
    Some(header)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neither_shows_what_it_holds() {
        let body = Body::new(Zeroizing::new(b"{\"password\":\"hunter2\"}".to_vec()));
        assert_eq!(format!("{body:?}"), "Body(22 bytes)");
        let header = bearer(&"hunter2".into()).unwrap();
        assert_eq!(
            (format!("{header:?}").as_str(), header.as_bytes()),
            ("Sensitive", &b"Bearer hunter2"[..])
        );
        assert!(bearer(&"hun\nter2".into()).is_none());
    }
}
