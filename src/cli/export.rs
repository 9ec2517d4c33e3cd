//! What `export` is told.
//! In: arguments. Out: which account, and where its file goes.
//! Nothing is done here.

use std::path::PathBuf;

use clap::Args;

use super::Live;
use super::environment::ENVIRONMENT;

/// Write the live account as a configuration file, or add what files do not list yet; the next plan is empty.
///
/// What can't be read back (passwords) becomes a variable of the environment; what can't be declared is left out, with the reason. Nothing is
/// sent to the platform.
#[derive(Debug, Args)]
#[command(after_help = ENVIRONMENT)]
pub(crate) struct Export {
    /// With `--merge`: the configuration files, or folders with them; default: `trunkform.yaml` here, else this folder.
    #[arg(value_name = "PATHS", requires = "merge")]
    pub(crate) paths: Vec<PathBuf>,
    /// The platform of the account.
    #[arg(long, value_name = "P")]
    pub(crate) provider: Option<String>,
    /// The name of the account; default: the platform's name. With `--merge`: only this one of those that the files describe.
    #[arg(long, value_name = "A")]
    pub(crate) account: Option<String>,
    #[command(flatten)]
    pub(crate) live: Live,
    /// Write it to this file, which must not be there; default: standard output.
    #[arg(long, value_name = "FILE", conflicts_with = "merge")]
    pub(crate) out: Option<PathBuf>,
    /// Add what is live, and neither listed nor ignored, to the files that are there; no line of them is touched.
    #[arg(long)]
    pub(crate) merge: bool,
}
