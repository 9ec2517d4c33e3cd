//! Files as they were at a revision, read with the user's own `git`.
//! In: a revision, paths. Out: the files, or what is wrong with reading them.
//! Starts no shell and no hook, changes nothing, and never takes a revision for an option.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::{File, files};
use crate::model::Diagnostic;

/// What was read of one path: a file, or what is wrong with it.
type Read = Result<File, Vec<Diagnostic>>;

/// The files of a revision.
pub struct Revision {
    /// As it was asked for.
    name: String,
    /// The commit: what it is in another repository too, if that has it.
    commit: String,
}

/// What stands in a tree.
struct Entry {
    mode: String,
    hash: String,
    size: u64,
    path: PathBuf,
}

impl Revision {
    /// Finds a revision in the repository of the first path.
    ///
    /// # Errors
    /// A sentence: no repository, or no such revision in it.
    pub fn find(name: &str, paths: &[PathBuf]) -> Result<Self, String> {
        let (folder, _) = place(paths.first().map_or(Path::new("."), PathBuf::as_path));
        git(&folder, ["rev-parse", "--git-dir"])
            .map_err(|why| format!("there is no Git repository to read `{name}` from: {why}"))?;
        let wanted = format!("{name}^{{commit}}");
        let found = if name.starts_with('-') {
            Err("it begins with `-`".to_owned())
        } else {
            git(&folder, ["rev-parse", "--verify", "--quiet", "--end-of-options", &wanted])
        };
        let commit = found.map_err(|why| no_such(name, &why, &folder))?;
        Ok(Self { name: name.to_owned(), commit: String::from_utf8_lossy(&commit).trim().to_owned() })
    }

    /// Its name, as it was asked for.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The files of these paths, and the paths at which there was nothing.
    ///
    /// # Errors
    /// A sentence: what Git says that it can't read.
    pub fn read(&self, paths: &[PathBuf]) -> Result<(Vec<Read>, Vec<PathBuf>), String> {
        let default = [PathBuf::from(files::DEFAULT)];
        if paths.is_empty() {
            // As where no path is given on disk.
            let (read, missing) = self.read(&default)?;
            return if missing.is_empty() { Ok((read, missing)) } else { self.read(&[PathBuf::from(".")]) };
        }
        let (mut read, mut missing, mut seen) = (Vec::new(), Vec::new(), BTreeSet::new());
        for path in paths {
            let entries = self.entries(path)?;
            if entries.is_empty() {
                missing.push(path.clone());
            }
            for (shown, folder, entry) in entries {
                // Of the disk only the folder: what its files are by now says nothing of the revision.
                if seen.insert((folder.canonicalize().ok(), entry.path.clone())) {
                    read.push(self.file(&shown, &folder, &entry)?);
                }
            }
        }
        Ok((read, missing))
    }

    /// What a file of the revision names beside itself. It is asked for from the file's folder: what is a link there by now leads nowhere else.
    ///
    /// # Errors
    /// What is wrong with that file.
    pub fn beside(&self, folder: &Path, path: &Path) -> Read {
        let shown = folder.join(path);
        let (there, rest) = place(folder);
        let wanted = rest.unwrap_or_default().join(path);
        let name = format!("{}:{}", self.name, shown.display());
        let failed = |why: String| vec![files::cannot_read(&name, &why)];
        let found = self.list(&there, Some(wanted.as_os_str())).map_err(failed)?.pop();
        match found {
            Some(entry) if entry.mode == TREE || entry.mode == SUBMODULE => {
                Err(vec![files::cannot_read(&name, "it is no regular file")])
            }
            Some(entry) => self.file(&shown, &there, &entry).map_err(failed)?,
            None => Err(vec![files::cannot_read(&name, "there was no such file")]),
        }
    }

    /// What a path stands for: itself, or the files of a folder; each with the path that messages show, and where to ask for it.
    fn entries(&self, path: &Path) -> Result<Vec<(PathBuf, PathBuf, Entry)>, String> {
        let (folder, rest) = place(path);
        let inside = match rest {
            None => self.list(&folder, None)?,
            Some(rest) => match self.list(&folder, Some(rest.as_os_str()))?.pop() {
                Some(entry) if entry.mode != TREE => return Ok(vec![(path.to_owned(), folder, entry)]),
                Some(_) => self.list(&folder, Some(rest.join("").as_os_str()))?,
                None => Vec::new(),
            },
        };
        let is_file = |entry: &Entry| entry.mode != TREE && entry.mode != SUBMODULE;
        let named =
            |entry: &Entry| entry.path.file_name().is_some_and(|n| files::is_configuration(n.as_ref()));
        let mut inside: Vec<_> = inside.into_iter().filter(|entry| is_file(entry) && named(entry)).collect();
        inside.sort_by(|a, b| a.path.cmp(&b.path));
        let shown = |entry: &Entry| match (path == Path::new("."), entry.path.file_name()) {
            (false, Some(name)) => path.join(name),
            _ => entry.path.clone(),
        };
        Ok(inside.into_iter().map(|entry| (shown(&entry), folder.clone(), entry)).collect())
    }

