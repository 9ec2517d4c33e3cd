//! The laws over several accounts in one run: one of each platform, or two of one platform.

use proptest::prelude::*;
use proptest::sample::Index;

use crate::cases;
use crate::laws::{heals, settles, settles_in_any_order};
use crate::worlds::mixed::{one_of_each, two_of_one};

proptest! {
    #![proptest_config(cases(12))]

    #[test]
    fn three_platforms_in_one_run(accounts in one_of_each(), workers in 1..4_usize) {
        settles(&accounts, &[], workers)?;
    }

    #[test]
    fn two_accounts_of_one_platform(accounts in two_of_one(), workers in 1..4_usize) {
        settles(&accounts, &[], workers)?;
    }

    #[test]
    fn in_any_order(accounts in one_of_each(), pick in prop::collection::vec(any::<Index>(), 16)) {
        settles_in_any_order(&accounts, &[], &pick)?;
    }
}

proptest! {
    #![proptest_config(cases(2))]

    #[test]
    fn any_single_fault_heals_when_run_again(accounts in one_of_each(), first in 0..8_usize) {
        heals(&accounts, &[], (first, 1))?;
    }
}

proptest! {
    #![proptest_config(cases(4))]

    /// Each platform behaves as it does at its worst.
    #[test]
    fn with_switches_of_all_platforms(accounts in one_of_each(), workers in 1..4_usize) {
        settles(&accounts, &["bare", "created-inactive", "number-lag=2", "show-deleted", "reset-wide", "reset-keeps-active"], workers)?;
    }
}
