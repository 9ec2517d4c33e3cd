//! Numbers that one account of a run gives up and another one declares.
//! In: what differs in each account; then the parts of the plan; then its steps. Out: warnings and refusals; then the same steps, in which the old account lets go of a
//! number only when it stands at the new one.
//! Decides nothing of what becomes of a number at its old account: that is for `unlisted` and `--since` to say. Looks for nothing where there is one account.
//!
//! Assumed: a platform lets a second account have a number before the first has let go of it. No platform's pages say. Where it does not, the step at the new account
//! is refused, and the number stays in service where it was.

mod waits;

use std::collections::{BTreeMap, BTreeSet};

use super::impact::Loss;
use super::refusals::Lack;
use super::standing::{is_in_service, is_one_account, stands_on, will_be_in_service};
use super::{Choices, Part, refusals};
use crate::diff::reason;
use crate::model::{Action, Address, Change, Code, Diagnostic, Id, KindName, Resource, World};

pub(super) use waits::wait;

/// One number on its way from one account to another.
pub(super) struct Crossing {
    from: Address,
    to: Address,
    /// What the new account lacks, where that is plain from the start.
    lacks: Option<Lack>,
    /// Whether anything of the number differs there.
    differs: bool,
    /// Whether it is answered now, and will be by nobody.
    falls_silent: bool,
    /// As it stands in the sets of agents, and the agents that have it now and will.
    old: Side,
    new: Side,
}

/// A number at one account.
#[derive(Default)]
struct Side {
    id: Option<Id>,
    /// The agents that have it; at the new account all that it will stand on.
    on: Vec<Address>,
}

/// The numbers that one account gives up while another one declares them.
pub(super) fn find(differing: &[(World, Vec<Change>)], choices: &Choices) -> Vec<Crossing> {
    let mut found = Vec::new();
    if differing.len() < 2 && choices.unread.is_empty() {
        return found;
    }
    let unread = choices.unread.iter().map(|to| (to, Lack::Reading));
    let passed_over = choices.passed_over.iter().map(|to| (to, Lack::Notice));
    let lacking: BTreeMap<&str, _> =
        passed_over.chain(unread).map(|(to, lack)| (&*to.name, (to, lack))).collect();
    let mut same = BTreeMap::new();
    for (world, changes) in differing {
        for change in changes.iter().filter(|change| gives_up(world, change)) {
            let from = change.address.clone();
            let old = Side { id: id_of(change.before.as_ref()), on: holders(world, change) };
            if let Some(there) = declaring(differing, &from) {
                let mut crossing = to_a_read_one((from, old), there);
                if crossing.new.id.is_some() && crossing.new.id == crossing.old.id {
                    let pair = (&world.account, &there.0.account);
                    let same = *same.entry(pair).or_insert_with(|| is_one_account(world, &there.0));
                    crossing.lacks = if same { Some(Lack::Another) } else { crossing.lacks };
                }
                crossing.falls_silent &= is_in_service(world, &crossing.from);
                found.push(crossing);
            } else if let Some(&(to, lack)) =
                lacking.get(&*from.name).filter(|(to, _)| to.account != from.account)
            {
                let (lacks, to, new) = (Some(lack), to.clone(), Side::default());
                found.push(Crossing { from, to, lacks, differs: true, falls_silent: false, old, new });
            }
        }
    }
    found
}

/// A number on its way to an account that was read.
fn to_a_read_one((from, old): (Address, Side), (world, changes): &(World, Vec<Change>)) -> Crossing {
    let to = Address::new(&world.account, KindName::Number, &from.name);
    let differs = changes.iter().any(|change| change.address == to);
    let falls_silent = !will_be_in_service(world, &to);
    let new = Side { id: id_of(world.observed.get(&to)), on: stands_on(world, &to) };
    Crossing { from, to, lacks: None, differs, falls_silent, old, new }
}

/// Whether an account lets go of a number that its files do not declare.
fn gives_up(world: &World, change: &Change) -> bool {
    let declared = || world.desired.get(&change.address).is_some_and(|desired| desired.origin.is_some());
    change.address.kind == KindName::Number
        && (change.action == Action::Delete || Loss::of(world.kinds, change).any())
        && !declared()
}

/// The other account whose files declare a number; one that ignores it only where there is no better one.
fn declaring<'a>(differing: &'a [(World, Vec<Change>)], from: &Address) -> Option<&'a (World, Vec<Change>)> {
    let others = differing.iter().filter(|(world, _)| world.account != from.account);
    let declared = others.filter(|(world, _)| {
        let desired = world.desired.get(&Address::new(&world.account, KindName::Number, &from.name));
        desired.is_some_and(|desired| desired.origin.is_some())
    });
    declared.min_by_key(|(world, _)| ignores(world, from))
}

