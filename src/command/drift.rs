//! `drift`: whether live still is as declared.
//! In: files and the live accounts. Out: what differs, and an exit code for a timer.
//! Has no means to write to a platform.

use trunkform::render::human;

use super::exit::{Exit, Failure};
use super::made::Made;
use super::pipeline::Wishes;
use super::{output, plan, signals};
use crate::cli::{self, Format};

pub(super) fn run(args: &cli::Drift) -> Result<Exit, Failure> {
    let wishes = Wishes { every_resource: args.format == Format::Json, ..Wishes::default() };
    let work = async {
        let made = plan::make(&args.files, &args.live, wishes).await;
        output::complaints(&made);
        match args.format {
            Format::Json => output::plan(&made, Format::Json)?,
            Format::Human if output::nothing_but_errors(&made.plan) => {}
            Format::Human => output::text(&human::drift(&made.plan, args.unlisted))?,
        }
        Ok(exit(&made, args.unlisted))
    };
    signals::until_stopped(work, || output::interrupted(args.format))
}

fn exit(made: &Made, with_unlisted: bool) -> Exit {
    let plan = &made.plan;
    if plan.has_errors() {
        Exit::Error
    } else if !plan.changes.is_empty() || (with_unlisted && !plan.unlisted.is_empty()) {
        Exit::Changes
    } else {
        Exit::Done
    }
}
