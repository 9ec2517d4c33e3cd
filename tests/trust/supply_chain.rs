//! Whoever registers a name that a CI job installs, and whoever writes to what the job downloads.

use std::fs;
use std::path::Path;

use crate::attack::Attack;

const COMMIT: &str = "0123456789abcdef0123456789abcdef01234567";

/// What users of CI get from us: what `init` writes in each form, and what the repository ships.
fn texts() -> Vec<(String, String)> {
    let digest = "a".repeat(64);
    let sources = [
        None,
        Some(format!("https://github.com/acme/trunkform@{COMMIT}")),
        Some(format!("https://downloads.example/trunkform.tar.gz#sha256={digest}")),
        Some(format!("ghcr.io/acme/trunkform@sha256:{digest}")),
    ];
    let mut texts = Vec::new();
    for (ci, file) in [("github", ".github/workflows/trunkform.yml"), ("gitlab", ".gitlab-ci.yml")] {
        for source in &sources {
            let attack = Attack::new();
            let mut args = vec!["init", "--ci", ci];
            args.extend(source.iter().flat_map(|source| ["--install", source.as_str()]));
            attack.run(&args).stdout_of(0);
            texts.push((format!("{args:?}"), fs::read_to_string(attack.path(file)).unwrap()));
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for file in ["action.yml", "ci/action", "ci/gitlab-ci.yml", "Containerfile", ".pre-commit-hooks.yaml"] {
        texts.push((file.to_owned(), fs::read_to_string(root.join(file)).unwrap()));
    }
    texts
}

fn is_hex(text: &str, length: usize) -> bool {
    text.len() == length && text.bytes().all(|b| b.is_ascii_hexdigit())
}

/// Whether a line installs from a name that its owner can move.
fn is_unpinned(line: &str) -> bool {
    let line = line.trim().trim_start_matches("- ");
    if line.starts_with('#') {
        return false;
    }
    if let Some(action) = line.strip_prefix("uses: ") {
        let reference = action.split('@').nth(1).and_then(|rest| rest.split(' ').next()).unwrap_or_default();
        return !action.starts_with("./") && !is_hex(reference, 40);
    }
    let image = line
        .strip_prefix("image: ")
        .or_else(|| line.strip_prefix("FROM "))
        .map(|rest| rest.split(' ').next().unwrap_or_default());
    if let Some(image) = image {
        let digest = image.rsplit("@sha256:").next().unwrap_or_default();
        return image != "scratch" && !image.contains('$') && !is_hex(digest.trim_matches('"'), 64);
    }
    if line.contains("cargo install") {
        return !(line.contains("--path") || line.contains("--git") && line.contains("--rev"));
    }
    [
        "pip install",
        "npm install",
        "npm i ",
        "npx ",
        "apt-get install",
        "apk add",
        "gem install",
        "go install",
        "curl -fsSL https",
    ]
    .iter()
    .any(|way| line.contains(way))
        || ["| sh", "| bash"].iter().any(|shell| line.ends_with(shell))
}

#[test]
fn nothing_installs_from_a_name_that_is_not_pinned() {
    for (what, text) in texts() {
        for line in text.lines() {
            assert!(!is_unpinned(line), "{what}: {line}");
        }
    }
}

#[test]
fn an_install_source_without_a_pin_is_refused() {
    for source in [
        "trunkform",
        "https://github.com/acme/trunkform",
        "https://github.com/acme/trunkform@main",
        "https://github.com/acme/trunkform@0123456",
        "https://downloads.example/trunkform.tar.gz",
        "ghcr.io/acme/trunkform:latest",
        "http://github.com/acme/trunkform@0123456789abcdef0123456789abcdef01234567",
        "https://x/y$(id)@0123456789abcdef0123456789abcdef01234567",
        "https://x/y`id`@0123456789abcdef0123456789abcdef01234567",
        "https://x/'y@0123456789abcdef0123456789abcdef01234567",
        "",
    ] {
        let attack = Attack::new();
        let run = attack.run(&["init", "--install", source]);
        assert_eq!(run.code, 1, "{source}: {run:?}");
        assert!(!attack.path(".github").exists(), "{source}");
    }
}

/// The parts of a file that begin at this indentation with `name:`.
fn parts(text: &str, indentation: usize) -> Vec<(String, String)> {
    let mut parts: Vec<(String, String)> = Vec::new();
    for line in text.lines() {
        let name = line
            .get(indentation..)
            .filter(|rest| line[..indentation].trim().is_empty() && !rest.starts_with([' ', '#', '-']));
        match name.and_then(|rest| rest.split_once(':')) {
            Some((name, _)) => parts.push((name.to_owned(), String::new())),
            None => {
                if let Some((_, text)) = parts.last_mut() {
                    text.push_str(line);
                    text.push('\n');
                }
            }
        }
    }
    parts
}

#[test]
fn the_job_that_compiles_has_no_token() {
    for (what, text) in texts().into_iter().filter(|(what, _)| what.contains("\"github\"")) {
        assert!(text.contains("permissions: {}") && !text.contains("pull_request_target"), "{what}");
        let jobs = text.split_once("\njobs:").unwrap().1;
        let mut seen = 0;
        for (job, text) in parts(jobs, 2) {
            if ["cargo install", "sha256sum", "docker ", "No source of Trunkform"]
                .iter()
                .any(|way| text.contains(way))
            {
                seen += 1;
                assert!(!text.contains("secrets.") && !text.contains(": write"), "{what}, {job}: {text}");
            }
            if text.contains(": write") {
                assert!(
                    !text.contains("secrets.") && !text.contains("actions/checkout"),
                    "{what}, {job}: {text}"
                );
            }
        }
        assert!(seen > 0, "{what} has a job that installs");
    }
}
