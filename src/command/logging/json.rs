//! Events as JSON, one a line, in the shape of OpenTelemetry's log records.
//! In: events. Out: `timestamp`, `severity_text`, `scope`, `body`, and under `attributes` whatever else an event has.
//! Sends nothing anywhere: a collector reads the lines from stderr.

use std::fmt;
use std::io::{Write as _, stderr};

use serde_json::{Map, Value as Json, json};
use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context;
use trunkform::render::document::one_line;

/// Writes them to stderr.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lines;

impl<S: Subscriber> Layer<S> for Lines {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let line = one_line(&record(event, &jiff::Timestamp::now().to_string()));
        // That nobody reads it is no reason to stop. One call, so that lines never mix.
        let _ = stderr().lock().write_all(line.as_bytes());
    }
}

fn record(event: &Event<'_>, timestamp: &str) -> Json {
    let mut fields = Fields::default();
    event.record(&mut fields);
    let about = event.metadata();
    json!({
        "timestamp": timestamp,
        "severity_text": about.level().as_str(),
        "scope": about.target(),
        "body": fields.0.remove("message"),
        "attributes": fields.0,
    })
}

/// The fields of an event; those without a value are left out.
#[derive(Debug, Default)]
struct Fields(Map<String, Json>);

impl Fields {
    fn take(&mut self, field: &Field, value: Json) {
        self.0.insert(field.name().to_owned(), value);
    }
}

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.take(field, format!("{value:?}").into());
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.take(field, value.into());
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.take(field, value.into());
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.take(field, value.into());
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.take(field, value.into());
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use tracing_subscriber::Registry;
    use tracing_subscriber::layer::SubscriberExt as _;

    use super::*;

    struct Kept(Arc<Mutex<Vec<Json>>>);

    impl<S: Subscriber> Layer<S> for Kept {
        fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
            self.0.lock().unwrap().push(record(event, "now"));
        }
    }

    #[test]
    fn an_event_is_a_log_record() {
        let kept = Arc::default();
        let subscriber = Registry::default().with(Kept(Arc::clone(&kept)));
        tracing::subscriber::with_default(subscriber, || {
            let (status, none) = (503_u16, None::<u16>);
            tracing::info!(error.type = "503", http.response.status_code = status, none, path = %"a\n\u{1b}\u{202e}", "waits");
        });
        let kept = kept.lock().unwrap();
        let attributes =
            json!({"error.type": "503", "http.response.status_code": 503, "path": "a\n\u{1b}\u{202e}"});
        let whole = json!({"timestamp": "now", "severity_text": "INFO", "scope": module_path!(), "body": "waits", "attributes": attributes});
        assert_eq!(*kept, [whole]);
        assert!(
            !kept[0].to_string().contains(['\n', '\u{1b}']),
            "one line, and nothing that a terminal obeys"
        );
    }
}
