//! Whether the live accounts still are as declared.
//! In: a configuration, what counts as noise. Out: the plan that would bring them back, and what of it is drift.
//! Has no means to write to a platform.

use crate::model::{Drift, Pattern};

use super::args::{ConfigSource, DriftArgs, PlanArgs};
use super::context::Context;
use super::outcome::PlanOutcome;
use super::plan::plan;

/// A plan, and what of it does not count as drift.
pub struct DriftOutcome {
    /// The plan that would bring the accounts back.
    pub outcome: PlanOutcome,
    /// What is ignored today.
    ignored: Vec<Pattern>,
    with_unlisted: bool,
}

impl DriftOutcome {
    /// A drift of a plan that was made, or that could not be made.
    pub fn new(outcome: PlanOutcome, args: &DriftArgs, today: jiff::civil::Date) -> Self {
        Self { outcome, ignored: ignored_on(args, today), with_unlisted: args.unlisted }
    }

    /// What differs and counts.
    pub fn drift(&self) -> Drift<'_> {
        Drift::of(&self.outcome.plan, &self.ignored, self.with_unlisted)
    }
}

/// Compares what files declare with what is live.
pub async fn drift(context: &Context<'_>, source: ConfigSource, args: &DriftArgs) -> DriftOutcome {
    let ignore = ignored_on(args, context.today());
    let plan_args =
        PlanArgs { every_resource: args.every_resource, at: args.at.clone(), ignore, ..PlanArgs::default() };
    let outcome = plan(context, source, plan_args).await;
    DriftOutcome::new(outcome, args, context.today())
}

/// The patterns that have not expired.
fn ignored_on(args: &DriftArgs, today: jiff::civil::Date) -> Vec<Pattern> {
    let current = args.ignore.iter().filter(|one| !one.is_over(today));
    current.map(|one| one.pattern.clone()).collect()
}
