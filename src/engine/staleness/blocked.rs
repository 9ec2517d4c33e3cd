//! The steps of a saved plan that are blocked because something is stale.
//! In: a plan, its stale resources, fresh states. Out: the steps that touch one, refer to one, or belong together with one that does, each with the reason.
//! A change is blocked as a whole, with every change that waits for it or refers to it: the rest could have been a plan of its own.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};

use serde_json::{Map, Value as Json};

use super::stale::StaleResource;
use crate::model::{Account, Address, Id, KindName, Kinds, Plan, PlannedChange, State};

/// The steps that are not sent, by id, each with the reason.
pub type BlockedSteps = BTreeMap<u32, String>;

/// What the kinds of a platform allow.
type KindsOf<'a> = &'a dyn Fn(&str) -> Option<&'static Kinds>;

/// The steps that must not be sent although the rest is.
pub fn blocked_steps(
    plan: &Plan,
    stale: &[StaleResource],
    observed: &[State],
    kinds_of: KindsOf<'_>,
) -> BlockedSteps {
    let graph = DependencyGraph::new(plan, observed, kinds_of);
    let mut causes: HashMap<&Address, &StaleResource> = HashMap::new();
    let themselves = stale.iter().map(|one| (&one.address, one));
    let roots = stale.iter().flat_map(|one| graph.roots(one).into_iter().map(move |address| (address, one)));
    let mut pending: VecDeque<(&Address, &StaleResource)> = themselves.chain(roots).collect();
    while let Some((address, cause)) = pending.pop_front() {
        if !causes.contains_key(address) {
            causes.insert(address, cause);
            pending.extend(graph.dependents(address).map(|next| (next, cause)));
        }
    }
    let because = |cause: &&StaleResource| format!("since the plan was made, {cause}");
    let steps = plan.steps.iter();
    steps.filter_map(|step| Some((step.id, causes.get(&step.address).map(because)?))).collect()
}

/// Which resources of a plan belong together.
struct DependencyGraph<'a> {
    plan: &'a Plan,
    observed: &'a [State],
    /// What is blocked together with a resource.
    with: HashMap<Address, BTreeSet<&'a Address>>,
    /// The resources that have steps.
    stepping: HashSet<&'a Address>,
}

impl<'a> DependencyGraph<'a> {
    fn new(plan: &'a Plan, observed: &'a [State], kinds_of: KindsOf<'_>) -> Self {
        let stepping = plan.steps.iter().map(|step| &step.address).collect();
        let mut graph = Self { plan, observed, with: HashMap::new(), stepping };
        graph.add_steps();
        let holders = holders(observed);
        for change in &plan.changes {
            let named = kinds_of(&change.provider)
                .map(|kinds| referenced_addresses(change, kinds))
                .unwrap_or_default();
            let live = observed.iter().find_map(|state| state.get(change.live_address()));
            let having = live.and_then(|live| holders.get(&(&live.address.account, live.id.as_ref()?)));
            for target in named.into_iter().chain(having.into_iter().flatten().map(|agent| (*agent).clone()))
            {
                // Steps at an agent's own address write what becomes of several numbers there.
                if let Some(&agent) = graph.stepping.get(&target).filter(|target| is_agent(target)) {
                    graph.tie(change.address.clone(), agent);
                }
                graph.tie(target, &change.address);
            }
        }
        graph.add_transfers();
        graph
    }

    /// A number is given up because it stands at another account: there on its trunk, and with an agent. Which of the agents, nobody can tell any more.
    fn add_transfers(&mut self) {
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

    fn add_steps(&mut self) {
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

    /// What is blocked together with a resource.
    fn dependents(&self, address: &Address) -> impl Iterator<Item = &'a Address> {
        self.with.get(address).into_iter().flatten().copied()
    }

    /// What of the plan is about a stale resource; where nothing shows it, all of its account.
    fn roots(&self, stale: &StaleResource) -> Vec<&'a Address> {
        let own = self.stepping.get(&stale.address).copied();
        let mut roots: Vec<_> = own.into_iter().chain(self.dependents(&stale.address)).collect();
        if is_agent(&stale.address) {
            roots.extend(self.writing(&stale.address));
        }
        if roots.is_empty() {
            let account = &stale.address.account;
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
fn referenced_addresses(change: &PlannedChange, kinds: &Kinds) -> Vec<Address> {
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
