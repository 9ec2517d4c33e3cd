//! A planted password and a planted token are searched for in everything that a run leaves behind.
//! What a run prints is searched in every test (`support::Run`); here it is the files and the logs.

#![allow(clippy::unwrap_used, reason = "a test stops where it can't go on")]

mod support;

use std::path::Path;

use serde_json::{Value as Json, json};
use support::{Live, PASSWORD, Run, TOKEN, command};
use trunkform::model::KindName;
use trunkform::provider::{self, Provider};
use trunkform::sandbox;

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

/// Planted as a password that no encoding leaves as it is; its ends are the same in all of them.
const HOSTILE: &str = "qX7zplanted/&\"ü+ <Kv93wQ";
const ENDS: [&str; 2] = ["qX7zplanted", "Kv93wQ"];
const HIDDEN: &str = "(sensitive value)";

/// A file with one trunk that has a password; each platform that has such an attribute needs one here.
fn file_of(platform: &str) -> String {
    let trunk = match platform {
        "kalem" => "direction: inbound, auth_type: digest, username: u, password: {env: HOSTILE}",
        "bolna" => {
            "provider: custom, auth_type: userpass, auth_username: u, auth_password: {env: HOSTILE}, gateways: [{gateway_address: sip.example.com}]"
        }
        "talkover" => "provider_name: P, domain: sip.example.com, username: u, password: {env: HOSTILE}",
        _ => panic!("write a trunk with a password for {platform}"),
    };
    format!("provider: {platform}\ntrunks:\n  - {{name: A, {trunk}}}\n")
}

/// An account of one platform, and the folder in which runs leave their files.
struct Echoing {
    live: Live,
    folder: tempfile::TempDir,
    platform: &'static str,
}

impl Echoing {
    fn new(platform: &'static str) -> Self {
        let (live, folder) = (Live::start(json!({})), tempfile::tempdir().unwrap());
        std::fs::write(folder.path().join("trunkform.yaml"), file_of(platform)).unwrap();
        std::fs::create_dir(folder.path().join("lease")).unwrap();
        Self { live, folder, platform }
    }

    fn run(&self, args: &[&str]) -> Run {
        let mut command = command(self.folder.path(), args);
        let (_, mount) = sandbox::routes().into_iter().find(|(name, _)| *name == self.platform).unwrap();
        let account = self.platform.to_uppercase();
        command
            .env(format!("TRUNKFORM_URL_{account}"), format!("{}{mount}", self.live.sandbox.base()))
            .env(format!("TRUNKFORM_TOKEN_{account}"), TOKEN)
            .env("HOSTILE", HOSTILE)
            .env("TRUNKFORM_LOG", "trace");
        Run::of(command)
    }

    /// An apply whose writes are answered by this echo; no text that it leaves repeats a secret. Gives back what it printed.
    fn apply(&self, echo: &str, args: &[&str]) -> String {
        let echoes = ["POST", "PUT", "PATCH"].map(|method| format!("{echo},method={method}"));
        self.live.fault(&echoes.each_ref().map(String::as_str));
        let always = ["apply", "--plan", "plan.json", "--journal", "run.journal", "--lock", "lease"];
        let run = self.run(&[&always[..], args].concat());
        let what = format!("{} {echo} {args:?}", self.platform);
        assert_eq!(run.code, 4, "{what}: {run:?}");
        let printed = format!("{}{}", run.stdout, run.stderr);
        assert_repeats_nothing(&format!("the output, {what}"), &printed);
        let files = texts_below(self.folder.path());
        assert!(files.iter().any(|text| text.contains("\"event\":\"")), "there is a journal: {what}");
        for text in files {
            assert_repeats_nothing(&format!("a file, {what}"), &text);
        }
        printed
    }

    /// The body of the last write that has a password, as it was sent but for that password.
    fn last_body(&self) -> String {
        let requests = self.live.sandbox.requests();
        let mut bodies =
            requests.iter().rev().filter_map(|request| request.body.as_ref().map(Json::to_string));
        bodies.find(|body| body.contains(HIDDEN)).expect("a password was sent")
    }
}

fn assert_repeats_nothing(what: &str, text: &str) {
    assert_clean(what, text);
    for end in ENDS {
        assert!(!text.contains(end), "a part of a secret in {what}: {text}");
    }
}

fn texts_below(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries
        .flat_map(|path| {
            if path.is_dir() { texts_below(&path) } else { vec![std::fs::read_to_string(path).unwrap()] }
        })
        .collect()
}

/// The platforms of which some attribute is a secret.
fn with_a_password() -> impl Iterator<Item = &'static str> {
    let has_secret = |provider: &&&dyn Provider| {
        let kind = provider.kinds().get(KindName::Trunk);
        kind.is_some_and(|kind| kind.attributes.iter().any(|attribute| attribute.secret))
    };
    provider::ALL.iter().filter(has_secret).map(|provider| provider.name())
}

/// The saved plan creates the trunk first, then it rotates the password.
fn in_both(platform: &'static str, check: impl Fn(&Echoing)) {
    let echoing = Echoing::new(platform);
    for rotate in [&[][..], &["--rotate", "trunk.A"]] {
        echoing.live.fault(&[]);
        let planned = echoing.run(&[&["plan", "--out", "plan.json"], rotate].concat());
        assert!(planned.stdout_of(0).contains("1 secret sent"), "{planned:?}");
        check(&echoing);
        echoing.live.fault(&[]);
        echoing.run(&["apply", "--plan", "plan.json"]).stdout_of(0);
    }
}

