//! Why a draft is rejected.
//! In: nothing. Out: the nouns that the judge returns and the next draft is made with.
//! Decides nothing.

use crate::model::Diagnostic;

/// The part of a draft that a rejection is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ItemRef {
    pub(super) item: usize,
    /// An attribute that can be left out alone.
    pub(super) attribute: Option<&'static str>,
}

/// One reason to reject a draft.
pub(super) struct Rejection {
    /// None if it is about the file as a whole.
    pub(super) at: Option<ItemRef>,
    /// A code and a sentence; empty if nobody needs to know.
    pub(super) why: String,
    pub(super) diagnostic: Diagnostic,
}
