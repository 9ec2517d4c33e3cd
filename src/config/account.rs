//! Files of one account become one account.
//! In: file after file. Out: the accounts by name, and every waiver; a resource or a setting that two files state differently is a complaint with both places.
//! Compares nothing across accounts: that is the rules' business.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::declared::Declared;
use super::decode::Reader;
use super::waive::Waiver;
use super::wording::shown;
use super::yaml::{Content, Node};
use crate::model::limits::Removals;
use crate::model::{
    Account, AccountConfig, Code, Config, Diagnostic, Limits, Pattern, Removed, Span, Unlisted,
    UnlistedNumbers,
};
use crate::provider::Provider;
use crate::provider::file::sections::SECTIONS;

/// The accounts that were met so far.
#[derive(Default)]
pub(super) struct Accounts {
    drafts: BTreeMap<Account, Draft>,
    waivers: Vec<Waiver>,
}

/// A setting and where it is stated.
type Stated<T> = Option<(T, Arc<str>, Span)>;

struct Draft {
    provider: &'static dyn Provider,
    stated: (Arc<str>, Span),
    unlisted: Stated<Unlisted>,
    limits: Stated<Limits>,
    ignore: Vec<Pattern>,
    declared: Declared,
}

impl Accounts {
    /// Adds what a file says.
    pub(super) fn add(
        &mut self,
        reader: &Reader<'_>,
        root: &Node<'_>,
        provider: &'static dyn Provider,
        found: &mut Vec<Diagnostic>,
    ) {
        let span = root.get("provider").map_or(root.span, |node| node.span);
        let stated = (reader.file.clone(), span);
        let draft = self.drafts.entry(reader.account.clone()).or_insert_with(|| Draft {
            provider,
            stated: stated.clone(),
            unlisted: None,
            limits: None,
            ignore: Vec::new(),
            declared: Declared::default(),
        });
        if draft.provider.name() != provider.name() {
            found.push(disagree(reader.account, "provider", stated, draft.stated.clone()));
            return;
        }
        let place = |key: &str| root.get(key).map(|node| (node, node.span));
        if let Some((node, span)) = place("unlisted") {
            found.extend(never_inactive(reader, node, provider));
            agree(&mut draft.unlisted, (unlisted(node), span), (reader, "unlisted"), found);
        }
        if let Some((node, span)) = place("limits") {
            agree(&mut draft.limits, (limits(node), span), (reader, "limits"), found);
        }
        let ignore = root.get("ignore").map(Node::items).unwrap_or_default();
        draft.ignore.extend(ignore.iter().filter_map(Node::text).map(Pattern::new));
        for (section, kind) in SECTIONS {
            let Some(kind) = provider.kinds().get(kind) else { continue };
            for entry in root.get(section).map(Node::items).unwrap_or_default() {
                let Some(decoded) = reader.entry(entry, kind, found) else { continue };
                let subject = draft.declared.entry(reader, decoded, kind, found);
                self.waivers.extend(reader.waivers(entry, &subject, found));
            }
        }
    }

    /// How many resources an account has so far.
    pub(super) fn count(&self, account: &Account) -> usize {
        self.drafts.get(account).map_or(0, |draft| draft.declared.state.resources.len())
    }

    /// All of it.
    pub(super) fn finish(self, found: &mut Vec<Diagnostic>) -> (Config, Vec<Waiver>) {
        let accounts = self.drafts.into_iter().map(|(account, draft)| AccountConfig {
            account,
            provider: draft.provider.name(),
            unlisted: draft.unlisted.map(|(unlisted, ..)| unlisted).unwrap_or_default(),
            limits: draft.limits.map(|(limits, ..)| limits).unwrap_or_default(),
            ignore: draft.ignore,
            desired: draft.declared.finish(&draft.provider.kinds().number, found),
            removed: Removed::default(),
        });
        (Config { accounts: accounts.collect() }, self.waivers)
    }
}

/// Keeps the first statement; a later one must be the same.
fn agree<T: PartialEq>(
    kept: &mut Stated<T>,
    (value, span): (T, Span),
    (reader, key): (&Reader<'_>, &str),
    found: &mut Vec<Diagnostic>,
) {
    match kept {
        None => *kept = Some((value, reader.file.clone(), span)),
        Some((same, ..)) if *same == value => {}
        Some((_, file, first)) => {
            let here = (reader.file.clone(), span);
            found.push(disagree(reader.account, key, here, (file.clone(), *first)));
        }
    }
}

fn disagree(account: &Account, key: &str, here: (Arc<str>, Span), first: (Arc<str>, Span)) -> Diagnostic {
    Diagnostic::new(
        Code::CFG013,
        format!("two files of the account {} state `{key}` differently", shown(account.as_str())),
    )
    .at(&here.0, here.1, "here")
    .at(&first.0, first.1, "and here")
    .help(format!("state `{key}` in one file, or give one of the two files another `account`"))
}

/// The complaint about `numbers: deactivate` where no number can be inactive.
fn never_inactive(
    reader: &Reader<'_>,
    node: &Node<'_>,
    provider: &'static dyn Provider,
) -> Option<Diagnostic> {
    let numbers = node.get("numbers").filter(|numbers| numbers.text() == Some("deactivate"))?;
    let mut attributes = provider.kinds().number.attributes.iter();
    if attributes.any(|attribute| attribute.inactive.is_some()) {
        return None;
    }
    let message = format!("a number of {} can't be inactive: `deactivate` would do nothing", provider.name());
    let help = "write `unassign` to take its agent from it, or `keep`";
    Some(Diagnostic::new(Code::CFG008, message).at(reader.file, numbers.span, "").help(help))
}

fn unlisted(node: &Node<'_>) -> Unlisted {
    let (trunks, numbers) = match node.text() {
        Some(word) => (Some(word), Some(word)),
        None => (node.get("trunks").and_then(Node::text), node.get("numbers").and_then(Node::text)),
    };
    Unlisted {
        delete_trunks: trunks == Some("delete"),
        numbers: match numbers {
            Some("unassign") => UnlistedNumbers::Unassign,
            Some("deactivate") => UnlistedNumbers::Deactivate,
            Some("delete") => UnlistedNumbers::Delete,
            _ => UnlistedNumbers::Keep,
        },
    }
}

fn limits(node: &Node<'_>) -> Limits {
    let mut limits = Limits::default();
    match node.get("removals").map(|n| &n.content) {
        Some(Content::Int(count)) => limits.removals = Removals::Count(usize::try_from(*count).unwrap_or(0)),
        Some(Content::Text(share)) => {
            let percent = share.strip_suffix('%').and_then(|digits| digits.parse().ok());
            limits.removals = percent.map_or(limits.removals, Removals::Percent);
        }
        _ => {}
    }
    if let Some(Content::Int(free)) = node.get("free").map(|n| &n.content) {
        limits.free = usize::try_from(*free).unwrap_or(0);
    }
    limits
}
