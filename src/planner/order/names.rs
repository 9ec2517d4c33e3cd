//! A name is taken when it is free.
//! In: a graph. Out: the same, in which whoever takes a name waits for those that give it up.
//! Two that swap their names can't both wait: the wait of the later one is left out, and its request may be refused where names are unique.

use std::collections::{HashMap, HashSet};

use super::graph::{Graph, deleting};
use crate::model::{Action, Change, Draft, KindName, Resource, Wait};

/// Adds the waits for names; those of what is made last, since they are wishes: a trunk that numbers come to must not wait for numbers.
pub(super) fn add(graph: &mut Graph<'_>) {
    let mut freed: HashMap<(KindName, &str), Vec<usize>> = HashMap::new();
    let (mut taken, mut made) = (Vec::new(), Vec::new());
    for (change, drafts, nodes) in graph.changes() {
        let Some(identity) = graph.kinds.get(change.address.kind).map(|kind| kind.identity) else { continue };
        let (before, after) = (name(identity, change.before.as_ref()), name(identity, change.after.as_ref()));
        // A replacement takes even its own name again, which somebody else may have as well.
        let takes = after.filter(|_| before != after || change.action == Action::Replace);
        if let Some((name, at)) = takes.zip(taking(drafts, change)) {
            let takers = if change.action == Action::Create { &mut made } else { &mut taken };
            takers.push(((change.address.kind, name), nodes.start + at));
        }
        if let Some((name, at)) = before.filter(|_| before != after).zip(freeing(drafts, change)) {
            freed.entry((change.address.kind, name)).or_default().push(nodes.start + at);
        }
    }
    let all = taken.iter().map(|taker| (taker, false)).chain(made.iter().map(|taker| (taker, true)));
    for (&(name, taker), made) in all {
        for &other in freed.get(&name).into_iter().flatten() {
            let alone = made.then_some(name.0);
            if !is_ordered(graph, taker, other) && may_wait(graph, taker, other, alone) {
                graph.wait(taker, other, Wait::Name);
            }
        }
    }
}

fn name<'a>(identity: &str, resource: Option<&'a Resource>) -> Option<&'a str> {
    resource?.attributes.get(identity)?.as_text()
}

/// The draft that gives a thing its name.
fn taking(drafts: &[Draft], change: &Change) -> Option<usize> {
    match change.action {
        Action::Create => Some(0),
        Action::Update => Some(drafts.iter().position(|draft| draft.verb == "rename").unwrap_or(0)),
        Action::Replace => drafts.iter().position(|draft| draft.verb == "rename"),
        Action::Delete => None,
    }
}

/// The draft after which a thing has its name no more.
fn freeing(drafts: &[Draft], change: &Change) -> Option<usize> {
    match change.action {
        Action::Update => taking(drafts, change),
        Action::Create | Action::Replace | Action::Delete => deleting(drafts, change),
    }
}

/// Whether two nodes are of one change, or a word of the provider says already which part of the other's change comes first.
fn is_ordered(graph: &Graph<'_>, node: usize, other: usize) -> bool {
    let others = graph.nodes_with(other);
    others.contains(&node) || graph.waits[node].keys().any(|wait| others.contains(wait))
}

/// Whether a node may wait for another: that one does not wait for it, at any distance, nor for anything of another kind than `alone`.
fn may_wait(graph: &Graph<'_>, node: usize, other: usize, alone: Option<KindName>) -> bool {
    let (mut seen, mut pending) = (HashSet::new(), vec![other]);
    while let Some(next) = pending.pop() {
        if next == node || alone.is_some_and(|kind| graph.address_of(next).kind != kind) {
            return false;
        }
        if seen.insert(next) {
            pending.extend(graph.waits[next].keys());
        }
    }
    true
}
