//! What became of a plan's steps.
//! Made by the executor, read by the renderers and the exit code.
//! Holds no bodies and no secrets.

use std::collections::BTreeMap;

use super::address::Address;
use super::step::Step;

/// What became of one step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// Answered as expected.
    Done,
    /// Refused, or never reached the platform.
    Failed,
    /// Not sent, because a step that it waits on was not done, or because the run was interrupted, or because it was held.
    Skipped,
    /// Sent, and the answer was lost: it may or may not have taken effect.
    Uncertain,
}

/// One step of the report.
#[derive(Clone, Debug)]
pub struct StepReport {
    /// The step's id in the plan.
    pub id: u32,
    /// What it is about.
    pub address: Address,
    /// What it does.
    pub verb: String,
    /// What became of it.
    pub outcome: Outcome,
    /// The HTTP status, where there was an answer.
    pub status: Option<u16>,
    /// What went wrong, with method, path, status and the platform's own words.
    pub error: Option<String>,
    /// For a skipped step: why.
    pub because: Option<String>,
}

impl StepReport {
    /// A step that ended so, with nothing said of why.
    pub fn new(step: &Step, outcome: Outcome) -> Self {
        let (address, verb) = (step.address.clone(), step.verb.clone());
        Self { id: step.id, address, verb, outcome, status: None, error: None, because: None }
    }
}

/// What became of a plan.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// All steps, in the order of the plan.
    pub steps: Vec<StepReport>,
    /// Whether a signal stopped the run.
    pub interrupted: bool,
}

impl Report {
    /// The report of all steps of a plan, made from that of those that were not held; `held` says why each of the others was.
    #[must_use]
    pub fn with_held(mut self, steps: &[Step], mut held: BTreeMap<u32, String>) -> Self {
        let held = steps.iter().filter_map(|step| {
            let because = Some(held.remove(&step.id)?);
            Some(StepReport { because, ..StepReport::new(step, Outcome::Skipped) })
        });
        self.steps.extend(held);
        self.steps.sort_by_key(|step| step.id);
        self
    }

    /// Whether every step was done.
    pub fn converged(&self) -> bool {
        self.steps.iter().all(|step| step.outcome == Outcome::Done)
    }

    /// How many steps ended so.
    pub fn count(&self, outcome: Outcome) -> usize {
        self.steps.iter().filter(|step| step.outcome == outcome).count()
    }
}
