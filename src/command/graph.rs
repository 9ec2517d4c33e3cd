//! `graph`: the steps of a plan, drawn.
//! In: files and the live accounts, or a saved plan. Out: Mermaid or DOT.
//! Has no means to write to a platform.

use trunkform::engine::{self, PlanArgs};
use trunkform::model::Plan;
use trunkform::provider;
use trunkform::render::graph;

use super::exit::{Exit, Failure};
use super::{output, plan, signals};
use crate::cli::{self, Drawing, Format, Live};

pub(super) fn run(args: &cli::Graph) -> Result<Exit, Failure> {
    if let Some(file) = &args.plan {
        let (_, plan) = engine::open_plan(file, provider::get).map_err(Failure)?;
        return draw(&plan, args.format);
    }
    let work = async {
        let outcome = plan::make(&args.files, &Live { sandbox: None }, PlanArgs::default()).await;
        output::complaints(&outcome);
        if outcome.plan.has_errors() {
            return Ok(Exit::Error);
        }
        draw(&outcome.plan, args.format)
    };
    signals::until_stopped(work, || output::interrupted(Format::Human))
}

fn draw(plan: &Plan, format: Drawing) -> Result<Exit, Failure> {
    output::page(&match format {
        Drawing::Mermaid => graph::mermaid(plan),
        Drawing::Dot => graph::dot(plan),
    })?;
    Ok(Exit::Done)
}
