//! What the command line takes from outside: connections as the environment says or to a sandbox inside this process, the clock, variables.
//! In: `--sandbox` and the environment. Out: what the engine runs with.
//! Sends nothing; a token that is missing is found before the first request.

use jiff::Timestamp;
use trunkform::api::Connection;
use trunkform::engine::{self, Context, PlanOutcome, Reporter, Transport};
use trunkform::model::{Account, SecretNames};
use trunkform::provider::Provider;
use trunkform::sandbox::{self, Options, Sandbox};

use super::clock;
use super::environment::Environment;
use super::exit::Failure;
use crate::cli::Live;

/// Looks up a variable.
type Lookup = dyn Fn(&str) -> Option<String> + Send + Sync;

/// A way to the accounts of a run, and its variables.
pub(super) struct Connector {
    target: Target,
    variable: Box<Lookup>,
    secret_names: SecretNames,
}

/// Where the accounts are.
enum Target {
    /// As the environment says.
    Environment,
    /// At the sandbox inside this process.
    Embedded(Box<Sandbox>),
}

impl Connector {
    /// Reads the file of variables, and starts the sandbox, if that was asked for.
    pub(super) async fn open(live: &Live) -> Result<Self, Failure> {
        // A FIFO may keep its reader waiting: a signal must be heard meanwhile.
        let environment = tokio::task::spawn_blocking(Environment::open).await;
        let environment =
            environment.map_err(|why| Failure(format!("the environment can't be read: {why}")))??;
        let target = match &live.sandbox {
            None => Target::Environment,
            Some(file) => {
                engine::refuse_link(file).map_err(Failure)?;
                let options = Options { state: Some(file.clone()), ..Options::default() };
                let started = Sandbox::start(options).await;
                let wrong = |why| Failure(format!("the sandbox can't be started: {why}"));
                Target::Embedded(Box::new(started.map_err(wrong)?))
            }
        };
        let secret_names = environment.secret_names();
        Ok(Self { target, secret_names, variable: Box::new(move |name| environment.get(name)) })
    }

    /// Writes the sandbox's state.
    pub(super) async fn close(self) -> Result<(), Failure> {
        match self.target {
            Target::Environment => Ok(()),
            Target::Embedded(sandbox) => sandbox
                .stop()
                .await
                .map_err(|why| Failure(format!("the sandbox's state can't be kept: {why}"))),
        }
    }

    /// What the engine runs with.
    pub(super) fn context<'a>(&'a self, reporter: &'a dyn Reporter) -> Result<Context<'a>, Failure> {
        let started: Timestamp = clock::now()?;
        let secret_names = self.secret_names.clone();
        Ok(Context { environment: &*self.variable, secret_names, reporter, ..Context::new(self, started) })
    }
}

/// Makes a plan, or a drift, with a connector that is open only meanwhile; what goes wrong is in it.
pub(super) async fn connected(
    live: &Live,
    reporter: &dyn Reporter,
    make: impl AsyncFnOnce(&Context<'_>) -> PlanOutcome,
) -> PlanOutcome {
    let connector = match Connector::open(live).await {
        Ok(connector) => connector,
        Err(Failure(why)) => return PlanOutcome::failed(why),
    };
    let mut outcome = match connector.context(reporter) {
        Ok(context) => make(&context).await,
        Err(Failure(why)) => PlanOutcome::failed(why),
    };
    if let Err(Failure(why)) = connector.close().await {
        outcome.plan.errors.push(why);
    }
    outcome
}

impl Transport for Connector {
    fn connect(&self, account: &Account, provider: &'static dyn Provider) -> Result<Connection, String> {
        match &self.target {
            Target::Environment => {
                Connection::from_env(account, (provider.name(), provider.base_url()), &self.variable)
            }
            Target::Embedded(sandbox) => embedded(sandbox, account, provider),
        }
    }
}

/// Any token is good there; a long one, so that it is no part of somebody's password when errors are cleaned of it.
const EMBEDDED_TOKEN: &str = "token-of-the-embedded-sandbox";

/// An account that is not called as its platform has a world of its own.
fn embedded(sandbox: &Sandbox, account: &Account, provider: &dyn Provider) -> Result<Connection, String> {
    let (_, mount) = sandbox::routes()
        .find(|(name, _)| *name == provider.name())
        .ok_or_else(|| format!("the sandbox does not stand in for {}", provider.name()))?;
    let world = if account.as_str() == provider.name() { String::new() } else { format!("/@{account}") };
    let base = format!("{}{world}{mount}", sandbox.base());
    let base = base.parse().map_err(|why| format!("`{base}` is not a URL: {why}"))?;
    let token = EMBEDDED_TOKEN.to_owned().into();
    Ok(Connection { platform: provider.name(), account: account.clone(), base, token })
}
