//! Names the environment variables of an account.
//! In: a platform and an account. Out: the names under which its token and its base URL are set.
//! Never reads a variable. No two pairs of a platform and an account share a name.

use super::address::Account;

const TOKEN: &str = "TRUNKFORM_TOKEN_";
const URL: &str = "TRUNKFORM_URL_";

/// The variable that holds the token of an account.
pub fn token_variable(platform: &str, account: &Account) -> String {
    format!("{TOKEN}{}", suffix(platform, account))
}

/// The variable that holds a base URL in place of the platform's own.
pub fn url_variable(platform: &str, account: &Account) -> String {
    format!("{URL}{}", suffix(platform, account))
}

/// The names of the same two variables without the platform, which are never used; none where they would be the names that are.
pub fn unused_variables(platform: &str, account: &Account) -> Option<(String, String)> {
    let name = account.as_str();
    (name != platform).then(|| (format!("{TOKEN}{}", upper(name)), format!("{URL}{}", upper(name))))
}

/// Whether a name is one that a configuration file can give an account: only such names have variables of their own.
pub fn is_account_name(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_lowercase())
        && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

/// The platform comes first, so that an edit of `provider:` asks for another token. Two underscores end its name: no platform has two hyphens in
/// a row, and no account begins with one.
fn suffix(platform: &str, account: &Account) -> String {
    let name = account.as_str();
    if name == platform { upper(platform) } else { format!("{}__{}", upper(platform), upper(name)) }
}

fn upper(name: &str) -> String {
    name.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' }).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;

    /// Platforms of today and of later.
    const PLATFORMS: [&str; 6] = ["kalem", "bolna", "bolna-trunk", "talkover", "trunk", "kalem2"];

    /// Every name of at most five characters of this alphabet that a file can have, and names that are made of platforms.
    fn names() -> Vec<String> {
        let mut all = vec![String::new()];
        let mut last = all.clone();
        for _ in 0..5 {
            last = last.iter().flat_map(|name| ["a", "t", "0", "-"].map(|c| format!("{name}{c}"))).collect();
            all.extend(last.iter().cloned());
        }
        let words = ["kalem", "bolna", "trunk", "talkover", "bolna-trunk", "kalem2", "prod"];
        for first in words {
            all.push(first.to_owned());
            for between in ["-", "--", "---", ""] {
                all.extend(words.map(|second| format!("{first}{between}{second}")));
                all.push(format!("{first}{between}"));
            }
        }
        all.sort();
        all.dedup();
        all.retain(|name| is_account_name(name));
        all
    }

    #[test]
    fn no_two_accounts_share_a_variable() {
        let mut owners: HashMap<String, (&str, String)> = HashMap::new();
        let names = names();
        assert!(names.len() > 600, "{}", names.len());
        for platform in PLATFORMS {
            for name in &names {
                let account = Account::new(name);
                for variable in [token_variable(platform, &account), url_variable(platform, &account)] {
                    let other = owners.insert(variable.clone(), (platform, name.clone()));
                    assert_eq!(other, None, "{variable} of {name} at {platform}");
                }
            }
        }
    }

    #[test]
    fn the_platform_is_part_of_the_name() {
        let token = |platform, account| token_variable(platform, &Account::new(account));
        assert_eq!(token("kalem", "kalem"), "TRUNKFORM_TOKEN_KALEM");
        assert_eq!(token("bolna-trunk", "bolna-trunk"), "TRUNKFORM_TOKEN_BOLNA_TRUNK");
        assert_eq!(token("bolna", "trunk"), "TRUNKFORM_TOKEN_BOLNA__TRUNK");
        assert_eq!(token("kalem", "prod-eu2"), "TRUNKFORM_TOKEN_KALEM__PROD_EU2");
        assert_eq!(url_variable("kalem", &Account::new("prod")), "TRUNKFORM_URL_KALEM__PROD");
        let unused = unused_variables("kalem", &Account::new("prod")).unwrap();
        assert_eq!(unused, ("TRUNKFORM_TOKEN_PROD".to_owned(), "TRUNKFORM_URL_PROD".to_owned()));
        assert_eq!(unused_variables("kalem", &Account::new("kalem")), None);
    }

    #[test]
    fn only_names_that_a_file_can_have_have_variables() {
        for bad in ["", "Prod", "a_b", "-a", "0a", "a b", "é", "a.b"] {
            assert!(!is_account_name(bad), "{bad}");
        }
    }
}
