//! Opens and replaces files beneath a folder.
//! In: a folder as somebody names it, and paths beneath it. Out: regular files, as handles; or why a path is refused.
//! Never follows a link out of the folder, also when the link appears during the call; never waits for a pipe.

mod path;
mod refusal;
mod replace;
#[cfg(test)]
mod tests;

use std::collections::VecDeque;
use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::{self, Read as _};
use std::os::fd::AsFd;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Component, Path, PathBuf};

use cap_std::ambient_authority;
use cap_std::fs::Dir;
use rustix::fs::{AtFlags, FileType, Mode, OFlags};
use rustix::io::Errno;

pub use path::{FolderPath, stays_beneath};
pub use refusal::Refusal;
pub use replace::ReplaceError;

/// So many links lie on the way to a file at most, as in the kernel.
const MAX_LINKS: usize = 40;
/// What Git keeps of a repository: its configuration may hold tokens.
const GIT: &str = ".git";
/// Opens nothing that is a link, waits for nobody, and takes no terminal.
const OPEN: OFlags = OFlags::NOFOLLOW.union(OFlags::NONBLOCK).union(OFlags::NOCTTY).union(OFlags::CLOEXEC);
/// A folder that is only passed through need not be readable.
#[cfg(any(target_os = "linux", target_os = "android"))]
const PASS: OFlags = OFlags::PATH;
#[cfg(not(any(target_os = "linux", target_os = "android")))]
const PASS: OFlags = OFlags::RDONLY;

/// What a path beneath a folder is, links followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryKind {
    /// A folder.
    Folder,
    /// A named pipe that is no link.
    Pipe,
    /// A file, or anything else.
    File,
}

/// A regular file that is open for reading.
#[derive(Debug)]
pub struct OpenFile {
    file: File,
    size: u64,
    id: (u64, u64),
}

impl OpenFile {
    /// The device and inode: what two names of one file have in common.
    pub fn id(&self) -> (u64, u64) {
        self.id
    }

    /// The bytes, but not more than one above the limit.
    ///
    /// # Errors
    /// The system's own.
    pub fn read(&self, limit: u64) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::with_capacity(usize::try_from(self.size.min(limit) + 1).unwrap_or(0));
        (&self.file).take(limit + 1).read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    /// The handle.
    pub fn handle(&self) -> &File {
        &self.file
    }
}

/// An open folder.
#[derive(Debug)]
pub struct Folder(Dir);

impl Folder {
    /// Opens a folder, wherever its path leads: whoever names it answers for it.
    ///
    /// # Errors
    /// The system's own.
    pub(crate) fn open_anywhere(path: &Path) -> io::Result<Self> {
        let path = if path.as_os_str().is_empty() { Path::new(".") } else { path };
        Dir::open_ambient_dir(path, ambient_authority()).map(Self)
    }

    /// The names in the folder, those of its own folders left out; links to folders inside it as well.
    ///
    /// # Errors
    /// The system's own.
    pub fn files(&self, is_meant: impl Fn(&OsStr) -> bool) -> io::Result<Vec<OsString>> {
        let mut names = Vec::new();
        for entry in self.0.entries()? {
            let entry = entry?;
            let name = entry.file_name();
            if !is_meant(&name) {
                continue;
            }
            let kind = entry.file_type()?;
            let is_folder = || kind.is_dir() || matches!(self.kind(Path::new(&name)), Ok(EntryKind::Folder));
            if kind.is_file() || !is_folder() {
                names.push(name);
            }
        }
        Ok(names)
    }

    /// What a path leads to.
    ///
    /// # Errors
    /// The path leads out, or to nothing.
    pub fn kind(&self, path: &Path) -> Result<EntryKind, Refusal> {
        let (names, links) = self.resolve(path)?;
        let Some((name, parents)) = names.split_last() else { return Ok(EntryKind::Folder) };
        let parent = self.walk(parents)?;
        let about = rustix::fs::statat(parent.dir(self), name, AtFlags::SYMLINK_NOFOLLOW)?;
        Ok(match FileType::from_raw_mode(about.st_mode) {
            FileType::Directory => EntryKind::Folder,
            FileType::Fifo if links == 0 => EntryKind::Pipe,
            _ => EntryKind::File,
        })
    }

    /// Opens a folder beneath.
    ///
    /// # Errors
    /// The path leads out, or to no folder.
    pub fn folder(&self, path: &Path) -> Result<Self, Refusal> {
        match self.walk(&self.resolve(path)?.0)? {
            Step::Into(folder) => Ok(folder),
            Step::Here => Ok(Self(self.0.try_clone()?)),
        }
    }

    /// Opens a regular file beneath, for reading.
    ///
    /// # Errors
    /// The path leads out, below `.git`, or to no regular file.
    pub fn file(&self, path: &Path) -> Result<OpenFile, Refusal> {
        let (parent, name) = self.place(path)?;
        let opened = open_at(parent.dir(self), &name, OFlags::RDONLY);
        let file = opened.map_err(|why| irregular(parent.dir(self), &name).unwrap_or(why.into()))?;
        let about = file.metadata()?;
        if !about.is_file() {
            return Err(Refusal::Irregular);
        }
        Ok(OpenFile { size: about.len(), id: (about.dev(), about.ino()), file })
    }

    /// Checks a path of a file that need not be there yet.
    ///
    /// # Errors
    /// As much of the path as is there leads out, or below `.git`.
    pub fn check(&self, path: &Path) -> Result<(), Refusal> {
        self.place(path).map(drop)
    }

