//! Names a folder: which part of its path is the operator's, and in which part no link may lead out.
//! In: a path as the command line names it. Out: a value without a handle, from which the folder is opened by the same rules each time.
//! Opens nothing before it is asked to.

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
    /// whole path; of an absolute path, and of one that leaves the working directory by itself, its parent and its last part.
    pub fn split(path: &Path) -> (Self, PathBuf) {
        if stays_beneath(path) {
            return (Self::default(), path.to_owned());
        }
        match (path.parent(), path.file_name()) {
            (Some(parent), Some(name)) => (Self::trusted(parent), name.into()),
            _ => (Self::trusted(path), PathBuf::new()),
        }
    }

    /// The folder of a file that the command line names.
    pub fn of_file(path: &Path) -> Self {
        let parent = path.parent().unwrap_or(Path::new(""));
        if stays_beneath(path) { Self::default().beneath(parent) } else { Self::trusted(parent) }
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
