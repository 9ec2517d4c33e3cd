//! Clients for the accounts of a run.
//! In: accounts with their platforms, a transport. Out: for each a client, or the reason why there is none.
//! Sends nothing; a token that is missing is found before the first request.

use std::collections::HashMap;
use std::sync::Arc;

use secrecy::ExposeSecret;

use crate::api::{Api, Connection};
use crate::model::{Account, Plan, Reading};
use crate::provider::Provider;

use super::account_client::{AccountClient, AccountRequest, UnreachableAccount};
use super::context::Context;

/// A client for each account, and for each that has none the reason.
pub(super) fn connect<'a>(
    context: &Context<'_>,
    accounts: impl Iterator<Item = AccountRequest<'a>>,
) -> (Vec<AccountClient>, Vec<UnreachableAccount>) {
    let (mut connected, mut missing) = (Vec::new(), Vec::new());
    for (account, platform, reading) in accounts {
        match connection(context, account, platform) {
            Ok((provider, connection)) => connected.push((provider, connection, reading)),
            Err(why) => missing.push(UnreachableAccount { account: account.clone(), why }),
        }
    }
    let shared =
        shared_access(connected.iter().map(|(provider, connection, _)| (provider.name(), connection)));
    let mut clients = Vec::with_capacity(connected.len());
    for (provider, connection, reading) in connected {
        let account = connection.account.clone();
        let api = match shared.get(&account) {
            Some(why) => Err(why.clone()),
            None => Api::with_bounds(connection, context.transport.bounds()).map_err(|why| why.to_string()),
        };
        match api.map(Arc::new) {
            Ok(api) => clients.push(AccountClient { account, provider, api, reading }),
            Err(why) => missing.push(UnreachableAccount { account, why }),
        }
    }
    (clients, missing)
}

fn connection(
    context: &Context<'_>,
    account: &Account,
    platform: &str,
) -> Result<(&'static dyn Provider, Connection), String> {
    let provider = (context.platforms)(platform).ok_or_else(|| format!("`{platform}` is not a platform"))?;
    Ok((provider, context.transport.connect(account, provider)?))
}

/// The accounts that are one under several names, each with the reason: a number that one name releases, the other would lose.
fn shared_access<'a>(
    connections: impl Iterator<Item = (&'a str, &'a Connection)>,
) -> HashMap<Account, String> {
    let mut by_access: HashMap<(&str, &str, &str), Vec<&Account>> = HashMap::new();
    for (platform, connection) in connections {
        let Connection { platform: _, account, base, token } = connection;
        let base = base.as_str().trim_end_matches('/');
        by_access.entry((platform, base, token.expose_secret())).or_default().push(account);
    }
    let several = by_access.into_values().filter(|accounts| accounts.len() > 1);
    let reasons = several.flat_map(|mut accounts| {
        accounts.sort();
        let names: Vec<_> = accounts.iter().map(|account| format!("`{account}`")).collect();
        let why = format!(
            "{} are the same account: they have one base URL and one token; write all of it under one name, or give each its own token",
            names.join(" and ")
        );
        accounts.into_iter().map(move |account| (account.clone(), why.clone()))
    });
    reasons.collect()
}

/// The accounts of a plan with their platforms. A plan may touch anything, whatever its files declare.
pub(super) fn accounts_of(plan: &Plan) -> impl Iterator<Item = AccountRequest<'_>> {
    plan.accounts.iter().map(|one| (&one.account, one.provider.as_str(), Reading::Everything))
}
