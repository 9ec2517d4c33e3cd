//! What the tests share: a live account (the sandbox over real HTTP) and runs of the binary against it.
#![allow(dead_code, unreachable_pub, reason = "each test file uses its own part")]

use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, Weak};

use serde_json::Value as Json;
use trunkform::sandbox::{self, Fault, Logged, OnMoment, Options, Sandbox};

/// Planted in every run: must never appear in any output.
pub const TOKEN: &str = "planted-token-3f9a1c";
/// Planted in every run as the password that examples read.
pub const PASSWORD: &str = "planted-Passw0rd-77e2";

/// A sandbox in a thread of its own, so that tests can run the binary against it.
pub struct Live {
    pub sandbox: Arc<Sandbox>,
    runtime: tokio::runtime::Runtime,
    seen: Moments,
}

/// What was live after each write that had an effect, in the order in which the sandbox carried them out.
type Moments = Arc<Mutex<Vec<(Logged, Json)>>>;

impl Live {
    /// Starts with the state that a `live.json` gives.
    pub fn start_with(seed: &str) -> Self {
        Self::start(serde_json::from_str(seed).expect("a seed is JSON"))
    }

    /// Starts with a state.
    pub fn start(seed: Json) -> Self {
        Self::start_watched(seed, None)
    }

    /// Starts with a state and somebody who is told of each moment of each request.
    pub fn start_watched(seed: Json, on_moment: Option<OnMoment>) -> Self {
        // One thread, so that no other request comes between the effect of one and the look at the state after it.
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let (seen, watched) = (Moments::default(), Arc::new(OnceLock::<Weak<Sandbox>>::new()));
        let (moments, watching) = (Arc::clone(&seen), Arc::clone(&watched));
        let on_request = move |request: &Logged| {
            if request.method != "GET"
                && request.effect
                && let Some(sandbox) = watching.get().and_then(Weak::upgrade)
            {
                let moment = (request.clone(), sandbox.snapshot());
                moments.lock().unwrap_or_else(PoisonError::into_inner).push(moment);
            }
        };
        let on_request = Some(Arc::new(on_request) as trunkform::sandbox::OnRequest);
        let options = Options { seed: Some(seed), on_request, on_moment, ..Options::default() };
        let sandbox = Arc::new(runtime.block_on(Sandbox::start(options)).expect("the sandbox starts"));
        watched.set(Arc::downgrade(&sandbox)).expect("the sandbox is watched once");
        Self { sandbox, runtime, seen }
    }

    /// What was live after each write so far that had an effect.
    pub fn moments(&self) -> Vec<(Logged, Json)> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Runs a future beside the sandbox.
    pub fn block_on<F: Future>(&self, future: F) -> F::Output {
        self.runtime.block_on(future)
    }

    /// The base URL of the platform.
    pub fn base(&self) -> String {
        format!("{}/kalem/api/v1", self.sandbox.base())
    }

    /// Runs the binary in a folder, with an account of each platform that is called as the platform.
    pub fn run_in(&self, folder: &Path, args: &[&str]) -> Run {
        let mut command = command(folder, args);
        for (platform, mount) in sandbox::routes() {
            let account = platform.to_uppercase();
            command.env(format!("TRUNKFORM_URL_{account}"), format!("{}{mount}", self.sandbox.base()));
            command.env(format!("TRUNKFORM_TOKEN_{account}"), TOKEN);
        }
        Run::of(command)
    }

    pub fn forget_requests(&self) {
        self.sandbox.clear_requests();
    }

    pub fn fault(&self, specs: &[&str]) {
        self.sandbox.set_faults(specs.iter().map(|spec| spec.parse::<Fault>().expect("a fault")).collect());
    }

    fn logged_writes(&self) -> Vec<Logged> {
        self.sandbox.requests().into_iter().filter(|r| r.method != "GET").collect()
    }

    /// The writes that came in, one a line, below the platform's base URL where there is only one.
    pub fn writes(&self) -> String {
        let writes = self.logged_writes();
        let mounts = sandbox::routes().map(|(_, mount)| mount);
        let base = mounts.into_iter().find(|mount| writes.iter().all(|r| r.path.starts_with(mount)));
        let line = |r: &Logged| {
            let path = r.path.strip_prefix(base.unwrap_or_default()).unwrap_or(&r.path);
            let body = r.body.as_ref().map(|b| format!(" {b}")).unwrap_or_default();
            format!("{} {path}{body} -> {}\n", r.method, r.status.map_or("reset".into(), |s| s.to_string()))
        };
        writes.iter().map(line).collect()
    }

    /// The writes that were answered with an error.
    pub fn refused(&self) -> Vec<String> {
        self.logged_writes()
            .iter()
            .filter(|r| r.status.is_none_or(|s| s >= 400))
            .map(|r| format!("{} {} {:?}", r.method, r.path, r.status))
            .collect()
    }

    /// The live trunks and numbers.
    pub fn kalem(&self, section: &str) -> Vec<Json> {
        self.sandbox.snapshot()["kalem"][section].as_array().cloned().unwrap_or_default()
    }
}

/// The binary with an environment of its own. `TRUNKFORM_BINARY` puts another build to the test.
pub fn command(folder: &Path, args: &[&str]) -> Command {
    let binary = std::env::var("TRUNKFORM_BINARY");
    let mut command = Command::new(binary.as_deref().unwrap_or(env!("CARGO_BIN_EXE_trunkform")));
    command.args(args).current_dir(folder).env_clear().stdin(Stdio::null());
    command.env("SOURCE_DATE_EPOCH", "1767225600").env("MAIN_TRUNK_PASSWORD", PASSWORD).env("NO_COLOR", "1");
    command
}

/// Runs Git in a folder, with no configuration but its own.
pub fn git(folder: &Path, args: &[&str]) {
    let mut git = Command::new("git");
    git.args(args)
        .current_dir(folder)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_SYSTEM", "/dev/null");
    for who in ["AUTHOR", "COMMITTER"] {
        git.env(format!("GIT_{who}_NAME"), "t").env(format!("GIT_{who}_EMAIL"), "t@example.com");
    }
    let output = git.output().expect("git runs");
    assert!(output.status.success(), "git {args:?}: {}", String::from_utf8_lossy(&output.stderr));
}

/// One finished run of the binary.
#[derive(Debug)]
pub struct Run {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Run {
    pub fn of(mut command: Command) -> Self {
        let output = command.output().expect("the binary runs");
        let run = Self {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8(output.stdout).expect("stdout is UTF-8"),
            stderr: String::from_utf8(output.stderr).expect("stderr is UTF-8"),
        };
        for secret in [TOKEN, PASSWORD] {
            assert!(
                !run.stdout.contains(secret) && !run.stderr.contains(secret),
                "a secret was printed: {run:?}"
            );
        }
        run
    }

    /// A run that has no account to talk to.
    pub fn offline(folder: &Path, args: &[&str]) -> Self {
        Self::of(command(folder, args))
    }

    /// What it printed, after a look at its exit code.
    pub fn stdout_of(&self, code: i32) -> String {
        assert_eq!(self.code, code, "stdout:\n{}\nstderr:\n{}", self.stdout, self.stderr);
        self.stdout.clone()
    }
}
