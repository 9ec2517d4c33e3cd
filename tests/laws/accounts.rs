//! Live accounts in memory, and the engine run on them.
//! In: what files declare, and what is live. Out: a plan, or both sides of an account with what differs.
//! Sends no request: the fake platforms read what the accounts of their thread show.

use std::cell::RefCell;
use std::collections::BTreeMap;

use jiff::Timestamp;
use tokio::runtime::{Builder, Runtime};
use trunkform::api::Connection;
use trunkform::config::Checked;
use trunkform::engine::{self, AccountDiff, ConfigSource, Context, PlanArgs, PlanOutcome, Transport};
use trunkform::model::{Account, AccountConfig, Change, Config, Plan, State, World};
use trunkform::provider::{Platforms, Provider};

use crate::fake::{account, platforms, vital_platforms};

thread_local! {
    static LIVE: RefCell<BTreeMap<Account, State>> = RefCell::default();
    static RUNTIME: Runtime = Builder::new_current_thread().enable_all().build().unwrap();
}

/// What an account shows.
pub(crate) fn read(account: &Account) -> State {
    LIVE.with_borrow(|live| live[account].clone())
}

/// Connections to which nothing is sent.
struct Unused;

impl Transport for Unused {
    fn connect(&self, account: &Account, provider: &'static dyn Provider) -> Result<Connection, String> {
        let base = "http://127.0.0.1:9".parse().unwrap();
        // Accounts with one token are the same account.
        let token = account.as_str().to_owned().into();
        Ok(Connection { platform: provider.name(), account: account.clone(), base, token })
    }
}

/// What files declare that have no errors.
pub(crate) fn declared(accounts: Vec<AccountConfig>) -> ConfigSource {
    ConfigSource::Loaded(Box::new(checked(accounts)))
}

/// The same, compared with what they declared before.
pub(crate) fn declared_since(accounts: Vec<AccountConfig>, before: Vec<AccountConfig>) -> ConfigSource {
    let baseline = Config { accounts: before };
    ConfigSource::LoadedSince { checked: Box::new(checked(accounts)), baseline }
}

fn checked(accounts: Vec<AccountConfig>) -> Checked {
    Checked { config: Config { accounts }, ..Checked::default() }
}

/// The plan while this is live.
pub(crate) fn plan_all<const N: usize>(
    platforms: Platforms,
    source: ConfigSource,
    args: PlanArgs,
    live: [(Account, State); N],
) -> PlanOutcome {
    LIVE.set(live.into());
    RUNTIME.with(|runtime| runtime.block_on(engine::plan(&context(platforms), source, args)))
}

/// Both sides of each account with what differs, while this is live.
pub(crate) fn compare_all<const N: usize>(
    platforms: Platforms,
    source: ConfigSource,
    args: &PlanArgs,
    live: [(Account, State); N],
) -> Vec<AccountDiff> {
    LIVE.set(live.into());
    RUNTIME.with(|runtime| runtime.block_on(engine::compare(&context(platforms), source, args))).unwrap()
}

fn context(platforms: Platforms) -> Context<'static> {
    Context { platforms, ..Context::new(&Unused, Timestamp::UNIX_EPOCH) }
}

/// Both sides of the account, and what differs.
pub(crate) fn compare(
    platforms: Platforms,
    config: &AccountConfig,
    observed: State,
    args: &PlanArgs,
) -> AccountDiff {
    let source = declared(vec![config.clone()]);
    compare_all(platforms, source, args, [(account(), observed)]).remove(0)
}

pub(crate) fn world(config: &AccountConfig, observed: State) -> World {
    compare(platforms, config, observed, &PlanArgs::default()).0
}

pub(crate) fn changes(config: &AccountConfig, observed: State) -> Vec<Change> {
    compare(platforms, config, observed, &PlanArgs::default()).1
}

pub(crate) fn plan(config: &AccountConfig, observed: State) -> Plan {
    plan_choosing(config, observed, &PlanArgs { every_resource: true, ..PlanArgs::default() })
}

pub(crate) fn plan_choosing(config: &AccountConfig, observed: State, args: &PlanArgs) -> Plan {
    let source = declared(vec![config.clone()]);
    plan_all(platforms, source, args.clone(), [(account(), observed)]).plan
}

/// The plan on the platform on which a number can't live without its trunk.
pub(crate) fn plan_vital(config: &AccountConfig, observed: State) -> Plan {
    let source = declared(vec![config.clone()]);
    plan_all(vital_platforms, source, PlanArgs::default(), [(account(), observed)]).plan
}

/// Both sides of the account there, and what differs.
pub(crate) fn compare_vital(config: &AccountConfig, observed: State) -> AccountDiff {
    compare(vital_platforms, config, observed, &PlanArgs::default())
}
