//! The laws over Bolna accounts: numbers that can't move in place, trunks that take their numbers along, lists that lag.

use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::json;

use crate::laws::{heals, settles, settles_in_any_order};
use crate::worlds::{Case, bolna_case};
use crate::{cases, with_each_switch};

proptest! {
    #![proptest_config(cases(32))]

    #[test]
    fn apply_then_plan_again_is_empty(case in bolna_case(), workers in 1..4_usize) {
        settles(&[case], &[], workers)?;
    }

    #[test]
    fn no_order_that_the_waits_allow_meets_a_refusal(case in bolna_case(), pick in prop::collection::vec(any::<Index>(), 16)) {
        settles_in_any_order(&[case], &[], &pick)?;
    }
}

proptest! {
    #![proptest_config(cases(12))]

    #[test]
    fn any_single_fault_heals_when_run_again(case in bolna_case(), first in 0..8_usize) {
        heals(&[case], &[], (first, 1))?;
    }
}

proptest! {
    #![proptest_config(cases(3))]

    /// A run that follows at once may come before a number that was just made can be seen.
    #[test]
    fn any_single_fault_heals_where_lists_lag(case in bolna_case(), first in 0..8_usize) {
        heals(&[case], &["number-lag=2"], (first, 2))?;
    }

    #[test]
    fn numbers_that_can_not_be_deleted_at_once(case in bolna_case(), workers in 1..4_usize) {
        settles(&[stuck(case)], &["number-stuck=2"], workers)?;
    }
}

/// Live numbers that were made a moment ago: the first two requests to delete them fail.
fn stuck(mut case: Case) -> Case {
    for trunk in case.live["trunks"].as_array_mut().into_iter().flatten() {
        for number in trunk["phone_numbers"].as_array_mut().into_iter().flatten() {
            number["stuck_for"] = json!(2);
        }
    }
    case
}

with_each_switch! { bolna_case(), 5;
    number_lag: ["number-lag=2"];
    show_deleted: ["show-deleted"];
    list_no_numbers: ["list-no-numbers"];
    list_number_count: ["list-number-count"];
    drop_patch_fields: ["drop-patch-fields"];
    older_trunks: ["older-trunks"];
    encryption_false: ["encryption-false"];
    error_detail: ["error-detail"];
    error_string: ["error-string"];
    lag_and_deleted: ["number-lag=2", "show-deleted", "list-no-numbers"];
}
