//! Names a folder: which part of its path is the operator's, and in which part no link may lead out.
//! In: a path as the command line names it. Out: a value without a handle, from which the folder is opened by the same rules each time.
//! Opens nothing before it is asked to.

use std::os::unix::fs::MetadataExt as _;
use std::path::{Component, Path, PathBuf};

use super::{Folder, Refusal};

/// A folder by name. The default is the working directory.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct FolderPath {
    /// The operator's part, wherever links in it lead; empty: the working directory.
    root: PathBuf,
    /// The part in which no link leads out of the root.
    rest: PathBuf,
}

impl FolderPath {
    /// A folder that the operator answers for: any link in its path may lead anywhere.
    pub fn trusted(path: &Path) -> Self {
        Self { root: path.to_owned(), rest: PathBuf::new() }
    }

    /// The same with a part in which no link may lead out.
    #[must_use]
    pub fn beneath(self, rest: &Path) -> Self {
        Self { rest: self.rest.join(rest), ..self }
    }

    /// Splits a path that the command line names into the folder beneath which it is opened, and the rest: the working directory and the
    /// whole path; of a path that leaves the working directory, its parent and its last part. No link in the parent leads out of the working directory, a repository, or the `..` with which the path begins.
    pub fn split(path: &Path) -> (Self, PathBuf) {
        if stays_beneath(path) {
            return (Self::default(), path.to_owned());
        }
        if let Some((home, rest)) = home(path) {
            let folder = Self::trusted(home).beneath(rest.parent().unwrap_or(Path::new("")));
            return (folder, rest.file_name().unwrap_or_default().into());
        }
        match (path.parent(), path.file_name()) {
            (Some(parent), Some(name)) => (Self::trusted(parent), name.into()),
            _ => (Self::trusted(path), PathBuf::new()),
        }
    }

    /// The folder of a file that the command line names.
    pub fn of_file(path: &Path) -> Self {
        let (folder, rest) = Self::split(path);
        folder.beneath(rest.parent().unwrap_or(Path::new("")))
    }

    /// The path as it was named.
    pub fn path(&self) -> PathBuf {
        if self.rest.as_os_str().is_empty() { self.root.clone() } else { self.root.join(&self.rest) }
    }

    /// Opens the folder.
    ///
    /// # Errors
    /// There is no such folder, or a link leads out of it.
    pub fn open(&self) -> Result<Folder, Refusal> {
        let root = Folder::open_anywhere(&self.root)?;
        if self.rest.as_os_str().is_empty() { Ok(root) } else { root.folder(&self.rest) }
    }
}

/// The part of a path that is the operator's, and the part that a pull request may have made: what is beneath the working directory, the top of
/// a repository, or the `..` with which a path begins. A link beneath such a folder makes no other one of it.
fn home(path: &Path) -> Option<(&Path, &Path)> {
    let id = |path: &Path| path.metadata().ok().map(|about| (about.dev(), about.ino()));
    let here = id(Path::new("."));
    let is_home = |part: &Path| {
        let git = part.join(".git").symlink_metadata();
        git.is_ok_and(|git| git.is_dir() || git.is_file()) || part.ends_with("..") || id(part) == here
    };
    let mut parts: Vec<_> = path.ancestors().filter(|part| !part.as_os_str().is_empty()).collect();
    parts.reverse();
    let mut home = None;
    for part in parts {
        if home.is_some() && part.is_symlink() {
            break;
        }
        if is_home(part) {
            home = Some(part);
        }
    }
    let home = home?;
    path.strip_prefix(home).ok().filter(|rest| stays_beneath(rest)).map(|rest| (home, rest))
}

/// A relative path that never leaves the folder in which it begins, links aside.
pub fn stays_beneath(path: &Path) -> bool {
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
