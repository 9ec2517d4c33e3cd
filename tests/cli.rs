//! The command line as scripts rely on it: exit codes, what goes to which stream, what is asked.

#![allow(clippy::unwrap_used, reason = "a test stops where it can't go on")]

#[path = "cli/listings.rs"]
mod listings;
mod support;

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use expectrl::process::unix::WaitStatus;
use expectrl::session::{OsSession, Session};
use expectrl::{ControlCode, Expect as _};
use serde_json::{Value as Json, json};
use support::{Live, Run, TOKEN, command};
use trunkform::render::document::Document;

const FIRST: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/01-first-trunk-and-number");
const MOVE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/02-move-numbers-to-a-new-trunk");
const MISTAKES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/06-mistakes");

fn offline(args: &[&str]) -> Run {
    Run::offline(Path::new(FIRST), args)
}

fn example(folder: &str) -> Live {
    Live::start_with(&fs::read_to_string(Path::new(folder).join("live.json")).unwrap())
}

fn document(run: &Run) -> Json {
    assert_eq!(run.stdout.matches('\n').count(), 1, "one line: {run:?}");
    serde_json::from_str(&run.stdout).unwrap_or_else(|why| panic!("{why}: {run:?}"))
}

#[test]
fn a_wrong_use_is_an_error_and_help_is_not() {
    let wrong: [(&[&str], &str); 9] = [
        (&[], "Usage: trunkform <COMMAND>"),
        (&["prune"], "unrecognized subcommand 'prune'"),
        (&["plan", "--frobnicate"], "unexpected argument '--frobnicate'"),
        (&["plan", "--format", "yaml"], "invalid value 'yaml' for '--format <FORMAT>'"),
        (&["apply", "--format", "markdown"], "invalid value 'markdown' for '--format <FORMAT>'"),
        (&["validate", "--format", "checkstyle"], "invalid value 'checkstyle' for '--format <FORMAT>'"),
        (
            &["apply", "--plan", "p.json", "trunkform.yaml"],
            "'--plan <FILE>' cannot be used with '[PATHS]...'",
        ),
        (&["apply", "--parallelism", "0"], "write a number from 1 to 256"),
        (&["export"], "which platform? Write `--provider kalem`"),
    ];
    for (args, says) in wrong {
        let run = offline(args);
        assert_eq!((run.code, &*run.stdout), (1, ""), "{args:?}: {run:?}");
        assert!(run.stderr.contains(says), "{args:?}: {run:?}");
    }
    for (args, says) in [
        (&["--help"][..], "Usage: trunkform <COMMAND>"),
        (&["help", "apply"], "Usage: trunkform apply [OPTIONS] [PATHS]..."),
        (&["--version"], concat!("trunkform ", env!("CARGO_PKG_VERSION"), "\n")),
        (&["plan", "--help"], "Usage: trunkform plan [OPTIONS] [PATHS]..."),
    ] {
        let run = offline(args);
        assert!(run.stdout_of(0).contains(says) && run.stderr.is_empty(), "{args:?}: {run:?}");
    }
}

#[test]
fn validate_has_an_exit_code_in_every_format() {
    for format in ["human", "json", "github", "sarif", "junit"] {
        assert_eq!(offline(&["validate", "--format", format]).code, 0, "{format}");
        assert_eq!(Run::offline(Path::new(MISTAKES), &["validate", "--format", format]).code, 1, "{format}");
    }
    let found = document(&Run::offline(Path::new(MISTAKES), &["validate", "--format", "json"]));
    assert!(found["errors"].as_u64().unwrap() > 5 && found["diagnostics"][0]["line"].is_u64(), "{found}");
    let work = tempfile::tempdir().unwrap();
    let unquoted = "provider: kalem\nnumbers:\n  - number: +14155552600\n";
    fs::write(work.path().join("trunkform.yaml"), unquoted).unwrap();
    assert_eq!(Run::offline(work.path(), &["validate"]).code, 0);
    assert_eq!(Run::offline(work.path(), &["validate", "--strict"]).code, 1);
}

