//! One client: the pipeline as `apply` runs it, inside this process, with requests over real HTTP.
//! In: where the sandbox is, a scenario, how patient the client is. Out: a plan, what was sent of it.
//! A future of it that is dropped is a client that was killed.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use trunkform::api::{Api, Bounds, Connection, Writer};
use trunkform::apply::{self, Journal, Options, Secrets, Sender, Stop};
use trunkform::model::{
    Account, AccountConfig, Action, Change, KindName, Plan, Reading, Report, State, World,
};
use trunkform::observe::{self, Ask};
use trunkform::planner::{self, Choices};
use trunkform::{diff, provider, scope};

use crate::scenario::Scenario;
use crate::support::{PASSWORD, TOKEN};
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
    /// A connection to the account of a case.
    pub fn api(&self, case: &Case) -> Api {
        let base = format!("{}{}", self.base, case.mounted());
        let connection = Connection {
            account: Account::new(case.account),
            base: base.parse().unwrap(),
            token: TOKEN.to_owned().into(),
        };
        let bounds = Bounds {
            backoff: Duration::from_millis(1),
            longest_pause: Duration::from_millis(1),
            tries: self.manner.tries,
            answer: self.manner.answer,
            ..Bounds::default()
        };
        Api::with_bounds(connection, bounds).unwrap()
    }

    /// The plan of the accounts that could be read.
    pub async fn plan(&self) -> Plan {
        let configs = &self.scenario.config.accounts;
        let apis: Vec<Api> =
            configs.iter().map(|config| self.api(self.scenario.case(&config.account))).collect();
        let asks: Vec<Ask<'_>> =
            configs.iter().zip(&apis).map(|(config, api)| ask(config, api, config.reading())).collect();
        let (mut readings, mut unread) = (Vec::new(), Vec::new());
        for ((config, api), observed) in configs.iter().zip(&apis).zip(observe::observe(&asks).await) {
            let mut reading = observed.map(|state| self.differing(config, state));
            if reading.as_ref().is_ok_and(gives_up_a_trunk) && config.reading() != Reading::Everything {
                let whole = observe::observe(&[ask(config, api, Reading::Everything)]).await.remove(0);
                reading = whole.map(|state| self.differing(config, state));
            }
            match reading {
                Ok(reading) => readings.push(reading),
                Err(why) => unread.push((config.account.clone(), why.to_string())),
            }
        }
        let choices =
            Choices { timestamp: "2026-01-01T00:00:00Z".into(), every_resource: true, ..Choices::default() };
        let (unread, errors) = unread.into_iter().unzip();
        Plan { unread, errors, ..planner::plan(readings, &choices) }
    }

    fn differing(&self, config: &AccountConfig, state: State) -> (World, Vec<Change>) {
        let world = scope::scope(config, state, provider::get(config.provider).unwrap().kinds());
        let rotate = if self.rotates { &self.scenario.rotate[..] } else { &[] };
        let changes = diff::diff(&world, rotate);
        (world, changes)
    }

    /// Sends the plan's requests, if nothing speaks against it.
    pub async fn apply(&self, plan: &Plan) -> Report {
        if !may_be_sent(plan) {
            return Report::default();
        }
        let kinds = |name: &str| provider::get(name).map(|provider| provider.kinds());
        let password = |name: &str| (name == "MAIN_TRUNK_PASSWORD").then(|| PASSWORD.to_owned());
        let secrets = Secrets::resolve(plan, &kinds, &password).unwrap();
        let api = |case: &Case| (Account::new(case.account), Writer::over(self.api(case).into()));
        let apis: BTreeMap<_, _> = self.scenario.cases.iter().map(api).collect();
        let sender = Arc::new(Sender::new(apis, secrets));
        let (_going_on, stop) = tokio::sync::watch::channel(Stop::Not);
        let journal = Some(Journal::open(&self.journal).unwrap());
        let options = Options { parallelism: self.manner.workers, journal, stop };
        let send = move |step| Arc::clone(&sender).send(step);
        let mut steps = plan.steps.clone();
        for expect in steps.iter_mut().map(|step| &mut step.expect) {
            let lookup = expect.lookup.as_mut().map(|lookup| &mut lookup.entry);
            let entries = expect.shows.iter_mut().chain(&mut expect.lacks).chain(lookup);
            entries.for_each(|entry| entry.within = entry.within.min(self.manner.patience));
        }
        apply::execute(&steps, options, send, &mut |_| {}).await
    }
}

/// Whether `apply` would send the plan: an account that could not be read leaves the others as they are.
pub fn may_be_sent(plan: &Plan) -> bool {
    let is_whole = !plan.has_errors() || plan.lacks_only_accounts();
    is_whole && plan.refusals.is_empty()
}

fn ask<'a>(config: &'a AccountConfig, api: &'a Api, reading: Reading) -> Ask<'a> {
    Ask { account: &config.account, platform: config.provider, api, reading }
}

/// Whatever is on a trunk that goes must be seen, though no file speaks of numbers.
fn gives_up_a_trunk((_, changes): &(World, Vec<Change>)) -> bool {
    let goes = |change: &Change| matches!(change.action, Action::Delete | Action::Replace);
    changes.iter().any(|change| change.address.kind == KindName::Trunk && goes(change))
}
