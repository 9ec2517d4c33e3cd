//! What is live, account by account.
//! In: the accounts of a configuration and a way to reach each. Out: one state an account, complete, or the error of the account that could not be read.
//! Reads only.

use futures_util::future::join_all;

use crate::api::{Api, ApiError};
use crate::model::{Account, State};
use crate::provider;

/// Reads all accounts at the same time; the results stand in the order given. The text is the name of the account's platform.
pub async fn observe(accounts: &[(&Account, &'static str, &Api)]) -> Vec<Result<State, ApiError>> {
    join_all(accounts.iter().map(|&(account, platform, api)| async move {
        let provider =
            provider::get(platform).expect("the name of a platform comes from the table of providers");
        provider.observe(api, account).await
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
        let results = observe(&[(&names[0], "kalem", &apis[0]), (&names[1], "kalem", &apis[1])]).await;
        let errors: Vec<_> = results.into_iter().map(|r| r.unwrap_err().to_string()).collect();
        assert!(errors[0].contains("TRUNKFORM_URL_B") && errors[1].contains("TRUNKFORM_URL_A"), "{errors:?}");
    }
}
