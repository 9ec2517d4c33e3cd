//! The laws of the pure stages: properties over random worlds, and one test a rule.
//! The platform is a fake one with a simulator that takes the literal requests.

// A test may end where its own scaffolding breaks.
#![allow(clippy::unwrap_used)]

mod accounts;
mod agents;
mod differing;
mod fake;
mod holding;
mod moving;
mod noticing;
mod planning;
mod properties;
mod refusing;
mod renaming;
mod scoping;
mod simulator;
mod since;
mod untouched;
