//! The laws of the design, over random accounts and random files, through real HTTP against the sandbox.
//! The sandbox was written from the platforms' documents by another hand than the providers, so the two check each other.
//! `PROPTEST_CASES=2000 cargo test --release --test properties` is the long version.

#![allow(clippy::unwrap_used, reason = "a test stops where it can't go on")]
#![allow(unreachable_pub, reason = "the modules of one test")]

#[path = "properties/bolna.rs"]
mod bolna;
#[path = "properties/broken.rs"]
mod broken;
#[path = "properties/crossing.rs"]
mod crossing;
#[path = "support/estate.rs"]
mod estate;
#[path = "properties/expected.rs"]
mod expected;
#[path = "properties/held.rs"]
mod held;
#[path = "properties/kalem.rs"]
mod kalem;
#[path = "properties/laws.rs"]
mod laws;
#[path = "properties/lost.rs"]
mod lost;
#[path = "properties/mixed.rs"]
mod mixed;
#[path = "properties/moments.rs"]
mod moments;
#[path = "properties/outcome.rs"]
mod outcome;
#[path = "properties/refusals.rs"]
mod refusals;
#[path = "properties/renaming.rs"]
mod renaming;
#[path = "support/sandbox_transport.rs"]
mod sandbox_transport;
#[path = "properties/stranded.rs"]
mod stranded;
mod support;
#[path = "properties/talkover.rs"]
mod talkover;
#[path = "properties/undoing.rs"]
mod undoing;
#[path = "support/worlds.rs"]
mod worlds;

use proptest::test_runner::{Config, FileFailurePersistence};

/// How many random cases a property gets, and where a failing one is kept.
///
/// A failure appends its seed to `NAME.seeds` beside the property's source file, and every later run plays the seed first.
/// Commit the file with the fix, and write the shrunken case as a test of its own that explains what went wrong:
/// a seed means another case once a strategy changes.
fn cases(default: u32) -> Config {
    let wanted = std::env::var("PROPTEST_CASES").ok().and_then(|n| n.parse().ok());
    Config {
        cases: wanted.unwrap_or(default),
        failure_persistence: Some(Box::new(FileFailurePersistence::WithSource("seeds"))),
        max_shrink_time: 20_000,
        ..Config::default()
    }
}

/// The laws with each switch of a platform: a test for each, over a few worlds.
macro_rules! with_each_switch {
    ($worlds:expr, $count:expr; $($name:ident: $switches:expr;)*) => {
        mod switched {
            use super::*;

            proptest! {
                #![proptest_config(cases($count))]
                $(
                    #[test]
                    fn $name(case in $worlds, workers in 1..4_usize) {
                        settles(&[case], &$switches, workers)?;
                    }
                )*
            }
        }
    };
}
use with_each_switch;