    /// Opens a named pipe beneath, and waits until somebody writes into it.
    ///
    /// # Errors
    /// The path leads out, or to no pipe.
    pub fn pipe(&self, path: &Path) -> Result<File, Refusal> {
        use std::os::unix::fs::FileTypeExt as _;
        let (parent, name) = self.place(path)?;
        let flags = OFlags::RDONLY | OPEN.difference(OFlags::NONBLOCK);
        let file = File::from(rustix::fs::openat(parent.dir(self), &*name, flags, Mode::empty())?);
        if file.metadata()?.file_type().is_fifo() { Ok(file) } else { Err(Refusal::Irregular) }
    }

    /// The folder in which a file really is, and its name there.
    fn place(&self, path: &Path) -> Result<(Step, OsString), Refusal> {
        let is_git = |name: &OsStr| name.eq_ignore_ascii_case(GIT);
        // Also where nothing of the path is there yet.
        if path.components().any(|part| is_git(part.as_os_str())) {
            return Err(Refusal::Git);
        }
        let mut names = match plain(path) {
            // Most files are no links: they need no look at each part of the path.
            Some(name) if !is_link(&self.0, &name) => vec![name],
            _ => self.resolve(path)?.0,
        };
        if names.iter().any(|name| is_git(name)) {
            return Err(Refusal::Git);
        }
        let name = names.pop().ok_or(Refusal::Irregular)?;
        Ok((self.walk(&names)?, name))
    }

    /// The parts of a path beneath the folder, every link in it replaced by what it says; and how many links there were.
    fn resolve(&self, path: &Path) -> Result<(Vec<OsString>, usize), Refusal> {
        let mut pending: VecDeque<(OsString, Option<(PathBuf, PathBuf)>)> =
            path.components().map(|part| (part.as_os_str().to_owned(), None)).collect();
        let (mut real, mut links) = (Vec::new(), 0);
        while let Some((part, through)) = pending.pop_front() {
            match Path::new(&part).components().next() {
                None | Some(Component::CurDir) => {}
                Some(Component::ParentDir) if real.pop().is_some() => {}
                Some(Component::ParentDir | Component::RootDir | Component::Prefix(_)) => {
                    let out = |(link, target)| Refusal::LinkOut { link, target };
                    return Err(through.map_or(Refusal::Outside, out));
                }
                Some(Component::Normal(name)) => {
                    real.push(name.to_owned());
                    let here: PathBuf = real.iter().collect();
                    let target = match self.0.read_link_contents(&here) {
                        Ok(target) => target,
                        // No link.
                        Err(why) if why.raw_os_error() == Some(Errno::INVAL.raw_os_error()) => continue,
                        Err(why) => return Err(why.into()),
                    };
                    real.pop();
                    links += 1;
                    if links > MAX_LINKS {
                        return Err(Errno::LOOP.into());
                    }
                    // The first link on the way is the one that its author can see.
                    let through = through.unwrap_or((here, target.clone()));
                    for part in target.components().rev() {
                        pending.push_front((part.as_os_str().to_owned(), Some(through.clone())));
                    }
                }
            }
        }
        Ok((real, links))
    }

    /// Goes from folder to folder. A link among them appeared after they were looked at, and is not followed.
    fn walk(&self, names: &[OsString]) -> Result<Step, Refusal> {
        let mut at = Step::Here;
        for name in names {
            let next = open_at(at.dir(self), name, PASS | OFlags::DIRECTORY)?;
            at = Step::Into(Self(Dir::from_std_file(next)));
        }
        Ok(at)
    }
}

/// The device and inode of something open.
///
/// # Errors
/// The system's own.
pub fn id(open: impl AsFd) -> io::Result<(u64, u64)> {
    let file = File::from(open.as_fd().try_clone_to_owned()?);
    file.metadata().map(|about| (about.dev(), about.ino()))
}

/// Where a walk has led.
enum Step {
    Here,
    Into(Folder),
}

impl Step {
    fn dir<'a>(&'a self, start: &'a Folder) -> &'a Dir {
        match self {
            Self::Here => &start.0,
            Self::Into(folder) => &folder.0,
        }
    }
}

/// Opens what has this name in a folder. The name is one part of a path, and no link is followed.
fn open_at(dir: &Dir, name: &OsStr, flags: OFlags) -> Result<File, Errno> {
    rustix::fs::openat(dir, name, flags | OPEN, Mode::empty()).map(File::from)
}

/// The refusal of a socket, which can't even be opened.
fn irregular(dir: &Dir, name: &OsStr) -> Option<Refusal> {
    let about = rustix::fs::statat(dir, name, AtFlags::SYMLINK_NOFOLLOW).ok()?;
    let kind = FileType::from_raw_mode(about.st_mode);
    (!matches!(kind, FileType::RegularFile | FileType::Symlink)).then_some(Refusal::Irregular)
}

fn is_link(dir: &Dir, name: &OsStr) -> bool {
    let about = rustix::fs::statat(dir, name, AtFlags::SYMLINK_NOFOLLOW);
    about.is_ok_and(|about| FileType::from_raw_mode(about.st_mode) == FileType::Symlink)
}

/// The one name that a path is.
fn plain(path: &Path) -> Option<OsString> {
    let mut parts = path.components();
    match (parts.next(), parts.next()) {
        (Some(Component::Normal(name)), None) => Some(name.to_owned()),
        _ => None,
    }
}
