//! What CI runs: the workflow and the pipeline of `init` with stand-ins for what they call, and everything shipped that installs something.
//! In: what `init` writes in all its forms. Out: who was called with which arguments and which tokens, job by job, for each event.
//! Runs no job on GitHub or GitLab: `tests/clients/run` has their checkers read the files.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test stops where it can't go on")]

#[path = "../support/mod.rs"]
mod support;

mod github;
mod gitlab;
mod pinned;
mod stubs;
mod yaml;

const COMMIT: &str = "0123456789abcdef0123456789abcdef01234567";
const SHA256: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

/// A source of each form that `--install` takes.
fn sources() -> [String; 3] {
    [
        format!("https://github.com/ORG/trunkform@{COMMIT}"),
        format!("https://github.com/ORG/trunkform/releases/download/v1/trunkform.tar.gz#sha256={SHA256}"),
        format!("ghcr.io/org/trunkform@sha256:{SHA256}"),
    ]
}

/// What `init` writes for CI.
fn written(ci: &str, install: Option<&str>) -> String {
    let folder = tempfile::tempdir().unwrap();
    let mut args = vec!["init", "--ci", ci];
    args.extend(install.into_iter().flat_map(|source| ["--install", source]));
    let run = support::Run::offline(folder.path(), &args);
    assert_eq!(run.code, 0, "{run:?}");
    assert_eq!(run.stderr.contains("names no source of Trunkform"), install.is_none(), "{}", run.stderr);
    let name = if ci == "github" { ".github/workflows/trunkform.yml" } else { ".gitlab-ci.yml" };
    std::fs::read_to_string(folder.path().join(name)).unwrap()
}
