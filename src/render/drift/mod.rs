//! Drift for programs that watch: CI systems and Prometheus. For people it is `human`'s, as JSON it is the plan's document.
//! In: what differs, and what of it counts. Out: one document, also where an account could not be read.
//! Never says that something is as declared that was not looked at.

mod junit;
mod prometheus;

pub use junit::junit;
pub use prometheus::{Run, prometheus};
