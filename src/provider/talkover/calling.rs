//! Drafts the requests of all changes of an account, those of the agents' sets among them.
//! In: all changes of an account and what is live. Out: their requests, each body right at the moment when it is sent.
//! Knows no set itself: `agent_sets` does.

use crate::model::{Action, Change, Drafted, Ids, Kinds, State};

use super::agent_sets::AgentSets;
use super::handover::{Handover, let_go};
use super::lower::lower;

/// The requests of all changes of an account.
///
/// A number that is made anew has its own chain of requests: off its agent, away, back, on its agent. Chains that write the same set run one after the other,
/// so that an agent misses one number at a time. Everything else that happens to a set is one request at the end.
pub(super) fn lower_all(kinds: &Kinds, changes: Vec<Change>, live: &State, ids: &Ids) -> Vec<Drafted> {
    let mut sets = AgentSets::new(live, ids);
    let moves: Vec<_> = changes.iter().map(|change| sets.number_move(change)).collect();
    let mut handover = Handover::default();
    let mut drafted = Vec::with_capacity(changes.len());
    for (change, number_move) in changes.into_iter().zip(moves) {
        let mut drafts = lower(kinds, &change, live, ids);
        match (number_move, change.action) {
            (Some(_), Action::Create | Action::Delete | Action::Replace) if drafts.is_empty() => {}
            (Some(number_move), Action::Replace) => {
                drafts = sets.replace(&change.address, drafts, &number_move)
            }
            (Some(number_move), _) => {
                handover.add(&number_move, &sets);
                // Talkover deletes no number that an agent has.
                let first = drafts.first_mut().filter(|_| change.action == Action::Delete);
                first
                    .into_iter()
                    .for_each(|delete| delete.after = number_move.from.iter().map(let_go).collect());
            }
            (None, _) => {}
        }
        drafted.push(Drafted { change, drafts });
    }
    drafted.extend(handover.drafted(&mut sets));
    drafted
}
