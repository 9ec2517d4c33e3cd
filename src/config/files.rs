//! Paths become the bytes of files.
//! In: files and folders as a command was given them. Out: each file once, in order, under the path that messages name.
//! A file is read whole, or not at all where it is larger than any configuration.

use std::collections::BTreeSet;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::paths::stays_inside;
use super::wording::clean;
use crate::model::{Code, Diagnostic, Span};

/// What a folder is searched for where no path is given.
pub const DEFAULT: &str = "trunkform.yaml";
/// 64 MiB: about 300,000 numbers, each written out.
const LARGEST: u64 = 64 << 20;

/// One file as it was read, from wherever that was.
#[derive(Clone, Debug)]
pub struct File {
    /// The name that messages use.
    pub name: Arc<str>,
    /// Where its relative paths begin.
    pub folder: PathBuf,
    /// What it holds.
    pub bytes: Vec<u8>,
}

impl File {
    /// The file of a path.
    pub fn new(name: &str, path: &Path, bytes: Vec<u8>) -> Self {
        Self { name: name.into(), folder: path.parent().unwrap_or(Path::new("")).to_owned(), bytes }
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

/// The files of these paths; of a folder its `*.yaml` and `*.yml`, sorted, hidden ones left out.
pub(super) fn find(paths: &[PathBuf], found: &mut Vec<Diagnostic>) -> Vec<PathBuf> {
    let default = PathBuf::from(DEFAULT);
    let default = if default.is_file() { default } else { PathBuf::from(".") };
    let given = if paths.is_empty() { std::slice::from_ref(&default) } else { paths };
    let mut seen = BTreeSet::new();
    let mut files = Vec::new();
    for path in given {
        let inside = if path.is_dir() { folder(path, found) } else { vec![path.clone()] };
        let new = |file: &PathBuf| seen.insert(file.canonicalize().unwrap_or_else(|_| file.clone()));
        files.extend(inside.into_iter().filter(new));
    }
    files
}

fn folder(path: &Path, found: &mut Vec<Diagnostic>) -> Vec<PathBuf> {
    let entries = match std::fs::read_dir(path) {
        Ok(entries) => entries,
        Err(error) => {
            found.push(unreadable(path, &error.to_string()));
            return Vec::new();
        }
    };
    let names = entries.filter_map(|entry| Some(entry.ok()?.file_name()));
    let yaml = |name: &std::ffi::OsString| is_configuration(Path::new(name));
    let join = |name: std::ffi::OsString| if path == Path::new(".") { name.into() } else { path.join(name) };
    let mut files: Vec<_> = names.filter(yaml).map(join).filter(|file| !file.is_dir()).collect();
    files.sort();
    if files.is_empty() {
        found.push(none_in(&path.to_string_lossy()));
    }
    files
}

/// The complaint about a folder that holds no configuration.
pub fn none_in(folder: &str) -> Diagnostic {
    Diagnostic::new(Code::CFG012, format!("no configuration file in `{}`", clean(folder)))
        .help("name a file, or a folder with `*.yaml` files in it")
}

/// Reads one file.
pub(super) fn read(path: &Path, found: &mut Vec<Diagnostic>) -> Option<File> {
    // Opening a pipe would wait for somebody to write into it.
    let about = path.metadata();
    if about.as_ref().is_ok_and(|about| !about.is_file()) {
        found.push(unreadable(path, "it is no regular file"));
        return None;
    }
    let size = about.map_or(0, |about| about.len().min(LARGEST + 1));
    let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or(0));
    let read = std::fs::File::open(path).and_then(|file| file.take(LARGEST + 1).read_to_end(&mut bytes));
    if let Err(error) = read {
        found.push(unreadable(path, &error.to_string()));
        return None;
    }
    let name = path.to_string_lossy();
    if let Some(complaint) = too_large(&name, bytes.len() as u64) {
        found.push(complaint);
        return None;
    }
    Some(File::new(&name, path, bytes))
}

/// What is to be done about a path that leaves its folder.
pub(super) const INSIDE: &str =
    "write a path relative to this file, inside its folder, also where links lead";

/// Reads what a file names beside itself, on disk.
pub fn beside(folder: &Path, path: &Path) -> Result<File, Vec<Diagnostic>> {
    if !stays_inside(folder, path) {
        let message = "the path of an inventory leads out of the file's folder";
        return Err(vec![Diagnostic::new(Code::CFG008, message).help(INSIDE)]);
    }
    let mut why = Vec::new();
    read(&folder.join(path), &mut why).ok_or(why)
}

fn unreadable(path: &Path, why: &str) -> Diagnostic {
    cannot_read(&path.to_string_lossy(), why)
}

/// The complaint about a file that can't be read.
pub fn cannot_read(name: &str, why: &str) -> Diagnostic {
    Diagnostic::new(Code::CFG012, format!("`{}` can't be read: {why}", clean(name)))
        .at(&name.into(), Span::default(), "")
        .help("give a file or folder that exists and that you may read")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_its_yaml_files_sorted_without_hidden_ones() {
        let dir = tempfile::tempdir().unwrap();
        for name in ["b.yml", "a.yaml", ".hidden.yaml", "notes.txt"] {
            std::fs::write(dir.path().join(name), "").unwrap();
        }
        std::fs::create_dir(dir.path().join("sub.yaml")).unwrap();
        let mut found = Vec::new();
        let again = dir.path().join("a.yaml");
        let files = find(&[dir.path().to_owned(), again], &mut found);
        let names: Vec<_> = files.iter().map(|f| f.file_name().unwrap().to_str().unwrap()).collect();
        assert_eq!(names, ["a.yaml", "b.yml"]);
        assert!(found.is_empty());
    }

    #[cfg(unix)]
    #[test]
    fn what_is_no_regular_file_is_said_and_not_opened() {
        let dir = tempfile::tempdir().unwrap();
        let socket = dir.path().join("a.yaml");
        let _listener = std::os::unix::net::UnixListener::bind(&socket).unwrap();
        let mut found = Vec::new();
        // A folder does not pass over it: what it was meant to declare would count as unlisted.
        assert_eq!(find(&[dir.path().to_owned()], &mut found), std::slice::from_ref(&socket));
        for path in [socket.as_path(), Path::new("/dev/zero")] {
            assert!(read(path, &mut found).is_none());
        }
        let said: Vec<_> = found.iter().map(|d| (d.code, d.message.ends_with("no regular file"))).collect();
        assert_eq!(said, [(Code::CFG012, true), (Code::CFG012, true)]);
    }

    #[test]
    fn what_is_not_there_or_empty_is_said() {
        let dir = tempfile::tempdir().unwrap();
        let mut found = Vec::new();
        assert!(find(&[dir.path().to_owned()], &mut found).is_empty());
        assert!(read(&dir.path().join("no.yaml"), &mut found).is_none());
        assert_eq!(found.iter().map(|d| d.code).collect::<Vec<_>>(), [Code::CFG012, Code::CFG012]);
    }
}