#[test]
fn without_a_terminal_apply_says_what_to_write_and_sends_nothing() {
    let live = example(MOVE);
    let run = live.run_in(Path::new(MOVE), &["apply"]);
    assert_eq!(run.code, 1, "{run:?}");
    assert!(run.stderr.contains("--auto-approve") && run.stderr.contains("--plan"), "{run:?}");
    let run = live.run_in(Path::new(MOVE), &["apply", "--format", "json"]);
    assert_eq!((run.code, &document(&run)["converged"]), (1, &json!(false)));
    assert_eq!(live.writes(), "");
}

#[test]
fn a_saved_plan_is_shown_as_it_was_applied_once_and_then_stale() {
    let (live, work) = (example(MOVE), tempfile::tempdir().unwrap());
    let file = work.path().join("plan.json").to_string_lossy().into_owned();
    let human = live.run_in(Path::new(MOVE), &["plan", "--out", &file]).stdout_of(0);
    let saved = fs::read_to_string(&file).unwrap();
    let requests = live.sandbox.requests().len();
    assert_eq!(offline(&["show", &file]).stdout_of(0), human);
    assert_eq!(offline(&["show", &file, "--format", "json"]).stdout_of(0), saved);
    assert!(offline(&["graph", "--plan", &file]).stdout_of(0).contains("s1 --> s2"));
    assert_eq!(live.sandbox.requests().len(), requests, "show and graph ask nobody");

    let applied = live.run_in(Path::new(MOVE), &["apply", "--plan", &file]);
    assert!(applied.stdout_of(0).ends_with("Apply complete! Resources: 1 added, 3 changed, 1 destroyed.\n"));
    assert!(applied.stderr.contains("[5/5] delete kalem.trunk.Carrier A… done"), "{}", applied.stderr);
    live.forget_requests();
    let again = live.run_in(Path::new(MOVE), &["apply", "--plan", &file, "--format", "json"]);
    let report = document(&again);
    assert_eq!((again.code, &report["refusals"][0]["code"]), (3, &json!("PLN004")), "{again:?}");
    assert!(again.stderr.contains("kalem.trunk.Carrier A"), "{again:?}");
    assert_eq!(live.writes(), "");
}

#[test]
fn a_saved_plan_that_was_tampered_with_is_not_sent() {
    let (live, work) = (example(MOVE), tempfile::tempdir().unwrap());
    let file = work.path().join("plan.json").to_string_lossy().into_owned();
    live.run_in(Path::new(MOVE), &["plan", "--out", &file]).stdout_of(0);
    let mut plan: Json = serde_json::from_str(&fs::read_to_string(&file).unwrap()).unwrap();
    plan["trunkform"]["steps"][0]["request"]["body"]["name"] = "${env:MAIN_TRUNK_PASSWORD}".into();
    fs::write(&file, plan.to_string()).unwrap();
    live.forget_requests();
    let run = live.run_in(Path::new(MOVE), &["apply", "--plan", &file]);
    assert!(run.code == 1 && run.stderr.contains("it is no secret"), "{run:?}");
    assert_eq!(live.sandbox.requests().len(), 0);
    assert_eq!(offline(&["show", &file]).code, 1);
    assert_eq!(document(&offline(&["show", &file, "--format", "json"]))["errored"], json!(true));
}

#[test]
fn a_saved_plan_that_writes_elsewhere_is_stale() {
    let (live, work) = (example(MOVE), tempfile::tempdir().unwrap());
    let file = work.path().join("plan.json").to_string_lossy().into_owned();
    live.run_in(Path::new(MOVE), &["plan", "--out", &file]).stdout_of(0);
    let saved = fs::read_to_string(&file).unwrap();
    assert!(saved.contains("/numbers/13"), "{saved}");
    for other in ["/numbers/99", "/numbers/12", "/numbers"] {
        let edited = saved.replacen("/numbers/13", other, 1);
        fs::write(&file, &edited).unwrap();
        let run = live.run_in(Path::new(MOVE), &["apply", "--plan", &file]);
        assert!(run.code == 1 && run.stderr.contains("`seal` does not match"), "{other}: {run:?}");
        // Whoever seals it again does not get far either.
        fs::write(&file, Document::parse(&edited).unwrap().sealed().to_line()).unwrap();
        let run = live.run_in(Path::new(MOVE), &["apply", "--plan", &file]);
        assert!(run.code == 3 && run.stderr.contains("PLN004"), "{other}: {run:?}");
    }
    assert_eq!(live.writes(), "");
    fs::write(&file, saved).unwrap();
    live.run_in(Path::new(MOVE), &["apply", "--plan", &file]).stdout_of(0);
}

