//! The accounts of a run: what is asked of one, its client, or why it has none.
//! In: nothing. Out: the nouns that the calls of the engine share.
//! Sends nothing.

use std::sync::Arc;

use crate::api::Api;
use crate::model::{Account, Reading};
use crate::provider::Provider;

/// An account, the name of its platform, and how much of it a run reads.
pub type AccountRequest<'a> = (&'a Account, &'a str, Reading);

/// One account that can be reached.
#[derive(Clone)]
pub struct AccountClient {
    /// Its name.
    pub account: Account,
    /// Its platform.
    pub provider: &'static dyn Provider,
    /// Its client.
    pub api: Arc<Api>,
    /// How much of it the run reads.
    pub reading: Reading,
}

/// One account that was not read.
#[derive(Clone, Debug)]
pub struct UnreachableAccount {
    /// Its name.
    pub account: Account,
    /// A sentence.
    pub why: String,
}

impl AccountClient {
    /// The same account, to be read as a whole.
    pub(super) fn whole(&self) -> Self {
        Self { reading: Reading::Everything, ..self.clone() }
    }
}
