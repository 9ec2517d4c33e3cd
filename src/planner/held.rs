//! The steps of a saved plan that are not to be sent because something has moved on.
//! In: a plan, what has moved, fresh states. Out: the steps that touch it, refer to it, or belong together with one that does, each with the reason.
//! A change is held as a whole, and with it whoever waits for it or points to it: what is left could have been a plan of its own.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};

use serde_json::{Map, Value as Json};

use super::moved::Moved;
use crate::model::{Account, Address, Id, KindName, Kinds, Plan, PlannedChange, State};

/// The held steps by id, each with why.
pub type Held = BTreeMap<u32, String>;

/// What the kinds of a platform allow.
type KindsOf<'a> = &'a dyn Fn(&str) -> Option<&'static Kinds>;

/// The steps that must not be sent although the rest is.
pub fn held(plan: &Plan, moved: &[Moved], observed: &[State], kinds_of: KindsOf<'_>) -> Held {
    let ties = Ties::new(plan, observed, kinds_of);
    let mut causes: HashMap<&Address, &Moved> = HashMap::new();
    let themselves = moved.iter().map(|one| (&one.address, one));
    let roots = moved.iter().flat_map(|one| ties.roots(one).into_iter().map(move |address| (address, one)));
    let mut pending: VecDeque<(&Address, &Moved)> = themselves.chain(roots).collect();
    while let Some((address, cause)) = pending.pop_front() {
        if !causes.contains_key(address) {
            causes.insert(address, cause);
            pending.extend(ties.behind(address).map(|next| (next, cause)));
        }
    }
    let because = |cause: &&Moved| format!("since the plan was made, {cause}");
    let steps = plan.steps.iter();
    steps.filter_map(|step| Some((step.id, causes.get(&step.address).map(because)?))).collect()
}

/// Which things of a plan belong together.
struct Ties<'a> {
    plan: &'a Plan,
    observed: &'a [State],
    /// Whom to hold with a thing.
    with: HashMap<Address, BTreeSet<&'a Address>>,
    /// The things that have steps.
    stepping: HashSet<&'a Address>,
}

impl<'a> Ties<'a> {
    fn new(plan: &'a Plan, observed: &'a [State], kinds_of: KindsOf<'_>) -> Self {
        let stepping = plan.steps.iter().map(|step| &step.address).collect();
        let mut ties = Self { plan, observed, with: HashMap::new(), stepping };
        ties.of_steps();
        let holders = holders(observed);
        for change in &plan.changes {
            let named = kinds_of(&change.provider).map(|kinds| named(change, kinds)).unwrap_or_default();
            let live = observed.iter().find_map(|state| state.get(change.live_address()));
            let having = live.and_then(|live| holders.get(&(&live.address.account, live.id.as_ref()?)));
            for target in named.into_iter().chain(having.into_iter().flatten().map(|agent| (*agent).clone()))
            {
                // Steps at an agent's own address write what becomes of several numbers there.
                if let Some(&agent) = ties.stepping.get(&target).filter(|target| is_agent(target)) {
                    ties.tie(change.address.clone(), agent);
                }
                ties.tie(target, &change.address);
            }
        }
        ties.of_crossings();
        ties
    }

    /// A number is given up because it stands at another account: there on its trunk, and with an agent. Which of the agents, nobody can tell any more.
    fn of_crossings(&mut self) {
        let (plan, observed) = (self.plan, self.observed);
        let numbers = plan.changes.iter().filter(|change| change.address.kind == KindName::Number);
        let numbers: HashMap<&str, Vec<&'a Address>> = numbers
            .map(|change| (&*change.address.name, &change.address))
            .fold(HashMap::new(), |mut all, (name, address)| {
                all.entry(name).or_insert_with(Vec::new).push(address);
                all
            });
        for there in &plan.accounts {
            let mut crossing = BTreeSet::new();
            for (read, _) in there.fingerprints.iter().filter(|(read, _)| read.kind == KindName::Number) {
                let live = observed.iter().find_map(|state| state.get(read));
                let on = live.into_iter().flat_map(|live| live.attributes.iter());
                let on: Vec<_> = on.filter_map(|entry| entry.value.as_ref_address()).collect();
                for from in numbers.get(&*read.name).into_iter().flatten().copied() {
                    if from.account != there.account {
                        self.tie(read.clone(), from);
                        on.iter().for_each(|target| self.tie((*target).clone(), from));
                        crossing.insert(from);
                    }
                }
            }
            for (agent, _) in there.fingerprints.iter().filter(|(read, _)| is_agent(read)) {
                crossing.iter().for_each(|from| self.tie(agent.clone(), from));
            }
        }
    }

