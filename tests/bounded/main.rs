//! Time and memory stay bounded, whatever a server sends and whatever a file is.

#![allow(clippy::unwrap_used, reason = "a test stops where it can't go on")]

#[path = "../support/mod.rs"]
mod support;

mod files;
mod platforms;
mod server;

use std::path::Path;
use std::process::Command;

use support::Run;

/// KiB of memory that a run gets: it ends in an abort where it asks for more. Twice what all answers of one reading may have together, and what reading them takes.
const MOST: u32 = 768 << 10;

/// The binary with bounded memory, of which the kernel takes care.
fn bounded(folder: &Path, args: &[&str]) -> Command {
    let plain = support::command(folder, args);
    let mut command = Command::new("sh");
    command.args(["-c", &format!("ulimit -d {MOST} && exec \"$0\" \"$@\"")]);
    command.arg(plain.get_program()).args(plain.get_args()).current_dir(folder).env_clear();
    command
        .envs(plain.get_envs().filter_map(|(name, value)| Some((name, value?))))
        .stdin(std::process::Stdio::null());
    command
}

/// One run, offline.
fn run(args: &[&str]) -> Run {
    Run::of(bounded(Path::new("."), args))
}
