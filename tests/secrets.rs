//! A planted password and a planted token are searched for in everything that a run leaves behind.
//! What a run prints is searched in every test (`support::Run`); here it is the files and the logs.

#![allow(clippy::unwrap_used, reason = "a test stops where it can't go on")]

mod support;

use std::path::Path;

use support::{Live, PASSWORD, Run, TOKEN, command};

fn assert_clean(what: &str, text: &str) {
    for secret in [PASSWORD, TOKEN] {
        assert!(!text.contains(secret), "a secret in {what}: {text}");
    }
}

#[test]
fn no_plan_journal_log_or_state_holds_a_secret() {
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/04-replace-a-trunk-under-its-numbers");
    let work = tempfile::tempdir().unwrap();
    let path = |name: &str| work.path().join(name).to_string_lossy().into_owned();
    let live = Live::start_with(&std::fs::read_to_string(example.join("live.json")).unwrap());
    let run = |args: &[&str]| {
        let mut command = command(&example, args);
        command
            .env("TRUNKFORM_URL_KALEM", live.base())
            .env("TRUNKFORM_TOKEN_KALEM", TOKEN)
            .env("TRUNKFORM_LOG", "trace");
        Run::of(command)
    };
    run(&["plan", "--out", &path("plan.json")]).stdout_of(0);
    run(&["show", &path("plan.json")]).stdout_of(0);
    run(&["apply", "--plan", &path("plan.json"), "--journal", &path("journal.jsonl")]).stdout_of(0);
    let sent = live
        .sandbox
        .requests()
        .iter()
        .any(|r| r.body.as_ref().is_some_and(|b| b.to_string().contains("(sensitive value)")));
    assert!(sent, "the password was sent");

    for file in ["plan.json", "journal.jsonl"] {
        let text = std::fs::read_to_string(work.path().join(file)).unwrap();
        assert!(text.len() > 50, "{file} is there");
        assert_clean(file, &text);
    }
    assert_clean("the sandbox's log", &format!("{:?}", live.sandbox.requests()));
    assert_clean("the sandbox's state", &live.sandbox.snapshot().to_string());
}

#[test]
fn a_platform_that_repeats_the_password_is_not_repeated() {
    // The sandbox answers with a validation message; the client takes out what it sent, should it stand there.
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/04-replace-a-trunk-under-its-numbers");
    let live = Live::start_with(&std::fs::read_to_string(example.join("live.json")).unwrap());
    live.fault(&["status=422,method=POST"]);
    let run = live.run_in(&example, &["apply", "--auto-approve"]);
    assert_eq!(run.code, 4, "{run:?}");
}

#[test]
fn a_literal_password_is_not_repeated_by_any_command() {
    let work = tempfile::tempdir().unwrap();
    let file = format!(
        "provider: kalem\ntrunks:\n  - name: A\n    direction: inbound\n    auth_type: digest\n    username: u\n    password: {PASSWORD}\n"
    );
    std::fs::write(work.path().join("trunkform.yaml"), file).unwrap();
    for args in [
        &["validate"][..],
        &["validate", "--format", "json"],
        &["plan", "--sandbox"],
        &["apply", "--sandbox", "--auto-approve"],
    ] {
        let run = Run::offline(work.path(), args);
        assert_eq!(run.code, 1, "{run:?}");
        assert!(format!("{}{}", run.stdout, run.stderr).contains("SEC001"), "{run:?}");
    }
}
