//! What `TRUNKFORM_LOG` asks for goes to stderr.
//! In: a filter, as `trunkform=debug`. Out: lines without colours.
//! Only our own events are ever shown: what the libraries below say of a request may hold its headers.

use std::io;

use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::{Layer as _, Registry};

use super::exit::Failure;

/// Starts to log, if that was asked for.
pub(super) fn start() -> Result<(), Failure> {
    let Some(wish) = std::env::var("TRUNKFORM_LOG").ok().filter(|wish| !wish.is_empty()) else {
        return Ok(());
    };
    let filter =
        EnvFilter::try_new(&wish).map_err(|why| Failure(format!("TRUNKFORM_LOG is not a filter: {why}")))?;
    let ours = filter_fn(|event| event.target().starts_with("trunkform"));
    let lines = tracing_subscriber::fmt::layer().with_writer(io::stderr).with_ansi(false);
    let subscriber = Registry::default().with(filter).with(lines.with_filter(ours));
    tracing::subscriber::set_global_default(subscriber)
        .map_err(|why| Failure(format!("logging can't be started: {why}")))
}
