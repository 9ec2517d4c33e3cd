//! What a saved plan tells a reviewer beside changes and steps.
//! In: a plan. Out: nothing, or the first note that its changes and steps belie.
//! Words are anybody's: they are bounded here and made visible where they are shown, and steer nothing.

use super::{KindsOf, kinds};
use crate::model::number_moves::count_moves;
use crate::model::{Holding, KindName, Plan, Step};

/// No note of a step is longer.
const LONGEST: usize = 300;

/// The notes of a step.
pub(super) fn of_step(step: &Step) -> Result<(), String> {
    let Step { waits_on, irreversible, notes, .. } = step;
    let texts = [&notes.side_effect, &notes.irreversible];
    if texts.into_iter().flatten().any(|text| text.chars().count() > LONGEST) {
        return Err(format!("a note of it is longer than {LONGEST} characters"));
    }
    if notes.irreversible.is_some() && !irreversible {
        return Err("it is said why nothing can undo it, and it is not marked as irreversible".into());
    }
    match notes.waits.len() {
        0 | 1 => Ok(()),
        reasons if reasons == waits_on.len() => Ok(()),
        reasons => Err(format!("it has {reasons} reasons to wait, and waits on {}", waits_on.len())),
    }
}

/// How many numbers come to trunks and agents and go from them, counted again.
pub(super) fn holdings(plan: &Plan, kinds_of: KindsOf<'_>) -> Result<(), String> {
    for account in &plan.accounts {
        let of_account = || plan.holdings.iter().filter(|one| one.address.account == account.account);
        let Some(first) = of_account().next() else { continue };
        let changes = plan.changes.iter().filter(|change| change.address.account == account.account);
        let moves = count_moves(kinds(plan, &first.address, kinds_of)?, changes);
        for Holding { address, before, after } in of_account() {
            let (come, go) = moves.get(address).copied().unwrap_or_default();
            if before.checked_add(come).and_then(|all| all.checked_sub(go)) != Some(*after) {
                return Err(format!(
                    "`{address}` is said to go from {before} to {after} numbers; {come} come and {go} go"
                ));
            }
            if *before > account.observed.numbers || address.kind == KindName::Number {
                return Err(format!("`{address}` can't have {before} numbers"));
            }
        }
    }
    let read = |one: &&Holding| plan.accounts.iter().any(|account| account.account == one.address.account);
    match plan.holdings.iter().find(|one| !read(one)) {
        Some(one) => Err(format!("`{}` is of an account that the plan has not read", one.address)),
        None => Ok(()),
    }
}
