//! What goes wrong outside: a clear error, the right exit code, nothing sent after it, no secret shown.

#![allow(clippy::unwrap_used, reason = "a test stops where it can't go on")]

mod support;

use std::path::Path;

use support::{Live, Run, TOKEN, command};

const FIRST: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/01-first-trunk-and-number");
const EMPTY: &str = r#"{"kalem": {"trunks": [], "numbers": []}}"#;

/// Every command that reads the platform, and how it ends when it can't.
const READERS: [&[&str]; 3] = [&["plan"], &["apply", "--auto-approve"], &["drift"]];

fn refused_by(faults: &[&str], says: &[&str]) {
    for args in READERS {
        let live = Live::start_with(EMPTY);
        live.fault(faults);
        let run = live.run_in(Path::new(FIRST), args);
        assert_eq!(run.code, 1, "{faults:?} {args:?}: {run:?}");
        for words in says {
            assert!(run.stderr.contains(words), "{faults:?} {args:?}: no `{words}` in {}", run.stderr);
        }
        assert_eq!(live.writes(), "", "{faults:?} {args:?}: something was sent after the error");
        let elsewhere =
            live.sandbox.requests().into_iter().find(|request| !request.path.starts_with("/kalem/"));
        assert_eq!(elsewhere, None, "{faults:?} {args:?}: a request left the account");
    }
}

#[test]
fn a_token_that_the_platform_refuses() {
    refused_by(&["status=401"], &["401", "GET http://127.0.0.1:", "/kalem/api/v1/", "TRUNKFORM_TOKEN_KALEM"]);
}

#[test]
fn an_html_page_where_json_should_be() {
    refused_by(&["html"], &["HTML", "TRUNKFORM_URL_KALEM"]);
}

#[test]
fn a_redirect_is_not_followed() {
    refused_by(&["redirect"], &["redirect", "30"]);
}

#[test]
fn a_body_that_is_cut_off_each_time() {
    refused_by(&["truncate"], &["cut off"]);
}

#[test]
fn a_body_that_is_not_json() {
    refused_by(&["malformed"], &["JSON"]);
}

#[test]
fn a_list_that_lacks_rows_is_never_taken_for_a_whole_one() {
    let live = Live::start_with(
        r#"{"kalem": {"trunks": [], "numbers": [{"id": 1, "number": "+14155552600"}, {"id": 2, "number": "+14155552601"}]}}"#,
    );
    live.fault(&["short-page,path=/numbers*"]);
    let run = live.run_in(Path::new(FIRST), &["plan"]);
    assert_eq!(run.code, 1, "{run:?}");
    assert!(run.stderr.contains("1 of 2 rows"), "{}", run.stderr);
}

#[test]
fn no_token_no_server_and_a_url_that_must_not_be_used() {
    let folder = Path::new(FIRST);
    let cases: [(&[(&str, &str)], &str); 4] = [
        (&[], "TRUNKFORM_TOKEN_KALEM"),
        (&[("TRUNKFORM_TOKEN_KALEM", TOKEN), ("TRUNKFORM_URL_KALEM", "http://kalem.example")], "https"),
        (&[("TRUNKFORM_TOKEN_KALEM", TOKEN), ("TRUNKFORM_URL_KALEM", "nonsense")], "TRUNKFORM_URL_KALEM"),
        (&[("TRUNKFORM_TOKEN_KALEM", TOKEN), ("TRUNKFORM_URL_KALEM", "http://127.0.0.1:1")], "no connection"),
    ];
    for (variables, says) in cases {
        let mut command = command(folder, &["plan"]);
        command.envs(variables.iter().copied());
        let run = Run::of(command);
        assert_eq!(run.code, 1, "{run:?}");
        assert!(run.stderr.contains(says), "no `{says}` in {}", run.stderr);
        assert_eq!(run.stdout, "");
    }
}

#[test]
fn a_name_with_terminal_escapes_is_shown_harmlessly_in_every_format() {
    let live = Live::start_with(
        "{\"kalem\": {\"trunks\": [{\"id\": 1, \"name\": \"evil \\u001b[31mred\\u0007 \\u202ertl\", \"direction\": \"inbound\", \"auth_type\": \"ip\", \"host\": \"a\"}], \"numbers\": []}}",
    );
    for args in
        [&["plan"][..], &["plan", "--format", "json"], &["apply", "--auto-approve"], &["drift", "--unlisted"]]
    {
        let run = live.run_in(Path::new(FIRST), args);
        let shown = format!("{}{}", run.stdout, run.stderr);
        assert!(!shown.contains(['\u{1b}', '\u{7}', '\u{202e}']), "{args:?}: {shown:?}");
        assert!(shown.contains("evil") || args[0] == "apply", "{args:?} does not list the trunk: {shown:?}");
    }
}

#[test]
fn a_file_that_is_wrong_never_reaches_the_platform() {
    let live = Live::start_with(EMPTY);
    for args in READERS {
        let run = live.run_in(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/06-mistakes")), args);
        assert_eq!(run.code, 1, "{run:?}");
        assert!(run.stderr.contains("TRK009"), "{}", run.stderr);
    }
    assert_eq!(live.sandbox.requests().len(), 0);
}

#[test]
fn json_is_one_document_whatever_the_exit_code() {
    let live = Live::start_with(EMPTY);
    let mistakes = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/06-mistakes");
    for (folder, args) in [
        (FIRST, &["plan", "--format", "json"][..]),
        (mistakes, &["plan", "--format", "json"]),
        (mistakes, &["validate", "--format", "json"]),
    ] {
        let run = live.run_in(Path::new(folder), args);
        assert_eq!(run.code, i32::from(folder == mistakes), "{args:?}: {run:?}");
        serde_json::from_str::<serde_json::Value>(&run.stdout)
            .unwrap_or_else(|e| panic!("{args:?}: {e}: {}", run.stdout));
    }
    live.fault(&["status=500"]);
    let run = live.run_in(Path::new(FIRST), &["plan", "--format", "json"]);
    let plan: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!((run.code, &plan["applyable"], &plan["errored"]), (1, &false.into(), &true.into()), "{run:?}");
}
