//! `schema`: the published JSON Schemas.
//! In: which. Out: draft-07, pretty, the same each time.

use trunkform::config;
use trunkform::render::document;

use super::exit::{Exit, Failure};
use super::output;
use crate::cli::{self, Of};

pub(super) fn run(args: &cli::Schema) -> Result<Exit, Failure> {
    let schema = match (args.of, args.editor) {
        (Of::Config, editor) => config::schema(editor),
        (Of::Plan, false) => document::schema(),
        (Of::Plan, true) => {
            return Err(Failure("`--editor` is for `schema config`: nobody edits a plan".into()));
        }
    };
    output::data(format!("{schema:#}\n").as_bytes())?;
    Ok(Exit::Done)
}
