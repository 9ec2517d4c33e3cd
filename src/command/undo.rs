//! `undo`: the plan back from a run.
//! In: the journal of the run and the live accounts. Out: a plan like any other, on stdout and with `--out` in a file.
//! Has no means to write to a platform.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use trunkform::model::Sources;
use trunkform::undo::Run;

use super::exit::{Exit, Failure};
use super::made::Made;
use super::pipeline::{self, Wishes};
use super::reach::Reach;
use super::wanted::Wanted;
use super::{clock, output, plan, signals};
use crate::cli::{self, Format};

/// A larger file is no journal: that of a run over a hundred thousand numbers has a quarter of it.
const LARGEST: u64 = 512 << 20;

pub(super) fn run(args: &cli::Undo) -> Result<Exit, Failure> {
    let work = async {
        let mut made = make(args).await.unwrap_or_else(Made::failed);
        plan::saved(args.out.as_deref(), &mut made);
        plan::told(&made, args.format, false)
    };
    signals::until_stopped(work, || output::interrupted(args.format))
}

async fn make(args: &cli::Undo) -> Result<Made, Failure> {
    let (name, text) = (args.journal.display().to_string(), read(&args.journal)?);
    let mut run = Run::read(&name, &text).map_err(Failure)?;
    let mut sources = Sources::default();
    sources.insert(&name.as_str().into(), &text);
    let notes = std::mem::take(&mut run.notes);
    let wishes = Wishes {
        allow_removals: args.allow_removals,
        every_resource: args.format == Format::Json || args.out.is_some(),
        all_or_none: true,
        ..Wishes::default()
    };
    let choices = pipeline::choices(wishes.clone(), clock::now()?);
    let reach = Reach::open(&args.live).await?;
    let mut made = pipeline::of(&Wanted::Back(run), &reach, (&choices, wishes.all_or_none)).await;
    made.plan.diagnostics.splice(0..0, notes);
    made.sources = sources;
    if let Err(Failure(why)) = reach.close().await {
        made.plan.errors.push(why);
    }
    Ok(made)
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
