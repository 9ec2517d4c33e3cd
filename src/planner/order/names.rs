//! A name is taken when it is free.
//! In: a graph. Out: the same, in which whoever takes a name waits for those that give it up.
//! Of those that can't all wait for each other `aside` has let one give up its name first; a wait that would still close a circle is left out.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use super::aside;
use super::graph::{Graph, deleting};
use crate::model::{Action, Change, Draft, KindName, RENAMING_MARK, Resource, Wait, normalise};

/// Adds the waits for names; those of what is made last, since they are wishes: a trunk that numbers come to must not wait for numbers.
pub(super) fn add(graph: &mut Graph<'_>) {
    let mut freed: HashMap<(KindName, Cow<'_, str>), Vec<usize>> = HashMap::new();
    let (mut taken, mut made) = (Vec::new(), Vec::new());
    for (change, drafts, nodes) in graph.changes() {
        let Some(identity) = graph.kinds.get(change.address.kind).map(|kind| kind.identity) else { continue };
        let (before, after) = (name(identity, change.before.as_ref()), name(identity, change.after.as_ref()));
        // A replacement takes even its own name again, which somebody else may have as well.
        let takes = after.filter(|after| before.as_ref() != Some(after) || change.action == Action::Replace);
        let first = usize::from(aside::begins(graph.kinds, change, drafts));
        if let Some((name, at)) = takes.zip(taking(&drafts[first..], change)) {
            let takers = if change.action == Action::Create { &mut made } else { &mut taken };
            takers.push(((change.address.kind, name), nodes.start + first + at));
        }
        let given_up = before.filter(|before| Some(before) != name(identity, change.after.as_ref()).as_ref());
        if let Some(name) = left_behind(change) {
            freed.entry((change.address.kind, name)).or_default().push(nodes.start);
        }
        if let Some((name, at)) = given_up.zip(if first > 0 { Some(0) } else { freeing(drafts, change) }) {
            freed.entry((change.address.kind, to_be(change, name))).or_default().push(nodes.start + at);
        }
    }
    let all = taken.iter().map(|taker| (taker, false)).chain(made.iter().map(|taker| (taker, true)));
    for ((name, taker), made) in all {
        let taker = *taker;
        for &other in freed.get(name).into_iter().flatten() {
            let alone = made.then_some(name.0);
            if !is_ordered(graph, taker, other) && may_wait(graph, taker, other, alone) {
                graph.wait(taker, other, Wait::Name);
            }
        }
    }
}

fn name<'a>(identity: &str, resource: Option<&'a Resource>) -> Option<Cow<'a, str>> {
    resource?.attributes.get(identity)?.as_text().map(normalise::name)
}

/// The name that a thing gives up; of one that a stopped replacement has left with the mark of a rename, the name that its heir takes.
fn to_be<'a>(change: &Change, name: Cow<'a, str>) -> Cow<'a, str> {
    match (change.action, name) {
        (Action::Delete, Cow::Borrowed(name)) => name.strip_suffix(RENAMING_MARK).unwrap_or(name).into(),
        (_, name) => name,
    }
}

/// The former name of what is made: made after another one of that name, it would be taken for that one by a run that finds nothing else.
fn left_behind(change: &Change) -> Option<Cow<'_, str>> {
    let made = change.after.as_ref().filter(|_| change.action == Action::Create);
    made?.settings.as_ref()?.renamed_from.as_deref().map(normalise::name)
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
pub(super) fn may_wait(graph: &Graph<'_>, node: usize, other: usize, alone: Option<KindName>) -> bool {
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
