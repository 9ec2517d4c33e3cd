//! Whether a step of a saved plan does what the plan shows.
//! In: a step and the changes. Out: nothing, or what the step would do that no change says.
//! An agent is no resource and has no change: its requests are those of the numbers that it has, and may do little.

use std::collections::{HashMap, HashSet};

use crate::model::{Action, Address, KindName, Kinds, Plan, PlannedChange, Step};

/// What a plan shows.
pub(super) struct Shown<'a> {
    plan: &'a Plan,
    changes: HashMap<&'a Address, &'a PlannedChange>,
    /// What has a fingerprint.
    known: HashSet<&'a Address>,
}

impl<'a> Shown<'a> {
    /// The changes by address, each with a fingerprint of what it was planned on.
    pub(super) fn of(plan: &'a Plan) -> Result<Self, String> {
        let prints = plan.accounts.iter().flat_map(|account| &account.fingerprints);
        let known: HashSet<_> = prints.map(|(address, _)| address).collect();
        let mut changes = HashMap::new();
        for change in &plan.changes {
            let address = &change.address;
            if change.live_address().account != address.account || change.live_address().kind != address.kind
            {
                return Err(format!("`{address}` was not read as `{}`", change.live_address()));
            }
            let aside = format!("{}#", change.live_address().name);
            if change.action == Action::Delete
                && change.read_as.is_some()
                && !address.name.starts_with(&aside)
            {
                return Err(format!("`{address}` goes, and is in truth `{}`", change.live_address()));
            }
            if change.action != Action::Create && !known.contains(change.live_address()) {
                return Err(format!("`{address}` is changed, and there is no fingerprint of it"));
            }
            if changes.insert(address, change).is_some() {
                return Err(format!("`{address}` is changed twice"));
            }
        }
        Ok(Self { plan, changes, known })
    }

    /// A step does what the change of its resource says.
    pub(super) fn covers(&self, step: &Step, kinds: &Kinds) -> Result<(), String> {
        let Step { address, request, irreversible, expect, .. } = step;
        if kinds.get(address.kind).is_none() {
            return self.covers_agent(step, kinds);
        }
        let change =
            self.changes.get(address).ok_or_else(|| format!("`{address}` is not among what changes"))?;
        let (action, shown) = (change.action, change.action.as_str());
        let anew = matches!(action, Action::Create | Action::Replace);
        let goes = matches!(action, Action::Delete | Action::Replace);
        match request.method.as_str() {
            "DELETE" if !irreversible => Err("it deletes, and is not marked as irreversible".into()),
            "DELETE" if !goes => Err(format!("it deletes, and `{address}` is shown as {shown}")),
            "PUT" | "PATCH" if action == Action::Create && !request.path.contains("${") => {
                Err(format!("it changes something live, and `{address}` is shown as {shown}"))
            }
            _ if expect.makes() && !anew => {
                Err(format!("it makes something, and `{address}` is shown as {shown}"))
            }
            _ => Ok(()),
        }
    }

    /// Each change has a step of its own; that of a number may be one of an agent, and where a plan is refused there need be none.
    pub(super) fn are_made(&self) -> Result<(), String> {
        let Plan { steps, refusals, .. } = self.plan;
        let made: HashSet<_> = steps.iter().map(|step| &step.address).collect();
        let by_agent = |change: &&PlannedChange| {
            let of_account = |step: &&Step| step.address.account == change.address.account;
            change.address.kind == KindName::Number
                && steps.iter().filter(of_account).any(|step| step.address.kind == KindName::Agent)
        };
        let mut idle = self.plan.changes.iter().filter(|change| !made.contains(&change.address));
        match idle.find(|change| !by_agent(change)) {
            Some(change) if refusals.is_empty() && !self.plan.errored() => {
                Err(format!("`{}` is shown as changed, and no step does it", change.address))
            }
            _ => Ok(()),
        }
    }

    /// The numbers of an agent are written below it, and only where a number of its account changes; never what a resource is made of.
    fn covers_agent(&self, step: &Step, kinds: &Kinds) -> Result<(), String> {
        let Step { address, request, irreversible, expect, .. } = step;
        let of_account = |change: &&PlannedChange| change.address.account == address.account;
        let changes = || self.plan.changes.iter().filter(of_account);
        if request.method != "PUT" || *irreversible || expect.makes() {
            return Err(format!("`{address}` is an agent, of which no more than its numbers is written"));
        }
        if !changes().any(|change| change.address.kind == KindName::Number) {
            return Err(format!("`{address}` is an agent, and no number changes"));
        }
        if !self.known.contains(address) {
            return Err(format!("`{address}` is written, and there is no fingerprint of it"));
        }
        // A list, an id, what is written there; the id is the platform's, as `stale` sees to.
        if request.path.split('/').count() != 4 || request.path.contains("${") {
            return Err(format!("its path is not one below `{address}`"));
        }
        let body = request.body.as_ref().and_then(|body| body.as_object());
        let body = body.ok_or_else(|| format!("it writes nothing of `{address}`"))?;
        let all = || kinds.trunk.attributes.iter().chain(&kinds.number.attributes);
        match body.keys().find(|field| all().any(|attribute| attribute.field == *field)) {
            Some(field) => Err(format!("`{field}` is written, and no agent has that")),
            None => Ok(()),
        }
    }
}
