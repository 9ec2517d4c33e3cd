//! Files as they were read, and what can be wrong with reading them.
//! In: a name and its bytes; what a file names beside itself. Out: files, and complaints that name them.
//! A file is read whole, or not at all where it is larger than any configuration. No link leads to a file outside.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::wording::clean;
use crate::folder::{FolderPath, Refusal, ReplaceError};
use crate::model::{Code, Diagnostic, Span};

/// What a folder is searched for where no path is given.
pub const DEFAULT: &str = "trunkform.yaml";
/// 64 MiB: about 300,000 numbers, each written out.
pub(super) const LARGEST: u64 = 64 << 20;

/// One file as it was read, from wherever that was.
#[derive(Clone, Debug)]
pub struct File {
    /// The name that messages use.
    pub name: Arc<str>,
    /// Where its relative paths begin; none of what comes through a pipe.
    pub folder: Option<FolderPath>,
    /// What it holds.
    pub bytes: Vec<u8>,
    /// From where it was read, if it was read from disk.
    pub place: Option<Place>,
}

/// Where a file is: a path, and the folder beneath which it is opened.
#[derive(Clone, Debug)]
pub struct Place {
    pub(super) base: FolderPath,
    pub(super) path: PathBuf,
}

impl Place {
    /// Puts a text in the place of the bytes that were read.
    ///
    /// # Errors
    /// The file has changed, can't be written, or a link leads out by now.
    pub fn replace(&self, before: &[u8], text: &str) -> Result<(), ReplaceError> {
        self.base.open()?.replace(&self.path, before, text)
    }
}

impl File {
    /// The file of a path.
    pub fn new(name: &str, path: &Path, bytes: Vec<u8>) -> Self {
        Self { name: name.into(), folder: Some(FolderPath::of_file(path)), bytes, place: None }
    }
}

/// Whether a file of this name is among those that stand for their folder.
pub fn is_configuration(name: &Path) -> bool {
    let hidden = name.as_os_str().as_encoded_bytes().starts_with(b".");
    !hidden && name.extension().is_some_and(|e| e == "yaml" || e == "yml")
}

/// The complaint about a file that is larger than any configuration, if it is.
pub fn too_large(name: &str, size: u64) -> Option<Diagnostic> {
    let message = format!("`{}` is larger than {} MiB", clean(name), LARGEST >> 20);
    (size > LARGEST).then(|| {
        Diagnostic::new(Code::CFG004, message)
            .at(&name.into(), Span::default(), "")
            .help("split the account over several files, or write ranges of numbers")
    })
}

/// The complaint about a folder that holds no configuration.
pub fn none_in(folder: &str) -> Diagnostic {
    Diagnostic::new(Code::CFG012, format!("no configuration file in `{}`", clean(folder)))
        .help("name a file, or a folder with `*.yaml` files in it")
}

/// What is to be done about a path that leaves its folder.
pub(super) const INSIDE: &str =
    "write a path relative to this file, inside its folder, also where links lead";

/// Reads what a file names beside itself, on disk.
pub fn beside(folder: &FolderPath, path: &Path) -> Result<File, Vec<Diagnostic>> {
    let place = folder.path().join(path);
    let name = place.to_string_lossy();
    let read = || folder.open()?.file(path)?.read(LARGEST).map_err(Refusal::from);
    match read() {
        Ok(bytes) => match too_large(&name, bytes.len() as u64) {
            Some(complaint) => Err(vec![complaint]),
            None => Ok(File::new(&name, &place, bytes)),
        },
        Err(why) if why.leads_out() => {
            let message = "the path of an inventory leads out of the file's folder";
            Err(vec![Diagnostic::new(Code::CFG008, message).help(INSIDE)])
        }
        Err(why) => Err(vec![cannot_read(&name, &clean(&why.to_string()))]),
    }
}

pub(super) fn unreadable(path: &Path, why: &str) -> Diagnostic {
    cannot_read(&path.to_string_lossy(), why)
}

/// The complaint about a file that can't be read.
pub fn cannot_read(name: &str, why: &str) -> Diagnostic {
    Diagnostic::new(Code::CFG012, format!("`{}` can't be read: {why}", clean(name)))
        .at(&name.into(), Span::default(), "")
        .help("give a file or folder that exists and that you may read")
}
