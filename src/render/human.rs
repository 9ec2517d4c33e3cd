//! A plan for a terminal.
//! In: a plan. Out: text with ANSI colours, which the writer takes away where nobody wants them; a colour never says anything alone.
//! Decides nothing: order, folding and masking are `view`'s.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};

use super::fold::count;
use super::view::{ChangeView, NoteView, SecretsView, StepView, Verdict, View, named};
use crate::model::{Action, Drift, Plan};

const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();
/// So many trunks and agents are named whose count of numbers changes.
const HOLDERS: usize = 20;

/// The plan with its steps.
pub fn plan(plan: &Plan) -> String {
    let view = View::of(plan);
    let mut out = String::new();
    opening(&mut out, &view, view.verdict.words(), &view.because);
    risks(&mut out, &view);
    changes(&mut out, &view);
    if !view.steps.is_empty() {
        line(&mut out, format_args!("\n{BOLD}Steps, in order{BOLD:#}"));
        for step in &view.steps {
            line(&mut out, format_args!("{}", step_line(step)));
        }
    }
    if let Some(requests) = &view.requests {
        line(&mut out, format_args!("\n{requests}"));
    }
    if let Some(undo) = &view.undo {
        line(&mut out, format_args!("{undo}"));
    }
    closing(&mut out, &view);
    out
}

/// The same without steps, for somebody who only wants to know what differs; one line where nothing does.
pub fn drift(drift: &Drift<'_>) -> String {
    let Drift { plan, changes: differing, unlisted, ignored, with_unlisted } = drift;
    if !drift.is_some() && !plan.has_errors() {
        return in_sync(drift);
    }
    let view = View::of_drift(drift);
    let live = if *with_unlisted { unlisted.len() } else { 0 };
    let parts = [("; live and not declared", live), ("; ignored", ignored.len())];
    let rest = parts.iter().filter(|(_, n)| *n > 0).map(|(what, n)| format!("{what}: {n}"));
    let (word, because) = match view.verdict {
        Verdict::Incomplete => (view.verdict.words(), view.because.clone()),
        _ => {
            let differs = count(differing.len(), "resource");
            ("DRIFT", format!("not as declared: {differs}{}", rest.collect::<String>()))
        }
    };
    let mut out = String::new();
    opening(&mut out, &view, word, &because);
    changes(&mut out, &view);
    closing(&mut out, &view);
    out
}

/// One line, so that a timer's log stays short.
fn in_sync(drift: &Drift<'_>) -> String {
    let style = verdict_style(Verdict::NothingToDo);
    let same = count(drift.plan.summary.unchanged, "resource");
    let mut line = format!("{style}IN SYNC{style:#}: what is live is as declared ({same})");
    if !drift.ignored.is_empty() {
        line += &format!(", but for what is ignored: {}", named(drift.ignored.iter().copied()));
    }
    if !drift.unlisted.is_empty() {
        line += &format!("; not declared, and left alone: {}", drift.unlisted.len());
    }
    line + ".\n"
}

fn opening(out: &mut String, view: &View, word: &str, because: &str) {
    let style = verdict_style(view.verdict);
    line(out, format_args!("{style}{word}{style:#}: {because}."));
    if view.ignored.is_none() {
        impact(out, view);
    }
    for (what, help) in &view.refusals {
        let style = style_of(Action::Delete);
        line(out, format_args!("\n  {style}{what}{style:#}\n  help: {help}"));
    }
    for (at, note) in view.notes.iter().enumerate() {
        let gap = if at == 0 { "\n" } else { "" };
        line(out, format_args!("{gap}{note}"));
    }
}

/// What it means for callers, and who ends up with how many numbers.
fn impact(out: &mut String, view: &View) {
    line(out, format_args!("Impact: {}.", view.impact_line()));
    for (name, before, after) in view.holders.iter().take(HOLDERS) {
        line(out, format_args!("  {name}: {before} → {}", count(*after, "number")));
    }
    let more = view.holders.len().saturating_sub(HOLDERS);
    if more > 0 {
        line(out, format_args!("  and {more} more trunks and agents"));
    }
}

/// What the changes alone do not say; nothing where there is nothing.
fn risks(out: &mut String, view: &View) {
    let red = style_of(Action::Delete);
    notes(out, "Nothing can undo", red, &view.irreversible);
    if let Some(removals) = &view.removals {
        line(out, format_args!("\n{removals}"));
    }
    notes(out, "Side effects", style_of(Action::Update), &view.side_effects);
}

fn notes(out: &mut String, title: &str, style: Style, notes: &[NoteView]) {
    if !notes.is_empty() {
        line(out, format_args!("\n{BOLD}{title}{BOLD:#}"));
    }
    for NoteView { what, words, .. } in notes {
        let colon = if words.is_empty() { "" } else { ": " };
        line(out, format_args!("  {style}{what}{style:#}{colon}{words}"));
    }
}

fn changes(out: &mut String, view: &View) {
    for account in &view.accounts {
        line(out, format_args!("\n{BOLD}Changes of {}{BOLD:#}", account.name));
        for change in &account.changes {
            change_lines(out, change);
        }
    }
}

fn change_lines(out: &mut String, change: &ChangeView) {
    let ChangeView { action, what, why, attributes, .. } = change;
    let style = style_of(*action);
    let why = if why.is_empty() { String::new() } else { format!("  {DIM}({why}){DIM:#}") };
    line(out, format_args!("  {style}{} {}{style:#} {what}{why}", action.sign(), action.as_str()));
    for attribute in attributes {
        line(out, format_args!("      {attribute}"));
    }
}

fn step_line(step: &StepView) -> String {
    let StepView { ids, what, request, notes, irreversible, members: _ } = step;
    let style = style_of(Action::Delete);
    let mark = if *irreversible { format!(", {style}irreversible{style:#}") } else { String::new() };
    format!("  {ids}. {what}: {request}  {DIM}{}{DIM:#}{mark}", notes.join(", "))
}

fn closing(out: &mut String, view: &View) {
    if let Some(SecretsView { title, sources }) = &view.secrets {
        line(out, format_args!("\n{title}: {sources}"));
    }
    if let Some(unlisted) = &view.unlisted {
        line(out, format_args!("\nLive, not in the files, left alone: {unlisted}"));
    }
    if let Some(ignored) = &view.ignored {
        line(out, format_args!("\nIgnored: {ignored}"));
    }
    if let Some(sentence) = &view.sentence {
        line(out, format_args!("\n{BOLD}{sentence}{BOLD:#}"));
    }
}

fn line(out: &mut String, text: std::fmt::Arguments<'_>) {
    writeln!(out, "{text}").expect("writing to a string does not fail");
}

fn verdict_style(verdict: Verdict) -> Style {
    match verdict {
        Verdict::Incomplete | Verdict::Refused => AnsiColor::Red.on_default().bold(),
        Verdict::NeedsApproval => AnsiColor::Yellow.on_default().bold(),
        Verdict::NothingToDo | Verdict::Safe => AnsiColor::Green.on_default().bold(),
    }
}

fn style_of(action: Action) -> Style {
    match action {
        Action::Create => AnsiColor::Green,
        Action::Update => AnsiColor::Yellow,
        Action::Replace => AnsiColor::Magenta,
        Action::Delete => AnsiColor::Red,
    }
    .on_default()
}
