//! The ground of an attack: a clone that a pull request may fill, and a folder outside that no run may touch.
//! In: files and links of the pull request. Out: runs of the binary, and what each left behind.
//! Panics where a run read, changed, printed or started what is outside.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::support::{self, Run};
use crate::watcher::Watcher;

/// A text that every file outside contains. No output may contain it.
pub(crate) const CANARY: &str = "canary-51e0b7";
/// A variable of the job, which is outside too.
pub(crate) const JOB_SECRET: &str = "canary-of-the-job-9c2d";

/// One clone, and what is outside of it.
pub(crate) struct Attack {
    root: tempfile::TempDir,
}

impl Attack {
    /// A clone that holds nothing, beside a folder of secrets.
    pub(crate) fn new() -> Self {
        let root = tempfile::tempdir().unwrap();
        for folder in ["clone", "outside/folder", "scratch"] {
            fs::create_dir_all(root.path().join(folder)).unwrap();
        }
        let attack = Self { root };
        for (name, text) in [
            ("token.env", format!("export TOKEN={CANARY}\n")),
            ("foreign.yaml", format!("users:\n- name:   {CANARY}\n")),
            ("trunkform.yaml", format!("provider: kalem\ntrunks:\n  - name:   {CANARY}\n")),
            ("password", format!("{CANARY}\n")),
            ("numbers.csv", format!("number,trunk\n+14155552600,{CANARY}\n")),
            ("folder/inner.yaml", format!("provider: kalem\ntrunks:\n  - name: {CANARY}\n")),
        ] {
            fs::write(attack.outside(name), text).unwrap();
        }
        attack
    }

    /// A path in the clone.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.root.path().join("clone").join(name)
    }

    /// A path outside of the clone.
    pub(crate) fn outside(&self, name: &str) -> PathBuf {
        self.root.path().join("outside").join(name)
    }

    /// A path for what the operator keeps: plans, journals, the state of a sandbox.
    pub(crate) fn scratch(&self, name: &str) -> PathBuf {
        self.root.path().join("scratch").join(name)
    }

    /// Writes a file of the pull request.
    pub(crate) fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Writes a program that leaves a trace when it runs.
    pub(crate) fn write_program(&self, name: &str) {
        self.write(name, &format!("#!/bin/sh\nenv >>'{}'\n", self.trace().display()));
        fs::set_permissions(self.path(name), fs::Permissions::from_mode(0o755)).unwrap();
    }

    /// A shell command that leaves the same trace.
    pub(crate) fn command_that_traces(&self) -> String {
        format!("env >>'{}'; false", self.trace().display())
    }

    fn trace(&self) -> PathBuf {
        self.scratch("RAN")
    }

    /// Links a path of the clone to a target.
    pub(crate) fn link(&self, target: impl AsRef<Path>, name: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        let _ = fs::remove_file(&path);
        symlink(target, path).unwrap();
    }

    /// Runs Git in the clone.
    pub(crate) fn git(&self, args: &[&str]) {
        support::git(&self.path(""), args);
    }

    /// Commits all of the clone.
    pub(crate) fn commit(&self) {
        if !self.path(".git").exists() {
            self.git(&["init", "-q", "-b", "main", "."]);
        }
        self.git(&["add", "-A", "-f", "."]);
        self.git(&["commit", "-q", "--allow-empty", "-m", "c"]);
    }

    /// The binary in the clone, with a secret of the job in its environment.
    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = support::command(&self.path(""), args);
        let path = std::env::var_os("PATH").unwrap_or_default();
        command.env("PATH", path).env("DEPLOY_KEY", JOB_SECRET);
        command
    }

    /// A run in the clone that must leave all alone that is outside.
    pub(crate) fn run(&self, args: &[&str]) -> Run {
        self.finish(self.command(args))
    }

    /// The same of a command that a test made ready.
    pub(crate) fn finish(&self, command: Command) -> Run {
        let what = format!("{command:?}");
        let watcher = Watcher::of(&self.outside(""));
        let run = run_for_at_most_a_minute(command);
        assert_eq!(watcher.events(), Vec::<String>::new(), "{what} touched what is outside");
        for printed in [&run.stdout, &run.stderr] {
            assert!(!printed.contains(CANARY), "{what} printed what is outside: {printed}");
            assert!(!printed.contains(JOB_SECRET), "{what} printed a variable of the job: {printed}");
        }
        let trace = fs::read_to_string(self.trace()).unwrap_or_default();
        assert!(trace.is_empty() && !self.trace().exists(), "{what} started a program: {trace}");
        run
    }
}

/// A run that is ended where it waits for something.
fn run_for_at_most_a_minute(command: Command) -> Run {
    let mut timed = Command::new("timeout");
    timed.args(["--kill-after=1", "60"]).arg(command.get_program()).args(command.get_args());
    timed.env_clear().envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
    timed.current_dir(command.get_current_dir().unwrap()).stdin(std::process::Stdio::null());
    let run = Run::of(timed);
    assert!(run.code != 124 && run.code != 137, "{command:?} waited: {run:?}");
    run
}
