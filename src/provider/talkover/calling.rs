//! The agents' sets of numbers, which Talkover takes only as a whole: <https://docs.talkover.ai/en/api-reference/endpoints/update-agent-calling>.
//! In: all changes of an account and what is live. Out: their requests, those of the sets among them, each body right at the moment when it is sent.
//! Never takes away a number that no change is about, never turns an agent's direction.

use std::collections::{BTreeMap, HashMap};

use serde_json::{Map, Value as Json};

use crate::model::{Action, Address, Change, Draft, Drafted, Gap, Id, Ids, KindName, Kinds, Request, State};
use crate::provider::write::id_as_text;

use super::handover::{Handover, let_go};
use super::lower::{draft, lower};
use super::{AGENTS, CALLING};

/// The requests of all changes of an account.
///
/// A number that is made anew has its own chain of requests: off its agent, away, back, on its agent. Chains that write the same set run one after the other,
/// so that an agent misses one number at a time. Everything else that happens to a set is one request at the end.
pub(super) fn lower_all(kinds: &Kinds, changes: Vec<Change>, live: &State, ids: &Ids) -> Vec<Drafted> {
    let mut sets = Sets::new(live, ids);
    let transfers: Vec<_> = changes.iter().map(|change| sets.transfer(change)).collect();
    let mut handover = Handover::default();
    let mut drafted = Vec::with_capacity(changes.len());
    for (change, transfer) in changes.into_iter().zip(transfers) {
        let mut drafts = lower(kinds, &change, live, ids);
        match (transfer, change.action) {
            (Some(_), Action::Create | Action::Delete | Action::Replace) if drafts.is_empty() => {}
            (Some(transfer), Action::Replace) => drafts = sets.chain(&change.address, drafts, &transfer),
            (Some(transfer), _) => {
                handover.add(&transfer, &sets);
                // Talkover deletes no number that an agent has.
                let first = drafts.first_mut().filter(|_| change.action == Action::Delete);
                first
                    .into_iter()
                    .for_each(|delete| delete.after = transfer.from.iter().map(let_go).collect());
            }
            (None, _) => {}
        }
        drafted.push(Drafted { change, drafts });
    }
    drafted.extend(handover.drafted(&mut sets));
    drafted
}

/// One number of a set.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Member {
    /// It is live.
    Live(Id),
    /// The plan makes it.
    Made(Address),
}

/// What becomes of one number at the agents.
pub(super) struct Transfer {
    /// Which number.
    pub(super) number: Address,
    /// As it stands in the sets now.
    pub(super) old: Option<Member>,
    /// As it will stand there.
    pub(super) new: Member,
    /// The agents that have it.
    pub(super) from: Vec<Address>,
    /// The agents that should.
    pub(super) to: Vec<Address>,
    /// Whether it goes to another account.
    pub(super) crosses: bool,
}

/// The sets of all agents, as they are once the requests that were written so far are done.
pub(super) struct Sets<'a> {
    ids: &'a Ids,
    sets: BTreeMap<Address, Set>,
    /// Who has which live number at the beginning.
    holders: HashMap<Id, Vec<Address>>,
}

#[derive(Default)]
struct Set {
    /// Nothing where it is not known: Talkover then refuses the request, and no direction is turned by a guess.
    direction: Option<Box<str>>,
    members: Vec<Member>,
    /// What must be true before the set is as it stands here; see [`Draft::after`].
    settled: Option<String>,
}

impl<'a> Sets<'a> {
    fn new(live: &State, ids: &'a Ids) -> Self {
        let mut sets = Self { ids, sets: BTreeMap::new(), holders: HashMap::new() };
        for agent in &live.agents {
            for id in agent.numbers.iter().flatten() {
                let holders = sets.holders.entry(id.clone()).or_default();
                if !holders.contains(&agent.address) {
                    holders.push(agent.address.clone());
                }
            }
            let members = agent.numbers.iter().flatten().cloned().map(Member::Live).collect();
            let set = Set { direction: agent.direction.clone(), members, settled: None };
            sets.sets.insert(agent.address.clone(), set);
        }
        sets
    }

