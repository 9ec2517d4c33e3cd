//! What the files say: on disk or at a revision, and what they said at an earlier one.
//! In: paths and wishes. Out: the checked configuration, the one that it is compared with, and what there is to say of both.
//! What can't be compared is an error: nothing is removed on the ground of a revision that was not understood.

use std::path::PathBuf;

use trunkform::config::{self, Checked};
use trunkform::model::{Account, Config, Diagnostic};
use trunkform::since;

use super::exit::Failure;
use super::pipeline::Wishes;
use super::revision::Revision;

/// What the files say.
pub(super) struct Said {
    pub(super) checked: Checked,
    /// What they said at the revision of `--since`.
    pub(super) before: Option<Config>,
    /// What there is to know of the revision, without being wrong.
    pub(super) notes: Vec<String>,
}

/// Reads what was asked for.
pub(super) fn read(paths: &[PathBuf], wishes: &Wishes, today: jiff::civil::Date) -> Result<Said, Failure> {
    let checked = match &wishes.at {
        Some(name) => at(name, paths, today)?,
        None => config::load(paths, today),
    };
    let mut said = Said { checked, before: None, notes: Vec::new() };
    if let Some(name) = &wishes.since {
        compared(&mut said, &Revision::find(name, paths)?, paths, today)?;
    }
    Ok(said)
}

/// The files of a revision, all of which must have been there.
fn at(name: &str, paths: &[PathBuf], today: jiff::civil::Date) -> Result<Checked, Failure> {
    let revision = Revision::find(name, paths)?;
    let (read, missing) = revision.read(paths)?;
    match missing.first() {
        Some(path) => Err(Failure(format!(
            "there was no configuration at `{name}:{}`; name what the revision has, or another revision",
            path.display()
        ))),
        None => Ok(config::check(read, &|folder, path| revision.beside(folder, path), today)),
    }
}

/// Lays the revision beside what the files say now; of the revision's complaints only errors matter.
fn compared(
    said: &mut Said,
    revision: &Revision,
    paths: &[PathBuf],
    today: jiff::civil::Date,
) -> Result<(), Failure> {
    let (read, missing) = revision.read(paths)?;
    let name = revision.name();
    said.notes.extend(missing.iter().map(|path| {
        format!("there was no configuration at `{name}:{}`: all of it is new; if it was called otherwise then, name its folder", path.display())
    }));
    let Checked { config, sources, diagnostics, .. } =
        config::check(read, &|folder, path| revision.beside(folder, path), today);
    let errors: Vec<_> = diagnostics.into_iter().filter(Diagnostic::is_error).collect();
    if !errors.is_empty() {
        said.checked.sources.extend(sources);
        said.checked.diagnostics.extend(errors);
        said.notes.push(format!(
            "`{name}` does not validate, so nothing can be compared with it: name another revision"
        ));
        return Ok(());
    }
    if !said.checked.diagnostics.iter().any(Diagnostic::is_error) {
        let gone = since::removals(&mut said.checked.config, &config);
        said.notes.extend(gone.iter().map(|account| no_longer(account, name)));
    }
    said.before = Some(config);
    Ok(())
}

fn no_longer(account: &Account, revision: &str) -> String {
    format!(
        "account `{account}` was described at `{revision}` and no longer is, or is at another platform: it is not read, and nothing of it is removed"
    )
}
