//! Where words go: data to stdout, everything else to stderr.
//! In: finished text. Out: the same on a stream, its colours taken away where nobody wants them.
//! A reader that went away is no error; a disk that is full is.

use std::borrow::Cow;
use std::io::{self, Write as _};

use anstream::{AutoStream, ColorChoice};
use trunkform::engine::PlanOutcome;
use trunkform::model::text::{harmless, harmless_words};
use trunkform::model::{Diagnostic, Plan, Refusal, Sources, visible};
use trunkform::render;
use trunkform::render::diagnostics;
use trunkform::render::document::Document;
use trunkform::render::{diff, html, human, markdown};

use super::exit::Failure;
use crate::cli::PlanFormat;

/// Text for people on stdout.
pub(super) fn text(text: &str) -> Result<(), Failure> {
    data(harmless_words(&styled(text, &io::stdout())).as_bytes())
}

/// A text in a language of its own that people read and CI jobs log: Markdown, HTML, a difference, a graph, a report.
pub(super) fn page(text: &str) -> Result<(), Failure> {
    data(harmless(text).as_bytes())
}

/// Commands for GitHub, one a line; nothing in them begins another.
pub(super) fn commands(lines: &str) -> Result<(), Failure> {
    let one = |line: &str| match line.strip_prefix("::") {
        Some(command) => format!("::{}", harmless(command)),
        None => harmless(line).into_owned(),
    };
    data(lines.split_inclusive('\n').map(one).collect::<String>().as_bytes())
}

/// Data for programs on stdout, byte by byte: JSON, in which its writer made everything visible, and YAML, which nobody may change.
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
    stderr(&harmless_words(&styled(&format!("{line}\n"), &io::stderr())));
}

/// Lines on stderr of which some are headers, as in a difference.
pub(super) fn lines(text: &str) {
    stderr(&harmless(&styled(text, &io::stderr())));
}

/// In one piece, so that what several threads write never mixes.
fn stderr(text: &str) {
    let _ = io::stderr().lock().write_all(text.as_bytes());
}

/// The text as its stream wants it. Styles come off before the last look: without them other characters are neighbours.
fn styled<'t>(text: &'t str, stream: &impl anstream::stream::RawStream) -> Cow<'t, str> {
    match wants_colour(stream) {
        true => text.into(),
        false => anstream::adapter::strip_str(text).to_string().into(),
    }
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
        let text = diagnostics::human(found, sources, wants_colour(&io::stderr()));
        stderr(&harmless_words(&styled(&text, &io::stderr())));
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
        PlanFormat::Markdown => page(&markdown::plan(plan)),
        PlanFormat::Html => page(&html::plan(plan)),
        PlanFormat::Human | PlanFormat::Diff if nothing_but_errors(plan) => Ok(()),
        PlanFormat::Human => text(&human::plan(plan)),
        PlanFormat::Diff => page(&diff::plan(plan)),
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
