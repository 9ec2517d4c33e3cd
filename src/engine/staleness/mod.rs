//! Whether a plan still fits what is live: minutes or days lie between a plan and the word to send it.
//! In: a plan and clients for its accounts. Out: why it is refused, or which of its steps are blocked.
//! Only reads.

mod blocked;
mod fingerprint;
mod id_mismatch;
mod shrink_guard;
mod stale;
#[cfg(test)]
mod tests;

pub use blocked::{BlockedSteps, blocked_steps};
pub use fingerprint::{fingerprints, stale_addresses};
pub use stale::{StaleReason, StaleResource, stale_resources};

use crate::model::{Action, Address, Code, Plan, Refusal, State};

use super::account_client::AccountClient;
use super::context::Context;
use super::observe::observe;
use super::stable_read;

/// So many stale resources are named one by one.
const MAX_STALE_LISTED: usize = 5;

/// What another reading has shown.
#[derive(Debug, Default)]
pub struct StalenessCheck {
    /// Why nothing is sent.
    pub refusals: Vec<Refusal>,
    /// The steps that are not sent, where others may be.
    pub blocked: BlockedSteps,
    /// A sentence about those.
    pub note: Option<String>,
}

/// Whether the rest of a plan may be sent where a part of it is stale.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum PartialApply {
    /// It is sent.
    On,
    /// It could be, had it been asked for.
    Available,
    /// It can't: the plan is not a saved one.
    Unavailable,
}

/// Reads the accounts again and compares them with what the plan rests on.
pub(super) async fn check(
    context: &Context<'_>,
    plan: &Plan,
    clients: &[AccountClient],
    partial: PartialApply,
) -> Result<StalenessCheck, String> {
    let states = states(context, clients).await?;
    let by_account: Vec<_> = clients.iter().map(|one| &one.account).zip(&states).collect();
    let refusals = shrink_guard::refusals(plan, &by_account);
    if !refusals.is_empty() {
        return Ok(StalenessCheck { refusals, ..StalenessCheck::default() });
    }
    let stale = stale_resources(plan, &states);
    if may_miss_something(plan, clients, &states) {
        let again = self::states(context, clients).await?;
        let stale = merge(stale, stale_resources(plan, &again));
        return Ok(judge(context, plan, (stale, &again), partial));
    }
    Ok(judge(context, plan, (stale, &states), partial))
}

async fn states(context: &Context<'_>, clients: &[AccountClient]) -> Result<Vec<State>, String> {
    observe(context, clients).await.into_iter().collect()
}

/// Whether one reading could miss something that the plan creates.
fn may_miss_something(plan: &Plan, clients: &[AccountClient], states: &[State]) -> bool {
    let hidden = |address: &Address, (one, state): (&AccountClient, &State)| {
        one.account == address.account && one.provider.pages() && stable_read::may_be_hidden(address, state)
    };
    let mut created = plan.changes.iter().filter(|change| change.action == Action::Create);
    created.any(|change| clients.iter().zip(states).any(|one| hidden(&change.address, one)))
}

fn merge(mut stale: Vec<StaleResource>, again: Vec<StaleResource>) -> Vec<StaleResource> {
    stale.extend(again);
    stale.sort_by(|a, b| a.address.cmp(&b.address));
    stale.dedup_by(|a, b| a.address == b.address);
    stale
}

fn judge(
    context: &Context<'_>,
    plan: &Plan,
    (stale, states): (Vec<StaleResource>, &[State]),
    partial: PartialApply,
) -> StalenessCheck {
    if stale.is_empty() {
        return StalenessCheck::default();
    }
    let blocked = blocked_steps(plan, &stale, states, &|platform| context.kinds_of(platform));
    let (all, left) = (plan.steps.len(), plan.steps.len() - blocked.len());
    if partial == PartialApply::On && left > 0 {
        let note = format!("{} of {all} requests are held: {}", blocked.len(), summary(&stale));
        return StalenessCheck { refusals: Vec::new(), blocked, note: Some(note) };
    }
    let mut help = "look at what happened there, then plan again".to_owned();
    if partial == PartialApply::Available && left > 0 {
        help += &format!(
            "; or add `--partial` to send what has nothing to do with it ({left} of {all} requests)"
        );
    }
    let refusal = Refusal {
        code: Code::PLN004,
        message: format!("the plan is stale: since it was made, {}", summary(&stale)),
        help,
        addresses: stale.into_iter().map(|one| one.address).collect(),
        no_safe_plan: false,
    };
    StalenessCheck { refusals: vec![refusal], ..StalenessCheck::default() }
}

/// What has become of stale resources, the first few by name.
fn summary(stale: &[StaleResource]) -> String {
    let mut parts: Vec<_> = stale.iter().take(MAX_STALE_LISTED).map(ToString::to_string).collect();
    match stale.len().saturating_sub(MAX_STALE_LISTED) {
        0 => {}
        1 => parts.push("one more is not as it was".into()),
        more => parts.push(format!("{more} more are not as they were")),
    }
    parts.join("; ")
}
