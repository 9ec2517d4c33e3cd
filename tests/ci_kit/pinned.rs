//! Everything that is generated or shipped installs only what is pinned.
//! In: the workflow and the pipeline in all forms, the action, the image and the hooks. Out: the lines that anybody else could change the content of.
//! Also holds the lines of earlier versions, which it must find.

use std::fs;
use std::path::Path;

use crate::{sources, written};

/// Package managers whose names are taken from a registry, whatever stands behind them.
const REGISTRIES: &[&str] = &[
    "pip install",
    "pip3 install",
    "pipx ",
    "npm i",
    "npm install",
    "npx ",
    "yarn add",
    "gem install",
    "go install",
    "apt-get install",
    "apt install",
    "apk add",
    "dnf install",
    "yum install",
    "brew install",
    "rustup ",
    "cargo binstall",
];

fn is_hex(text: &str, lengths: &[usize]) -> bool {
    lengths.contains(&text.len()) && text.bytes().all(|b| b.is_ascii_hexdigit())
}

/// Whether an image is one for good, or one that the user names.
fn is_pinned_image(name: &str) -> bool {
    name == "scratch"
        || name.starts_with('$')
        || name.rsplit_once("@sha256:").is_some_and(|(_, digest)| is_hex(digest, &[64]))
}

fn is_pinned(line: &str) -> bool {
    let after = |word: &str| line.split_once(word).map(|(_, rest)| rest.trim());
    let first =
        |rest: &str| rest.split(' ').next().unwrap_or_default().trim_matches(['"', '\'', ')']).to_owned();
    let words = format!(" {line}");
    if REGISTRIES.iter().any(|registry| words.contains(&format!(" {registry}"))) {
        return false;
    }
    if let Some(rest) = after("cargo install ") {
        let revision = rest.split_once("--rev ").map(|(_, rest)| first(rest));
        let git = rest.contains("--git https://") && revision.is_some_and(|it| is_hex(&it, &[40, 64]));
        return git || rest.contains("--path ");
    }
    if let Some(rest) = after("uses:") {
        let uses = first(rest);
        return uses.starts_with("./") || uses.rsplit_once('@').is_some_and(|(_, hash)| is_hex(hash, &[40]));
    }
    let name = line.strip_prefix("image:").or_else(|| line.strip_prefix("FROM ")).map(str::trim);
    let name = name
        .or_else(|| after("docker create "))
        .or_else(|| after("docker pull "))
        .or_else(|| after("docker run "));
    let default = line.strip_prefix("ARG ").and_then(|rest| rest.split_once('=')).map(|(_, default)| default);
    name.or(default).is_none_or(|name| is_pinned_image(&first(name)))
}

/// The lines of a text that are not pinned; comments install nothing.
fn unpinned(text: &str) -> Vec<&str> {
    let lines = text.lines().map(|line| line.trim().trim_start_matches("- ").trim());
    lines.filter(|line| !line.starts_with('#') && !is_pinned(line)).collect()
}

#[test]
fn nothing_generated_or_shipped_installs_what_is_not_pinned() {
    for ci in ["github", "gitlab"] {
        for source in sources().iter().map(|source| Some(&**source)).chain([None]) {
            assert_eq!(unpinned(&written(ci, source)), [""; 0], "{ci} {source:?}");
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let shipped = fs::read_dir(root.join("ci")).unwrap().map(|file| file.unwrap().path());
    let shipped =
        shipped.chain(["action.yml", "Containerfile", ".pre-commit-hooks.yaml"].map(|name| root.join(name)));
    for file in shipped {
        assert_eq!(unpinned(&fs::read_to_string(&file).unwrap()), [""; 0], "{}", file.display());
    }
}

#[test]
fn every_archive_is_checked_before_it_is_unpacked() {
    for ci in ["github", "gitlab"] {
        let text = written(ci, Some(&sources()[1]));
        let at = |what: &str| text.find(what).unwrap();
        assert!(at("curl ") < at("sha256sum -c") && at("sha256sum -c") < at("tar -xf"));
    }
}

#[test]
fn the_lines_of_earlier_versions_are_found() {
    for line in [
        "        run: cargo install --locked trunkform@0.1.0",
        "    - cargo install --locked --root \"$CI_PROJECT_DIR/.trunkform-bin\" trunkform",
        "  image: rust:1.95-bookworm",
        "    - apt-get update -qq && apt-get install -qq --yes jq",
        "FROM docker.io/library/rust:1.95-alpine AS build",
        "RUN apk add --no-cache ca-certificates musl-dev gcc make",
        "ARG RUST_IMAGE=rust:1.95-alpine",
        "      - uses: actions/checkout@v4",
        "cargo install --locked --git https://github.com/ORG/trunkform --branch main trunkform",
        "cargo install --locked --git https://github.com/ORG/trunkform --rev 0123456 trunkform",
        "container=$(docker create ghcr.io/org/trunkform:latest)",
        "pip install zizmor",
    ] {
        assert_eq!(unpinned(line).len(), 1, "{line}");
    }
}
