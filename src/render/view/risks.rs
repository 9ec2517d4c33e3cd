//! What a reviewer would not see from the changes alone: what nothing can undo, what happens beside, who ends up with how many numbers, what can be taken back.
//! In: a plan. Out: short lines, the same thing on many numbers folded into one.
//! Says only what the plan holds: words about a platform come from its provider.

use std::collections::HashSet;

use super::fold::{count, listed};
use super::{NAMES, NoteView, grouped, named, shown};
use crate::model::text::visible;
use crate::model::{Action, Address, Plan, PlannedAccount, PlannedChange, Step};

/// The steps that nothing can undo, with the reason where the plan has one.
pub(super) fn irreversible(plan: &Plan) -> Vec<NoteView> {
    let steps = plan.steps.iter().filter(|step| step.irreversible);
    noted(steps.map(|step| (step, step.notes.irreversible.as_deref().unwrap_or_default())))
}

/// What platforms do beside what is asked of them.
pub(super) fn side_effects(plan: &Plan) -> Vec<NoteView> {
    noted(plan.steps.iter().filter_map(|step| Some((step, step.notes.side_effect.as_deref()?))))
}

/// The same note on steps that do the same is one line.
fn noted<'a>(steps: impl Iterator<Item = (&'a Step, &'a str)>) -> Vec<NoteView> {
    let keyed = steps.map(|(step, words)| {
        (Some((&step.address.account, step.address.kind, &step.verb, words)), (step, words))
    });
    let view = |group: Vec<(&Step, &str)>| {
        let (first, words) = group[0];
        let mut seen = HashSet::new();
        let addresses = group.iter().map(|(step, _)| &step.address).filter(|address| seen.insert(*address));
        NoteView {
            what: format!("{} {}", visible(&first.verb), named(addresses)),
            words: visible(words).into_owned(),
            count: group.len(),
        }
    };
    grouped(keyed).into_iter().map(view).collect()
}

/// Who has another count of numbers afterwards: name, before, after.
pub(super) fn holders(plan: &Plan) -> Vec<(String, usize, usize)> {
    plan.holdings.iter().map(|one| (shown(&one.address), one.before, one.after)).collect()
}

/// What is taken away against what the limits allow, and what apply needs to be told.
pub(super) fn removals(plan: &Plan) -> Option<String> {
    let some = |account: &&PlannedAccount| account.removals > 0;
    let each = plan.accounts.iter().filter(some).map(|account| {
        let name = visible(account.account.as_str());
        format!("{} of {name}, whose limits allow {}", account.removals, account.allowed)
    });
    let each: Vec<_> = each.collect();
    let (total, over) = (plan.summary.removals, plan.accounts.iter().any(|one| one.removals > one.allowed));
    let needs = match (over, plan.allow_removals) {
        (false, _) => String::new(),
        (true, Some(allowed)) if allowed >= total => format!("; `--allow-removals {allowed}` lets them pass"),
        (true, _) => format!("; apply needs `--allow-removals {total}`"),
    };
    (!each.is_empty()).then(|| format!("Removals: {}{needs}.", listed(each, NAMES, "more accounts")))
}

/// How much of the plan another one could take back; nothing where nothing is sent.
pub(super) fn undo(plan: &Plan) -> Option<String> {
    if plan.changes.is_empty() || plan.is_empty() || plan.errored() {
        return None;
    }
    let marked = |mark: fn(&Step) -> bool| -> HashSet<&Address> {
        plan.steps.iter().filter(|step| mark(step)).map(|step| &step.address).collect()
    };
    let gone = marked(|step| step.irreversible);
    let lost = plan.changes.iter().filter_map(|change| lost(change, &gone)).collect::<Vec<_>>();
    let apart = match marked(|step| step.notes.side_effect.is_some()).is_empty() {
        true => "",
        false => ", side effects apart",
    };
    let all = plan.changes.len();
    if lost.is_empty() {
        return Some(format!("Undo: {} can be taken back{apart}.", all_of(all)));
    }
    let why = Lost::ALL.map(|(kind, words)| (lost.iter().filter(|lost| **lost == kind).count(), words));
    let why = why.iter().filter(|(n, _)| *n > 0).map(|(n, words)| format!("; {words}: {n}"));
    Some(format!(
        "Undo: {} of {} can be taken back as they were{apart}{}.",
        all - lost.len(),
        count(all, "change"),
        why.collect::<String>()
    ))
}

/// Why a change can't be taken back as it was.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Lost {
    Deletes,
    Forgets,
}

impl Lost {
    const ALL: [(Self, &str); 2] = [
        (Self::Deletes, "made again with another id, and without what can't be read"),
        (Self::Forgets, "not at all, because nobody can read what was before"),
    ];
}

fn lost(change: &PlannedChange, gone: &HashSet<&Address>) -> Option<Lost> {
    if gone.contains(&change.address) {
        return Some(Lost::Deletes);
    }
    forgets(change).then_some(Lost::Forgets)
}

fn all_of(changes: usize) -> String {
    if changes == 1 { "the one change".into() } else { format!("all {changes} changes") }
}

/// Whether a change overwrites what nobody could write again: a secret, or what the platform did not tell.
fn forgets(change: &PlannedChange) -> bool {
    let known = |name: &String| change.before.as_ref().is_some_and(|before| before.contains_key(name));
    let lost = |name: &String| change.sensitive.contains(name) || !known(name);
    change.action == Action::Update && change.changed.iter().any(lost)
}
