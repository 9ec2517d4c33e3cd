//! Journals, which anybody may have edited.
//! In: any bytes. Out: nothing; a panic where reading one, or planning the way back from it, goes wrong.
//! The accounts are empty: what a journal says was live is all there is.

use trunkform::model::{Sources, State};
use trunkform::planner::{self, Choices};
use trunkform::undo::Run;

use crate::shown;

/// The way back from the run of a journal, in every form.
pub fn undone(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let run = match Run::read("run.journal", text) {
        Ok(run) => run,
        Err(why) => {
            assert!(why.len() < 4096, "an error without an end: {} bytes", why.len());
            return;
        }
    };
    let differing = run.pasts().iter().map(|past| past.back(&State::default())).collect();
    let plan = planner::plan(differing, &Choices::default());
    shown::plan(&plan, &Sources::default());
}
