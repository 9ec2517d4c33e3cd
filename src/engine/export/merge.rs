//! `export --merge`: live resources that are in no file are appended to one that is there.
//! In: files, and the live accounts that they describe. Out: the same files with more at the end of their lists.
//! Writes nothing. It gives only what was checked: it validates, every line of before is still there, and nothing means anything else.

use std::collections::BTreeSet;
use std::path::PathBuf;

use crate::config::{self, Checked, File, Policy, Waivers, files};
use crate::engine::account_client::AccountClient;
use crate::engine::context::Context;
use crate::export::{self, Beside, Exported, Inherited, LeftOut, Live};
use crate::model::{
    AccountConfig, Code, Config, Diagnostic, KindName, Reading, Removed, Resource, SecretSource, State,
    Unlisted, UnlistedNumbers, Value, visible,
};
use crate::provider::file::sections::SECTIONS;
use crate::scope;

use super::ExportError;
use super::insertion::{self, InsertionPoints};

/// Which accounts of which files are meant.
#[derive(Clone, Debug, Default)]
pub struct MergeArgs {
    /// Files and folders; none: the default ones.
    pub paths: Vec<PathBuf>,
    /// Only the account of this name.
    pub account: Option<String>,
    /// Only accounts of this platform.
    pub provider: Option<String>,
}

/// One file as it was read, and as it is to be.
#[derive(Clone, Debug)]
pub struct FileChange {
    /// As it was read.
    pub before: File,
    /// With the new entries.
    pub after: File,
}

/// What comes into the files.
#[derive(Debug)]
pub struct MergeOutcome {
    /// The files that change; an error is why nothing is to be written.
    pub files: Result<Vec<FileChange>, ExportError>,
    /// A sentence for each account and section.
    pub added: Vec<String>,
    /// What is live and can't be declared, for each account that was compared.
    pub left_out: Vec<Vec<LeftOut>>,
}

/// Appends what is live and in no file.
pub async fn merge(context: &Context<'_>, args: &MergeArgs) -> MergeOutcome {
    let policy = context.policy();
    let read: Vec<_> = config::read(&args.paths).collect();
    let Checked { config, sources, diagnostics, waivers, .. } =
        config::check(read.iter().cloned(), &files::beside, policy.clone());
    let variables = variables(&config);
    let files: Vec<File> = read.into_iter().flatten().collect();
    let mut merge =
        Merge { files: files.clone(), policy, waivers, variables, added: vec![], left_out: vec![] };
    let errors: Vec<_> = diagnostics.into_iter().filter(Diagnostic::is_error).collect();
    let stream = files.iter().find(|file| file.place.is_none());
    let merged = match errors.is_empty() {
        true if let Some(file) = stream => Err(ExportError::from(format!(
            "`{}` is read through a pipe: nothing can be added to it; name a file",
            visible(&file.name)
        ))),
        true => merge.accounts(context, args, &config).await,
        false => Err(ExportError::Diagnostics { diagnostics: errors, sources: Default::default() }),
    };
    let Merge { files: after, added, left_out, .. } = merge;
    let changed = |()| {
        let pairs = files.into_iter().zip(after);
        let pairs = pairs.filter(|(before, after)| before.bytes != after.bytes);
        pairs.map(|(before, after)| FileChange { before, after }).collect()
    };
    MergeOutcome { files: merged.map(changed).map_err(|error| error.with_sources(sources)), added, left_out }
}

/// The accounts that are meant.
fn chosen<'c>(args: &MergeArgs, config: &'c Config) -> Result<Vec<&'c AccountConfig>, String> {
    let fits = |one: &&AccountConfig| {
        args.account.as_deref().is_none_or(|name| name == one.account.as_str())
            && args.provider.as_deref().is_none_or(|name| name == one.provider)
    };
    let chosen: Vec<_> = config.accounts.iter().filter(fits).collect();
    if chosen.is_empty() {
        let all: Vec<_> =
            config.accounts.iter().map(|one| format!("`{}` ({})", one.account, one.provider)).collect();
        return Err(format!("the files describe no such account, only {}", all.join(", ")));
    }
    Ok(chosen)
}

/// Refuses where the files take away what they do not list, and something of it can't be listed: the next plan would.
fn check_left_out(config: &AccountConfig, left_out: &[LeftOut]) -> Result<(), String> {
    let Unlisted { delete_trunks, numbers } = config.unlisted;
    let goes = |one: &&LeftOut| match one.address.kind {
        KindName::Trunk => delete_trunks,
        _ => numbers != UnlistedNumbers::Keep,
    };
    match left_out.iter().find(goes) {
        None => Ok(()),
        Some(LeftOut { address, .. }) => Err(format!(
            "`unlisted` of {} would take away what can't be declared, such as {}: name it under `ignore` first; nothing is written",
            config.account,
            visible(&address.to_string())
        )),
    }
}

/// The variables that the files name.
fn variables(config: &Config) -> BTreeSet<Box<str>> {
    let resources = config.accounts.iter().flat_map(|one| one.desired.resources.values());
    let values = resources.flat_map(|resource| resource.attributes.iter()).map(|entry| &entry.value);
    values
        .filter_map(|value| match value {
            Value::Secret(SecretSource::Env(name)) => Some(name.clone()),
            _ => None,
        })
        .collect()
}

/// The files on their way, account by account.
struct Merge {
    files: Vec<File>,
    policy: Policy,
    waivers: Waivers,
    variables: BTreeSet<Box<str>>,
    /// A sentence for each account and section.
    added: Vec<String>,
    left_out: Vec<Vec<LeftOut>>,
}

