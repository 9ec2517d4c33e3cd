//! The steps of a saved plan that are not to be sent because something has moved on.
//! In: a plan, what has moved, fresh states. Out: the steps that touch it, refer to it, or belong together with one that does, each with the reason.
//! A change is held as a whole, and with it whoever waits for it or points to it: what is left could have been a plan of its own.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde_json::{Map, Value as Json};

use super::moved::Moved;
use crate::model::{Account, Address, Agent, Id, KindName, Kinds, Plan, PlannedChange, State};

/// The held steps by id, each with why.
pub type Held = BTreeMap<u32, String>;

/// What the kinds of a platform allow.
type KindsOf<'a> = &'a dyn Fn(&str) -> Option<&'static Kinds>;

/// The steps that must not be sent although the rest is.
pub fn held(plan: &Plan, moved: &[Moved], observed: &[State], kinds_of: KindsOf<'_>) -> Held {
    let ties = Ties::new(plan, observed, kinds_of);
    let mut causes: HashMap<&Address, &Moved> = HashMap::new();
    let mut pending: Vec<(&Address, &Moved)> =
        moved.iter().flat_map(|one| ties.roots(one).into_iter().map(move |address| (address, one))).collect();
    pending.reverse();
    while let Some((address, cause)) = pending.pop() {
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
}

impl<'a> Ties<'a> {
    fn new(plan: &'a Plan, observed: &'a [State], kinds_of: KindsOf<'_>) -> Self {
        let mut ties = Self { plan, observed, with: HashMap::new() };
        let address_of: HashMap<u32, &Address> =
            plan.steps.iter().map(|step| (step.id, &step.address)).collect();
        for step in &plan.steps {
            for before in step.waits_on.iter().filter_map(|id| address_of.get(id)) {
                ties.tie((*before).clone(), &step.address);
            }
        }
        // Steps at an agent's own address write what becomes of several numbers there.
        let agents: HashMap<&Address, &'a Address> = plan
            .steps
            .iter()
            .map(|step| (&step.address, &step.address))
            .filter(|(at, _)| is_agent(at))
            .collect();
        for change in &plan.changes {
            let named = kinds_of(&change.provider).map(|kinds| named(change, kinds)).unwrap_or_default();
            for target in named.into_iter().chain(ties.having(change)) {
                if let Some(&agent) = agents.get(&target) {
                    ties.tie(change.address.clone(), agent);
                }
                ties.tie(target, &change.address);
            }
        }
        ties
    }

    fn tie(&mut self, to: Address, with: &'a Address) {
        if to != *with {
            self.with.entry(to).or_default().insert(with);
        }
    }

    /// The agents whose set has the number of a change, whatever the plan says of it.
    fn having(&self, change: &PlannedChange) -> Vec<Address> {
        let live = self.observed.iter().find_map(|state| state.get(change.live_address()));
        let Some(id) = live.and_then(|live| live.id.as_ref()) else { return Vec::new() };
        let has = |agent: &&Agent| agent.numbers.iter().flatten().any(|number| number == id);
        let of_account = |agent: &&Agent| agent.address.account == change.address.account;
        let numbers = Some(change).filter(|change| change.address.kind == KindName::Number).into_iter();
        let agents = numbers.flat_map(|_| self.observed.iter().flat_map(|state| &state.agents));
        agents.filter(of_account).filter(has).map(|agent| agent.address.clone()).collect()
    }

    /// Whom to hold with a thing that is held.
    fn behind(&self, address: &Address) -> impl Iterator<Item = &'a Address> {
        self.with.get(address).into_iter().flatten().copied()
    }

    /// What of the plan is about a thing that has moved; where nobody can tell, all of its account.
    fn roots(&self, moved: &Moved) -> Vec<&'a Address> {
        let changed = self.plan.changes.iter().map(|change| (&change.address, change.live_address()));
        let touching = changed.filter(|(at, read)| [*at, *read].contains(&&moved.address)).map(|(at, _)| at);
        let steps = || self.plan.steps.iter();
        let id = self.agent_id(&moved.address);
        let writing = steps().filter(|step| {
            let mut segments = step.request.path.split('/');
            step.address == moved.address
                || step.address.account == moved.address.account
                    && id.as_ref().is_some_and(|id| segments.any(|segment| segment == id))
        });
        let mut roots: Vec<_> = touching.chain(writing.map(|step| &step.address)).collect();
        roots.extend(self.behind(&moved.address));
        if roots.is_empty() {
            let account: &Account = &moved.address.account;
            roots.extend(steps().map(|step| &step.address).filter(|address| address.account == *account));
        }
        roots
    }

    fn agent_id(&self, address: &Address) -> Option<String> {
        let mut agents = self.observed.iter().flat_map(|state| &state.agents);
        agents.find(|agent| agent.address == *address).map(|agent| Id::to_segment(&agent.id))
    }
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
