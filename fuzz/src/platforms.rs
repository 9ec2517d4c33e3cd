//! Any bytes as the answers of a platform.
//! In: what a server may say. Out: nothing; a panic where reading them does, or an error or a plan holds what it must not.
//! What could be read is compared with accounts that keep and that delete, and the plans are made and shown.

use std::cell::RefCell;
use std::mem::{self, ManuallyDrop};
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio::task::LocalSet;
use trunkform::api::{Bounds, Connection};
use trunkform::config::Checked;
use trunkform::engine::{self, ConfigSource, Context, PlanArgs, PlanOutcome, Transport};
use trunkform::model::{Account, Code, Diagnostic};
use trunkform::provider::{self, Provider};

use crate::answers::{self, Answers};
use crate::{STARTED, files, shown};

/// A platform's stand-in, and the accounts whose plans are made.
struct Stage {
    runtime: Runtime,
    local: LocalSet,
    answers: Answers,
    server: Server,
    accounts: Vec<Checked>,
}

// Never dropped: a runtime that goes with its thread finds that its own thread locals went before it.
thread_local! {
    static STAGE: RefCell<Option<ManuallyDrop<Stage>>> = const { RefCell::new(None) };
}

/// Reads an account from these answers and plans.
pub fn answered(platform: &str, bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    STAGE.with_borrow_mut(|stage| {
        stage.get_or_insert_with(|| ManuallyDrop::new(Stage::new(platform))).run(text)
    });
}

impl Stage {
    fn new(platform: &str) -> Self {
        let platform = provider::get(platform).expect("the table has the platform");
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let (local, answers) = (LocalSet::new(), Answers::default());
        let listener = local.block_on(&runtime, TcpListener::bind("127.0.0.1:0")).expect("a port");
        let server = Server { port: listener.local_addr().expect("an address").port() };
        local.spawn_local(answers::serve(listener, answers.clone()));
        let accounts = accounts(platform).into_iter().map(without_errors).collect();
        Self { runtime, local, answers, server, accounts }
    }

    /// Plans each account in both forms, unless the answers can't be read.
    fn run(&self, text: &str) {
        for checked in &self.accounts {
            for every_resource in [false, true] {
                self.answers.set(text);
                let args = PlanArgs { every_resource, ..PlanArgs::default() };
                let PlanOutcome { plan, sources, .. } =
                    self.local.block_on(&self.runtime, self.plan(checked.clone(), args));
                for error in &plan.errors {
                    assert!(!error.contains(shown::TOKEN), "an error holds the token: {error}");
                }
                shown::plan(&plan, &sources);
                if !plan.unread.is_empty() {
                    return;
                }
            }
        }
    }

    async fn plan(&self, checked: Checked, args: PlanArgs) -> PlanOutcome {
        let context = Context::new(&self.server, STARTED);
        let outcome = engine::plan(&context, ConfigSource::Loaded(Box::new(checked)), args).await;
        // While the outcome still holds the client: the side that closes first keeps the port.
        self.answers.reset_connections().await;
        outcome
    }
}

/// The loopback server.
struct Server {
    port: u16,
}

impl Transport for Server {
    fn connect(&self, account: &Account, provider: &'static dyn Provider) -> Result<Connection, String> {
        let base = format!("http://127.0.0.1:{}/", self.port).parse().expect("a URL");
        Ok(Connection {
            platform: provider.name(),
            account: account.clone(),
            base,
            token: shown::TOKEN.into(),
        })
    }

    fn bounds(&self) -> Bounds {
        let moment = Duration::from_millis(1);
        Bounds {
            answer: Duration::from_secs(5),
            body: 1 << 20,
            tries: 2,
            // Shorter than one second: a platform that asks for a wait would stop the fuzzer for as long, four times an input.
            total: Duration::from_millis(500),
            backoff: moment,
            longest_backoff: moment,
            longest_pause: moment,
            ..Bounds::default()
        }
    }
}

/// Removes the numbers that are in error, because the engine reads no account whose files have an error.
fn without_errors(mut checked: Checked) -> Checked {
    let found = mem::take(&mut checked.diagnostics);
    let (errors, others): (Vec<_>, Vec<_>) = found.into_iter().partition(Diagnostic::is_error);
    for error in errors {
        let address = error.address.expect("the error is about a number");
        let removed = checked.config.accounts[0].desired.resources.remove(&address);
        assert!(removed.is_some(), "`{address}` is not declared");
    }
    Checked { diagnostics: others, ..checked }
}

/// One that leaves alone what it does not list, one that deletes it.
fn accounts(platform: &dyn Provider) -> Vec<Checked> {
    let world = format!("{}/worlds/{}.yaml", env!("CARGO_MANIFEST_DIR"), platform.name());
    let body = std::fs::read_to_string(&world)
        .unwrap_or_else(|why| panic!("every platform has an account to fuzz against, and {world} can't be read: {why}"));
    let load = |unlisted: &str| {
        let checked = files::load(format!("{body}\nunlisted: {unlisted}\n").as_bytes());
        // That a trunk is in no file is for the live account to say, as in `plan`.
        let wrong = |d: &&Diagnostic| d.is_error() && d.code != Code::NUM009;
        assert_eq!(checked.diagnostics.iter().find(wrong), None, "the account is wrong");
        checked
    };
    vec![load("keep"), load("delete")]
}
