//! Nothing is taken down before its new target stands.
//! In: a graph without a cycle, and an order of it. Out: the same, in which numbers wait for the trunks that they come to.
//! Closes no cycle: a step of a trunk is waited for only if neither it nor anything that it waits for is about anything else than trunks.

use std::collections::HashMap;

use super::graph::{Graph, ending};
use crate::model::{Action, Address, Change, KindName, Kinds, Wait};
use crate::planner::impact::references;

/// Adds the waits of numbers for trunks.
pub(super) fn add(graph: &mut Graph<'_>, order: &[usize]) {
    let mut of_trunks_alone = vec![false; order.len()];
    for &node in order {
        of_trunks_alone[node] = graph.address_of(node).kind == KindName::Trunk
            && graph.waits[node].keys().all(|&wait| of_trunks_alone[wait]);
    }
    let mut stands: HashMap<&Address, usize> = HashMap::new();
    for (change, drafts, nodes) in graph.changes() {
        let end = match (change.action, ending(drafts, change)) {
            _ if change.address.kind != KindName::Trunk => continue,
            (Action::Delete, _) => continue,
            (Action::Replace, Some(ending)) => nodes.start + ending,
            (Action::Create | Action::Update | Action::Replace, _) => nodes.end,
        };
        let last = (nodes.start..end).rev().find(|&node| of_trunks_alone[node]);
        stands.extend(last.map(|last| (&change.address, last)));
    }
    for (change, _, nodes) in graph.changes() {
        for &stands in new_targets(graph.kinds, change).filter_map(|target| stands.get(target)) {
            graph.wait(nodes.start, stands, Wait::Stands);
        }
    }
}

/// What a number comes to by its change.
fn new_targets<'a>(kinds: &'a Kinds, change: &'a Change) -> impl Iterator<Item = &'a Address> {
    let comes = move |target: &&Address| {
        change.action != Action::Update
            || change.attributes.iter().any(|differs| differs.after.as_ref_address() == Some(*target))
    };
    let after = change.after.as_ref().filter(|_| change.address.kind != KindName::Trunk);
    references(kinds, after).filter(comes)
}
