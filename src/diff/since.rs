//! What of a difference is the file's doing, and what is not.
//! In: a world with that of an earlier revision beside it. Out: the cause of each change; the secrets that the file has pointed elsewhere.
//! Compares what both revisions make of the same live state; reads nothing.

use std::collections::HashMap;

use crate::model::normalise;
use crate::model::{
    Action, Address, Attribute, AttributeChange, Cause, Change, Kind, Resource, Value, World,
};

/// The cause of each change, in their order; none for what nobody has changed, or where there is no earlier revision.
pub fn causes(world: &World, changes: &[Change]) -> Vec<Option<Cause>> {
    let Some(past) = Past::of(world) else {
        return vec![None; changes.len()];
    };
    let own: Vec<_> = changes.iter().map(|change| past.own(change)).collect();
    let of: HashMap<_, _> = changes.iter().map(|change| &change.address).zip(&own).collect();
    let followed = changes.iter().zip(&own).map(|(change, own)| {
        let targets = change.attributes.iter().filter(|differs| is_made_anew(differs));
        let causes = targets.filter_map(|differs| *of.get(differs.after.as_ref_address()?).copied()?);
        causes.chain(*own).reduce(Cause::and)
    });
    followed.collect()
}

/// A reference whose target gets a new id changes for the target's reasons.
fn is_made_anew(differs: &AttributeChange) -> bool {
    differs.before.as_ref() == Some(&differs.after)
}

/// What the earlier revision makes of the account.
pub(super) struct Past<'a> {
    before: &'a World,
    now: &'a World,
    /// The addresses that the earlier revision gives what was read under another one.
    renamed: HashMap<Address, &'a Address>,
}

impl<'a> Past<'a> {
    /// None where the world is compared with no earlier revision.
    pub(super) fn of(now: &'a World) -> Option<Self> {
        let before = now.before.as_deref()?;
        let live = before.observed.resources.values().filter(|live| live.is_renamed());
        Some(Self { before, now, renamed: live.map(|live| (live.read_as(), &live.address)).collect() })
    }

    /// The secrets of a live resource that the file reads from elsewhere than the earlier revision, which declared it as well.
    pub(super) fn repointed(&self, kind: &Kind, desired: &Resource) -> Vec<AttributeChange> {
        let was = self.desired(&desired.address);
        let Some(was) = was.filter(|was| was.origin.is_some() && !was.is_ignored()) else {
            return Vec::new();
        };
        let secrets = kind.attributes.iter().filter(|attribute| attribute.secret);
        let repointed = secrets.filter_map(|attribute| {
            let after = desired.attributes.get(attribute.name)?;
            let moved = was.attributes.get(attribute.name) != Some(after);
            moved.then(|| AttributeChange { name: attribute.name, before: None, after: after.clone() })
        });
        repointed.collect()
    }

    /// Its address for what has this one now: names may have changed in the file, what was read has not.
    fn address(&self, now: &Address) -> Address {
        let live = self.now.observed.get(now).map(Resource::read_as);
        // A name that nothing live has any more, because what had it is renamed, is only a name.
        let Some(read) = live.or_else(|| self.was_called(now)) else { return now.clone() };
        self.renamed.get(&read).map_or(read, |address| (*address).clone())
    }

    /// The name that the file itself gives what is live under neither, unless something else has it by now.
    fn was_called(&self, now: &Address) -> Option<Address> {
        let declared = self.now.desired.get(now).filter(|_| self.before.desired.get(now).is_none());
        declared.map(Resource::read_as).filter(|was| self.now.desired.get(was).is_none())
    }

    fn desired(&self, now: &Address) -> Option<&'a Resource> {
        self.before.desired.get(&self.address(now))
    }

    /// The cause of what differs in a resource itself.
    fn own(&self, change: &Change) -> Option<Cause> {
        let was = self.desired(&change.address);
        let whole = match (change.action, was) {
            (Action::Create, Some(_)) | (Action::Delete, None) => Some(Cause::Drift),
            (Action::Create, None) | (Action::Delete, Some(_)) => Some(Cause::Yours),
            (Action::Update | Action::Replace, _) => None,
        };
        let (Some(was), Some(kind)) = (was, self.now.kinds.get(change.address.kind)) else { return whole };
        let live = self.before.observed.get(&was.address);
        let parts = change.attributes.iter().filter_map(|differs| {
            let attribute = kind.attribute(differs.name)?;
            let then = was.attributes.get(attribute.name);
            let file = !is_made_anew(differs) && self.says_otherwise(attribute, then, &differs.after);
            let live = live.and_then(|live| live.attributes.get(attribute.name)).zip(then);
            let moved =
                !attribute.secret && live.is_some_and(|(is, was)| !normalise::equal(attribute, is, was));
            Cause::of(file, moved)
        });
        parts.chain(whole).reduce(Cause::and)
    }

    /// Whether the file says something else of an attribute than it did; one thing under two names is the same.
    fn says_otherwise(&self, attribute: &Attribute, then: Option<&Value>, now: &Value) -> bool {
        let Some(then) = then else { return true };
        if let (Some(then), Some(now)) = (then.as_ref_address(), now.as_ref_address()) {
            return *then != self.address(now);
        }
        then != now && (attribute.secret || !normalise::equal(attribute, then, now))
    }
}
