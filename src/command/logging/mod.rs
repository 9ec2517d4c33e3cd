//! What `TRUNKFORM_LOG` asks for goes to stderr.
//! In: a filter, as `trunkform=debug`, or with the word `json` in its list. Out: lines without colours, or one JSON object each.
//! Only our own events are ever shown: what the libraries below say of a request may hold its headers.

mod json;

use std::io;

use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::{EnvFilter, Layer, Registry};

use trunkform::model::visible;

use super::exit::Failure;
use super::output;

/// Starts to log, if that was asked for.
pub(super) fn start() -> Result<(), Failure> {
    let Some(wish) = std::env::var("TRUNKFORM_LOG").ok().filter(|wish| !wish.is_empty()) else {
        return Ok(());
    };
    let (as_json, filter) = parted(&wish);
    let filter =
        EnvFilter::try_new(filter).map_err(|why| Failure(format!("TRUNKFORM_LOG is not a filter: {why}")))?;
    let ours = filter_fn(|event| event.target().starts_with("trunkform"));
    let lines = match as_json {
        true => json::Lines.boxed(),
        false => tracing_subscriber::fmt::layer().with_writer(Line::default).with_ansi(false).boxed(),
    };
    let subscriber = Registry::default().with(filter).with(lines.with_filter(ours));
    tracing::subscriber::set_global_default(subscriber)
        .map_err(|why| Failure(format!("logging can't be started: {why}")))
}

/// One event on its way to stderr. What is in it from outside breaks no line and commands no CI job.
#[derive(Debug, Default)]
struct Line;

impl io::Write for Line {
    /// The layer writes an event in one piece.
    fn write(&mut self, event: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(event);
        output::note(&visible(text.trim_end_matches('\n')));
        Ok(event.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Whether the word `json` is in the list, and the rest of it; alone it stands for `json,info`.
fn parted(wish: &str) -> (bool, String) {
    let (json, rest): (Vec<_>, Vec<_>) = wish.split(',').partition(|item| item.trim() == "json");
    let filter = if rest.is_empty() { "info".to_owned() } else { rest.join(",") };
    (!json.is_empty(), filter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_is_a_word_of_the_list() {
        let is = |json, filter: &str| (json, filter.to_owned());
        assert_eq!(parted("info"), is(false, "info"));
        assert_eq!(parted("json"), is(true, "info"));
        assert_eq!(parted("json,trunkform::api=debug"), is(true, "trunkform::api=debug"));
        assert_eq!(parted("warn, json,trunkform=trace"), is(true, "warn,trunkform=trace"));
        assert_eq!(parted("json=debug"), is(false, "json=debug"), "a filter for a target of this name");
    }
}
