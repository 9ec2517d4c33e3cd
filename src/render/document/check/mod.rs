//! Whether a plan that was read from a file is one that this program could have written.
//! In: a plan, and what the kinds of its platforms allow. Out: nothing, or what is wrong with the first bad part.
//! A saved plan passes through other hands: what is sent must be what is shown, and nothing may leave the account's base URL or carry a secret elsewhere.

mod recount;
mod request;

use std::collections::{HashMap, HashSet};

use crate::model::{Action, Address, Kinds, Plan, PlannedChange, Request, Step};

/// What the kinds of a platform allow; none where there is no such platform.
pub type KindsOf<'a> = &'a dyn Fn(&str) -> Option<&'static Kinds>;

/// Checks accounts, changes, numbers and steps.
pub(super) fn plan(plan: &Plan, kinds_of: KindsOf<'_>) -> Result<(), String> {
    let changes = changes(plan)?;
    recount::summary(plan)?;
    recount::removals(plan, kinds_of)?;
    let mut last = 0;
    let mut made = HashSet::new();
    for step in &plan.steps {
        let at = |what: String| format!("step {}: {what}", step.id);
        if step.id <= last {
            return Err(at(format!("its id does not follow {last}")));
        }
        if let Some(later) = step.waits_on.iter().find(|&&id| id >= step.id || id == 0) {
            return Err(at(format!("it waits on {later}, which is not before it")));
        }
        last = step.id;
        let kinds = kinds(plan, &step.address, kinds_of).map_err(at)?;
        shown(step, &changes).map_err(at)?;
        request::sound(step, &made).map_err(at)?;
        request::body(step, secret_fields(step, kinds), &made).map_err(at)?;
        if step.expect.makes() {
            made.insert(Request::placeholder(&step.address));
            made.insert(Request::path_placeholder(&step.address));
        }
    }
    Ok(())
}

/// The changes by address, each with a fingerprint of what it was planned on.
fn changes(plan: &Plan) -> Result<HashMap<&Address, &PlannedChange>, String> {
    let prints: HashSet<_> =
        plan.accounts.iter().flat_map(|account| &account.fingerprints).map(|(address, _)| address).collect();
    let mut changes = HashMap::new();
    for change in &plan.changes {
        let address = &change.address;
        if change.live_address().account != address.account || change.live_address().kind != address.kind {
            return Err(format!("`{address}` was not read as `{}`", change.live_address()));
        }
        let aside = format!("{}#", change.live_address().name);
        if change.action == Action::Delete && change.read_as.is_some() && !address.name.starts_with(&aside) {
            return Err(format!("`{address}` goes, and is in truth `{}`", change.live_address()));
        }
        if change.action != Action::Create && !prints.contains(change.live_address()) {
            return Err(format!("`{address}` is changed, and there is no fingerprint of it"));
        }
        if changes.insert(address, change).is_some() {
            return Err(format!("`{address}` is changed twice"));
        }
    }
    Ok(changes)
}

/// A step does what the change of its resource says.
fn shown(step: &Step, changes: &HashMap<&Address, &PlannedChange>) -> Result<(), String> {
    let Step { address, request, irreversible, .. } = step;
    let change = changes.get(address).ok_or_else(|| format!("`{address}` is not among what changes"))?;
    let goes = matches!(change.action, Action::Delete | Action::Replace);
    match request.method.as_str() {
        "DELETE" if !irreversible => Err("it deletes, and is not marked as irreversible".into()),
        "DELETE" if !goes => {
            Err(format!("it deletes, and `{address}` is shown as {}", change.action.as_str()))
        }
        "PUT" | "PATCH" if change.action == Action::Create && !request.path.contains("${") => {
            Err(format!("it changes something live, and `{address}` is shown as create"))
        }
        _ => Ok(()),
    }
}

fn kinds(plan: &Plan, address: &Address, kinds_of: KindsOf<'_>) -> Result<&'static Kinds, String> {
    let account = plan.accounts.iter().find(|account| account.account == address.account);
    let account =
        account.ok_or_else(|| format!("`{address}` is of an account that the plan has not read"))?;
    kinds_of(&account.provider).ok_or_else(|| format!("`{}` is not a platform", account.provider))
}

fn secret_fields(step: &Step, kinds: &'static Kinds) -> Vec<&'static str> {
    let attributes = kinds.get(step.address.kind).into_iter().flat_map(|kind| &kind.attributes);
    attributes.filter(|attribute| attribute.secret).map(|attribute| attribute.field).collect()
}
