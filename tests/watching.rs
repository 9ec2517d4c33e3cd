//! `validate` and `drift` as CI and timers run them: one document a run whatever the exit code, silence where nothing differs, known noise.

#![allow(clippy::unwrap_used, reason = "a test stops where it can't go on")]

mod support;

use std::fs;
use std::path::Path;

use serde_json::{Value as Json, json};
use support::{Live, Run};

const FIRST: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/01-first-trunk-and-number");
const MOVE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/02-move-numbers-to-a-new-trunk");
const MISTAKES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/06-mistakes");

fn example(folder: &str) -> Live {
    Live::start_with(&fs::read_to_string(Path::new(folder).join("live.json")).unwrap())
}

#[test]
fn findings_are_one_document_whatever_the_exit_code() {
    for (folder, code) in [(FIRST, 0), (MISTAKES, 1)] {
        let run = |format| Run::offline(Path::new(folder), &["validate", "--format", format]);
        let json: Json = serde_json::from_str(&run("json").stdout_of(code)).unwrap();
        let sarif: Json = serde_json::from_str(&run("sarif").stdout_of(code)).unwrap();
        let count = |list: &Json| list.as_array().unwrap().len();
        assert_eq!(count(&sarif["runs"][0]["results"]), count(&json["diagnostics"]));
        let junit = run("junit").stdout_of(code);
        assert_eq!(junit.contains("<failure "), code == 1, "{junit}");
        assert!(junit.ends_with("</testsuites>\n"), "{junit}");
        assert_eq!((run("sarif").stderr, run("junit").stderr), (String::new(), String::new()));
    }
}

#[test]
fn strict_makes_failures_of_warnings() {
    let work = tempfile::tempdir().unwrap();
    fs::write(work.path().join("trunkform.yaml"), "provider: kalem\nnumbers:\n  - number: +14155552600\n")
        .unwrap();
    let run = |args: &[&str]| Run::offline(work.path(), &[&["validate", "--format", "junit"], args].concat());
    assert!(run(&[]).stdout_of(0).contains(r#" failures="0""#));
    assert!(run(&["--strict"]).stdout_of(1).contains(r#"<failure type="NUM002""#));
}

#[test]
fn a_loop_over_an_unchanged_world_is_one_quiet_line_each() {
    let (live, work) = (example(FIRST), tempfile::tempdir().unwrap());
    let file = fs::read_to_string(Path::new(FIRST).join("trunkform.yaml")).unwrap();
    // With a warning of the file: it is for `validate` to say, not for each tick of a timer.
    let unquoted = file.replace("\"+14155552600\"", "+14155552600");
    assert_ne!(file, unquoted);
    fs::write(work.path().join("trunkform.yaml"), unquoted).unwrap();
    live.run_in(work.path(), &["apply", "--auto-approve"]).stdout_of(0);
    assert!(Run::offline(work.path(), &["validate"]).stdout.contains("NUM002"));
    live.forget_requests();
    for _ in 0..3 {
        let run = live.run_in(work.path(), &["drift"]);
        assert_eq!(run.stdout_of(0), "IN SYNC: what is live is as declared (2 resources).\n");
        assert_eq!(run.stderr, "");
    }
    assert_eq!(live.writes(), "");
}

#[test]
fn known_noise_is_shown_and_does_not_count() {
    let live = example(MOVE);
    let run = |args: &[&str]| live.run_in(Path::new(MOVE), &[&["drift"], args].concat());
    run(&["--ignore", "number.*"]).stdout_of(2);
    let quiet = run(&["--ignore", "number.*", "--ignore", "kalem.trunk.Carrier ?:2026-01-01"]);
    let line = quiet.stdout_of(0);
    assert!(line.starts_with("IN SYNC: ") && line.contains("ignored: kalem.trunk.Carrier A"), "{line}");
    assert_eq!((line.matches('\n').count(), &*quiet.stderr), (1, ""));

    let over = run(&["--ignore", "number.*", "--ignore", "trunk.*:2025-12-31"]);
    assert!(over.stdout_of(2).contains("\nIgnored: kalem.number."), "{over:?}");
    assert_eq!(over.stderr, "`--ignore trunk.*:2025-12-31` is over: it counts again\n");
    let missed = run(&["--ignore", "trunk.Carier A", "--ignore", "*"]);
    missed.stdout_of(0);
    let told = "`--ignore trunk.Carier A` matches nothing that is declared or live; did you mean `trunk.Carrier A`?\n";
    assert_eq!(missed.stderr, told);
    let wrong = run(&["--ignore", "trunk.*:2026-02-30"]);
    assert!(wrong.code == 1 && wrong.stderr.contains("`2026-02-30` is no day"), "{wrong:?}");

    let plan: Json =
        serde_json::from_str(&run(&["--ignore", "trunk.*", "--format", "json"]).stdout_of(2)).unwrap();
    assert_eq!(plan["trunkform"]["ignored"], json!(["kalem.trunk.Carrier A", "kalem.trunk.Carrier B"]));
    assert_eq!(live.writes(), "");
}

#[test]
fn drift_is_told_to_machines_also_where_nothing_could_be_read() {
    let live = example(MOVE);
    let run = |args: &[&str]| live.run_in(Path::new(MOVE), args);
    let junit = run(&["drift", "--format", "junit"]).stdout_of(2);
    assert!(
        junit.contains(r#"<testsuites name="trunkform drift" tests="6" failures="5" errors="0">"#),
        "{junit}"
    );
    let text = run(&["drift", "--format", "prometheus"]).stdout_of(2);
    let moved = r#"trunkform_drift_resources{account="kalem",kind="number",action="update"} 3"#;
    assert!(text.contains(moved) && text.contains("trunkform_last_run_success 1\n"), "{text}");
    assert!(text.contains("trunkform_last_run_timestamp_seconds 1767225600\n"), "{text}");

    live.fault(&["status=403,method=GET"]);
    for failed in [
        |live: &Live, format: &str| live.run_in(Path::new(MOVE), &["drift", "--format", format]),
        |_: &Live, format: &str| Run::offline(Path::new(MOVE), &["drift", "--format", format]),
        |_: &Live, format: &str| Run::offline(Path::new(MISTAKES), &["drift", "--format", format]),
    ] {
        let text = failed(&live, "prometheus").stdout_of(1);
        assert!(text.ends_with("trunkform_last_run_success 0\n") && !text.contains("kalem"), "{text}");
        let junit = failed(&live, "junit").stdout_of(1);
        assert!(junit.contains("<error ") && !junit.contains(r#"errors="0""#), "{junit}");
        assert!(!failed(&live, "human").stdout.contains("IN SYNC"));
    }
}
