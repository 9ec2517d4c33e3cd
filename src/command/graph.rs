//! `graph`: the steps of a plan, drawn.
//! In: files and the live accounts, or a saved plan. Out: Mermaid or DOT.
//! Has no means to write to a platform.

use trunkform::model::Plan;
use trunkform::render::graph;

use super::exit::{Exit, Failure};
use super::pipeline::Wishes;
use super::{output, plan, saved, signals};
use crate::cli::{self, Drawing, Format, Live};

pub(super) fn run(args: &cli::Graph) -> Result<Exit, Failure> {
    if let Some(file) = &args.plan {
        return draw(&saved::open(file)?.1, args.format);
    }
    let work = async {
        let made = plan::make(&args.files, &Live { sandbox: None }, Wishes::default()).await;
        output::complaints(&made);
        if made.plan.has_errors() {
            return Ok(Exit::Error);
        }
        draw(&made.plan, args.format)
    };
    signals::until_stopped(work, || output::interrupted(Format::Human))
}

fn draw(plan: &Plan, format: Drawing) -> Result<Exit, Failure> {
    output::data(
        match format {
            Drawing::Mermaid => graph::mermaid(plan),
            Drawing::Dot => graph::dot(plan),
        }
        .as_bytes(),
    )?;
    Ok(Exit::Done)
}
