//! What a journal may hold, and what it may not.

use serde_json::{Value as Json, json};

use super::Run;
use crate::provider;

fn plan() -> Json {
    json!({"event": "plan", "journal_version": 1, "at": "2027-01-01T00:00:00Z", "accounts": [{"account": "kalem", "provider": "kalem", "allowed": 3}]})
}

fn change() -> Json {
    json!({
        "event": "change", "address": "kalem.trunk.Main", "provider": "kalem", "action": "update", "read_as": null, "id": 7,
        "before": {"name": "Main", "port": 5060}, "changed": ["port"], "sensitive": [],
    })
}

fn begin(step: u32) -> Json {
    json!({"event": "begin", "step": step, "address": "kalem.trunk.Main", "verb": "update", "method": "PUT", "path": "/trunks/7", "body": {"port": 5061}})
}

fn end(step: u32, outcome: &str) -> Json {
    json!({"event": "end", "step": step, "outcome": outcome, "status": 200, "id": null})
}

fn text(lines: &[Json]) -> String {
    lines.iter().map(|line| format!("{line}\n")).collect()
}

fn with(mut line: Json, pointer: &str, value: Json) -> Json {
    *line.pointer_mut(pointer).unwrap() = value;
    line
}

/// The changes that are undone, of all accounts.
fn undone(text: &str) -> usize {
    Run::read("j", text, provider::get).unwrap().pasts().iter().map(|past| past.recorded.len()).sum()
}

#[test]
fn only_what_began_is_undone_and_a_failed_creation_is_none() {
    assert_eq!(undone(&text(&[plan(), change()])), 0);
    assert_eq!(undone(&text(&[plan(), change(), begin(1)])), 1);
    let mut created = with(change(), "/action", json!("create"));
    created["before"] = Json::Null;
    for (lines, count) in [
        (vec![begin(1)], 1),
        (vec![begin(1), end(1, "uncertain")], 1),
        (vec![begin(1), end(1, "done")], 1),
        (vec![begin(1), end(1, "failed")], 0),
    ] {
        let lines = [vec![plan(), created.clone()], lines].concat();
        assert_eq!(undone(&text(&lines)), count, "{lines:?}");
    }
}

#[test]
fn the_last_run_counts_and_a_line_cut_by_a_kill_is_passed_over() {
    let first = text(&[plan(), change(), begin(1), end(1, "done")]);
    let cut = r#"{"event":"end","st"#;
    let run = Run::read("j", &format!("{first}{cut}\n{}", text(&[plan(), change()])), provider::get).unwrap();
    assert!(run.pasts().is_empty(), "nothing of the second run began");
    assert!(run.notes[0].message.contains("2 runs"), "{:?}", run.notes);
    assert_eq!(undone(&format!("{first}{cut}")), 1);
    let old = text(&[begin(1), end(1, "done")]);
    assert_eq!(undone(&format!("{old}{first}")), 1, "a version that wrote no plan");
}

#[test]
fn what_contradicts_itself_is_refused_with_its_line() {
    let whole = [plan(), change(), begin(1), end(1, "done")];
    let replaced = |at: usize, line: Json| {
        let mut lines = whole.to_vec();
        lines[at] = line;
        text(&lines)
    };
    let cases = [
        (String::new(), "earlier version"),
        (text(&[begin(1)]), "earlier version"),
        ("trunks: []\n".into(), "line 1: it is no line of a journal"),
        ("{".into(), "line 1: it is no line of a journal"),
        (text(&whole).replacen("}}\n", "}\n", 1), "line 3: it is no line of a journal"),
        (format!("{}{{\n", text(&whole)), "line 5: it is no line of a journal"),
        (text(&[change()]), "line 1: a change before any run"),
        (replaced(0, with(plan(), "/journal_version", json!(2))), "line 1: its journal_version is 2"),
        (replaced(0, with(plan(), "/accounts/0/provider", json!("nobody"))), "`nobody` is not a platform"),
        (
            replaced(1, with(change(), "/address", json!("eu.trunk.Main"))),
            "line 2: `eu.trunk.Main` is of no account",
        ),
        (replaced(1, with(change(), "/address", json!("kalem.agent.Main"))), "is never changed"),
        (replaced(1, with(change(), "/provider", json!("bolna"))), "not of `bolna`"),
        (replaced(1, with(change(), "/read_as", json!("kalem.number.Main"))), "was not read as"),
        (replaced(1, with(change(), "/before", Json::Null)), "does not go with `update`"),
        (replaced(1, with(change(), "/action", json!("create"))), "does not go with `create`"),
        (replaced(1, with(change(), "/action", json!("burn"))), "line 2: it is no line of a journal"),
        (replaced(1, with(change(), "/before/port", json!("high"))), "`port` of a trunk can't be `\"high\"`"),
        (replaced(1, with(change(), "/before", json!({"colour": 1}))), "a trunk has no attribute `colour`"),
        (replaced(1, with(change(), "/changed/0", json!("colour"))), "a trunk has no attribute `colour`"),
        (replaced(2, change()), "line 3: `kalem.trunk.Main` is changed twice"),
        (replaced(3, begin(1)), "line 4: step 1 begins twice"),
        (replaced(3, end(2, "done")), "line 4: step 2 ends, and never began"),
        (
            replaced(3, with(end(1, "done"), "/outcome", json!("perhaps"))),
            "line 4: it is no line of a journal",
        ),
    ];
    for (text, wrong) in cases {
        let why = Run::read("j", &text, provider::get).map(|run| format!("{run:?}")).expect_err(&text);
        assert!(why.contains(wrong) && why.starts_with("`j`"), "{why}\nand not {wrong}");
    }
}

#[test]
fn a_secret_that_a_journal_holds_in_the_clear_goes_no_further() {
    let mut planted = with(change(), "/before", json!({"name": "Main", "password": "planted"}));
    planted["changed"] = json!(["password"]);
    let sent = with(begin(1), "/body", json!({"password": "planted"}));
    let run = Run::read("j", &text(&[plan(), planted, sent]), provider::get).unwrap();
    assert!(!format!("{run:?}").contains("planted"), "{run:?}");
}
