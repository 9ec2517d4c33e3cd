//! A plan with what it was made from.
//! In: what planning gave. Out: the same for those who show it and for those who send it.
//! Makes nothing itself.

use crate::apply::SecretFiles;
use crate::model::{Plan, Sources};

use super::account_client::AccountClient;
use super::address_arg::ResolvedSubject;
use super::staleness::{BlockedSteps, StalenessCheck};

/// A plan with what it was made from. What kept it from being complete is in the plan.
#[derive(Clone, Default)]
pub struct PlanOutcome {
    /// The plan.
    pub plan: Plan,
    /// The texts of the files, for messages.
    pub sources: Sources,
    /// Where the files of its secrets are.
    pub secret_files: SecretFiles,
    /// The clients of its accounts.
    pub clients: Vec<AccountClient>,
    /// Remarks on the command line that are no errors.
    pub notes: Vec<String>,
    /// The resource that `why` asked about.
    pub subject: Option<ResolvedSubject>,
    /// Whether the plan was saved, so that it has to be whole.
    pub is_saved: bool,
    /// The steps that `apply` leaves out because something is stale.
    pub blocked: BlockedSteps,
    /// A sentence about those.
    pub blocked_note: Option<String>,
}

/// Why a plan can't be applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Obstacle {
    /// It has errors.
    Errors,
    /// It is refused.
    Refusals,
}

impl PlanOutcome {
    /// A plan that could not even be begun.
    pub fn failed(why: String) -> Self {
        Self { plan: Plan { errors: vec![why], ..Plan::default() }, ..Self::default() }
    }

    /// The same with what another reading of its accounts has shown.
    #[must_use]
    pub fn with_recheck(mut self, check: Result<StalenessCheck, String>) -> Self {
        match check {
            Ok(StalenessCheck { refusals, blocked, note }) => {
                self.plan.refusals.extend(refusals);
                Self { blocked, blocked_note: note, ..self }
            }
            Err(why) => {
                self.plan.errors.push(why);
                self
            }
        }
    }

    /// Why the plan can't be applied, if so. An account that could not be read is no reason to leave out the steps of the others, if they have some;
    /// but a saved plan must be whole.
    pub fn obstacle(&self) -> Option<Obstacle> {
        let plan = &self.plan;
        let partial = !self.is_saved && plan.lacks_only_accounts() && !plan.changes.is_empty();
        match (plan.has_errors() && !partial, plan.refusals.is_empty()) {
            (true, _) => Some(Obstacle::Errors),
            (false, false) => Some(Obstacle::Refusals),
            (false, true) => None,
        }
    }
}
