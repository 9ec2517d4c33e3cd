//! Which of the paths that a rule names a module mentions, as `std::fs`.
//! In: what a module declares, and the paths. Out: each that it mentions with the line, also through `use … as` and `use …::*`.
//! Never finds one in a comment or a text.

use super::items::{Path, Role, Scope};
use super::modules::imports_of;

/// A path that was found.
pub struct Mention {
    pub word: &'static str,
    pub line: usize,
}

/// The first mention of each word. A word may be a part of a path: `Instant::now` is in `std::time::Instant::now`.
pub fn mentions(scope: &Scope, words: &[&'static str]) -> Vec<Mention> {
    // A bare word says no more than the `use` that brings it in; without one it is a variable.
    let longer = scope.mentions.iter().filter(|path| path.segments.len() > 1);
    let paths = scope.uses.iter().chain(longer);
    let paths: Vec<_> = paths.map(|path| (path, spelled_out(scope, &path.segments))).collect();
    let mut found = Vec::new();
    for word in words {
        let parts: Vec<&str> = word.split("::").collect();
        let path = paths.iter().find(|(path, spelled)| {
            spelled.iter().any(|long| long.windows(parts.len()).any(|part| part == parts))
                || hides(path, &parts)
        });
        found.extend(path.map(|(path, _)| Mention { word, line: path.line }));
    }
    found
}

/// `use std::*` brings `fs` in without a word of it.
fn hides(path: &Path, word: &[&str]) -> bool {
    matches!(path.role, Role::Glob { .. })
        && (1..word.len()).any(|some| path.segments.ends_with(&word[..some]))
}

/// The paths that a path may stand for, with the `use`s of its scope put in; the path itself comes first.
fn spelled_out(scope: &Scope, segments: &[&'static str]) -> Vec<Vec<&'static str>> {
    let mut spelled = vec![segments.to_vec()];
    let mut at = 0;
    while at < spelled.len() && spelled.len() < 16 {
        let path = spelled[at].clone();
        for import in imports_of(scope, path[0]).filter(|import| import.segments[0] != path[0]) {
            let longer = [import.segments.as_slice(), &path[1..]].concat();
            if !spelled.contains(&longer) {
                spelled.push(longer);
            }
        }
        at += 1;
    }
    spelled
}
