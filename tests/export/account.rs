//! One live account, read as a command reads it, and what its files come to.

use std::collections::BTreeSet;
use std::path::Path;

use trunkform::api::Api;
use trunkform::config::{self, Checked, File, files};
use trunkform::engine::{self, AccountDiff, ConfigSource, PlanArgs, Transport};
use trunkform::export::{self, Exported, Live};
use trunkform::model::{
    Account, AccountConfig, Address, Config, Diagnostic, KindName, Plan, Reading, State, Unlisted,
};
use trunkform::provider::{self, Provider};

use crate::TODAY;
use crate::estate::Estate;
use crate::sandbox_transport::SandboxTransport;
use crate::worlds::Case;

/// The name of a trunk that no account has.
const NO_TRUNK: &str = "no trunk has this name";

/// A live account.
pub struct Read<'a> {
    pub account: Account,
    pub provider: &'static dyn Provider,
    pub state: State,
    live: &'a crate::support::Live,
    transport: SandboxTransport<'a>,
}

impl<'a> Read<'a> {
    pub fn of(estate: &'a Estate, case: &'a Case) -> Self {
        let (account, provider) = (Account::new(case.account), provider::get(case.platform.name()).unwrap());
        let (live, transport) =
            (&estate.live, SandboxTransport::new(&estate.live, std::slice::from_ref(case)));
        let connection = transport.connect(&account, provider).unwrap();
        let api = Api::with_bounds(connection, transport.bounds()).unwrap();
        let state = live.block_on(provider.observe(&api, &account, Reading::Everything)).unwrap();
        Self { account, provider, state, live, transport }
    }

    pub fn live(&self) -> Live<'_> {
        Live { account: &self.account, provider: self.provider, state: &self.state }
    }

    pub fn exported(&self) -> Exported {
        export::account(self.live()).unwrap()
    }

    /// The files beside what is live, all that no file lists being kept.
    pub fn compared(&self, files: &[File]) -> AccountDiff {
        let (context, args) = (self.transport.context(), PlanArgs::default());
        self.live.block_on(engine::compare(&context, self.keeping(files), &args)).unwrap().remove(0)
    }

    pub fn plan(&self, files: &[File]) -> Plan {
        let args = PlanArgs { every_resource: true, ..PlanArgs::default() };
        let context = self.transport.context();
        self.live.block_on(engine::plan(&context, self.keeping(files), args)).plan
    }

    /// What the files declare for this account, all that they do not list being kept.
    fn keeping(&self, files: &[File]) -> ConfigSource {
        let accounts = checked(files).config.accounts;
        let config = accounts.into_iter().find(|one| one.account == self.account);
        let config = config.unwrap_or_else(|| AccountConfig::new(&self.account, self.provider.name()));
        let mut keeping = AccountConfig { unlisted: Unlisted::default(), ..config };
        // Where something may be removed, the account is read as a whole although no number is declared.
        keeping.removed.add(Address::new(&self.account, KindName::Trunk, NO_TRUNK), None);
        let config = Config { accounts: vec![keeping] };
        ConfigSource::Loaded(Box::new(Checked { config, ..Checked::default() }))
    }
}

pub fn file(name: &str, text: &str) -> File {
    File::new(name, Path::new(name), text.as_bytes().to_vec())
}

/// What files mean; they must have no errors.
pub fn checked(files: &[File]) -> Checked {
    let checked = config::check(files.iter().cloned().map(Ok), &files::beside, TODAY);
    let errors: Vec<_> = checked.diagnostics.iter().filter(|found| found.is_error()).collect();
    let texts: Vec<_> = files.iter().map(|file| String::from_utf8_lossy(&file.bytes)).collect();
    assert!(errors.is_empty(), "{errors:#?}\n{}", texts.join("\n---\n"));
    checked
}

/// Whether files have errors.
pub fn validates(files: &[File]) -> bool {
    !config::check(files.iter().cloned().map(Ok), &files::beside, TODAY)
        .diagnostics
        .iter()
        .any(Diagnostic::is_error)
}

/// What was left out, by address.
pub fn left_out(exported: &Exported) -> BTreeSet<String> {
    exported.left_out.iter().map(|left| left.address.to_string()).collect()
}
