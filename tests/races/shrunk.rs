//! An account that shows far less than when the plan was made.

use std::fs;

use serde_json::{Value as Json, json};

use super::estate::Planned;
use super::support::Live;

/// An account with so many numbers, and a plan that only makes a trunk.
fn planned(numbers: u32) -> Planned {
    let number =
        |n: u32| json!({"id": n, "number": format!("+1415555{n}"), "provider": "manual", "status": "active"});
    let rows: Vec<_> = (0..numbers).map(|n| number(2000 + n)).collect();
    let live = Live::start(json!({"kalem": {"trunks": [], "numbers": rows}}));
    let work = tempfile::tempdir().unwrap();
    let text = "provider: kalem\ntrunks:\n  - {name: New, direction: inbound, auth_type: ip, host: sip.example.com}\n";
    fs::write(work.path().join("trunkform.yaml"), text).unwrap();
    let planned = Planned { live, work };
    planned.run(&["plan", "--out", "saved.plan"]).stdout_of(0);
    planned
}

fn shrinks_to(planned: &Planned, left: usize) {
    planned.edit(&|state: &mut Json| state["kalem"]["numbers"].as_array_mut().unwrap().truncate(left));
}

#[test]
fn a_plan_is_refused_where_the_account_is_empty_or_far_shorter() {
    for (was, left) in [(1, 0), (8, 0), (8, 3), (11, 5)] {
        let planned = planned(was);
        shrinks_to(&planned, left);
        for partial in [&[][..], &["--partial"]] {
            let args = [&["apply", "--plan", "saved.plan", "--format", "json"], partial].concat();
            let run = planned.run(&args);
            let report: Json = serde_json::from_str(&run.stdout).unwrap();
            assert_eq!(
                (run.code, &report["refusals"][0]["code"]),
                (3, &json!("PLN011")),
                "{was} {left}: {run:?}"
            );
            assert!(run.stderr.contains("look at the token"), "{run:?}");
        }
        assert_eq!(planned.live.writes(), "", "{was} {left}");
        // The way out: a plan that was made of what is there now.
        planned.run(&["plan", "--out", "saved.plan"]).stdout_of(0);
        planned.run(&["apply", "--plan", "saved.plan"]).stdout_of(0);
    }
}

#[test]
fn what_goes_in_everyday_work_is_no_reason() {
    for (was, left) in [(0, 0), (4, 1), (8, 4), (12, 6)] {
        let planned = planned(was);
        shrinks_to(&planned, left);
        planned.run(&["apply", "--plan", "saved.plan"]).stdout_of(0);
        assert_eq!(planned.live.kalem("trunks").len(), 1);
    }
}

#[test]
fn day_one_needs_no_flag() {
    let planned = planned(0);
    let text: String =
        (0..40).map(|n| format!("  - {{number: \"+141555521{n:02}\", provider: manual}}\n")).collect();
    fs::write(planned.work.path().join("trunkform.yaml"), format!("provider: kalem\nnumbers:\n{text}"))
        .unwrap();
    planned.run(&["apply", "--auto-approve"]).stdout_of(0);
    assert_eq!(planned.live.kalem("numbers").len(), 40);
}
