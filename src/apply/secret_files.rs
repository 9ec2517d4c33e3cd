//! Reads the files of secrets beneath the folders of the configuration.
//! In: the folders of the files that a run has loaded, and the path of a secret. Out: the text of the file.
//! Never follows a link out of such a folder. Without a configuration every path is read beneath the working directory.

use std::collections::BTreeSet;
use std::io::{self, Read as _};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use crate::folder::{FolderPath, Refusal};

/// A larger file holds no password.
const LARGEST_FILE: u64 = 64 << 10;

/// Where the files of secrets may be. The default is the working directory alone.
#[derive(Clone, Debug, Default)]
pub struct SecretFiles(BTreeSet<FolderPath>);

impl SecretFiles {
    /// Those beneath the folders of the configuration.
    pub fn new(folders: BTreeSet<FolderPath>) -> Self {
        Self(folders)
    }

    /// The text of a file.
    ///
    /// # Errors
    /// The path leads out of its folder, or to no small regular file.
    pub(super) fn read(&self, path: &str) -> Result<Zeroizing<String>, Refusal> {
        let path = Path::new(path);
        let (folder, rest) = match self.declared(path) {
            Some(found) => found,
            None => (FolderPath::default(), beneath_working_directory(path).ok_or(Refusal::Outside)?),
        };
        let file = folder.open()?.file(&rest)?;
        // Larger than it can become: what grows leaves copies behind.
        let mut text = Zeroizing::new(String::with_capacity(2 * LARGEST_FILE as usize));
        file.handle().take(LARGEST_FILE + 1).read_to_string(&mut text)?;
        if text.len() as u64 > LARGEST_FILE {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is larger than 64 KiB").into());
        }
        Ok(text)
    }

    /// The nearest folder of the configuration above a path, and the rest of the path.
    fn declared(&self, path: &Path) -> Option<(FolderPath, PathBuf)> {
        let above = self.0.iter().filter_map(|folder| {
            let rest = path.strip_prefix(folder.path()).ok().filter(|rest| rest.is_relative())?;
            Some((folder.clone(), rest.to_owned()))
        });
        above.min_by_key(|(_, rest)| rest.components().count())
    }
}

/// The part of a path that is beneath the working directory.
fn beneath_working_directory(path: &Path) -> Option<PathBuf> {
    if crate::folder::stays_beneath(path) {
        return Some(path.to_owned());
    }
    let id = |path: &Path| path.metadata().ok().map(|about| (about.dev(), about.ino()));
    let here = id(Path::new("."))?;
    let above = path.ancestors().skip(1).filter(|above| !above.as_os_str().is_empty());
    let mut same = above.filter(|above| id(above) == Some(here));
    same.find_map(|above| path.strip_prefix(above).ok().map(Path::to_owned))
}
