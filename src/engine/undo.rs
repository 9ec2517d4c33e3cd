//! The plan back from a run.
//! In: the text of the run's journal. Out: a plan like any other.
//! Has no means to write to a platform.

use crate::model::Sources;
use crate::undo::Run;

use super::args::PlanArgs;
use super::context::Context;
use super::desired_source::DesiredSource;
use super::outcome::PlanOutcome;
use super::plan::plan_desired;

/// Plans the way back from the last run of a journal; `name` is the path that messages show.
/// No account is read where one of them has no connection.
pub async fn undo(context: &Context<'_>, (name, text): (&str, &str), args: &PlanArgs) -> PlanOutcome {
    let mut run = match Run::read(name, text, context.platforms) {
        Ok(run) => run,
        Err(why) => return PlanOutcome::failed(why),
    };
    let notes = std::mem::take(&mut run.notes);
    let mut outcome = plan_desired(context, &DesiredSource::Undo(run), (&args.choices(context), true)).await;
    outcome.plan.diagnostics.splice(0..0, notes);
    outcome.sources = Sources::default();
    outcome.sources.insert(&name.into(), text);
    outcome
}
