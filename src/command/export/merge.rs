//! `export --merge`: what is live and in no file comes into one that is there.
//! In: files and the live accounts that they describe. Out: the same files with more at the end of their lists.
//! Writes only what was checked: it validates, every line of before is still there, and nothing means anything else.

use std::collections::BTreeSet;
use std::path::Path;

use trunkform::config::{self, Checked, File, Waivers, files};
use trunkform::export::{self, Beside, Exported, Inherited, LeftOut, Live};
use trunkform::model::{
    AccountConfig, Code, Config, Diagnostic, KindName, Reading, Removed, Resource, SecretSource, State,
    Unlisted, UnlistedNumbers, Value, visible,
};
use trunkform::provider::file::types::SECTIONS;
use trunkform::scope;

use super::places::{self, Places};
use crate::cli;
use crate::command::exit::{Exit, Failure};
use crate::command::reach::{Reach, Reached};
use crate::command::written::{self, Unwritten};
use crate::command::{clock, output};

pub(super) async fn run(args: &cli::Export, reach: &Reach) -> Result<Exit, Failure> {
    let today = clock::day(clock::now()?);
    let read: Vec<_> = config::read(&args.paths).collect();
    let Checked { config, sources, diagnostics, waivers } =
        config::check(read.iter().cloned(), &files::beside, today);
    let errors: Vec<_> = diagnostics.into_iter().filter(Diagnostic::is_error).collect();
    if !errors.is_empty() {
        output::diagnostics(&errors, &sources);
        return Ok(Exit::Error);
    }
    let accounts = chosen(args, &config)?;
    let wanted = accounts.iter().map(|one| (&one.account, one.provider, Reading::Everything));
    let Some(live) = super::observed(reach, wanted).await else { return Ok(Exit::Error) };
    let before: Vec<File> = read.into_iter().flatten().collect();
    let variables = variables(&config);
    let mut merge = Merge { files: before.clone(), today, waivers, variables, added: Vec::new() };
    for (account, (reached, state)) in accounts.into_iter().zip(&live) {
        if let Err(found) = merge.account(account, reached, state)? {
            output::diagnostics(&found, &sources);
            return Ok(Exit::Error);
        }
    }
    for (before, after) in
        before.iter().zip(&merge.files).filter(|(before, after)| before.bytes != after.bytes)
    {
        let shown = &after.name;
        written::in_place(Path::new(&**shown), &before.bytes, &text(after)?).map_err(|why| match why {
            Unwritten::Changed => {
                Failure(format!("`{shown}` was changed meanwhile: nothing is written to it; run this again"))
            }
            Unwritten::Io(why) => Failure(format!("`{shown}` can't be written: {why}")),
        })?;
    }
    merge.added.iter().for_each(|line| output::note(line));
    Ok(Exit::Done)
}

/// The accounts that are meant.
fn chosen<'c>(args: &cli::Export, config: &'c Config) -> Result<Vec<&'c AccountConfig>, Failure> {
    let fits = |one: &&AccountConfig| {
        args.account.as_deref().is_none_or(|name| name == one.account.as_str())
            && args.provider.as_deref().is_none_or(|name| name == one.provider)
    };
    let chosen: Vec<_> = config.accounts.iter().filter(fits).collect();
    if chosen.is_empty() {
        let all: Vec<_> =
            config.accounts.iter().map(|one| format!("`{}` ({})", one.account, one.provider)).collect();
        return Err(Failure(format!("the files describe no such account, only {}", all.join(", "))));
    }
    Ok(chosen)
}

