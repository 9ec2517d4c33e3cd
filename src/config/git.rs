//! Reads files as they were at a Git revision.
//! In: a revision, paths. Out: the files, or what is wrong with reading them.
//! Starts no shell and no hook, changes nothing, and never takes a revision for an option.

mod program;
mod repository;

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use super::paths::straight;
use super::{File, files};
use crate::folder::stays_beneath;
use crate::model::Diagnostic;
use program::{Git, Objects};
use repository::Repository;

/// What was read of one path: a file, or what is wrong with it.
type Read = Result<File, Vec<Diagnostic>>;

/// The files of a revision.
pub struct Revision {
    /// As it was asked for.
    name: String,
    commit: String,
    repository: Repository,
    git: Git,
    /// Started with the first file.
    objects: RefCell<Option<Objects>>,
}

/// What stands in a tree.
struct Entry {
    mode: String,
    hash: String,
    /// Nothing for a folder, and for a file that the repository lacks.
    size: Option<u64>,
    path: PathBuf,
}

/// A path of the command line, as the repository knows it.
struct Place {
    /// From the top of the work tree.
    path: PathBuf,
    /// Whether it is a folder by now.
    is_folder: bool,
}

impl Revision {
    /// Finds a revision in the repository of the first path, or in the one that the operator names.
    ///
    /// # Errors
    /// A sentence: no repository, or no such revision in it.
    pub fn find(
        name: &str,
        paths: &[PathBuf],
        environment: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Self, String> {
        let (folder, _) = existing(paths.first().map_or(Path::new("."), PathBuf::as_path));
        let unreadable = |why| format!("there is no Git repository to read `{name}` from: {why}");
        let repository = match environment(repository::VARIABLE).filter(|name| !name.is_empty()) {
            Some(named) => Repository::named(&named),
            None => around(&folder),
        };
        let repository = repository.map_err(unreadable)?;
        let inside = real(&folder).and_then(|folder| repository.relative(&folder));
        inside.map_err(|why| unread(name, &folder, &why))?;
        let path = environment("PATH");
        let git = Git::find(path.as_deref(), &repository.top, &repository.git_dir)
            .map_err(|why| format!("`{name}` can't be read: {why}"))?;
        let commit = commit(name, &git, &repository)?;
        Ok(Self { name: name.to_owned(), commit, repository, git, objects: RefCell::new(None) })
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
            for (shown, entry) in entries {
                if seen.insert(entry.path.clone()) {
                    read.push(self.file(&shown, &entry)?);
                }
            }
        }
        Ok((read, missing))
    }

    /// What a file of the revision names beside itself. Only the file's folder is looked for on disk: a link below it leads nowhere else.
    ///
    /// # Errors
    /// What is wrong with that file.
    pub fn beside(&self, folder: &Path, path: &Path) -> Read {
        let shown = folder.join(path);
        let name = format!("{}:{}", self.name, shown.display());
        let failed = |why: String| vec![files::cannot_read(&name, &why)];
        if !stays_beneath(path) {
            return Err(failed("it is outside of the file's folder".to_owned()));
        }
        let wanted = self.place(folder).map_err(failed)?.path.join(straight(path));
        match self.list(wanted.as_os_str()).map_err(failed)?.pop() {
            Some(entry) if entry.mode == TREE || entry.mode == SUBMODULE => {
                Err(failed("it is no regular file".to_owned()))
            }
            Some(entry) => self.file(&shown, &entry).map_err(failed)?,
            None => Err(failed("there was no such file".to_owned())),
        }
    }

    /// What a path stands for: itself, or the files of a folder; each with the path that messages show.
    fn entries(&self, path: &Path) -> Result<Vec<(PathBuf, Entry)>, String> {
        let place = self.place(path)?;
        let inside = if place.is_folder {
            self.list_folder(&place.path)?
        } else {
            match self.list(place.path.as_os_str())?.pop() {
                Some(entry) if entry.mode != TREE => return Ok(vec![(path.to_owned(), entry)]),
                Some(_) => self.list_folder(&place.path)?,
                None => Vec::new(),
            }
        };
        let is_file = |entry: &Entry| entry.mode != TREE && entry.mode != SUBMODULE;
        let mut inside: Vec<_> = inside.into_iter().filter(is_file).collect();
        inside.sort_by(|a, b| a.path.cmp(&b.path));
        let named = inside.into_iter().filter_map(|entry| {
            let name = Path::new(entry.path.file_name()?);
            let shown = if path == Path::new(".") { name.to_owned() } else { path.join(name) };
            files::is_configuration(name).then_some((shown, entry))
        });
        Ok(named.collect())
    }

    /// Where a path is in the repository. Links are followed in what exists of it by now, as far as folders go.
    fn place(&self, path: &Path) -> Result<Place, String> {
        let (folder, rest) = existing(path);
        let outside = |why: String| unread(&self.name, &folder, &why);
        let relative = real(&folder).and_then(|real| self.repository.relative(&real)).map_err(outside)?;
        match rest {
            None => Ok(Place { path: relative, is_folder: true }),
            Some(rest) if stays_beneath(&rest) => {
                Ok(Place { path: relative.join(straight(&rest)), is_folder: false })
            }
            Some(rest) => Err(outside(format!("`{}` leads out of it", rest.display()))),
        }
    }

    fn list_folder(&self, folder: &Path) -> Result<Vec<Entry>, String> {
        // With a `/` at its end it stands for what is inside.
        self.list(folder.join("").as_os_str())
    }

