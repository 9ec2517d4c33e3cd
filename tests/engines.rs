//! Two hundred engines in one process, each with a clock, an environment, a reporter and an account of its own.
//! None of them may see, send or write down anything of another, nor anything of the environment of the process.

#![allow(clippy::unwrap_used, reason = "a test stops where it can't go on")]

use std::path::Path;
use std::sync::{Arc, Mutex};

use jiff::{Timestamp, ToSpan};
use serde_json::Value as Json;
use tokio::sync::watch;
use trunkform::api::Connection;
use trunkform::apply::{Event, Stop};
use trunkform::engine::{
    self, AccountClient, ApplyArgs, ApplyEnd, Approval, ConfigSource, Context, PlanArgs, Progress, Reporter,
    Silent, Transport,
};
use trunkform::model::{Account, Plan, Report, SecretNames, Step};
use trunkform::provider::Provider;
use trunkform::sandbox::{self, Logged, Options, Sandbox};

const ENGINES: usize = 200;
/// The file of an engine; `NAME` is replaced. Each platform is used in turn.
const FILES: [(&str, &str); 3] = [
    (
        "kalem",
        "trunks:\n  - {name: NAME, direction: outbound, auth_type: digest, username: u, password: {env: SECRET}, outbound_server: sip.example.com}\nnumbers:\n  - {number: \"+14155552600\", trunk: NAME}\n",
    ),
    (
        "bolna",
        "trunks:\n  - {name: NAME, provider: plivo, auth_type: userpass, auth_username: u, auth_password: {env: SECRET}, gateways: [{gateway_address: sip.example.com}]}\nnumbers:\n  - {number: \"+14155552600\", trunk: NAME}\n",
    ),
    (
        "talkover",
        "trunks:\n  - {name: NAME, provider_name: Carrier, domain: sip.example.com, username: u, password: {env: SECRET}}\nnumbers:\n  - {number: \"+14155552600\", trunk: NAME}\n",
    ),
];

/// One engine with all that is its own.
struct Own {
    at: usize,
    base: String,
    folder: tempfile::TempDir,
    /// The addresses of the steps that its reporter has seen.
    reported: Arc<Mutex<Vec<String>>>,
    /// The variables that its environment was asked for.
    variables: Mutex<Vec<String>>,
}

impl Transport for Own {
    fn connect(&self, account: &Account, provider: &'static dyn Provider) -> Result<Connection, String> {
        assert_eq!(account.as_str(), self.name(), "another engine's account");
        let (_, mount) = sandbox::routes().find(|(name, _)| *name == provider.name()).unwrap();
        let base = format!("{}/@{}{mount}", self.base, self.name()).parse().unwrap();
        Ok(Connection {
            platform: provider.name(),
            account: account.clone(),
            base,
            token: "any".to_owned().into(),
        })
    }
}

impl Reporter for Own {
    fn reading<'a>(&self, _: &'a [AccountClient]) -> Box<dyn Progress + 'a> {
        Box::new(Silent)
    }

    fn applying<'a>(&self, _: &Plan, _: &[Step], _: &'a [AccountClient]) -> Box<dyn Progress + 'a> {
        Box::new(Seen(Arc::clone(&self.reported)))
    }
}

struct Seen(Arc<Mutex<Vec<String>>>);

impl Progress for Seen {
    fn on_event(&self, event: Event<'_>) {
        if let Event::Started(step) = event {
            self.0.lock().unwrap().push(step.address.to_string());
        }
    }
}

impl Own {
    fn new(at: usize, base: String) -> Self {
        let (folder, reported, variables) = (tempfile::tempdir().unwrap(), Arc::default(), Mutex::default());
        let own = Self { at, base, folder, reported, variables };
        let (platform, rest) = FILES[at % FILES.len()];
        let text = format!("provider: {platform}\naccount: {}\n{rest}", own.name());
        std::fs::write(own.path("trunkform.yaml"), text.replace("NAME", &own.name())).unwrap();
        own
    }

    /// No name is the beginning of another.
    fn name(&self) -> String {
        format!("engine-{:03}", self.at)
    }

    fn lacks_the_secret(&self) -> bool {
        self.at % 4 == 3
    }

    fn path(&self, name: &str) -> std::path::PathBuf {
        self.folder.path().join(name)
    }

    /// A day of its own.
    fn time(&self) -> Timestamp {
        let first: Timestamp = "2026-01-01T12:00:00Z".parse().unwrap();
        first + (24 * self.at as i64).hours()
    }

