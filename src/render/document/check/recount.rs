//! The numbers of a saved plan, counted again.
//! In: a plan. Out: nothing, or the first number that is not what the changes and steps make it.
//! Trusts no number that stands in the file but the limits.

use super::{KindsOf, kinds};
use crate::model::{Action, Address, Code, KindName, Kinds, Plan, PlannedChange, REPLACEMENT_MARK, Value};

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
        let (mut most, mut leftovers) = (0, 0);
        for change in plan.changes.iter().filter(|change| change.address.account == account.account) {
            most += usize::from(removes(kinds(plan, &change.address, kinds_of)?, change));
            leftovers += usize::from(may_be_leftover(plan, change));
        }
        if !(most - leftovers..=most).contains(&account.removals) {
            return Err(format!(
                "it counts {} removals in `{}`, there are {most}",
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

/// Whether a change deletes, or takes the trunk, the agent or the active status from a number that stays.
fn removes(kinds: &Kinds, change: &PlannedChange) -> bool {
    match change.action {
        Action::Create => false,
        Action::Delete => true,
        Action::Update | Action::Replace => change.address.kind == KindName::Number && loses(kinds, change),
    }
}

/// Whether a trunk that goes may have been left from an interrupted replacement, and so is no removal: it has the mark of one and its heir is declared,
/// or it stands aside for a declared one, or what was made in its place has the mark and takes its name now.
fn may_be_leftover(plan: &Plan, change: &PlannedChange) -> bool {
    if change.action != Action::Delete || change.address.kind != KindName::Trunk {
        return false;
    }
    let name = &change.live_address().name;
    let aside = change.read_as.as_ref().map(|_| &**name);
    let of = name.split_once(REPLACEMENT_MARK).map(|(of, _)| of).or(aside);
    let declared = |of: &str| {
        let heir = Address::new(&change.address.account, KindName::Trunk, of);
        plan.planned.iter().any(|resource| resource.address == heir)
    };
    let heir = |other: &PlannedChange| {
        let read = other.read_as.as_ref().filter(|_| other.action != Action::Delete);
        read.is_some_and(|read| {
            read.account == change.address.account && read.name.ends_with(REPLACEMENT_MARK)
        })
    };
    of.is_some_and(declared) || plan.changes.iter().any(heir)
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
