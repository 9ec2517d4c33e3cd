//! Whether a draft says what is live: read as any file is, and compared with it.
//! In: a draft. Out: what is wrong with it and where; nothing where it validates and changes nothing.
//! Knows the rules of no platform: it asks those who do.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::draft::Draft;
use super::rejection::{ItemRef, Rejection};
use super::{Beside, Live};
use crate::config::{self, Checked, File, files};
use crate::model::{
    AccountConfig, Address, AttributeChange, Change, Code, Diagnostic, KindName, REPLACEMENT_MARK, Removed,
    Unlisted, Value,
};
use crate::{diff, scope};

/// What the draft is called while it is judged; no file has such a name.
const NAME: &str = "\u{0}export";
/// Warnings of attributes that the thing has no use for: the platform fills them in by itself.
const UNUSED: [Code; 2] = [Code::TRK010, Code::TRK012];

/// What is said besides of an attribute that can't be left out alone.
const INSTEAD: &str = "; and without it the `defaults` of the file would give it another";

/// Judges drafts of one account.
pub(super) struct Judge<'a> {
    live: Live<'a>,
    beside: Beside<'a>,
    /// What differs without any draft.
    differing: BTreeSet<Address>,
}

impl<'a> Judge<'a> {
    pub(super) fn new(live: Live<'a>, beside: Beside<'a>) -> Self {
        let mut judge = Self { live, beside, differing: BTreeSet::new() };
        if beside.files.is_empty() {
            return judge;
        }
        let checked = config::check(judge.files(), beside.tables, beside.policy.clone());
        let (_, changes) = judge.compared(checked);
        judge.differing = changes.into_iter().map(|change| change.address).collect();
        judge
    }

    fn files(&self) -> impl Iterator<Item = Result<File, Vec<Diagnostic>>> {
        self.beside.files.iter().cloned().map(Ok)
    }

    /// What is wrong with a draft: as a file, or else in comparison with what is live.
    pub(super) fn rejections(&self, draft: &Draft<'_>) -> Result<Vec<Rejection>, Vec<Diagnostic>> {
        if let Some(complaint) = files::too_large("the exported file", draft.text.len() as u64) {
            return Err(vec![complaint]);
        }
        let folder = self.beside.inherited.folder().cloned();
        let bytes = draft.text.clone().into_bytes();
        let file = File { name: NAME.into(), folder, bytes, place: None };
        let checked =
            config::check(self.files().chain([Ok(file)]), self.beside.tables, self.beside.policy.clone());
        let rejections: Vec<_> =
            checked.diagnostics.iter().filter_map(|found| rejection(draft, found)).collect();
        if !rejections.is_empty() {
            return Ok(rejections);
        }
        let (found, changes) = self.compared(checked);
        let mut rejections: Vec<_> = found.iter().filter_map(|found| rejection(draft, found)).collect();
        for change in changes.iter().filter(|change| !self.differing.contains(&change.address)) {
            rejections.push(diff_rejection(draft, change));
        }
        Ok(rejections)
    }

    /// What the comparison with live shows, as if all that no file lists were kept.
    fn compared(&self, checked: Checked) -> (Vec<Diagnostic>, Vec<Change>) {
        let mut accounts = checked.config.accounts.into_iter();
        let Some(account) = accounts.find(|one| one.account == *self.live.account) else {
            return Default::default();
        };
        let account = AccountConfig { unlisted: Unlisted::default(), removed: Removed::default(), ..account };
        let world = scope::scope(&account, self.live.state.clone(), self.live.provider.kinds());
        let changes = diff::diff(&world, &[]);
        (world.diagnostics, changes)
    }
}

/// What a diagnostic means for a draft; nothing where it is no reason to leave anything out.
fn rejection(draft: &Draft<'_>, found: &Diagnostic) -> Option<Rejection> {
    let unused = UNUSED.contains(&found.code);
    if !found.is_error() && !unused {
        return None;
    }
    let name: Arc<str> = NAME.into();
    let label = found.labels.iter().find(|label| label.file == name);
    let place = label.and_then(|label| draft.at(label.span.start)).or_else(|| {
        let address = found.address.as_ref()?;
        Some(ItemRef { item: draft.item_of(address)?, attribute: None })
    });
    let place = place.map(|ItemRef { item, attribute }| {
        // An attribute that would be inherited in its stead can't be left out.
        let free = |name: &&str| draft.stands_alone(item, name) || (unused && !draft.inherits(item, name));
        let alone = attribute.filter(free);
        ItemRef { item, attribute: alone }
    });
    if unused && place.is_none_or(|place| place.attribute.is_none()) {
        return None;
    }
    let instead = label.and_then(|label| draft.at(label.span.start)).filter(|place| draft.gives(*place));
    let rest = if instead.is_some() { INSTEAD } else { "" };
    // What the platform fills in by itself needs no word.
    let why = if unused { String::new() } else { format!("{}: {}{rest}", found.code, found.message) };
    // Nobody can be shown a place in a draft.
    let diagnostic = Diagnostic { labels: Vec::new(), ..found.clone() };
    Some(Rejection { at: place, why, diagnostic })
}

/// What would be changed although nothing should be.
fn diff_rejection(draft: &Draft<'_>, change: &Change) -> Rejection {
    let Change { address, attributes, .. } = change;
    let item = draft.item_of(address).or_else(|| {
        // What looks as if a replacement had left it goes with the trunk that it is named after.
        let before = change.before.as_ref().filter(|before| before.address.kind == KindName::Trunk)?;
        let name = draft.name(before);
        let heir = name.strip_suffix(REPLACEMENT_MARK)?;
        draft.item_of(&Address::new(&address.account, address.kind, heir))
    });
    let alone = |item: &usize| {
        let all = attributes.iter().all(|a| draft.stands_alone(*item, a.name));
        attributes.first().filter(|_| all).map(|a| a.name)
    };
    let place = item.map(|item| ItemRef { item, attribute: alone(&item) });
    let names =
        |all: &[&AttributeChange]| all.iter().map(|a| format!("`{}`", a.name)).collect::<Vec<_>>().join(", ");
    // A `null` stands there only against what would be inherited.
    let silent = |a: &&AttributeChange| {
        let unsaid = |item| !draft.states(item, a.name) || a.after == Value::Null;
        item.is_some_and(|item| draft.inherits(item, a.name) && unsaid(item))
    };
    let (inherited, others): (Vec<_>, Vec<_>) = attributes.iter().partition(silent);
    let why = match (&*inherited, &*others) {
        ([], []) => format!("the next plan would {} `{}`", change.action.as_str(), address.name),
        ([], others) => format!("it would not be read as it is live: {}", names(others)),
        (inherited, _) => {
            let names = names(inherited);
            format!("the `defaults` of the file would give it {names}, and it can't say that it has none")
        }
    };
    let diagnostic = Diagnostic::new(Code::CFG008, why.clone()).about(address);
    Rejection { at: place, why, diagnostic }
}
