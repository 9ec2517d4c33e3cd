//! What can't come back, in words; all wording of this stage.
//! In: what was left out, and why. Out: warnings and notes (PLN013) at the line of the journal.
//! Decides nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::Recorded;
use crate::model::{
    Action, Address, Attribute, Change, Code, Diagnostic, Kind, KindName, Resource, SecretSource, Severity,
    Span, Value,
};

/// Trunks that are nowhere, with the numbers that were on them.
pub(super) type Homeless = BTreeMap<Address, Vec<Address>>;

/// So many are named one by one.
const NAMED: usize = 5;

/// Why something is left out.
#[derive(Clone, Debug)]
pub(super) enum Why {
    /// It was changed in place, and is not live.
    Gone,
    /// It can't be made without these.
    Lacks(Vec<String>),
    /// Another live thing has its name, and had it before.
    Twin,
    /// What the run made is gone, and something else has its name.
    AnotherSince,
    /// The run made it, and it has numbers that have no trunk to go back to.
    InUse,
    /// The trunk that it was on is left out; told there.
    Homeless,
    /// A complaint about the live account.
    Said(String),
}

/// A journal of more than one run.
pub(super) fn several_runs(file: &Arc<str>, runs: usize, at: &str) -> Diagnostic {
    let message = format!("the journal holds {runs} runs: this undoes the last, of {at}");
    let help = "to go back further, apply this plan with a journal of its own, then undo a copy of the journal without the last run";
    info(message).at(file, Span::default(), "").help(help)
}

/// Two things had one name: only one of them can be told by it.
pub(super) fn shared_name(one: &Recorded) -> Diagnostic {
    about(
        one,
        warning(format!("`{}` is not undone: two things that the run changed had this name", one.target)),
    )
}

/// What a reference led to is nowhere.
pub(super) fn reference(complaint: Diagnostic) -> Diagnostic {
    let message = format!("{}: this is left as it is", complaint.message);
    let help = Some("make it again by hand, then undo again".to_owned());
    Diagnostic { code: Code::PLN013, severity: Severity::Warning, message, help, ..complaint }
}

/// A thing that is left out; `numbers` were on it and do not come back to it.
pub(super) fn left_out(one: &Recorded, why: &Why, numbers: Option<&Vec<Address>>) -> Option<Diagnostic> {
    let target = &one.target;
    let (message, help) = match why {
        Why::Homeless => return None,
        Why::Gone => (format!("`{target}` is not undone: it is no longer live"), None),
        Why::Twin => (format!("`{target}` can't come back: another live trunk has its name"), None),
        Why::AnotherSince => (
            format!("`{}` is not removed: it has another id than the run gave it", one.address),
            Some("delete it by hand if it is not wanted"),
        ),
        Why::InUse => (
            format!("`{}` is not removed: numbers are on it that have no trunk to go back to", one.address),
            Some("make their trunk by hand as it was, then undo again"),
        ),
        Why::Lacks(names) => (
            format!("`{target}` can't come back as it was: no platform tells its {}", list(names)),
            Some("make it by hand as it was, then undo again: the rest comes back then"),
        ),
        Why::Said(why) => (format!("`{target}` is not undone: {why}"), None),
    };
    let stays = matches!((why, one.action), (Why::Lacks(_), Action::Replace));
    let message = if stays { format!("{message}; what was made in its place stays") } else { message };
    let message = match numbers {
        None => message,
        Some(numbers) => {
            format!("{message}; nor do its numbers come back to it: {}", addresses(numbers.iter()))
        }
    };
    let complaint = about(one, warning(message));
    Some(match help {
        Some(help) => complaint.help(help),
        None => complaint,
    })
}

/// What became of the secrets that the run sent: none was ever readable, so the one before is not known.
pub(super) fn secrets(one: &Recorded, is_live: bool, change: Option<&Change>) -> Option<Diagnostic> {
    let (name, place) = one.secrets.first()?;
    let (target, place) = (&one.target, shown(place));
    let sent = change.is_some_and(|change| change.after(name).is_some());
    let message = match (sent, is_live) {
        (true, _) => format!("the `{name}` of `{target}` is sent from `{place}`, as in the run"),
        (false, true) => {
            format!("the `{name}` of `{target}` stays the one that the run sent, from `{place}`")
        }
        (false, false) => return None,
    };
    let complaint = warning(format!("{message}: what it was before nobody can read"));
    Some(about(one, complaint).help("if it was another one, send that with `plan --rotate`"))
}