    /// What the tree has at a path from the top; the empty path is the top itself.
    fn list(&self, path: &OsStr) -> Result<Vec<Entry>, String> {
        let mut args: Vec<&OsStr> =
            ["ls-tree", "--full-tree", "-z", "-l", &self.commit, "--"].map(OsStr::new).to_vec();
        args.extend((!path.is_empty()).then_some(path));
        let listed = self.git.run(args).map_err(|why| self.unread(&why))?.bytes;
        Ok(listed.split(|&byte| byte == 0).filter_map(entry).collect())
    }

    fn file(&self, shown: &Path, entry: &Entry) -> Result<Read, String> {
        let name = format!("{}:{}", self.name, shown.display());
        if entry.mode == LINK {
            return Ok(Err(vec![files::cannot_read(
                &name,
                "it is a link, and at a revision none is followed",
            )]));
        }
        let lacks = || self.unread(&format!("the repository lacks `{}`", shown.display()));
        let size = entry.size.ok_or_else(lacks)?;
        if let Some(complaint) = files::too_large(&name, size) {
            return Ok(Err(vec![complaint]));
        }
        let bytes = self.blob(&entry.hash, size).map_err(|why| self.unread(&why))?.ok_or_else(lacks)?;
        Ok(Ok(File::new(&name, shown, bytes)))
    }

    fn blob(&self, hash: &str, size: u64) -> Result<Option<Vec<u8>>, String> {
        let mut started = self.objects.borrow_mut();
        let objects = match started.take() {
            Some(objects) => objects,
            None => self.git.objects()?,
        };
        started.insert(objects).blob(hash, size)
    }

    fn unread(&self, why: &str) -> String {
        let top = &self.repository.top;
        if !self.repository.is_partial() {
            return unread(&self.name, top, why);
        }
        let help = "fetch the full history without a filter (with actions/checkout: `fetch-depth: 0` and no `filter`)";
        let why = format!("this clone is partial, and Trunkform fetches nothing ({why}); {help}");
        unread(&self.name, top, &why)
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
    let size = parts.next().and_then(|size| size.parse().ok());
    Some(Entry { mode: mode.to_owned(), hash: hash.to_owned(), size, path })
}

/// As much of a path as is a folder now, and the rest of the path if it is not that folder itself.
fn existing(path: &Path) -> (PathBuf, Option<PathBuf>) {
    let folder = path.ancestors().find(|folder| !folder.as_os_str().is_empty() && folder.is_dir());
    let folder = folder.unwrap_or(Path::new("."));
    let rest = path.strip_prefix(folder).unwrap_or(path);
    let rest = if path == folder || rest.as_os_str().is_empty() { None } else { Some(rest.to_owned()) };
    (folder.to_owned(), rest)
}

/// The repository of a folder. It is the one that has the link, if a link leads there: a pull request can add a link to another repository of this machine.
fn around(folder: &Path) -> Result<Repository, String> {
    let links: Vec<_> = folder.ancestors().filter(|part| part.is_symlink()).collect();
    let mut parents =
        links.iter().rev().filter_map(|link| Path::new(".").join(link.parent()?).canonicalize().ok());
    match parents.find_map(|parent| Repository::around(&parent).ok()) {
        Some(repository) => Ok(repository),
        None => real(folder).and_then(|folder| Repository::around(&folder)),
    }
}

fn unread(name: &str, folder: &Path, why: &str) -> String {
    format!("`{name}` can't be read in `{}`: {why}", folder.display())
}

fn real(folder: &Path) -> Result<PathBuf, String> {
    folder.canonicalize().map_err(|error| format!("`{}` can't be opened: {error}", folder.display()))
}

/// The commit that a revision names.
fn commit(name: &str, git: &Git, repository: &Repository) -> Result<String, String> {
    if name.starts_with('-') {
        return Err(no_such(name, " (it begins with `-`)", repository));
    }
    let wanted = format!("{name}^{{commit}}");
    let found = match git.run(["rev-parse", "--verify", "--end-of-options", &wanted]) {
        Ok(found) => found,
        Err(_) => {
            // Where Git can't read the repository, the revision is not the fault.
            git.run(["rev-parse", "--git-dir"])
                .map_err(|why| format!("there is no Git repository to read `{name}` from: {why}"))?;
            return Err(no_such(name, "", repository));
        }
    };
    // A branch or tag of somebody's could pass for the branch that was meant.
    if let Some(warning) = found.warnings.lines().find(|line| line.ends_with("is ambiguous.")) {
        let warning = warning.strip_prefix("warning: ").unwrap_or(warning).trim_end_matches('.');
        return Err(format!(
            "`{name}` is ambiguous ({warning}): write the full name, such as `refs/remotes/origin/main`, or the commit"
        ));
    }
    let commit = String::from_utf8_lossy(&found.bytes).trim().to_owned();
    let is_hash = !commit.is_empty() && commit.bytes().all(|byte| byte.is_ascii_hexdigit());
    if is_hash { Ok(commit) } else { Err(no_such(name, "", repository)) }
}

fn no_such(name: &str, why: &str, repository: &Repository) -> String {
    let help = if repository.is_shallow() {
        "this clone is shallow: fetch the history first (`fetch-depth: 0` for actions/checkout, or `git fetch --unshallow`)"
    } else {
        "name a commit, a branch or a tag that this repository has, such as `HEAD~1` or `origin/main`"
    };
    format!("`{name}` is no revision here{why}; {help}")
}
