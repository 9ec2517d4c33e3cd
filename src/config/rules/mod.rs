//! What the files mean, checked without any platform.

use crate::model::{Config, Diagnostic};

/// Every complaint about the meaning of a configuration.
pub fn check(_config: &Config) -> Vec<Diagnostic> {
    Vec::new()
}
