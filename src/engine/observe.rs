//! What is live, account by account.
//! In: the client of each account. Out: one state an account, complete, or why the account could not be read.
//! Reads only.

use futures_util::future::join_all;

use crate::api::ApiError;
use crate::model::State;

use super::account_client::AccountClient;
use super::context::{Context, tick_while};

/// Reads all accounts at the same time; the results stand in the order given. An error is a sentence that names the account.
pub(super) async fn observe(context: &Context<'_>, accounts: &[AccountClient]) -> Vec<Result<State, String>> {
    let progress = context.reporter.reading(accounts);
    let readings: Vec<_> = accounts.iter().map(read).collect();
    let states = tick_while(&*progress, join_all(readings)).await;
    let named = accounts.iter().zip(states);
    named.map(|(one, state)| state.map_err(|why| format!("{}: {why}", one.account))).collect()
}

async fn read(one: &AccountClient) -> Result<State, ApiError> {
    one.api.bounded(one.provider.observe(&one.api, &one.account, one.reading)).await
}
