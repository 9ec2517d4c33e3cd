//! What became of a plan, for people and for programs.
//! In: the plan and the report of its steps. Out: text, or the JSON of `apply`.
//! Never says that all is done unless all is.

use std::fmt::Write as _;

use serde_json::{Value as Json, json};

use super::document::one_line;
use super::fold::count;
use crate::model::text::visible;
use crate::model::{Outcome, Plan, Report, StepReport};

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
        let limit = if outcome == Outcome::Skipped { 20 } else { usize::MAX };
        for step in those.iter().take(limit) {
            say(&mut out, format_args!("  {}", line(step)));
        }
        if those.len() > limit {
            say(&mut out, format_args!("  and {} more", those.len() - limit));
        }
    }
    say(
        &mut out,
        format_args!("\nRun `trunkform apply` again: it reads what is live now and plans only what is left."),
    );
    out
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
    visible(&format!("{}. {} {}: {why}", step.id, step.verb, step.address)).into_owned()
}

fn say(out: &mut String, text: std::fmt::Arguments<'_>) {
    writeln!(out, "{text}").expect("writing to a string does not fail");
}
