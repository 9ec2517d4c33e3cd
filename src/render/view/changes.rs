//! The changes of one account, the same change on many numbers folded into one.
//! In: a plan. Out: one view a change, with attributes as `name: before → after`.
//! Never shows what stands in a secret's place.

use std::collections::HashMap;

use serde_json::Value as Json;

use super::{AccountView, ChangeView, addressed, grouped, secrets};
use crate::model::declared_secret::DeclaredSecret;
use crate::model::text::{brief, visible};
use crate::model::{Account, Action, Cause, KindName, Plan, PlannedAccount, PlannedChange, Value};
use crate::render::fold;

/// The changes of each account that has any, in the order of the accounts.
pub(super) fn of(plan: &Plan) -> Vec<AccountView> {
    let mut own: HashMap<&Account, Vec<&PlannedChange>> = HashMap::new();
    for change in &plan.changes {
        own.entry(&change.address.account).or_default().push(change);
    }
    let views = plan
        .accounts
        .iter()
        .filter_map(|account| Some(of_account(account, own.get(&account.account)?, &plan.secrets)));
    views.collect()
}

/// The changes of one account: creations first, deletions last.
fn of_account(account: &PlannedAccount, own: &[&PlannedChange], secrets: &[DeclaredSecret]) -> AccountView {
    let mut views = Vec::new();
    for action in [Action::Create, Action::Update, Action::Replace, Action::Delete] {
        let here = own.iter().copied().filter(|change| change.action == action);
        let keyed = here.map(|change| {
            let foldable = change.address.kind == KindName::Number;
            (foldable.then(|| (attributes(change, secrets), &change.reason, change.cause)), change)
        });
        let groups = grouped(keyed);
        views.extend(groups.iter().map(|group| change(group, secrets)));
    }
    let name = format!("{} ({})", visible(account.account.as_str()), visible(&account.provider));
    AccountView { name, changes: views }
}

fn change(group: &[&PlannedChange], secrets: &[DeclaredSecret]) -> ChangeView {
    let first = group[0];
    let place = first.source.as_deref().filter(|_| group.len() == 1).map(visible);
    let reason = brief(&first.reason);
    ChangeView {
        action: first.action,
        what: addressed(&group.iter().map(|change| &change.address).collect::<Vec<_>>()),
        every: every(group),
        why: [
            first.cause.map(|cause| cause.as_str().into()),
            Some(reason),
            order(first).map(Into::into),
            place,
        ]
        .into_iter()
        .flatten()
        .filter(|text| !text.is_empty())
        .collect::<Vec<_>>()
        .join("; "),
        attributes: attributes(first, secrets),
        count: group.len(),
    }
}

/// All that a change stands for, where its line does not say all of it.
fn every(group: &[&PlannedChange]) -> Vec<String> {
    let names: Vec<&str> = group.iter().map(|change| &*change.address.name).collect();
    let runs = fold::runs(&names);
    if runs.len() > fold::RUNS { runs } else { Vec::new() }
}

/// How many changes have which cause, of a plan that is compared with a revision.
pub(super) fn causes(plan: &Plan) -> Option<String> {
    let since = visible(plan.since.as_deref()?);
    let of = |cause: Cause| plan.changes.iter().filter(|change| change.cause == Some(cause)).count();
    let words = Cause::ALL.map(|cause| format!("{} {}", of(cause), cause.as_str()));
    let unknown = plan.changes.iter().filter(|change| change.cause.is_none()).count();
    let unknown = if unknown == 0 { String::new() } else { format!(", {unknown} neither") };
    Some(format!("Compared with `{since}`: {}{unknown}.", words.join(", ")))
}

/// Which of the two things of a replacement there is first.
fn order(change: &PlannedChange) -> Option<&'static str> {
    let number = change.address.kind == KindName::Number;
    let words = if number { "the old one goes first" } else { "the new one is made first" };
    (change.action == Action::Replace).then_some(words)
}

/// `name: before → after`; of a secret where its value comes from. The identity is left out where the address says it already.
pub(in crate::render) fn attributes(change: &PlannedChange, secrets: &[DeclaredSecret]) -> Vec<String> {
    let Some(after) = &change.after else { return Vec::new() };
    let is_identity = |value: Option<&Json>| {
        change.action == Action::Create && value.and_then(Json::as_str) == Some(&change.address.name)
    };
    let differing = change.changed.iter().filter(|name| !is_identity(after.get(*name)));
    differing
        .map(|name| {
            let secret = change.sensitive.contains(name);
            let new = match secret {
                true => Value::SENSITIVE.to_owned() + &secrets::origin(secrets, &change.address, name),
                false => value(after.get(name)),
            };
            let name_shown = visible(name);
            match (&change.before, secret) {
                (None, _) => format!("{name_shown}: {new}"),
                (Some(_), true) => format!("{name_shown}: {new}, sent again"),
                (Some(before), false) if before.get(name) == after.get(name) => {
                    format!("{name_shown}: {new}, made anew")
                }
                (Some(before), false) => format!("{name_shown}: {} → {new}", value(before.get(name))),
            }
        })
        .collect()
}

fn value(value: Option<&Json>) -> String {
    value.map_or("(unknown)".into(), |value| brief(&value.to_string()).into_owned())
}
