//! `export`: what it writes validates, changes nothing, and is the same the next time, over random accounts of every platform through real HTTP.
//! `PROPTEST_CASES=2000 cargo test --release --test export` is the long version.

#![allow(clippy::unwrap_used, reason = "a test stops where it can't go on")]
#![allow(unreachable_pub, reason = "the modules of one test")]

mod account;
mod command;
#[path = "../support/estate.rs"]
mod estate;
mod files;
mod hostile;
mod inherited;
mod laws;
mod merge;
#[path = "../support/sandbox_transport.rs"]
mod sandbox_transport;
#[path = "../support/mod.rs"]
mod support;
#[path = "../support/worlds.rs"]
mod worlds;

/// A day on which no waiver is over.
pub const TODAY: jiff::civil::Date = jiff::civil::date(2026, 1, 1);
