//! The search that shows that nothing is lost: every scenario, each of its requests gone wrong in every way, then run again.
//! After it: in sync, nothing twice, no number lost, no write that no plan holds, no secret in any text.
//! `FAULTS=all cargo test --release --test faults` is the long version, with each request, each fault and both clients;
//! `FAULTS_ONLY=SCENARIO/FAULT/REQUEST` plays one story (or all that begin so).

#![allow(clippy::unwrap_used, reason = "a test stops where it can't go on")]
#![allow(unreachable_pub, reason = "the modules of one test")]

mod broken;
mod check;
mod client;
mod editor;
mod edits;
#[path = "../properties/expected.rs"]
mod expected;
mod fault;
mod ground;
mod hand;
mod kill;
mod leased;
#[allow(dead_code, reason = "the laws use the rest")]
#[path = "../properties/moments.rs"]
mod moments;
#[allow(dead_code, reason = "the laws use the rest")]
#[path = "../properties/outcome.rs"]
mod outcome;
mod planned;
#[path = "../support/sandbox_transport.rs"]
mod sandbox_transport;
mod scenario;
mod search;
mod story;
#[path = "../support/mod.rs"]
mod support;
mod tally;
mod two;
#[path = "../support/worlds.rs"]
mod worlds;
mod yaml;

use scenario::{Scenario, examples, mixed, one, thrown};
use search::search;

/// Whether all of it is wanted.
fn is_long() -> bool {
    std::env::var("FAULTS").is_ok_and(|what| what == "all")
}

/// The one story that is wanted.
fn only() -> Option<String> {
    std::env::var("FAULTS_ONLY").ok()
}

/// Whether a scenario is wanted.
fn picked(scenario: &Scenario) -> bool {
    only().is_none_or(|only| only.split('/').next() == Some(&scenario.name))
}

#[test]
fn the_examples() {
    search("examples", &examples());
}

#[test]
fn kalem() {
    search("kalem", &hand::kalem());
    search("kalem, random", &thrown("kalem", one(worlds::case()), (4, 12)));
}

#[test]
fn bolna() {
    search("bolna", &hand::bolna());
    search("bolna, random", &thrown("bolna", one(worlds::bolna_case()), (4, 12)));
}

#[test]
fn talkover() {
    search("talkover", &hand::talkover());
    search("talkover, random", &thrown("talkover", one(worlds::talkover_case()), (4, 12)));
}

#[test]
fn several_accounts() {
    search("several accounts", &mixed((2, 5)));
}

/// What is searched with a second client, or with somebody at the dashboards.
fn all() -> Vec<Scenario> {
    let by_hand = [hand::kalem(), hand::bolna(), hand::talkover()].into_iter().flatten();
    examples().into_iter().chain(by_hand).chain(mixed((2, 2))).collect()
}

#[test]
fn two_applies_at_once() {
    two::search(&all());
}

#[test]
fn two_applies_under_a_lease() {
    leased::search(&all());
}

#[test]
fn somebody_edits_meanwhile() {
    editor::search(&all());
}

#[test]
fn the_binary_is_killed() {
    kill::search();
}
