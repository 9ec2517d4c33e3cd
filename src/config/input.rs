//! Finds what a command reads: files, those of folders, and what comes through pipes.
//! In: paths as the command line names them. Out: inputs in order, each with the folder beneath which it is opened.
//! Reads no file. A path that leads nowhere is an input all the same: reading it says why.

use std::borrow::Cow;
use std::ffi::{OsStr, OsString};
use std::io;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use super::files::{self, DEFAULT, File, Place};
use crate::folder::{EntryKind, Folder, FolderPath};
use crate::model::Diagnostic;

/// What names stdin on the command line, and in messages.
const STDIN: &str = "-";
const STDIN_NAME: &str = "<stdin>";

/// Something that a command reads.
#[derive(Clone, Debug)]
pub enum Input {
    /// A regular file.
    File {
        /// As messages name it.
        shown: PathBuf,
        /// From where it is read.
        place: Place,
        /// Where its relative paths begin.
        folder: FolderPath,
        /// Whether the command line names it, not its folder.
        named: bool,
    },
    /// A named pipe that the command line names.
    Pipe {
        /// As messages name it.
        shown: PathBuf,
        /// From where it is read.
        place: Place,
    },
    /// A file descriptor that the shell has opened.
    Descriptor(PathBuf),
    /// `-`.
    Stdin,
}

impl Input {
    /// The path that messages name.
    pub fn path(&self) -> &Path {
        match self {
            Self::File { shown, .. } | Self::Pipe { shown, .. } | Self::Descriptor(shown) => shown,
            Self::Stdin => Path::new(STDIN_NAME),
        }
    }

    /// The same as text.
    pub fn name(&self) -> Cow<'_, str> {
        self.path().to_string_lossy()
    }

    /// From where it is read, and where it may be written.
    pub fn place(&self) -> Option<&Place> {
        match self {
            Self::File { place, .. } => Some(place),
            _ => None,
        }
    }

    /// What was read of it.
    pub(super) fn file(&self, name: &str, bytes: Vec<u8>) -> File {
        let (folder, place) = match self {
            Self::File { folder, place, .. } => (Some(folder.clone()), Some(place.clone())),
            Self::Pipe { .. } | Self::Descriptor(_) | Self::Stdin => (None, None),
        };
        File { name: name.into(), folder, bytes, place }
    }
}

/// The device and inode of something open.
pub(super) fn id(file: &std::fs::File) -> io::Result<(u64, u64)> {
    file.metadata().map(|about| (about.dev(), about.ino()))
}

/// The inputs of these paths; of a folder its `*.yaml` and `*.yml`, sorted, hidden ones left out.
pub(super) fn find(paths: &[PathBuf], found: &mut Vec<Diagnostic>) -> Vec<Input> {
    let default = PathBuf::from(DEFAULT);
    let is_file = || std::fs::metadata(&default).is_ok_and(|about| about.is_file());
    let default = if paths.is_empty() && is_file() { default } else { PathBuf::from(".") };
    let given = if paths.is_empty() { std::slice::from_ref(&default) } else { paths };
    // Many paths begin in the working directory.
    let mut last: Option<(FolderPath, Folder)> = None;
    let mut inputs = Vec::new();
    for path in given {
        if path == Path::new(STDIN) {
            inputs.push(Input::Stdin);
            continue;
        }
        if is_descriptor(path) {
            inputs.push(Input::Descriptor(path.clone()));
            continue;
        }
        let (base, rest) = FolderPath::split(path);
        if last.as_ref().is_none_or(|(known, _)| *known != base) {
            last = base.open().ok().map(|folder| (base.clone(), folder));
        }
        let folder = last.as_ref().filter(|_| !path.as_os_str().is_empty());
        let kind = folder.and_then(|(_, folder)| folder.kind(&rest).ok());
        let place = Place { base: base.clone(), path: rest.clone() };
        match kind {
            Some(EntryKind::Folder) => inputs.extend(of_folder(path, &base.beneath(&rest), found)),
            Some(EntryKind::Pipe) => inputs.push(Input::Pipe { shown: path.clone(), place }),
            Some(EntryKind::File) | None => {
                let folder = FolderPath::of_file(path);
                inputs.push(Input::File { shown: path.clone(), place, folder, named: true });
            }
        }
    }
    inputs
}

/// `/dev/stdin`, `/dev/fd/63`: what a shell writes in the place of `<(command)`.
fn is_descriptor(path: &Path) -> bool {
    let digits = |name: &OsStr| {
        let name = name.as_encoded_bytes();
        !name.is_empty() && name.iter().all(u8::is_ascii_digit)
    };
    let within = |folder: &str| {
        path.strip_prefix(folder)
            .is_ok_and(|rest| rest.parent() == Some(Path::new("")) && digits(rest.as_os_str()))
    };
    path == Path::new("/dev/stdin") || within("/dev/fd") || within("/proc/self/fd")
}

fn of_folder(path: &Path, folder: &FolderPath, found: &mut Vec<Diagnostic>) -> Vec<Input> {
    let is_meant = |name: &OsStr| files::is_configuration(Path::new(name));
    let names = match folder.open().map_err(|why| why.to_string()) {
        Ok(open) => open.files(is_meant).map_err(|why| why.to_string()),
        Err(why) => Err(why),
    };
    let mut names = match names {
        Ok(names) => names,
        Err(why) => {
            found.push(files::unreadable(path, &why));
            return Vec::new();
        }
    };
    names.sort();
    if names.is_empty() {
        found.push(files::none_in(&path.to_string_lossy()));
    }
    // What the working directory's own files name is written without it.
    let home = if path == Path::new(".") { FolderPath::default() } else { folder.clone() };
    let input = |name: OsString| {
        let place = Place { base: folder.clone(), path: PathBuf::from(&name) };
        let shown = if path == Path::new(".") { name.into() } else { path.join(name) };
        Input::File { folder: home.clone(), shown, place, named: false }
    };
    names.into_iter().map(input).collect()
}
