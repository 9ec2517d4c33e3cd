//! Changes become requests in an order.
//! In: the worlds of all accounts and what differs in each. Out: one complete [`Plan`], with why it would be refused.
//! Does no I/O, reads no clock and no environment, names no platform.

mod across;
mod basis;
mod holdings;
mod impact;
mod known;
mod order;
mod planned;
mod propagate;
mod refusals;
mod safety;
mod secrets;
mod standing;
mod target;
mod unsaid;

pub use basis::{Basis, Thing};

use std::collections::HashSet;

use crate::diff::since;
use crate::model::{
    Action, Address, Change, Diagnostic, Ids, KindName, Observed, Pattern, Plan, PlannedAccount,
    PlannedChange, Refusal, State, World,
};
use crate::provider::{Platforms, Provider};

/// What the command line says of a plan.
#[derive(Clone, Debug, Default)]
pub struct Choices {
    /// RFC 3339; planning reads no clock.
    pub timestamp: String,
    /// `--target`: only these, and what they need.
    pub targets: Vec<Pattern>,
    /// `--allow-removals`.
    pub allow_removals: Option<usize>,
    /// Whether the plan holds every declared resource as it will be, not only what changes: for programs, and at the price of their memory.
    pub every_resource: bool,
    /// The numbers that files declare for accounts that could not be read.
    pub unread: Vec<Address>,
    /// The numbers that files declare and pass over, and that are not live there.
    pub passed_over: Vec<Address>,
}

/// A plan over all accounts, and what it rests on.
#[derive(Debug, Default)]
pub struct Planned {
    /// The plan, its fingerprints not yet filled in.
    pub plan: Plan,
    /// What it rests on: one basis for each of its accounts, in their order.
    pub bases: Vec<Basis>,
}

/// The plan over all accounts.
///
/// # Panics
/// Where `providers` does not know the provider of a world.
pub fn plan(mut differing: Vec<(World, Vec<Change>)>, choices: &Choices, providers: Platforms) -> Planned {
    across::warn(&mut differing);
    let crossings = across::find(&differing, choices);
    let mut parts: Vec<_> =
        differing.into_iter().map(|(world, changes)| Part::new(world, changes, &choices.targets)).collect();
    parts.sort_by(|a, b| a.world.account.cmp(&b.world.account));
    let crossings = across::settle(crossings, &mut parts);
    let removals = parts.iter().map(|part| part.removals.len()).sum();
    let mut plan = Plan {
        timestamp: choices.timestamp.clone(),
        allow_removals: choices.allow_removals,
        targets: choices.targets.iter().map(|pattern| pattern.as_str().to_owned()).collect(),
        ..Plan::default()
    };
    plan.summary.removals = removals;
    let mut bases = Vec::with_capacity(parts.len());
    for part in parts {
        let provider = providers(part.world.provider).expect("the provider of a world is in the table");
        bases.push(part.add_to(&mut plan, provider, choices));
    }
    if let Err(why) = across::wait(&mut plan.steps, &crossings) {
        plan.errors.push(why);
    }
    plan.impact.secrets_sent = impact::secrets(&plan.steps);
    plan.summary.steps = plan.steps.len();
    plan.summary.unlisted = plan.unlisted.len();
    Planned { plan, bases }
}

/// One account on its way into the plan.
struct Part {
    world: World,
    changes: Vec<Change>,
    /// Declared resources that are as they should be.
    unchanged: usize,
    removals: Vec<Address>,
    refusals: Vec<Refusal>,
    /// What another account's steps rely on.
    relied: Vec<Address>,
}

impl Part {
    fn new(world: World, changes: Vec<Change>, targets: &[Pattern]) -> Self {
        let differ: HashSet<_> = changes.iter().map(|change| &change.address).collect();
        let declared = world.desired.resources.values().filter(|resource| resource.origin.is_some());
        let unchanged = declared.filter(|resource| !differ.contains(&resource.address)).count();
        if world.diagnostics.iter().any(Diagnostic::is_error) {
            let (changes, removals, refusals) = Default::default();
            return Self { world, changes, unchanged, removals, refusals, relied: vec![] };
        }
        let mut changes = target::narrow(&world, changes, targets);
        propagate::propagate(&world, &mut changes);
        let removals = impact::removals(world.kinds, &changes);
        let refusals = safety::refusals(&world, &changes);
        Self { world, changes, unchanged, removals, refusals, relied: vec![] }
    }

    fn live(&self, kind: KindName) -> usize {
        self.world.observed.resources.keys().filter(|address| address.kind == kind).count()
    }

    /// Adds the account to the plan; gives what that rests on.
    fn add_to(mut self, plan: &mut Plan, provider: &'static dyn Provider, choices: &Choices) -> Basis {
        let (trunks, numbers) = (self.live(KindName::Trunk), self.live(KindName::Number));
        let limit = impact::Limit {
            live: trunks + numbers,
            allowed: self.world.limits.allowed(trunks + numbers),
            total: plan.summary.removals,
            allow_removals: choices.allow_removals,
        };
        self.refusals.extend(safety::over_the_limit(&self.world, &self.removals, &limit));
        plan.accounts.push(PlannedAccount {
            account: self.world.account.clone(),
            provider: self.world.provider.to_owned(),
            observed: Observed { trunks, numbers, requests: self.world.observed.requests },
            fingerprints: Vec::new(),
            removals: self.removals.len(),
            allowed: limit.allowed,
            budget: provider.budget(),
        });
        let things = basis::things(&self.world, &self.changes, &self.relied);
        plan.summary.unchanged += self.unchanged;
        impact::add(&mut plan.impact, self.world.kinds, &self.changes);
        for (change, cause) in self.changes.iter().zip(since::causes(&self.world, &self.changes)) {
            plan.changes.push(PlannedChange { cause, ..planned::change(&self.world, change) });
            *plan.summary.count(change.action) += 1;
        }
        plan.secrets.extend(secrets::declared(&self.world, &self.changes, &choices.targets));
        let own = &plan.changes[plan.changes.len() - self.changes.len()..];
        plan.holdings.extend(holdings::of(&self.world, own));
        if choices.every_resource {
            plan.planned.extend(planned::resources(&self.world));
        }
        if !self.refusals.iter().any(|refusal| refusal.no_safe_plan) {
            let ids = ids(&self.world, &self.changes);
            let mut drafted = provider.lower_all(self.changes, &self.world.observed, &ids);
            known::add(&mut drafted, &self.world);
            plan.diagnostics.extend(unsaid::warnings(&self.world, &drafted));
            if let Err(why) = order::append(&mut plan.steps, drafted, self.world.kinds) {
                plan.errors.push(why);
            }
        }
        plan.unlisted.append(&mut self.world.unlisted);
        plan.refusals.append(&mut self.refusals);
        plan.diagnostics.append(&mut self.world.diagnostics);
        let observed = if things.is_empty() { State::default() } else { self.world.observed };
        Basis { observed, things }
    }
}

/// Everything that is live and keeps its id, agents included.
fn ids(world: &World, changes: &[Change]) -> Ids {
    let mut ids = Ids::default();
    if changes.is_empty() {
        return ids;
    }
    for resource in world.observed.resources.values() {
        if let Some(id) = &resource.id {
            ids.insert(resource.address.clone(), id.clone());
        }
    }
    for agent in &world.observed.agents {
        ids.insert(agent.address.clone(), agent.id.clone());
    }
    for change in changes.iter().filter(|c| matches!(c.action, Action::Replace | Action::Delete)) {
        ids.remove(&change.address);
    }
    ids
}
