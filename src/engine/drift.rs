//! Whether the live accounts still are as declared.
//! In: a configuration, what counts as noise. Out: the plan that would bring them back, and what of it is drift.
//! Has no means to write to a platform.

use jiff::civil::Date;

use crate::model::{Drift, Pattern, Plan};

use super::args::{ConfigSource, DriftArgs, PlanArgs};
use super::context::Context;
use super::outcome::PlanOutcome;
use super::plan::plan;

/// Plans what would bring the live accounts back to what files declare; [`DriftArgs::drift_of`] says what of the plan is drift.
pub async fn drift(context: &Context<'_>, source: ConfigSource, args: &DriftArgs) -> PlanOutcome {
    let plan_args = PlanArgs {
        every_resource: args.every_resource,
        at: args.at.clone(),
        ignore: args.ignored_on(context.today()),
        ..PlanArgs::default()
    };
    plan(context, source, plan_args).await
}

impl DriftArgs {
    /// What of a plan differs and counts on this day.
    pub fn drift_of<'p>(&self, plan: &'p Plan, today: Date) -> Drift<'p> {
        Drift::of(plan, &self.ignored_on(today), self.unlisted)
    }

    /// The patterns that have not expired.
    fn ignored_on(&self, today: Date) -> Vec<Pattern> {
        let current = self.ignore.iter().filter(|one| !one.is_over(today));
        current.map(|one| one.pattern.clone()).collect()
    }
}
