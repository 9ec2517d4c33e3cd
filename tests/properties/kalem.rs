//! The laws over Kalem accounts.

use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::json;
use trunkform::model::Outcome;

use crate::estate::Estate;
use crate::laws::{heals, settles, settles_in_any_order};
use crate::worlds::{Case, Platform, case, case_with_ids};
use crate::{cases, with_each_switch};

proptest! {
    #![proptest_config(cases(40))]

    #[test]
    fn apply_then_plan_again_is_empty(case in case(), workers in 1..4_usize) {
        settles(&[case], &[], workers)?;
    }

    #[test]
    fn no_order_that_the_waits_allow_meets_a_refusal(case in case(), pick in prop::collection::vec(any::<Index>(), 16)) {
        settles_in_any_order(&[case], &[], &pick)?;
    }
}

proptest! {
    #![proptest_config(cases(16))]

    #[test]
    fn any_single_fault_heals_when_run_again(case in case(), first in 0..8_usize) {
        heals(&[case], &[], (first, 1))?;
    }
}

with_each_switch! { case(), 6;
    bare: ["bare"];
    flat_paginator: ["flat-paginator"];
    created_inactive: ["created-inactive"];
    delete_204: ["delete-204"];
}

proptest! {
    #![proptest_config(cases(6))]

    #[test]
    fn no_agents(case in case_with_ids()) {
        settles(&[case], &["no-agents"], 2)?;
    }
}

#[test]
fn the_faults_do_disturb() {
    let case = Case {
        account: "kalem",
        platform: Platform::Kalem,
        world: "",
        live: json!({"agents": [], "trunks": [], "numbers": []}),
        file: json!({"provider": "kalem", "trunks": [{"name": "A", "direction": "inbound", "auth_type": "ip", "host": "a.example.com"}]}),
    };
    let outcome = |fault: &str| {
        let estate = Estate { patience: 1, ..Estate::of(&case) };
        estate.live.fault(&[fault]);
        let report = estate.run().unwrap();
        (report.steps[0].outcome, report.steps[0].because.is_some(), estate.live.kalem("trunks").len())
    };
    assert_eq!(outcome("reset-before,method=POST"), (Outcome::Uncertain, false, 0));
    assert_eq!(outcome("reset-after,method=POST"), (Outcome::Done, true, 1));
    assert_eq!(outcome("status=503,method=POST"), (Outcome::Uncertain, false, 0));
    assert_eq!(outcome("truncate,method=POST"), (Outcome::Done, true, 1));
}
