//! Every file of YAML in the repository is as it should be, but for what shows a mistake; and it comes back to that whatever its blanks were.

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use proptest::prelude::*;
use proptest::test_runner::FileFailurePersistence;

use super::{kept, mess};

/// What shows a mistake on purpose, or has to be filled in first.
const ODD: [&str; 8] = [
    "examples/06-mistakes/trunkform.yaml",
    "src/command/init/",
    "src/explain/CFG001/wrong.yaml",
    "src/explain/CFG002/wrong.yaml",
    "src/explain/CFG002/wrong/latin1.yaml",
    "src/explain/CFG011/wrong.yaml",
    "src/explain/NUM002/wrong.yaml",
    "tests/fmt/",
];

/// The files of YAML with their texts.
static FILES: LazyLock<Vec<(String, String)>> = LazyLock::new(files);

fn files() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut pending: Vec<PathBuf> =
        ["examples", "src", "ci", "fuzz/worlds", "tests"].iter().map(|folder| root.join(folder)).collect();
    let mut found = Vec::new();
    while let Some(path) = pending.pop() {
        let name = path.strip_prefix(root).unwrap().to_string_lossy().into_owned();
        if path.is_dir() {
            pending.extend(std::fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()));
        } else if path.extension().is_some_and(|e| e == "yaml" || e == "yml")
            && !ODD.iter().any(|odd| name.starts_with(odd))
        {
            found.push((name, std::fs::read_to_string(path).unwrap()));
        }
    }
    found.sort();
    assert!(found.len() > 150, "the files were not found");
    found
}

/// The example of CLI.md section 1.
const CONTRACT: &str = include_str!("contract.yaml");

#[test]
fn every_file_is_laid_out() {
    for (name, text) in &*FILES {
        let laid = kept(text).unwrap_or_else(|why| panic!("{name}: {why}"));
        assert_eq!(laid, *text, "{name}");
    }
    assert_eq!(kept(CONTRACT).unwrap(), CONTRACT);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: Some(Box::new(FileFailurePersistence::WithSource("seeds"))), ..ProptestConfig::default() })]

    #[test]
    fn a_file_comes_back_from_any_mess(
        which in any::<prop::sample::Index>(),
        choices in proptest::collection::vec(any::<u8>(), 1..60),
    ) {
        let (name, text) = which.get(&FILES);
        // What is on several lines keeps what its author did within it.
        prop_assume!(!text.lines().any(|line| line.ends_with(['|', '>', '{', '[', '-', '+'])));
        // A comment in the column of the one above it is no longer there once either has moved.
        prop_assume!(text.lines().all(|line| (line.len() - line.trim_start().len()).is_multiple_of(2)));
        let messy = mess::of(text, &choices);
        let laid = kept(&messy).unwrap_or_else(|why| panic!("{name}: {why}\n{messy}"));
        prop_assert_eq!(laid.replace("\r\n", "\n"), text.as_str(), "{} from\n{}", name, messy);
    }
}
