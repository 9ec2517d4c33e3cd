//! One live account, read as a command reads it, and what its files come to.

use std::collections::BTreeSet;
use std::path::Path;

use trunkform::config::{self, Checked, File, files};
use trunkform::export::{self, Exported, Live};
use trunkform::model::{Account, AccountConfig, Change, Diagnostic, Plan, Reading, State, Unlisted, World};
use trunkform::observe::{self, Ask};
use trunkform::planner::{self, Choices};
use trunkform::provider::{self, Provider};
use trunkform::{diff, scope};

use crate::TODAY;
use crate::estate::Estate;
use crate::worlds::Case;

/// A live account.
pub struct Read {
    pub account: Account,
    pub provider: &'static dyn Provider,
    pub state: State,
}

impl Read {
    pub fn of(estate: &Estate, case: &Case) -> Self {
        let (account, provider) = (Account::new(case.account), provider::get(case.platform.name()).unwrap());
        let api = estate.api(case);
        let ask =
            Ask { account: &account, platform: provider.name(), api: &api, reading: Reading::Everything };
        let state = estate.live.block_on(observe::observe(&[ask])).remove(0).unwrap();
        Self { account, provider, state }
    }

    pub fn live(&self) -> Live<'_> {
        Live { account: &self.account, provider: self.provider, state: &self.state }
    }

    pub fn exported(&self) -> Exported {
        export::account(self.live()).unwrap()
    }

    /// The files beside what is live, all that no file lists being kept.
    pub fn compared(&self, files: &[File]) -> (World, Vec<Change>) {
        let checked = checked(files);
        let config = checked.config.accounts.iter().find(|one| one.account == self.account);
        let config =
            config.cloned().unwrap_or_else(|| AccountConfig::new(&self.account, self.provider.name()));
        let keeping = AccountConfig { unlisted: Unlisted::default(), ..config };
        let world = scope::scope(&keeping, self.state.clone(), self.provider.kinds());
        let changes = diff::diff(&world, &[]);
        (world, changes)
    }

    pub fn plan(&self, files: &[File]) -> Plan {
        planner::plan(vec![self.compared(files)], &Choices { every_resource: true, ..Choices::default() })
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
