//! What the files say: on disk or at a revision, and what they said at an earlier one.
//! In: a source and the arguments of a plan. Out: the checked configuration, its baseline, and remarks on both.
//! What can't be compared is an error: nothing is removed on the ground of a revision that was not understood.

use std::path::PathBuf;

use crate::config::{self, Checked, Policy, Revision};
use crate::model::{Account, Config, Diagnostic, SecretNames};
use crate::since;

use super::args::{ConfigSource, PlanArgs};
use super::context::Context;

/// What the files say.
pub(super) struct LoadedConfig {
    pub(super) checked: Checked,
    /// What they said at the revision of `--since`.
    pub(super) baseline: Option<Config>,
    /// What there is to know of the revision, without being wrong.
    pub(super) notes: Vec<String>,
}

/// Reads what was asked for.
pub(super) fn load(
    source: ConfigSource,
    args: &PlanArgs,
    context: &Context<'_>,
) -> Result<LoadedConfig, String> {
    let (policy, environment) = (&context.policy(), context.environment);
    let paths = match source {
        ConfigSource::Paths(paths) => paths,
        ConfigSource::Loaded(checked) => {
            return Ok(LoadedConfig { checked: *checked, baseline: None, notes: Vec::new() });
        }
        ConfigSource::LoadedSince { checked, baseline } => {
            let mut loaded = LoadedConfig { checked: *checked, baseline: None, notes: Vec::new() };
            set_baseline(&mut loaded, baseline, args.since.as_deref().unwrap_or_default());
            return Ok(loaded);
        }
    };
    let paths = &paths[..];
    let checked = match &args.at {
        Some(name) => at(&Revision::find(name, paths, environment)?, paths, policy)?,
        None => config::load(paths, policy.clone()),
    };
    let mut loaded = LoadedConfig { checked, baseline: None, notes: Vec::new() };
    if let Some(name) = &args.since {
        compare(&mut loaded, &Revision::find(name, paths, environment)?, paths, policy)?;
    }
    Ok(loaded)
}

/// The files of a revision, all of which must have been there.
fn at(revision: &Revision, paths: &[PathBuf], policy: &Policy) -> Result<Checked, String> {
    let name = revision.name();
    let (read, missing) = revision.read(paths)?;
    match missing.first() {
        Some(path) => Err(format!(
            "there was no configuration at `{name}:{}`; name what the revision has, or another revision",
            path.display()
        )),
        None => {
            Ok(config::check(read, &|folder, path| revision.beside(&folder.path(), path), policy.clone()))
        }
    }
}

/// Lays the revision beside what the files say now; of the revision's complaints only errors matter.
fn compare(
    loaded: &mut LoadedConfig,
    revision: &Revision,
    paths: &[PathBuf],
    policy: &Policy,
) -> Result<(), String> {
    let (read, missing) = revision.read(paths)?;
    let name = revision.name();
    loaded.notes.extend(missing.iter().map(|path| {
        format!("there was no configuration at `{name}:{}`: all of it is new; if it was called otherwise then, name its folder", path.display())
    }));
    // Nobody reads the secrets of an earlier revision, and the change that corrects a name must be possible.
    let policy = Policy { secret_names: SecretNames::all(), ..policy.clone() };
    let Checked { config, sources, diagnostics, .. } =
        config::check(read, &|folder, path| revision.beside(&folder.path(), path), policy);
    let errors: Vec<_> = diagnostics.into_iter().filter(Diagnostic::is_error).collect();
    if !errors.is_empty() {
        loaded.checked.sources.extend(sources);
        loaded.checked.diagnostics.extend(errors);
        loaded.notes.push(format!(
            "`{name}` does not validate, so nothing can be compared with it: name another revision"
        ));
        return Ok(());
    }
    set_baseline(loaded, config, name);
    Ok(())
}

/// Marks what the revision declares and the files no longer do, unless the files have errors.
fn set_baseline(loaded: &mut LoadedConfig, baseline: Config, revision: &str) {
    if !loaded.checked.diagnostics.iter().any(Diagnostic::is_error) {
        let gone = since::removals(&mut loaded.checked.config, &baseline);
        loaded.notes.extend(gone.iter().map(|account| no_longer(account, revision)));
    }
    loaded.baseline = Some(baseline);
}

fn no_longer(account: &Account, revision: &str) -> String {
    format!(
        "account `{account}` was described at `{revision}` and no longer is, or is at another platform: it is not read, and nothing of it is removed"
    )
}
