//! What says how an account should be: files, or the journal of a run that is to be undone.
//! In: either of them, and a reading of an account. Out: both sides of the account, and what differs.
//! Reads nothing itself.

use trunkform::config::Waivers;
use trunkform::model::{Account, Address, Config, KindName, Pattern, Reading, State};
use trunkform::undo::Run;
use trunkform::{diff, scope, since};

use super::reach::Reached;
use super::settled::Differing;

/// What says it.
pub(super) enum Wanted {
    /// Files, with what they waive.
    Files {
        config: Config,
        /// What they said at an earlier revision, if they are compared with one.
        before: Option<Config>,
        waivers: Waivers,
        /// What is sent again although nothing differs.
        rotate: Vec<Pattern>,
        /// What somebody will ignore.
        ignore: Vec<Pattern>,
        /// The address that somebody asks about.
        why: Option<String>,
    },
    /// The way back from a run.
    Back(Run),
}

impl Wanted {
    /// The accounts, each with its platform and how much of it has to be read.
    pub(super) fn accounts(&self) -> Vec<(&Account, &'static str, Reading)> {
        match self {
            Self::Files { config, .. } => {
                config.accounts.iter().map(|one| (&one.account, one.provider, one.reading())).collect()
            }
            Self::Back(run) => {
                let everything = Reading::Everything;
                run.pasts().iter().map(|past| (&past.account, past.provider.name(), everything)).collect()
            }
        }
    }

    /// The numbers that are declared for some of the accounts.
    pub(super) fn numbers_of(&self, accounts: &[Account]) -> Vec<Address> {
        let Self::Files { config, .. } = self else { return Vec::new() };
        let wanted = config.accounts.iter().filter(|one| accounts.contains(&one.account));
        let declared = wanted.flat_map(|one| one.desired.resources.keys());
        declared.filter(|address| address.kind == KindName::Number).cloned().collect()
    }

    /// What is sent again although nothing differs.
    pub(super) fn rotate(&self) -> &[Pattern] {
        match self {
            Self::Files { rotate, .. } => rotate,
            Self::Back(_) => &[],
        }
    }

    /// What somebody will ignore.
    pub(super) fn ignore(&self) -> &[Pattern] {
        match self {
            Self::Files { ignore, .. } => ignore,
            Self::Back(_) => &[],
        }
    }

    /// The address that somebody asks about.
    pub(super) fn why(&self) -> Option<&str> {
        match self {
            Self::Files { why, .. } => why.as_deref(),
            Self::Back(_) => None,
        }
    }

    /// What differs in an account that was reached because it is one of these.
    pub(super) fn differing(&self, reached: &Reached, state: State) -> Differing {
        const ASKED: &str = "only accounts that were asked for are reached";
        match self {
            Self::Files { config, before, waivers, rotate, .. } => {
                let account = config.accounts.iter().find(|account| account.account == reached.account);
                let (account, kinds) = (account.expect(ASKED), reached.provider.kinds());
                let mut world = match before {
                    Some(before) => since::world(account, before, state, kinds),
                    None => scope::scope(account, state, kinds),
                };
                world.diagnostics = waivers.over_live(&reached.account, world.diagnostics);
                let changes = diff::diff(&world, rotate);
                (world, changes)
            }
            Self::Back(run) => run.of(&reached.account).expect(ASKED).back(&state),
        }
    }
}
