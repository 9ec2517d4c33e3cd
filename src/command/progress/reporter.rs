//! The reporter of the command line.
//! In: the accounts that are read, the steps that are sent. Out: their progress, on stderr.
//! Decides which progress; each has a file of its own.

use trunkform::engine::{AccountClient, Progress, Reporter};
use trunkform::model::{Plan, Step};

use super::{apply, read};

/// Reports on stderr.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::command) struct StderrReporter {
    /// Whether the log gets no lines about reading accounts.
    pub(in crate::command) quiet: bool,
}

impl Reporter for StderrReporter {
    fn reading<'a>(&self, accounts: &'a [AccountClient]) -> Box<dyn Progress + 'a> {
        read::progress(accounts, self.quiet)
    }

    fn applying<'a>(
        &self,
        plan: &Plan,
        steps: &[Step],
        accounts: &'a [AccountClient],
    ) -> Box<dyn Progress + 'a> {
        Box::new(apply::ApplyProgress::new(steps, plan, accounts))
    }
}
