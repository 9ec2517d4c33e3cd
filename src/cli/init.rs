//! The words of `init`.
//! In: arguments. Out: a platform, a CI system and where its jobs get Trunkform from, as they were written.
//! Checks no source: the command does, since its complaint lists the forms.

use clap::{Args, ValueEnum};

/// Write a first configuration file, its schema for editors, and a workflow for CI; never overwrites.
#[derive(Debug, Args)]
pub(crate) struct Init {
    /// Which platform the file is for.
    #[arg(long, value_name = "P")]
    pub(crate) provider: Option<String>,
    /// Which CI system the workflow is for.
    #[arg(long, value_enum, default_value_t = Ci::Github)]
    pub(crate) ci: Ci,
    /// Where the workflow gets Trunkform from: https://HOST/REPOSITORY@COMMIT (the full hash), https://HOST/ARCHIVE#sha256=HASH, or IMAGE@sha256:HASH.
    #[arg(long, value_name = "SOURCE")]
    pub(crate) install: Option<String>,
}

/// A CI system.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Ci {
    /// A workflow of GitHub Actions.
    Github,
    /// A pipeline of GitLab.
    Gitlab,
    /// No workflow.
    None,
}
