//! What a terminal shows while accounts are read and steps are sent, what is left of it, and what a log gets instead.

#![allow(clippy::unwrap_used, reason = "a test stops where it can't go on")]

mod screen;
#[path = "../support/mod.rs"]
mod support;

use std::fs;
use std::path::Path;
use std::process::Command;

use screen::Shown;
use serde_json::{Value as Json, json};
use support::{Live, PASSWORD, Run, TOKEN};
use trunkform::sandbox;

const MOVE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/02-move-numbers-to-a-new-trunk");
const THREE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/12-three-platforms");
const NOTHING: (&str, &str) = ("", "");

fn example(folder: &str) -> Live {
    Live::start_with(&fs::read_to_string(Path::new(folder).join("live.json")).unwrap())
}

/// Three pages of numbers, of which a file declares one as it is.
fn pages() -> (Live, tempfile::TempDir) {
    let number = |n: u64| json!({"id": n, "number": format!("+1415555{:04}", 2000 + n), "provider": "manual", "status": "active"});
    let live =
        Live::start(json!({"kalem": {"trunks": [], "numbers": (1..=250).map(number).collect::<Json>()}}));
    let work = tempfile::tempdir().unwrap();
    let file = "provider: kalem\nnumbers:\n  - number: \"+14155552001\"\n    status: active\n";
    fs::write(work.path().join("trunkform.yaml"), file).unwrap();
    (live, work)
}

/// The binary as a terminal gets it; `words` is for a shell, so that stdout may go elsewhere.
fn shell(live: &Live, folder: &Path, words: &str) -> Command {
    let mut command = Command::new("/bin/sh");
    command.args(["-c", &format!("exec \"$0\" {words}"), env!("CARGO_BIN_EXE_trunkform")]);
    command
        .current_dir(folder)
        .env_clear()
        .env("TERM", "xterm-256color")
        .env("SOURCE_DATE_EPOCH", "1767225600");
    command.env("MAIN_TRUNK_PASSWORD", PASSWORD);
    for (platform, mount) in sandbox::routes() {
        let account = platform.to_uppercase();
        command.env(format!("TRUNKFORM_URL_{account}"), format!("{}{mount}", live.sandbox.base()));
        command.env(format!("TRUNKFORM_TOKEN_{account}"), TOKEN);
    }
    command
}

fn shown(command: Command) -> Shown {
    screen::run(command, 80, NOTHING)
}

#[test]
fn a_reading_says_how_far_it_is_and_what_it_waits_for() {
    for (fault, says) in [
        ("429,path=/numbers,nth=2,retry-after=4", ": the platform asked for it (429), "),
        ("status=503,path=/numbers,nth=2,retry-after=4", " s for try 2 of 4: 503, "),
    ] {
        let (live, work) = pages();
        live.fault(&[fault]);
        let shown = screen::run(shell(&live, work.path(), "drift"), 100, NOTHING);
        assert!(shown.had(&["kalem: ", " of 253 read, waiting ", says, " requests"]), "{shown:?}");
        let left = shown.last();
        assert!(left.starts_with("IN SYNC: ") && left.lines().count() == 1, "nothing else is left: {left}");
        assert_eq!(shown.code, 0);
    }
}

#[test]
fn a_narrow_terminal_cuts_lines_off_and_wraps_none() {
    let (live, work) = pages();
    live.fault(&["429,path=/numbers,nth=2,retry-after=4"]);
    let mut command = shell(&live, work.path(), "drift >/dev/null");
    command.env("NO_COLOR", "1");
    let shown = screen::run(command, 40, NOTHING);
    assert!(shown.lines().any(|line| line.starts_with("kalem: ") && line.contains("waiting ")), "{shown:?}");
    assert!(
        shown.moments.iter().all(|moment| moment.lines().count() <= 1),
        "one account is one line: {shown:?}"
    );
    assert!(!shown.raw.contains("\u{1b}[3") && shown.last().is_empty(), "{shown:?}");
}

#[test]
fn ctrl_c_leaves_no_line_behind() {
    let (live, work) = pages();
    live.fault(&["429,path=/numbers,nth=2,retry-after=20"]);
    let shown = screen::run(shell(&live, work.path(), "plan"), 80, ("waiting ", "\u{3}"));
    assert_eq!(shown.code, 130);
    assert!(!shown.last().contains("waiting ") && shown.last().contains("interrupted"), "{shown:?}");
}

