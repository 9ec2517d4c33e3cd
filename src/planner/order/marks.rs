//! What a stopped run has made to replace another trunk loses its mark when that one is gone.
//! In: the drafts of an account, and the graph of them. Out: the same, in which a replacement gets its name in a request of its own, and after the deletions of what is left.
//! Keeps nobody from anything but the mark: numbers come to the trunk as soon as the rest of it stands.

use serde_json::json;

use super::aside::field;
use super::graph::{Graph, deleting};
use super::names::may_wait;
use crate::model::{Action, Change, Draft, Drafted, Kinds, REPLACEMENT_MARK, Resource, Wait};

/// Sets the name apart where more of the trunk changes with it: that must not wait for numbers.
pub(super) fn set_apart(drafted: &mut [Drafted], kinds: &Kinds) {
    if !drafted.iter().any(|one| is_left(&one.change)) {
        return;
    }
    for one in drafted.iter_mut().filter(|one| is_half_made(kinds, &one.change)) {
        let name = field(kinds, &one.change).and_then(|field| taken_out(&mut one.drafts, field));
        one.drafts.extend(name);
    }
}

/// The request for the name alone, taken out of the last one that gives it with others.
fn taken_out(drafts: &mut [Draft], field: &str) -> Option<Draft> {
    let named =
        |draft: &&mut Draft| draft.request.body.as_ref().is_some_and(|body| body.get(field).is_some());
    let last = drafts.iter_mut().rev().find(named)?;
    let body = last.request.body.as_mut()?.as_object_mut().filter(|body| body.len() > 1)?;
    let name = body.remove(field)?;
    let mut draft =
        Draft::new("rename", &last.request.method, last.request.path.clone(), Some(json!({(field): name})));
    draft.expect.agrees.clone_from(&last.expect.agrees);
    Some(draft)
}

/// Adds the waits. What is left may still be called as it was before: then it is by the mark of the other one alone that the next run knows that it has to go.
pub(super) fn add(graph: &mut Graph<'_>) {
    let (mut marked, mut left) = (Vec::new(), Vec::new());
    for (change, drafts, nodes) in graph.changes() {
        if is_half_made(graph.kinds, change) {
            let rename = drafts.iter().rposition(|draft| draft.verb == "rename").unwrap_or(0);
            marked.push(nodes.start + rename);
        }
        left.extend(deleting(drafts, change).filter(|_| is_left(change)).map(|at| nodes.start + at));
    }
    for (heir, leftover) in marked.iter().flat_map(|&heir| left.iter().map(move |&left| (heir, left))) {
        if may_wait(graph, heir, leftover, None) {
            graph.wait(heir, leftover, Wait::Name);
        }
    }
}

/// Whether a change gives its name to what a stopped run has made to replace another trunk.
fn is_half_made(kinds: &Kinds, change: &Change) -> bool {
    let name = |kind: &crate::model::Kind| change.before.as_ref()?.attributes.get(kind.identity)?.as_text();
    let before = kinds.get(change.address.kind).and_then(name);
    change.action == Action::Update && before.is_some_and(|name| name.ends_with(REPLACEMENT_MARK))
}

/// Whether a change deletes what a stopped run has left of a replacement.
fn is_left(change: &Change) -> bool {
    change.action == Action::Delete && change.before.as_ref().is_some_and(Resource::is_leftover)
}
