//! The laws over Bolna accounts: numbers that can't move in place, trunks that take their numbers along, lists that lag.

use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Value as Json, json};
use trunkform::api::Body;
use trunkform::model::Outcome;

use crate::estate::Estate;
use crate::laws::{heals, settles, settles_in_any_order};
use crate::worlds::{Case, Platform, bolna_case};
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

/// Two numbers that move from a trunk that goes to one that stays.
fn moving() -> Case {
    let number = |digits: u64| json!({"id": format!("N{digits}"), "phone_number": format!("+{digits}")});
    let says = |name: &str| {
        json!({"name": name, "provider": "custom", "auth_type": "ip-based", "ip_identifiers": [{"ip_address": "192.76.120.10"}],
            "gateways": [{"gateway_address": "sip.carrier.example", "port": 5060}]})
    };
    let trunk = |id: &str, name: &str, numbers: Json| {
        let mut trunk = says(name);
        (trunk["id"], trunk["phone_numbers"]) = (json!(id), numbers);
        trunk
    };
    let numbers = [14_155_552_600, 14_155_552_601].map(number);
    let wanted = ["+14155552600", "+14155552601"].map(|number| json!({"number": number, "trunk": "B"}));
    Case {
        account: "bolna",
        platform: Platform::Bolna,
        world: "",
        live: json!({"trunks": [trunk("TA", "A", json!(numbers)), trunk("TB", "B", json!([]))]}),
        file: json!({"provider": "bolna", "unlisted": "delete", "trunks": [says("B")], "numbers": wanted}),
    }
}

/// The numbers on a trunk, by their digits.
fn on(estate: &Estate, trunk: &str) -> BTreeSet<String> {
    estate.seen()[0].on(trunk).map(|number| number.name.clone()).collect()
}

fn all(numbers: &[&str]) -> BTreeSet<String> {
    numbers.iter().map(|&number| number.to_owned()).collect()
}

#[test]
fn a_number_that_is_added_to_a_trunk_meanwhile_is_not_destroyed_with_it() {
    let case = moving();
    let estate = Estate { patience: 1, ..Estate::of(&case) };
    let plan = estate.plan().unwrap();
    let body = Body::new(json!({"phone_number": "+19999999999"}).to_string().into_bytes().into());
    let api = estate.writer(&case);
    estate.live.block_on(api.send("POST", "/sip-trunks/trunks/TA/numbers", Some(&body), false)).unwrap();
    let report = estate.apply(&plan, 2);
    assert!(!report.converged());
    let check = report.steps.iter().find(|step| step.outcome == Outcome::Failed).unwrap();
    let error = "`/sip-trunks/trunks/TA/numbers` still shows 1 entry that would be lost: +19999999999";
    assert_eq!((&*check.verb, check.error.as_deref()), ("check", Some(error)));
    assert_eq!(on(&estate, "A"), all(&["+19999999999"]));
    assert_eq!(on(&estate, "B"), all(&["+14155552600", "+14155552601"]));
}

#[test]
fn a_refusal_of_all_numbers_takes_down_one() {
    let estate = Estate::of(&moving());
    let plan = estate.plan().unwrap();
    estate.disturb(Some("status=422,method=POST,path=/sip-trunks/trunks/TB/numbers"));
    let report = estate.apply(&plan, 1);
    assert!(!report.converged());
    assert_eq!((on(&estate, "A"), on(&estate, "B").len()), (all(&["+14155552601"]), 0));
    estate.disturb(None);
    assert!(estate.run().unwrap().converged());
    assert_eq!(on(&estate, "B"), all(&["+14155552600", "+14155552601"]));
    assert!(estate.seen()[0].trunk("A").is_none());
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
