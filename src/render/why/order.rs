//! Which step waits for which, and why.
//! In: a plan and the steps of one resource. Out: a line for each step, each reason to wait below it.
//! The reasons are those that the planner had; a plan of an older program has none.

use super::line;
use crate::model::{Plan, Step, Wait};
use crate::render::fold;

/// Each step with what it waits for, what waits for it, and why.
pub(super) fn ordered(out: &mut String, plan: &Plan, steps: &[&Step]) {
    if !steps.is_empty() {
        line(out, "  steps:");
    }
    for step in steps {
        let mark = if step.irreversible { ", irreversible" } else { "" };
        let request = format!("{} {}", step.request.method, step.request.path);
        line(out, &format!("    {}. {}: {request}  gap: {}{mark}", step.id, step.verb, step.gap.as_str()));
        let earlier = step.waits_on.iter().enumerate().map(|(at, id)| (*id, step.notes.wait(at)));
        edges(out, plan, "after", earlier.collect());
        let later = plan.steps.iter().filter_map(|later| {
            let at = later.waits_on.iter().position(|id| *id == step.id)?;
            Some((later.id, later.notes.wait(at)))
        });
        edges(out, plan, "before", later.collect());
        let notes = [&step.notes.irreversible, &step.notes.side_effect];
        notes.into_iter().flatten().for_each(|note| line(out, &format!("       {note}")));
    }
}

/// The steps on the other side of each reason.
fn edges(out: &mut String, plan: &Plan, side: &str, edges: Vec<(u32, Option<Wait>)>) {
    let mut by_reason: Vec<(Option<Wait>, Vec<u32>)> = Vec::new();
    for (id, why) in edges {
        match by_reason.iter_mut().find(|(reason, _)| *reason == why) {
            Some((_, ids)) => ids.push(id),
            None => by_reason.push((why, vec![id])),
        }
    }
    for (why, ids) in by_reason {
        let which = match ids.as_slice() {
            [one] => named(plan, *one),
            several => format!("{} ({} requests)", fold::ids(several, "#"), several.len()),
        };
        let why = why.map(|why| format!(": {}", why.as_str())).unwrap_or_default();
        line(out, &format!("       {side} {which}{why}"));
    }
}

fn named(plan: &Plan, id: u32) -> String {
    let step = plan.steps.binary_search_by_key(&id, |step| step.id).ok().map(|at| &plan.steps[at]);
    step.map_or(format!("#{id}"), |step| format!("#{id} ({} {})", step.verb, step.address))
}
