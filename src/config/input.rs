//! Finds what a command reads: files, those of folders, and what comes through pipes.
//! In: paths as the command line names them. Out: inputs in order, each with the folder beneath which it is opened.
//! Reads no file. A path that leads nowhere is an input all the same: reading it says why.

use std::borrow::Cow;
use std::ffi::{OsStr, OsString};
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

#[cfg(test)]
mod tests {
    use std::fs;

    use super::super::reader::InputReader;
    use super::*;
    use crate::model::Code;

    /// What is read of these paths, by name, and the complaints.
    fn read(paths: &[&Path]) -> (Vec<String>, Vec<Diagnostic>) {
        let paths: Vec<_> = paths.iter().map(|path| path.to_path_buf()).collect();
        let (mut found, mut names, mut reader) = (Vec::new(), Vec::new(), InputReader::default());
        for input in find(&paths, &mut found) {
            match reader.read(&input) {
                Some(Ok(file)) => names.push(file.name.rsplit('/').next().unwrap().to_owned()),
                Some(Err(why)) => found.extend(why),
                None => {}
            }
        }
        (names, found)
    }

    #[test]
    fn a_folder_is_its_yaml_files_sorted_without_hidden_ones() {
        let dir = tempfile::tempdir().unwrap();
        for name in ["b.yml", "a.yaml", ".hidden.yaml", "notes.txt"] {
            fs::write(dir.path().join(name), "").unwrap();
        }
        fs::create_dir(dir.path().join("sub.yaml")).unwrap();
        let (names, found) = read(&[dir.path(), &dir.path().join("a.yaml")]);
        assert_eq!(names, ["a.yaml", "b.yml"]);
        assert!(found.is_empty());
    }

    #[test]
    fn a_file_of_two_names_is_read_once_where_one_is_a_link() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("b.yaml"), "").unwrap();
        std::os::unix::fs::symlink("b.yaml", dir.path().join("a.yaml")).unwrap();
        assert_eq!(read(&[dir.path()]).0, ["a.yaml"]);
        // Two names that both are the file's own say the same twice.
        fs::hard_link(dir.path().join("b.yaml"), dir.path().join("c.yaml")).unwrap();
        assert_eq!(read(&[dir.path()]).0, ["a.yaml", "c.yaml"]);
    }

    #[test]
    fn what_is_no_regular_file_is_reported_and_not_opened() {
        let dir = tempfile::tempdir().unwrap();
        let socket = dir.path().join("a.yaml");
        let _listener = std::os::unix::net::UnixListener::bind(&socket).unwrap();
        // A folder does not pass over it: what it was meant to declare would count as unlisted.
        for path in [dir.path(), &socket, Path::new("/dev/zero")] {
            let (names, found) = read(&[path]);
            assert!(names.is_empty() && found.len() == 1, "{found:?}");
            assert!(
                found[0].code == Code::CFG012 && found[0].message.ends_with("no regular file"),
                "{found:?}"
            );
        }
    }

    #[test]
    fn what_is_not_there_or_empty_is_reported() {
        let dir = tempfile::tempdir().unwrap();
        for path in [dir.path(), &dir.path().join("no.yaml")] {
            let (names, found) = read(&[path]);
            assert!(names.is_empty() && found.len() == 1 && found[0].code == Code::CFG012, "{found:?}");
        }
    }

    #[test]
    fn descriptors_are_what_a_shell_writes() {
        for path in ["/dev/stdin", "/dev/fd/63", "/proc/self/fd/0"] {
            assert!(is_descriptor(Path::new(path)), "{path}");
        }
        for path in
            ["/dev/fd", "/dev/fd/x", "/dev/fd/3/etc/passwd", "/dev/fd/../zero", "/proc/self/fd/0/a", "fd/3"]
        {
            assert!(!is_descriptor(Path::new(path)), "{path}");
        }
    }
}
