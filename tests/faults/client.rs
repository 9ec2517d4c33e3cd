//! One client: the pipeline as `apply` runs it, inside this process, with requests over real HTTP.
//! In: where the sandbox is, a scenario, how patient the client is. Out: a plan, what was sent of it.
//! A future of it that is dropped is a client that was killed.

use std::path::PathBuf;
use std::time::Duration;

use trunkform::api::{Api, Bounds};
use trunkform::engine::{ConfigSource, PlanArgs, PlanOutcome};
use trunkform::model::{Plan, Report};

use crate::sandbox_transport::SandboxTransport;
use crate::scenario::Scenario;
use crate::worlds::Case;

/// How a client of the search takes what goes wrong.
#[derive(Clone, Copy, Debug)]
pub struct Manner {
    /// How often one request is tried.
    pub tries: u32,
    /// How long one request may take.
    pub answer: Duration,
    /// Requests at a time.
    pub workers: usize,
    /// For how many seconds at most a list is read again until it shows something.
    pub patience: u32,
}

impl Manner {
    /// A client that is in no hurry.
    pub fn calm(scenario: &Scenario) -> Self {
        Self { tries: 4, answer: Bounds::default().answer, workers: 1, patience: scenario.patience() }
    }
}

pub struct Client<'a> {
    pub scenario: &'a Scenario,
    /// The sandbox.
    pub base: String,
    pub manner: Manner,
    pub journal: PathBuf,
    /// Whether what `--rotate` names is sent again.
    pub rotates: bool,
}

impl Client<'_> {
    fn transport(&self) -> SandboxTransport<'_> {
        let bounds = Bounds {
            backoff: Duration::from_millis(1),
            longest_pause: Duration::from_millis(1),
            tries: self.manner.tries,
            answer: self.manner.answer,
            ..Bounds::default()
        };
        let (base, cases) = (self.base.clone(), &self.scenario.cases[..]);
        SandboxTransport { base, cases, bounds, patience: self.manner.patience }
    }

    /// A connection to the account of a case.
    pub fn api(&self, case: &Case) -> Api {
        self.transport().api(case)
    }

    /// The plan of the accounts that could be read.
    pub async fn plan(&self) -> PlanOutcome {
        let rotate = if self.rotates { self.scenario.rotate.clone() } else { Vec::new() };
        let source = ConfigSource::Loaded(Box::new((*self.scenario.checked).clone()));
        self.transport().plan(source, PlanArgs { rotate, ..PlanArgs::default() }).await
    }

    /// Sends the plan's requests, if nothing speaks against it.
    pub async fn apply(&self, planned: PlanOutcome) -> Report {
        self.transport().apply(planned, self.manner.workers, Some(self.journal.clone())).await
    }
}

/// Whether `apply` would send the plan: an account that could not be read leaves the others as they are.
pub fn may_be_sent(plan: &Plan) -> bool {
    let is_whole = !plan.has_errors() || plan.lacks_only_accounts();
    is_whole && plan.refusals.is_empty()
}
