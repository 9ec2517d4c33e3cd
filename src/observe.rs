//! What is live, account by account.
//! In: the accounts of a configuration and a way to reach each. Out: one state an account, complete, or the error of the account that could not be read.
//! Reads only.

use crate::api::{Api, ApiError};
use crate::model::{Account, State};

/// Reads all accounts at the same time, in the order given.
pub async fn observe(accounts: &[(&Account, &'static str, &Api)]) -> Vec<Result<State, ApiError>> {
    let _ = accounts;
    todo!()
}
