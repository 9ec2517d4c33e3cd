//! Plans without a network: every account is empty.
//! In: a checked configuration, or the text of a journal. Out: what the engine plans from it.
//! Never sends a request: no platform here uses its client.

use std::mem::ManuallyDrop;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use tokio::runtime::Runtime;
use trunkform::api::{Api, ApiError, Connection};
use trunkform::config::Checked;
use trunkform::engine::{self, ConfigSource, Context, PlanArgs, PlanOutcome, Transport};
use trunkform::model::{Account, Budget, Change, Draft, Drafted, Ids, Kinds, Reading, State};
use trunkform::provider::{self, Provider};

use crate::{STARTED, shown};

static PLATFORMS: LazyLock<Vec<EmptyPlatform>> =
    LazyLock::new(|| provider::ALL.iter().copied().map(EmptyPlatform).collect());

// A runtime that is dropped with its thread finds the thread locals of tokio already dropped.
thread_local! {
    static RUNTIME: ManuallyDrop<Runtime> = ManuallyDrop::new(
        tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime"),
    );
}

/// Plans a configuration.
pub fn plan(checked: Checked, args: PlanArgs) -> PlanOutcome {
    let transport = NoNetwork::default();
    let source = ConfigSource::Loaded(Box::new(checked));
    block_on(engine::plan(&context(&transport), source, args))
}

/// Plans the way back from the last run of a journal.
pub fn undo(text: &str) -> PlanOutcome {
    let transport = NoNetwork::default();
    block_on(engine::undo(&context(&transport), ("run.journal", text), &PlanArgs::default()))
}

fn block_on<T>(work: impl Future<Output = T>) -> T {
    RUNTIME.with(|runtime| runtime.block_on(work))
}

fn context(transport: &NoNetwork) -> Context<'_> {
    Context { platforms: find_platform, ..Context::new(transport, STARTED) }
}

fn find_platform(name: &str) -> Option<&'static dyn Provider> {
    PLATFORMS.iter().find(|platform| platform.name() == name).map(|platform| platform as &dyn Provider)
}

/// Connects each account to a port that nobody listens on.
#[derive(Default)]
struct NoNetwork {
    connected: AtomicUsize,
}

impl Transport for NoNetwork {
    fn connect(&self, account: &Account, provider: &'static dyn Provider) -> Result<Connection, String> {
        // Accounts that share a base URL and a token are refused: each has its own path.
        let id = self.connected.fetch_add(1, Ordering::Relaxed);
        let base = format!("http://127.0.0.1:1/{id}").parse().expect("a URL");
        Ok(Connection {
            platform: provider.name(),
            account: account.clone(),
            base,
            token: shown::TOKEN.into(),
        })
    }
}

/// A platform whose accounts are empty. Every method is delegated, also those that have a default.
struct EmptyPlatform(&'static dyn Provider);

#[async_trait]
impl Provider for EmptyPlatform {
    fn name(&self) -> &'static str {
        self.0.name()
    }

    fn base_url(&self) -> &'static str {
        self.0.base_url()
    }

    fn edges(&self) -> &'static [&'static str] {
        self.0.edges()
    }

    fn country(&self, number: &str) -> Option<&'static str> {
        self.0.country(number)
    }

    fn kinds(&self) -> &'static Kinds {
        self.0.kinds()
    }

    fn schema(&self) -> &'static serde_json::Value {
        self.0.schema()
    }

    fn starter(&self) -> &'static str {
        self.0.starter()
    }

    fn budget(&self) -> Option<Budget> {
        self.0.budget()
    }

    fn pages(&self) -> bool {
        self.0.pages()
    }

    async fn observe(&self, _: &Api, _: &Account, _: Reading) -> Result<State, ApiError> {
        Ok(State::default())
    }

    fn lower(&self, change: &Change, ids: &Ids) -> Vec<Draft> {
        self.0.lower(change, ids)
    }

    fn lower_all(&self, changes: Vec<Change>, live: &State, ids: &Ids) -> Vec<Drafted> {
        self.0.lower_all(changes, live, ids)
    }
}
