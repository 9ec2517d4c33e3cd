//! Numbers that one account of a run gives up and another one declares.
//! In: what differs in each account; then the parts of the plan; then its steps. Out: warnings and refusals; then the same steps, in which the old account lets go of a
//! number only when it stands at the new one.
//! Decides nothing of what becomes of a number at its old account: that is for `unlisted` and `--since` to say. Looks for nothing where there is one account.
//!
//! Assumed: a platform lets a second account have a number before the first has let go of it. No platform's pages say. Where it does not, the step at the new account
//! is refused, and the number stays in service where it was.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::impact::{Loss, references};
use super::{Choices, Part, refusals};
use crate::diff::reason;
use crate::model::{
    Account, Action, Address, Change, Code, Diagnostic, Id, KindName, Request, Resource, Step, Wait, World,
};

/// One number on its way from one account to another.
pub(super) struct Crossing {
    from: Address,
    to: Address,
    /// Whether the new account was read, and whether anything of the number differs there.
    read: bool,
    differs: bool,
    /// As it stands in the sets of agents, and the agents that have it now and will.
    old: Side,
    new: Side,
}

/// A number at one account.
#[derive(Default)]
struct Side {
    id: Option<Id>,
    agents: Vec<Address>,
}

/// The numbers that one account gives up while another one declares them.
pub(super) fn find(differing: &[(World, Vec<Change>)], choices: &Choices) -> Vec<Crossing> {
    let mut found = Vec::new();
    if differing.len() < 2 && choices.unread.is_empty() {
        return found;
    }
    let unread: BTreeMap<&str, &Address> = choices.unread.iter().map(|to| (&*to.name, to)).collect();
    for (world, changes) in differing {
        for change in changes.iter().filter(|change| gives_up(world, change)) {
            let from = &change.address;
            let old = || Side { id: id_of(change.before.as_ref()), agents: holders(world, change) };
            if let Some((world, changes)) = declaring(differing, from) {
                let to = Address::new(&world.account, KindName::Number, &from.name);
                let differs = changes.iter().find(|change| change.address == to);
                let agents = references(world.kinds, world.desired.get(&to)).cloned().collect();
                let new = Side { id: id_of(world.observed.get(&to)), agents };
                let differs = differs.is_some();
                found.push(Crossing { from: from.clone(), to, read: true, differs, old: old(), new });
            } else if let Some(&to) = unread.get(&*from.name) {
                let (from, to, new) = (from.clone(), to.clone(), Side::default());
                found.push(Crossing { from, to, read: false, differs: true, old: old(), new });
            }
        }
    }
    found
}

/// Whether an account lets go of a number that its files do not declare.
fn gives_up(world: &World, change: &Change) -> bool {
    let declared = || world.desired.get(&change.address).is_some_and(|desired| desired.origin.is_some());
    change.address.kind == KindName::Number
        && (change.action == Action::Delete || Loss::of(world.kinds, change).any())
        && !declared()
}

/// The other account whose files declare a number.
fn declaring<'a>(differing: &'a [(World, Vec<Change>)], from: &Address) -> Option<&'a (World, Vec<Change>)> {
    differing.iter().filter(|(world, _)| world.account != from.account).find(|(world, _)| {
        let to = Address::new(&world.account, KindName::Number, &from.name);
        world.desired.get(&to).is_some_and(|desired| desired.origin.is_some() && !desired.is_ignored())
    })
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
            if let Some((other, _)) = declaring(differing, from) {
                let to = Address::new(&other.account, KindName::Number, &from.name);
                warnings.push((at, stays(from, other.desired.get(&to), &to)));
            }
        }
    }
    warnings.into_iter().for_each(|(at, warning)| differing[at].0.diagnostics.push(warning));
}

/// Whether a number is still answered at an account: it is switched on and has its trunk, or, where it can't be without one, an agent.
fn is_in_service(world: &World, number: &Address) -> bool {
    let Some(live) = world.observed.get(number) else { return false };
    let kind = &world.kinds.number;
    let off = kind.attributes.iter().any(|attribute| {
        attribute.inactive.is_some() && attribute.inactive.as_ref() == live.attributes.get(attribute.name)
    });
    let held = kind.references().any(|(attribute, _)| attribute.vital);
    let answered = kind.references().any(|(attribute, to)| {
        let is = live.attributes.get(attribute.name).and_then(|value| value.as_ref_address());
        (to == KindName::Trunk) != held && is.is_some()
    });
    !off && answered
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
        if crossing.read && (!crossing.differs || change(parts, &crossing.to).is_some()) {
            let change = &mut parts[part].changes[at];
            let declared = format!("it is declared at `{}`", crossing.to.account);
            change.reason = reason::also(std::mem::take(&mut change.reason), &declared);
            if let Some(before) = &mut change.before {
                before.settings.get_or_insert_default().crosses = true;
            }
            kept.push(crossing);
        } else {
            let refusal = refusals::nowhere(&crossing.from, &crossing.to, crossing.read);
            parts[part].refusals.push(refusal);
        }
    }
    kept
}

/// Lets the steps by which an account gives up a number wait for those by which it stands at its new one, and puts all in an order that keeps it.
///
/// # Errors
/// When steps would wait for each other, which no two platforms bring about.
pub(super) fn wait(steps: &mut Vec<Step>, crossings: &[Crossing]) -> Result<(), String> {
    let accounts: BTreeSet<&Account> =
        crossings.iter().flat_map(|one| [&one.from.account, &one.to.account]).collect();
    let mut of: HashMap<&Address, Vec<usize>> = HashMap::new();
    for (at, step) in steps.iter().enumerate().filter(|(_, step)| accounts.contains(&step.address.account)) {
        of.entry(&step.address).or_default().push(at);
    }
    let mut waits: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
    for crossing in crossings {
        let before = arriving(steps, &of, crossing);
        for after in leaving(steps, &of, crossing).into_iter().filter(|_| !before.is_empty()) {
            waits.entry(after).or_default().extend(&before);
        }
    }
    if waits.is_empty() {
        return Ok(());
    }
    let order = super::order::again(steps, &waits)?;
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
    let agents = new.agents.iter().filter(|_| *differs).filter_map(|agent| of.get(agent)?.iter().find(gives));
    own.into_iter().chain(agents).copied().collect()
}

/// The first steps by which a number leaves its old account: its own, and those that take it from its agents.
fn leaving(steps: &[Step], of: &HashMap<&Address, Vec<usize>>, crossing: &Crossing) -> Vec<usize> {
    let Crossing { from, old, .. } = crossing;
    let id = old.id.as_ref().map(Id::to_string).unwrap_or_default();
    let own = of.get(from).and_then(|own| own.first());
    let agents =
        old.agents.iter().filter_map(|agent| of.get(agent)?.iter().find(|at| !writes(&steps[**at], &id)));
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
