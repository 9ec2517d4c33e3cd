//! Paths that a file names: of secrets and of inventories.
//! In: a path as it is written. Out: the same without its detours.
//! Looks at no disk.

use std::path::{Component, Path, PathBuf};

/// A path that is inside, without its detours.
pub(super) fn straight(path: &Path) -> PathBuf {
    let mut short = PathBuf::new();
    for component in path.components() {
        match component {
            Component::ParentDir => drop(short.pop()),
            Component::CurDir => {}
            other => short.push(other),
        }
    }
    short
}
