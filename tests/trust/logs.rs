//! Names that want a CI system to obey them, or a reviewer to read something else.

use serde_json::json;

use crate::attack::Attack;
use crate::support::{Live, TOKEN};

const COMMANDS: [&str; 7] = [
    "##vso[task.prependpath]/work/bin",
    "##[error]x",
    "##teamcity[setParameter name='x' value='y']",
    "a ##vso[task.setvariable variable=x]y",
    "::error::x",
    "x ::add-mask::y",
    "   ::set-output name=a::b",
];

/// No line that a CI system obeys: commands with `#` count anywhere, those with `::` at the beginning.
fn assert_obeyed_by_nobody(what: &str, text: &str) {
    for line in text.lines() {
        assert!(
            !line.contains("##vso[") && !line.contains("##[") && !line.contains("##teamcity["),
            "{what}: {line}"
        );
        assert!(!line.trim_start().starts_with("::"), "{what}: {line}");
    }
}

/// A platform with a trunk of this name, and a file that declares another one of nearly this name.
fn printed(name: &str) -> Vec<(String, String)> {
    let trunk =
        json!({"id": 1, "name": name, "direction": "inbound", "auth_type": "ip", "host": "a.example"});
    let live = Live::start(json!({"kalem": {"trunks": [trunk]}}));
    let attack = Attack::new();
    attack.write(
        "trunkform.yaml",
        &format!("provider: kalem\nunlisted: delete\ntrunks:\n  - {{name: {}, direction: inbound, auth_type: ip, host: pbx.example.com}}\n", json!(format!("{name} 2"))),
    );
    let saved = attack.scratch("plan.json").display().to_string();
    let mut printed = Vec::new();
    for args in [
        &["validate"][..],
        &["plan", "--out", &saved],
        &["plan", "--format", "markdown"],
        &["plan", "--format", "html"],
        &["plan", "--format", "diff"],
        &["plan", "--format", "json"],
        &["graph"],
        &["graph", "--format", "dot"],
        &["drift"],
        &["drift", "--format", "junit"],
        &["why", "kalem.trunk.*"],
        &["validate", "--format", "json"],
        &["show", &saved],
        &["apply", "--auto-approve", "--journal", &attack.scratch("journal").display().to_string()],
        &["undo", &attack.scratch("journal").display().to_string()],
    ] {
        for width in ["40", "80"] {
            let mut command = attack.command(args);
            command
                .env("TRUNKFORM_URL_KALEM", live.base())
                .env("TRUNKFORM_TOKEN_KALEM", TOKEN)
                .env("CI", "true")
                .env("COLUMNS", width);
            let run = attack.finish(command);
            printed.push((format!("{args:?} with {name:?}, stdout"), run.stdout));
            printed.push((format!("{args:?} with {name:?}, stderr"), run.stderr));
        }
    }
    printed
}

#[test]
fn names_give_no_command_to_a_ci_log() {
    for name in COMMANDS {
        for (what, text) in printed(name) {
            assert_obeyed_by_nobody(&what, &text);
        }
    }
}

#[test]
fn characters_that_nobody_sees_are_shown() {
    let unseen = "\u{ad}\u{34f}\u{115f}\u{17b4}\u{180b}\u{180e}\u{200b}\u{200d}\u{202e}\u{2060}\u{3164}\u{fe0f}\u{feff}\u{ffa0}\u{1d173}\u{e0041}\u{e0100}";
    for (what, text) in printed(&format!("A{unseen}B")) {
        let found = text.chars().find(|c| unseen.contains(*c));
        assert_eq!(found.map(|c| c.escape_unicode().to_string()), None, "{what}: {text}");
    }
}
