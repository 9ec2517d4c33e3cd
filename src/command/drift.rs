//! `drift`: whether live still is as declared.
//! In: files and the live accounts. Out: what differs, and an exit code for a timer.
//! Has no means to write to a platform.

use std::time::Instant;

use trunkform::explain;
use trunkform::model::{Drift, Noise, Pattern, visible};
use trunkform::render::document::Document;
use trunkform::render::{drift, human};

use super::exit::{Exit, Failure};
use super::made::Made;
use super::pipeline::Wishes;
use super::{clock, output, plan, signals};
use crate::cli::{self, Watching};

pub(super) fn run(args: &cli::Drift) -> Result<Exit, Failure> {
    // Without a clock there is no plan either, and that says so.
    let now = clock::now().unwrap_or_default();
    let (over, noise): (Vec<_>, Vec<_>) = args.ignore.iter().partition(|one| one.is_over(clock::day(now)));
    over.into_iter().for_each(counts_again);
    let noise: Vec<Pattern> = noise.into_iter().map(|one| one.pattern.clone()).collect();
    let begun = Instant::now();
    let show = |made: &Made| {
        let drift = Drift::of(&made.plan, &noise, args.unlisted);
        let run = drift::Run { at: now.as_second(), took: begun.elapsed() };
        match args.format {
            Watching::Json => output::data(document(made, &drift).to_line().as_bytes())?,
            Watching::Junit => output::data(drift::junit(&drift).as_bytes())?,
            Watching::Prometheus => output::data(drift::prometheus(&drift, run).as_bytes())?,
            Watching::Human if output::nothing_but_errors(&made.plan) => {}
            Watching::Human => output::text(&human::drift(&drift))?,
        }
        Ok(exit(&drift))
    };
    let every_resource = matches!(args.format, Watching::Json | Watching::Junit);
    let work = async {
        let (at, ignore) = (args.at.clone(), noise.clone());
        let wishes = Wishes { every_resource, at, ignore, quiet: true, ..Wishes::default() };
        let made = plan::make(&args.files, &args.live, wishes).await;
        complaints(&made);
        show(&made)
    };
    signals::until_stopped(work, || {
        let made = output::interrupted_before_a_plan();
        complaints(&made);
        show(&made).map(drop)
    })
}

/// What stops everything, and what only the live accounts show: of what the files show `validate` warns, not each tick of a timer.
fn complaints(made: &Made) {
    let told =
        made.plan.diagnostics.iter().filter(|found| found.is_error() || explain::needs_live(found.code));
    output::diagnostics(&told.cloned().collect::<Vec<_>>(), &made.sources);
    output::beside_diagnostics(made);
}

fn counts_again(noise: &Noise) {
    if let Noise { pattern, until: Some(day) } = noise {
        output::note(&format!("`--ignore {}:{day}` is over: it counts again", visible(pattern.as_str())));
    }
}

fn document(made: &Made, drift: &Drift<'_>) -> Document {
    let mut document = Document::new(&made.plan, &made.sources);
    document.trunkform.ignored = drift.ignored.iter().map(ToString::to_string).collect();
    // The seal is over all that the document says.
    document.sealed()
}

fn exit(drift: &Drift<'_>) -> Exit {
    if drift.plan.has_errors() {
        Exit::Error
    } else if drift.is_some() {
        Exit::Changes
    } else {
        Exit::Done
    }
}
