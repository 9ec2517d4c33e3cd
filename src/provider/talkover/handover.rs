//! What comes to the agents' sets and what goes, in as few requests as keep every number on an agent.
//! In: what becomes of each number that keeps its trunk, is made, or goes. Out: one request an agent, two where agents swap numbers.
//! Never takes a number from an agent before the agent that gets it has it, unless their calls go different ways: such a number would stay on both should the run
//! stop in between, and one agent for calls in and one for calls out may be meant; so it leaves the one, whose use of it ends anyway, before it comes to the other.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Action, Address, Change, Draft, Drafted};

use super::agent_sets::{AgentSets, NumberMove, SetMember};

/// All that comes and goes, by agent.
#[derive(Default)]
pub(super) struct Handover(BTreeMap<Address, Share>);

/// What comes to one agent, and what goes from it.
#[derive(Default)]
struct Share {
    come: Vec<(Address, SetMember)>,
    go: Vec<(Address, SetMember)>,
    /// The agents that get what goes from this one.
    takers: BTreeSet<Address>,
    /// What goes first, to agents whose calls go the other way.
    turn: Vec<(Address, SetMember)>,
    /// The agents from which such numbers come to this one.
    givers: BTreeSet<Address>,
    /// Whether a number goes to another account: that may be waited for, and what comes must not wait with it.
    crosses: bool,
}

/// One writing of a set.
enum Writing {
    /// With what comes, before anything goes.
    Newcomers(Address),
    /// As it should be.
    Whole(Address),
}

/// What is true once an agent has all that comes to it.
fn has_newcomers(agent: &Address) -> String {
    format!("{agent} has its new numbers")
}

/// What is true once an agent has given away what goes to agents whose calls go the other way.
fn turned(agent: &Address) -> String {
    format!("{agent} has given away what turns")
}

/// What is true once an agent has given away all that goes from it.
pub(super) fn let_go(agent: &Address) -> String {
    format!("{agent} has let go")
}

impl Handover {
    /// Adds what becomes of one number.
    pub(super) fn add(&mut self, number_move: &NumberMove, sets: &AgentSets<'_>) {
        let NumberMove { number, old, new, from, to, leaves_account } = number_move;
        let comers: BTreeSet<_> = to.iter().filter(|agent| !from.contains(agent)).cloned().collect();
        for agent in &comers {
            self.share(agent).come.push((number.clone(), new.clone()));
        }
        for agent in from.iter().filter(|agent| !to.contains(agent)) {
            let members = old.iter().map(|old| (number.clone(), old.clone()));
            if !comers.is_empty() && comers.iter().all(|comer| sets.directions_differ(agent, comer)) {
                self.share(agent).turn.extend(members);
                comers.iter().for_each(|comer| _ = self.share(comer).givers.insert(agent.clone()));
                continue;
            }
            let share = self.share(agent);
            share.crosses |= leaves_account;
            share.go.extend(members);
            share.takers.extend(comers.iter().cloned());
        }
    }

    fn share(&mut self, agent: &Address) -> &mut Share {
        self.0.entry(agent.clone()).or_default()
    }

    /// The requests, by agent; the sets are afterwards as they should be.
    pub(super) fn drafted(self, sets: &mut AgentSets<'_>) -> Vec<Drafted> {
        let turning = self.0.iter().filter(|(_, share)| !share.turn.is_empty());
        let turned = turning.map(|(agent, share)| (agent.clone(), vec![share.give_away(agent, sets)]));
        let mut drafts: BTreeMap<Address, Vec<Draft>> = turned.collect();
        for writing in self.order() {
            let (Writing::Newcomers(agent) | Writing::Whole(agent)) = &writing;
            let before = drafts.entry(agent.clone()).or_default();
            let again = before.iter().any(|draft| draft.reaches.contains(&has_newcomers(agent)));
            before.push(self.0[agent].write(&writing, again, sets));
        }
        let drafted = |(agent, drafts): (Address, Vec<Draft>)| {
            let reason = self.0[&agent].reason();
            let (before, after, attributes) = Default::default();
            let change = Change { address: agent, action: Action::Update, before, after, attributes, reason };
            Drafted { change, drafts }
        };
        drafts.into_iter().map(drafted).collect()
    }

