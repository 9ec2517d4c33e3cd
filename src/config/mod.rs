//! Files become values.
//! In: paths and the day. Out: what the files declare, their texts, and every complaint about them at once.
//! Reads files and nothing else; a secret that was written into one goes no further than the place where it is masked.

mod account;
mod declared;
mod decode;
mod defaults;
mod duplicates;
pub mod files;
mod foreign;
mod git;
pub mod input;
mod inventory;
mod overrides;
mod paths;
mod policy;
mod publish;
mod quoting;
mod range;
pub mod reader;
pub mod reading;
pub mod rules;
mod secrets;
mod shape;
mod text;
mod waive;
mod wording;
pub(crate) mod yaml;

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub(crate) use defaults::given;
pub use files::File;
pub use git::Revision;
pub use policy::Policy;
pub use publish::schema;
pub(crate) use range::range_of;
pub(crate) use text::is_refused;
pub use waive::Waivers;
pub(crate) use yaml::reads_plain;

use crate::folder::FolderPath;
use crate::model::{Account, Code, Config, Diagnostic, Sources};
use crate::provider::{self, Provider};
use yaml::Node;

/// A file or an inventory that is not there, or not read to its end.
const UNREAD: [Code; 4] = [Code::CFG001, Code::CFG002, Code::CFG004, Code::CFG012];

/// What was read and what it means.
#[derive(Clone, Debug, Default)]
pub struct Checked {
    /// What the files declare; to be used only where no diagnostic is an error.
    pub config: Config,
    /// The texts, for messages. Secrets that were written into a file are masked.
    pub sources: Sources,
    /// Every complaint: errors first, then by file and place; waived ones left out.
    pub diagnostics: Vec<Diagnostic>,
    /// What is waived, also of what only the live accounts will show.
    pub waivers: Waivers,
    /// The folders of the files, in which the files of their secrets are.
    pub folders: BTreeSet<FolderPath>,
}

/// Reads files and folders, checks them against the schema and the rules.
///
/// No path: `trunkform.yaml` in the current folder, else the current folder. `policy` may be the day alone.
pub fn load(paths: &[PathBuf], policy: impl Into<Policy>) -> Checked {
    check(read(paths), &files::beside, policy)
}

/// The files of these paths as [`load`] reads them, each of them or what was wrong with reading it.
pub fn read(paths: &[PathBuf]) -> impl Iterator<Item = Result<File, Vec<Diagnostic>>> {
    let mut found = Vec::new();
    let inputs = input::find(paths, &mut found);
    let mut reader = reader::InputReader::default();
    let files = inputs.into_iter().filter_map(move |input| reader.read(&input));
    std::iter::once(Err(found)).chain(files)
}

/// Reads what a file names beside itself, an inventory: in the file's folder, at a path that stays in it.
pub type Beside<'r> = dyn Fn(&FolderPath, &Path) -> Result<File, Vec<Diagnostic>> + 'r;

/// The same of files that were read elsewhere, each of them or what was wrong with reading it; `beside` reads their inventories from there as well.
pub fn check(
    files: impl IntoIterator<Item = Result<File, Vec<Diagnostic>>>,
    beside: &Beside<'_>,
    policy: impl Into<Policy>,
) -> Checked {
    let policy = policy.into();
    let mut loading = Loading::new(beside, &policy);
    for file in files {
        match file {
            Ok(file) => loading.file(&file),
            Err(why) => loading.found.extend(why),
        }
    }
    let Loading { accounts, sources, inventories, folders, mut found, .. } = loading;
    let of_table = |found: &Diagnostic| found.labels.first().is_some_and(|at| inventories.has(&at.file));
    let unread = |found: &Diagnostic| UNREAD.contains(&found.code) || of_table(found);
    let complete = !found.iter().any(|found| found.is_error() && unread(found));
    let (config, waivers) = accounts.finish(&mut found);
    // What is overridden may stand in what could not be read.
    found.retain(|found| complete || found.code != Code::NUM016);
    found.extend(rules::check(&config));
    let mut waivers = Waivers::new(waivers, policy.today);
    let mut diagnostics = waivers.over_files(found);
    sort(&mut diagnostics);
    inventory::few(&mut diagnostics, |name| inventories.has(name));
    Checked { config, sources, diagnostics, waivers, folders }
}

/// The most important first, then by file and place; what was said twice stays once.
fn sort(diagnostics: &mut Vec<Diagnostic>) {
    diagnostics.sort_by(|a, b| {
        let key = |d: &Diagnostic| d.labels.first().map(|l| (l.file.clone(), l.span));
        (a.severity, key(a), a.code, &a.message).cmp(&(b.severity, key(b), b.code, &b.message))
    });
    diagnostics.dedup_by(|a, b| {
        (a.code, &a.message, &a.help, &a.labels) == (b.code, &b.message, &b.help, &b.labels)
    });
}

/// What is known half way.
struct Loading<'r> {
    beside: &'r Beside<'r>,
    policy: &'r Policy,
    accounts: account::Accounts,
    shapes: shape::Shapes,
    sources: Sources,
    inventories: inventory::Inventories,
    folders: BTreeSet<FolderPath>,
    found: Vec<Diagnostic>,
}

