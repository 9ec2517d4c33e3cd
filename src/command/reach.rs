//! How accounts are reached: as the environment says, or at a sandbox inside this process.
//! In: `--sandbox` and the environment. Out: for each account a connection, or the reason why there is none.
//! Sends nothing; a token that is missing is found before the first request.

use std::collections::HashMap;
use std::fs::File;
use std::io::Read as _;
use std::path::Path;
use std::sync::Arc;

use secrecy::ExposeSecret;
use trunkform::api::{Api, Connection};
use trunkform::model::{Account, Plan, Reading};
use trunkform::observe::Ask;
use trunkform::provider::{self, Provider};
use trunkform::sandbox::{self, Options, Sandbox};

use super::exit::Failure;
use crate::cli::Live;

/// A way to the accounts of a run.
pub(super) struct Reach {
    place: Place,
    /// Whether a log is told nothing of their reading.
    pub(super) quiet: bool,
}

/// Where the accounts of a run are.
enum Place {
    /// As the environment says.
    Environment,
    /// At the sandbox inside this process.
    Embedded(Box<Sandbox>),
}

/// One account that can be reached.
pub(super) struct Reached {
    pub(super) account: Account,
    pub(super) provider: &'static dyn Provider,
    pub(super) api: Arc<Api>,
    /// How much of it the files need.
    pub(super) reading: Reading,
    /// Whether a log is told nothing of it.
    pub(super) quiet: bool,
}

/// One account that was not read.
pub(super) struct Unread {
    pub(super) account: Account,
    /// A sentence.
    pub(super) why: String,
}

impl Reach {
    /// Starts the sandbox, if that was asked for.
    pub(super) async fn open(live: &Live) -> Result<Self, Failure> {
        let Some(file) = &live.sandbox else { return Ok(Self { place: Place::Environment, quiet: false }) };
        let options = Options { state: Some(file.clone()), ..Options::default() };
        match Sandbox::start(options).await {
            Ok(sandbox) => Ok(Self { place: Place::Embedded(Box::new(sandbox)), quiet: false }),
            Err(why) => Err(Failure(format!("the sandbox can't be started: {why}"))),
        }
    }

    /// Writes the sandbox's state.
    pub(super) async fn close(self) -> Result<(), Failure> {
        match self.place {
            Place::Environment => Ok(()),
            Place::Embedded(sandbox) => sandbox
                .stop()
                .await
                .map_err(|why| Failure(format!("the sandbox's state can't be kept: {why}"))),
        }
    }

    /// A client for each account, and each that there is none for with what is missing.
    pub(super) fn connect<'a>(
        &self,
        accounts: impl Iterator<Item = (&'a Account, &'a str, Reading)>,
    ) -> (Vec<Reached>, Vec<Unread>) {
        let (mut connected, mut missing) = (Vec::new(), Vec::new());
        for (account, platform, reading) in accounts {
            match self.connection(account, platform) {
                Ok((provider, connection)) => connected.push((provider, connection, reading)),
                Err(why) => missing.push(Unread { account: account.clone(), why }),
            }
        }
        let twins = twins(connected.iter().map(|(provider, connection, _)| (provider.name(), connection)));
        let mut reached = Vec::with_capacity(connected.len());
        for (provider, connection, reading) in connected {
            let account = connection.account.clone();
            let api = match twins.get(&account) {
                Some(why) => Err(why.clone()),
                None => Api::new(connection).map_err(|why| why.to_string()),
            };
            match api.map(Arc::new) {
                Ok(api) => reached.push(Reached { account, provider, api, reading, quiet: self.quiet }),
                Err(why) => missing.push(Unread { account, why }),
            }
        }
        (reached, missing)
    }

    fn connection(
        &self,
        account: &Account,
        platform: &str,
    ) -> Result<(&'static dyn Provider, Connection), String> {
        let provider = provider::get(platform).ok_or_else(|| format!("`{platform}` is not a platform"))?;
        let connection = match &self.place {
            Place::Environment => {
                Connection::from_env(account, provider.base_url(), |name| std::env::var(name).ok())?
            }
            Place::Embedded(sandbox) => embedded(sandbox, account, provider)?,
        };
        Ok((provider, connection))
    }
}

/// The accounts that are one under several names, with what is wrong: what one name would give up, the other would lose.
fn twins<'a>(connections: impl Iterator<Item = (&'a str, &'a Connection)>) -> HashMap<Account, String> {
    let mut by_access: HashMap<(&str, &str, &str), Vec<&Account>> = HashMap::new();
    for (platform, connection) in connections {
        let Connection { account, base, token } = connection;
        let base = base.as_str().trim_end_matches('/');
        by_access.entry((platform, base, token.expose_secret())).or_default().push(account);
    }
    let several = by_access.into_values().filter(|accounts| accounts.len() > 1);
    let told = several.flat_map(|mut accounts| {
        accounts.sort();
        let names: Vec<_> = accounts.iter().map(|account| format!("`{account}`")).collect();
        let why = format!(
            "{} are the same account: they have one base URL and one token; write all of it under one name, or give each its own token",
            names.join(" and ")
        );
        accounts.into_iter().map(move |account| (account.clone(), why.clone()))
    });
    told.collect()
}

impl Reached {
    /// The same account, to be read as a whole.
    pub(super) fn whole(&self) -> Self {
        let Self { account, provider, api, reading: _, quiet } = self;
        let (account, api, reading) = (account.clone(), api.clone(), Reading::Everything);
        Self { account, provider: *provider, api, reading, quiet: *quiet }
    }

    /// What is to be read of it.
    pub(super) fn ask(&self) -> Ask<'_> {
        let Self { account, provider, api, reading, quiet: _ } = self;
        Ask { account, platform: provider.name(), api, reading: *reading }
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
    Ok(Connection { account: account.clone(), base, token: EMBEDDED_TOKEN.to_owned().into() })
}

/// The accounts of a plan with their platforms. A plan may touch anything, whatever its files declare.
pub(super) fn accounts_of(plan: &Plan) -> impl Iterator<Item = (&Account, &str, Reading)> {
    let everything = Reading::Everything;
    plan.accounts.iter().map(move |one| (&one.account, one.provider.as_str(), everything))
}

/// 128 MiB: a plan of some 60,000 changes.
const LARGEST: u64 = 128 << 20;

/// The text of a file that the user named; it may be a pipe, and need not have an end.
pub(super) fn read(path: &Path) -> Result<String, Failure> {
    let wrong = |why: String| Failure(format!("`{}` can't be read: {why}", path.display()));
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|file| file.take(LARGEST + 1).read_to_end(&mut bytes));
    read.map_err(|why| wrong(why.to_string()))?;
    if bytes.len() as u64 > LARGEST {
        return Err(wrong(format!("it is larger than {} MiB", LARGEST >> 20)));
    }
    String::from_utf8(bytes).map_err(|_| wrong("it is not UTF-8".into()))
}
