//! `init`: what it writes is good at once, and nothing is ever overwritten.

#![allow(clippy::unwrap_used, reason = "a test stops where it can't go on")]

mod support;

use std::fs;
use std::path::Path;

use support::Run;

const FILES: [&str; 3] = ["trunkform.yaml", "trunkform.schema.json", ".github/workflows/trunkform.yml"];

fn init(folder: &Path, args: &[&str]) -> String {
    Run::offline(folder, &[&["init"], args].concat()).stdout_of(0)
}

fn texts(folder: &Path) -> Vec<String> {
    FILES.iter().map(|file| fs::read_to_string(folder.join(file)).unwrap()).collect()
}

#[test]
fn what_is_written_is_valid_and_can_be_applied() {
    for platform in trunkform::provider::ALL.iter().map(|provider| provider.name()) {
        let folder = tempfile::tempdir().unwrap();
        let said = init(folder.path(), &["--provider", platform]);
        assert_eq!(said, FILES.map(|file| format!("wrote {file}\n")).concat());
        let [file, schema, workflow] = &texts(folder.path())[..] else { unreachable!() };
        assert!(file.contains(&format!("provider: {platform}\n")), "{file}");
        assert_eq!(*schema, Run::offline(folder.path(), &["schema"]).stdout_of(0));
        let token = format!("TRUNKFORM_TOKEN_{}", platform.to_uppercase());
        assert_eq!(workflow.matches(&format!("{token}: ${{{{ secrets.{token} }}}}")).count(), 2);
        let secrets = file.matches("{env: ").count();
        assert_eq!(workflow.matches("secrets.CARRIER_PASSWORD").count(), secrets);
        assert!(
            ["@SECRETS@", "@INSTALL@", "@BINARY@", "@TOKEN@"].iter().all(|place| !workflow.contains(place)),
            "{workflow}"
        );
        Run::offline(folder.path(), &["validate", "--strict"]).stdout_of(0);
        let mut command = support::command(folder.path(), &["apply", "--sandbox", "--auto-approve"]);
        command.env("CARRIER_PASSWORD", support::PASSWORD);
        let applied = Run::of(command).stdout_of(0);
        assert!(applied.contains("Apply complete!"), "{applied}");
    }
}

#[test]
fn what_is_there_stays() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("trunkform.yaml"), "mine").unwrap();
    let said = init(folder.path(), &[]);
    assert!(said.starts_with("kept  trunkform.yaml\nwrote trunkform.schema.json\n"), "{said}");
    let before = texts(folder.path());
    assert_eq!(before[0], "mine");
    assert_eq!(init(folder.path(), &["--provider", "bolna"]).matches("kept").count(), 3);
    assert_eq!(texts(folder.path()), before);
}

#[test]
fn a_platform_that_is_none_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let run = Run::offline(folder.path(), &["init", "--provider", "twilio"]);
    assert_eq!((run.code, run.stdout.as_str()), (1, ""));
    assert!(run.stderr.contains("`twilio` is not a platform: write `kalem`"), "{}", run.stderr);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[cfg(unix)]
#[test]
fn a_link_is_not_written_through() {
    let folder = tempfile::tempdir().unwrap();
    let outside = folder.path().join("outside");
    std::os::unix::fs::symlink(&outside, folder.path().join("trunkform.yaml")).unwrap();
    assert!(init(folder.path(), &[]).starts_with("kept  trunkform.yaml\n"));
    assert!(!outside.exists());
}

#[test]
fn a_workflow_is_for_the_ci_system_that_was_asked_for_or_for_none() {
    for (ci, file) in [("gitlab", Some(".gitlab-ci.yml")), ("github", Some(FILES[2])), ("none", None)] {
        let folder = tempfile::tempdir().unwrap();
        let stdout = init(folder.path(), &["--ci", ci, "--provider", "bolna"]);
        let workflow = file.map(|file| format!("wrote {file}\n")).unwrap_or_default();
        assert_eq!(stdout, format!("wrote trunkform.yaml\nwrote trunkform.schema.json\n{workflow}"));
        if let Some(file) = file {
            let text = fs::read_to_string(folder.path().join(file)).unwrap();
            assert!(text.contains("TRUNKFORM_TOKEN_BOLNA") && !text.contains("KALEM"), "{text}");
            assert!(["@INSTALL@", "@NEEDS@", "@TOKEN@"].iter().all(|place| !text.contains(place)), "{text}");
        }
    }
}

#[test]
fn a_source_that_is_not_pinned_is_refused_and_nothing_is_written() {
    for (args, why) in [
        (["--install", "trunkform"], "is no pinned source: write a Git URL with `@` and a full commit"),
        (["--install", "https://github.com/ORG/trunkform@main"], "an archive URL with its hash"),
        (["--install", "https://github.com/ORG/trunkform@0123456"], "or an image with its digest"),
        (["--install", "ghcr.io/org/trunkform:latest"], "ghcr.io/ORG/trunkform@sha256:<64 hex digits>"),
        (["--install", "x\u{1b}[2J$(id)"], "x\\u{1b}[2J$(id)` is no pinned source"),
        (["--ci", "jenkins"], "invalid value 'jenkins'"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let run = Run::offline(folder.path(), &[&["init"], &args[..]].concat());
        assert_eq!((run.code, run.stdout.as_str()), (1, ""), "{args:?}");
        assert!(run.stderr.contains(why), "{args:?}: {}", run.stderr);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}

#[test]
fn a_workflow_without_a_source_and_one_that_exists_are_pointed_out() {
    let folder = tempfile::tempdir().unwrap();
    let source = "https://github.com/ORG/trunkform@0123456789abcdef0123456789abcdef01234567";
    let run = Run::offline(folder.path(), &["init"]);
    assert!(
        run.stderr.contains(&format!("warning: {} names no source of Trunkform", FILES[2])),
        "{}",
        run.stderr
    );
    let run = Run::offline(folder.path(), &["init", "--install", source]);
    assert!(run.stderr.contains("exists and `--install` has no effect on it"), "{}", run.stderr);
    fs::remove_file(folder.path().join(FILES[2])).unwrap();
    let run = Run::offline(folder.path(), &["init", "--install", source]);
    assert!(!run.stderr.contains("warning"), "{}", run.stderr);
    let run = Run::offline(folder.path(), &["init", "--ci", "none", "--install", source]);
    assert_eq!(run.code, 1);
    assert!(run.stderr.contains("`--ci none` writes none"), "{}", run.stderr);
}