#[test]
fn an_apply_says_what_is_left_and_what_it_waits_for() {
    let live = example(MOVE);
    live.fault(&["429,method=PUT,nth=1,retry-after=3", "status=422,method=DELETE,effect=before"]);
    let shown = shown(shell(&live, Path::new(MOVE), "apply --auto-approve --parallelism 1 >/dev/null"));
    assert!(shown.had(&["kalem: waiting ", ": the platform asked for it (429)"]), "{shown:?}");
    assert!(shown.had(&["/5] about ", " left, ", " so far"]), "{shown:?}");
    let last = shown.last();
    assert!(last.contains("[5/5] delete kalem.trunk.Carrier A… failed: "), "what failed stays: {last}");
    assert!(!last.contains(" so far") && !last.contains("waiting ") && !last.contains("… done"), "{last}");
    assert_eq!(shown.code, 4);
}

#[test]
fn plain_lines_where_lines_can_not_be_written_over() {
    for (name, value) in [("CI", "1"), ("TERM", "dumb"), ("TRUNKFORM_LOG", "warn")] {
        let live = example(MOVE);
        let mut command = shell(&live, Path::new(MOVE), "apply --auto-approve >/dev/null");
        let shown = shown({
            command.env(name, value);
            command
        });
        assert!(!shown.raw.contains('\u{1b}'), "{name}: {shown:?}");
        let lines: Vec<_> = shown.last().lines().collect();
        assert_eq!(lines.len(), 5, "{name}: a line a step, none for a short reading: {shown:?}");
        assert!(lines.iter().all(|line| line.ends_with("… done")), "{name}: {shown:?}");
    }
}

#[test]
fn a_loop_over_unchanged_accounts_of_each_platform_is_one_line_each() {
    let live = example(THREE);
    live.run_in(Path::new(THREE), &["apply", "--auto-approve"]).stdout_of(0);
    live.forget_requests();
    for _ in 0..3 {
        let run = live.run_in(Path::new(THREE), &["drift"]);
        let line = run.stdout_of(0);
        assert!(line.starts_with("IN SYNC: ") && line.matches('\n').count() == 1, "{run:?}");
        assert_eq!(run.stderr, "");
        let shown = screen::run(shell(&live, Path::new(THREE), "drift"), 100, NOTHING);
        assert_eq!((shown.last(), shown.code), (line.trim_end(), 0));
    }
    assert_eq!(live.writes(), "");
}

#[test]
fn logs_are_records_with_the_names_of_the_conventions() {
    let (live, work) = pages();
    live.fault(&["status=503,path=/numbers,nth=1,retry-after=0", "429,path=/trunks,nth=1,retry-after=1"]);
    let mut command = support::command(work.path(), &["drift"]);
    command.env("TRUNKFORM_URL_KALEM", live.base()).env("TRUNKFORM_TOKEN_KALEM", TOKEN);
    let run = Run::of({
        command.env("TRUNKFORM_LOG", "json,trunkform=debug");
        command
    });
    run.stdout_of(0);
    let records: Vec<Json> = run.stderr.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let told = |body: &str, path: &str| {
        let of = |record: &&Json| {
            record["body"] == *body && record["attributes"]["url.path"] == format!("/kalem/api/v1{path}")
        };
        records.iter().find(of).unwrap_or_else(|| panic!("{body} {path}: {run:?}"))["attributes"].clone()
    };
    let port: u16 = live.base().rsplit_once(':').unwrap().1.split('/').next().unwrap().parse().unwrap();
    for (path, status, wait) in [("/numbers", 503, 0), ("/trunks", 429, 1000)] {
        let expected = json!({
            "trunkform.account": "kalem", "http.request.method": "GET", "url.path": format!("/kalem/api/v1{path}"),
            "server.address": "127.0.0.1", "server.port": port, "http.response.status_code": status,
            "http.request.resend_count": 1, "error.type": status.to_string(), "error.message": status.to_string(),
            "trunkform.wait_ms": wait,
        });
        assert_eq!(told("waiting to try again", path), expected);
    }
    assert_eq!(told("request", "/numbers")["error.type"], "503");
    assert!(records.iter().all(|record| record["scope"].as_str().unwrap().starts_with("trunkform")));
    assert!(!run.stderr.contains("per_page"), "no query: {run:?}");
}
