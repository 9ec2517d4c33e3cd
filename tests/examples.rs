//! Every example is run as its README tells it: planned, applied over HTTP, planned again.
//! The files beside each `trunkform.yaml` are what came out; `UPDATE_EXPECT=1 cargo test --test examples` writes them anew.

#![allow(clippy::unwrap_used, reason = "a test stops where it can't go on")]

mod support;

use std::path::{Path, PathBuf};

use expect_test::expect_file;
use support::{Live, Run};

fn examples() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let mut folders: Vec<_> =
        std::fs::read_dir(root).unwrap().map(|e| e.unwrap().path()).filter(|p| p.is_dir()).collect();
    folders.sort();
    assert!(folders.len() >= 12, "the examples were not found");
    folders
}

#[test]
fn each_example_plans_applies_and_then_has_nothing_to_do() {
    for folder in examples().iter().filter(|folder| folder.join("live.json").exists()) {
        let live = Live::start_with(&std::fs::read_to_string(folder.join("live.json")).unwrap());
        let trunkform = |args: &[&str]| live.run_in(folder, args);

        // What the example's README adds to `plan`.
        let flags = std::fs::read_to_string(folder.join("plan.args")).unwrap_or_default();
        let flags: Vec<_> = flags.split_whitespace().collect();
        let plan = |more: &[&str]| trunkform(&[&["plan"][..], &flags, more].concat());

        let human = plan(&[]);
        expect_file![folder.join("plan.txt")].assert_eq(&human.stdout_of(0));
        let room = tempfile::tempdir().unwrap();
        let saved = room.path().join("plan").display().to_string();
        let json = plan(&["--format", "json", "--out", &saved]);
        expect_file![folder.join("plan.json")].assert_eq(&json.stdout_of(0));

        live.forget_requests();
        let applied = trunkform(&["apply", "--plan", &saved, "--parallelism", "1"]);
        assert!(applied.stdout_of(0).contains("Apply complete!"), "{folder:?}: {applied:?}");
        expect_file![folder.join("requests.txt")].assert_eq(&live.writes());
        assert_eq!(live.refused(), Vec::<String>::new(), "{folder:?}: the platform refused a planned step");

        let again = trunkform(&["plan", "--detailed-exitcode"]).stdout_of(0);
        assert!(
            again.contains("No changes. Your infrastructure matches the configuration."),
            "{folder:?}: {again}"
        );
    }
}

#[test]
fn each_example_without_a_live_account_is_validated() {
    for folder in examples().iter().filter(|folder| !folder.join("live.json").exists()) {
        let human = Run::offline(folder, &["validate"]);
        expect_file![folder.join("validate.txt")].assert_eq(&human.stdout_of(1));
        let json = Run::offline(folder, &["validate", "--format", "json"]);
        expect_file![folder.join("validate.json")].assert_eq(&json.stdout_of(1));
    }
}

#[test]
fn each_example_with_a_live_account_is_valid() {
    for folder in examples().iter().filter(|folder| folder.join("live.json").exists()) {
        Run::offline(folder, &["validate", "--strict"]).stdout_of(0);
    }
}

#[test]
fn the_readme_shows_what_is_printed() {
    let read =
        |path: &str| std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap();
    let readme = read("README.md");
    for shown in [
        "02-move-numbers-to-a-new-trunk/trunkform.yaml",
        "02-move-numbers-to-a-new-trunk/plan.txt",
        "10-bolna-number-moves/plan.txt",
    ] {
        let text = read(&format!("examples/{shown}"));
        assert!(readme.contains(text.trim()), "the README's {shown} is not what it is now:\n{text}");
    }
    for shown in ["14-swap-names", "15-move-between-platforms"] {
        let plan = read(&format!("examples/{shown}/plan.txt"));
        let steps = plan.split("\n\n").find(|part| part.starts_with("Steps, in order")).unwrap();
        assert!(readme.contains(steps), "the README's steps of {shown} are not what they are now:\n{steps}");
    }
    let validate = read("examples/06-mistakes/validate.txt");
    for complaint in ["TRK009", "SEC001", "NUM009"] {
        let text = validate.split("\n\n").find(|text| text.contains(complaint)).unwrap();
        assert!(
            readme.contains(text.trim_matches('\n')),
            "the README's {complaint} is not what is printed now:\n{text}"
        );
    }
}
