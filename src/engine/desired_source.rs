//! Where the desired state comes from: files, or the journal of a run that is to be undone.
//! In: either of them, and a reading of an account. Out: both sides of the account, and what differs.
//! Reads nothing itself.

use crate::config::Waivers;
use crate::model::{Account, Address, Config, KindName, Pattern, Reading, State};
use crate::undo::Run;
use crate::{diff, scope, since};

use super::account_client::{AccountClient, AccountRequest};
use super::args::PlanArgs;
use super::stable_read::AccountDiff;

/// Where the desired state comes from.
pub(super) enum DesiredSource {
    /// Files, with what they waive.
    Files {
        config: Config,
        /// What they said at an earlier revision, if they are compared with one.
        baseline: Option<Config>,
        waivers: Waivers,
        /// What is sent again although nothing differs.
        rotate: Vec<Pattern>,
        /// What somebody will ignore.
        ignore: Vec<Pattern>,
        /// The address that somebody asks about.
        why: Option<String>,
    },
    /// The way back from a run.
    Undo(Run),
}

impl DesiredSource {
    /// What files declare, now and at an earlier revision, with what the caller asks about it.
    pub(super) fn from_files(
        (config, baseline): (Config, Option<Config>),
        waivers: Waivers,
        args: &PlanArgs,
    ) -> Self {
        let PlanArgs { rotate, ignore, why, .. } = args.clone();
        Self::Files { config, baseline, waivers, rotate, ignore, why }
    }

    /// The accounts, each with its platform and how much of it has to be read.
    pub(super) fn accounts(&self) -> Vec<AccountRequest<'_>> {
        match self {
            Self::Files { config, .. } => {
                config.accounts.iter().map(|one| (&one.account, one.provider, one.reading())).collect()
            }
            Self::Undo(run) => {
                let everything = Reading::Everything;
                run.pasts().iter().map(|past| (&past.account, past.provider.name(), everything)).collect()
            }
        }
    }

    /// The numbers that are declared for some of the accounts.
    pub(super) fn numbers_of(&self, accounts: &[Account]) -> Vec<Address> {
        let Self::Files { config, .. } = self else { return Vec::new() };
        let chosen = config.accounts.iter().filter(|one| accounts.contains(&one.account));
        let declared = chosen.flat_map(|one| one.desired.resources.keys());
        declared.filter(|address| address.kind == KindName::Number).cloned().collect()
    }

    /// What is sent again although nothing differs.
    pub(super) fn rotate(&self) -> &[Pattern] {
        match self {
            Self::Files { rotate, .. } => rotate,
            Self::Undo(_) => &[],
        }
    }

    /// What somebody will ignore.
    pub(super) fn ignore(&self) -> &[Pattern] {
        match self {
            Self::Files { ignore, .. } => ignore,
            Self::Undo(_) => &[],
        }
    }

    /// The address that somebody asks about.
    pub(super) fn why(&self) -> Option<&str> {
        match self {
            Self::Files { why, .. } => why.as_deref(),
            Self::Undo(_) => None,
        }
    }

    /// What differs in an account that has a client because it is one of these.
    pub(super) fn diff(&self, client: &AccountClient, state: State) -> AccountDiff {
        const KNOWN: &str = "only accounts of the source have clients";
        match self {
            Self::Files { config, baseline, waivers, rotate, .. } => {
                let account = config.accounts.iter().find(|account| account.account == client.account);
                let (account, kinds) = (account.expect(KNOWN), client.provider.kinds());
                let mut world = match baseline {
                    Some(baseline) => since::world(account, baseline, state, kinds),
                    None => scope::scope(account, state, kinds),
                };
                world.diagnostics = waivers.over_live(&client.account, world.diagnostics);
                let changes = diff::diff(&world, rotate);
                (world, changes)
            }
            Self::Undo(run) => run.of(&client.account).expect(KNOWN).back(&state),
        }
    }
}
