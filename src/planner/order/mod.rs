//! Drafts become steps, each with what it waits for.
//! In: the drafts of each change, as the provider gave them. Out: steps in an order that every executor may follow, in any interleaving that keeps the waits.
//! Never a cycle: a wait that would close one is a wish and is left out, or a mistake of the provider and an error.
//!
//! The rules:
//! 1. Steps of one change run in the order in which they were drafted.
//! 2. What needs a new id waits for the step that makes it; what is after a word of the provider waits for all that reaches the word.
//! 3. A delete, and the look right before it that nothing is lost with it, waits for the whole change of everything that lets go of the thing; a name is taken only when the thing that has it is deleted or called otherwise, if need be by a name
//!    that it has only in between.
//! 4. Nothing is taken down before its new target stands: whatever is moved to a trunk, or made on it, waits with its first step for all that the plan does to the
//!    trunk, as far as that does not wait for numbers itself.
//! 5. Steps of one change stay together where nothing keeps them apart, so that one number is down at a time, not all of them at once.

mod aside;
mod graph;
mod marks;
mod names;
mod standing;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::planned::source;
use crate::model::{Change, Draft, Drafted, Kinds, Step, Wait};
use graph::Graph;

/// Adds the steps of one account; its changes come by address.
///
/// # Errors
/// When drafts wait for each other, which only words of a provider can bring about: nothing is added.
pub(super) fn append(steps: &mut Vec<Step>, mut drafted: Vec<Drafted>, kinds: &Kinds) -> Result<(), String> {
    marks::set_apart(&mut drafted, kinds);
    aside::make_room(&mut drafted, kinds);
    let (graph, order) = ordered(&drafted, kinds)?;
    let first = steps.len() as u32 + 1;
    let mut id_of = vec![0; order.len()];
    for (at, &node) in order.iter().enumerate() {
        id_of[node] = first + at as u32;
    }
    let drafts = drafted.iter().flat_map(|one| one.drafts.iter().map(move |draft| (draft, &one.change)));
    let start = steps.len();
    steps.extend(drafts.enumerate().map(|(node, (draft, change))| {
        let mut waits: Vec<_> = direct(&graph, node).map(|(wait, why)| (id_of[wait], why)).collect();
        waits.sort_unstable_by_key(|(id, _)| *id);
        step(draft, change, id_of[node], waits)
    }));
    steps[start..].sort_by_key(|step| step.id);
    Ok(())
}

/// All drafts with all that they wait for, and an order that keeps it.
fn ordered<'a>(drafted: &'a [Drafted], kinds: &'a Kinds) -> Result<(Graph<'a>, Vec<usize>), String> {
    let mut graph = Graph::new(drafted, kinds);
    sorted(&graph)?;
    marks::add(&mut graph);
    names::add(&mut graph);
    let order = sorted(&graph)?;
    standing::add(&mut graph, &order);
    let order = sorted(&graph)?;
    Ok((graph, order))
}

fn step(draft: &Draft, change: &Change, id: u32, waits: Vec<(u32, Wait)>) -> Step {
    let (waits_on, reasons) = waits.into_iter().unzip();
    Step {
        id,
        address: change.address.clone(),
        verb: draft.verb.to_owned(),
        request: draft.request.clone(),
        expect: draft.expect.clone(),
        waits_on,
        gap: draft.gap,
        irreversible: draft.irreversible,
        reason: change.reason.clone(),
        source: source(change.after.as_ref().or(change.before.as_ref())),
        notes: draft.notes.clone().waiting(reasons),
    }
}

/// An order of all steps of a plan that keeps the waits they have and these more: the places of the steps, the steps of one thing together where that can be.
///
/// # Errors
/// When steps would wait for each other.
pub(super) fn again(steps: &[Step], more: &BTreeMap<usize, BTreeSet<usize>>) -> Result<Vec<usize>, String> {
    let mut followers = vec![Vec::new(); steps.len()];
    let mut missing = vec![0; steps.len()];
    for (at, step) in steps.iter().enumerate() {
        let own = step.waits_on.iter().map(|&id| id as usize - 1);
        for before in own.chain(more.get(&at).into_iter().flatten().copied()) {
            followers[before].push(at);
            missing[at] += 1;
        }
    }
    let mut free: BTreeSet<_> = (0..steps.len()).filter(|&at| missing[at] == 0).collect();
    let mut order = Vec::with_capacity(steps.len());
    let mut next = free.pop_first();
    while let Some(at) = next {
        order.push(at);
        for &follower in &followers[at] {
            missing[follower] -= 1;
            if missing[follower] == 0 {
                free.insert(follower);
            }
        }
        let goes_on = |same: &usize| steps.get(*same).is_some_and(|step| step.address == steps[at].address);
        next = Some(at + 1).filter(goes_on).filter(|same| free.remove(same)).or_else(|| free.pop_first());
    }
    if order.len() == steps.len() {
        return Ok(order);
    }
    let stuck = (0..steps.len()).find(|&at| missing[at] > 0).map(|at| steps[at].address.to_string());
    Err(format!("the requests for `{}` would wait for each other", stuck.unwrap_or_default()))
}

/// The waits of a node without those that another of them waits for already, or that come before another of them in its change.
fn direct(graph: &Graph<'_>, node: usize) -> impl Iterator<Item = (usize, Wait)> + use<> {
    let waits = &graph.waits;
    let implied: HashSet<_> = waits[node].keys().flat_map(|&wait| waits[wait].keys()).copied().collect();
    let mut last: HashMap<usize, (usize, Wait)> = HashMap::new();
    for (&wait, &why) in waits[node].iter().filter(|(wait, _)| !implied.contains(wait)) {
        let last = last.entry(graph.nodes_with(wait).start).or_insert((wait, why));
        if wait > last.0 {
            *last = (wait, why);
        }
    }
    last.into_values()
}

/// All nodes, each after what it waits for; of those that are free the next of the same change, else the first.
fn sorted(graph: &Graph<'_>) -> Result<Vec<usize>, String> {
    let waits = &graph.waits;
    let mut followers = vec![Vec::new(); waits.len()];
    let mut missing: Vec<_> = waits.iter().map(HashMap::len).collect();
    for (node, waits) in waits.iter().enumerate() {
        waits.keys().for_each(|&wait| followers[wait].push(node));
    }
    let mut free: BTreeSet<_> = (0..waits.len()).filter(|&node| missing[node] == 0).collect();
    let mut order = Vec::with_capacity(waits.len());
    let mut next = free.pop_first();
    while let Some(node) = next {
        order.push(node);
        for &follower in &followers[node] {
            missing[follower] -= 1;
            if missing[follower] == 0 {
                free.insert(follower);
            }
        }
        let same = Some(node + 1).filter(|same| graph.nodes_with(node).contains(same) && free.remove(same));
        next = same.or_else(|| free.pop_first());
    }
    if order.len() == waits.len() {
        return Ok(order);
    }
    let stuck = (0..waits.len()).filter(|&node| missing[node] > 0);
    let stuck: BTreeSet<_> = stuck.map(|node| graph.address_of(node)).collect();
    let stuck: Vec<_> = stuck.into_iter().take(3).map(|address| format!("`{address}`")).collect();
    Err(format!(
        "the requests for {} would wait for each other; nothing is planned for their account",
        stuck.join(", ")
    ))
}
