//! Names from a platform and from files, in every output there is: nothing that a terminal obeys, a CI log takes for a command or a graph for markup comes out.

#![allow(clippy::unwrap_used, reason = "a test stops where it can't go on")]

mod support;

use std::path::Path;

use serde_json::{Value as Json, json};
use support::{Live, Run};
use trunkform::model::text::is_hidden;

/// What a name may hold, and what would be harm.
const HOSTILE: [(&str, &str); 18] = [
    ("a control character", "a\u{7}b\u{0}c\u{7f}d\u{9b}e"),
    ("colours", "a\u{1b}[31mb\u{1b}]0;title\u{7}c"),
    ("embeddings and overrides", "a\u{202a}b\u{202b}c\u{202c}d\u{202d}e\u{202e}f"),
    ("isolates", "a\u{2066}b\u{2067}c\u{2068}d\u{2069}e"),
    ("marks and joiners", "a\u{200b}b\u{200e}c\u{200f}d\u{2060}e\u{feff}f\u{61c}g"),
    ("other ends of a line", "a\u{2028}b\u{2029}c\u{85}d\u{b}e\u{c}f"),
    ("tags", "a\u{e0001}\u{e0041}\u{e007f}b"),
    ("lines and commands", "a\r\n::error::b\n::add-mask::c"),
    ("an older command", "a ##[add-mask]b"),
    ("Azure", "a##vso[task.prependpath]/tmp ##[error]b ##vso[task.complete]"),
    ("TeamCity", "a##teamcity[buildStop a] b"),
    ("commands behind blanks", "a ::error::a ::add-mask::b \u{a0}::debug::c \u{3000}::set-env name=D::e"),
    ("folds of a log", "a section_start:1:b\r\u{1b}[0K travis_fold:start:c"),
    ("groups of a log", "a\n--- a\n+++ b\n~~~ c\n^^^ +++ d"),
    (
        "everything without a shape",
        "a\u{ad}\u{34f}\u{115f}\u{17b4}\u{180b}\u{180e}\u{200c}\u{200d}\u{2065}\u{3164}\u{fe00}\u{fe0f}\u{ffa0}\u{fff8}\u{fffb}\u{1bca0}\u{1d173}\u{e0000}\u{e0100}\u{e0fff}b",
    ),
    ("Mermaid", "a\"]; click s1 \"javascript:alert(1)\"; s9[\"b"),
    ("DOT", "a\\\" URL=\\\"javascript:alert(1)\\\"]; s9 [label=\"b\\"),
    ("HTML", "a<script>alert(1)</script>&quot;#quot;`b`"),
];

/// Begins every hostile name, so that a test can see that an output has the name at all.
const MARK: &str = "zq7";

/// A trunk of this name goes with its numbers left, so that its name is in changes, steps, and what is unlisted.
fn account(name: &str) -> Live {
    let trunk = |id: u32, name: &str| json!({"id": id, "name": name, "direction": "inbound", "auth_type": "ip", "host": "a.example"});
    let seed = json!({"kalem": {
        "agents": [{"id": 1, "name": format!("agent {name}"), "type": "voice"}],
        "trunks": [trunk(1, name), trunk(2, "Kept")],
        "numbers": [{"id": 1, "number": "+14155552600", "trunk_id": 1, "voice_agent_id": 1}],
    }});
    Live::start(seed)
}

const FILE: &str = "provider: kalem\nunlisted: {trunks: delete}\nlimits: {free: 9}\ntrunks:\n  - {name: Kept, direction: inbound, auth_type: ip, host: b.example}\nnumbers:\n  - {number: \"+14155552600\", trunk: Kept, voice_agent: null}\n";

fn folder(text: &str) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("trunkform.yaml"), text).unwrap();
    dir
}

