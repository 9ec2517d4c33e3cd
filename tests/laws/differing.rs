//! What is a difference, and what it costs.

use trunkform::engine::PlanArgs;
use trunkform::model::{AccountConfig, Action, Change, Pattern, State, Value};

use crate::accounts::{changes, compare};
use crate::fake::{file, live, number, platforms, trunk};

fn only(mut changes: Vec<Change>) -> Change {
    assert_eq!(changes.len(), 1, "{changes:?}");
    changes.remove(0)
}

/// What differs, and what is sent again.
fn rotated(config: &AccountConfig, observed: State, pattern: &str) -> Vec<Change> {
    let args = PlanArgs { rotate: vec![Pattern::new(pattern)], ..PlanArgs::default() };
    compare(platforms, config, observed, &args).1
}

#[test]
fn what_one_side_does_not_name_is_not_compared() {
    let observed = live([trunk("A").id(1).port(5080), trunk("B").id(2)]);
    assert!(changes(&file([trunk("A"), trunk("B").port(5090)]), observed).is_empty());
}

#[test]
fn null_clears_and_a_default_is_null() {
    let observed = || live([trunk("A").id(1).text("host", "a.example").port(5060)]);
    let cleared = only(changes(&file([trunk("A").set("host", Value::Null)]), observed()));
    assert_eq!((cleared.action, cleared.reason.as_str()), (Action::Update, "`host` differs"));
    assert!(changes(&file([trunk("A").set("port", Value::Null)]), observed()).is_empty());
}

#[test]
fn a_creation_has_all_that_the_file_names() {
    let create = only(changes(&file([trunk("A").port(5080).set("host", Value::Null)]), live([])));
    assert_eq!((create.action, create.reason.as_str()), (Action::Create, "in the file, not live"));
    assert_eq!(create.attributes.iter().map(|a| a.name).collect::<Vec<_>>(), ["name", "host", "port"]);
}

#[test]
fn a_secret_never_differs_and_is_sent_again_when_rotated() {
    let config = file([trunk("A").password().port(5080), trunk("B").id(2)]);
    let observed = live([trunk("A").id(1).port(5080), trunk("B").id(2)]);
    assert!(changes(&config, observed.clone()).is_empty());
    let rotated = only(rotated(&config, observed, "trunk.*"));
    assert_eq!((rotated.action, rotated.reason.as_str()), (Action::Update, "`--rotate`"));
    assert!(matches!(rotated.after("password"), Some(Value::Secret(_))));
}

#[test]
fn a_rotation_says_what_else_differs() {
    let config = file([trunk("A").password().port(5080)]);
    let rotated = only(rotated(&config, live([trunk("A").id(1).port(5060)]), "fake.trunk.A"));
    assert_eq!(rotated.reason, "`port` differs; `--rotate`");
    assert_eq!(rotated.attributes.len(), 2);
}

#[test]
fn what_is_made_anew_keeps_what_the_file_does_not_name() {
    let config = file([trunk("A").text("direction", "outbound").password()]);
    let live_one = trunk("A").id(1).text("direction", "inbound").port(5080).text("host", "");
    let change = only(changes(&config, live([live_one])));
    assert_eq!(change.action, Action::Replace);
    assert_eq!(
        change.reason,
        "`direction` differs, which can't be changed in place; kept from the live one: `port`"
    );
    let after = &change.after.as_ref().unwrap().attributes;
    assert_eq!(after.get("port"), Some(&Value::Int(5080)));
    assert!(after.get("host").is_none() && after.get("password").is_some());
}

#[test]
fn several_differences_are_one_change() {
    let config = file([number("+1").on("A").text("status", "active"), trunk("A"), trunk("B")]);
    let observed =
        live([trunk("A").id(1), trunk("B").id(2), number("+1").id(3).on("B").text("status", "inactive")]);
    assert_eq!(only(changes(&config, observed)).reason, "`trunk` and `status` differ");
}