    /// Who writes first: an agent that gets a number before the one that gives it. Where they stand in a circle one of them writes twice.
    fn order(&self) -> Vec<Writing> {
        let more = |share: &Share| !share.come.is_empty() || !share.go.is_empty();
        let mut open: BTreeSet<&Address> =
            self.0.iter().filter(|(_, share)| more(share)).map(|(agent, _)| agent).collect();
        let mut standing: BTreeSet<&Address> = BTreeSet::new();
        let mut order = Vec::with_capacity(open.len());
        for (agent, _) in self.0.iter().filter(|(_, share)| share.crosses && !share.come.is_empty()) {
            standing.insert(agent);
            order.push(Writing::Newcomers(agent.clone()));
        }
        while let Some(&first) = open.first() {
            let missing =
                |agent: &Address| self.0[agent].takers.iter().find(|taker| !standing.contains(taker));
            match open.iter().copied().find(|agent| missing(agent).is_none()) {
                Some(agent) => {
                    open.remove(agent);
                    standing.insert(agent);
                    order.push(Writing::Whole(agent.clone()));
                }
                None => {
                    let agent = in_a_circle(first, missing);
                    standing.insert(agent);
                    order.push(Writing::Newcomers(agent.clone()));
                }
            }
        }
        order
    }
}

/// Follows those who are waited for until one comes a second time.
fn in_a_circle<'a>(first: &'a Address, missing: impl Fn(&Address) -> Option<&'a Address>) -> &'a Address {
    let (mut seen, mut agent) = (BTreeSet::new(), first);
    while seen.insert(agent) {
        agent = missing(agent).unwrap_or(agent);
    }
    agent
}

impl Share {
    fn give_away(&self, agent: &Address, sets: &mut AgentSets<'_>) -> Draft {
        self.turn.iter().for_each(|(_, member)| sets.remove(agent, member));
        let mut draft = sets.draft_put("unassign", agent);
        draft.after.extend(sets.ready_token(agent));
        draft.reaches.push(turned(agent));
        draft
    }

    fn write(&self, writing: &Writing, again: bool, sets: &mut AgentSets<'_>) -> Draft {
        match writing {
            Writing::Newcomers(agent) => {
                self.come.iter().for_each(|(_, member)| sets.add(agent, member));
                let mut draft = partial(sets.draft_put("assign", agent));
                draft.after.extend(sets.ready_token(agent));
                draft.after.extend(self.givers.iter().map(turned));
                draft.reaches.push(has_newcomers(agent));
                draft
            }
            Writing::Whole(agent) => {
                self.come.iter().for_each(|(_, member)| sets.add(agent, member));
                self.go.iter().for_each(|(_, member)| sets.remove(agent, member));
                let verb = match (self.come.is_empty() || again, self.go.is_empty()) {
                    (false, true) => "assign",
                    (false, false) => "update",
                    (true, _) => "unassign",
                };
                let mut draft = partial(sets.draft_put(verb, agent));
                draft.after.extend(sets.ready_token(agent));
                draft.after.extend(self.givers.iter().map(turned));
                draft.after.extend(self.takers.iter().map(has_newcomers));
                if !again {
                    draft.reaches.push(has_newcomers(agent));
                }
                draft.reaches.push(let_go(agent));
                draft
            }
        }
    }

    /// Why, in the words of the plan.
    fn reason(&self) -> String {
        let come =
            some(&self.come).map(|(some, one)| format!("{some} {}", if one { "comes" } else { "come" }));
        let go: Vec<_> = self.turn.iter().chain(&self.go).cloned().collect();
        let go = some(&go).map(|(some, one)| format!("{some} {}", if one { "goes" } else { "go" }));
        come.into_iter().chain(go).collect::<Vec<_>>().join(", ")
    }
}

/// A number that can't be made keeps no other from its agent.
fn partial(mut draft: Draft) -> Draft {
    draft.expect.partial = true;
    draft
}

/// Some numbers in words, and whether it is one; nothing where there is none.
fn some(numbers: &[(Address, SetMember)]) -> Option<(String, bool)> {
    let (first, _) = numbers.first()?;
    Some(match numbers.len() - 1 {
        0 => (format!("`{}`", first.name), true),
        more => (format!("`{}` and {more} more", first.name), false),
    })
}