/// Nothing raw, and no line that a CI log would take for a command.
fn harmless(what: &str, text: &str) {
    let raw = text.chars().find(|&c| is_hidden(c) && c != '\n');
    assert_eq!(raw, None, "{what}: {}", text.escape_default());
    let commands = text.lines().any(|line| line.trim_start().starts_with("::"));
    assert!(!commands && !text.contains("##["), "{what}: {text}");
    let begins = |rest: &str| rest.starts_with(|c: char| c.is_ascii_alphabetic());
    assert!(!text.split("##").skip(1).any(begins), "{what}: {text}");
    for fold in ["section_start:", "travis_fold:"] {
        assert!(!text.contains(fold), "{what}: {text}");
    }
}

fn printed(what: &str, run: &Run) {
    harmless(&format!("{what}, stdout"), &run.stdout);
    harmless(&format!("{what}, stderr"), &run.stderr);
}

#[test]
fn names_of_a_platform_are_harmless_in_every_output() {
    let saved = tempfile::tempdir().unwrap();
    let [plan, journal] =
        ["plan.json", "journal.json"].map(|name| saved.path().join(name).display().to_string());
    for (what, name) in HOSTILE {
        let (live, dir) = (account(&format!("{MARK}{name}")), folder(FILE));
        for args in [
            &["plan", "--out", &plan][..],
            &["plan", "--format", "json"],
            &["show", &plan],
            &["show", &plan, "--format", "json"],
            &["show", &plan, "--format", "html"],
            &["show", &plan, "--format", "markdown"],
            &["drift", "--unlisted"],
            &["drift", "--unlisted", "--format", "junit"],
            &["drift", "--unlisted", "--format", "json"],
            &["graph"],
            &["graph", "--format", "dot"],
            &["apply", "--plan", &plan, "--journal", &journal, "--format", "json"],
        ] {
            let run = live.run_in(dir.path(), args);
            assert!([0, 2].contains(&run.code), "{what}: {args:?}: {run:?}");
            assert!(run.stdout.contains(MARK), "{what}: {args:?} shows no name: {run:?}");
            printed(&format!("{what}, {args:?}"), &run);
        }
        for file in [&plan, &journal] {
            let text = std::fs::read_to_string(file).unwrap();
            assert!(text.contains(MARK), "{what}: {file} has no name");
            harmless(&format!("{what}, {file}"), &text);
        }
    }
}

#[test]
fn programs_read_the_name_as_it_is() {
    for (what, name) in HOSTILE {
        let (live, dir) = (account(name), folder(FILE));
        let run = live.run_in(dir.path(), &["plan", "--format", "json"]);
        let document: Json = serde_json::from_str(&run.stdout_of(0)).unwrap();
        let mut names =
            document["resource_changes"].as_array().unwrap().iter().map(|change| &change["index"]);
        // Runs of space are one space (`model::normalise`).
        let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        assert!(names.any(|index| words(index.as_str().unwrap()) == words(name)), "{what}: {document:#}");
    }
}

#[test]
fn graphs_have_the_nodes_of_the_plan_and_nothing_else() {
    for (what, name) in HOSTILE {
        let (live, dir) = (account(name), folder(FILE));
        let steps = |graph: &str, node: &str| graph.lines().filter(|line| line.contains(node)).count();
        let mermaid = live.run_in(dir.path(), &["graph"]).stdout_of(0);
        let dot = live.run_in(dir.path(), &["graph", "--format", "dot"]).stdout_of(0);
        assert_eq!(steps(&mermaid, "[\""), steps(&dot, "[label=\""), "{what}: {mermaid}\n{dot}");
        for line in mermaid.lines().filter(|line| line.contains("[\"")) {
            let inside = line.split_once("[\"").unwrap().1.strip_suffix("\"]").unwrap();
            assert!(!inside.contains(['"', '<', '>', '`', '\\']), "{what}: {line}");
        }
        for line in dot.lines().filter(|line| line.contains("[label=\"")) {
            let inside = line.split_once("[label=\"").unwrap().1.strip_suffix("\"];").unwrap();
            let plain = inside.replace("\\\\", "").replace("\\\"", "");
            assert!(!plain.contains(['"', '\\']), "{what}: {line}");
        }
    }
}

