//! `completions` and `man`: for packagers.
//! In: the command line's own types. Out: text on stdout.

use clap::CommandFactory as _;

use super::exit::{Exit, Failure};
use super::output;
use crate::cli::{self, Cli};

pub(super) fn completions(args: &cli::Completions) -> Result<Exit, Failure> {
    let mut text = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "trunkform", &mut text);
    output::data(&text)?;
    Ok(Exit::Done)
}

pub(super) fn man() -> Result<Exit, Failure> {
    let mut text = Vec::new();
    let page = clap_mangen::Man::new(Cli::command());
    page.render(&mut text).map_err(|why| Failure(format!("the manual can't be written: {why}")))?;
    output::data(&text)?;
    Ok(Exit::Done)
}
