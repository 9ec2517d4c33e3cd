//! `why`: why a plan touches a resource, or why it leaves it alone.
//! In: an address, and files with the live accounts, or a saved plan. Out: the explanation.
//! Has no means to write to a platform.

use trunkform::engine::{self, PlanArgs, ResolvedSubject};
use trunkform::model::{Plan, Sources};
use trunkform::provider;
use trunkform::render::why;

use super::exit::{Exit, Failure};
use super::{output, plan, signals};
use crate::cli::{self, Format};

pub(super) fn run(args: &cli::Why) -> Result<Exit, Failure> {
    if let Some(file) = &args.plan {
        let (_, plan) = engine::open_plan(file, provider::get).map_err(Failure)?;
        return print(&plan, engine::find_in_plan(&args.address, &plan), &Sources::default());
    }
    let work = async {
        let plan_args = PlanArgs { why: Some(args.address.clone()), ..PlanArgs::default() };
        let outcome = plan::make(&args.files, &args.live, plan_args).await;
        output::complaints(&outcome);
        match outcome.subject {
            Some(subject) if !outcome.plan.has_errors() => print(&outcome.plan, subject, &outcome.sources),
            _ => Ok(Exit::Error),
        }
    };
    signals::until_stopped(work, || output::interrupted(Format::Human))
}

fn print(plan: &Plan, subject: ResolvedSubject, sources: &Sources) -> Result<Exit, Failure> {
    let subject = subject.map_err(Failure)?;
    output::text(&why::why(plan, &subject, sources))?;
    Ok(Exit::Done)
}