impl Merge {
    /// Adds what is live in the accounts that are meant.
    async fn accounts(
        &mut self,
        context: &Context<'_>,
        args: &MergeArgs,
        config: &Config,
    ) -> Result<(), ExportError> {
        let accounts = chosen(args, config)?;
        let requests = accounts.iter().map(|one| (&one.account, one.provider, Reading::Everything));
        let live = super::observe_all(context, requests).await?;
        accounts
            .into_iter()
            .zip(&live)
            .try_for_each(|(account, (client, state))| self.account(account, client, state))
    }

    /// Adds what is live in one account.
    fn account(
        &mut self,
        config: &AccountConfig,
        client: &AccountClient,
        state: &State,
    ) -> Result<(), ExportError> {
        let unlisted = self.unlisted(config, client, state)?;
        let live = Live { account: &config.account, provider: client.provider, state };
        let points = InsertionPoints::of(&self.files, config, client.provider, &self.policy);
        let file = |kind| points.file(kind).ok().map(|at| &self.files[at]);
        let inherited = Inherited::of(client.provider, file);
        let beside = Beside {
            files: &self.files,
            tables: &files::beside,
            inherited: &inherited,
            variables: &self.variables,
            policy: &self.policy,
        };
        let exported = export::addition(live, &unlisted, beside)?;
        self.left_out.push(exported.left_out.clone());
        check_left_out(config, &exported.left_out)?;
        if exported.declared.is_empty() {
            self.added.push(format!("Nothing to add to {}.", config.account));
            return Ok(());
        }
        self.insert(config, &exported, (&points, &inherited))?;
        self.variables.extend(exported.variables);
        Ok(())
    }

    /// What is live, neither declared nor ignored, whatever `unlisted` says should become of it.
    fn unlisted(
        &self,
        config: &AccountConfig,
        client: &AccountClient,
        state: &State,
    ) -> Result<Vec<Resource>, Vec<Diagnostic>> {
        let keeping =
            AccountConfig { unlisted: Unlisted::default(), removed: Removed::default(), ..config.clone() };
        let world = scope::scope(&keeping, state.clone(), client.provider.kinds());
        let found = self.waivers.over_live(&config.account, world.diagnostics);
        let errors: Vec<_> = found.into_iter().filter(Diagnostic::is_error).collect();
        if !errors.is_empty() {
            return Err(errors);
        }
        // What is on it is about to go to the trunk that takes its place, and would be said to stay.
        if let Some(left) = world.observed.resources.values().find(|live| live.is_leftover()) {
            let message =
                format!("a replacement was interrupted, and left {}", visible(&left.read_as().to_string()));
            let complaint = Diagnostic::new(Code::LIV001, message).about(&left.read_as());
            return Err(vec![complaint.help("apply first, which finishes it, and export then")]);
        }
        Ok(world.unlisted.iter().filter_map(|address| world.observed.get(address)).cloned().collect())
    }

    /// Inserts the entries, each section into one file.
    fn insert(
        &mut self,
        config: &AccountConfig,
        exported: &Exported,
        (points, inherited): (&InsertionPoints, &Inherited),
    ) -> Result<(), String> {
        let (folder, bytes) = (inherited.folder().cloned(), exported.text.clone().into_bytes());
        let beside = File { name: "export".into(), folder, bytes, place: None };
        let wanted = config::check(
            self.files.iter().cloned().chain([beside]).map(Ok),
            &files::beside,
            self.policy.clone(),
        )
        .config;
        let mut files = self.files.clone();
        for (section, kind) in SECTIONS {
            let items = if kind == KindName::Trunk { &exported.trunks } else { &exported.numbers };
            if items.is_empty() {
                continue;
            }
            let at = points.file(kind)?;
            let name = visible(&files[at].name).into_owned();
            let wrong = |why| format!("`{section}` can't be added to: `{name}`: {why}; nothing is written");
            files[at].bytes = insertion::appended(&files[at], section, items).map_err(wrong)?.into_bytes();
            let count = exported.declared.iter().filter(|address| address.kind == kind).count();
            let word = if count == 1 { section.trim_end_matches('s') } else { section };
            let protected = if inherited.protects(kind) { ", protected by its `defaults`" } else { "" };
            self.added.push(format!("Added {count} {word} of {} to {name}{protected}.", config.account));
        }
        let checked = config::check(files.iter().cloned().map(Ok), &files::beside, self.policy.clone());
        if checked.diagnostics.iter().any(Diagnostic::is_error) || !is_same(&wanted, &checked.config) {
            return Err(
                "the files would not say the same with what is to be added: nothing is written".into()
            );
        }
        self.files = files;
        if !exported.variables.is_empty() {
            let names = exported.variables.join(", ");
            self.added.push(format!("Can't be read back, and to be set before something sends it: {names}."));
        }
        Ok(())
    }
}

/// Whether two sets of files declare the same, wherever it stands.
fn is_same(a: &Config, b: &Config) -> bool {
    let account = |(a, b): (&AccountConfig, &AccountConfig)| {
        let (ours, theirs) = (&a.desired.resources, &b.desired.resources);
        let same = |(a, b): (&Resource, &Resource)| {
            a.address == b.address && a.attributes == b.attributes && a.settings == b.settings
        };
        let patterns =
            |one: &AccountConfig| one.ignore.iter().map(|p| p.as_str().to_owned()).collect::<Vec<_>>();
        (&a.account, a.provider, a.unlisted, a.limits) == (&b.account, b.provider, b.unlisted, b.limits)
            && patterns(a) == patterns(b)
            && ours.len() == theirs.len()
            && ours.values().zip(theirs.values()).all(same)
    };
    a.accounts.len() == b.accounts.len() && a.accounts.iter().zip(&b.accounts).all(account)
}
