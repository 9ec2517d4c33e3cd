//! `show`: a saved plan once more.
//! In: the file. Out: the same that `plan` printed when it was made.
//! Asks no platform.

use trunkform::engine::{PlanOutcome, open_plan};
use trunkform::provider;

use super::exit::{Exit, Failure};
use super::output;
use crate::cli::{self, PlanFormat};

pub(super) fn run(args: &cli::Show) -> Result<Exit, Failure> {
    match (open_plan(&args.file, provider::get), args.format) {
        (Ok((document, _)), PlanFormat::Json) => output::data(document.to_line().as_bytes())?,
        (Ok((_, plan)), format) => {
            let outcome = PlanOutcome { plan, ..PlanOutcome::default() };
            output::complaints(&outcome);
            output::plan(&outcome, format)?;
        }
        (Err(why), format) => {
            let outcome = PlanOutcome::failed(why);
            output::complaints(&outcome);
            output::plan(&outcome, format)?;
            return Ok(Exit::Error);
        }
    }
    Ok(Exit::Done)
}