#[test]
fn a_platform_that_repeats_the_password_is_not_repeated() {
    for platform in with_a_password() {
        in_both(platform, |echoing| {
            for (form, quote) in [("json", "\""), ("percent", "%22"), ("html", "&#34;"), ("raw", "\"")] {
                for format in ["human", "json"] {
                    let printed = echoing.apply(&format!("echo={form}"), &["--format", format]);
                    // What stands before the secret is shown, so the answer was read as far as the secret.
                    let password = format!("password{quote}");
                    let shown = printed.lines().any(|line| {
                        let plain = line.replace("\\\"", "\"");
                        plain.split_once(&password).is_some_and(|(_, rest)| rest.contains(HIDDEN))
                    });
                    assert!(shown, "{platform} {form} {format} shows no echo: {printed}");
                }
            }
        });
    }
}

#[test]
fn an_answer_that_ends_within_the_password_shows_no_part_of_it() {
    let sent = serde_json::to_string(HOSTILE).unwrap();
    let sent = sent.trim_matches('"');
    let quote = sent.find('\\').unwrap();
    for platform in with_a_password() {
        in_both(platform, |echoing| {
            echoing.apply("echo=raw", &[]);
            let start = echoing.last_body().find(HIDDEN).unwrap();
            // The first byte, some, one half of an escaped quote, one half of a letter of two bytes, all but the last byte.
            for part in [1, 5, quote + 1, sent.find('ü').unwrap() + 1, sent.len() - 1] {
                let printed = echoing.apply(&format!("echo=raw,cut={}", start + part), &[]);
                let shown = printed
                    .lines()
                    .any(|line| line.replace("\\\"", "\"").contains(&format!("password\":\"{HIDDEN}")));
                assert!(shown, "{platform}, {part} bytes: {printed}");
                assert!(!printed.contains(&HOSTILE[..4]), "{platform}, {part} bytes: {printed}");
            }
        });
    }
}

#[test]
fn a_platform_that_repeats_the_token_is_not_repeated() {
    for platform in with_a_password() {
        let echoing = Echoing::new(platform);
        for form in ["json", "percent", "html", "raw"] {
            for status in [401, 422, 500] {
                echoing.live.fault(&[&format!("echo={form},status={status}")]);
                let run = echoing.run(&["plan"]);
                assert_eq!(run.code, 1, "{run:?}");
                assert!(run.stderr.contains(HIDDEN), "{platform} {form} {status} shows no echo: {run:?}");
                assert_repeats_nothing(
                    &format!("{platform} {form} {status}"),
                    &format!("{}{}", run.stdout, run.stderr),
                );
            }
        }
    }
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

/// Two trunks that share a source, and one with a file.
fn declared_secrets() -> (Live, tempfile::TempDir) {
    let (live, folder) = (Live::start(json!({})), tempfile::tempdir().unwrap());
    let trunk = |name: &str, source: &str| {
        format!(
            "  - {{name: {name}, direction: outbound, auth_type: digest, username: {name}, password: {source}, outbound_server: {name}.example.com}}\n"
        )
    };
    let trunks = [("a", "{env: SHARED}"), ("b", "{file: keys/b}"), ("c", "{env: SHARED}")];
    let text: String = trunks.iter().map(|(name, source)| trunk(name, source)).collect();
    std::fs::write(folder.path().join("trunkform.yaml"), format!("provider: kalem\ntrunks:\n{text}"))
        .unwrap();
    std::fs::create_dir(folder.path().join("keys")).unwrap();
    std::fs::write(folder.path().join("keys/b"), format!("{PASSWORD}\n")).unwrap();
    (live, folder)
}

#[test]
fn every_plan_lists_the_sources_of_all_declared_secrets() {
    let (live, folder) = declared_secrets();
    let run = |args: &[&str]| {
        let mut command = command(folder.path(), args);
        command.env("TRUNKFORM_URL_KALEM", live.base()).env("TRUNKFORM_TOKEN_KALEM", TOKEN);
        command.env("SHARED", PASSWORD);
        Run::of(command)
    };
    let listed = "Secrets (not comparable with the live account)";
    let (shared, file) =
        ("kalem.trunk.a password (2 places) from env SHARED", "kalem.trunk.b password from file keys/b");
    let all = json!([
        {"address": "kalem.trunk.a", "attribute": "password", "from": "env SHARED"},
        {"address": "kalem.trunk.b", "attribute": "password", "from": "file keys/b"},
        {"address": "kalem.trunk.c", "attribute": "password", "from": "env SHARED"},
    ]);
    let check = |changes: usize| {
        run(&["plan", "--out", "plan.json"]).stdout_of(0);
        for command in [&["plan"][..], &["show", "plan.json"]] {
            for format in ["human", "markdown", "html", "diff"] {
                let shown = run(&[command, &["--format", format]].concat()).stdout_of(0);
                assert!(shown.contains(listed) && shown.contains(shared) && shown.contains(file), "{shown}");
                let each = shown.matches("(sensitive value) from ").count();
                assert_eq!(each, changes, "{command:?} {format}: {shown}");
            }
            let shown = run(&[command, &["--format", "json"]].concat()).stdout_of(0);
            let shown: Json = serde_json::from_str(&shown).unwrap();
            assert_eq!(shown["trunkform"]["secrets"], all);
        }
    };
    check(3);
    run(&["apply", "--plan", "plan.json"]).stdout_of(0);
    check(0);
    let part = run(&["plan", "--target", "trunk.b"]).stdout_of(0);
    assert!(part.contains(&format!("{listed}: {file}\n")), "{part}");
}
