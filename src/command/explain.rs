//! `explain`: the long text of a diagnostic code.
//! In: a code, or none. Out: its text, or the list of all codes.

use trunkform::explain;
use trunkform::model::Code;

use super::exit::{Exit, Failure};
use super::output;
use crate::cli;

pub(super) fn run(args: &cli::Explain) -> Result<Exit, Failure> {
    let Some(code) = &args.code else {
        let line = |code: &Code| format!("{code}  {:<7}  {}\n", code.severity().as_str(), code.summary());
        output::text(&Code::ALL.iter().map(line).collect::<String>())?;
        return Ok(Exit::Done);
    };
    let known = Code::parse(&code.to_ascii_uppercase()).ok_or_else(|| unknown(code))?;
    output::text(&format!("{}\n", explain::explain(known).trim_end()))?;
    Ok(Exit::Done)
}

fn unknown(code: &str) -> Failure {
    let likeness = |known: &Code| strsim::jaro_winkler(known.as_str(), &code.to_ascii_uppercase());
    let nearest = Code::ALL.iter().max_by(|a, b| likeness(a).total_cmp(&likeness(b)));
    let hint = nearest.map(|known| format!("; did you mean {known}?")).unwrap_or_default();
    Failure(format!("there is no code `{code}`{hint} `trunkform explain` lists all"))
}
