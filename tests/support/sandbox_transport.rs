//! What a test gives the engine from outside: connections to the sandbox, a fixed time, one password.
//! In: where the sandbox is, whose accounts are at it, how patient a client is. Out: a context, plans, reports.
//! The engine puts the stages together; nothing here does.
#![allow(dead_code, unreachable_pub, reason = "each test file uses its own part")]

use std::path::PathBuf;
use std::time::Duration;

use tokio::sync::watch;
use trunkform::api::{Api, Bounds, Connection};
use trunkform::apply::Stop;
use trunkform::engine::{
    self, ApplyArgs, ApplyEnd, ApplyOutcome, Approval, ConfigSource, Context, PlanArgs, PlanOutcome,
    Transport,
};
use trunkform::model::{Account, Plan, Report};
use trunkform::provider::Provider;

use crate::support::{Live, PASSWORD, TOKEN};
use crate::worlds::Case;

/// Connections to the accounts of a sandbox.
pub struct SandboxTransport<'a> {
    /// The URL of the sandbox.
    pub base: String,
    pub cases: &'a [Case],
    pub bounds: Bounds,
    /// For how many seconds at most a list is read again until it shows something.
    pub patience: u32,
}

impl Transport for SandboxTransport<'_> {
    fn connect(&self, account: &Account, _: &'static dyn Provider) -> Result<Connection, String> {
        let case = self.cases.iter().find(|case| case.account == account.as_str());
        Ok(self.connection(case.expect("an account of the files is one of the cases")))
    }

    fn bounds(&self) -> Bounds {
        self.bounds
    }

    fn longest_poll(&self) -> Duration {
        Duration::from_secs(self.patience.into())
    }
}

impl<'a> SandboxTransport<'a> {
    /// One that tries a request as often as the tests' runs do, and hardly waits in between.
    pub fn new(live: &Live, cases: &'a [Case]) -> Self {
        let bounds = Bounds { backoff: Duration::from_millis(1), tries: 4, ..Bounds::default() };
        Self { base: live.sandbox.base(), cases, bounds, patience: u32::MAX }
    }

    fn connection(&self, case: &Case) -> Connection {
        let base = format!("{}{}", self.base, case.mounted());
        Connection {
            platform: case.platform.name(),
            account: Account::new(case.account),
            base: base.parse().unwrap(),
            token: TOKEN.to_owned().into(),
        }
    }

    /// A client of the account of a case.
    pub fn api(&self, case: &Case) -> Api {
        Api::with_bounds(self.connection(case), self.bounds).unwrap()
    }

    /// What the engine runs with: the first day of 2026, and the password that the examples name.
    pub fn context(&self) -> Context<'_> {
        let password = &|name: &str| (name == "MAIN_TRUNK_PASSWORD").then(|| PASSWORD.to_owned());
        Context { environment: password, ..Context::new(self, "2026-01-01T00:00:00Z".parse().unwrap()) }
    }

    /// The plan, whole, refused or not.
    pub async fn plan(&self, source: ConfigSource, args: PlanArgs) -> PlanOutcome {
        engine::plan(&self.context(), source, PlanArgs { every_resource: true, ..args }).await
    }

    /// Sends a plan, if nothing speaks against it; nobody is asked.
    pub async fn apply(&self, planned: PlanOutcome, parallelism: usize, journal: Option<PathBuf>) -> Report {
        let (_going_on, stop) = watch::channel(Stop::Not);
        let args = ApplyArgs { approval: Approval::Given, parallelism, journal, stop };
        let ApplyOutcome { end, .. } = engine::apply(&self.context(), planned, args).await;
        match end {
            ApplyEnd::Sent(report) => report,
            ApplyEnd::Blocked(_) => Report::default(),
            end => panic!("nothing was sent: {end:?}"),
        }
    }

    /// A saved plan as `apply --plan --partial` takes it: with the steps that are blocked.
    pub async fn recheck(&self, plan: Plan) -> PlanOutcome {
        let saved = engine::reopen(&self.context(), plan, None);
        let check = engine::recheck(&self.context(), &saved, true).await;
        saved.with_recheck(check)
    }

    /// The plan back from the last run of a journal.
    pub async fn undo(&self, journal: &str) -> PlanOutcome {
        let args = PlanArgs { allow_removals: Some(usize::MAX), ..PlanArgs::default() };
        engine::undo(&self.context(), ("run.journal", journal), &args).await
    }
}