    fn of_steps(&mut self) {
        let steps = &self.plan.steps;
        let address_of: HashMap<u32, &Address> = steps.iter().map(|step| (step.id, &step.address)).collect();
        for step in steps {
            for before in step.waits_on.iter().filter_map(|id| address_of.get(id)) {
                self.tie((*before).clone(), &step.address);
            }
        }
        for change in self.plan.changes.iter().filter(|change| change.read_as.is_some()) {
            self.tie(change.live_address().clone(), &change.address);
        }
    }

    fn tie(&mut self, to: Address, with: &'a Address) {
        if to != *with {
            self.with.entry(to).or_default().insert(with);
        }
    }

    /// Whom to hold with a thing that is held.
    fn behind(&self, address: &Address) -> impl Iterator<Item = &'a Address> {
        self.with.get(address).into_iter().flatten().copied()
    }

    /// What of the plan is about a thing that has moved; where nobody can tell, all of its account.
    fn roots(&self, moved: &Moved) -> Vec<&'a Address> {
        let own = self.stepping.get(&moved.address).copied();
        let mut roots: Vec<_> = own.into_iter().chain(self.behind(&moved.address)).collect();
        if is_agent(&moved.address) {
            roots.extend(self.writing(&moved.address));
        }
        if roots.is_empty() {
            let account = &moved.address.account;
            roots.extend(self.stepping.iter().filter(|address| address.account == *account));
        }
        roots
    }

    /// The things whose steps write the set of an agent that they need not name: of a number that several agents have.
    fn writing(&self, agent: &Address) -> impl Iterator<Item = &'a Address> {
        let mut agents = self.observed.iter().flat_map(|state| &state.agents);
        let id = agents.find(|live| live.address == *agent).map(|live| live.id.to_segment());
        let steps = self.plan.steps.iter().filter(move |step| {
            step.address.account == agent.account
                && id.as_ref().is_some_and(|id| step.request.path.split('/').any(|segment| segment == id))
        });
        steps.map(|step| &step.address)
    }
}

/// The agents whose set has a number, by its id.
fn holders(observed: &[State]) -> HashMap<(&Account, &Id), Vec<&Address>> {
    let mut holders: HashMap<_, Vec<_>> = HashMap::new();
    for agent in observed.iter().flat_map(|state| &state.agents) {
        for number in agent.numbers.iter().flatten() {
            holders.entry((&agent.address.account, number)).or_default().push(&agent.address);
        }
    }
    holders
}

fn is_agent(address: &Address) -> bool {
    !matches!(address.kind, KindName::Trunk | KindName::Number)
}

/// What a change points to: all that the thing will, the agents that it did, and what it loses without another in its place.
fn named(change: &PlannedChange, kinds: &Kinds) -> Vec<Address> {
    let Some(kind) = kinds.get(change.address.kind) else { return Vec::new() };
    let mut named = Vec::new();
    for (attribute, target) in kind.references() {
        let at = |side: &Option<Map<String, Json>>| {
            let name = side.as_ref()?.get(attribute.name)?.as_str()?;
            Some(Address::new(&change.address.account, target, name))
        };
        let (before, after) = (at(&change.before), at(&change.after));
        named.extend(before.filter(|before| after.is_none() || is_agent(before)));
        named.extend(after);
    }
    named
}
