//! Two applies that may not interleave: the binary, under a lease in a folder.
//! A run is held by the sandbox, which does not answer one of its requests.

#![allow(clippy::unwrap_used, reason = "a test stops where it can't go on")]

mod support;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value as Json, json};
use support::{Live, Run, TOKEN, command};

const EXAMPLE: &str = "examples/02-move-numbers-to-a-new-trunk";

/// An account, and a folder for the lease.
struct Room {
    live: Live,
    folder: tempfile::TempDir,
}

impl Room {
    fn new() -> Self {
        let live = fs::read_to_string(Path::new(EXAMPLE).join("live.json")).unwrap();
        Self { live: Live::start_with(&live), folder: tempfile::tempdir().unwrap() }
    }

    fn records(&self) -> PathBuf {
        self.folder.path().join("trunkform-lease")
    }

    fn apply(&self, more: &[&str]) -> Command {
        let lock = self.folder.path().to_str().unwrap();
        let args = [&["apply", "--auto-approve", "--lock", lock], more].concat();
        let mut command = command(Path::new(EXAMPLE), &args);
        command.env("TRUNKFORM_URL_KALEM", self.live.base()).env("TRUNKFORM_TOKEN_KALEM", TOKEN);
        command.env("USER", "tester").env("HOSTNAME", "box").env("CI_JOB_URL", "https://ci.example/jobs/1");
        command
    }

    fn run(&self, more: &[&str]) -> Run {
        Run::of(self.apply(more))
    }

