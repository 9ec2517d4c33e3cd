//! The `trunkform` program: parse, run the command, map the result to an exit code.
//! In: arguments, environment, files. Out: data on stdout, everything else on stderr, one exit code.
//! All that Trunkform does is in the library; here it is only asked for and shown.

mod cli;
mod command;

use clap::Parser as _;
use command::Exit;

/// A hundred thousand numbers are some millions of small pieces; this one hands them out in half the time.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    command::watch_panics();
    let exit = match cli::Cli::try_parse() {
        Ok(cli) => command::run(cli),
        Err(usage) => {
            // Help and version are what was asked for; everything else is a mistake, and 2 would mean changes.
            let exit = if usage.use_stderr() { Exit::Error } else { Exit::Done };
            command::print_usage(&usage);
            exit
        }
    };
    // Not by returning: a prompt that nobody answered may still wait in a thread of its own.
    std::process::exit(exit.code())
}
