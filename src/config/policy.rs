//! What decides on a configuration beside its files.
//! In: the day of the run, and what the operator allows. Out: one value that every check takes.
//! Reads neither a clock nor the environment.

use jiff::civil::Date;

use crate::model::SecretNames;

/// What decides on a configuration beside its files.
#[derive(Clone, Debug)]
pub struct Policy {
    /// The day on which waivers are good or expired.
    pub today: Date,
    /// The variables that `{env: …}` may name.
    pub secret_names: SecretNames,
}

impl From<Date> for Policy {
    /// Where the operator says nothing: the built-in list of variables.
    fn from(today: Date) -> Self {
        Self { today, secret_names: SecretNames::default() }
    }
}
