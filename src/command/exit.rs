//! How a run ends.
//! The numbers are a promise, the same for every command and format, and they never overlap.
//! A failure is a sentence for the user; it always ends with 1.

/// The exit codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Done, or in sync.
    Done = 0,
    /// Usage, configuration, network, authentication; nothing was sent.
    Error = 1,
    /// Changes or drift.
    Changes = 2,
    /// Limits, protection, a stale plan; nothing was sent.
    Refused = 3,
    /// Some steps failed, were skipped or are uncertain.
    Incomplete = 4,
    /// What was under way is finished, the rest not started.
    Interrupted = 130,
}

impl Exit {
    pub(crate) fn code(self) -> i32 {
        self as i32
    }
}

/// Why a command could not do its work.
#[derive(Debug)]
pub(super) struct Failure(pub(super) String);

impl From<String> for Failure {
    fn from(why: String) -> Self {
        Self(why)
    }
}
