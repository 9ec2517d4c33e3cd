//! Drafts become steps, each with what it waits for.
//! In: the drafts of each change, as the provider gave them. Out: steps in an order that every executor may follow, in any interleaving that keeps the waits.
//! Never a cycle: a replacement makes the new thing first, and only numbers refer to trunks.
//!
//! The rules:
//! 1. Steps of one change run in the order in which they were drafted.
//! 2. What needs a new id waits for the step that makes it.
//! 3. A delete waits for the whole change of everything that lets go of the thing; a name is taken only when the thing that has it is deleted.
//! 4. Nothing is taken down before its new target stands: whatever a change needs, its first step waits for.
//! 5. Steps of one change stay together where nothing keeps them apart, so that one number is down at a time, not all of them at once.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap, HashSet};
use std::ops::Range;

use serde_json::Value as Json;

use super::impact::references;
use super::planned::source;
use super::target::{freed_name, taken_name};
use crate::model::{Action, Address, Change, Draft, Drafted, Kinds, Request, Step};

/// Adds the steps of one account; its changes come by address.
pub(super) fn append(steps: &mut Vec<Step>, drafted: Vec<Drafted>, kinds: &Kinds) {
    let waits = Graph::new(&drafted, kinds).waits();
    let order = sorted(&waits);
    let first = steps.len() as u32 + 1;
    let mut id_of = vec![0; order.len()];
    for (at, &node) in order.iter().enumerate() {
        id_of[node] = first + at as u32;
    }
    let drafts = drafted.iter().flat_map(|one| one.drafts.iter().map(move |draft| (draft, &one.change)));
    let start = steps.len();
    steps.extend(drafts.enumerate().map(|(node, (draft, change))| {
        let mut waits_on: Vec<_> = direct(&waits, node).map(|wait| id_of[wait]).collect();
        waits_on.sort_unstable();
        step(draft, change, id_of[node], waits_on)
    }));
    steps[start..].sort_by_key(|step| step.id);
}

fn step(draft: &Draft, change: &Change, id: u32, waits_on: Vec<u32>) -> Step {
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
    }
}

/// Every draft is a node, numbered change by change in the order in which they came.
struct Graph<'a> {
    drafted: &'a [Drafted],
    kinds: &'a Kinds,
    nodes: Vec<Range<usize>>,
    makers: HashMap<String, usize>,
    deleters: HashMap<&'a Address, usize>,
    freed: HashMap<&'a str, Vec<usize>>,
}

impl<'a> Graph<'a> {
    fn new(drafted: &'a [Drafted], kinds: &'a Kinds) -> Self {
        let (nodes, makers, deleters, freed) = Default::default();
        let mut graph = Self { drafted, kinds, nodes, makers, deleters, freed };
        let mut next = 0;
        for Drafted { change, drafts } in drafted {
            graph.nodes.push(next..next + drafts.len());
            if let Some(at) = drafts.iter().position(|draft| draft.expect.makes()) {
                graph.makers.insert(Request::placeholder(&change.address), next + at);
                graph.makers.insert(Request::path_placeholder(&change.address), next + at);
            }
            if let Some(deleter) = deleting(drafts, change).map(|at| next + at) {
                graph.deleters.insert(&change.address, deleter);
                if let Some(name) = freed_name(kinds, change) {
                    graph.freed.entry(name).or_default().push(deleter);
                }
            }
            next += drafts.len();
        }
        graph
    }

    /// For each node, the nodes that it waits for.
    fn waits(&self) -> Vec<HashSet<usize>> {
        let mut waits = vec![HashSet::new(); self.nodes.last().map_or(0, |last| last.end)];
        for (Drafted { change, drafts }, nodes) in
            self.drafted.iter().zip(&self.nodes).filter(|(_, n)| !n.is_empty())
        {
            for node in nodes.clone().skip(1) {
                waits[node].insert(node - 1);
            }
            let needed = drafts.iter().flat_map(|draft| self.needed(&draft.request));
            waits[nodes.start].extend(needed.filter(|maker| !nodes.contains(maker)));
            for target in references(self.kinds, change.before.as_ref()) {
                if let Some(&deleter) = self.deleters.get(target).filter(|deleter| !nodes.contains(deleter)) {
                    waits[deleter].insert(nodes.end - 1);
                }
            }
            if let Some(taker) = renaming(drafts, change) {
                let freed = taken_name(self.kinds, change).and_then(|name| self.freed.get(name));
                waits[nodes.start + taker].extend(freed.into_iter().flatten());
            }
        }
        waits
    }

    /// The nodes that make what a request has placeholders for.
    fn needed(&self, request: &Request) -> Vec<usize> {
        let mut found = Vec::new();
        if self.makers.is_empty() {
            return found;
        }
        for piece in request.path.split("${").skip(1) {
            if let Some((inner, _)) = piece.split_once('}') {
                found.extend(self.makers.get(&format!("${{{inner}}}")));
            }
        }
        self.needed_in(request.body.as_ref().unwrap_or(&Json::Null), &mut found);
        found
    }

    fn needed_in(&self, json: &Json, found: &mut Vec<usize>) {
        match json {
            Json::String(text) => found.extend(self.makers.get(text)),
            Json::Array(items) => items.iter().for_each(|item| self.needed_in(item, found)),
            Json::Object(map) => map.values().for_each(|item| self.needed_in(item, found)),
            Json::Null | Json::Bool(_) | Json::Number(_) => {}
        }
    }
}

