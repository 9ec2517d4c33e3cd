//! The project as the checks see it: the text of its files, and what lies where.
//! In: the work tree, or such a value with an edit. Out: each file with its tokens and declarations, by path.
//! Never changes a file: an edit makes another value, in memory.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::sync::Arc;

use super::items::{Scope, scopes};
use super::test_items::without_tests;
use super::token::{Token, tokens};

/// Folders whose Rust files are read.
const CODE: &[&str] = &["src", "tests", "fuzz", "benches"];

/// What is made by a build or a run.
const MADE: &[&str] = &["target", ".git", "node_modules", "corpus"];

/// A file, and what it says where it is Rust.
#[derive(Debug)]
pub struct File {
    pub text: &'static str,
    pub tokens: Vec<Token>,
    /// The tokens without what is under `#[cfg(test)]`.
    pub shipped: Vec<Token>,
    pub scopes: Vec<Scope>,
}

/// The project.
#[derive(Clone, Debug, Default)]
pub struct House {
    /// The Rust files and README.md, by their paths from the root with `/`.
    pub files: BTreeMap<String, Arc<File>>,
    /// Every file and folder; a folder ends with `/`.
    pub places: BTreeSet<String>,
}

impl House {
    /// Reads the work tree.
    pub fn read() -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut house = Self::default();
        let mut pending = vec![String::new()];
        while let Some(folder) = pending.pop() {
            for entry in fs::read_dir(root.join(&folder)).unwrap().map(Result::unwrap) {
                let name = entry.file_name().into_string().unwrap();
                let place = format!("{folder}{name}");
                if entry.path().is_dir() && !MADE.contains(&name.as_str()) {
                    house.places.insert(format!("{place}/"));
                    pending.push(format!("{place}/"));
                } else if is_read(&place) {
                    house = house.with(&place, fs::read_to_string(entry.path()).unwrap());
                } else {
                    house.places.insert(place);
                }
            }
        }
        assert!(house.files.len() > 100, "the sources were not found");
        house
    }

    /// The same project with a file that says something else, or a new file.
    pub fn with(mut self, place: &str, text: impl Into<String>) -> Self {
        let text: &'static str = Box::leak(text.into().into_boxed_str());
        let tokens = if place.ends_with(".rs") { tokens(text) } else { Vec::new() };
        let shipped = without_tests(&tokens);
        let file = File { text, scopes: scopes(&shipped), tokens, shipped };
        self.files.insert(place.to_owned(), Arc::new(file));
        self.places.insert(place.to_owned());
        self
    }

    /// The same project with something added at the end of a file, or with a new file.
    pub fn with_more(self, place: &str, more: &str) -> Self {
        let text = match self.files.get(place) {
            Some(file) => format!("{}\n{more}\n", file.text),
            None => more.to_owned(),
        };
        self.with(place, text)
    }
}

fn is_read(place: &str) -> bool {
    let is_code =
        place.ends_with(".rs") && CODE.iter().any(|folder| place.starts_with(&format!("{folder}/")));
    is_code || place == "README.md"
}
