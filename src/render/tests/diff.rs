//! The plan as a diff: as goldens, and of any size and names.

use serde_json::json;

use crate::model::{Action, Plan};
use crate::render::diff;
use crate::render::fixture::plan;

use super::crowd::Crowd;

#[test]
fn a_diff_of_three_changes() {
    insta::assert_snapshot!("diff", diff::plan(&plan(3)));
}

/// The part of the first number, given both sides.
fn of(before: serde_json::Value, after: serde_json::Value, changed: &[&str]) -> String {
    let mut plan = plan(1);
    let mut change = plan.changes.pop().unwrap();
    change.before = before.as_object().cloned();
    change.after = after.as_object().cloned();
    change.changed = changed.iter().map(ToString::to_string).collect();
    let text = diff::plan(&Plan { changes: vec![change], ..Plan::default() });
    text.lines().skip(2).filter(|line| !line.starts_with("# ")).collect::<Vec<_>>().join("\n")
}

#[test]
fn lists_differ_line_by_line() {
    let list = |hosts: &[&str]| -> serde_json::Value {
        let items = hosts.iter().map(|host| json!({"gateway_address": host, "port": 5060}));
        json!({"gateways": items.collect::<serde_json::Value>(), "allow": [], "number": "+1", "note": "same"})
    };
    let shown = of(list(&["a", "b"]), list(&["a", "c"]), &["gateways", "allow"]);
    let expected = "--- live\tkalem.number.+15550100000\n+++ declared\tkalem.number.+15550100000\n@@ -2,6 +2,6 @@\n   gateways:\n     - gateway_address: \"a\"\n       port: 5060\n-    - gateway_address: \"b\"\n+    - gateway_address: \"c\"\n       port: 5060\n   allow: []";
    assert_eq!(shown.trim_end(), expected);
}

#[test]
fn what_is_the_same_on_both_sides_is_said_without_a_diff() {
    let side = || json!({"number": "+1", "trunk": "Main"});
    let text = of(side(), side(), &["trunk"]);
    assert!(!text.contains("---"), "{text}");
    let odd =
        of(json!({"number": "+1"}), json!({"number": "+1", "a: b\u{202e}": "x\n- y"}), &["a: b\u{202e}"]);
    assert!(odd.contains(r#"+  "a: b\u202e": "x\n- y""#), "{odd}");
}

#[test]
fn fifty_thousand_changes_are_so_many_parts() {
    let crowd = Crowd::of(50_000).plan();
    let text = diff::plan(&crowd);
    let same = |change: &&crate::model::PlannedChange| {
        change.action == Action::Replace || change.action == Action::Update
    };
    let kept = crowd.changes.iter().filter(same).filter(|change| change.before == change.after).count();
    // A secret that is sent again stands on one side only, so that no part is without a difference.
    assert!(kept > 0);
    assert_eq!(text.matches("\n--- live\t").count(), 50_000);
    assert_eq!(text.matches("\n+++ declared\t").count(), 50_000);
    let begins = |line: &str| line.is_empty() || line.starts_with(['#', '-', '+', '@', ' ']);
    assert!(text.lines().all(begins));
    assert!(!text.contains(['\u{202e}', '\u{1b}', '\u{200b}', '\r']));
}
