//! What a set of configuration files says, file boundaries forgotten.
//! One entry an account, whatever number of files describe it; places are kept in each resource's origin.
//! Made by `config`, read by the rules and by `scope`.

use super::address::{Account, KindName, Pattern};
use super::limits::Limits;
use super::since::Removed;
use super::state::{Reading, State};

/// The desired side of a run.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// In the order of their names.
    pub accounts: Vec<AccountConfig>,
}

/// What the files say of one account.
#[derive(Clone, Debug)]
pub struct AccountConfig {
    /// Its name.
    pub account: Account,
    /// Its platform; a name from the table of providers.
    pub provider: &'static str,
    /// What happens to live things that no file lists.
    pub unlisted: Unlisted,
    /// How much one apply may take away.
    pub limits: Limits,
    /// Addresses left alone.
    pub ignore: Vec<Pattern>,
    /// What the files declare; references to trunks are resolved to addresses, agents are still text.
    pub desired: State,
    /// Live things that go although `unlisted` keeps them: they were declared once. What is ignored or declared stays all the same.
    pub removed: Removed,
}

impl AccountConfig {
    /// An account of which nothing is said.
    pub fn new(account: &Account, provider: &'static str) -> Self {
        Self {
            account: account.clone(),
            provider,
            unlisted: Unlisted::default(),
            limits: Limits::default(),
            ignore: Vec::new(),
            desired: State::default(),
            removed: Removed::default(),
        }
    }

    /// How much of the account has to be read to compare it with the files.
    pub fn reading(&self) -> Reading {
        let declares_numbers = self.desired.resources.keys().any(|address| address.kind == KindName::Number);
        let keeps_all = self.unlisted == Unlisted::default() && self.removed.is_empty();
        if declares_numbers || !keeps_all { Reading::Everything } else { Reading::Trunks }
    }
}

/// `unlisted`: what happens to live things that the file does not list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Unlisted {
    /// Whether unlisted trunks are deleted.
    pub delete_trunks: bool,
    /// What happens to unlisted numbers.
    pub numbers: UnlistedNumbers,
}

/// What happens to numbers that the file does not list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum UnlistedNumbers {
    /// They stay as they are.
    #[default]
    Keep,
    /// They lose their trunk.
    Unassign,
    /// They stop taking and making calls.
    Deactivate,
    /// They are deleted.
    Delete,
}
