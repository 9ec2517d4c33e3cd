//! What the steps of numbers that cross wait for.
//! In: the steps of all accounts, and what crosses. Out: the same steps, in which an old account lets go of a number only when it stands at the new one.
//! Never makes two steps wait for each other, and changes nothing else of a step.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::Crossing;
use crate::model::{Account, Address, Id, Request, Step, Wait};
use crate::planner::order;

/// Lets the steps by which an account gives up a number wait for those by which it stands at its new one, and puts all in an order that keeps it.
///
/// # Errors
/// When steps would wait for each other, which no two platforms bring about.
pub(in crate::planner) fn wait(steps: &mut Vec<Step>, crossings: &[Crossing]) -> Result<(), String> {
    let accounts: BTreeSet<&Account> =
        crossings.iter().flat_map(|one| [&one.from.account, &one.to.account]).collect();
    let mut of: HashMap<&Address, Vec<usize>> = HashMap::new();
    for (at, step) in steps.iter().enumerate().filter(|(_, step)| accounts.contains(&step.address.account)) {
        of.entry(&step.address).or_default().push(at);
    }
    let mut waits: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
    let leaving: Vec<_> = crossings.iter().map(|crossing| leaving(steps, &of, crossing)).collect();
    for (crossing, after) in crossings.iter().zip(&leaving) {
        let before = arriving(steps, &of, crossing);
        for &after in after.iter().filter(|_| !before.is_empty()) {
            waits.entry(after).or_default().extend(&before);
        }
    }
    // Whatever waits for a number to leave can't be waited for: two numbers may go opposite ways.
    let late = behind(steps, &waits, leaving.iter().flatten().copied());
    for (crossing, after) in crossings.iter().zip(&leaving) {
        let own = of.get(&crossing.to).into_iter().flatten();
        let known: BTreeSet<_> = own.flat_map(|&own| &steps[own].waits_on).collect();
        let before = bearing(steps, &of, crossing, &late).filter(|at| !known.contains(&steps[*at].id));
        let before: Vec<_> = before.collect();
        for &after in after.iter().filter(|_| !before.is_empty()) {
            waits.entry(after).or_default().extend(&before);
        }
    }
    if waits.is_empty() {
        return Ok(());
    }
    let order = order::again(steps, &waits)?;
    *steps = renumbered(std::mem::take(steps), &order, &waits);
    Ok(())
}

/// The last steps by which a number stands at its new account: its own, and the first that gives it to each of its agents.
fn arriving(steps: &[Step], of: &HashMap<&Address, Vec<usize>>, crossing: &Crossing) -> Vec<usize> {
    let Crossing { to, new, differs, .. } = crossing;
    let made = Request::placeholder(to);
    let id = new.id.as_ref().map(Id::to_string);
    let gives =
        |at: &&usize| writes(&steps[**at], &made) || id.as_ref().is_some_and(|id| writes(&steps[**at], id));
    let own = of.get(to).and_then(|own| own.last());
    let agents = new.on.iter().filter(|_| *differs).filter_map(|agent| of.get(agent)?.iter().find(gives));
    own.into_iter().chain(agents).copied().collect()
}

/// The last steps of what a number stands on at its new account, but for those that are `late`, or take something away.
fn bearing<'a>(
    steps: &'a [Step],
    of: &'a HashMap<&Address, Vec<usize>>,
    crossing: &'a Crossing,
    late: &'a BTreeSet<usize>,
) -> impl Iterator<Item = usize> + 'a {
    let bears = |at: &&usize| !late.contains(at) && !steps[**at].irreversible;
    crossing.new.on.iter().filter_map(move |target| of.get(target)?.iter().rev().find(bears).copied())
}

/// Steps, and all that wait for them.
fn behind(
    steps: &[Step],
    more: &BTreeMap<usize, BTreeSet<usize>>,
    roots: impl Iterator<Item = usize>,
) -> BTreeSet<usize> {
    let mut followers: HashMap<usize, Vec<usize>> = HashMap::new();
    for (at, step) in steps.iter().enumerate() {
        let own = step.waits_on.iter().map(|&id| id as usize - 1);
        for before in own.chain(more.get(&at).into_iter().flatten().copied()) {
            followers.entry(before).or_default().push(at);
        }
    }
    let mut pending: Vec<_> = roots.collect();
    let mut all = BTreeSet::new();
    while let Some(at) = pending.pop() {
        if all.insert(at) {
            pending.extend(followers.get(&at).into_iter().flatten());
        }
    }
    all
}

/// The first steps by which a number leaves its old account: its own, and those that take it from its agents.
fn leaving(steps: &[Step], of: &HashMap<&Address, Vec<usize>>, crossing: &Crossing) -> Vec<usize> {
    let Crossing { from, old, .. } = crossing;
    let id = old.id.as_ref().map(Id::to_string).unwrap_or_default();
    let own = of.get(from).and_then(|own| own.first());
    let agents =
        old.on.iter().filter_map(|agent| of.get(agent)?.iter().find(|at| !writes(&steps[**at], &id)));
    own.into_iter().chain(agents).copied().collect()
}

fn writes(step: &Step, text: &str) -> bool {
    step.request.body.iter().flat_map(Request::texts).any(|written| written == text)
}

/// The steps in another order, with more waits.
fn renumbered(steps: Vec<Step>, order: &[usize], waits: &BTreeMap<usize, BTreeSet<usize>>) -> Vec<Step> {
    let mut id_of = vec![0; order.len()];
    order.iter().zip(1..).for_each(|(&at, id)| id_of[at] = id);
    let new = |(at, mut step): (usize, Step)| {
        let known = step.waits_on.iter().enumerate();
        let mut all: Vec<(u32, Wait)> = known
            .map(|(place, &id)| (id_of[id as usize - 1], step.notes.wait(place).unwrap_or(Wait::Row)))
            .collect();
        let more = waits.get(&at).into_iter().flatten().map(|&before| (id_of[before], Wait::Crosses));
        let more: Vec<_> = more.filter(|(id, _)| all.iter().all(|(known, _)| known != id)).collect();
        all.extend(more);
        all.sort_unstable_by_key(|(id, _)| *id);
        let (waits_on, reasons) = all.into_iter().unzip();
        step.id = id_of[at];
        step.waits_on = waits_on;
        step.notes = std::mem::take(&mut step.notes).waiting(reasons);
        step
    };
    let mut steps: Vec<_> = steps.into_iter().enumerate().map(new).collect();
    steps.sort_by_key(|step| step.id);
    steps
}