impl<'r> Loading<'r> {
    fn new(beside: &'r Beside<'r>, policy: &'r Policy) -> Self {
        Self {
            beside,
            policy,
            accounts: account::Accounts::default(),
            shapes: shape::Shapes::default(),
            sources: Sources::default(),
            inventories: inventory::Inventories::default(),
            folders: BTreeSet::new(),
            found: Vec::new(),
        }
    }

    fn file(&mut self, file: &File) {
        self.folders.extend(file.folder.clone());
        let (text, unclean) = text::decode(&file.name, &file.bytes);
        self.sources.insert(&file.name, &text);
        if let Some(complaint) = unclean {
            self.unclean(&file.name, &text, complaint);
            return;
        }
        self.text((&file.name, file.folder.as_ref()), &text);
    }

    /// What is no text is named and not shown; a text with a character that nobody can see is shown where it is a configuration.
    fn unclean(&mut self, file: &Arc<str>, text: &str, complaint: Diagnostic) {
        let foreign = foreign::text(file, text, std::slice::from_ref(&complaint));
        if foreign.is_some() || !text::is_text(text) || !foreign::names_platform(text) {
            self.sources.hide(file);
        }
        self.found.push(foreign.unwrap_or(complaint));
        self.sources.mask(file, &secrets::guess(text));
    }

    fn text(&mut self, (file, folder): (&Arc<str>, Option<&FolderPath>), text: &str) {
        let before = self.found.len();
        self.sources.mask(file, &secrets::commented(text));
        let mut root = yaml::parse(file, text, &mut self.found);
        let foreign = match &root {
            Some(root) => foreign::tree(file, root),
            None => foreign::text(file, text, &self.found[before..]),
        };
        if let Some(complaint) = foreign {
            self.sources.hide(file);
            self.found.truncate(before);
            self.found.push(complaint);
            return;
        }
        if !foreign::names_platform(text) {
            self.sources.hide(file);
        }
        if root.is_none() || self.found.len() > before {
            // What the tree does not hold (a second `password`, a second document) may be a secret as well.
            self.sources.mask(file, &secrets::guess(text));
        }
        let platform = root.as_ref().and_then(|root| provider::get(root.get("provider")?.text()?));
        if let Some(root) = &mut root {
            let mut secrets = secrets::withhold(file, root, platform, &mut self.found);
            secrets.extend(secrets::users(root, text));
            if !secrets.is_empty() {
                self.sources.mask(file, &secrets);
            }
        }
        match (root, platform) {
            (Some(mut root), Some(platform)) => self.tree((file, folder, text), &mut root, platform),
            (root, None) if self.found.len() == before || root.is_some() => {
                self.found.push(no_platform(file, root.as_ref()));
            }
            _ => {}
        }
    }

    fn tree<'s>(
        &mut self,
        (file, folder, text): (&Arc<str>, Option<&FolderPath>, &'s str),
        root: &mut Node<'s>,
        provider: &'static dyn Provider,
    ) {
        let Self { policy, accounts, shapes, sources, found, .. } = self;
        let account = root.get("account").and_then(Node::text).unwrap_or(provider.name());
        let account = &Account::new(account);
        found.extend(foreign_name(file, root, provider));
        quoting::keep_numbers((file, text), root, (account, provider.kinds()), found);
        defaults::inherit(root, provider.kinds());
        shapes.check(file, root, (account, provider), found);
        quoting::warn_of_traps(file, root, found);
        if let Some(source) = sources.get(file) {
            let reader = decode::Reader::new((file, folder), source, account, &policy.secret_names);
            accounts.add(&reader, root, provider, found);
        }
        inventory::read(self, (file, folder), root, (account, provider));
    }
}

/// The complaint about an account that has the name of another platform: the token of that one would be sent to this one.
fn foreign_name(file: &Arc<str>, root: &Node<'_>, provider: &dyn Provider) -> Option<Diagnostic> {
    let node = root.get("account")?;
    let name = node.text().filter(|name| provider::RESERVED.contains(name) && *name != provider.name())?;
    let other = wording::shown(name);
    let message =
        format!("{other} is the name of another platform, and this account is at {}", provider.name());
    let help = format!(
        "write another name, such as `{}-2`: who reads an address takes its first part for the platform",
        provider.name()
    );
    Some(Diagnostic::new(Code::CFG008, message).at(file, node.span, "").help(help))
}

/// The complaint about a file that does not say, or not rightly, which platform it is about.
fn no_platform(file: &Arc<str>, root: Option<&Node<'_>>) -> Diagnostic {
    let known: Vec<_> = provider::ALL.iter().map(|provider| provider.name()).collect();
    let write =
        |help: Option<String>| help.unwrap_or_else(|| format!("write `provider: {}`", known.join("` or `")));
    let Some(root) = root else {
        return Diagnostic::new(Code::CFG006, "the file is empty: `provider` is missing")
            .at(file, Default::default(), "")
            .help(write(None));
    };
    let (code, span, (message, help)) = match root.get("provider") {
        Some(node) => match node.text() {
            Some(word) => (Code::CFG008, node.span, wording::unknown_provider(word, &known)),
            None => (Code::CFG007, node.span, wording::wrong_type(node, &["string"])),
        },
        None => (Code::CFG006, root.head(), wording::missing_key("provider", None)),
    };
    let help = help.filter(|_| code == Code::CFG008);
    Diagnostic::new(code, message).at(file, span, "").help(write(help))
}
