//! The variables of a run: what the environment says, and what a file adds.
//! In: the environment. Out: the value of a variable, and which variables a configuration may name.
//! Reads the file at most once, and only where something needs it. Never prints a value.

use std::path::PathBuf;

use trunkform::model::SecretNames;
use trunkform::model::secret_names::SECRET_ENV;

use super::env_file::EnvFile;
use super::exit::Failure;

/// Names a file of variables.
const ENV_FILE: &str = "TRUNKFORM_ENV_FILE";

/// The variables of a run.
pub(super) struct Environment {
    file: EnvFile,
}

impl Environment {
    /// Reads the file of `TRUNKFORM_ENV_FILE`, if there is one.
    pub(super) fn open() -> Result<Self, Failure> {
        let path = std::env::var_os(ENV_FILE).filter(|path| !path.is_empty()).map(PathBuf::from);
        let file = path.map(|path| EnvFile::read(&path)).transpose();
        let file = file.map_err(|Failure(why)| Failure(format!("{ENV_FILE}: {why}")))?;
        Ok(Self { file: file.unwrap_or_default() })
    }

    /// The value of a variable. What the environment says wins; where it says nothing, or an empty text, the file does.
    pub(super) fn get(&self, name: &str) -> Option<String> {
        match of_process(name) {
            Some(value) if !value.is_empty() => Some(value),
            unset => self.file.get(name).or(unset),
        }
    }

    /// The variables that a configuration may name.
    pub(super) fn secret_names(&self) -> SecretNames {
        allowed(self.get(SECRET_ENV).as_deref())
    }
}

/// The variables that a configuration may name; for a command that needs no other variable, and the file only for this one.
pub(super) fn secret_names() -> Result<SecretNames, Failure> {
    match of_process(SECRET_ENV) {
        Some(patterns) if !patterns.is_empty() => Ok(allowed(Some(&patterns))),
        _ => Ok(Environment::open()?.secret_names()),
    }
}

/// Patterns that are set and empty allow no variable at all.
fn allowed(patterns: Option<&str>) -> SecretNames {
    patterns.map(SecretNames::only).unwrap_or_default()
}

/// What is not UTF-8 is refused as a value, and not taken for a variable that is not set.
fn of_process(name: &str) -> Option<String> {
    let value = std::env::var_os(name)?;
    Some(value.into_string().unwrap_or_else(|value| value.to_string_lossy().into_owned()))
}
