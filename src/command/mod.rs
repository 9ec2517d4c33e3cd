//! One file a verb, each a straight line through the pipeline.
//! In: what was asked for. Out: data on stdout, everything else on stderr, an exit code.
//! The clock, the environment and signals are read here and nowhere else.

mod apply;
mod clock;
mod confirm;
mod connect;
mod crash;
mod drift;
mod env_file;
mod environment;
mod exit;
mod explain;
mod export;
mod fmt;
mod graph;
mod init;
mod lease;
mod logging;
mod manual;
mod output;
mod plan;
mod progress;
mod sandbox;
mod schema;
mod show;
mod signals;
mod undo;
mod usage;
mod validate;
mod why;
mod written;

pub(crate) use crash::watch_panics;
pub(crate) use exit::Exit;
pub(crate) use usage::print as print_usage;

use crate::cli::{Cli, Command};
use exit::Failure;

/// Runs a command. What went wrong is told on stderr.
pub(crate) fn run(cli: Cli) -> Exit {
    let done = logging::start().and_then(|()| match cli.command {
        Command::Validate(args) => validate::run(&args),
        Command::Plan(args) => plan::run(&args),
        Command::Show(args) => show::run(&args),
        Command::Why(args) => why::run(&args),
        Command::Apply(args) => apply::run(&args),
        Command::Undo(args) => undo::run(&args),
        Command::Drift(args) => drift::run(&args),
        Command::Export(args) => export::run(&args),
        Command::Fmt(args) => fmt::run(&args),
        Command::Graph(args) => graph::run(&args),
        Command::Schema(args) => schema::run(&args),
        Command::Explain(args) => explain::run(&args),
        Command::Init(args) => init::run(&args),
        Command::Sandbox(args) => sandbox::run(&args),
        Command::Completions(args) => manual::completions(&args),
        Command::Man => manual::man(),
    });
    done.unwrap_or_else(|Failure(why)| {
        output::error(&why);
        Exit::Error
    })
}
