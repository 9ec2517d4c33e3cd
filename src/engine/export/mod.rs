//! Live accounts as configuration files.
//! In: an account, or files that describe some. Out: the text of a file, or files with more at the end of their lists.
//! Has no means to write to a platform, and writes no file.

mod insertion;
mod merge;

pub use merge::{FileChange, MergeArgs, MergeOutcome, merge};

use crate::export::{self, Exported, Live};
use crate::model::{Account, Diagnostic, Reading, Sources, State};
use crate::provider::Provider;

use super::account_client::{AccountClient, AccountRequest};
use super::connect::connect;
use super::context::Context;
use super::observe::observe;

/// Why an account can't be exported.
#[derive(Debug)]
pub enum ExportError {
    /// Sentences, such as that an account has no connection or could not be read.
    Failed(Vec<String>),
    /// The account is not as a file can declare it, or the files have errors.
    Diagnostics {
        /// The diagnostics.
        diagnostics: Vec<Diagnostic>,
        /// The texts that they are about.
        sources: Sources,
    },
}

impl ExportError {
    fn with_sources(self, sources: Sources) -> Self {
        match self {
            Self::Diagnostics { diagnostics, .. } => Self::Diagnostics { diagnostics, sources },
            failed @ Self::Failed(_) => failed,
        }
    }
}

impl From<String> for ExportError {
    fn from(why: String) -> Self {
        Self::Failed(vec![why])
    }
}

impl From<Vec<Diagnostic>> for ExportError {
    fn from(diagnostics: Vec<Diagnostic>) -> Self {
        Self::Diagnostics { diagnostics, sources: Sources::default() }
    }
}

/// One account as a file of its own.
///
/// # Errors
/// The account can't be read, or no file can declare it.
pub async fn export(
    context: &Context<'_>,
    account: &Account,
    provider: &'static dyn Provider,
) -> Result<Exported, ExportError> {
    // A name that no file can have is found before anything is read.
    export::account(Live { account, provider, state: &State::default() })?;
    let request = (account, provider.name(), Reading::Everything);
    let (_, state) = observe_all(context, std::iter::once(request)).await?.remove(0);
    Ok(export::account(Live { account, provider, state: &state })?)
}

/// What is live in each account, all of them or none.
async fn observe_all<'a>(
    context: &Context<'_>,
    accounts: impl Iterator<Item = AccountRequest<'a>>,
) -> Result<Vec<(AccountClient, State)>, ExportError> {
    let (clients, missing) = connect(context, accounts);
    if !missing.is_empty() {
        let why = missing.iter().map(|one| format!("{}: {}", one.account, one.why));
        return Err(ExportError::Failed(why.collect()));
    }
    let (mut read, mut failed) = (Vec::new(), Vec::new());
    let states = observe(context, &clients).await;
    for (client, state) in clients.into_iter().zip(states) {
        match state {
            Ok(state) => read.push((client, state)),
            Err(why) => failed.push(why),
        }
    }
    if failed.is_empty() { Ok(read) } else { Err(ExportError::Failed(failed)) }
}