#[test]
fn a_pattern_that_matches_nothing_is_an_error() {
    let live = example(MOVE);
    let run = |args: &[&str]| live.run_in(Path::new(MOVE), args);
    for option in ["--target", "--rotate"] {
        let missed = run(&["plan", option, "trunk.Carier A", "--format", "json"]);
        assert_eq!((missed.code, &document(&missed)["errored"]), (1, &json!(true)), "{missed:?}");
        assert!(missed.stderr.contains("did you mean `trunk.Carrier A`?"), "{missed:?}");
        run(&["plan", option, "trunk.Carrier A"]).stdout_of(0);
    }
}

/// An account with 101 numbers: the last one is on a page of its own.
fn two_pages() -> Json {
    let number = |id: u32| json!({"id": id, "number": format!("+1415555{id}"), "provider": "twilio", "status": "active"});
    json!({"kalem": {"trunks": [], "numbers": (1001..=1101).map(number).collect::<Vec<_>>()}})
}

fn declaring(numbers: &[u32]) -> tempfile::TempDir {
    let work = tempfile::tempdir().unwrap();
    let number = |id: &u32| format!("  - {{number: \"+1415555{id}\", provider: twilio}}\n");
    let numbers: String = numbers.iter().map(number).collect();
    fs::write(work.path().join("trunkform.yaml"), format!("provider: kalem\nnumbers:\n{numbers}")).unwrap();
    work
}

#[test]
fn what_a_shifting_list_hid_is_not_created() {
    let (live, work) = (Live::start(two_pages()), declaring(&[1001, 1101]));
    let requests = || live.sandbox.requests().len();
    live.run_in(work.path(), &["plan", "--detailed-exitcode"]).stdout_of(0);
    let quiet = requests();
    let new = declaring(&[1001, 1200]);
    live.run_in(new.path(), &["plan", "--detailed-exitcode"]).stdout_of(2);
    assert_eq!(requests(), 3 * quiet, "to create takes a second reading, and no more");

    // Between the two pages the first row goes and another comes behind the last: the total stays, a row is on neither page.
    live.forget_requests();
    live.fault(&["latency=1s,method=GET,path=/numbers,nth=2"]);
    let mut plan = command(work.path(), &["plan", "--detailed-exitcode"]);
    plan.env("TRUNKFORM_URL_KALEM", live.base()).env("TRUNKFORM_TOKEN_KALEM", TOKEN);
    let child = plan.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    until("the second page", || {
        live.sandbox.requests().iter().filter(|request| request.path.contains("/numbers")).count() == 2
    });
    let mut state = two_pages();
    let numbers = state["kalem"]["numbers"].as_array_mut().unwrap();
    numbers.remove(1);
    numbers.push(json!({"id": 2000, "number": "+14155552000", "provider": "twilio", "status": "active"}));
    live.sandbox.replace_state(state).unwrap();
    let output = child.wait_with_output().unwrap();
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(output.status.code(), Some(0), "{told}");
}

#[test]
fn what_is_on_a_trunk_that_goes_is_always_read() {
    let live = Live::start(json!({"kalem": {
        "trunks": [{"id": 1, "name": "Main", "direction": "outbound", "auth_type": "ip", "outbound_server": "sip.example.com"}],
        "numbers": [{"id": 11, "number": "+14155552671", "provider": "manual", "status": "active", "trunk_id": 1}],
    }}));
    let planned = |direction: &str| {
        let work = tempfile::tempdir().unwrap();
        let host = if direction == "inbound" { "host" } else { "outbound_server" };
        let text = format!(
            "provider: kalem\ntrunks:\n  - {{name: Main, direction: {direction}, auth_type: ip, {host}: sip.example.com}}\n"
        );
        fs::write(work.path().join("trunkform.yaml"), text).unwrap();
        live.forget_requests();
        let plan = document(&live.run_in(work.path(), &["plan", "--format", "json"]));
        let said = plan["trunkform"]["accounts"][0]["observed"]["requests"].clone();
        assert_eq!(said, live.sandbox.requests().len(), "what was read is counted");
        (said.as_u64().unwrap(), plan["trunkform"]["impact"]["numbers_moved"].clone())
    };
    let (quiet, _) = planned("outbound");
    assert_eq!(planned("inbound"), (2 * quiet, json!(1)), "a file of trunks alone gives one up");
}