    /// Plans, applies and plans again; gives what was sent, or why nothing was. Every fourth environment lacks the secret.
    async fn run(&self) -> Result<Report, ApplyEnd> {
        let time = self.time();
        let environment = |name: &str| {
            self.variables.lock().unwrap().push(name.to_owned());
            (name == "SECRET" && !self.lacks_the_secret()).then(|| format!("secret-of-{}", self.name()))
        };
        let secret_names = SecretNames::all();
        let mut context =
            Context { environment: &environment, secret_names, reporter: self, ..Context::new(self, time) };
        context.clock = Arc::new(move || time);
        let source = || ConfigSource::Paths(vec![self.path("trunkform.yaml")]);
        let planned = engine::plan(&context, source(), PlanArgs::default()).await;
        assert!(!planned.plan.has_errors(), "{:?} {:?}", planned.plan.errors, planned.plan.diagnostics);
        assert_eq!(planned.plan.timestamp, time.to_string());
        let (_going_on, stop) = watch::channel(Stop::Not);
        let journal = Some(self.path("journal"));
        let args = ApplyArgs { approval: Approval::Given, parallelism: 2, journal, stop };
        match engine::apply(&context, planned, args).await.end {
            ApplyEnd::Sent(report) => {
                assert!(report.converged(), "{report:#?}");
                let again = engine::plan(&context, source(), PlanArgs::default()).await;
                assert!(again.plan.is_empty() && again.plan.changes.is_empty(), "{:#?}", again.plan.changes);
                Ok(report)
            }
            end => Err(end),
        }
    }
}

/// The times of the lines of a journal.
fn times(journal: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(journal).unwrap_or_default();
    let lines = text.lines().map(|line| serde_json::from_str::<Json>(line).unwrap());
    lines.filter_map(|line| Some(line.get("at")?.as_str()?.to_owned())).collect()
}

/// What was sent to the account of an engine.
fn bodies(requests: &[Logged], name: &str) -> String {
    let own = format!("/@{name}/");
    let sent = requests.iter().filter(|request| request.path.starts_with(&own));
    sent.filter_map(|request| Some(request.body.as_ref()?.to_string())).collect()
}

#[test]
fn two_hundred_engines_do_not_touch_each_other() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let sandbox = Sandbox::start(Options::default()).await.unwrap();
        let own = |at| Arc::new(Own::new(at, sandbox.base()));
        let engines: Vec<_> = (0..ENGINES).map(own).collect();
        // Spawned: what the engine awaits may go from one thread to another.
        let runs: Vec<_> =
            engines.iter().cloned().map(|engine| tokio::spawn(async move { engine.run().await })).collect();
        let ends = futures_util::future::join_all(runs).await;
        let (live, requests) = (sandbox.snapshot(), sandbox.requests());
        for (engine, end) in engines.iter().zip(ends) {
            let (name, end) = (engine.name(), end.unwrap());
            assert_eq!(*engine.variables.lock().unwrap(), ["SECRET"], "{name} asks its own environment");
            let report = match end {
                Err(ApplyEnd::MissingSecrets(_)) if engine.lacks_the_secret() => Report::default(),
                end => end.unwrap(),
            };
            let own = |address: &String| address.starts_with(&format!("{name}."));
            let reported = engine.reported.lock().unwrap().clone();
            assert_eq!(reported.len(), report.steps.len(), "{name}: a step was reported elsewhere");
            assert!(reported.iter().all(own), "{name}: {reported:?}");
            let times = times(&engine.path("journal"));
            assert_eq!(times.len() > report.steps.len(), !engine.lacks_the_secret(), "{name}");
            assert!(times.iter().all(|at| *at == engine.time().to_string()), "{times:?}");
            let account = live[format!("@{name}")].to_string();
            let bodies = bodies(&requests, &name);
            let of_another = |other: &&Arc<Own>| {
                other.at != engine.at && (account.contains(&other.name()) || bodies.contains(&other.name()))
            };
            assert_eq!(engines.iter().find(of_another).map(|other| other.name()), None, "at {name}");
        }
        sandbox.stop().await.unwrap();
    });
}

#[tokio::test]
async fn the_environment_of_the_process_is_not_read() {
    let sandbox = Sandbox::start(Options::default()).await.unwrap();
    let engine = Own::new(0, sandbox.base());
    let text = std::fs::read_to_string(engine.path("trunkform.yaml")).unwrap();
    assert!(std::env::var("PATH").is_ok_and(|path| path.len() > 8), "a test needs a variable that is set");
    std::fs::write(engine.path("trunkform.yaml"), text.replace("SECRET", "PATH")).unwrap();
    let end = engine.run().await.unwrap_err();
    assert!(matches!(&end, ApplyEnd::MissingSecrets(missing) if missing.len() == 1), "{end:?}");
    assert!(engine.reported.lock().unwrap().is_empty());
    sandbox.stop().await.unwrap();
}
