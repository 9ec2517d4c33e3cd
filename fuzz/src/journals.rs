//! Journals, which anybody may have edited.
//! In: any bytes. Out: nothing; a panic where reading one, or planning the way back from it, goes wrong.
//! The accounts are empty: what a journal says was live is all there is.

use crate::{empty_accounts, shown};

/// The way back from the run of a journal, in every form.
pub fn undone(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let outcome = empty_accounts::undo(text);
    for error in &outcome.plan.errors {
        assert!(error.len() < 4096, "an error without an end: {} bytes", error.len());
    }
    shown::plan(&outcome.plan, &outcome.sources);
}
