//! From what the run began and what is live to what differs.
//! In: a reading of the account. Out: its world with the desired side as it was before, and the changes that lead there.
//! What can't be is left out, with what hangs on it, until all that is left can be.

use std::collections::HashMap;

use super::Past;
use super::missing::missing;
use super::told::{self, Why};
use super::wanted::{Learnt, Left, Wanted};
use crate::model::{Action, Address, Change, Code, Diagnostic, Severity, State, World};
use crate::{diff, scope};

/// References that could not be resolved and are left as they are; the rest of the thing is undone.
const REFERENCES: [Code; 2] = [Code::NUM009, Code::LIV003];

impl Past {
    /// Both sides, and what differs.
    pub fn back(&self, observed: &State) -> (World, Vec<Change>) {
        let mut learnt = Learnt::default();
        loop {
            let Wanted { config, homeless, left: more, kept, .. } = self.wanted(observed, &learnt);
            let world = scope::scope(&config, observed.clone(), self.provider.kinds());
            let changes = diff::diff(&world, &[]);
            let more = more.into_iter().chain(self.impossible(&world, &changes));
            if !more.fold(false, |any, (address, why)| self.learn(&mut learnt, address, why) || any) {
                let told = kept.iter().filter_map(|(one, why)| told::left_out(one, why, None));
                let diagnostics =
                    self.told(&world, &changes, (&learnt.left, &homeless)).into_iter().chain(told);
                let changes = changes.into_iter().map(told::reasoned).collect();
                // That the journal does not speak of the rest of the account is no news.
                let unlisted = Vec::new();
                return (World { diagnostics: diagnostics.collect(), unlisted, ..world }, changes);
            }
        }
    }

    /// What can't be is left out, unless the secret will do that the run sent; gives back whether that is news.
    fn learn(&self, learnt: &mut Learnt, address: Address, why: Why) -> bool {
        let secrets = self.of_target(&address).map(|one| one.secrets.as_slice()).unwrap_or_default();
        if let Why::Lacks(names) = &why
            && names.iter().any(|name| secrets.iter().any(|(known, _)| known == name))
            && learnt.lent.insert(address.clone())
        {
            return true;
        }
        learnt.left.insert(address, why).is_none()
    }

    /// What must be left out of such a plan.
    fn impossible(&self, world: &World, changes: &[Change]) -> Left {
        let mut left = Left::new();
        let listed = |change: &&Change| change.after.as_ref().is_some_and(|after| after.origin.is_some());
        let anew = |change: &&Change| matches!(change.action, Action::Create | Action::Replace);
        let made: Vec<_> = changes.iter().filter(anew).filter(listed).collect();
        for change in made.iter().filter(|change| change.action == Action::Create) {
            if self.of_target(&change.address).is_some_and(|one| one.action == Action::Update) {
                left.insert(change.address.clone(), Why::Gone);
            }
        }
        let things = made.iter().filter_map(|change| change.after.as_ref());
        for (address, names) in missing(self.provider, things) {
            left.entry(address).or_insert(Why::Lacks(names));
        }
        for complaint in world.diagnostics.iter().filter(|complaint| stops(complaint)) {
            let about = complaint.address.as_ref().filter(|address| self.of_target(address).is_some());
            if let Some(address) = about {
                left.entry(address.clone()).or_insert_with(|| Why::Said(complaint.message.clone()));
            }
        }
        left
    }

    /// What there is to say of what was left out, and of what comes back without being the same.
    fn told(
        &self,
        world: &World,
        changes: &[Change],
        (left, homeless): (&Left, &told::Homeless),
    ) -> Vec<Diagnostic> {
        let unresolved =
            |complaint: &Diagnostic| complaint.is_error() && REFERENCES.contains(&complaint.code);
        let found = world.diagnostics.iter().cloned();
        let mut all: Vec<_> = found
            .map(|complaint| if unresolved(&complaint) { told::reference(complaint) } else { complaint })
            .collect();
        let changed: HashMap<_, _> = changes.iter().map(|change| (&change.address, change)).collect();
        for one in self.recorded.iter().filter(|one| one.action != Action::Create) {
            if let Some(why) = left.get(&one.target) {
                all.extend(told::left_out(one, why, homeless.get(&one.target)));
                continue;
            }
            let live = world.observed.get(&one.target);
            all.extend(told::secrets(one, live.is_some(), changed.get(&one.target).copied()));
            all.extend(told::still_full(one, live));
            all.extend(told::untold(one, self.kind(one)));
        }
        all.extend(told::new_ids(&self.recorded, changes));
        all
    }
}

fn stops(complaint: &Diagnostic) -> bool {
    complaint.severity == Severity::Error && !REFERENCES.contains(&complaint.code)
}
