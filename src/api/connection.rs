//! How to reach an account: where, and with which token.
//! In: the account's name and a reader of environment variables. Out: a base URL that is safe to send a token to.
//! Never reads a file and never prints what a variable holds, only its name.

use secrecy::SecretString;
use url::{Host, Url};
use zeroize::Zeroizing;

use crate::model::Account;

/// How to reach one account.
#[derive(Clone, Debug)]
pub struct Connection {
    /// Whose.
    pub account: Account,
    /// The platform's base URL, or what stands in for it.
    pub base: Url,
    /// The bearer token.
    pub token: SecretString,
}

impl Connection {
    /// From `TRUNKFORM_URL_<ACCOUNT>` (default: the platform's own) and `TRUNKFORM_TOKEN_<ACCOUNT>`, read through `env`.
    ///
    /// # Errors
    /// A sentence for the user: no token, a URL that is not HTTPS (plain HTTP is for loopback only), a URL that is none.
    pub fn from_env(
        account: &Account,
        default_base: &str,
        env: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, String> {
        let url_variable = format!("TRUNKFORM_URL_{}", account.env_suffix());
        let given = env(&url_variable).filter(|url| !url.is_empty());
        let base =
            base(given.as_deref().unwrap_or(default_base)).map_err(|why| format!("{url_variable} {why}"))?;
        let token_variable = format!("TRUNKFORM_TOKEN_{}", account.env_suffix());
        let token = env(&token_variable).map(Zeroizing::new).filter(|token| !token.is_empty());
        let token = token.ok_or_else(|| {
            format!("{token_variable} is not set: put the API token of account `{account}` there")
        })?;
        if !token.chars().all(|c| c.is_ascii_graphic()) {
            return Err(format!(
                "{token_variable} has a character that no token has, such as a line break, a space or a quotation mark: copy the token again"
            ));
        }
        Ok(Self { account: account.clone(), base, token: token.as_str().into() })
    }
}

/// Whether a URL names this machine, by address or as `localhost`.
pub(crate) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

/// A base URL, or what is wrong with it as the rest of a sentence; the URL itself may hold a password and is not repeated.
fn base(text: &str) -> Result<Url, String> {
    let url = Url::parse(text.trim()).map_err(|why| format!("is not a URL ({why})"))?;
    let Some(host) = url.host_str() else { return Err("is a URL without a host".into()) };
    match url.scheme() {
        "https" => {}
        "http" if is_loopback(&url) => {}
        "http" => {
            return Err(format!(
                "would send the token to `{host}` unencrypted: write https:// (http:// is for 127.0.0.1 and localhost)"
            ));
        }
        scheme => return Err(format!("begins with `{scheme}:`: write https://")),
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(
            "has a user name or password in it: write the URL without what stands before the @".into()
        );
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err("has a `?` or `#` in it: write only what stands before it".into());
    }
    Ok(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(url: Option<&str>, token: Option<&str>) -> Result<Connection, String> {
        let read = |name: &str| match name {
            "TRUNKFORM_URL_KALEM_EU" => url.map(str::to_owned),
            "TRUNKFORM_TOKEN_KALEM_EU" => token.map(str::to_owned),
            _ => panic!("{name} is nobody's business"),
        };
        Connection::from_env(&Account::new("kalem-eu"), "https://kalem.me/api/v1", read)
    }

    #[test]
    fn the_platforms_own_url_is_the_default() {
        for unset in [None, Some("")] {
            assert_eq!(from(unset, Some("t")).unwrap().base.as_str(), "https://kalem.me/api/v1");
        }
    }

    #[test]
    fn plain_http_is_for_loopback_only() {
        for good in ["http://127.0.0.1:80/a/", "http://127.9.9.9", "http://[::1]:9", "http://localhost:1/x"] {
            assert!(from(Some(good), Some("t")).is_ok(), "{good}");
        }
        for bad in
            ["http://kalem.me", "http://localhost.evil.com", "http://10.0.0.1", "http://127.0.0.1.nip.io"]
        {
            assert!(from(Some(bad), Some("t")).unwrap_err().contains("unencrypted"), "{bad}");
        }
    }

    #[test]
    fn what_a_url_must_not_have() {
        for bad in
            ["ftp://kalem.me", "kalem.me", "https://u:hunter2@kalem.me", "https://a?key=hunter2", "unix:/x"]
        {
            let error = from(Some(bad), Some("t")).unwrap_err();
            assert!(error.starts_with("TRUNKFORM_URL_KALEM_EU ") && !error.contains("hunter2"), "{error}");
        }
    }

    #[test]
    fn a_bad_token_is_named_by_its_variable_only() {
        for bad in
            [None, Some(""), Some("hunter2\n"), Some("hun ter2"), Some("hunter2\u{1b}"), Some("hunter2é")]
        {
            let error = from(None, bad).unwrap_err();
            assert!(error.starts_with("TRUNKFORM_TOKEN_KALEM_EU ") && !error.contains("hun"), "{error}");
        }
        assert!(!format!("{:?}", from(None, Some("hunter2")).unwrap()).contains("hunter2"));
    }
}
