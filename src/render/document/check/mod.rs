//! Whether a plan that was read from a file is one that this program could have written.
//! In: a plan, and what the kinds of its platforms allow. Out: nothing, or what is wrong with the first bad part.
//! A saved plan passes through other hands: what is sent must be what is shown, and nothing may leave the account's base URL or carry a secret elsewhere.

mod expect;
mod notes;
mod recount;
mod request;
mod secrets;
mod shown;
#[cfg(test)]
mod tests;

use std::collections::HashSet;

use crate::model::{Address, Kinds, Plan, Request, Step};
use shown::Shown;

/// What the kinds of a platform allow; none where there is no such platform.
pub type KindsOf<'a> = &'a dyn Fn(&str) -> Option<&'static Kinds>;

/// Checks accounts, changes, numbers and steps.
pub(super) fn plan(plan: &Plan, kinds_of: KindsOf<'_>) -> Result<(), String> {
    let changes = Shown::of(plan)?;
    recount::summary(plan)?;
    recount::removals(plan, kinds_of)?;
    notes::holdings(plan, kinds_of)?;
    secrets::listed(plan, kinds_of)?;
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
        let secret = secret_fields(step, kinds);
        changes.covers(step, kinds).map_err(at)?;
        request::sound(step, &made).map_err(at)?;
        request::body(step, &secret, &made).map_err(at)?;
        secrets::of_step(step, plan, kinds).map_err(at)?;
        expect::sound(step, &secret, &made).map_err(at)?;
        notes::of_step(step).map_err(at)?;
        if step.expect.makes() {
            made.insert(Request::placeholder(&step.address));
            made.insert(Request::path_placeholder(&step.address));
        }
    }
    changes.are_made()
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
