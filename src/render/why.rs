//! Why a plan touches one resource, or why it leaves it alone.
//! In: a plan, and what is declared and live of the resource as far as that is known. Out: a few lines for a terminal.
//! Decides nothing: reasons are those of the plan, and what is equal was found equal by the diff.

mod alone;
mod order;
#[cfg(test)]
mod tests;

use std::fmt::Write as _;

use super::view;
use crate::model::text::visible;
use crate::model::{Action, Address, Entry, Kind, Plan, PlannedChange, Resource, Sources};

/// What somebody asks about.
#[derive(Clone, Debug)]
pub struct Subject {
    /// Its address.
    pub address: Address,
    /// As it is declared, or kept though no file lists it; none where that is not known.
    pub desired: Option<Resource>,
    /// As it is live; none where it is not, or where that is not known.
    pub observed: Option<Resource>,
    /// What its kind allows; none for agents, and where only a plan is known.
    pub kind: Option<&'static Kind>,
}

impl Subject {
    /// One of which a saved plan is all that is known.
    pub fn of_plan(address: Address) -> Self {
        Self { address, desired: None, observed: None, kind: None }
    }
}

/// The explanation; `sources` are the files, where there are any.
pub fn why(plan: &Plan, subject: &Subject, sources: &Sources) -> String {
    let mut out = String::new();
    let change = plan.changes.iter().find(|change| change.address == subject.address);
    let steps: Vec<_> = plan.steps.iter().filter(|step| step.address == subject.address).collect();
    let word = match change {
        Some(change) => change.action.as_str(),
        None if steps.is_empty() => "nothing to do",
        None => "its numbers are written",
    };
    line(&mut out, &format!("{}: {word}", subject.address));
    places(&mut out, (subject, change), sources);
    match change {
        Some(change) => changed(&mut out, (plan, change), subject, sources),
        None if steps.is_empty() => alone::alone(&mut out, plan, subject),
        None => steps.iter().take(1).for_each(|step| line(&mut out, &format!("  why: {}", step.reason))),
    }
    for refusal in plan.refusals.iter().filter(|refusal| refusal.addresses.contains(&subject.address)) {
        line(&mut out, &format!("  refused, {}: {}; {}", refusal.code, refusal.message, refusal.help));
    }
    order::ordered(&mut out, plan, &steps);
    out
}

fn line(out: &mut String, text: &str) {
    writeln!(out, "{}", visible(text)).expect("writing to a string does not fail");
}

/// Where it is declared, with the line, and as what it is live.
fn places(out: &mut String, (subject, change): (&Subject, Option<&PlannedChange>), sources: &Sources) {
    let origin = subject.desired.as_ref().and_then(|desired| desired.origin.as_ref());
    match (origin, change.and_then(|change| change.source.as_ref())) {
        (Some(origin), _) => {
            line(out, &format!("  declared at {origin}"));
            let text = sources.get(&origin.file).map(|file| file.line(origin.line));
            text.into_iter().for_each(|text| line(out, &format!("    {} | {text}", origin.line)));
        }
        (None, Some(source)) => line(out, &format!("  declared at {source}")),
        (None, None) => {}
    }
    if let Some(live) = &subject.observed {
        let id = live.id.as_ref().map(|id| format!(" with id {id}")).unwrap_or_default();
        let read = live.read_as();
        let name = if read == subject.address { String::new() } else { format!(", as `{}`", read.name) };
        line(out, &format!("  live{id}{name}"));
    } else if subject.desired.is_some() {
        line(out, "  not live");
    }
}

/// The reason, the rule, and each attribute that differs.
fn changed(out: &mut String, (plan, change): (&Plan, &PlannedChange), subject: &Subject, sources: &Sources) {
    line(out, &format!("  why: {}", change.reason));
    line(out, &format!("  rule: {}", rule(change.action)));
    let shown = view::attributes(change, &plan.secrets);
    if !shown.is_empty() {
        line(out, if change.before.is_some() { "  live → declared:" } else { "  declared:" });
    }
    for text in shown {
        let name = text.split(':').next().unwrap_or_default();
        let entry = subject.desired.as_ref().and_then(|desired| desired.attributes.entry(name));
        let place = entry.and_then(|entry| place(subject, entry, sources)).unwrap_or_default();
        line(out, &format!("    {text}{place}"));
    }
}

/// The line of the file that says what an attribute should be.
fn place(subject: &Subject, entry: &Entry, sources: &Sources) -> Option<String> {
    let file = &subject.desired.as_ref()?.origin.as_ref()?.file;
    let text = Some(entry.span).filter(|span| !span.is_nowhere()).and_then(|_| sources.get(file))?;
    let (at, column) = text.line_column(entry.span.start);
    Some(format!("  ({file}:{at}:{column} | {})", text.line(at).trim()))
}

fn rule(action: Action) -> &'static str {
    match action {
        Action::Create => "what the file declares and nobody has is made",
        Action::Update => {
            "what the file names and differs is changed in place; what it does not name is left alone"
        }
        Action::Replace => {
            "what differs can't be changed in place: a new one is made, and what the file does not name is taken over"
        }
        Action::Delete => "what is live and in no file goes only where the file says so",
    }
}
