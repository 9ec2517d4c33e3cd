//! A file and a live account, and the pipeline run on them inside this process.
#![allow(unreachable_pub, reason = "shared by tests")]

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use trunkform::api::{Api, Bounds, Connection};
use trunkform::apply::{self, Options, Secrets, Sender, Stop};
use trunkform::model::{Account, Plan, Report, World};
use trunkform::observe::{self, Ask};
use trunkform::planner::{self, Choices};
use trunkform::{config, diff, provider, scope};

use crate::support::{Live, PASSWORD, TOKEN};
use crate::worlds::Case;

/// One account with a file for it.
pub struct Estate {
    pub live: Live,
    pub folder: tempfile::TempDir,
    /// How often one request is tried.
    pub tries: u32,
}

impl Estate {
    pub fn of(case: &Case) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("trunkform.yaml"), &case.file).unwrap();
        Self { live: Live::start(case.live.clone()), folder, tries: 4 }
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join("trunkform.yaml")
    }

    fn api(&self) -> Api {
        let connection = Connection {
            account: Account::new("kalem"),
            base: self.live.base().parse().unwrap(),
            token: TOKEN.to_owned().into(),
        };
        let bounds = Bounds { backoff: Duration::from_millis(1), tries: self.tries, ..Bounds::default() };
        Api::with_bounds(connection, bounds).unwrap()
    }

    /// Both sides of the account; an error is what could not be read.
    pub fn world(&self) -> Result<World, String> {
        let checked = config::load(&[self.file()], jiff::civil::date(2026, 1, 1));
        assert!(!checked.diagnostics.iter().any(|d| d.is_error()), "{:?}", checked.diagnostics);
        let account = &checked.config.accounts[0];
        let api = self.api();
        let (platform, reading) = (account.provider, account.reading());
        let ask = Ask { account: &account.account, platform, api: &api, reading };
        let observed = self.live.block_on(observe::observe(&[ask])).remove(0);
        let kinds = provider::get(account.provider).unwrap().kinds();
        Ok(scope::scope(account, observed.map_err(|e| e.to_string())?, kinds))
    }

    /// The plan; an error is what could not be read.
    pub fn plan(&self) -> Result<Plan, String> {
        let world = self.world()?;
        let changes = diff::diff(&world, &[]);
        let plan = planner::plan(
            vec![(world, changes)],
            &Choices { timestamp: "2026-01-01T00:00:00Z".into(), every_resource: true, ..Choices::default() },
        );
        assert!(!plan.errored() && plan.refusals.is_empty(), "{:?} {:?}", plan.diagnostics, plan.refusals);
        Ok(plan)
    }

    /// Sends the plan's requests.
    pub fn apply(&self, plan: &Plan, parallelism: usize) -> Report {
        let kinds = |name: &str| provider::get(name).map(|provider| provider.kinds());
        let password = |name: &str| (name == "MAIN_TRUNK_PASSWORD").then(|| PASSWORD.to_owned());
        let secrets = Secrets::resolve(plan, &kinds, &password).unwrap();
        let apis = BTreeMap::from([(Account::new("kalem"), Arc::new(self.api()))]);
        let sender = Arc::new(Sender::new(apis, secrets));
        let (_going_on, stop) = tokio::sync::watch::channel(Stop::Not);
        let options = Options { parallelism, journal: None, stop };
        let send = move |step| Arc::clone(&sender).send(step);
        self.live.block_on(apply::execute(&plan.steps, options, send, &mut |_| {}))
    }

    /// Plans and applies; what could not be read is as good as a run that was cut off.
    pub fn run(&self) -> Option<Report> {
        self.plan().ok().map(|plan| self.apply(&plan, 8))
    }
}
