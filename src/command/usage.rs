//! A command line that can't be read.
//! In: the complaint, or the help that was asked for. Out: the same on its stream.
//! A complaint repeats arguments: none of them reaches a log as it is.

use std::borrow::Cow;
use std::ffi::OsString;
use std::io;

use clap::Parser as _;
use clap::error::Error;
use trunkform::model::visible;

use super::output;
use crate::cli::Cli;

/// Prints it. That nobody reads it is no reason to stop.
pub(crate) fn print(usage: &Error) {
    if !usage.use_stderr() {
        let _ = usage.print();
        return;
    }
    let shown = with_visible_arguments(usage);
    let text = shown.as_ref().unwrap_or(usage).render();
    output::lines(&match output::wants_colour(&io::stderr()) {
        true => text.ansi().to_string(),
        false => text.to_string(),
    });
}

/// The same complaint about arguments in which everything is visible; none where nothing was hidden.
fn with_visible_arguments(usage: &Error) -> Option<Error> {
    let arguments: Vec<OsString> = std::env::args_os().collect();
    let shown: Vec<_> = arguments.iter().map(|argument| argument.to_string_lossy()).collect();
    let shown: Vec<_> = shown.iter().map(|argument| visible(argument)).collect();
    if shown.iter().all(|argument| matches!(argument, Cow::Borrowed(_))) {
        return None;
    }
    let again = Cli::try_parse_from(shown.iter().map(|argument| argument.as_ref())).err()?;
    (again.kind() == usage.kind()).then_some(again)
}
