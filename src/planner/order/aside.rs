//! Whose name has to be free before its own new one is: it is called otherwise in between.
//! In: the drafts of an account. Out: the same, with one more request at the front of each such change, by which a live trunk gets a name that tells which one it becomes.
//! Asks for it only where waiting would never end: of a circle one, a trunk that is made anew while another takes its name, and one whose new name a deletion frees
//! while a new trunk takes the old one.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde_json::{Map, json};

use super::graph::deleting;
use crate::model::{
    Action, Change, Draft, Drafted, KindName, Kinds, RENAMING_MARK, Request, Resource, normalise,
};

/// What the request does beside.
const MEANWHILE: &str = "the trunk is called so only until its new name is free";

/// Adds the requests.
pub(super) fn make_room(drafted: &mut [Drafted], kinds: &Kinds) {
    let room = Names::new(drafted, kinds).to_be_called_otherwise();
    for at in room {
        let Drafted { change, drafts } = &mut drafted[at];
        drafts.splice(0..0, aside(kinds, change, drafts));
    }
}

/// Whether a change begins with such a request.
pub(super) fn begins(kinds: &Kinds, change: &Change, drafts: &[Draft]) -> bool {
    let field = field(kinds, change);
    let first = drafts.first().filter(|draft| draft.verb == "rename" && change.action != Action::Create);
    let name = first.zip(field).and_then(|(draft, field)| draft.request.body.as_ref()?.get(field)?.as_str());
    name.is_some_and(|name| name.ends_with(RENAMING_MARK))
}

pub(super) fn field(kinds: &Kinds, change: &Change) -> Option<&'static str> {
    let kind = kinds.get(change.address.kind)?;
    kind.attribute(kind.identity).map(|attribute| attribute.field)
}

/// The request that gives a live trunk its name in between, made after the one that gives it its new one.
fn aside(kinds: &Kinds, change: &Change, drafts: &[Draft]) -> Option<Draft> {
    let field = field(kinds, change)?;
    let named = |draft: &&Draft| draft.request.body.as_ref().is_some_and(|body| body.get(field).is_some());
    let last = drafts.iter().rev().find(named)?;
    let path = match change.action {
        Action::Update => &last.request.path,
        Action::Replace => &drafts[deleting(drafts, change)?].request.path,
        Action::Create | Action::Delete => return None,
    };
    let name = change.after.as_ref()?.attributes.get(kinds.trunk.identity)?.as_text()?;
    let body = Map::from_iter([(field.to_owned(), Request::literal(&format!("{name}{RENAMING_MARK}")))]);
    let mut draft = Draft::new("rename", &last.request.method, path.clone(), Some(json!(body)));
    draft.expect.agrees.clone_from(&last.expect.agrees);
    Some(draft.side_effect(MEANWHILE))
}

/// The changes by which trunks give up and take names, by their place among the drafts.
struct Names<'a> {
    giving: HashMap<Cow<'a, str>, (usize, Action)>,
    /// Whether one that is made takes it.
    taking: HashMap<Cow<'a, str>, bool>,
    /// The name that a trunk which stays gives up, and the one that it takes instead.
    next: BTreeMap<usize, (Cow<'a, str>, Cow<'a, str>)>,
}

impl<'a> Names<'a> {
    fn new(drafted: &'a [Drafted], kinds: &Kinds) -> Self {
        let (giving, taking, next) = Default::default();
        let mut names = Self { giving, taking, next };
        let trunks = drafted.iter().enumerate().filter(|(_, one)| one.change.address.kind == KindName::Trunk);
        for (at, Drafted { change, .. }) in trunks {
            let name = |side: &'a Option<Resource>| {
                side.as_ref()?.attributes.get(kinds.trunk.identity)?.as_text().map(normalise::name)
            };
            let (before, after) = (name(&change.before), name(&change.after));
            if before == after {
                continue;
            }
            if let (Some(before), Some(after)) = (&before, &after) {
                names.next.insert(at, (before.clone(), after.clone()));
            }
            if let Some(after) = after {
                *names.taking.entry(after).or_default() |= change.action == Action::Create;
            }
            if let Some(before) = before {
                names.giving.insert(before, (at, change.action));
            }
        }
        names
    }

    fn to_be_called_otherwise(&self) -> BTreeSet<usize> {
        let mut room = BTreeSet::new();
        for (&at, (name, _)) in &self.next {
            let Some(&made) = self.taking.get(name) else { continue };
            let anew = self.giving.get(name).is_some_and(|(_, action)| *action == Action::Replace);
            let end = self.end(at, &room);
            if anew || end == End::Circle || (end == End::Deletion && made) {
                room.insert(at);
            }
        }
        room
    }

    /// What comes of following the names that a trunk waits for.
    fn end(&self, first: usize, room: &BTreeSet<usize>) -> End {
        let (mut at, mut seen) = (first, BTreeSet::new());
        loop {
            match self.next.get(&at).and_then(|(_, name)| self.giving.get(name)) {
                None => return End::Free,
                Some((_, Action::Delete)) => return End::Deletion,
                // One that is made anew and gives up a name makes room at once.
                Some((giver, action)) if *action == Action::Replace || room.contains(giver) => {
                    return End::Free;
                }
                Some((giver, _)) if *giver == first => return End::Circle,
                Some((giver, _)) if !seen.insert(*giver) => return End::Free,
                Some((giver, _)) => at = *giver,
            }
        }
    }
}

/// Where a chain of names ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    /// At a name that nobody has, or that is given up at once.
    Free,
    /// At a name that a deletion frees.
    Deletion,
    /// Where it began.
    Circle,
}
