//! Decides which environment variables a configuration may name as secrets.
//! In: the patterns of the operator, if there are any, and a name. Out: whether it may be named, or why not.
//! Never reads a variable: a list is a value, given from outside.

use std::fmt;
use std::sync::Arc;

/// The variable by which an operator says which variables may be named.
pub const SECRET_ENV: &str = "TRUNKFORM_SECRET_ENV";

/// What no operator can allow: the variables of Trunkform itself.
const OWN: &str = "TRUNKFORM_*";

/// What a configuration may not name where the operator says nothing: variables of CI systems, clouds, package managers and the shell.
pub const REFUSED: &[&str] = &[
    "AWS_*",
    "AZURE_*",
    "ARM_*",
    "GOOGLE_*",
    "GCP_*",
    "GCLOUD_*",
    "CLOUDSDK_*",
    "GITHUB_*",
    "GH_*",
    "ACTIONS_*",
    "RUNNER_*",
    "CI",
    "CI_*",
    "GITLAB_*",
    "BUILDKITE_*",
    "CIRCLE_*",
    "JENKINS_*",
    "TF_*",
    "VAULT_*",
    "KUBE*",
    "DOCKER_*",
    "NPM_*",
    "NODE_*",
    "CARGO_*",
    "PYPI_*",
    "SSH_*",
    "GPG_*",
    "GIT_*",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "PATH",
    "HOME",
    "USER",
    "SHELL",
    "PWD",
    "LD_*",
    "SYSTEM_ACCESSTOKEN",
    "BITBUCKET_*",
    "DRONE_*",
    "TRAVIS_*",
    "TEAMCITY_*",
    "BAMBOO_*",
    "CODEBUILD_*",
    "APPVEYOR_*",
    "DIGITALOCEAN_*",
    "HEROKU_*",
    "CLOUDFLARE_*",
    "PULUMI_*",
    "SOPS_*",
    "TWINE_*",
    "TEMPORAL_*",
    "ALL_PROXY",
];

/// Which variables `{env: NAME}` may name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SecretNames(Names);

#[derive(Clone, Debug, Default, PartialEq, Eq)]
enum Names {
    /// All but the built-in list.
    #[default]
    Usual,
    /// What one of these patterns matches.
    Only(Arc<[Box<str>]>),
    /// All: for files whose secrets are never read.
    All,
}

/// Why a variable may not be named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameRefusal {
    /// It is one of Trunkform's own.
    Own,
    /// The built-in list has this pattern.
    Listed(&'static str),
    /// No pattern of the operator matches it.
    NotAllowed,
}

impl SecretNames {
    /// Only what one of these patterns matches; they are separated by blanks. Without a pattern nothing may be named.
    pub fn only(patterns: &str) -> Self {
        Self(Names::Only(patterns.split_whitespace().map(Into::into).collect()))
    }

    /// Every name: of a configuration whose secrets nobody will read.
    pub fn all() -> Self {
        Self(Names::All)
    }

    /// Whether a variable may be named.
    ///
    /// # Errors
    /// Why not.
    pub fn check(&self, name: &str) -> Result<(), NameRefusal> {
        // On some systems the case of a variable does not matter, and some programs write `http_proxy`.
        let upper = name.to_ascii_uppercase();
        let refused = match &self.0 {
            Names::All => None,
            _ if matches(OWN, &upper) => Some(NameRefusal::Own),
            Names::Usual => {
                REFUSED.iter().find(|pattern| matches(pattern, &upper)).map(|one| NameRefusal::Listed(one))
            }
            Names::Only(patterns) => {
                let allowed = patterns.iter().any(|pattern| matches(pattern, name));
                (!allowed).then_some(NameRefusal::NotAllowed)
            }
        };
        refused.map_or(Ok(()), Err)
    }
}

fn matches(pattern: &str, name: &str) -> bool {
    wildmatch::WildMatch::new(pattern).matches(name)
}

impl fmt::Display for NameRefusal {
    /// The end of a sentence that begins with the variable.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Own => f.write_str("is a variable of Trunkform itself, and no platform may receive it"),
            Self::Listed(pattern) => write!(
                f,
                "matches `{pattern}`: such variables hold credentials of CI systems, clouds and tools, and no platform may receive them"
            ),
            Self::NotAllowed => write!(f, "matches no pattern of {SECRET_ENV}"),
        }
    }
}

impl NameRefusal {
    /// What to do about it.
    pub fn help(self) -> String {
        match self {
            Self::Own => "put the secret into a variable of its own, such as `CARRIER_PASSWORD`".to_owned(),
            Self::Listed(_) => format!(
                "put the secret into a variable of its own, such as `CARRIER_PASSWORD`; or the operator of the run lists the allowed variables in {SECRET_ENV}"
            ),
            Self::NotAllowed => format!(
                "name a variable that {SECRET_ENV} allows; or the operator of the run adds a pattern to it"
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_list_refuses_each_of_its_patterns_and_nothing_like_them() {
        let usual = SecretNames::default();
        for pattern in REFUSED {
            let name = pattern.replace('*', "X");
            assert_eq!(usual.check(&name), Err(NameRefusal::Listed(pattern)), "{name}");
            assert_eq!(usual.check(&name.to_lowercase()), Err(NameRefusal::Listed(pattern)), "{name}");
        }
        for name in ["TRUNKFORM_TOKEN_KALEM", "TRUNKFORM_", "TRUNKFORM_URL_X", "trunkform_token_x"] {
            assert_eq!(usual.check(name), Err(NameRefusal::Own), "{name}");
        }
        for name in
            ["CARRIER_PASSWORD", "SIP_PW", "CIRCUS", "PATHS", "USERNAME", "AWSOME", "TFX", "MY_AWS_KEY"]
        {
            assert_eq!(usual.check(name), Ok(()), "{name}");
        }
    }

    #[test]
    fn the_operators_patterns_stand_in_for_the_list() {
        let only = SecretNames::only(" CARRIER_*\t SIP_PW\nAWS_SIP ");
        for name in ["CARRIER_A", "CARRIER_", "SIP_PW", "AWS_SIP"] {
            assert_eq!(only.check(name), Ok(()), "{name}");
        }
        for name in ["carrier_a", "CARRIER", "SIP_PW2", "XCARRIER_A", "AWS_SIP2"] {
            assert_eq!(only.check(name), Err(NameRefusal::NotAllowed), "{name}");
        }
        for patterns in ["", "  ", "*", "TRUNKFORM_*"] {
            let only = SecretNames::only(patterns);
            assert_eq!(only.check("TRUNKFORM_TOKEN_KALEM"), Err(NameRefusal::Own), "{patterns}");
            assert_eq!(only.check("A").is_ok(), patterns == "*", "{patterns}");
        }
    }
}
