//! The steps of a plan, those of one shape on many numbers folded into one.
//! In: steps. Out: one view a line: ids, verb and address, method and path, what it waits for, its gap.
//! Bodies are not shown: the changes say what they set.

use std::collections::{BTreeSet, HashMap};

use serde_json::{Map, Value as Json};

use super::{StepView, addressed, grouped};
use crate::model::text::visible;
use crate::model::{KindName, Plan, Step};
use crate::render::fold;

/// The steps in the order of the plan; steps of one shape stand where the first of them does.
pub(super) fn of(steps: &[Step]) -> Vec<StepView> {
    let keyed =
        steps.iter().map(|step| ((step.address.kind == KindName::Number).then(|| Shape::of(step)), step));
    grouped(keyed).iter().map(|group| step(group)).collect()
}

/// Which groups of steps wait on which: the earlier one first, by their places.
pub(in crate::render) fn arrows(plan: &Plan, steps: &[StepView]) -> BTreeSet<(usize, usize)> {
    let groups =
        steps.iter().enumerate().flat_map(|(at, group)| group.members.iter().map(move |&id| (id, at)));
    let group_of: HashMap<u32, usize> = groups.collect();
    let of_step = |id: u32| group_of.get(&id).copied();
    let waits =
        plan.steps.iter().flat_map(|step| step.waits_on.iter().map(move |&earlier| (earlier, step.id)));
    let arrows = waits.filter_map(|(earlier, id)| Some((of_step(earlier)?, of_step(id)?)));
    arrows.filter(|(from, to)| from != to).collect()
}

/// What steps must have in common to stand on one line.
#[derive(PartialEq, Eq, Hash)]
struct Shape<'a> {
    account: &'a str,
    verb: &'a str,
    method: &'a str,
    path: String,
    body: Option<String>,
    gap: &'static str,
    irreversible: bool,
}

impl<'a> Shape<'a> {
    fn of(step: &'a Step) -> Self {
        let body = step.request.body.as_ref();
        Self {
            account: step.address.account.as_str(),
            verb: &step.verb,
            method: &step.request.method,
            path: without_ids(&step.request.path),
            body: body.map(|body| without_lists(body).to_string().replace(&*step.address.name, "…")),
            gap: step.gap.as_str(),
            irreversible: step.irreversible,
        }
    }
}

/// A set is written whole: it is another one each time, though the same is done to it.
fn without_lists(body: &Json) -> Json {
    match body {
        Json::Object(parts) => {
            parts.iter().map(|(key, part)| (key.clone(), without_lists(part))).collect::<Map<_, _>>().into()
        }
        Json::Array(_) => "…".into(),
        other => other.clone(),
    }
}

fn without_ids(path: &str) -> String {
    let segments =
        path.split('/').map(|s| if s.contains(|c: char| c.is_ascii_digit() || c == '$') { "…" } else { s });
    segments.collect::<Vec<_>>().join("/")
}

fn step(group: &[&Step]) -> StepView {
    let first = group[0];
    let ids: Vec<u32> = group.iter().map(|step| step.id).collect();
    let path = if group.len() == 1 { first.request.path.clone() } else { without_ids(&first.request.path) };
    let mut waits: Vec<u32> = group.iter().flat_map(|step| step.waits_on.iter().copied()).collect();
    waits.sort_unstable();
    waits.dedup();
    let mut notes = Vec::new();
    if !waits.is_empty() {
        let each = match group.iter().all(|step| step.waits_on == first.waits_on) {
            true => "after",
            false if waits.len() >= group.len() => "each after its own of",
            false => "some after",
        };
        notes.push(format!("{each} {}", fold::ids(&waits, "#")));
    }
    notes.push(format!("gap: {}", first.gap.as_str()));
    StepView {
        ids: fold::ids(&ids, ""),
        what: format!(
            "{} {}",
            visible(&first.verb),
            addressed(&group.iter().map(|step| &step.address).collect::<Vec<_>>())
        ),
        request: visible(&format!("{} {path}", first.request.method)).into_owned(),
        notes,
        irreversible: first.irreversible,
        members: ids,
    }
}