    /// What a change means for the agents; nothing where it means nothing.
    fn transfer(&self, change: &Change) -> Option<Transfer> {
        let number = Some(&change.address).filter(|address| address.kind == KindName::Number)?.clone();
        let id = change.before.as_ref().and_then(|before| before.id.clone());
        let from = id.as_ref().and_then(|id| self.holders.get(id)).cloned().unwrap_or_default();
        let differs = change.after("agent").map(|wanted| self.instead(&from, wanted.as_ref_address()));
        let to = match change.action {
            Action::Delete => Vec::new(),
            Action::Create | Action::Update => differs?,
            // One that several agents have is back on all of them.
            Action::Replace => differs.unwrap_or_else(|| from.clone()),
        };
        let crosses =
            change.before.as_ref().and_then(|before| before.settings.as_ref()).is_some_and(|s| s.crosses);
        let old = id.map(Member::Live);
        let new = match (change.action, &old) {
            (Action::Update, Some(live)) => live.clone(),
            _ => Member::Made(number.clone()),
        };
        (!from.is_empty() || !to.is_empty()).then_some(Transfer { number, old, new, from, to, crosses })
    }

    /// The agents of a number that gets another one. Where it has several, only those whose calls go the new one's way make room.
    fn instead(&self, from: &[Address], wanted: Option<&Address>) -> Vec<Address> {
        let Some(wanted) = wanted else { return Vec::new() };
        let stays = |agent: &&Address| from.len() > 1 && self.turns(agent, wanted);
        let mut to: Vec<_> = from.iter().filter(stays).filter(|agent| *agent != wanted).cloned().collect();
        to.push(wanted.clone());
        to
    }

    /// Whether the calls of two agents go different ways.
    pub(super) fn turns(&self, one: &Address, other: &Address) -> bool {
        let direction = |agent| self.sets.get(agent).and_then(|set: &Set| set.direction.as_deref());
        direction(one).zip(direction(other)).is_some_and(|(one, other)| one != other)
    }

    /// The requests of a number that is made anew, between those that take it off its agents and those that give it back.
    fn chain(&mut self, number: &Address, drafts: Vec<Draft>, transfer: &Transfer) -> Vec<Draft> {
        let Transfer { old, new, from, to, .. } = transfer;
        let mut chain = Vec::with_capacity(from.len() + drafts.len() + to.len());
        for agent in from {
            old.iter().for_each(|old| self.remove(agent, old));
            chain.push(self.put("unassign", agent).gap(Gap::Brief));
        }
        chain.extend(drafts);
        for agent in to {
            self.add(agent, new);
            chain.push(self.put("assign", agent).gap(Gap::Brief));
        }
        let moved = format!("{number} has moved");
        let agents = || from.iter().chain(to);
        if let Some(first) = chain.first_mut() {
            first.after = agents().filter_map(|agent| self.settled(agent)).collect();
            first.after.sort();
            first.after.dedup();
        }
        chain.last_mut().into_iter().for_each(|last| last.reaches.push(moved.clone()));
        for agent in agents() {
            self.set(agent).settled = Some(moved.clone());
        }
        chain
    }

    /// Writes the set of an agent as it stands here.
    pub(super) fn put(&self, verb: &'static str, agent: &Address) -> Draft {
        let id = self.ids.get(agent).map_or_else(|| Request::path_placeholder(agent), Id::to_segment);
        let set = self.sets.get(agent);
        let direction = set.and_then(|set| set.direction.as_deref()).map_or(Json::Null, Request::literal);
        let members = set.map_or(&[][..], |set| &set.members);
        let numbers: Vec<Json> = members.iter().map(Member::to_json).collect();
        let body = Map::from_iter([
            ("direction".to_owned(), direction),
            ("phone_number_ids".to_owned(), numbers.into()),
        ]);
        draft(verb, "PUT", format!("{AGENTS}/{id}{CALLING}"), Some(body.into()))
    }

    /// Adds a number, if it is not there.
    pub(super) fn add(&mut self, agent: &Address, member: &Member) {
        let members = &mut self.set(agent).members;
        if !members.contains(member) {
            members.push(member.clone());
        }
    }

    /// Takes a number away.
    pub(super) fn remove(&mut self, agent: &Address, member: &Member) {
        self.set(agent).members.retain(|other| other != member);
    }

    /// What must be true before the set is as it stands here.
    pub(super) fn settled(&self, agent: &Address) -> Option<String> {
        self.sets.get(agent)?.settled.clone()
    }

    fn set(&mut self, agent: &Address) -> &mut Set {
        self.sets.entry(agent.clone()).or_default()
    }
}

impl Member {
    fn to_json(&self) -> Json {
        match self {
            Self::Live(id) => id_as_text(id),
            Self::Made(number) => Request::placeholder(number).into(),
        }
    }
}
