//! `fmt`: files in the canonical layout.
//! In: files. Out: the same files laid out, and the names of those that were not; with `--check` only the names, and what would change.
//! A file that is not YAML or can't be written stays as it is; the others are laid out all the same.

use std::io::{self, Read as _};
use std::path::Path;
use std::time::Duration;

use similar::TextDiff;
use trunkform::config::files::Place;
use trunkform::config::reader::InputReader;
use trunkform::config::reading::{self, Unread};
use trunkform::folder::ReplaceError;
use trunkform::layout;
use trunkform::model::visible;

use super::exit::{Exit, Failure};
use super::output;
use crate::cli;

/// The name of what comes from stdin.
const STDIN: &str = "-";
/// So long is looked for the shortest difference; after that what is left of it is shown as all gone and all new.
const LOOKED: Duration = Duration::from_secs(2);

pub(super) fn run(args: &cli::Fmt) -> Result<Exit, Failure> {
    if args.files.paths == [Path::new(STDIN)] {
        return stream(args.check);
    }
    let (inputs, complaints) = reading::inputs(&args.files.paths);
    let mut exit = if complaints.is_empty() { Exit::Done } else { Exit::Error };
    told(Unread { diagnostics: complaints, ..Unread::default() });
    let mut reader = InputReader::default();
    for input in inputs {
        let name = visible(&input.name()).into_owned();
        let Some(place) = input.place() else {
            output::error(&format!(
                "`{name}` is a pipe, and can't be written: give `-` alone to lay out stdin"
            ));
            exit = Exit::Error;
            continue;
        };
        if !input.path().extension().is_some_and(|extension| extension == "yaml" || extension == "yml") {
            output::error(&format!(
                "`{name}` is not called `*.yaml` or `*.yml`, and is not touched: an inventory has no layout; give other YAML on stdin, with `-`"
            ));
            exit = Exit::Error;
            continue;
        }
        let Some(read) = reading::read(&mut reader, &input) else { continue };
        match read.and_then(|text| file((&input.name(), place), &text, args.check)) {
            Ok(false) => {}
            Ok(true) => {
                output::text(&format!("{name}\n"))?;
                exit = if args.check { Exit::Error } else { exit };
            }
            Err(why) => {
                told(why);
                exit = Exit::Error;
            }
        }
    }
    Ok(exit)
}

/// From stdin to stdout.
fn stream(check: bool) -> Result<Exit, Failure> {
    let mut bytes = Vec::new();
    io::stdin()
        .lock()
        .read_to_end(&mut bytes)
        .map_err(|why| Failure(format!("stdin can't be read: {why}")))?;
    let text = match reading::checked(&STDIN.into(), bytes) {
        Ok(text) => text,
        Err(why) => {
            told(why);
            return Ok(Exit::Error);
        }
    };
    let laid = layout::format(&text).map_err(|why| Failure(format!("stdin: {why}")))?;
    if check {
        differences(STDIN, &text, &laid);
        return Ok(if text == laid { Exit::Done } else { Exit::Error });
    }
    output::data(laid.as_bytes())?;
    Ok(Exit::Done)
}

/// Lays one file out; whether it was not as it should be.
fn file((name, place): (&str, &Place), text: &str, check: bool) -> Result<bool, Unread> {
    let failed = |why: &dyn std::fmt::Display| {
        output::error(&format!("`{name}`: {why}"));
        Unread::default()
    };
    let laid = layout::format(text).map_err(|why| failed(&why))?;
    if text != laid && check {
        differences(name, text, &laid);
    } else if text != laid {
        place.replace(text.as_bytes(), &laid).map_err(|why| match why {
            ReplaceError::Changed => {
                failed(&"can't be written: somebody else has just written it; run again")
            }
            ReplaceError::Refused(why) => failed(&format!("can't be written: {why}")),
        })?;
    }
    Ok(text != laid)
}

fn told(why: Unread) {
    output::diagnostics(&why.diagnostics, &why.sources);
}

/// What would change, on stderr.
fn differences(name: &str, old: &str, new: &str) {
    let (old, new) = (reading::shown(old), reading::shown(new));
    let diff = TextDiff::configure().timeout(LOOKED).diff_lines(&old, &new);
    let name = visible(name);
    let header = (format!("{name}\tas it is"), format!("{name}\tlaid out"));
    let text = diff.unified_diff().context_radius(3).header(&header.0, &header.1).to_string();
    let mut lines = text.split_inclusive('\n').enumerate();
    let whole: String =
        lines.by_ref().map(|(at, line)| if at < 2 { line.to_owned() } else { shown(line) }).collect();
    output::lines(&whole);
}

/// One line of the difference.
fn shown(line: &str) -> String {
    format!("{}\n", visible(line.trim_end_matches('\n')).replace(r"\u{9}", "\t"))
}
