//! `drift`: whether live still is as declared.
//! In: files and the live accounts. Out: what differs, and an exit code for a timer.
//! Has no means to write to a platform.

use std::time::Instant;

use trunkform::engine::{self, ConfigSource, DriftArgs, PlanOutcome};
use trunkform::explain;
use trunkform::model::{Drift, Noise, visible};
use trunkform::render::document::Document;
use trunkform::render::{drift, human};

use super::connect::connected;
use super::exit::{Exit, Failure};
use super::progress::StderrReporter;
use super::{clock, output, signals};
use crate::cli::{self, Watching};

pub(super) fn run(args: &cli::Drift) -> Result<Exit, Failure> {
    // Without a clock there is no plan either, and that says so.
    let now = clock::now().unwrap_or_default();
    let expired = args.ignore.iter().filter(|one| one.is_over(clock::day(now)));
    expired.for_each(counts_again);
    let drift_args = DriftArgs {
        at: args.at.clone(),
        ignore: args.ignore.clone(),
        unlisted: args.unlisted,
        every_resource: matches!(args.format, Watching::Json | Watching::Junit),
    };
    let begun = Instant::now();
    let show = |outcome: &PlanOutcome| {
        let drift = drift_args.drift_of(&outcome.plan, clock::day(now));
        let run = drift::Run { at: now.as_second(), took: begun.elapsed() };
        show(args.format, outcome, &drift, run)
    };
    let work = async {
        let source = ConfigSource::Paths(args.files.paths.clone());
        let outcome = connected(&args.live, &StderrReporter { quiet: true }, async |context| {
            engine::drift(context, source, &drift_args).await
        })
        .await;
        complaints(&outcome);
        show(&outcome)
    };
    signals::until_stopped(work, || {
        let outcome = output::interrupted_before_a_plan();
        complaints(&outcome);
        show(&outcome).map(drop)
    })
}

fn show(
    format: Watching,
    outcome: &PlanOutcome,
    drift: &Drift<'_>,
    run: drift::Run,
) -> Result<Exit, Failure> {
    match format {
        Watching::Json => output::data(document(outcome, drift).to_line().as_bytes())?,
        Watching::Junit => output::page(&drift::junit(drift))?,
        Watching::Prometheus => output::page(&drift::prometheus(drift, run))?,
        Watching::Human if output::nothing_but_errors(&outcome.plan) => {}
        Watching::Human => output::text(&human::drift(drift))?,
    }
    Ok(exit(drift))
}

/// What stops everything, and what only the live accounts show: of what the files show `validate` warns, not each tick of a timer.
fn complaints(outcome: &PlanOutcome) {
    let told =
        outcome.plan.diagnostics.iter().filter(|found| found.is_error() || explain::needs_live(found.code));
    output::diagnostics(&told.cloned().collect::<Vec<_>>(), &outcome.sources);
    output::beside_diagnostics(outcome);
}

fn counts_again(noise: &Noise) {
    if let Noise { pattern, until: Some(day) } = noise {
        output::note(&format!("`--ignore {}:{day}` is over: it counts again", visible(pattern.as_str())));
    }
}

fn document(outcome: &PlanOutcome, drift: &Drift<'_>) -> Document {
    let mut document = Document::new(&outcome.plan, &outcome.sources);
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
