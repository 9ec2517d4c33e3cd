//! Live accounts with a file for each, and the pipeline run on them inside this process.
#![allow(dead_code, unreachable_pub, reason = "each test file uses its own part")]

use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use serde_json::{Value as Json, json};
use trunkform::api::{Bounds, Writer};
use trunkform::engine::{AccountClient, ConfigSource, PlanArgs, PlanOutcome};
use trunkform::model::{Plan, Report};

use crate::sandbox_transport::SandboxTransport;
use crate::support::Live;
use crate::worlds::Case;
use crate::worlds::seen::Seen;

/// Accounts with a file for each.
pub struct Estate {
    pub live: Live,
    pub folder: tempfile::TempDir,
    /// How often one request is tried.
    pub tries: u32,
    pub cases: Vec<Case>,
    /// For how many seconds at most a list is read again until it shows something.
    pub patience: u32,
    /// Whether runs are written down; not where there are many: each line waits for the disk.
    pub has_journal: bool,
    /// How the platforms behave, beside the faults of a test.
    pub switches: Vec<&'static str>,
    /// The clients of the last plan.
    pub clients: Mutex<Vec<AccountClient>>,
}

impl Estate {
    /// One account.
    pub fn of(case: &Case) -> Self {
        Self::with(std::slice::from_ref(case), &[])
    }

    /// Several accounts on platforms that behave in certain ways.
    pub fn with(cases: &[Case], switches: &[&'static str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut seed = json!({});
        for case in cases {
            let file = folder.path().join(format!("{}.yaml", case.account));
            std::fs::write(file, case.file_text()).unwrap();
            let name = case.platform.name();
            match case.world {
                "" => seed[name] = case.live.clone(),
                world => seed[world][name] = case.live.clone(),
            }
        }
        let estate = Self {
            live: Live::start(seed),
            folder,
            tries: 4,
            patience: u32::MAX,
            has_journal: false,
            cases: cases.to_vec(),
            switches: switches.to_vec(),
            clients: Mutex::default(),
        };
        estate.disturb(None);
        estate
    }

    /// Sets one fault beside the switches, or takes it away.
    pub fn disturb(&self, fault: Option<&str>) {
        let faults: Vec<&str> = self.switches.iter().copied().chain(fault).collect();
        self.live.fault(&faults);
    }

    /// The platforms behave as they usually do from here on.
    pub fn switch_off(&mut self) {
        self.switches.clear();
        self.disturb(None);
    }

    /// What is live now, account by account.
    pub fn seen(&self) -> Vec<Seen> {
        let snapshot = self.live.sandbox.snapshot();
        self.cases.iter().map(|case| Seen::of(case, &snapshot)).collect()
    }

    /// What was live before, and after each write that had an effect since: account by account.
    pub fn moments(&self, before: &Json) -> Vec<Vec<Seen>> {
        let moments = self.live.moments();
        let snapshots: Vec<&Json> =
            std::iter::once(before).chain(moments.iter().map(|(_, after)| after)).collect();
        let account = |case| snapshots.iter().map(|snapshot| Seen::of(case, snapshot)).collect();
        self.cases.iter().map(account).collect()
    }

    fn files(&self) -> Vec<PathBuf> {
        self.cases.iter().map(|case| self.folder.path().join(format!("{}.yaml", case.account))).collect()
    }

    fn transport(&self) -> SandboxTransport<'_> {
        let bounds = Bounds { backoff: Duration::from_millis(1), tries: self.tries, ..Bounds::default() };
        let base = self.live.sandbox.base();
        SandboxTransport { base, cases: &self.cases, bounds, patience: self.patience }
    }

    /// A way to change the account of a case past the plan.
    pub fn writer(&self, case: &Case) -> Writer {
        Writer::over(self.transport().api(case).into())
    }

    /// The plan, refused or not; an error is what could not be read.
    pub fn judged(&self) -> Result<Plan, String> {
        let source = ConfigSource::Paths(self.files());
        let outcome = self.live.block_on(self.transport().plan(source, PlanArgs::default()));
        let plan = self.kept(outcome)?;
        assert!(!plan.has_errors(), "{:?} {:?}\n{:#?}", plan.errors, plan.diagnostics, self.cases);
        Ok(plan)
    }

    /// The plan of an outcome, whose clients the next apply uses.
    fn kept(&self, outcome: PlanOutcome) -> Result<Plan, String> {
        *self.clients.lock().unwrap_or_else(PoisonError::into_inner) = outcome.clients;
        match outcome.plan.unread.is_empty() {
            true => Ok(outcome.plan),
            false => Err(outcome.plan.errors.join("; ")),
        }
    }

    /// The plan of a world in which none is refused; an error is what could not be read.
    pub fn plan(&self) -> Result<Plan, String> {
        let plan = self.judged()?;
        assert!(plan.refusals.is_empty(), "{:?}\n{:#?}", plan.refusals, self.cases);
        Ok(plan)
    }

    fn journal(&self) -> PathBuf {
        self.folder.path().join("journal")
    }

    /// What the journals of all runs so far say.
    pub fn journalled(&self) -> String {
        std::fs::read_to_string(self.journal()).unwrap_or_default()
    }

    /// The plan back from the last run of a journal.
    pub fn way_back(&self, journal: &str) -> Result<Plan, String> {
        self.kept(self.live.block_on(self.transport().undo(journal)))
    }

    /// A saved plan, with the steps that are blocked because something is stale.
    pub fn rechecked(&self, plan: Plan) -> PlanOutcome {
        self.live.block_on(self.transport().recheck(plan))
    }

    /// Sends the plan's requests.
    pub fn apply(&self, plan: &Plan, parallelism: usize) -> Report {
        let clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner).clone();
        self.send(PlanOutcome { plan: plan.clone(), clients, ..PlanOutcome::default() }, parallelism)
    }

    /// The same with what the engine made of a plan.
    pub fn send(&self, planned: PlanOutcome, parallelism: usize) -> Report {
        let journal = self.has_journal.then(|| self.journal());
        self.live.block_on(self.transport().apply(planned, parallelism, journal))
    }

    /// Plans and applies; what could not be read is as good as a run that was cut off.
    pub fn run(&self) -> Option<Report> {
        self.plan().ok().map(|plan| self.apply(&plan, 8))
    }
}