#[test]
fn pages_have_the_tags_of_a_plain_name_and_nothing_else() {
    let page =
        |name: &str| account(name).run_in(folder(FILE).path(), &["plan", "--format", "html"]).stdout_of(0);
    let tags = |page: &str| {
        let body = page.split_once("</head>").unwrap().1.split_once("<script>").unwrap().0.to_owned();
        let tag = |part: &str| part.split_once('>').unwrap().0.split(' ').next().unwrap().to_owned();
        body.split('<').skip(1).map(tag).collect::<Vec<_>>()
    };
    let plain = tags(&page("plain name"));
    assert!(plain.len() > 100, "{plain:?}");
    for (what, name) in HOSTILE {
        let text = page(name);
        assert_eq!(tags(&text), plain, "{what}: {text}");
        assert_eq!(text.matches("<script").count(), 1, "{what}");
    }
}

#[test]
fn errors_of_a_platform_are_harmless() {
    for (what, words) in HOSTILE {
        let body = json!({"message": words, "errors": {words: [words]}}).to_string();
        let base = answering(format!("HTTP/1.1 422 No\r\ncontent-length: {}\r\n\r\n{body}", body.len()));
        let dir = folder(FILE);
        for args in [&["plan"][..], &["plan", "--format", "json"], &["drift"], &["apply", "--auto-approve"]] {
            let mut command = support::command(dir.path(), args);
            command.env("TRUNKFORM_URL_KALEM", &base).env("TRUNKFORM_TOKEN_KALEM", support::TOKEN);
            let run = Run::of(command);
            assert_eq!(run.code, 1, "{what}: {run:?}");
            assert!(run.stderr.contains(": 422 a"), "{what}: {args:?} does not show the words: {run:?}");
            printed(&format!("{what}, {args:?}"), &run);
        }
    }
}

/// The base URL of a server that always answers the same.
fn answering(answer: String) -> String {
    use std::io::{Read as _, Write as _};
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let _ = stream.read(&mut [0; 4096]);
            let _ = stream.write_all(answer.as_bytes());
        }
    });
    base
}

#[test]
fn texts_of_a_file_are_harmless_in_every_complaint() {
    for (what, words) in HOSTILE {
        let quoted = json!(words).to_string().replace("##", "\\x23\\x23");
        let text = format!(
            "provider: kalem\n{quoted}: 1\ntrunks:\n  - {{name: {quoted}, direction: {quoted}, host: {quoted}}}\nnumbers:\n  - {{number: {quoted}, trunk: {quoted}}}\n"
        );
        let dir = folder(&text);
        for format in ["human", "json"] {
            let run = Run::offline(dir.path(), &["validate", "--format", format]);
            assert_eq!(run.code, 1, "{what}: {run:?}");
            printed(&format!("{what}, {format}"), &run);
        }
        let run = Run::offline(dir.path(), &["validate", "--format", "github"]);
        for line in run.stdout.lines() {
            let said =
                ["::error ", "::warning ", "::notice "].iter().find_map(|start| line.strip_prefix(start));
            harmless(&format!("{what}, github"), said.expect("each line is a complaint"));
        }
    }
}

#[test]
fn a_name_without_an_end_is_cut_for_people_and_whole_for_programs() {
    let name = "a".repeat(1 << 20);
    let (live, dir) = (account(&name), folder(FILE));
    let plan = live.run_in(dir.path(), &["plan"]).stdout_of(0);
    assert!(plan.len() < 64 << 10, "{} bytes", plan.len());
    assert!(plan.contains("aaa… (1048588 characters)"), "{}", &plan[..4096]);
    let graph = live.run_in(dir.path(), &["graph"]).stdout_of(0);
    assert!(graph.len() < 64 << 10, "{} bytes", graph.len());
    let json = live.run_in(dir.path(), &["plan", "--format", "json"]).stdout_of(0);
    assert!(json.contains(&format!("\"index\":\"{name}\"")));
}

#[test]
fn the_binary_prints_what_this_file_looks_for() {
    // Else every look above would be at an empty text.
    let run = account("plain name").run_in(folder(FILE).path(), &["plan"]);
    assert!(run.stdout_of(0).contains("plain name"));
    assert!(Path::new(env!("CARGO_BIN_EXE_trunkform")).exists());
}