/// The draft after which the live thing is no more.
fn deleting(drafts: &[Draft], change: &Change) -> Option<usize> {
    let goes = matches!(change.action, Action::Delete | Action::Replace);
    goes.then(|| drafts.iter().position(|draft| draft.verb == "delete")).flatten()
}

/// The draft that gives a live thing its name.
fn renaming(drafts: &[Draft], change: &Change) -> Option<usize> {
    let renames = drafts.iter().position(|draft| draft.verb == "rename");
    renames.or((change.action == Action::Update).then_some(0))
}

/// The waits of a node without those that another of them waits for already.
fn direct(waits: &[HashSet<usize>], node: usize) -> impl Iterator<Item = usize> {
    let implied: HashSet<_> = waits[node].iter().flat_map(|&wait| &waits[wait]).collect();
    waits[node].iter().copied().filter(move |wait| !implied.contains(wait))
}

/// All nodes, each after what it waits for; of those that are free, always the first.
fn sorted(waits: &[HashSet<usize>]) -> Vec<usize> {
    let mut followers = vec![Vec::new(); waits.len()];
    let mut missing: Vec<_> = waits.iter().map(HashSet::len).collect();
    for (node, waits) in waits.iter().enumerate() {
        waits.iter().for_each(|&wait| followers[wait].push(node));
    }
    let mut free: BinaryHeap<_> = (0..waits.len()).filter(|&node| missing[node] == 0).map(Reverse).collect();
    let mut order = Vec::with_capacity(waits.len());
    while let Some(Reverse(node)) = free.pop() {
        order.push(node);
        for &follower in &followers[node] {
            missing[follower] -= 1;
            if missing[follower] == 0 {
                free.push(Reverse(follower));
            }
        }
    }
    assert_eq!(order.len(), waits.len(), "a replacement makes the new thing before it deletes the old one");
    order
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Expect, Id, Kind, KindName, Resource, Value};

    fn kinds() -> Kinds {
        let schema: &'static Json = Box::leak(Box::new(serde_json::json!({
            "trunk": {"properties": {"name": {"type": "string", "x-identity": true}}},
            "number": {"properties": {
                "number": {"type": "string", "x-identity": true},
                "trunk": {"type": "string", "x-ref": "trunk", "x-immutable": "replace"},
            }},
        })));
        Kinds {
            trunk: Kind::from_schema(KindName::Trunk, &schema["trunk"]),
            number: Kind::from_schema(KindName::Number, &schema["number"]),
        }
    }

    fn draft(verb: &'static str, path: &str) -> Draft {
        let expect = if verb == "create" { Expect::id(&["/id"]) } else { Expect::default() };
        Draft { irreversible: verb == "delete", ..Draft::new(verb, "POST", path.into(), None).expect(expect) }
    }

    fn side(address: &str, trunk: Option<&str>) -> Resource {
        let trunk = trunk.map(|trunk| ("trunk", Value::Ref(trunk.parse().unwrap())));
        Resource {
            id: Some(Id::Int(1)),
            ..Resource::new(address.parse().unwrap(), trunk.into_iter().collect())
        }
    }

    fn change(action: Action, address: &str, (before, after): (Option<&str>, Option<&str>)) -> Change {
        Change {
            address: address.parse().unwrap(),
            action,
            before: (action != Action::Create).then(|| side(address, before)),
            after: (action != Action::Delete).then(|| side(address, after)),
            attributes: vec![],
            reason: String::new(),
        }
    }

    /// A platform on which a move takes a number down: it is deleted under the old trunk and made under the new one.
    #[test]
    fn where_a_move_is_a_gap_the_target_stands_first_and_one_number_is_down_at_a_time() {
        let moved = |address: &str| {
            let drafts = vec![draft("delete", "/a/n"), draft("create", "/trunks/${x.trunk.New}/numbers")];
            Drafted {
                drafts,
                change: change(Action::Replace, address, (Some("x.trunk.Old"), Some("x.trunk.New"))),
            }
        };
        let drafted = vec![
            Drafted {
                drafts: vec![draft("create", "/trunks")],
                change: change(Action::Create, "x.trunk.New", (None, None)),
            },
            Drafted {
                drafts: vec![draft("delete", "/trunks/1")],
                change: change(Action::Delete, "x.trunk.Old", (None, None)),
            },
            moved("x.number.+1"),
            moved("x.number.+2"),
        ];
        let mut steps = Vec::new();
        append(&mut steps, drafted, &kinds());
        let said: Vec<_> = steps
            .iter()
            .map(|step| format!("{} {} {:?}", step.verb, step.address.name, step.waits_on))
            .collect();
        assert_eq!(
            said,
            [
                "create New []",
                "delete +1 [1]",
                "create +1 [2]",
                "delete +2 [1]",
                "create +2 [4]",
                "delete Old [3, 5]"
            ]
        );
    }

    #[test]
    fn steps_of_a_second_account_count_on() {
        let mut steps = Vec::new();
        for _ in 0..2 {
            let drafts = vec![draft("create", "/trunks"), draft("update", "/trunks")];
            let change = change(Action::Create, "x.trunk.A", (None, None));
            append(&mut steps, vec![Drafted { change, drafts }], &kinds());
        }
        assert_eq!(
            steps.iter().map(|step| (step.id, step.waits_on.len())).collect::<Vec<_>>(),
            [(1, 0), (2, 1), (3, 0), (4, 1)]
        );
        assert_eq!(steps[3].waits_on, [3]);
    }
}
