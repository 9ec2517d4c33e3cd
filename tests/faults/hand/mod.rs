//! Worlds picked by hand: what the examples lack.
//! Each platform: a trunk replaced under its numbers, agents given anew, trunks and numbers deleted, a trunk renamed, a secret rotated, lists.

mod bolna;
mod kalem;
mod talkover;

use serde_json::{Value as Json, json};
use trunkform::model::Pattern;

use crate::scenario::Scenario;
use crate::worlds::{Case, Platform};

pub use bolna::bolna;
pub use kalem::kalem;
pub use talkover::talkover;

fn password() -> Json {
    json!({"env": "MAIN_TRUNK_PASSWORD"})
}

/// One account and what its file says beside the provider.
fn scenario(platform: Platform, name: &str, (live, mut file): (Json, Json)) -> Scenario {
    file["provider"] = json!(platform.name());
    file["limits"] = json!({"removals": "100%"});
    Scenario::new(format!("{}-{name}", platform.name()), vec![Case::new(platform, live, file)])
}

fn rotated(scenario: Scenario, address: &str) -> Scenario {
    Scenario { rotate: vec![Pattern::new(address)], ..scenario }
}
