//! What a plan takes away, and what it means for callers.
//! In: what differs. Out: removals, the limit that they are held against, and the impact in numbers.
//! Every live object that goes is a removal, also a trunk that is made anew: a wrong word in a file must not replace a hundred trunks unasked. A number that is
//! made anew keeps its trunk and its agent: that is how it moves, and no removal.

use crate::model::{
    Action, Address, AttributeChange, Change, Impact, Kind, KindName, Kinds, Request, Resource, Step, Value,
};

/// The numbers that decide whether an account loses too much.
pub(super) struct Limit {
    /// Live trunks and numbers.
    pub(super) live: usize,
    /// How many removals the file allows.
    pub(super) allowed: usize,
    /// Removals over all accounts.
    pub(super) total: usize,
    /// `--allow-removals`.
    pub(super) allow_removals: Option<usize>,
}

/// What one change takes from a number that stays.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Loss {
    pub(super) trunk: bool,
    pub(super) agent: bool,
    pub(super) active: bool,
}

impl Loss {
    /// What a change takes away from the number that it is about.
    pub(super) fn of(kinds: &Kinds, change: &Change) -> Self {
        let mut loss = Self::default();
        let stays = matches!(change.action, Action::Update | Action::Replace);
        for differs in change.attributes.iter().filter(|_| stays && is_number(change)) {
            let Some(attribute) = kinds.number.attribute(differs.name) else { continue };
            let emptied =
                differs.before.as_ref().is_some_and(|v| *v != Value::Null) && differs.after == Value::Null;
            match attribute.reference {
                Some(KindName::Trunk) => loss.trunk |= emptied,
                Some(_) => loss.agent |= emptied,
                None => loss.active |= attribute.inactive.as_ref() == Some(&differs.after),
            }
        }
        loss
    }

    /// Whether anything goes.
    pub(super) fn any(self) -> bool {
        self.trunk || self.agent || self.active
    }

    /// The words for it.
    pub(super) fn words(self) -> String {
        let words =
            [(self.trunk, "its trunk"), (self.agent, "its agent"), (self.active, "its active status")];
        words.iter().filter(|(lost, _)| *lost).map(|(_, word)| *word).collect::<Vec<_>>().join(" and ")
    }
}

fn is_number(change: &Change) -> bool {
    change.address.kind == KindName::Number
}

/// What a resource refers to.
pub(super) fn references<'a>(
    kinds: &'a Kinds,
    resource: Option<&'a Resource>,
) -> impl Iterator<Item = &'a Address> {
    let kind = resource.and_then(|r| kinds.get(r.address.kind));
    kind.into_iter()
        .flat_map(|kind| kind.references())
        .filter_map(move |(attribute, _)| resource?.attributes.get(attribute.name)?.as_ref_address())
}

/// What is deleted (trunks also to be made anew) or loses something, most important first: trunks, then deleted numbers, then the rest.
pub(super) fn removals(kinds: &Kinds, changes: &[Change]) -> Vec<Address> {
    let deleted = |change: &&Change| match change.action {
        Action::Delete => true,
        Action::Replace => !is_number(change),
        Action::Create | Action::Update => false,
    };
    let loses = changes.iter().filter(|change| Loss::of(kinds, change).any());
    changes.iter().filter(deleted).chain(loses).map(|change| change.address.clone()).collect()
}

/// Adds what the changes of one account mean.
pub(super) fn add(impact: &mut Impact, kinds: &Kinds, changes: &[Change]) {
    for change in changes {
        match (change.address.kind, change.action) {
            (KindName::Trunk, Action::Delete | Action::Replace) => impact.trunks_deleted += 1,
            (KindName::Trunk, Action::Update) => {
                impact.trunks_deactivated += usize::from(switched_off(&kinds.trunk, change).is_some());
            }
            (KindName::Number, Action::Delete) => impact.numbers_deleted += 1,
            (KindName::Number, Action::Update | Action::Replace) => number(impact, kinds, change),
            _ => {}
        }
    }
}

fn number(impact: &mut Impact, kinds: &Kinds, change: &Change) {
    let loss = Loss::of(kinds, change);
    let refers = |differs: &AttributeChange, to_trunk: bool| {
        let kind = kinds.number.attribute(differs.name).and_then(|a| a.reference);
        kind.is_some_and(|kind| (kind == KindName::Trunk) == to_trunk)
            && matches!(differs.before, Some(Value::Ref(_)))
    };
    let moved = |differs: &AttributeChange| refers(differs, true) && matches!(differs.after, Value::Ref(_));
    impact.numbers_unassigned += usize::from(loss.trunk);
    impact.numbers_deactivated += usize::from(loss.active);
    impact.numbers_moved += usize::from(change.attributes.iter().any(moved));
    impact.agents_changed += usize::from(change.attributes.iter().any(|differs| refers(differs, false)));
}

/// The difference that takes a thing off the air; none where it stays on. A connection that is verified anew is none: it comes back by itself.
pub(super) fn switched_off<'a>(kind: &Kind, change: &'a Change) -> Option<&'a AttributeChange> {
    let inactive = |name| kind.attribute(name)?.inactive.as_ref();
    change.attributes.iter().find(|differs| inactive(differs.name) == Some(&differs.after))
}

/// How many secrets requests carry.
pub(super) fn secrets(steps: &[Step]) -> usize {
    let texts = steps.iter().filter_map(|step| step.request.body.as_ref()).flat_map(Request::texts);
    texts.filter(|text| text.starts_with("${env:") || text.starts_with("${file:")).count()
}
