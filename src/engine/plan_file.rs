//! Saved plans.
//! In: a file that `plan --out` wrote, or that somebody made to look like one. Out: its document and its plan, checked.
//! Nothing is sent from a file that does not pass.

use std::path::Path;

use crate::model::{Code, Plan};
use crate::provider::{Platforms, Provider};
use crate::render::document::Document;

use super::connect::{accounts_of, connect};
use super::context::Context;
use super::outcome::PlanOutcome;
use super::staleness::{self, PartialApply, StalenessCheck};
use super::user_file::read_text;

/// Reads a saved plan.
///
/// # Errors
/// A sentence with the path: the file can't be read, or it is no plan that can be used.
pub fn open_plan(path: &Path, platforms: Platforms) -> Result<(Document, Plan), String> {
    let text = read_text(path)?;
    let wrong = |why: String| format!("`{}` can't be used: {why}", path.display());
    let document = Document::parse(&text).map_err(wrong)?;
    let plan = document.plan(&|name| platforms(name).map(Provider::kinds)).map_err(wrong)?;
    // Last, because what else is wrong says more.
    document.unbroken().map_err(wrong)?;
    Ok((document, plan))
}

/// Opens a saved plan to be applied, with clients for its accounts.
pub fn saved_plan(context: &Context<'_>, path: &Path, allow_removals: Option<usize>) -> PlanOutcome {
    match open_plan(path, context.platforms) {
        Ok((_, plan)) => reopen(context, plan, allow_removals),
        Err(why) => PlanOutcome::failed(why),
    }
}

/// The same for a plan that was kept in memory.
pub fn reopen(context: &Context<'_>, mut plan: Plan, allow_removals: Option<usize>) -> PlanOutcome {
    let enough = allow_removals.is_some_and(|allowed| allowed >= plan.summary.removals);
    plan.refusals.retain(|refusal| !(enough && refusal.code == Code::PLN001));
    let mut planned = PlanOutcome { plan, is_saved: true, ..PlanOutcome::default() };
    if !has_work(&planned) {
        return planned;
    }
    let (clients, missing) = connect(context, accounts_of(&planned.plan));
    planned.plan.errors.extend(missing.into_iter().map(|one| one.why));
    PlanOutcome { clients, ..planned }
}

/// Reads the accounts of a saved plan again. With `partial`, steps that are not stale can be sent although others are.
///
/// # Errors
/// An account could not be read: a sentence that names it.
pub async fn recheck(
    context: &Context<'_>,
    planned: &PlanOutcome,
    partial: bool,
) -> Result<StalenessCheck, String> {
    if !has_work(planned) {
        return Ok(StalenessCheck::default());
    }
    let partial = if partial { PartialApply::On } else { PartialApply::Available };
    staleness::check(context, &planned.plan, &planned.clients, partial).await
}

/// Whether there is something to send, and nothing that keeps it from being read again.
fn has_work(planned: &PlanOutcome) -> bool {
    !planned.plan.errored() && !planned.plan.is_empty()
}
