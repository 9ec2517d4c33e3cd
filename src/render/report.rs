//! What became of a plan, for people and for programs.
//! In: the plan and the report of its steps. Out: text, or the JSON of `apply`.
//! Never says that all is done unless all is.

use std::collections::HashSet;
use std::fmt::Write as _;

use serde_json::{Value as Json, json};

use super::document::one_line;
use super::fold::count;
use crate::model::text::brief;
use crate::model::{Action, Gap, Outcome, Plan, PlannedChange, Report, StepReport};

/// So many lines of one sort are written where there can be one for each number.
const LINES: usize = 20;

/// The end of an apply on a terminal.
pub fn human(plan: &Plan, report: &Report) -> String {
    let mut out = String::new();
    let (add, destroy) = (plan.summary.to_add(), plan.summary.to_destroy());
    if report.converged() && plan.unread.is_empty() {
        let change = plan.summary.update;
        return format!("\nApply complete! Resources: {add} added, {change} changed, {destroy} destroyed.\n");
    }
    let done = report.count(Outcome::Done);
    say(
        &mut out,
        format_args!(
            "\nApply is not complete: {done} of {} were done.",
            count(report.steps.len(), "request")
        ),
    );
    if !plan.unread.is_empty() {
        let names = super::accounts(&plan.unread);
        say(&mut out, format_args!("Not read, and so left as it is: {names}."));
    }
    for outcome in [Outcome::Failed, Outcome::Uncertain, Outcome::Skipped] {
        let those: Vec<_> = report.steps.iter().filter(|step| step.outcome == outcome).collect();
        if !those.is_empty() {
            say(&mut out, format_args!("\n{} ({}):", heading(outcome), those.len()));
        }
        let limit = if outcome == Outcome::Skipped { LINES } else { usize::MAX };
        let lines: Vec<_> = those.into_iter().map(line).collect();
        listed(&mut out, &lines, limit);
    }
    again(&mut out, &half_made_anew(plan, report));
    out
}

/// What to do next, and what to write down before: once more read, the live account no longer tells it.
fn again(out: &mut String, halves: &[String]) {
    let mut run = "Run";
    if !halves.is_empty() {
        run = "Write into the file what it does not say of these, then run";
        let count = halves.len();
        say(out, format_args!("\nMade anew by half ({count}); the file may not say all that they were:"));
        listed(out, halves, LINES);
    }
    say(
        out,
        format_args!(
            "\n{run} `trunkform apply` again: it reads what is live now and plans only what is left."
        ),
    );
}

/// A list of lines; of those above the limit only the count.
fn listed(out: &mut String, lines: &[String], limit: usize) {
    for line in lines.iter().take(limit) {
        say(out, format_args!("  {line}"));
    }
    if lines.len() > limit {
        say(out, format_args!("  and {} more", lines.len() - limit));
    }
}

/// What things were that are no longer, or not yet again, as they should be: what no file says of them, no later run could know.
fn half_made_anew(plan: &Plan, report: &Report) -> Vec<String> {
    let off_the_air: HashSet<_> =
        plan.steps.iter().filter(|step| step.gap != Gap::None).map(|step| &step.address).collect();
    let with = |wanted: fn(Outcome) -> bool| -> HashSet<_> {
        report.steps.iter().filter(|step| wanted(step.outcome)).map(|step| &step.address).collect()
    };
    let begun = with(|outcome| matches!(outcome, Outcome::Done | Outcome::Uncertain));
    let unfinished = with(|outcome| outcome != Outcome::Done);
    let replaced = plan.changes.iter().filter(|change| change.action == Action::Replace);
    let by_half = replaced.filter(|change| {
        [&off_the_air, &begun, &unfinished].iter().all(|those| those.contains(&change.address))
    });
    by_half.map(was).collect()
}

/// What was live of one thing.
fn was(change: &PlannedChange) -> String {
    let told = |(name, value): &(&String, &Json)| {
        let nothing = value.is_null() || value.as_str().is_some_and(|text| text.trim().is_empty());
        // The number of a number is its address.
        !nothing && **name != *change.address.kind.as_str() && !change.sensitive.contains(name)
    };
    let before = change.before.iter().flatten().filter(told);
    let before: Vec<_> = before.map(|(name, value)| format!("{name} {value}")).collect();
    brief(&format!("{} was: {}", change.address, before.join(", "))).into_owned()
}

/// One line of JSON: the summary, each step, and whether all is done.
pub fn json(plan: &Plan, report: &Report) -> String {
    let steps: Vec<Json> = report.steps.iter().map(step_json).collect();
    let refusals: Vec<Json> = plan
        .refusals
        .iter()
        .map(|r| json!({"code": r.code.as_str(), "message": r.message, "help": r.help, "addresses": r.addresses.iter().map(ToString::to_string).collect::<Vec<_>>()}))
        .collect();
    let complaints: Vec<Json> = plan
        .diagnostics
        .iter()
        .map(|d| json!({"code": d.code.as_str(), "severity": d.severity, "message": d.message, "help": d.help}))
        .collect();
    let converged = !plan.errored()
        && plan.refusals.is_empty()
        && !report.interrupted
        && report.steps.len() == plan.steps.len()
        && report.converged();
    one_line(&json!({
        "plan": plan.summary,
        "steps": steps,
        "converged": converged,
        "interrupted": report.interrupted,
        "refusals": refusals,
        "diagnostics": complaints,
        "errors": plan.errors,
        "unread": plan.unread.iter().map(ToString::to_string).collect::<Vec<_>>(),
    }))
}

fn step_json(step: &StepReport) -> Json {
    let StepReport { id, address, verb, outcome, status, error, because } = step;
    json!({
        "id": id, "address": address.to_string(), "verb": verb, "outcome": outcome,
        "status": status, "error": error, "because": because,
    })
}

fn heading(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Done => "Done",
        Outcome::Failed => "Failed",
        Outcome::Skipped => "Not sent",
        Outcome::Uncertain => "Uncertain, may or may not have taken effect",
    }
}

fn line(step: &StepReport) -> String {
    let why = step.error.as_deref().or(step.because.as_deref()).unwrap_or_default();
    brief(&format!("{}. {} {}: {why}", step.id, step.verb, step.address)).into_owned()
}

fn say(out: &mut String, text: std::fmt::Arguments<'_>) {
    writeln!(out, "{text}").expect("writing to a string does not fail");
}