#[test]
fn a_state_that_can_not_be_kept_is_incomplete_once_something_was_sent() {
    // There is no such file, and none can be made: what is there at the start can be read, what is there at the end can't be kept.
    let args = ["apply", "--auto-approve", "--sandbox=/proc/trunkform/sandbox.json", "--format", "json"];
    let run = Run::offline(Path::new(FIRST), &args);
    let report: Json = serde_json::from_str(&run.stdout).unwrap();
    assert!(run.code == 4 && run.stderr.contains("can't be kept"), "{run:?}");
    assert!(report["steps"].as_array().is_some_and(|steps| !steps.is_empty()), "{report}");
}

#[test]
fn a_journal_or_a_plan_that_can_not_be_opened_is_one_document_too() {
    let live = example(MOVE);
    let nowhere: [&[&str]; 2] =
        [&["apply", "--auto-approve", "--journal", "/nowhere/j"], &["plan", "--out", "/nowhere/p"]];
    for args in nowhere {
        let run = live.run_in(Path::new(MOVE), &[args, &["--format", "json"]].concat());
        let why = document(&run).to_string();
        assert!(run.code == 1 && why.contains("/nowhere/"), "{run:?}");
    }
    assert_eq!(live.writes(), "");
}

#[test]
fn more_removals_than_allowed_are_planned_and_not_applied() {
    let work = tempfile::tempdir().unwrap();
    let yaml = "provider: kalem\nunlisted: delete\nlimits: {removals: 0, free: 1}\n";
    fs::write(work.path().join("trunkform.yaml"), yaml).unwrap();
    let live = example(MOVE);
    let run = |args: &[&str]| live.run_in(work.path(), args);
    let plan = run(&["plan", "--detailed-exitcode"]);
    assert!(plan.stdout_of(2).starts_with("REFUSED: "), "{plan:?}");
    let refused = run(&["apply", "--format", "json"]);
    assert_eq!(
        (refused.code, &document(&refused)["refusals"][0]["code"]),
        (3, &json!("PLN001")),
        "{refused:?}"
    );
    assert_eq!(live.writes(), "");
    let file = work.path().join("plan.json").to_string_lossy().into_owned();
    run(&["plan", "--out", &file]).stdout_of(0);
    assert_eq!(run(&["apply", "--plan", &file]).code, 3, "a saved plan keeps its refusals");
    run(&["apply", "--plan", &file, "--allow-removals", "4"]).stdout_of(0);
    assert_eq!((live.kalem("trunks").len(), live.kalem("numbers").len()), (0, 0));
}

#[test]
fn drift_is_an_exit_code() {
    let live = example(FIRST);
    let run = |args: &[&str]| live.run_in(Path::new(FIRST), args);
    assert!(run(&["drift"]).stdout_of(2).starts_with("DRIFT: "));
    run(&["apply", "--auto-approve"]).stdout_of(0);
    assert!(run(&["drift"]).stdout_of(0).starts_with("IN SYNC: "));
    assert_eq!(document(&run(&["drift", "--format", "json"]))["errored"], json!(false));
    let mut state = live.sandbox.snapshot();
    state["kalem"]["trunks"].as_array_mut().unwrap().push(
        json!({"id": 99, "name": "Fax", "direction": "inbound", "auth_type": "ip", "host": "fax.example.com"}),
    );
    live.sandbox.replace_state(state).unwrap();
    run(&["drift"]).stdout_of(0);
    run(&["drift", "--unlisted"]).stdout_of(2);
}