/// Whether an account ignores a number that is live at another.
fn ignores(world: &World, from: &Address) -> bool {
    let to = Address::new(&world.account, KindName::Number, &from.name);
    world.desired.get(&to).is_some_and(Resource::is_ignored)
}

fn id_of(resource: Option<&Resource>) -> Option<Id> {
    resource?.id.clone()
}

/// The agents whose set has a number.
fn holders(world: &World, change: &Change) -> Vec<Address> {
    let Some(id) = change.before.as_ref().and_then(|before| before.id.as_ref()) else { return Vec::new() };
    let having = world.observed.agents.iter().filter(|agent| agent.numbers.iter().flatten().any(|n| n == id));
    having.map(|agent| agent.address.clone()).collect()
}

/// Tells of each number that is declared at one account and stays in service at another (PLN014).
pub(super) fn warn(differing: &mut [(World, Vec<Change>)]) {
    if differing.len() < 2 {
        return;
    }
    let mut warnings: Vec<(usize, Diagnostic)> = Vec::new();
    let is_number = |address: &&Address| address.kind == KindName::Number;
    for (at, (world, changes)) in differing.iter().enumerate() {
        if !world.unlisted.iter().any(|address| is_number(&address)) {
            continue;
        }
        let touched: BTreeSet<_> = changes.iter().map(|change| &change.address).collect();
        let numbers = world.unlisted.iter().filter(is_number);
        for from in numbers.filter(|from| !touched.contains(from) && is_in_service(world, from)) {
            if let Some((other, _)) = declaring(differing, from).filter(|(other, _)| !ignores(other, from)) {
                let to = Address::new(&other.account, KindName::Number, &from.name);
                warnings.push((at, stays(from, other.desired.get(&to), &to)));
            }
        }
    }
    warnings.into_iter().for_each(|(at, warning)| differing[at].0.diagnostics.push(warning));
}

fn stays(from: &Address, declared: Option<&Resource>, to: &Address) -> Diagnostic {
    let (account, name) = (&from.account, &from.name);
    let message = format!(
        "`{name}` is declared at `{}`, and still live at `{account}`, where it stays: calls may go either way",
        to.account
    );
    let warning = Diagnostic::new(Code::PLN014, message).about(from).help(format!(
        "to have `{account}` let go of it, write `unlisted: {{numbers: …}}` there, or plan with `--since`; to leave it so on purpose, write `number.{name}` under `ignore` there"
    ));
    match declared.and_then(|declared| declared.origin.as_ref()) {
        Some(origin) => warning.at(&origin.file, origin.span, ""),
        None => warning,
    }
}

fn falls_silent(crossing: &Crossing) -> Diagnostic {
    let Crossing { from, to, .. } = crossing;
    let (old, new, name) = (&from.account, &to.account, &to.name);
    let message =
        format!("`{old}` lets go of `{name}`, and at `{new}`, where it is declared, it will take no calls");
    Diagnostic::new(Code::PLN014, message).about(from).help(format!(
        "see at `{new}` that `{name}` is on, and on a trunk that is on, and that an agent answers it; or leave it with `{old}` until then: write `number.{name}` under `ignore` there"
    ))
}

/// Marks what crosses, and refuses where a number would be given up whose new place is in no part of the plan (PLN014). Gives back what does cross.
pub(super) fn settle(crossings: Vec<Crossing>, parts: &mut [Part]) -> Vec<Crossing> {
    let mut kept = Vec::with_capacity(crossings.len());
    for crossing in crossings {
        let change = |parts: &[Part], address: &Address| {
            let part = parts.iter().position(|part| part.world.account == address.account)?;
            let at = parts[part].changes.binary_search_by(|change| change.address.cmp(address)).ok()?;
            Some((part, at))
        };
        let Some((part, at)) = change(parts, &crossing.from) else { continue };
        let unplanned = || crossing.differs && change(parts, &crossing.to).is_none();
        if let Some(lack) = crossing.lacks.or_else(|| unplanned().then_some(Lack::Step)) {
            let refusal = refusals::nowhere(&crossing.from, &crossing.to, lack);
            parts[part].refusals.push(refusal);
            continue;
        }
        let change = &mut parts[part].changes[at];
        let declared = format!("it is declared at `{}`", crossing.to.account);
        change.reason = reason::also(std::mem::take(&mut change.reason), &declared);
        if let Some(before) = &mut change.before {
            before.settings.get_or_insert_default().crosses = true;
        }
        if crossing.falls_silent {
            parts[part].world.diagnostics.push(falls_silent(&crossing));
        }
        // What the old account's step relies on must be as it was read when that is sent.
        if let Some(there) = parts.iter_mut().find(|part| part.world.account == crossing.to.account) {
            there.relied.extend([&crossing.to].into_iter().chain(&crossing.new.on).cloned());
        }
        kept.push(crossing);
    }
    kept
}
