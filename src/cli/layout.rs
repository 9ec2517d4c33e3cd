//! What concerns the layout of files.
//! In: the arguments of `fmt`. Out: what was asked for.
//! What the layout is, is `layout`'s.

use clap::Args;

use super::Files;

/// Lay files out: indentation, spaces, quotes, empty lines. Comments and order stay, and what a file means never changes.
///
/// Prints the names of the files that were not as they should be. `-` alone reads one file from stdin and prints it.
#[derive(Debug, Args)]
pub(crate) struct Fmt {
    #[command(flatten)]
    pub(crate) files: Files,
    /// Write nothing; show on stderr what would change, and exit with 1 if anything would.
    #[arg(long)]
    pub(crate) check: bool,
}
