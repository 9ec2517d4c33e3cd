//! Where words go: data to stdout, everything else to stderr.
//! In: finished text. Out: the same on a stream, its colours taken away where nobody wants them.
//! A reader that went away is no error; a disk that is full is.

use std::io::{self, Write as _};

use anstream::{AutoStream, ColorChoice};
use trunkform::engine::PlanOutcome;
use trunkform::model::{Diagnostic, Plan, Refusal, Sources, visible};
use trunkform::render;
use trunkform::render::diagnostics;
use trunkform::render::document::Document;
use trunkform::render::{diff, html, human, markdown};

use super::exit::Failure;
use crate::cli::PlanFormat;

/// Text for people on stdout.
pub(super) fn text(text: &str) -> Result<(), Failure> {
    let mut stdout = anstream::stdout().lock();
    written(stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()))
}

/// Data on stdout, byte by byte.
pub(super) fn data(data: &[u8]) -> Result<(), Failure> {
    let mut stdout = io::stdout().lock();
    written(stdout.write_all(data).and_then(|()| stdout.flush()))
}

fn written(result: io::Result<()>) -> Result<(), Failure> {
    match result {
        Err(why) if why.kind() != io::ErrorKind::BrokenPipe => {
            Err(Failure(format!("the output can't be written: {why}")))
        }
        _ => Ok(()),
    }
}

/// A line on stderr. That nobody reads it is no reason to stop.
pub(super) fn note(line: &str) {
    let _ = writeln!(anstream::stderr(), "{line}");
}

/// What went wrong, on stderr.
pub(super) fn error(why: &str) {
    let red = anstyle::AnsiColor::Red.on_default().bold();
    note(&format!("{red}error{red:#}: {}", visible(why)));
}

/// What is well to know, on stderr.
pub(super) fn warning(what: &str) {
    let yellow = anstyle::AnsiColor::Yellow.on_default().bold();
    note(&format!("{yellow}warning{yellow:#}: {}", visible(what)));
}

/// Diagnostics for people, on stderr.
pub(super) fn diagnostics(found: &[Diagnostic], sources: &Sources) {
    if !found.is_empty() {
        let _ =
            write!(anstream::stderr(), "{}", diagnostics::human(found, sources, wants_colour(&io::stderr())));
    }
}

/// What there is to say of a plan beside the plan: diagnostics, and what kept it from being complete.
pub(super) fn complaints(outcome: &PlanOutcome) {
    diagnostics(&outcome.plan.diagnostics, &outcome.sources);
    beside_diagnostics(outcome);
}

/// The same without diagnostics.
pub(super) fn beside_diagnostics(outcome: &PlanOutcome) {
    outcome.notes.iter().for_each(|what| note(&visible(what)));
    outcome.plan.errors.iter().for_each(|why| error(why));
}

/// What there is to show of a run that a signal stopped before anything was planned.
pub(super) fn interrupted_before_a_plan() -> PlanOutcome {
    PlanOutcome::failed("interrupted before there was a plan; nothing was sent".into())
}

/// The end of such a run: programs get their document all the same.
pub(super) fn interrupted(format: impl Into<PlanFormat>) -> Result<(), Failure> {
    let outcome = interrupted_before_a_plan();
    complaints(&outcome);
    plan(&outcome, format)
}

/// Why a plan is refused, on stderr.
pub(super) fn refusals(plan: &Plan) {
    for Refusal { code, message, help, addresses, no_safe_plan: _ } in &plan.refusals {
        error(&format!("{code}: {message}"));
        if !addresses.is_empty() {
            note(&format!("  {}", render::addresses(addresses)));
        }
        note(&format!("  help: {}", visible(help)));
    }
}

/// A plan, whatever became of it. People are shown none where there is nothing but errors.
pub(super) fn plan(outcome: &PlanOutcome, format: impl Into<PlanFormat>) -> Result<(), Failure> {
    let plan = &outcome.plan;
    match format.into() {
        PlanFormat::Json => data(Document::new(plan, &outcome.sources).to_line().as_bytes()),
        PlanFormat::Markdown => data(markdown::plan(plan).as_bytes()),
        PlanFormat::Html => data(html::plan(plan).as_bytes()),
        PlanFormat::Human | PlanFormat::Diff if nothing_but_errors(plan) => Ok(()),
        PlanFormat::Human => text(&human::plan(plan)),
        PlanFormat::Diff => data(diff::plan(plan).as_bytes()),
    }
}

/// Whether there is nothing to show: not even that the accounts that could be read are as declared.
pub(super) fn nothing_but_errors(plan: &Plan) -> bool {
    let some_read = plan.lacks_only_accounts() && !plan.accounts.is_empty();
    plan.has_errors() && plan.changes.is_empty() && !some_read
}

/// Whether a stream is to be written with colours.
pub(super) fn wants_colour(stream: &impl anstream::stream::RawStream) -> bool {
    AutoStream::choice(stream) != ColorChoice::Never
}
