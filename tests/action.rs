//! The script of the composite action, with a stand-in for GitHub's `gh`.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test stops where it can't go on")]

mod support;

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::Path;
use std::process::{Command, Stdio};

use support::{Live, TOKEN};

/// Writes down what it is called with, and lists the comments of the file `comments`.
const GH: &str =
    "#!/bin/sh\nprintf '%s\\n' \"$*\" >>gh.log\ncase \"$*\" in *--paginate*) cat comments ;; esac\n";
const STORY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/02-move-numbers-to-a-new-trunk");

struct Job {
    live: Live,
    folder: tempfile::TempDir,
}

impl Job {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::create_dir(at("bin")).unwrap();
        symlink(env!("CARGO_BIN_EXE_trunkform"), at("bin/trunkform")).unwrap();
        fs::write(at("bin/gh"), GH).unwrap();
        fs::set_permissions(at("bin/gh"), fs::Permissions::from_mode(0o755)).unwrap();
        fs::write(at("comments"), "").unwrap();
        fs::copy(Path::new(STORY).join("trunkform.yaml"), at("trunkform.yaml")).unwrap();
        let live = Live::start_with(&fs::read_to_string(Path::new(STORY).join("live.json")).unwrap());
        Self { live, folder }
    }

    /// The exit code of the script.
    fn run(&self, command: &str, more: &[(&str, &str)]) -> i32 {
        let path = format!("{}:/usr/bin:/bin", self.folder.path().join("bin").display());
        let mut script = Command::new(concat!(env!("CARGO_MANIFEST_DIR"), "/ci/action"));
        script.current_dir(self.folder.path()).env_clear().env("PATH", path).stdin(Stdio::null());
        script.stdout(Stdio::null()).stderr(Stdio::null());
        script.env("COMMAND", command).env("PLAN_FILE", "trunkform.plan").env("CI", "true");
        script.env("GITHUB_OUTPUT", "output").env("GITHUB_STEP_SUMMARY", "summary");
        script.env("GITHUB_REPOSITORY", "phones/config").env("GITHUB_REF", "refs/pull/7/merge");
        script.env("TRUNKFORM_URL_KALEM", self.live.base()).env("TRUNKFORM_TOKEN_KALEM", TOKEN);
        script.env("COMMENT_AUTHOR", "github-actions[bot]");
        script.envs(more.iter().copied()).status().unwrap().code().unwrap()
    }

    fn text(&self, name: &str) -> String {
        fs::read_to_string(self.folder.path().join(name)).unwrap_or_default()
    }
}

#[test]
fn a_plan_is_one_comment_that_is_kept_up_to_date() {
    let job = Job::new();
    assert_eq!(job.run("plan", &[]), 0, "changes are no failure");
    assert_eq!(job.text("output"), "exitcode=2\n");
    assert!(job.text("summary").contains("Plan: 1 to add, 3 to change, 1 to destroy."));
    let first = job.text("gh.log");
    assert!(first.contains("api --silent repos/phones/config/issues/7/comments --field body=@"), "{first}");
    fs::write(job.folder.path().join("comments"), "42\n43\n").unwrap();
    assert_eq!(job.run("plan", &[]), 0);
    let second = job.text("gh.log").replacen(&first, "", 1);
    assert!(second.contains("--method PATCH repos/phones/config/issues/comments/42 "), "{second}");
    assert!(!second.contains("issues/7/comments --field"), "{second}");
}

#[test]
fn nothing_is_commented_where_there_is_no_pull_request_or_nobody_wants_it() {
    let job = Job::new();
    for quiet in [("GITHUB_REF", "refs/heads/main"), ("COMMENT", "false")] {
        assert_eq!(job.run("plan", &[quiet]), 0);
    }
    assert_eq!(job.text("gh.log"), "");
}

#[test]
fn what_was_planned_is_applied_and_what_went_wrong_is_the_exit_code() {
    let job = Job::new();
    assert_eq!(job.run("validate", &[("PATHS_TO", "trunkform.yaml")]), 0);
    assert_eq!(job.run("validate", &[("PATHS_TO", "nowhere.yaml")]), 1);
    assert_eq!(job.text("output"), "exitcode=0\nexitcode=1\n");
    assert_eq!(job.run("plan", &[("TRUNKFORM_TOKEN_KALEM", "")]), 1);
    assert_eq!(job.run("plan", &[]), 0);
    assert_eq!(job.run("apply", &[]), 0);
    assert_eq!(job.run("apply", &[]), 3, "the plan is stale by then");
    assert!(job.text("output").ends_with("exitcode=0\nexitcode=3\n"));
    assert!(job.text("trunkform.plan.journal").contains("\"event\":\"begin\""));
    assert_eq!(job.run("destroy", &[]), 1);
}
