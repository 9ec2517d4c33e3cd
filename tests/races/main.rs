//! Races between plan and apply: what somebody else does in between, for each thing that a plan touches, on each platform.
//! The binary saves a plan, the account changes as by hand, and the plan is applied: refused, then with `--partial`, then planned anew.

#![allow(clippy::unwrap_used, reason = "a test stops where it can't go on")]

#[path = "../support/mod.rs"]
mod support;

mod asked;
mod edits;
mod estate;
mod revoked;
mod shrunk;
