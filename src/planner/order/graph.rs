//! Who must wait for whom.
//! In: the drafts of all changes of an account. Out: for each draft the drafts that it can't come before.
//! Holds what must be; what would only be better is added by `names` and `standing`, never so that it closes a cycle.

use std::collections::HashMap;
use std::ops::Range;

use crate::model::{Action, Address, Change, Draft, Drafted, Expect, KindName, Kinds, Request, Wait};
use crate::planner::impact::references;

/// Every draft is a node, numbered change by change in the order in which they came.
pub(super) struct Graph<'a> {
    pub(super) drafted: &'a [Drafted],
    pub(super) kinds: &'a Kinds,
    /// The nodes of each change.
    pub(super) nodes: Vec<Range<usize>>,
    /// For each node, the nodes that it waits for, each with the first reason that was found.
    pub(super) waits: Vec<HashMap<usize, Wait>>,
    /// For each node its change.
    change_of: Vec<usize>,
}

impl<'a> Graph<'a> {
    /// All drafts, with what they must wait for.
    pub(super) fn new(drafted: &'a [Drafted], kinds: &'a Kinds) -> Self {
        let (mut nodes, mut change_of) = (Vec::with_capacity(drafted.len()), Vec::new());
        for (at, one) in drafted.iter().enumerate() {
            let first = change_of.len();
            change_of.resize(first + one.drafts.len(), at);
            nodes.push(first..change_of.len());
        }
        let waits = vec![HashMap::new(); change_of.len()];
        let mut graph = Self { drafted, kinds, nodes, waits, change_of };
        graph.in_a_row();
        graph.after_what_makes_their_ids();
        graph.after_what_lets_go();
        graph.after_words();
        graph
    }

    /// Lets a node wait for another.
    pub(super) fn wait(&mut self, node: usize, other: usize, why: Wait) {
        self.waits[node].entry(other).or_insert(why);
    }

    /// The nodes of the change that a node is of.
    pub(super) fn nodes_with(&self, node: usize) -> &Range<usize> {
        &self.nodes[self.change_of[node]]
    }

    /// What a node is about.
    pub(super) fn address_of(&self, node: usize) -> &'a Address {
        &self.drafted[self.change_of[node]].change.address
    }

    /// Each change with its drafts and its nodes; only those that have any.
    pub(super) fn changes(&self) -> Vec<(&'a Change, &'a [Draft], Range<usize>)> {
        let all = self.drafted.iter().zip(&self.nodes).filter(|(_, nodes)| !nodes.is_empty());
        all.map(|(one, nodes)| (&one.change, &one.drafts[..], nodes.clone())).collect()
    }

    fn in_a_row(&mut self) {
        for at in 0..self.nodes.len() {
            self.nodes[at].clone().skip(1).for_each(|node| self.wait(node, node - 1, Wait::Row));
        }
    }

    /// A resource as a whole waits for the trunk that the plan makes for it; else each draft for itself.
    fn after_what_makes_their_ids(&mut self) {
        let mut makers = HashMap::new();
        for (change, drafts, nodes) in self.changes() {
            if let Some(at) = drafts.iter().position(|draft| draft.expect.makes()) {
                makers.insert(Request::placeholder(&change.address), nodes.start + at);
                makers.insert(Request::path_placeholder(&change.address), nodes.start + at);
            }
        }
        if makers.is_empty() {
            return;
        }
        for (change, drafts, nodes) in self.changes() {
            let managed = self.kinds.get(change.address.kind).is_some();
            for (node, draft) in nodes.clone().zip(drafts) {
                for maker in needed(&makers, draft).into_iter().filter(|maker| !nodes.contains(maker)) {
                    let whole = managed && self.address_of(maker).kind == KindName::Trunk;
                    self.wait(if whole { nodes.start } else { node }, maker, Wait::NewId);
                }
            }
        }
    }

    fn after_what_lets_go(&mut self) {
        let ending = |(change, drafts, nodes): (&'a Change, &[Draft], Range<usize>)| {
            Some((&change.address, nodes.start + ending(drafts, change)?))
        };
        let deleters: HashMap<&Address, usize> = self.changes().into_iter().filter_map(ending).collect();
        for (change, _, nodes) in self.changes() {
            for target in references(self.kinds, change.before.as_ref()) {
                if let Some(&deleter) = deleters.get(target).filter(|deleter| !nodes.contains(deleter)) {
                    self.wait(deleter, nodes.end - 1, Wait::LetsGo);
                }
            }
        }
    }

    fn after_words(&mut self) {
        let drafts = || self.drafted.iter().flat_map(|one| &one.drafts).enumerate();
        let mut reaching: HashMap<&str, Vec<usize>> = HashMap::new();
        for (node, draft) in drafts() {
            draft.reaches.iter().for_each(|word| reaching.entry(word).or_default().push(node));
        }
        for (node, draft) in drafts() {
            let before = draft.after.iter().filter_map(|word| reaching.get(word.as_str())).flatten();
            // Those of the same change have an order already.
            for &other in before.filter(|other| self.change_of[**other] != self.change_of[node]) {
                self.waits[node].entry(other).or_insert(Wait::Platform);
            }
        }
    }
}

/// The nodes that make what a request has placeholders for, its expectations included.
fn needed(makers: &HashMap<String, usize>, draft: &Draft) -> Vec<usize> {
    let mut found = Vec::new();
    let lookup = draft.expect.lookup.as_ref();
    for path in [Some(&draft.request.path), lookup.map(|lookup| &lookup.path)].into_iter().flatten() {
        for piece in path.split("${").skip(1) {
            if let Some((inner, _)) = piece.split_once('}') {
                found.extend(makers.get(&format!("${{{inner}}}")));
            }
        }
    }
    let Expect { shows, lacks, .. } = &draft.expect;
    let entries = [shows.as_ref(), lacks.as_ref(), lookup.map(|lookup| &lookup.entry)];
    let fields = entries.into_iter().flatten().flat_map(|entry| entry.fields.values());
    let query = lookup.into_iter().flat_map(|lookup| lookup.query.values());
    for json in draft.request.body.iter().chain(fields).chain(query) {
        found.extend(Request::texts(json).into_iter().filter_map(|text| makers.get(text)));
    }
    found
}

/// The draft after which the live thing is no more.
pub(super) fn deleting(drafts: &[Draft], change: &Change) -> Option<usize> {
    let goes = matches!(change.action, Action::Delete | Action::Replace);
    goes.then(|| drafts.iter().position(|draft| draft.verb == "delete")).flatten()
}

/// The draft from which on nothing may be left of what the live thing held: the look that makes sure of it right before the deletion, else the deletion.
pub(super) fn ending(drafts: &[Draft], change: &Change) -> Option<usize> {
    let delete = deleting(drafts, change)?;
    let check = delete.checked_sub(1).filter(|&before| drafts[before].expect.lacks.is_some());
    Some(check.unwrap_or(delete))
}
