//! The agents' sets of numbers, which Talkover takes only as a whole: <https://docs.talkover.ai/en/api-reference/endpoints/update-agent-calling>.
//! In: the agents of an account and one change after the other. Out: what each set contains at that moment, and the request that writes it.
//! Never removes a number that no change is about, never changes an agent's direction.

use std::collections::{BTreeMap, HashMap};

use serde_json::{Map, Value as Json};

use crate::model::{Action, Address, Change, Draft, Gap, Id, Ids, KindName, Request, State};
use crate::provider::write::id_as_text;

use super::lower::draft;
use super::{AGENTS, CALLING};

/// One number of a set.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum SetMember {
    /// A live number.
    Live(Id),
    /// A number that the plan creates.
    Made(Address),
}

/// The move of one number between agents.
pub(super) struct NumberMove {
    /// The number.
    pub(super) number: Address,
    /// Its member in the sets before the plan.
    pub(super) old: Option<SetMember>,
    /// Its member after the plan.
    pub(super) new: SetMember,
    /// The agents that have it before.
    pub(super) from: Vec<Address>,
    /// The agents that have it after.
    pub(super) to: Vec<Address>,
    /// Whether it moves to another account.
    pub(super) leaves_account: bool,
}

/// The sets of all agents, as they are after the requests drafted so far.
pub(super) struct AgentSets<'a> {
    ids: &'a Ids,
    sets: BTreeMap<Address, Set>,
    /// The agents that have each live number before the plan.
    holders: HashMap<Id, Vec<Address>>,
}

#[derive(Default)]
struct Set {
    /// None if unknown: Talkover then refuses the request, and no guess changes a direction.
    direction: Option<Box<str>>,
    members: Vec<SetMember>,
    /// The token that must be reached before the set has this state; see [`Draft::after`].
    ready_token: Option<String>,
}

impl<'a> AgentSets<'a> {
    pub(super) fn new(live: &State, ids: &'a Ids) -> Self {
        let mut sets = Self { ids, sets: BTreeMap::new(), holders: HashMap::new() };
        for agent in &live.agents {
            for id in agent.numbers.iter().flatten() {
                let holders = sets.holders.entry(id.clone()).or_default();
                if !holders.contains(&agent.address) {
                    holders.push(agent.address.clone());
                }
            }
            let members = agent.numbers.iter().flatten().cloned().map(SetMember::Live).collect();
            let set = Set { direction: agent.direction.clone(), members, ready_token: None };
            sets.sets.insert(agent.address.clone(), set);
        }
        sets
    }

    /// The move that a change makes between agents; none if it concerns no agent.
    pub(super) fn number_move(&self, change: &Change) -> Option<NumberMove> {
        let number = Some(&change.address).filter(|address| address.kind == KindName::Number)?.clone();
        let id = change.before.as_ref().and_then(|before| before.id.clone());
        let from = id.as_ref().and_then(|id| self.holders.get(id)).cloned().unwrap_or_default();
        let differs = change.after("agent").map(|wanted| self.new_agents(&from, wanted.as_ref_address()));
        let to = match change.action {
            Action::Delete => Vec::new(),
            Action::Create | Action::Update => differs?,
            // A number of several agents returns to all of them.
            Action::Replace => differs.unwrap_or_else(|| from.clone()),
        };
        let leaves_account =
            change.before.as_ref().and_then(|before| before.settings.as_ref()).is_some_and(|s| s.crosses);
        let old = id.map(SetMember::Live);
        let new = match (change.action, &old) {
            (Action::Update, Some(live)) => live.clone(),
            _ => SetMember::Made(number.clone()),
        };
        (!from.is_empty() || !to.is_empty()).then_some(NumberMove {
            number,
            old,
            new,
            from,
            to,
            leaves_account,
        })
    }

    /// The agents of a number that gets another agent. Of several agents it leaves only those with the direction of the new one.
    fn new_agents(&self, from: &[Address], wanted: Option<&Address>) -> Vec<Address> {
        let Some(wanted) = wanted else { return Vec::new() };
        let stays = |agent: &&Address| from.len() > 1 && self.directions_differ(agent, wanted);
        let mut to: Vec<_> = from.iter().filter(stays).filter(|agent| *agent != wanted).cloned().collect();
        to.push(wanted.clone());
        to
    }

    /// Whether two agents have different directions.
    pub(super) fn directions_differ(&self, one: &Address, other: &Address) -> bool {
        let direction = |agent| self.sets.get(agent).and_then(|set: &Set| set.direction.as_deref());
        direction(one).zip(direction(other)).is_some_and(|(one, other)| one != other)
    }

    /// The requests that replace a number, between those that unassign it from its agents and those that assign it again.
    pub(super) fn replace(
        &mut self,
        number: &Address,
        drafts: Vec<Draft>,
        number_move: &NumberMove,
    ) -> Vec<Draft> {
        let NumberMove { old, new, from, to, .. } = number_move;
        let mut chain = Vec::with_capacity(from.len() + drafts.len() + to.len());
        for agent in from {
            old.iter().for_each(|old| self.remove(agent, old));
            chain.push(self.draft_put("unassign", agent).gap(Gap::Brief));
        }
        chain.extend(drafts);
        for agent in to {
            self.add(agent, new);
            chain.push(self.draft_put("assign", agent).gap(Gap::Brief));
        }
        let moved = format!("{number} has moved");
        let agents = || from.iter().chain(to);
        if let Some(first) = chain.first_mut() {
            first.after = agents().filter_map(|agent| self.ready_token(agent)).collect();
            first.after.sort();
            first.after.dedup();
        }
        chain.last_mut().into_iter().for_each(|last| last.reaches.push(moved.clone()));
        for agent in agents() {
            self.set(agent).ready_token = Some(moved.clone());
        }
        chain
    }

    /// The request that writes the set of an agent in its present state.
    pub(super) fn draft_put(&self, verb: &'static str, agent: &Address) -> Draft {
        let id = self.ids.get(agent).map_or_else(|| Request::path_placeholder(agent), Id::to_segment);
        let set = self.sets.get(agent);
        let direction = set.and_then(|set| set.direction.as_deref()).map_or(Json::Null, Request::literal);
        let members = set.map_or(&[][..], |set| &set.members);
        let numbers: Vec<Json> = members.iter().map(SetMember::to_json).collect();
        let body = Map::from_iter([
            ("direction".to_owned(), direction),
            ("phone_number_ids".to_owned(), numbers.into()),
        ]);
        draft(verb, "PUT", format!("{AGENTS}/{id}{CALLING}"), Some(body.into()))
    }

    /// Adds a number to a set unless the set has it.
    pub(super) fn add(&mut self, agent: &Address, member: &SetMember) {
        let members = &mut self.set(agent).members;
        if !members.contains(member) {
            members.push(member.clone());
        }
    }

    /// Removes a number from a set.
    pub(super) fn remove(&mut self, agent: &Address, member: &SetMember) {
        self.set(agent).members.retain(|other| other != member);
    }

    /// The token that must be reached before the set has this state.
    pub(super) fn ready_token(&self, agent: &Address) -> Option<String> {
        self.sets.get(agent)?.ready_token.clone()
    }

    fn set(&mut self, agent: &Address) -> &mut Set {
        self.sets.entry(agent.clone()).or_default()
    }
}

impl SetMember {
    fn to_json(&self) -> Json {
        match self {
            Self::Live(id) => id_as_text(id),
            Self::Made(number) => Request::placeholder(number).into(),
        }
    }
}
