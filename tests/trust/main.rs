//! The threat model of SECURITY.md, row by row: each test attacks the binary as somebody would who may write what the row says.
//! `TRUNKFORM_BINARY=/path/to/trunkform cargo test --test trust` attacks another build.

#![allow(clippy::unwrap_used, reason = "a test stops where it can't go on")]
#![cfg(unix)]

#[path = "../support/mod.rs"]
mod support;

mod attack;
mod git;
mod law;
mod limits;
mod links;
mod logs;
mod machine;
mod outputs;
mod platform;
mod random_folder;
mod saved_plan;
mod secrets;
mod supply_chain;
mod threat_model;
mod tokens;
mod watcher;
