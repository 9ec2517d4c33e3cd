//! Names of trunks, of which Bolna lets no two be the same.
//! In: what changes and what is live. Out: a name that is free while a trunk is made anew, and words that order who gives up a name and who takes it.
//! Pure; says nothing of a name that a deletion sets free: the planner orders those.

use std::collections::BTreeSet;

use serde_json::json;

use crate::model::{
    Action, Change, Draft, KindName, Kinds, REPLACEMENT_MARK, Request, Resource, State, normalise,
};

/// The names of an account's trunks.
#[derive(Default)]
pub(super) struct Names {
    identity: &'static str,
    live: BTreeSet<String>,
    /// Names that a trunk which stays gives up and another one takes.
    contested: BTreeSet<String>,
}

impl Names {
    /// The names that are live, and those that change hands.
    pub(super) fn new(kinds: &Kinds, changes: &[Change], live: &State) -> Self {
        let identity = kinds.trunk.identity;
        let trunks = live.resources.values().filter(|r| r.address.kind == KindName::Trunk);
        let live = trunks.map(|trunk| name(identity, trunk)).collect();
        let mut names = Self { identity, live, contested: BTreeSet::new() };
        let of_trunks = || changes.iter().filter(|change| change.address.kind == KindName::Trunk);
        let given_up: BTreeSet<_> = of_trunks().filter_map(|change| names.given_up(change)).collect();
        let taken = of_trunks().filter_map(|change| names.taken(change));
        names.contested = taken.filter(|name| given_up.contains(name)).collect();
        names
    }

    /// The name that a trunk carries while the one of its name still stands.
    pub(super) fn for_a_replacement(&self, of: &str) -> String {
        let mut marked = format!("{of}{REPLACEMENT_MARK}");
        // One that a run left behind and that fits no more has its numbers moved first, and goes after that.
        while self.live.contains(&*normalise::name(&marked)) {
            marked.push_str(REPLACEMENT_MARK);
        }
        marked
    }

    /// A request that takes a name waits for the one that gives it up.
    pub(super) fn takes(&self, name: &str, draft: Draft) -> Draft {
        let name = normalise::name(name);
        let after = self.contested.contains(&*name).then(|| free(&name));
        Draft { after: after.into_iter().collect(), ..draft }
    }

    /// A change in place. Where another trunk takes the old name, that is given up first and by itself, so that two trunks can change names.
    pub(super) fn renamed(&self, change: &Change, patch: Draft) -> Vec<Draft> {
        let Some(taken) = self.taken(change) else { return vec![patch] };
        let path = patch.request.path.clone();
        match self.gives_way(change, path, &self.for_a_replacement(&taken)) {
            None => vec![self.takes(&taken, patch)],
            // Only the last of the two takes a name.
            Some(first) => vec![first, self.takes(&taken, Draft { verb: "rename", ..patch })],
        }
    }

    /// The request by which the live trunk below `path` gives up its name, where another one takes it.
    pub(super) fn gives_way(&self, change: &Change, path: String, meanwhile: &str) -> Option<Draft> {
        let old = self.given_up(change).filter(|old| self.contested.contains(old))?;
        let body = json!({(self.identity): Request::literal(meanwhile)});
        let draft = Draft::new("update", "PATCH", path, Some(body));
        Some(Draft { reaches: vec![free(&old)], ..draft })
    }

    /// The name that a trunk has and won't have, where it stays or is made anew.
    fn given_up(&self, change: &Change) -> Option<String> {
        let (before, after) = (change.before.as_ref()?, change.after.as_ref()?);
        Some(name(self.identity, before)).filter(|old| *old != name(self.identity, after))
    }

    /// The name that a trunk does not have and will have.
    fn taken(&self, change: &Change) -> Option<String> {
        let new = name(self.identity, change.after.as_ref()?);
        let old = change.before.as_ref().map(|before| name(self.identity, before));
        (change.action == Action::Create || old.as_ref() != Some(&new)).then_some(new)
    }
}

fn name(identity: &str, trunk: &Resource) -> String {
    let written = trunk.attributes.get(identity).and_then(|name| name.as_text());
    normalise::name(written.unwrap_or(&trunk.address.name)).into_owned()
}

fn free(name: &str) -> String {
    format!("the trunk name `{name}` is free")
}
