//! What a run takes from outside: platforms, time, environment, connections, and somebody to report to.
//! In: the caller's own of each. Out: one value that every call of the engine takes.
//! Holds no state of a run, so that many runs can share a process.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use tokio::time::MissedTickBehavior;

use crate::api::{Bounds, Connection};
use crate::apply::{Clock, Event};
use crate::config::Policy;
use crate::model::{Account, Kinds, Plan, SecretNames, Step};
use crate::provider::{self, Platforms, Provider};

use super::account_client::AccountClient;

/// Reads an environment variable: a secret, and where `git` and its repository are. An empty variable counts as one that is not set.
pub type Environment<'a> = &'a (dyn Fn(&str) -> Option<String> + Sync);

/// What a run takes from outside.
#[derive(Clone)]
pub struct Context<'a> {
    /// The platforms that the run knows.
    pub platforms: Platforms,
    /// When the run started: the time of its plan, and the day on which waivers end.
    pub started: Timestamp,
    /// The time of each line of the journal.
    pub clock: Clock,
    /// The variables that hold secrets, or name `git` and its repository.
    pub environment: Environment<'a>,
    /// The variables that configurations and plans may name as secrets.
    pub secret_names: SecretNames,
    /// How accounts are reached.
    pub transport: &'a dyn Transport,
    /// Who watches the run.
    pub reporter: &'a dyn Reporter,
}

impl<'a> Context<'a> {
    /// The product's platforms and clock, no secret, and nobody who watches.
    pub fn new(transport: &'a dyn Transport, started: Timestamp) -> Self {
        Self {
            platforms: provider::get,
            started,
            clock: Arc::new(Timestamp::now),
            environment: &|_| None,
            secret_names: SecretNames::default(),
            transport,
            reporter: &Silent,
        }
    }

    /// The day of the run, in UTC.
    pub fn today(&self) -> Date {
        self.started.to_zoned(TimeZone::UTC).date()
    }

    /// What decides on configurations beside their files.
    pub(super) fn policy(&self) -> Policy {
        Policy { today: self.today(), secret_names: self.secret_names.clone() }
    }

    /// What the kinds of a platform allow.
    pub(super) fn kinds_of(&self, platform: &str) -> Option<&'static Kinds> {
        (self.platforms)(platform).map(Provider::kinds)
    }
}

/// How accounts are reached.
pub trait Transport: Sync {
    /// The connection of an account; nothing is sent.
    ///
    /// # Errors
    /// A sentence: what is missing, and where it is to be set.
    fn connect(&self, account: &Account, provider: &'static dyn Provider) -> Result<Connection, String>;

    /// How long one request may take, and how often it is sent.
    fn bounds(&self) -> Bounds {
        Bounds::default()
    }

    /// The longest time for which a list is read again until it shows a change; a step may ask for less.
    fn longest_poll(&self) -> Duration {
        Duration::MAX
    }
}

/// Watches a run.
pub trait Reporter: Sync {
    /// Accounts are about to be read. The progress is dropped when they have been.
    fn reading<'a>(&self, accounts: &'a [AccountClient]) -> Box<dyn Progress + 'a>;

    /// Steps are about to be sent. The progress is dropped when each has its outcome.
    fn applying<'a>(
        &self,
        plan: &Plan,
        steps: &[Step],
        accounts: &'a [AccountClient],
    ) -> Box<dyn Progress + 'a>;
}

/// Watches one part of a run.
pub trait Progress: Send + Sync {
    /// Some time has passed. Called every 100 ms.
    fn tick(&self) {}

    /// A step was started, or has ended.
    fn on_event(&self, _event: Event<'_>) {}
}

/// Reports nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Progress for Silent {}

impl Reporter for Silent {
    fn reading<'a>(&self, _: &'a [AccountClient]) -> Box<dyn Progress + 'a> {
        Box::new(Self)
    }

    fn applying<'a>(&self, _: &Plan, _: &[Step], _: &'a [AccountClient]) -> Box<dyn Progress + 'a> {
        Box::new(Self)
    }
}

/// The time between two ticks of a progress.
const TICK: Duration = Duration::from_millis(100);

/// Does some work, and ticks meanwhile.
pub(super) async fn tick_while<T>(progress: &dyn Progress, work: impl Future<Output = T>) -> T {
    let mut clock = tokio::time::interval(TICK);
    clock.set_missed_tick_behavior(MissedTickBehavior::Skip);
    tokio::pin!(work);
    loop {
        tokio::select! {
            biased;
            done = &mut work => return done,
            _ = clock.tick() => progress.tick(),
        }
    }
}
