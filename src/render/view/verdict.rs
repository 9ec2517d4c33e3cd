//! How a plan is to be taken, and what it means for callers, in one line each.
//! In: a plan. Out: a verdict with its reason, the impact in numbers.
//! What takes a thing off the air, be it for a moment, is never called safe.

use std::collections::HashSet;

use super::fold::count;
use super::{Verdict, accounts};
use crate::model::{Gap, Impact, KindName, Plan};

/// How many, of what, and what becomes of them.
type Part = (usize, &'static str, &'static str);

/// How the plan is to be taken, and why.
pub(super) fn verdict(plan: &Plan) -> (Verdict, String) {
    if plan.lacks_only_accounts() {
        let what =
            if plan.accounts.is_empty() { "there is no plan" } else { "this is the plan of the others" };
        return (Verdict::Incomplete, format!("{} could not be read; {what}", accounts(&plan.unread)));
    }
    if plan.has_errors() {
        return (Verdict::Incomplete, "what is wrong is told beside this, and apply will refuse it".into());
    }
    if plan.refusals.iter().any(|refusal| refusal.no_safe_plan) {
        return (Verdict::Refused, "there is no safe plan".into());
    }
    if !plan.refusals.is_empty() {
        let why: Vec<_> = plan.refusals.iter().map(|refusal| refusal.code.summary()).collect();
        return (Verdict::Refused, format!("apply will not do this: {}", why.join(", ")));
    }
    if plan.changes.is_empty() && plan.is_empty() {
        let same = count(plan.summary.unchanged, "declared resource");
        return (Verdict::NothingToDo, format!("{same} as declared"));
    }
    let taken = taken(plan);
    if taken.is_empty() {
        (Verdict::Safe, "nothing is taken away".into())
    } else {
        (Verdict::NeedsApproval, taken)
    }
}

/// What somebody should agree to; empty where nobody needs to.
fn taken(plan: &Plan) -> String {
    let irreversible = plan.steps.iter().filter(|step| step.irreversible).count();
    let parts = [(plan.summary.removals, "removal", ""), (irreversible, "request", " that nothing can undo")];
    let off = (plan.impact.trunks_deactivated, "trunk", " switched off");
    said(parts.into_iter().chain([off]).chain(gaps(plan)).collect())
}

/// The things that take no calls for a time.
fn gaps(plan: &Plan) -> [Part; 3] {
    let down = |kind, gap| {
        let steps = plan.steps.iter().filter(|step| step.gap == gap && step.address.kind == kind);
        steps.map(|step| &step.address).collect::<HashSet<_>>().len()
    };
    [
        (down(KindName::Number, Gap::Brief), "number", " down for a moment"),
        (down(KindName::Trunk, Gap::Brief), "trunk", " down for a moment"),
        (down(KindName::Trunk, Gap::UntilVerified), "trunk", " without calls until verified"),
    ]
}

/// What the plan means for callers, in numbers: those of which there are any.
pub(super) fn impact(plan: &Plan) -> Vec<(usize, String)> {
    let Impact {
        numbers_unassigned,
        numbers_moved,
        agents_changed,
        numbers_deactivated,
        numbers_deleted,
        trunks_deleted,
        trunks_deactivated,
        secrets_sent,
    } = plan.impact;
    let parts = [
        (numbers_moved, "number", " moved to another trunk"),
        (numbers_unassigned, "number", " left without a trunk"),
        (agents_changed, "number", " with another agent or none"),
        (numbers_deactivated, "number", " deactivated"),
        (numbers_deleted, "number", " deleted"),
        (trunks_deleted, "trunk", " deleted"),
        (trunks_deactivated, "trunk", " switched off"),
        (secrets_sent, "secret", " sent"),
    ];
    let some = parts.into_iter().chain(gaps(plan)).filter(|(n, ..)| *n > 0);
    some.map(|(n, noun, what)| (n, format!("{noun}{}{what}", if n == 1 { "" } else { "s" }))).collect()
}

/// Those of which there are any.
fn said(parts: Vec<Part>) -> String {
    let some = parts.into_iter().filter(|(n, ..)| *n > 0);
    some.map(|(n, noun, what)| format!("{}{what}", count(n, noun))).collect::<Vec<_>>().join(", ")
}
