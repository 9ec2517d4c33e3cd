//! The table of SECURITY.md and the tests of this folder name each other.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// `module::test` for every test of the files that attack.
fn tests() -> BTreeSet<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/trust");
    let mut found = BTreeSet::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let module = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let text = fs::read_to_string(&path).unwrap();
        if ["threat_model", "watcher", "random_folder"].contains(&module.as_str()) {
            continue;
        }
        for part in text.split("#[test]").skip(1) {
            let name = part.split_once("fn ").and_then(|(_, rest)| rest.split_once('(')).unwrap().0;
            found.insert(format!("{module}::{name}"));
        }
    }
    found
}

/// The tests that the last column of the table names.
fn named() -> BTreeSet<String> {
    let page = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/SECURITY.md")).unwrap();
    let rows = page.lines().filter(|line| line.starts_with("| ") && line.contains("::"));
    let last = rows.filter_map(|row| row.trim_end_matches([' ', '|']).rsplit('|').next());
    last.flat_map(|cell| cell.split('`').skip(1).step_by(2).map(str::to_owned).collect::<Vec<_>>()).collect()
}

#[test]
fn every_row_of_the_threat_model_has_its_test_and_every_test_its_row() {
    assert_eq!(named(), tests());
}