    fn list(&self, folder: &Path, path: Option<&OsStr>) -> Result<Vec<Entry>, String> {
        let mut args: Vec<&OsStr> = ["ls-tree", "-z", "-l", &self.commit, "--"].map(OsStr::new).to_vec();
        args.extend(path);
        let listed = git(folder, args).map_err(|why| self.unread(folder, &why))?;
        Ok(listed.split(|&byte| byte == 0).filter_map(entry).collect())
    }

    fn file(&self, shown: &Path, folder: &Path, entry: &Entry) -> Result<Read, String> {
        let name = format!("{}:{}", self.name, shown.display());
        if entry.mode == LINK {
            return Ok(Err(vec![files::cannot_read(
                &name,
                "it is a link, and at a revision none is followed",
            )]));
        }
        if let Some(complaint) = files::too_large(&name, entry.size) {
            return Ok(Err(vec![complaint]));
        }
        let bytes =
            git(folder, ["cat-file", "blob", &entry.hash]).map_err(|why| self.unread(folder, &why))?;
        Ok(Ok(File::new(&name, shown, bytes)))
    }

    fn unread(&self, folder: &Path, why: &str) -> String {
        format!("`{}` can't be read in `{}`: {why}", self.name, folder.display())
    }
}

const TREE: &str = "040000";
const SUBMODULE: &str = "160000";
const LINK: &str = "120000";

/// `<mode> <type> <hash> <size>\t<path>`.
fn entry(line: &[u8]) -> Option<Entry> {
    let tab = line.iter().position(|&byte| byte == b'\t')?;
    let about = std::str::from_utf8(&line[..tab]).ok()?;
    let mut parts = about.split_ascii_whitespace();
    let (mode, _, hash) = (parts.next()?, parts.next()?, parts.next()?);
    let path = PathBuf::from(String::from_utf8_lossy(&line[tab + 1..]).into_owned());
    // A folder has no size.
    let size = parts.next().and_then(|size| size.parse().ok()).unwrap_or(0);
    Some(Entry { mode: mode.to_owned(), hash: hash.to_owned(), size, path })
}

/// Where to ask for a path: a folder that exists now, and the rest of the path where it is not that folder itself.
fn place(path: &Path) -> (PathBuf, Option<PathBuf>) {
    let folder = path.ancestors().find(|folder| !folder.as_os_str().is_empty() && folder.is_dir());
    let folder = folder.unwrap_or(Path::new("."));
    let rest = path.strip_prefix(folder).unwrap_or(path);
    let rest = if path == folder || rest.as_os_str().is_empty() { None } else { Some(rest.to_owned()) };
    (folder.to_owned(), rest)
}

/// What a command of Git's says, or the first line of what it complains of.
fn git<T: AsRef<OsStr>>(folder: &Path, args: impl IntoIterator<Item = T>) -> Result<Vec<u8>, String> {
    // A path is a path, whatever characters it holds.
    let run = Command::new("git")
        .arg("-C")
        .arg(folder)
        .args(args)
        .env("GIT_LITERAL_PATHSPECS", "1")
        .stdin(Stdio::null())
        .output();
    let output = run.map_err(|why| match why.kind() {
        std::io::ErrorKind::NotFound => "the program `git` is not installed, or not in the PATH".to_owned(),
        _ => format!("`git` can't be run: {why}"),
    })?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let line = said.lines().next().unwrap_or_default();
    Err(line.strip_prefix("fatal: ").unwrap_or(line).to_owned())
}

fn no_such(name: &str, why: &str, folder: &Path) -> String {
    let shallow = git(folder, ["rev-parse", "--is-shallow-repository"]).is_ok_and(|said| said == b"true\n");
    let help = if shallow {
        "this clone is shallow: fetch the history first (`fetch-depth: 0` for actions/checkout, or `git fetch --unshallow`)"
    } else {
        "name a commit, a branch or a tag that this repository has, such as `HEAD~1` or `origin/main`"
    };
    let why = if why.is_empty() { String::new() } else { format!(" ({why})") };
    format!("`{name}` is no revision here{why}; {help}")
}
