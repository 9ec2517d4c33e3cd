//! How far things are, on stderr.
//! In: what the clients are at, what happens. Out: lines that are written over on a terminal, plain lines elsewhere and where `CI` is set.
//! Never on stdout, never a word that a terminal would obey.

mod apply;
mod lines;
mod read;
mod reporter;
mod screen;

use std::io::{IsTerminal as _, stderr};
use std::time::Duration;

pub(super) use reporter::StderrReporter;

/// What is done sooner needs no progress.
const SOON: Duration = Duration::from_secs(1);
/// How often a log is told while nothing else is.
const SELDOM: Duration = Duration::from_secs(10);

/// Whether `CI` is set: no prompt, no bars.
pub(super) fn in_ci() -> bool {
    std::env::var_os("CI").is_some_and(|ci| !ci.is_empty() && ci != "false")
}

/// Whether lines may be written over. Not where a log is written between them, nor on a terminal that can't.
fn on_terminal() -> bool {
    let set = |name| std::env::var_os(name).filter(|value| !value.is_empty());
    let able = cfg!(windows) || set("TERM").is_some_and(|term| term != "dumb");
    stderr().is_terminal() && able && !in_ci() && set("TRUNKFORM_LOG").is_none()
}
