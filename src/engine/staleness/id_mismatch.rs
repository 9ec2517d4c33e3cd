//! Steps of a saved plan whose path id is not the live id of their address.
//! In: a plan and fresh states. Out: the addresses of such steps: the plan is stale, or somebody has changed it.
//! Reads ids in paths only; what a body may hold is checked where a saved plan is read.

use std::collections::{BTreeSet, HashMap};

use crate::model::{Account, Action, Address, Id, KindName, Plan, State, Step};

/// The addresses of such steps.
pub(super) fn mismatched(plan: &Plan, observed: &[State]) -> BTreeSet<Address> {
    let live = LiveIds::new(plan, observed);
    let mismatched = plan.steps.iter().filter(|step| live.is_mismatch(step));
    mismatched.map(|step| step.address.clone()).collect()
}

/// What is live, as segments of a path.
struct LiveIds<'a> {
    /// What the plan changes or deletes; none where it is not live.
    changed: HashMap<&'a Address, Option<String>>,
    agents: HashMap<&'a Address, String>,
    /// Those that keep their numbers as a set: a change of a number may write it.
    keeping: Vec<(&'a Account, String)>,
}

impl<'a> LiveIds<'a> {
    fn new(plan: &'a Plan, observed: &'a [State]) -> Self {
        let mut changed = HashMap::new();
        for change in plan.changes.iter().filter(|change| change.action != Action::Create) {
            let live = observed.iter().find_map(|state| state.get(change.live_address()));
            changed.insert(&change.address, live.and_then(|live| live.id.as_ref()).map(Id::to_segment));
        }
        let agents = || observed.iter().flat_map(|state| &state.agents);
        let keeping = agents().filter(|agent| agent.numbers.is_some());
        Self {
            changed,
            agents: agents().map(|agent| (&agent.address, agent.id.to_segment())).collect(),
            keeping: keeping.map(|agent| (&agent.address.account, agent.id.to_segment())).collect(),
        }
    }

    fn is_mismatch(&self, step: &Step) -> bool {
        let method = step.request.method.as_str();
        if method == "GET" {
            return false;
        }
        if !matches!(step.address.kind, KindName::Trunk | KindName::Number) {
            return !self.agents.get(&step.address).is_some_and(|id| has(step, id));
        }
        let Some(live) = self.changed.get(&step.address) else { return false };
        let Some(live) = live else { return true };
        match method {
            // An id that the plan makes is not live yet.
            _ if step.request.path.contains("${") => false,
            "DELETE" => step.request.path.rsplit('/').next() != Some(live),
            "PUT" | "PATCH" => !(has(step, live) || self.is_about_an_agent(step)),
            _ => false,
        }
    }

    /// Whether a path holds the id of an agent of the same account that keeps its numbers.
    fn is_about_an_agent(&self, step: &Step) -> bool {
        self.keeping.iter().any(|(account, id)| **account == step.address.account && has(step, id))
    }
}

fn has(step: &Step, id: &str) -> bool {
    step.request.path.split('/').any(|segment| segment == id)
}
