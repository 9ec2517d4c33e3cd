//! `plan`: what apply would send.
//! In: files and the live accounts. Out: the plan, on stdout and with `--out` in a file.
//! Has no means to write to a platform.

use std::io::Write as _;
use std::path::Path;

use trunkform::engine::{self, ConfigSource, PlanArgs, PlanOutcome};
use trunkform::model::{Pattern, Plan};
use trunkform::render::document::Document;

use super::connect::connected;
use super::exit::{Exit, Failure};
use super::progress::StderrReporter;
use super::{output, signals};
use crate::cli::{self, PlanFormat};

pub(super) fn run(args: &cli::Plan) -> Result<Exit, Failure> {
    let work = async {
        let mut outcome = make(&args.files, &args.live, plan_args(args)).await;
        save(args.out.as_deref(), &mut outcome);
        show(&outcome, args.format, args.detailed_exitcode)
    };
    signals::until_stopped(work, || output::interrupted(args.format))
}

/// Saves the plan, where that was asked for; what goes wrong is in it.
pub(super) fn save(file: Option<&Path>, outcome: &mut PlanOutcome) {
    if let Some(Err(Failure(why))) = file.map(|file| write(file, outcome)) {
        outcome.plan.errors.push(why);
    }
}

/// Shows the plan, and what there is to say of it.
pub(super) fn show(
    outcome: &PlanOutcome,
    format: impl Into<PlanFormat>,
    detailed: bool,
) -> Result<Exit, Failure> {
    output::complaints(outcome);
    output::plan(outcome, format)?;
    let exit = exit(&outcome.plan, detailed);
    if exit == Exit::Refused {
        output::refusals(&outcome.plan);
    }
    Ok(exit)
}

/// Makes a plan; what goes wrong is in it.
pub(super) async fn make(files: &cli::Files, live: &cli::Live, args: PlanArgs) -> PlanOutcome {
    let source = ConfigSource::Paths(files.paths.clone());
    connected(live, &StderrReporter::default(), async |context| engine::plan(context, source, args).await)
        .await
}

fn plan_args(args: &cli::Plan) -> PlanArgs {
    let patterns = |texts: &[String]| texts.iter().map(|text| Pattern::new(text)).collect();
    PlanArgs {
        targets: patterns(&args.target),
        rotate: patterns(&args.rotate),
        since: args.since.clone(),
        allow_removals: args.allow_removals,
        every_resource: args.format == PlanFormat::Json || args.out.is_some(),
        ..PlanArgs::default()
    }
}

/// The file is there as a whole or not at all.
fn write(path: &Path, outcome: &PlanOutcome) -> Result<(), Failure> {
    engine::refuse_link(path).map_err(Failure)?;
    if !engine::may_write_to(path, "{\"format_version\"") {
        return Err(Failure(format!("`{}` is there and is no plan: it is not overwritten", path.display())));
    }
    let line = Document::new(&outcome.plan, &outcome.sources).to_line();
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let written = if path.exists() && !path.is_file() {
        std::fs::write(path, line)
    } else {
        tempfile::NamedTempFile::new_in(folder).and_then(|mut file| {
            file.write_all(line.as_bytes())?;
            file.as_file().sync_all()?;
            file.persist(path).map_err(|why| why.error).map(|_| ())
        })
    };
    written.map_err(|why| Failure(format!("the plan can't be saved to `{}`: {why}", path.display())))
}

fn exit(plan: &Plan, detailed: bool) -> Exit {
    if plan.has_errors() {
        Exit::Error
    } else if plan.errored() {
        Exit::Refused
    } else if detailed && !(plan.changes.is_empty() && plan.is_empty()) {
        Exit::Changes
    } else {
        Exit::Done
    }
}
