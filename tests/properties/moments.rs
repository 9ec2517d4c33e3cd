//! What holds after every single request of a run.
//! In: what was live before the run and after each of its writes. Out: nothing, or the moment at which something was wrong.

use proptest::prelude::*;
use trunkform::model::{Action, Plan};

use crate::worlds::Case;
use crate::worlds::seen::{Seen, Thing};

type Checked = Result<(), TestCaseError>;

/// Every number that was live is live, or the plan names it as one that goes or is made anew.
pub fn no_number_vanishes(case: &Case, moments: &[Seen], plan: &Plan) -> Checked {
    let named = |number: &str| {
        let address = format!("{}.number.{number}", case.account);
        plan.changes.iter().any(|change| {
            matches!(change.action, Action::Delete | Action::Replace) && change.address.to_string() == address
        })
    };
    for (at, moment) in moments.iter().enumerate() {
        for number in &moments[0].numbers {
            let is_there = moment.number(&number.name).is_some();
            prop_assert!(is_there || named(&number.name), "{} vanished with write {at}", number.name);
        }
    }
    Ok(())
}

/// No trunk takes numbers along when it is deleted.
pub fn no_cascade(moments: &[Seen]) -> Checked {
    for pair in moments.windows(2) {
        let is_there = |trunk: &Thing| pair[1].trunks.iter().any(|other| other.id == trunk.id);
        for gone in pair[0].trunks.iter().filter(|trunk| !is_there(trunk)) {
            let numbers: Vec<&Thing> = pair[0].on(&gone.name).collect();
            prop_assert!(numbers.is_empty(), "{} took {numbers:?} along", gone.name);
        }
    }
    Ok(())
}

/// Whether calls reach a number: it is on a trunk and, where that is so before and after, an agent answers it.
fn is_up(number: &Thing, needs_agent: bool) -> bool {
    let has = |name: &str| number.says.get(name).is_some_and(|value| !value.is_null());
    has("trunk") && (!needs_agent || has("agent") || has("voice_agent"))
}

/// Whether a number goes from an agent that takes calls to one that calls out, or the reverse: the use that ends and the one that begins have nothing in common.
fn turns(seen: &Seen, before: &Thing, after: &Thing) -> bool {
    let direction = |number: &Thing| {
        let agents = seen.rest["agents"].as_array().into_iter().flatten();
        let agent = agents.into_iter().find(|agent| number.says.get("agent") == Some(&agent["name"]));
        agent.map(|agent| agent["direction"].clone())
    };
    direction(before) != direction(after)
}

/// The numbers that are up before and after, but not at one moment: as many as there are workers at most.
fn down(moments: &[Seen], at: usize) -> Vec<String> {
    let (Some(first), Some(last)) = (moments.first(), moments.last()) else { return Vec::new() };
    let mut down = Vec::new();
    for before in &first.numbers {
        let Some(after) = last.number(&before.name) else { continue };
        let needs_agent = is_up(before, true) && is_up(after, true) && !turns(first, before, after);
        let is_down = moments[at].number(&before.name).is_none_or(|number| !is_up(number, needs_agent));
        if is_up(before, false) && is_up(after, false) && is_down {
            down.push(before.name.clone());
        }
    }
    down
}

/// No worker has two numbers down at once, over all accounts of a run.
pub fn few_are_down(accounts: &[Vec<Seen>], workers: usize) -> Checked {
    let count = accounts.first().map_or(0, Vec::len);
    for at in 0..count {
        let down: Vec<String> = accounts.iter().flat_map(|moments| down(moments, at)).collect();
        prop_assert!(down.len() <= workers, "after write {at} {down:?} are down, with {workers} at work");
    }
    Ok(())
}

/// No text holds a secret, as text or in what a debugger would print.
pub fn is_silent(texts: &[String]) -> Checked {
    for text in texts {
        for secret in [crate::support::TOKEN, crate::support::PASSWORD] {
            prop_assert!(!text.contains(secret), "a secret was written down: {text}");
        }
    }
    Ok(())
}

/// An account's numbers and trunks are there at most once.
pub fn nothing_is_twice(seen: &Seen) -> Checked {
    for things in [&seen.trunks, &seen.numbers] {
        let mut names: Vec<&str> = things.iter().map(|thing| thing.name.as_str()).collect();
        names.sort_unstable();
        let twice = names.windows(2).find(|pair| pair[0] == pair[1]);
        prop_assert!(twice.is_none(), "there twice: {twice:?}");
    }
    Ok(())
}
