//! Runs with several accounts: one of each platform, or two of one platform.

use proptest::prelude::*;

use super::{Case, Dice, bolna, kalem, talkover, thrown};

const THROWS: [fn(&mut Dice, usize) -> Case; 3] = [kalem::throw, bolna::throw, talkover::throw];
/// The second account of a platform, by its place in [`THROWS`].
const SECOND: [&str; 3] = ["kalem-eu", "bolna-eu", "talkover-eu"];

/// One account of each platform.
pub fn one_of_each() -> impl Strategy<Value = Vec<Case>> {
    thrown(|dice| THROWS.iter().enumerate().map(|(pool, throw)| throw(dice, pool)).collect())
}

/// Two accounts of one platform: in the sandbox they are in two sets of accounts.
pub fn two_of_one() -> impl Strategy<Value = Vec<Case>> {
    thrown(|dice| {
        let at = dice.below(THROWS.len());
        let second = Case { account: SECOND[at], world: "@eu", ..THROWS[at](dice, 1) };
        vec![THROWS[at](dice, 0), second]
    })
}