fn shown(place: &SecretSource) -> String {
    match place {
        SecretSource::Env(name) => format!("{{env: {name}}}"),
        SecretSource::File(path) => format!("{{file: {path}}}"),
    }
}

/// What was empty, is not, and can't be emptied.
pub(super) fn still_full(one: &Recorded, live: Option<&Resource>) -> Option<Diagnostic> {
    let full = |name: &&&str| {
        live.and_then(|live| live.attributes.get(name)).is_some_and(|value| *value != Value::Null)
    };
    let named = |name: &&&str| one.action != Action::Update || one.changed.contains(name);
    let names: Vec<String> =
        one.full.iter().filter(named).filter(full).map(|name| (*name).to_owned()).collect();
    (!names.is_empty()).then(|| {
        about(
            one,
            warning(format!(
                "the {} of `{}` was empty, and no request can empty it",
                list(&names),
                one.target
            )),
        )
    })
}

/// What nobody knows of a thing that the run deleted or made anew, since the platform did not tell it.
pub(super) fn untold(one: &Recorded, kind: Option<&'static Kind>) -> Option<Diagnostic> {
    let untold = |attribute: &&Attribute| {
        // What has no default, and leads nowhere, need not be there at all.
        let matters = attribute.reference.is_some() || attribute.default.is_some();
        matters && one.before.get(attribute.name).is_none() && !one.full.contains(&attribute.name)
    };
    let anew = matches!(one.action, Action::Replace | Action::Delete);
    let attributes = kind.filter(|_| anew).into_iter().flat_map(|kind| &kind.attributes);
    let names: Vec<String> = attributes.filter(untold).map(|attribute| attribute.name.to_owned()).collect();
    (!names.is_empty()).then(|| {
        let message = format!(
            "the run was not told the {} of `{}`: nobody knows what to go back to",
            list(&names),
            one.target
        );
        about(one, warning(message)).help("look whether it is as it should be")
    })
}

/// A change with its reason in the words of an undo: no file says what should be.
pub(super) fn reasoned(mut change: Change) -> Change {
    let listed = change.after.as_ref().is_some_and(|after| after.origin.is_some());
    let removed = change.before.as_ref().is_some_and(Resource::is_removed);
    match change.action {
        Action::Create if listed => change.reason = "live before the run".into(),
        Action::Delete if removed => change.reason = "made by the run".into(),
        _ => {}
    }
    change
}

/// What is made again is another thing to the platform.
pub(super) fn new_ids(recorded: &[Recorded], changes: &[Change]) -> Option<Diagnostic> {
    let anew = |change: &&Change| {
        matches!(change.action, Action::Create | Action::Replace)
            && change.after.as_ref().is_some_and(|after| after.origin.is_some())
    };
    let made: BTreeSet<Address> = changes.iter().filter(anew).map(|change| change.address.clone()).collect();
    let first = recorded.iter().find(|one| made.contains(&one.target))?;
    let what = if made.len() == 1 { "gets a new id" } else { "get new ids" };
    Some(about(first, info(format!("what is made again {what}: {}", addresses(made.iter())))))
}

fn warning(message: String) -> Diagnostic {
    Diagnostic::new(Code::PLN013, message)
}

fn info(message: String) -> Diagnostic {
    Diagnostic::new(Code::PLN013, message).severity(Severity::Info)
}

fn about(one: &Recorded, complaint: Diagnostic) -> Diagnostic {
    complaint.at(&one.origin.file, one.origin.span, "").about(&one.target)
}

fn list(names: &[String]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

/// The first of them, and how many more there are.
fn addresses<'a>(mut all: impl ExactSizeIterator<Item = &'a Address>) -> String {
    let named = all.by_ref().take(NAMED).map(|address| match address.kind {
        KindName::Number => format!("`{}`", address.name),
        _ => format!("`{address}`"),
    });
    let mut named: Vec<_> = named.collect();
    if all.len() > 0 {
        named.push(format!("{} more", all.len()));
    }
    named.join(", ")
}
