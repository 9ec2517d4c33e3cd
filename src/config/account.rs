//! Files of one account become one account.
//! In: file after file. Out: the accounts by name, and every waiver; a resource or a setting that two files state differently is a complaint with both places.
//! Compares nothing across accounts: that is the rules' business.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::Arc;

use super::decode::{Decoded, Reader};
use super::range::{MANY, MOST, Range};
use super::waive::{Subject, Waiver};
use super::wording::{clean, shown};
use super::yaml::{Content, Node};
use crate::model::config::Removals;
use crate::model::normalise;
use crate::model::{
    Account, AccountConfig, Address, Code, Config, Diagnostic, KindName, Kinds, Limits, Origin, Pattern,
    Removed, Resource, Span, State, Unlisted, UnlistedNumbers, Value,
};
use crate::provider::Provider;
use crate::provider::file::types::SECTIONS;

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
    desired: State,
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
            desired: State::default(),
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
            for entry in root.get(section).map(Node::items).unwrap_or_default() {
                let waivers = draft.entry(reader, entry, (kind, provider.kinds()), found);
                self.waivers.extend(waivers);
            }
        }
    }

    /// All of it.
    pub(super) fn finish(self) -> (Config, Vec<Waiver>) {
        let accounts = self.drafts.into_iter().map(|(account, draft)| AccountConfig {
            account,
            provider: draft.provider.name(),
            unlisted: draft.unlisted.map(|(unlisted, ..)| unlisted).unwrap_or_default(),
            limits: draft.limits.map(|(limits, ..)| limits).unwrap_or_default(),
            ignore: draft.ignore,
            desired: draft.desired,
            removed: Removed::default(),
        });
        (Config { accounts: accounts.collect() }, self.waivers)
    }
}

impl Draft {
    fn entry(
        &mut self,
        reader: &Reader<'_>,
        entry: &Node<'_>,
        (name, kinds): (KindName, &'static Kinds),
        found: &mut Vec<Diagnostic>,
    ) -> Vec<Waiver> {
        let Some(kind) = kinds.get(name) else { return Vec::new() };
        let Some(decoded) = reader.entry(entry, kind, found) else { return Vec::new() };
        let address = Address::new(reader.account, name, &normalise::name(decoded.name));
        let subject = match Range::parse(decoded.name).filter(|_| name == KindName::Number) {
            None => {
                self.insert(&decoded, std::iter::once(address.clone()), found);
                Subject::One(address)
            }
            Some(Ok(range)) => {
                self.expand(&decoded, (range, reader.account, kind.identity), found);
                Subject::Range(reader.account.clone(), range)
            }
            Some(Err(why)) => {
                let complaint = Diagnostic::new(Code::NUM014, why)
                    .at(reader.file, decoded.origin.span, "")
                    .help("write `+15550100000..+15550100999`: the first and the last number, both in E.164 form")
                    .about(&address);
                found.push(complaint);
                Subject::One(address)
            }
        };
        reader.waivers(entry, &subject, found)
    }

    fn expand(
        &mut self,
        decoded: &Decoded<'_>,
        (range, account, identity): (Range, &Account, &'static str),
        found: &mut Vec<Diagnostic>,
    ) {
        let complaint = |message: String| {
            Diagnostic::new(Code::NUM014, message)
                .at(&decoded.origin.file, decoded.origin.span, "")
                .help("check the digits: one too many makes ten times as many numbers")
                .about(&range.address(account))
        };
        if self.desired.resources.len() as u64 + range.len() > MOST {
            found.push(complaint(format!(
                "the account would have more than {MOST} resources with this range"
            )));
            return;
        }
        if range.len() > MANY {
            let warning = complaint(format!("the range stands for {} numbers", range.len()));
            found.push(warning.severity(crate::model::Severity::Warning));
        }
        let addresses = range.numbers().map(|number| Address::new(account, KindName::Number, &number));
        for address in self.insert(decoded, addresses, found) {
            let Some(resource) = self.desired.resources.get_mut(&address) else { continue };
            let number = Value::Text((&*resource.address.name).into());
            resource.attributes.set_at(identity, number, decoded.origin.span);
        }
    }

    /// Adds a resource for each address, and gives back those that are new; says once for each earlier entry which of them stood there already.
    fn insert(
        &mut self,
        decoded: &Decoded<'_>,
        addresses: impl Iterator<Item = Address>,
        found: &mut Vec<Diagnostic>,
    ) -> Vec<Address> {
        let mut twice: Vec<(Origin, Address, usize)> = Vec::new();
        let mut new = Vec::new();
        for address in addresses {
            match self.desired.resources.entry(address) {
                Entry::Vacant(free) => {
                    new.push(free.key().clone());
                    let mut resource = Resource::new(free.key().clone(), decoded.attributes.clone());
                    resource.origin = Some(decoded.origin.clone());
                    resource.settings = decoded.settings.clone();
                    free.insert(resource);
                }
                Entry::Occupied(taken) => {
                    let Some(first) = &taken.get().origin else { continue };
                    match twice.iter_mut().find(|(origin, ..)| origin == first) {
                        Some((.., more)) => *more += 1,
                        None => twice.push((first.clone(), taken.key().clone(), 0)),
                    }
                }
            }
        }
        found.extend(twice.iter().map(|(first, address, more)| stands_twice(decoded, first, address, *more)));
        new
    }
}

fn stands_twice(decoded: &Decoded<'_>, first: &Origin, address: &Address, more: usize) -> Diagnostic {
    let code = if address.kind == KindName::Trunk { Code::TRK027 } else { Code::NUM005 };
    let others = if more > 0 { format!(" and {more} more numbers stand") } else { " stands".to_owned() };
    let (here, there) = (&decoded.origin, first);
    let message = format!(
        "{}{others} twice: {}:{} and {}:{}",
        shown(&address.name),
        clean(&there.file),
        there.line,
        clean(&here.file),
        here.line
    );
    Diagnostic::new(code, message)
        .at(&here.file, here.span, "a second time here")
        .at(&there.file, there.span, "first here")
        .help("keep one of the two entries")
        .about(address)
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
