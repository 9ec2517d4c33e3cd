//! Plans that were saved.
//! In: a file that `plan --out` wrote, or that somebody made to look like one. Out: its document and its plan, checked.
//! Nothing is sent from a file that does not pass.

use std::path::Path;

use trunkform::model::{Kinds, Plan};
use trunkform::provider;
use trunkform::render::document::Document;

use super::exit::Failure;
use super::reach;

/// Reads a saved plan.
pub(super) fn open(path: &Path) -> Result<(Document, Plan), Failure> {
    let text = reach::read(path)?;
    let wrong = |why: String| Failure(format!("`{}` can't be used: {why}", path.display()));
    let document = Document::parse(&text).map_err(wrong)?;
    let plan = document.plan(&kinds_of).map_err(wrong)?;
    // Last, because what else is wrong says more.
    document.unbroken().map_err(wrong)?;
    Ok((document, plan))
}

/// What the kinds of a platform allow.
pub(super) fn kinds_of(platform: &str) -> Option<&'static Kinds> {
    provider::get(platform).map(provider::Provider::kinds)
}
