//! A run that is killed at any request, run again, converges without a duplicate and without a loss.
//! The binary is killed for good (SIGKILL) while the sandbox holds one of its requests, before or after that took effect.

#![allow(clippy::unwrap_used, reason = "a test stops where it can't go on")]

mod support;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use support::{Live, TOKEN, command};

fn example(name: &str) -> (PathBuf, String) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples").join(name);
    let live = std::fs::read_to_string(folder.join("live.json")).unwrap();
    (folder, live)
}

/// Starts an apply, waits until the sandbox holds its request, kills it.
fn kill_at(live: &Live, folder: &Path, request: usize, effect: &str) {
    live.fault(&[&format!("hang,request={request},effect={effect}")]);
    live.forget_requests();
    let mut command = command(folder, &["apply", "--auto-approve", "--parallelism", "1"]);
    command
        .env("TRUNKFORM_URL_KALEM", live.base())
        .env("TRUNKFORM_TOKEN_KALEM", TOKEN)
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let mut child = command.spawn().unwrap();
    let deadline = Instant::now() + Duration::from_secs(20);
    let held = || live.sandbox.requests().get(request).is_some_and(|r| r.effect == (effect == "after"));
    while !held() && child.try_wait().unwrap().is_none() {
        assert!(Instant::now() < deadline, "request {request} never came");
        std::thread::sleep(Duration::from_millis(2));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    live.fault(&[]);
}

fn names(live: &Live, section: &str, key: &str) -> BTreeSet<String> {
    let rows = live.kalem(section);
    let names: BTreeSet<String> = rows.iter().map(|row| row[key].as_str().unwrap().to_owned()).collect();
    assert_eq!(names.len(), rows.len(), "something is there twice: {rows:?}");
    names
}

#[test]
fn an_apply_killed_at_any_request_converges_when_run_again() {
    for name in [
        "01-first-trunk-and-number",
        "02-move-numbers-to-a-new-trunk",
        "04-replace-a-trunk-under-its-numbers",
    ] {
        let (folder, seed) = example(name);
        let undisturbed = Live::start_with(&seed);
        undisturbed.run_in(&folder, &["apply", "--auto-approve"]).stdout_of(0);
        let requests = undisturbed.sandbox.requests().len();
        let (trunks, numbers) =
            (names(&undisturbed, "trunks", "name"), names(&undisturbed, "numbers", "number"));
        for request in 0..requests {
            for effect in ["before", "after"] {
                let live = Live::start_with(&seed);
                kill_at(&live, &folder, request, effect);
                live.run_in(&folder, &["apply", "--auto-approve"]).stdout_of(0);
                assert_eq!(
                    names(&live, "trunks", "name"),
                    trunks,
                    "{name}, killed {effect} the effect of request {request}"
                );
                assert_eq!(
                    names(&live, "numbers", "number"),
                    numbers,
                    "{name}, killed {effect} the effect of request {request}"
                );
                live.run_in(&folder, &["plan", "--detailed-exitcode"]).stdout_of(0);
            }
        }
    }
}
