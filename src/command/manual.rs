//! `completions` and `man`: for packagers.
//! In: the command line's own types. Out: text on stdout.

use std::io::{self, Write as _};

use clap::CommandFactory as _;
use clap_mangen::Man;

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
    let page = Man::new(Cli::command());
    page.render(&mut text)
        .and_then(|()| subcommands(&mut text))
        .map_err(|why| Failure(format!("the manual can't be written: {why}")))?;
    output::data(&text)?;
    Ok(Exit::Done)
}

/// What each command is for and which options it has, on the same page.
fn subcommands(text: &mut Vec<u8>) -> io::Result<()> {
    let mut all = Cli::command();
    all.build();
    for command in all.get_subcommands().filter(|command| command.get_name() != "help") {
        let page = Man::new(command.clone());
        writeln!(text, ".SH \"TRUNKFORM {}\"", command.get_name().to_uppercase())?;
        let mut own = Vec::new();
        page.render_synopsis_section(&mut own)?;
        page.render_description_section(&mut own)?;
        page.render_options_section(&mut own)?;
        // Parts of a part.
        text.extend(String::from_utf8_lossy(&own).replace(".SH ", ".SS ").bytes());
    }
    Ok(())
}
