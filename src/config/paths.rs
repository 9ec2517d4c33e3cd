//! Paths that a file names: of secrets and of inventories.
//! In: a folder and a path as it is written. Out: whether the path stays in the folder.
//! Looks where links lead, and opens nothing.

use std::path::{Component, Path, PathBuf};

/// A relative path that never leaves the folder in which it begins.
pub(super) fn is_inside(path: &Path) -> bool {
    let mut depth = 0_usize;
    path.components().all(|component| match component {
        Component::Normal(_) => {
            depth += 1;
            true
        }
        Component::CurDir => true,
        Component::ParentDir if depth > 0 => {
            depth -= 1;
            true
        }
        Component::ParentDir | Component::RootDir | Component::Prefix(_) => false,
    })
}

/// Whether as much of a path as exists is inside the folder, wherever links lead.
pub(super) fn stays_inside(folder: &Path, path: &Path) -> bool {
    let here = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let Ok(home) = here.canonicalize() else { return true };
    let whole = here.join(path);
    let real = whole.ancestors().find_map(|part| part.canonicalize().ok());
    real.is_none_or(|real| real.starts_with(&home))
}

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_stays_in_its_folder() {
        for inside in ["a", "./a/b", "a/../b", "a/b/../../c"] {
            assert!(is_inside(Path::new(inside)), "{inside}");
        }
        for outside in ["/etc/passwd", "../a", "a/../../b", ".."] {
            assert!(!is_inside(Path::new(outside)), "{outside}");
        }
    }
}
