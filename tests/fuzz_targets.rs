//! Every platform of the table is fuzzed. `fuzz/` is a workspace of its own, which a build of the crate does not notice.

#![allow(clippy::unwrap_used, reason = "a test stops where it can't go on")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use trunkform::provider;

fn fuzz() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz")
}

fn text(file: &str) -> String {
    let path = fuzz().join(file);
    fs::read_to_string(&path).unwrap_or_else(|why| panic!("{}: {why}", path.display()))
}

/// The names in `targets=(…)` of `fuzz/run`.
fn runnable() -> BTreeSet<String> {
    let run = text("run");
    let list = run.lines().find_map(|line| line.strip_prefix("targets=(")?.strip_suffix(')'));
    list.unwrap().split_whitespace().map(str::to_owned).collect()
}

/// The binaries of `fuzz/Cargo.toml`, each with its source file.
fn binaries() -> BTreeSet<(String, String)> {
    let value = |part: &str, key: &str| {
        let line =
            part.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(" = \"")?.strip_suffix('"'));
        line.unwrap_or_else(|| panic!("a binary without {key}: {part}")).to_owned()
    };
    text("Cargo.toml")
        .split("[[bin]]")
        .skip(1)
        .map(|part| (value(part, "name"), value(part, "path")))
        .collect()
}

#[test]
fn every_platform_has_a_fuzz_target_a_world_and_a_corpus() {
    for platform in provider::ALL.iter().map(|provider| provider.name()) {
        let call = format!("answered(\"{platform}\", bytes)");
        assert!(
            text(&format!("targets/{platform}.rs")).contains(&call),
            "targets/{platform}.rs lacks {call}"
        );
        let world = text(&format!("worlds/{platform}.yaml"));
        let line = format!("provider: {platform}");
        assert!(world.lines().any(|of| of == line), "worlds/{platform}.yaml lacks `{line}`");
        let inputs = fs::read_dir(fuzz().join("corpus").join(platform));
        let inputs = inputs.unwrap_or_else(|why| panic!("corpus/{platform}: {why}"));
        assert!(inputs.count() > 0, "corpus/{platform} is empty");
        assert!(runnable().contains(platform), "fuzz/run does not list {platform}");
    }
}

#[test]
fn every_fuzz_target_is_built_and_run() {
    let targets = fs::read_dir(fuzz().join("targets")).unwrap().map(|entry| entry.unwrap().path());
    let targets: BTreeSet<String> =
        targets.map(|path| path.file_stem().unwrap().to_string_lossy().into_owned()).collect();
    assert_eq!(runnable(), targets);
    let built = targets.iter().map(|name| (name.clone(), format!("targets/{name}.rs"))).collect();
    assert_eq!(binaries(), built);
}
