//! `plan`: what apply would send.
//! In: files and the live accounts. Out: the plan, on stdout and with `--out` in a file.
//! Has no means to write to a platform.

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::path::Path;

use trunkform::model::{Pattern, Plan};
use trunkform::render::document::Document;

use super::exit::{Exit, Failure};
use super::made::Made;
use super::pipeline::{self, Wishes};
use super::reach::Reach;
use super::{output, signals};
use crate::cli::{self, PlanFormat};

pub(super) fn run(args: &cli::Plan) -> Result<Exit, Failure> {
    let work = async {
        let mut made = make(&args.files, &args.live, wishes(args)).await;
        saved(args.out.as_deref(), &mut made);
        told(&made, args.format, args.detailed_exitcode)
    };
    signals::until_stopped(work, || output::interrupted(args.format))
}

/// Saves the plan, where that was asked for; what goes wrong is in it.
pub(super) fn saved(file: Option<&Path>, made: &mut Made) {
    if let Some(Err(Failure(why))) = file.map(|file| save(file, made)) {
        made.plan.errors.push(why);
    }
}

/// Shows the plan, and what there is to say of it.
pub(super) fn told(made: &Made, format: impl Into<PlanFormat>, detailed: bool) -> Result<Exit, Failure> {
    output::complaints(made);
    output::plan(made, format)?;
    let exit = exit(&made.plan, detailed);
    if exit == Exit::Refused {
        output::refusals(&made.plan);
    }
    Ok(exit)
}

/// Makes a plan and lets go of the accounts; what goes wrong is in it.
pub(super) async fn make(files: &cli::Files, live: &cli::Live, wishes: Wishes) -> Made {
    let mut reach = match Reach::open(live).await {
        Ok(reach) => reach,
        Err(why) => return Made::failed(why),
    };
    reach.quiet = wishes.quiet;
    let mut made = pipeline::make(&files.paths, &reach, wishes).await;
    if let Err(Failure(why)) = reach.close().await {
        made.plan.errors.push(why);
    }
    made
}

fn wishes(args: &cli::Plan) -> Wishes {
    let patterns = |texts: &[String]| texts.iter().map(|text| Pattern::new(text)).collect();
    Wishes {
        targets: patterns(&args.target),
        rotate: patterns(&args.rotate),
        since: args.since.clone(),
        allow_removals: args.allow_removals,
        every_resource: args.format == PlanFormat::Json || args.out.is_some(),
        ..Wishes::default()
    }
}

/// The file is there as a whole or not at all.
fn save(path: &Path, made: &Made) -> Result<(), Failure> {
    if !begins_with(path, "{\"format_version\"") {
        return Err(Failure(format!("`{}` is there and is no plan: it is not overwritten", path.display())));
    }
    let line = Document::new(&made.plan, &made.sources).to_line();
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

/// Whether a file is what we write, told by how it begins; so is one that is not there, or empty, or no file at all but a device.
pub(super) fn begins_with(path: &Path, start: &str) -> bool {
    if !path.is_file() {
        return true;
    }
    let mut first = Vec::new();
    let read = File::open(path).and_then(|file| file.take(start.len() as u64).read_to_end(&mut first));
    // What can't be read can't be written either, and that says why.
    read.is_err() || first.is_empty() || first == start.as_bytes()
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
