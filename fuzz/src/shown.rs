//! What must hold of everything that is printed.
//! In: a plan, or diagnostics. Out: nothing; a panic where an output holds what a terminal obeys or nobody can see.
//! Every output form of the library is made.

use trunkform::model::text::is_hidden;
use trunkform::model::{Diagnostic, Drift, Kinds, Plan, Sources};
use trunkform::provider;
use trunkform::render::document::Document;
use trunkform::render::{diagnostics, diff, graph, human, markdown};

/// The token of every account here; no output may hold it.
pub const TOKEN: &str = "planted-token-3f9a1c";

/// The colours that a plan for people has of its own; the dictionaries bring another.
const OWN: &[&str] =
    &["\u{1b}[0m", "\u{1b}[1m", "\u{1b}[2m", "\u{1b}[31m", "\u{1b}[32m", "\u{1b}[33m", "\u{1b}[35m"];

/// Text that goes to a person or a program as it is, and to the log of a CI job, where a line may be a command.
pub fn clean(what: &str, text: &str) {
    if let Some(c) = text.chars().find(|&c| is_hidden(c) && c != '\n') {
        panic!("{what} holds U+{:04X}: {}", c as u32, text.escape_default());
    }
    if let Some(line) = text.lines().find(|line| line.trim_start().starts_with("::")) {
        panic!("{what} has a line that is a command: {line}");
    }
}

/// Text for people with its own colours.
fn coloured(what: &str, text: String) {
    clean(what, &OWN.iter().fold(text, |text, own| text.replace(own, "")));
}

/// Diagnostics in every form.
pub fn complaints(found: &[Diagnostic], sources: &Sources) {
    clean("the complaints for people", &diagnostics::human(found, sources, false));
    let commands = diagnostics::github(found, sources);
    assert_eq!(commands.lines().count(), found.len(), "one command for each complaint: {commands}");
    clean("the complaints for GitHub", &commands.replace("\n::", "\n").replacen("::", "", 1));
    let json = diagnostics::json(found, sources);
    clean("the complaints as JSON", &trunkform::render::document::one_line(&json));
}

/// A plan in every form; what is written can be read again.
pub fn plan(plan: &Plan, sources: &Sources) {
    coloured("the plan for people", human::plan(plan));
    coloured("the drift for people", human::drift(&Drift::of(plan, &[], true)));
    clean("the comment on a pull request", &markdown::plan(plan));
    // Tabs of its own stand between the sides and the address.
    clean("the difference", &diff::plan(plan).replace("live\t", "live ").replace("declared\t", "declared "));
    clean("the Mermaid graph", &graph::mermaid(plan));
    clean("the DOT graph", &graph::dot(plan));
    complaints(&plan.diagnostics, sources);
    let line = Document::new(plan, sources).to_line();
    clean("the plan as JSON", &line);
    assert_eq!(line.matches('\n').count(), 1, "the plan as JSON is not one line");
    let again = Document::parse(&line).and_then(|document| document.plan(&kinds_of));
    if let Err(why) = again {
        panic!("a plan can't be read again: {why}\n{line}");
    }
}

/// What the kinds of a platform allow.
pub fn kinds_of(platform: &str) -> Option<&'static Kinds> {
    provider::get(platform).map(provider::Provider::kinds)
}