/// Refuses where the files take away what they do not list, and something of it can't be listed: the next plan would.
fn kept(config: &AccountConfig, left_out: &[LeftOut]) -> Result<(), Failure> {
    let Unlisted { delete_trunks, numbers } = config.unlisted;
    let goes = |one: &&LeftOut| match one.address.kind {
        KindName::Trunk => delete_trunks,
        _ => numbers != UnlistedNumbers::Keep,
    };
    match left_out.iter().find(goes) {
        None => Ok(()),
        Some(LeftOut { address, .. }) => Err(Failure(format!(
            "`unlisted` of {} would take away what can't be declared, such as {}: name it under `ignore` first; nothing is written",
            config.account,
            visible(&address.to_string())
        ))),
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
    today: jiff::civil::Date,
    waivers: Waivers,
    variables: BTreeSet<Box<str>>,
    /// What there is to say when all is written.
    added: Vec<String>,
}

impl Merge {
    /// Adds what is live in one account; the inner error is what the live account shows to be wrong with the files.
    fn account(
        &mut self,
        config: &AccountConfig,
        reached: &Reached,
        state: &State,
    ) -> Result<Result<(), Vec<Diagnostic>>, Failure> {
        let unlisted = match self.unlisted(config, reached, state) {
            Ok(unlisted) => unlisted,
            Err(found) => return Ok(Err(found)),
        };
        let live = Live { account: &config.account, provider: reached.provider, state };
        let places = Places::of(&self.files, config, reached.provider, self.today);
        let file = |kind| places.file(kind).ok().map(|at| &self.files[at]);
        let inherited = Inherited::of(reached.provider, file);
        let beside = Beside {
            files: &self.files,
            tables: &files::beside,
            inherited: &inherited,
            variables: &self.variables,
            today: self.today,
        };
        let exported = match export::addition(live, &unlisted, beside) {
            Ok(exported) => exported,
            Err(found) => return Ok(Err(found)),
        };
        super::left_out(&exported.left_out);
        kept(config, &exported.left_out)?;
        if exported.declared.is_empty() {
            self.added.push(format!("Nothing to add to {}.", config.account));
            return Ok(Ok(()));
        }
        self.put(config, &exported, (&places, &inherited))?;
        self.variables.extend(exported.variables);
        Ok(Ok(()))
    }

    /// What is live, neither declared nor ignored, whatever `unlisted` says should become of it.
    fn unlisted(
        &self,
        config: &AccountConfig,
        reached: &Reached,
        state: &State,
    ) -> Result<Vec<Resource>, Vec<Diagnostic>> {
        let keeping =
            AccountConfig { unlisted: Unlisted::default(), removed: Removed::default(), ..config.clone() };
        let world = scope::scope(&keeping, state.clone(), reached.provider.kinds());
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

    /// Puts the items into files, each section into one.
    fn put(
        &mut self,
        config: &AccountConfig,
        exported: &Exported,
        (places, inherited): (&Places, &Inherited),
    ) -> Result<(), Failure> {
        let folder = inherited.folder().to_owned();
        let beside = File { name: "export".into(), folder, bytes: exported.text.clone().into_bytes() };
        let wanted =
            config::check(self.files.iter().cloned().chain([beside]).map(Ok), &files::beside, self.today)
                .config;
        let mut files = self.files.clone();
        for (section, kind) in SECTIONS {
            let items = if kind == KindName::Trunk { &exported.trunks } else { &exported.numbers };
            if items.is_empty() {
                continue;
            }
            let at = places.file(kind)?;
            let name = visible(&files[at].name).into_owned();
            let wrong =
                |why| Failure(format!("`{section}` can't be added to: `{name}`: {why}; nothing is written"));
            files[at].bytes = places::appended(&files[at], section, items).map_err(wrong)?.into_bytes();
            let count = exported.declared.iter().filter(|address| address.kind == kind).count();
            let word = if count == 1 { section.trim_end_matches('s') } else { section };
            let protected = if inherited.protects(kind) { ", protected by its `defaults`" } else { "" };
            self.added.push(format!("Added {count} {word} of {} to {name}{protected}.", config.account));
        }
        let checked = config::check(files.iter().cloned().map(Ok), &files::beside, self.today);
        if checked.diagnostics.iter().any(Diagnostic::is_error) || !is_same(&wanted, &checked.config) {
            return Err(Failure(
                "the files would not say the same with what is to be added: nothing is written".into(),
            ));
        }
        self.files = files;
        if !exported.variables.is_empty() {
            let names = exported.variables.join(", ");
            self.added.push(format!("Can't be read back, and to be set before something sends it: {names}."));
        }
        Ok(())
    }
}

fn text(file: &File) -> Result<String, Failure> {
    String::from_utf8(file.bytes.clone()).map_err(|_| Failure(format!("`{}` is not UTF-8", file.name)))
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
