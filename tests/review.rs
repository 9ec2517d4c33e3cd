//! What a reviewer is shown: a comment, a diff, and why a resource changes or does not.

#![allow(clippy::unwrap_used, reason = "a test stops where it can't go on")]

mod support;

use std::fs;
use std::path::Path;

use support::{Live, Run};

const MOVE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/02-move-numbers-to-a-new-trunk");

fn offline(args: &[&str]) -> Run {
    Run::offline(Path::new(MOVE), args)
}

fn example() -> Live {
    Live::start_with(&fs::read_to_string(Path::new(MOVE).join("live.json")).unwrap())
}

/// What a plan says in a form for reviewers, it says from a file too.
#[test]
fn a_plan_for_reviewers_is_the_same_live_and_saved() {
    let live = example();
    let work = tempfile::tempdir().unwrap();
    let file = work.path().join("plan.json");
    for (format, says) in [
        ("markdown", "<!-- trunkform:plan:kalem -->\n"),
        ("html", "<!doctype html>\n"),
        ("diff", "# NEEDS APPROVAL: "),
    ] {
        let made =
            live.run_in(Path::new(MOVE), &["plan", "--out", file.to_str().unwrap(), "--format", format]);
        let shown = offline(&["show", file.to_str().unwrap(), "--format", format]);
        assert_eq!(made.stdout_of(0), shown.stdout_of(0));
        assert!(made.stdout.starts_with(says), "{made:?}");
        assert!(made.stdout.contains("Plan: 1 to add, 3 to change, 1 to destroy."), "{made:?}");
    }
    let broken = offline(&["show", "nowhere.json", "--format", "markdown"]);
    assert!(broken.stdout_of(1).contains("## Trunkform: INCOMPLETE"), "{broken:?}");
    assert!(
        broken.stdout.ends_with("\n\n### Problems\n\n- **error** `nowhere.json` can't be read: No such file or directory (os error 2)\n")
            && !broken.stdout.contains("Impact"),
        "a comment says what went wrong: {broken:?}"
    );
}

#[test]
fn why_explains_what_changes_and_what_does_not() {
    let live = example();
    let why = |args: &[&str]| live.run_in(Path::new(MOVE), &[&["why"], args].concat());
    let number = why(&["+14155552602"]);
    for says in [
        "kalem.number.+14155552602: update\n  declared at trunkform.yaml:16:5\n",
        "  live with id 13\n",
        "(trunkform.yaml:18:18 | voice_agent: Support Agent)",
        "before #5 (delete kalem.trunk.Carrier A): what uses a thing lets go of it before it goes",
    ] {
        assert!(number.stdout_of(0).contains(says), "{says}: {number:?}");
    }
    let unknown = why(&["Carrier D"]);
    assert_eq!((unknown.code, &*unknown.stdout), (1, ""), "{unknown:?}");
    assert!(unknown.stderr.contains("did you mean `kalem.trunk.Carrier "), "{unknown:?}");
    let work = tempfile::tempdir().unwrap();
    let file = work.path().join("plan.json");
    live.run_in(Path::new(MOVE), &["plan", "--out", file.to_str().unwrap()]).stdout_of(0);
    let saved = offline(&["why", "--plan", file.to_str().unwrap(), "trunk.Carrier A"]);
    assert!(saved.stdout_of(0).contains("after #2-#4 (3 requests): what uses a thing lets go"), "{saved:?}");
    live.run_in(Path::new(MOVE), &["apply", "--auto-approve"]).stdout_of(0);
    let same = why(&["number.+14155552602"]);
    assert!(same.stdout_of(0).contains("every attribute that the file names is as declared:\n"), "{same:?}");
}

/// The README shows the beginning of the comment and the explanation as they are.
#[test]
fn the_readme_shows_what_a_reviewer_sees() {
    let readme = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).unwrap();
    let live = example();
    let why = live.run_in(Path::new(MOVE), &["why", "+14155552602"]).stdout_of(0);
    assert!(readme.contains(&format!("$ trunkform why +14155552602\n{why}```")), "{why}");
    let comment = live.run_in(Path::new(MOVE), &["plan", "--format", "markdown"]).stdout_of(0);
    let (shown, _) = readme.split_once("```markdown\n").and_then(|(_, rest)| rest.split_once("```")).unwrap();
    assert!(comment.starts_with(shown), "{comment}");
}
