//! `show`: a saved plan once more.
//! In: the file. Out: the same that `plan` printed when it was made.
//! Asks no platform.

use super::exit::{Exit, Failure};
use super::made::Made;
use super::{output, saved};
use crate::cli::{self, PlanFormat};

pub(super) fn run(args: &cli::Show) -> Result<Exit, Failure> {
    match (saved::open(&args.file), args.format) {
        (Ok((document, _)), PlanFormat::Json) => output::data(document.to_line().as_bytes())?,
        (Ok((_, plan)), format) => {
            let made = Made { plan, ..Made::default() };
            output::complaints(&made);
            output::plan(&made, format)?;
        }
        (Err(why), format) => {
            let made = Made::failed(why);
            output::complaints(&made);
            output::plan(&made, format)?;
            return Ok(Exit::Error);
        }
    }
    Ok(Exit::Done)
}
