//! The numbers of a saved plan, counted again.
//! In: a plan. Out: nothing, or the first number that is not what the changes and steps make it.
//! Trusts no number that stands in the file but the limits.

use super::{KindsOf, kinds};
use crate::model::{Action, Code, KindName, Kinds, Plan, PlannedChange, Value};

/// The summary against changes and steps.
pub(super) fn summary(plan: &Plan) -> Result<(), String> {
    let count = |action| plan.changes.iter().filter(|change| change.action == action).count();
    let said = &plan.summary;
    let numbers = [
        ("creations", said.create, count(Action::Create)),
        ("updates", said.update, count(Action::Update)),
        ("replacements", said.replace, count(Action::Replace)),
        ("deletions", said.delete, count(Action::Delete)),
        ("steps", said.steps, plan.steps.len()),
    ];
    match numbers.into_iter().find(|(_, said, are)| said != are) {
        Some((what, said, are)) => Err(format!("its summary counts {said} {what}, there are {are}")),
        None => Ok(()),
    }
}

/// Removals against the changes; and more than the limits allow need a refusal or `--allow-removals`.
pub(super) fn removals(plan: &Plan, kinds_of: KindsOf<'_>) -> Result<(), String> {
    for account in &plan.accounts {
        let mut counted = 0;
        for change in plan.changes.iter().filter(|change| change.address.account == account.account) {
            counted += usize::from(removes(kinds(plan, &change.address, kinds_of)?, change));
        }
        if counted != account.removals {
            return Err(format!(
                "it counts {} removals in `{}`, there are {counted}",
                account.removals, account.account
            ));
        }
    }
    let total = plan.accounts.iter().map(|account| account.removals).sum();
    if total != plan.summary.removals {
        return Err(format!("its summary counts {} removals, there are {total}", plan.summary.removals));
    }
    let refused = plan.refusals.iter().any(|refusal| refusal.code == Code::PLN001);
    let allowed = plan.allow_removals.is_some_and(|allowed| allowed >= total);
    match plan.accounts.iter().find(|account| account.removals > account.allowed) {
        Some(over) if !refused && !allowed => Err(format!(
            "`{}` would lose {}, its limits allow {}, and the plan is not refused",
            over.account, over.removals, over.allowed
        )),
        _ => Ok(()),
    }
}

/// Whether a change deletes (a trunk also to make it anew), or takes the trunk, the agent or the active status from a number that stays or is made anew.
fn removes(kinds: &Kinds, change: &PlannedChange) -> bool {
    let number = change.address.kind == KindName::Number;
    match change.action {
        Action::Create => false,
        Action::Delete => true,
        Action::Replace if !number => true,
        Action::Update | Action::Replace => number && loses(kinds, change),
    }
}

fn loses(kinds: &Kinds, change: &PlannedChange) -> bool {
    let (Some(before), Some(after)) = (&change.before, &change.after) else { return false };
    kinds.number.attributes.iter().any(|attribute| {
        let (Some(was), Some(is)) = (before.get(attribute.name), after.get(attribute.name)) else {
            return false;
        };
        match (attribute.reference, &attribute.inactive) {
            (Some(_), _) => !was.is_null() && is.is_null(),
            (None, Some(inactive)) => was != is && Value::to_json(inactive) == *is,
            (None, None) => false,
        }
    })
}
