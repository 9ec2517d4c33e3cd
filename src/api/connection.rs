//! How to reach an account: where, and with which token.
//! In: the account's name and a reader of environment variables. Out: a base URL that is safe to send a token to.
//! Never reads a file and never prints what a variable holds, only its name.

use secrecy::SecretString;
use url::{Host, Url};
use zeroize::Zeroizing;

use crate::model::variables::{is_account_name, token_variable, unused_variables, url_variable};
use crate::model::{Account, secret_value, visible};

/// How to reach one account.
#[derive(Clone, Debug)]
pub struct Connection {
    /// The platform, for the names of the variables that messages give.
    pub platform: &'static str,
    /// Whose.
    pub account: Account,
    /// The platform's base URL, or what stands in for it.
    pub base: Url,
    /// The bearer token.
    pub token: SecretString,
}

impl Connection {
    /// From `TRUNKFORM_URL_<PLATFORM>__<ACCOUNT>` (default: the platform's own) and `TRUNKFORM_TOKEN_<PLATFORM>__<ACCOUNT>`, read through `env`;
    /// without the account where it is named like its platform.
    ///
    /// # Errors
    /// A sentence for the user: no token, a URL that is not HTTPS (plain HTTP is for loopback only), a URL that is none, a variable of a former name.
    pub fn from_env(
        account: &Account,
        (platform, default_base): (&'static str, &str),
        env: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, String> {
        if !is_account_name(account.as_str()) {
            return Err(format!(
                "`{}` is no name of an account: write lower-case letters, digits and hyphens, a letter first",
                visible(account.as_str())
            ));
        }
        let is_set = |name: &str| env(name).map(Zeroizing::new).is_some_and(|value| !value.is_empty());
        let url_name = url_variable(platform, account);
        let given = env(&url_name).filter(|url| !url.is_empty());
        let unused = unused_variables(platform, account);
        // Without it, the token would go to the platform itself instead of what the URL was to stand for.
        if let Some((_, old)) = unused.as_ref().filter(|(_, old)| given.is_none() && is_set(old)) {
            return Err(not_used(old, &url_name, platform));
        }
        let base =
            base(given.as_deref().unwrap_or(default_base)).map_err(|why| format!("{url_name} {why}"))?;
        let token_name = token_variable(platform, account);
        let value = env(&token_name).map(Zeroizing::new).filter(|token| !token.is_empty());
        let Some(value) = value else {
            return Err(match unused.filter(|(old, _)| is_set(old)) {
                Some((old, _)) => not_used(&old, &token_name, platform),
                None => {
                    format!("{token_name} is not set: put the API token of account `{account}` there")
                }
            });
        };
        let token = token(&value).map_err(|why| format!("{token_name} {why}: copy the token again"))?;
        Ok(Self { platform, account: account.clone(), base, token: token.into() })
    }
}

/// The sentence about a variable whose name lacks the platform.
fn not_used(old: &str, name: &str, platform: &str) -> String {
    format!(
        "{name} is not set, and {old} is not used: the name includes the platform, so that an edit of the file sends a value to no other platform; set {name} if the value is meant for {platform}"
    )
}

/// The token that a variable holds, or what is wrong with it as the rest of a sentence.
fn token(value: &str) -> Result<&str, String> {
    let token = secret_value(value).map_err(|flaw| flaw.to_string())?;
    match token.chars().all(|c| c.is_ascii_graphic()) {
        true => Ok(token),
        false => Err("has a character that no token has, such as a space or an accented letter".into()),
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
            "TRUNKFORM_URL_KALEM__EU" => url.map(str::to_owned),
            "TRUNKFORM_TOKEN_KALEM__EU" => token.map(str::to_owned),
            "TRUNKFORM_URL_EU" | "TRUNKFORM_TOKEN_EU" => None,
            _ => panic!("{name} is nobody's business"),
        };
        Connection::from_env(&Account::new("eu"), KALEM, read)
    }

    const KALEM: (&str, &str) = ("kalem", "https://kalem.me/api/v1");

    #[test]
    fn a_variable_without_the_platform_is_named_and_never_used() {
        let with = |account: &str, set: &[&str]| {
            let read = |name: &str| set.contains(&name).then(|| format!("http://127.0.0.1/{name}"));
            Connection::from_env(&Account::new(account), KALEM, read)
        };
        let error = with("prod", &["TRUNKFORM_TOKEN_PROD"]).unwrap_err();
        assert!(
            error.starts_with("TRUNKFORM_TOKEN_KALEM__PROD is not set, and TRUNKFORM_TOKEN_PROD is not used"),
            "{error}"
        );
        let error = with("prod", &["TRUNKFORM_TOKEN_KALEM__PROD", "TRUNKFORM_URL_PROD"]).unwrap_err();
        assert!(
            error.starts_with("TRUNKFORM_URL_KALEM__PROD is not set, and TRUNKFORM_URL_PROD is not used"),
            "{error}"
        );
        // The platform's own variables are those of the account that is named like it.
        let error = with("prod", &["TRUNKFORM_TOKEN_KALEM", "TRUNKFORM_URL_KALEM"]).unwrap_err();
        assert!(error.starts_with("TRUNKFORM_TOKEN_KALEM__PROD is not set: put"), "{error}");
        let all = [
            "TRUNKFORM_TOKEN_KALEM__PROD",
            "TRUNKFORM_TOKEN_PROD",
            "TRUNKFORM_URL_KALEM__PROD",
            "TRUNKFORM_URL_PROD",
        ];
        let connection = with("prod", &all).unwrap();
        assert_eq!(connection.base.path(), "/TRUNKFORM_URL_KALEM__PROD");
        assert!(with("kalem", &["TRUNKFORM_TOKEN_KALEM"]).is_ok());
        for bad in ["Prod", "a_b", "", "prod\n"] {
            assert!(with(bad, &[]).unwrap_err().contains("no name of an account"), "{bad}");
        }
    }

    #[test]
    fn one_final_line_break_of_a_token_is_taken_off() {
        use secrecy::ExposeSecret as _;
        for token in ["hunter2", "hunter2\n", "hunter2\r\n"] {
            assert_eq!(from(None, Some(token)).unwrap().token.expose_secret(), "hunter2");
        }
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
            assert!(error.starts_with("TRUNKFORM_URL_KALEM__EU ") && !error.contains("hunter2"), "{error}");
        }
    }

    #[test]
    fn a_bad_token_is_named_by_its_variable_only() {
        let bad = [
            "",
            "\n",
            "hunter2\n\n",
            "hun ter2",
            "hunter2 ",
            "hunter2\u{1b}",
            "hunter2é",
            "\"hunter2\"",
            "'hunter2'",
        ];
        for bad in bad.map(Some).into_iter().chain([None]) {
            let error = from(None, bad).unwrap_err();
            assert!(error.starts_with("TRUNKFORM_TOKEN_KALEM__EU ") && !error.contains("hun"), "{error}");
        }
        assert!(!format!("{:?}", from(None, Some("hunter2")).unwrap()).contains("hunter2"));
    }
}