#[test]
fn a_failed_step_is_incomplete_and_the_report_says_which() {
    let live = example(MOVE);
    live.fault(&["status=422,method=PUT,path=/numbers/13"]);
    let run = live.run_in(Path::new(MOVE), &["apply", "--auto-approve", "--format", "json"]);
    let report = document(&run);
    let outcomes: Vec<_> =
        report["steps"].as_array().unwrap().iter().map(|step| step["outcome"].clone()).collect();
    assert_eq!(
        (run.code, outcomes),
        (4, vec![json!("done"), json!("done"), json!("done"), json!("failed"), json!("skipped")])
    );
    assert_eq!(report["steps"][3]["status"], json!(422));
    live.fault(&[]);
    let again = live.run_in(Path::new(MOVE), &["apply", "--auto-approve"]);
    assert!(again.stdout_of(0).ends_with("Apply complete! Resources: 0 added, 1 changed, 1 destroyed.\n"));
}

#[test]
fn an_embedded_sandbox_keeps_what_a_command_did() {
    let work = tempfile::tempdir().unwrap();
    let run = |args: &[&str]| Run::offline(work.path(), args);
    run(&["apply", "--sandbox", "--auto-approve", FIRST]).stdout_of(0);
    assert!(work.path().join(".trunkform/sandbox.json").exists());
    run(&["plan", "--sandbox", "--detailed-exitcode", FIRST]).stdout_of(0);
    run(&["plan", "--sandbox=other.json", "--detailed-exitcode", FIRST]).stdout_of(2);
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let mut plan = command(Path::new(FIRST), &["explain"]);
    let mut child = plan.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), &*String::from_utf8_lossy(&output.stderr)), (Some(0), ""));
}

#[test]
fn an_interrupted_apply_finishes_what_is_under_way_and_starts_nothing() {
    let live = example(MOVE);
    live.fault(&["latency=400ms,method=POST"]);
    let mut apply = command(Path::new(MOVE), &["apply", "--auto-approve", "--format", "json"]);
    apply.env("TRUNKFORM_URL_KALEM", live.base()).env("TRUNKFORM_TOKEN_KALEM", TOKEN);
    let child = apply.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let begun = || live.sandbox.requests().iter().any(|request| request.method == "POST");
    until("the first write", begun);
    terminate(child.id());
    let output = child.wait_with_output().unwrap();
    let report: Json = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((output.status.code(), &report["interrupted"]), (Some(130), &json!(true)), "{report}");
    assert_eq!(
        [&report["steps"][0]["outcome"], &report["steps"][1]["outcome"]],
        [&json!("done"), &json!("skipped")]
    );
    assert_eq!(live.writes().lines().count(), 1, "{}", live.writes());
}

#[test]
fn a_served_sandbox_says_where_it_is_and_ends_when_told() {
    let work = tempfile::tempdir().unwrap();
    let mut serve = command(work.path(), &["sandbox", "--state", "state.json"]);
    let mut child = serve.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
    let url = lines.next().unwrap().strip_prefix("export TRUNKFORM_URL_KALEM=").unwrap().to_owned();
    let token = lines.next().unwrap().strip_prefix("export TRUNKFORM_TOKEN_KALEM=").unwrap().to_owned();
    let mut apply = command(Path::new(FIRST), &["apply", "--auto-approve"]);
    apply.env("TRUNKFORM_URL_KALEM", url).env("TRUNKFORM_TOKEN_KALEM", token);
    Run::of(apply).stdout_of(0);
    terminate(child.id());
    let output = child.wait_with_output().unwrap();
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.code() == Some(0) && told.contains("POST /kalem/api/v1/trunks 201"), "{told}");
    assert!(fs::read_to_string(work.path().join("state.json")).unwrap().contains("Office PBX"));
}

#[test]
fn a_sandbox_that_others_can_reach_says_so() {
    for (listen, others) in [("0.0.0.0:0", true), ("127.0.0.1:0", false)] {
        let mut serve = command(Path::new("."), &["sandbox", "--listen", listen]);
        let mut child = serve.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines().map(Result::unwrap);
        let first = lines.next().unwrap();
        assert_eq!(first.contains("other machines can reach the sandbox"), others, "{first}");
        terminate(child.id());
        child.wait().unwrap();
    }
}

