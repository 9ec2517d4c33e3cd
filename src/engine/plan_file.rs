//! Saved plans.
//! In: a file that `plan --out` wrote, or that somebody made to look like one. Out: its document and its plan, checked.
//! Nothing is sent from a file that does not pass.

use std::path::Path;

use crate::model::Plan;
use crate::provider::{Platforms, Provider};
use crate::render::document::Document;

use super::user_file::read_text;

/// Reads a saved plan.
///
/// # Errors
/// A sentence with the path: the file can't be read, or it is no plan that can be used.
pub fn open_plan(path: &Path, platforms: Platforms) -> Result<(Document, Plan), String> {
    let text = read_text(path)?;
    let wrong = |why: String| format!("`{}` can't be used: {why}", path.display());
    let document = Document::parse(&text).map_err(wrong)?;
    let plan = document.plan(&|name| platforms(name).map(Provider::kinds)).map_err(wrong)?;
    // Last, because what else is wrong says more.
    document.unbroken().map_err(wrong)?;
    Ok((document, plan))
}
