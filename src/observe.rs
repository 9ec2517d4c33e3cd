//! What is live, account by account.
//! In: the accounts of a configuration and a way to reach each. Out: one state an account, complete, or the error of the account that could not be read.
//! Reads only.

use futures_util::future::join_all;

use crate::api::{Api, ApiError};
use crate::model::{Account, Reading, State};
use crate::provider;

/// One account that is to be read.
#[derive(Clone, Copy)]
pub struct Ask<'a> {
    /// Whose.
    pub account: &'a Account,
    /// The name of its platform, from the table of providers.
    pub platform: &'a str,
    /// How it is reached.
    pub api: &'a Api,
    /// How much of it.
    pub reading: Reading,
}

/// Reads all accounts at the same time; the results stand in the order given.
///
/// # Panics
/// Where a platform is not in the table of providers.
pub async fn observe(accounts: &[Ask<'_>]) -> Vec<Result<State, ApiError>> {
    join_all(accounts.iter().map(async |&Ask { account, platform, api, reading }| {
        let provider =
            provider::get(platform).expect("the name of a platform comes from the table of providers");
        api.bounded(provider.observe(api, account, reading)).await
    }))
    .await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::Connection;

    #[tokio::test]
    async fn each_account_has_its_own_result_in_order() {
        let names = [Account::new("b"), Account::new("a")];
        let apis = names.clone().map(|account| {
            let base = "http://127.0.0.1:1/".parse().unwrap();
            Api::new(Connection { account, base, token: "t".to_owned().into() }).unwrap()
        });
        let ask = |(account, api)| Ask { account, platform: "kalem", api, reading: Reading::Everything };
        let results = observe(&[(&names[0], &apis[0]), (&names[1], &apis[1])].map(ask)).await;
        let errors: Vec<_> = results.into_iter().map(|r| r.unwrap_err().to_string()).collect();
        assert!(errors[0].contains("TRUNKFORM_URL_B") && errors[1].contains("TRUNKFORM_URL_A"), "{errors:?}");
    }
}
