//! `validate`: files against the schema and the rules.
//! In: files. Out: every complaint at once.
//! Offline: needs no token and asks no platform.

use trunkform::config::{self, Checked, Policy};
use trunkform::model::{Code, Diagnostic, Severity};
use trunkform::render::diagnostics;
use trunkform::render::document::one_line;

use super::exit::{Exit, Failure};
use super::{clock, environment, output};
use crate::cli::{self, Findings};

pub(super) fn run(args: &cli::Validate) -> Result<Exit, Failure> {
    let today = clock::day(clock::now()?);
    let Checked { sources, diagnostics, .. } = match environment::secret_names() {
        Ok(secret_names) => config::load(&args.files.paths, Policy { today, secret_names }),
        Err(Failure(why)) => {
            Checked { diagnostics: vec![Diagnostic::new(Code::CFG012, why)], ..Checked::default() }
        }
    };
    let worst = if args.strict { Severity::Warning } else { Severity::Error };
    match args.format {
        Findings::Json => output::data(one_line(&diagnostics::json(&diagnostics, &sources)).as_bytes())?,
        Findings::Github => output::commands(&diagnostics::github(&diagnostics, &sources))?,
        Findings::Sarif => output::data(one_line(&diagnostics::sarif(&diagnostics, &sources)).as_bytes())?,
        Findings::Junit => output::page(&diagnostics::junit(&diagnostics, &sources, worst))?,
        Findings::Human if diagnostics.is_empty() => output::text("Valid: no errors, no warnings.\n")?,
        Findings::Human => {
            let colour = output::wants_colour(&std::io::stdout());
            output::text(&diagnostics::human(&diagnostics, &sources, colour))?;
        }
    }
    Ok(if diagnostics.iter().any(|found| found.severity <= worst) { Exit::Error } else { Exit::Done })
}
