//! Names of trunks, of which Bolna lets no two be the same.
//! In: what is live. Out: a name that is free while a trunk is made anew.
//! Pure; says nothing of a name that changes hands: the planner orders who gives one up and who takes it.

use std::collections::BTreeSet;

use crate::model::{KindName, Kinds, REPLACEMENT_MARK, Resource, State, normalise};

/// The names of an account's trunks.
#[derive(Default)]
pub(super) struct Names {
    live: BTreeSet<String>,
}

impl Names {
    /// The names that are live.
    pub(super) fn new(kinds: &Kinds, live: &State) -> Self {
        let trunks = live.resources.values().filter(|r| r.address.kind == KindName::Trunk);
        Self { live: trunks.map(|trunk| name(kinds.trunk.identity, trunk)).collect() }
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
}

fn name(identity: &str, trunk: &Resource) -> String {
    let written = trunk.attributes.get(identity).and_then(|name| name.as_text());
    normalise::name(written.unwrap_or(&trunk.address.name)).into_owned()
}