#[test]
fn what_can_not_be_written_is_no_success() {
    let (live, full) = (example(MOVE), || fs::OpenOptions::new().write(true).open("/dev/full").unwrap());
    let run = |args: &[&str]| {
        let mut command = command(Path::new(MOVE), args);
        command.env("TRUNKFORM_URL_KALEM", live.base()).env("TRUNKFORM_TOKEN_KALEM", TOKEN);
        command
    };
    for args in [&["plan"][..], &["apply", "--auto-approve"]] {
        assert_eq!(
            run(args).stdout(full()).stderr(Stdio::null()).status().unwrap().code(),
            Some(1),
            "{args:?}"
        );
    }
    let unsaved = Run::of(run(&["plan", "--out", "/nowhere/plan.json", "--format", "json"]));
    assert_eq!((unsaved.code, &document(&unsaved)["errored"]), (1, &json!(true)));
    let unjournaled =
        Run::of(run(&["apply", "--auto-approve", "--journal", "/dev/full", "--format", "json"]));
    assert_eq!((unjournaled.code, &document(&unjournaled)["steps"][0]["outcome"]), (1, &json!("skipped")));
    assert_eq!(live.writes(), "");
    let unreported = run(&["apply", "--auto-approve", "--format", "json"])
        .stdout(full())
        .stderr(Stdio::null())
        .status()
        .unwrap();
    assert_eq!((unreported.code(), live.writes().lines().count()), (Some(4), 5));
}

fn until(what: &str, happened: impl Fn() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(20);
    while !happened() {
        assert!(Instant::now() < deadline, "{what} never came");
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn terminate(process: u32) {
    assert!(Command::new("kill").args(["-TERM", &process.to_string()]).status().unwrap().success());
}

/// The binary on a terminal of its own.
fn on_a_terminal(live: &Live, folder: &str, args: &[&str]) -> OsSession {
    let mut run = Command::new(env!("CARGO_BIN_EXE_trunkform"));
    run.args(args).current_dir(folder).env_clear();
    run.env("TRUNKFORM_URL_KALEM", live.base()).env("TRUNKFORM_TOKEN_KALEM", TOKEN).env("TERM", "dumb");
    let mut session = Session::spawn(run).unwrap();
    session.set_expect_timeout(Some(Duration::from_secs(20)));
    session
}

#[test]
fn on_a_terminal_only_yes_continues() {
    for (answer, code) in [("yes", 0), ("y", 1), ("", 1)] {
        let live = example(MOVE);
        let mut session = on_a_terminal(&live, MOVE, &["apply"]);
        session.expect("Plan: 1 to add, 3 to change, 1 to destroy.").unwrap();
        session.expect("Only \"yes\" continues:").unwrap();
        assert_eq!(live.writes(), "", "asked before anything was sent");
        session.send_line(answer).unwrap();
        session.expect(if code == 0 { "Apply complete!" } else { "nothing was sent" }).unwrap();
        session.expect(expectrl::Eof).unwrap();
        assert!(
            matches!(session.get_process().wait(), Ok(WaitStatus::Exited(_, ended)) if ended == code),
            "{answer}"
        );
        assert_eq!(live.writes().is_empty(), code != 0, "{answer}");
    }
}

#[test]
fn ctrl_c_at_the_question_sends_nothing() {
    let live = example(MOVE);
    let mut session = on_a_terminal(&live, MOVE, &["apply"]);
    session.expect("continues:").unwrap();
    session.send(ControlCode::EndOfText).unwrap();
    session.expect(expectrl::Eof).unwrap();
    assert!(matches!(session.get_process().wait(), Ok(WaitStatus::Exited(_, 130))));
    assert_eq!(live.writes(), "");
}

#[test]
fn what_is_no_plan_and_no_journal_is_not_written_over() {
    let (live, work) = (example(MOVE), tempfile::tempdir().unwrap());
    let file = work.path().join("mine").to_string_lossy().into_owned();
    fs::write(&file, "provider: kalem\n").unwrap();
    let run = live.run_in(Path::new(MOVE), &["plan", "--out", &file]);
    assert!(run.code == 1 && run.stderr.contains("is no plan: it is not overwritten"), "{run:?}");
    let run = live.run_in(Path::new(MOVE), &["apply", "--auto-approve", "--journal", &file]);
    assert!(run.code == 1 && run.stderr.contains("is no journal: nothing is added to it"), "{run:?}");
    assert_eq!(
        (fs::read_to_string(&file).unwrap().as_str(), live.writes().as_str()),
        ("provider: kalem\n", "")
    );
}
