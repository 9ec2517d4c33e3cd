//! Live accounts with a file for each, and the pipeline run on them inside this process.
#![allow(unreachable_pub, reason = "shared by tests")]

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value as Json, json};
use trunkform::api::{Api, Bounds, Connection, Writer};
use trunkform::apply::{self, Journal, Options, Secrets, Sender, Stop};
use trunkform::model::{Account, Diagnostic, Plan, Reading, Report, World};
use trunkform::observe::{self, Ask};
use trunkform::planner::{self, Choices};
use trunkform::undo::Run;
use trunkform::{config, diff, provider, scope};

use crate::support::{Live, PASSWORD, TOKEN};
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

    /// A connection to the account of a case.
    pub fn api(&self, case: &Case) -> Api {
        let base = format!("{}{}", self.live.sandbox.base(), case.mounted());
        let connection = Connection {
            account: Account::new(case.account),
            base: base.parse().unwrap(),
            token: TOKEN.to_owned().into(),
        };
        let bounds = Bounds { backoff: Duration::from_millis(1), tries: self.tries, ..Bounds::default() };
        Api::with_bounds(connection, bounds).unwrap()
    }

    /// A way to change the account of a case past the plan.
    pub fn writer(&self, case: &Case) -> Writer {
        Writer::over(self.api(case).into())
    }

    /// Both sides of each account; an error is what could not be read.
    pub fn worlds(&self) -> Result<Vec<World>, String> {
        let checked = config::load(&self.files(), jiff::civil::date(2026, 1, 1));
        assert!(!checked.diagnostics.iter().any(Diagnostic::is_error), "{:?}", checked.diagnostics);
        let accounts = &checked.config.accounts;
        assert_eq!(accounts.len(), self.cases.len());
        let case_of = |account: &Account| {
            let case = self.cases.iter().find(|case| Account::new(case.account) == *account);
            case.expect("an account of the files is one of the cases")
        };
        let apis: Vec<Api> = accounts.iter().map(|account| self.api(case_of(&account.account))).collect();
        let asks: Vec<Ask<'_>> = accounts
            .iter()
            .zip(&apis)
            .map(|(account, api)| Ask {
                account: &account.account,
                platform: account.provider,
                api,
                reading: account.reading(),
            })
            .collect();
        let observed = self.live.block_on(observe::observe(&asks));
        let both = accounts.iter().zip(observed).map(|(account, observed)| {
            let kinds = provider::get(account.provider).unwrap().kinds();
            Ok(scope::scope(account, observed.map_err(|e| e.to_string())?, kinds))
        });
        both.collect()
    }

    /// The plan, refused or not; an error is what could not be read.
    pub fn judged(&self) -> Result<Plan, String> {
        let worlds = self.worlds()?;
        let differing = worlds.into_iter().map(|world| {
            let changes = diff::diff(&world, &[]);
            (world, changes)
        });
        let plan = planner::plan(
            differing.collect(),
            &Choices { timestamp: "2026-01-01T00:00:00Z".into(), every_resource: true, ..Choices::default() },
        );
        assert!(!plan.has_errors(), "{:?} {:?}\n{:#?}", plan.errors, plan.diagnostics, self.cases);
        Ok(plan)
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
        let run = Run::read("run.journal", journal)?;
        let differing = run.pasts().iter().map(|past| {
            let case = self.cases.iter().find(|case| Account::new(case.account) == past.account);
            let api = self.api(case.expect("an account of the journal is one of the cases"));
            let (account, platform) = (&past.account, past.provider.name());
            let ask = Ask { account, platform, api: &api, reading: Reading::Everything };
            let observed = self.live.block_on(observe::observe(&[ask])).remove(0);
            observed.map(|observed| past.back(&observed)).map_err(|e| e.to_string())
        });
        let choices = Choices { allow_removals: Some(usize::MAX), ..Choices::default() };
        Ok(planner::plan(differing.collect::<Result<_, _>>()?, &choices))
    }

    /// Sends the plan's requests.
    pub fn apply(&self, plan: &Plan, parallelism: usize) -> Report {
        let kinds = |name: &str| provider::get(name).map(|provider| provider.kinds());
        let password = |name: &str| (name == "MAIN_TRUNK_PASSWORD").then(|| PASSWORD.to_owned());
        let secrets = Secrets::resolve(plan, &kinds, &password).unwrap();
        let api = |case: &Case| (Account::new(case.account), Writer::over(Arc::new(self.api(case))));
        let apis: BTreeMap<_, _> = self.cases.iter().map(api).collect();
        let sender = Arc::new(Sender::new(apis, secrets));
        let (_going_on, stop) = tokio::sync::watch::channel(Stop::Not);
        let journal = self.has_journal.then(|| Journal::open(&self.journal()).unwrap().of(plan).unwrap());
        let options = Options { parallelism, journal, stop };
        let send = move |step| Arc::clone(&sender).send(step);
        let mut steps = plan.steps.clone();
        for expect in steps.iter_mut().map(|step| &mut step.expect) {
            let entries = expect
                .shows
                .iter_mut()
                .chain(&mut expect.lacks)
                .chain(expect.lookup.as_mut().map(|lookup| &mut lookup.entry));
            entries.for_each(|entry| entry.within = entry.within.min(self.patience));
        }
        self.live.block_on(apply::execute(&steps, options, send, &mut |_| {}))
    }

    /// Plans and applies; what could not be read is as good as a run that was cut off.
    pub fn run(&self) -> Option<Report> {
        self.plan().ok().map(|plan| self.apply(&plan, 8))
    }
}