    /// A run that waits for an answer that never comes.
    fn held(&self, fault: &str, wanted: &str) -> Child {
        self.live.fault(&[fault]);
        self.live.forget_requests();
        let child = self.apply(&[]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        until("the request", || self.live.sandbox.requests().iter().any(|request| request.method == wanted));
        self.live.fault(&[]);
        child
    }

    /// What the record that counts says of the lease.
    fn state(&self) -> Json {
        let mut names: Vec<_> =
            fs::read_dir(self.records()).unwrap().map(|entry| entry.unwrap().path()).collect();
        names.sort();
        let record: Json = serde_json::from_slice(&fs::read(names.last().unwrap()).unwrap()).unwrap();
        record["state"].clone()
    }

    fn is_free(&self) -> bool {
        self.state().get("released").is_some()
    }

    fn put(&self, record: &[u8]) {
        fs::create_dir_all(self.records()).unwrap();
        fs::write(self.records().join("0000000001.json"), record).unwrap();
    }
}

fn until(what: &str, happened: impl Fn() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(20);
    while !happened() {
        assert!(Instant::now() < deadline, "{what} never came");
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn terminate(child: &Child) {
    assert!(Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap().success());
}

/// The exit code of a run and what it said on stderr.
fn end(child: Child) -> (Option<i32>, String) {
    let output = child.wait_with_output().unwrap();
    (output.status.code(), String::from_utf8(output.stderr).unwrap())
}

fn record(who: &str, expires: &str) -> Vec<u8> {
    let state = json!({"expires": expires});
    let holder = json!({"who": who, "process": 1, "job": "https://evil.example/\u{1b}[2J"});
    let record = json!({"run": "r", "holder": holder, "since": "2026-01-01T00:00:00Z", "state": state});
    serde_json::to_vec(&record).unwrap()
}

#[test]
fn a_second_apply_is_refused_while_the_first_one_sends() {
    let room = Room::new();
    let mut first = room.held("hang,method=POST,effect=before", "POST");
    let requests = room.live.sandbox.requests().len();
    let second = room.run(&[]);
    assert_eq!((second.code, second.stdout.as_str()), (3, ""), "{}", second.stderr);
    let holder = format!("`tester@box` (process {}, https://ci.example/jobs/1) since 20", first.id());
    let told = [
        "error: PLN012: another run holds the lease: ",
        &holder,
        ", until 20",
        "help: wait until it is done; if that run is dead, take its lease with `--break-lock`",
    ];
    for part in told {
        assert!(second.stderr.contains(part), "{part}: {}", second.stderr);
    }
    let document: Json = serde_json::from_str(&room.run(&["--format", "json"]).stdout_of(3)).unwrap();
    assert_eq!(document["refusals"][0]["code"], "PLN012", "{document}");
    assert_eq!(room.live.sandbox.requests().len(), requests, "nothing was looked at");
    // The first signal waits for the request, the second does not; the lease is given back even so.
    while first.try_wait().unwrap().is_none() {
        terminate(&first);
        std::thread::sleep(Duration::from_millis(20));
    }
    let (code, told) = end(first);
    assert!(code == Some(130) && room.is_free(), "{code:?} {told}");
    room.run(&[]).stdout_of(0);
    assert!(room.is_free());
}

#[test]
fn a_signal_before_the_first_request_gives_the_lease_back() {
    let room = Room::new();
    let first = room.held("hang,request=0,effect=before", "GET");
    assert!(!room.is_free());
    terminate(&first);
    let (code, told) = end(first);
    assert!(code == Some(130) && told.contains("interrupted; nothing was sent"), "{code:?} {told}");
    assert!(told.contains("is held by `tester@box` (process "), "{told}");
    assert!(room.is_free());
}

#[test]
fn a_lease_is_broken_when_asked_and_whose_it_was_is_told() {
    let room = Room::new();
    let first = room.held("hang,request=0,effect=before", "GET");
    let second = room.run(&["--break-lock"]);
    assert_eq!(second.code, 0, "{}", second.stderr);
    let whose = format!("Broken: the lease of `tester@box` (process {}, ", first.id());
    assert!(second.stderr.contains(&whose), "{}", second.stderr);
    terminate(&first);
    let (code, told) = end(first);
    assert!(code == Some(130) && told.contains("the lease was lost"), "{code:?} {told}");
    room.run(&[]).stdout_of(0);
}

#[test]
fn a_run_that_was_killed_leaves_its_lease_to_end_by_itself() {
    let room = Room::new();
    let mut first = room.held("hang,request=0,effect=before", "GET");
    first.kill().unwrap();
    first.wait().unwrap();
    assert_eq!(room.run(&[]).code, 3);
    let room = Room::new();
    room.put(&record("killed@box", "2026-01-01T00:05:00Z"));
    let taken = room.run(&[]);
    assert!(taken.code == 0 && !taken.stderr.contains("Broken"), "{}", taken.stderr);
}

#[test]
fn every_way_out_gives_the_lease_back() {
    let room = Room::new();
    room.live.fault(&["status=500,method=POST"]);
    assert_eq!(room.run(&[]).code, 4);
    assert!(room.is_free(), "incomplete");
    room.live.fault(&["status=403,method=GET"]);
    assert_eq!(room.run(&[]).code, 1);
    assert!(room.is_free(), "an error");
    room.live.fault(&[]);
    let lock = room.folder.path().to_str().unwrap();
    let mut asks = command(Path::new(EXAMPLE), &["apply", "--lock", lock]);
    asks.env("TRUNKFORM_URL_KALEM", room.live.base()).env("TRUNKFORM_TOKEN_KALEM", TOKEN);
    let asks = Run::of(asks);
    assert!(asks.code == 1 && asks.stderr.contains("no terminal to ask on"), "{}", asks.stderr);
    assert!(room.is_free(), "nobody to ask");
}

#[test]
fn what_a_record_says_is_hostile() {
    let room = Room::new();
    room.put(&record("evil\u{1b}[31m\u{202e}", "2999-01-01T00:00:00Z"));
    for format in ["human", "json"] {
        let refused = room.run(&["--format", format]);
        assert_eq!(refused.code, 3, "{}", refused.stderr);
        assert!(refused.stderr.contains(r"`evil\u{1b}[31m\u{202e}`"), "{}", refused.stderr);
        let said = refused.stdout + &refused.stderr;
        assert!(!said.contains(['\u{1b}', '\u{202e}']), "{said}");
    }
    room.put(b"{\"run\":");
    let malformed = room.run(&[]);
    assert_eq!((malformed.code, room.live.sandbox.requests().len()), (1, 0), "{}", malformed.stderr);
    assert!(malformed.stderr.contains("/trunkform-lease/0000000001.json` is not the record of a lease"));
    assert_eq!(room.run(&["--break-lock"]).code, 0);
}

#[test]
fn a_place_that_can_not_be_had_is_an_error_before_anything_is_read() {
    let room = Room::new();
    for (lock, part) in [
        ("/nowhere/at/all", "is not a folder: make it first"),
        ("s3://key:planted@bucket/x", "credentials come from the environment"),
        ("https://example.com/x", "a lease can't stand at `https://`"),
    ] {
        let mut apply = command(Path::new(EXAMPLE), &["apply", "--format", "json", "--lock", lock]);
        apply.env("TRUNKFORM_URL_KALEM", room.live.base()).env("TRUNKFORM_TOKEN_KALEM", TOKEN);
        let refused = Run::of(apply);
        let document: Json = serde_json::from_str(&refused.stdout_of(1)).unwrap();
        assert!(document["errors"][0].as_str().unwrap().contains(part), "{document}");
        let said = refused.stdout + &refused.stderr;
        assert!(said.contains(part) && !said.contains("planted"), "{said}");
    }
    let mut far = command(Path::new(EXAMPLE), &["apply", "--lock", "s3://bucket/x"]);
    far.env("AWS_ENDPOINT", "http://storage.example");
    let far = Run::of(far);
    assert!(far.code == 1 && far.stderr.contains("http:// is for this machine only"), "{}", far.stderr);
    assert_eq!(room.live.sandbox.requests().len(), 0);
    let bare = Run::offline(Path::new(EXAMPLE), &["apply", "--break-lock"]);
    assert!(bare.code == 1 && bare.stderr.contains("--lock <URL>"), "{}", bare.stderr);
}
