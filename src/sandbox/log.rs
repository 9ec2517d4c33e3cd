//! In: every request as it arrives, and how it ended.
//! Out: the list of what came in so far, with passwords and the like replaced.
//! Never keeps a token, a header or a secret value.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::Value;

/// What stands in the place of a secret value.
pub(super) const HIDDEN: &str = "(sensitive value)";

/// Parts of names whose values are secret, on all platforms.
const SECRET_NAMES: &[&str] = &["password", "secret", "token", "api_key"];

/// One request that the sandbox received.
#[derive(Clone, Debug, PartialEq)]
pub struct Logged {
    /// In capitals.
    pub method: String,
    /// As it was sent, with world, mount and query: `/kalem/api/v1/trunks?page=2`.
    pub path: String,
    /// The JSON body with secrets replaced; text that says so where the body was not JSON.
    pub body: Option<Value>,
    /// What was answered; `None` while there is no answer, and for ever when the connection was reset or left hanging.
    pub status: Option<u16>,
    /// Whether the platform carried the request out, whatever became of the answer.
    pub effect: bool,
}

/// Is told of every request when it has ended.
pub type OnRequest = Arc<dyn Fn(&Logged) + Send + Sync>;

pub(super) struct Log {
    entries: Mutex<Entries>,
    listener: Option<OnRequest>,
}

/// `first` is the ticket of the first entry: tickets outlive a `clear`.
#[derive(Default)]
struct Entries {
    first: usize,
    rows: Vec<Logged>,
}

/// Names the entry of a request that has not ended yet.
#[derive(Clone, Copy)]
pub(super) struct Ticket(pub(super) usize);

impl Log {
    pub(super) fn new(listener: Option<OnRequest>) -> Self {
        Self { entries: Mutex::default(), listener }
    }

    pub(super) fn arrive(&self, method: &str, path: &str, body: &[u8]) -> Ticket {
        let row = Logged {
            method: method.to_owned(),
            path: path.to_owned(),
            body: readable(body),
            status: None,
            effect: false,
        };
        let mut entries = self.entries();
        entries.rows.push(row);
        Ticket(entries.first + entries.rows.len() - 1)
    }

    pub(super) fn end(&self, ticket: Ticket, status: Option<u16>, effect: bool) {
        let ended = {
            let mut entries = self.entries();
            let first = entries.first;
            let Some(row) = ticket.0.checked_sub(first).and_then(|at| entries.rows.get_mut(at)) else {
                return;
            };
            row.status = status;
            row.effect = effect;
            self.listener.is_some().then(|| row.clone())
        };
        if let (Some(listener), Some(row)) = (&self.listener, ended) {
            listener(&row);
        }
    }

    pub(super) fn requests(&self) -> Vec<Logged> {
        self.entries().rows.clone()
    }

    pub(super) fn clear(&self) {
        let mut entries = self.entries();
        entries.first += entries.rows.len();
        entries.rows.clear();
    }

    fn entries(&self) -> MutexGuard<'_, Entries> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn readable(body: &[u8]) -> Option<Value> {
    if body.is_empty() {
        return None;
    }
    // Text that is not JSON may hold a secret anywhere, so none of it is kept.
    let mut value = serde_json::from_slice(body)
        .unwrap_or_else(|_| format!("({} bytes that are not JSON)", body.len()).into());
    hide(&mut value);
    Some(value)
}

fn hide(value: &mut Value) {
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                let key = key.to_ascii_lowercase();
                if !value.is_null() && SECRET_NAMES.iter().any(|name| key.contains(name)) {
                    *value = HIDDEN.into();
                } else {
                    hide(value);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(hide),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn secrets_are_replaced_at_any_depth() {
        let body = br#"{"name":"A","Auth_Password":"x1","list":[{"token":{"a":"x2"},"password":null}]}"#;
        let shown = readable(body);
        let expected =
            json!({"name": "A", "Auth_Password": HIDDEN, "list": [{"token": HIDDEN, "password": null}]});
        assert_eq!(shown, Some(expected));
    }

    #[test]
    fn text_that_is_not_json_is_not_kept() {
        assert_eq!(readable(b"password=x1"), Some(json!("(11 bytes that are not JSON)")));
        assert_eq!(readable(b""), None);
    }

    #[test]
    fn a_request_that_ends_after_a_clear_does_not_touch_a_later_one() {
        let log = Log::new(None);
        let old = log.arrive("GET", "/old", b"");
        log.clear();
        let new = log.arrive("GET", "/new", b"");
        log.end(old, Some(500), true);
        assert_eq!(log.requests()[0].status, None);
        log.end(new, Some(200), true);
        assert_eq!(log.requests()[0].status, Some(200));
    }
}
