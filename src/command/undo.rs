//! `undo`: the plan back from a run.
//! In: the journal of the run and the live accounts. Out: a plan like any other, on stdout and with `--out` in a file.
//! Has no means to write to a platform.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use trunkform::engine::{self, PlanArgs, PlanOutcome};

use super::connect::connected;
use super::exit::{Exit, Failure};
use super::progress::StderrReporter;
use super::{output, plan, signals};
use crate::cli::{self, Format};

/// A larger file is no journal: that of a run over a hundred thousand numbers has a quarter of it.
const LARGEST: u64 = 512 << 20;

pub(super) fn run(args: &cli::Undo) -> Result<Exit, Failure> {
    let work = async {
        let mut outcome = make(args).await;
        plan::save(args.out.as_deref(), &mut outcome);
        plan::show(&outcome, args.format, false)
    };
    signals::until_stopped(work, || output::interrupted(args.format))
}

async fn make(args: &cli::Undo) -> PlanOutcome {
    let name = args.journal.display().to_string();
    let text = match read(&args.journal) {
        Ok(text) => text,
        Err(Failure(why)) => return PlanOutcome::failed(why),
    };
    let plan_args = PlanArgs {
        allow_removals: args.allow_removals,
        every_resource: args.format == Format::Json || args.out.is_some(),
        ..PlanArgs::default()
    };
    connected(&args.live, &StderrReporter::default(), async |context| {
        engine::undo(context, (&name, &text), &plan_args).await
    })
    .await
}

/// The text of a journal, unless it is larger than any.
fn read(path: &Path) -> Result<String, Failure> {
    let mut text = String::new();
    let read = File::open(path).and_then(|file| file.take(LARGEST + 1).read_to_string(&mut text));
    match read {
        Err(why) => Err(Failure(format!("`{}` can't be read: {why}", path.display()))),
        Ok(_) if text.len() as u64 > LARGEST => {
            Err(Failure(format!("`{}` is larger than 512 MiB: it is no journal", path.display())))
        }
        Ok(_) => Ok(text),
    }
}
