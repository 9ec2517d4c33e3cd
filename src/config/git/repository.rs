//! Finds the Git repository of a folder, without asking Git.
//! In: a folder, or what `TRUNKFORM_REPOSITORY` names. Out: the work tree and the folder in which Git keeps the history.
//! Never takes a bare layout beside files for a repository, nor one that another user owns.

use std::fs::{self, Metadata};
use std::path::{Path, PathBuf};

/// The variable in which the operator names a repository, whoever owns it.
pub(super) const VARIABLE: &str = "TRUNKFORM_REPOSITORY";
/// A `.git` file holds one path.
const MAX_GITFILE_BYTES: u64 = 16 << 10;

/// A repository.
pub(super) struct Repository {
    /// The folder of its files, with links resolved.
    pub(super) top: PathBuf,
    /// The folder in which Git keeps what belongs to this work tree.
    pub(super) git_dir: PathBuf,
    /// The folder in which Git keeps what all work trees share.
    common: PathBuf,
    /// Whether the operator named it.
    pub(super) is_named: bool,
}

impl Repository {
    /// The repository of a folder whose links are resolved.
    ///
    /// # Errors
    /// A sentence: there is none, it is broken, or another user owns it.
    pub(super) fn around(folder: &Path) -> Result<Self, String> {
        for top in folder.ancestors() {
            if let Some(git_dir) = git_dir(top)? {
                let repository = Self::new(top.to_owned(), git_dir, false);
                return repository.refuse_other_owners().map(|()| repository);
            }
        }
        Err(format!("neither `{}` nor a folder above it has a `.git`", folder.display()))
    }

    /// The repository that the operator names. A bare one has no folder of files: the current folder is taken for it.
    ///
    /// # Errors
    /// A sentence: there is no repository.
    pub(super) fn named(name: &str) -> Result<Self, String> {
        let unusable = |why: &str| format!("`{VARIABLE}` names `{name}`, {why}");
        let real = |path: &Path| {
            path.canonicalize().map_err(|error| unusable(&format!("which can't be opened: {error}")))
        };
        let folder = real(Path::new(name))?;
        if let Some(git_dir) = git_dir(&folder)? {
            return Ok(Self::new(folder, git_dir, true));
        }
        if !is_repository(&folder) {
            return Err(unusable(
                "which is no Git repository: name a folder that has `.git`, or a bare repository",
            ));
        }
        let top = match folder.parent() {
            Some(parent) if folder.ends_with(".git") => parent.to_owned(),
            _ => real(Path::new("."))?,
        };
        Ok(Self::new(top, folder, true))
    }

    fn new(top: PathBuf, git_dir: PathBuf, is_named: bool) -> Self {
        let common = common(&git_dir);
        Self { top, git_dir, common, is_named }
    }

    /// A folder's place below the top of the work tree.
    ///
    /// # Errors
    /// The end of a sentence: it is outside, or in a repository of its own.
    pub(super) fn relative(&self, folder: &Path) -> Result<PathBuf, String> {
        let top = self.top.display();
        let Ok(relative) = folder.strip_prefix(&self.top) else {
            return Err(if self.is_named {
                format!("it is outside of `{top}`, the work tree of the repository that `{VARIABLE}` names")
            } else {
                format!("it is outside of the repository `{top}`; give paths of one repository")
            });
        };
        for nested in folder.ancestors().take_while(|nested| *nested != self.top) {
            if git_dir(nested)?.is_some() {
                let nested = nested.display();
                return Err(format!(
                    "it belongs to the repository `{nested}`, not to `{top}`; give paths of one repository"
                ));
            }
        }
        Ok(relative.to_owned())
    }

    /// Whether the history was cut when it was fetched.
    pub(super) fn is_shallow(&self) -> bool {
        self.common.join("shallow").is_file()
    }

    /// Whether objects were left out when it was fetched.
    pub(super) fn is_partial(&self) -> bool {
        let settings = fs::read(self.common.join("config")).unwrap_or_default();
        let settings = String::from_utf8_lossy(&settings).to_lowercase();
        ["partialclone", "promisor"].iter().any(|key| settings.contains(key))
    }

    /// Settings of another user could name programs and other files.
    fn refuse_other_owners(&self) -> Result<(), String> {
        for place in [&self.top.join(".git"), &self.git_dir, &self.common] {
            let about = fs::symlink_metadata(place).map_err(|error| cannot_open(place, &error))?;
            if let Some((owner, user)) = other_owner(&about) {
                return Err(format!(
                    "`{}` belongs to user {owner}, and Trunkform runs as user {user}; if you trust that user, set `{VARIABLE}={}`",
                    place.display(),
                    self.top.display()
                ));
            }
        }
        Ok(())
    }
}

/// Where Git keeps the history of a folder that has a `.git` of its own: a folder, or a file that names one. A link is neither.
fn git_dir(folder: &Path) -> Result<Option<PathBuf>, String> {
    let dot_git = folder.join(".git");
    match fs::symlink_metadata(&dot_git) {
        Ok(about) if about.is_dir() => Ok(is_repository(&dot_git).then_some(dot_git)),
        Ok(about) if about.is_file() && about.len() <= MAX_GITFILE_BYTES => {
            let text = fs::read_to_string(&dot_git).map_err(|error| cannot_open(&dot_git, &error))?;
            let Some(target) = text.strip_prefix("gitdir: ") else { return Ok(None) };
            let target = folder.join(target.trim_end_matches(['\r', '\n']));
            match target.canonicalize() {
                Ok(real) if is_repository(&real) => Ok(Some(real)),
                _ => Err(format!(
                    "`{}` names `{}`, which is no Git repository",
                    dot_git.display(),
                    target.display()
                )),
            }
        }
        _ => Ok(None),
    }
}

/// Whether a folder has what Git looks for in a repository.
fn is_repository(folder: &Path) -> bool {
    let common = common(folder);
    folder.join("HEAD").symlink_metadata().is_ok()
        && ["objects", "refs"].iter().all(|part| common.join(part).is_dir())
}

/// What an additional work tree shares with the others is beside them.
fn common(git_dir: &Path) -> PathBuf {
    let file = git_dir.join("commondir");
    let is_small = |about: Metadata| about.is_file() && about.len() <= MAX_GITFILE_BYTES;
    let text = fs::symlink_metadata(&file).is_ok_and(is_small).then(|| fs::read_to_string(&file).ok());
    let Some(Some(text)) = text else { return git_dir.to_owned() };
    let common = git_dir.join(text.trim_end_matches(['\r', '\n']));
    common.canonicalize().unwrap_or(common)
}

fn cannot_open(path: &Path, error: &std::io::Error) -> String {
    format!("`{}` can't be opened: {error}", path.display())
}

/// The owner, and the user that runs this, if the owner is neither that user nor root.
#[cfg(unix)]
fn other_owner(about: &Metadata) -> Option<(u32, String)> {
    use std::os::unix::fs::MetadataExt;
    let owner = about.uid();
    let user = current_user();
    let shown = user.map_or_else(|| "unknown".to_owned(), |user| user.to_string());
    (owner != 0 && Some(owner) != user).then_some((owner, shown))
}

#[cfg(not(unix))]
fn other_owner(_: &Metadata) -> Option<(u32, String)> {
    None
}

/// The effective user: the owner of what this process makes.
#[cfg(unix)]
fn current_user() -> Option<u32> {
    use std::os::{fd::OwnedFd, unix::fs::MetadataExt};
    let (pipe, _) = std::io::pipe().ok()?;
    Some(std::fs::File::from(OwnedFd::from(pipe)).metadata().ok()?.uid())
}
