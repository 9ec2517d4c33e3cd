//! Where the secrets of a configuration come from.
//! In: an attribute that holds a secret, and its source. Out: the source as people and programs read it.
//! Never holds a secret. No platform gives one back, so that a source is all that a plan can show.

use std::fmt;
use std::str::FromStr;

use super::address::Address;
use super::value::SecretSource;

/// One attribute that a configuration declares as a secret.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct DeclaredSecret {
    /// The resource.
    pub address: Address,
    /// The attribute.
    pub attribute: String,
    /// Where the value comes from.
    pub from: SecretSource,
}

/// The source of an attribute in a list that is sorted by address and attribute.
pub fn source_of<'a>(
    all: &'a [DeclaredSecret],
    address: &Address,
    attribute: &str,
) -> Option<&'a SecretSource> {
    let key = (address, attribute);
    let found = all.binary_search_by(|one| (&one.address, one.attribute.as_str()).cmp(&key));
    found.ok().map(|at| &all[at].from)
}

impl fmt::Display for SecretSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Env(name) => write!(f, "env {name}"),
            Self::File(path) => write!(f, "file {path}"),
        }
    }
}

impl FromStr for SecretSource {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once(' ') {
            Some(("env", name)) if is_variable(name) => Ok(Self::Env(name.into())),
            Some(("file", path)) if !path.is_empty() => Ok(Self::File(path.into())),
            _ => Err(format!("`{text}` is no source of a secret: neither `env NAME` nor `file PATH`")),
        }
    }
}

fn is_variable(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_reads_back_as_it_is_written() {
        for source in [SecretSource::Env("A_1".into()), SecretSource::File("a b/c".into())] {
            assert_eq!(source.to_string().parse(), Ok(source));
        }
        for bad in ["", "env", "env ", "env A B", "file ", "hunter2", "${env:A}", "env A\n"] {
            assert!(bad.parse::<SecretSource>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_source_is_found_by_address_and_attribute() {
        let secret = |name: &str, attribute: &str| DeclaredSecret {
            address: format!("kalem.trunk.{name}").parse().unwrap(),
            attribute: attribute.to_owned(),
            from: SecretSource::Env(format!("{name}_{attribute}").into()),
        };
        let all = [secret("A", "password"), secret("B", "auth"), secret("B", "password")];
        for one in &all {
            assert_eq!(source_of(&all, &one.address, &one.attribute), Some(&one.from));
        }
        assert_eq!(source_of(&all, &all[0].address, "auth"), None);
    }
}
