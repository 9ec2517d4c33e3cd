//! The plan as a unified diff: what is live against what is declared, in YAML.
//! In: a plan. Out: one part a resource, of what differs with the line that names it; of secrets where they come from. Coloured by whatever colours a diff.
//! Says nothing of requests and their order. The YAML is written here: a handful of forms, all texts between quotes, which no reader takes for anything else.

use std::fmt::Write as _;

use serde_json::{Map, Value as Json};
use similar::TextDiff;

use super::document::one_line;
use super::view::{SecretsView, Verdict, View, origin};
use crate::model::declared_secret::DeclaredSecret;
use crate::model::text::visible;
use crate::model::{Action, KindName, Plan, PlannedChange, Value};

/// Lines around what differs.
const CONTEXT: usize = 3;

/// The whole diff. Lines that begin with `#` are for the reader.
pub fn plan(plan: &Plan) -> String {
    let view = View::of(plan);
    let mut out = format!("# {}: {}.\n", view.verdict.words(), view.because);
    if view.verdict == Verdict::Refused {
        view.refusals.iter().for_each(|(what, help)| line(&mut out, &format!("# {what}; help: {help}")));
    }
    for change in &plan.changes {
        let what = format!(
            "{} {} {}: {}",
            change.action.sign(),
            change.action.as_str(),
            change.address,
            change.reason
        );
        line(&mut out, &format!("\n# {}", visible(&what)));
        out.push_str(&resource(change, &plan.secrets));
    }
    if let Some(SecretsView { title, sources }) = &view.secrets {
        line(&mut out, &format!("\n# {title}: {sources}"));
    }
    view.sentence.iter().for_each(|sentence| line(&mut out, &format!("\n# {sentence}")));
    out
}

fn line(out: &mut String, text: &str) {
    writeln!(out, "{text}").expect("writing to a string does not fail");
}

/// The part of one resource, as `patch` knows it. Where both sides read the same (what is referred to is made anew) it is a line of text.
fn resource(change: &PlannedChange, secrets: &[DeclaredSecret]) -> String {
    let (before, after) = (live(change), declared(change, secrets));
    let address = visible(&change.address.to_string()).into_owned();
    if before == after {
        return after.lines().map(|same| format!("# {same}\n")).collect();
    }
    let diff = TextDiff::from_lines(&before, &after);
    let header = (format!("live\t{address}"), format!("declared\t{address}"));
    diff.unified_diff().context_radius(CONTEXT).header(&header.0, &header.1).to_string()
}

/// What is live, as far as it differs; of what goes all that is known.
fn live(change: &PlannedChange) -> String {
    let Some(before) = &change.before else { return String::new() };
    let shown = |name: &&String| match change.action {
        Action::Delete => true,
        _ => change.changed.contains(*name) && !change.sensitive.contains(*name),
    };
    let parts: Vec<_> = before.keys().filter(shown).map(|name| (name, mask(change, name, before))).collect();
    entry(identity(change, before), in_order(change, parts))
}

/// What is declared, as far as it differs.
fn declared(change: &PlannedChange, secrets: &[DeclaredSecret]) -> String {
    let Some(after) = &change.after else { return String::new() };
    let known = |name: &&String| after.contains_key(*name);
    let value = |name: &String| match change.sensitive.contains(name) {
        true => (Value::SENSITIVE.to_owned() + &origin(secrets, &change.address, name)).into(),
        false => mask(change, name, after),
    };
    let parts = change.changed.iter().filter(known).map(|name| (name, value(name)));
    entry(identity(change, after), parts.collect())
}

/// The order of the kind, as far as it is known: both sides have the same.
fn in_order<'a>(change: &PlannedChange, mut parts: Vec<(&'a String, Json)>) -> Vec<(&'a String, Json)> {
    let place =
        |name: &String| change.changed.iter().position(|changed| changed == name).unwrap_or(usize::MAX);
    parts.sort_by_cached_key(|(name, _)| place(name));
    parts
}

fn mask(change: &PlannedChange, name: &str, side: &Map<String, Json>) -> Json {
    match change.sensitive.iter().any(|secret| secret == name) {
        true => Value::SENSITIVE.into(),
        false => side.get(name).cloned().unwrap_or_default(),
    }
}

/// The attribute that names a resource, with its value on this side.
fn identity(change: &PlannedChange, side: &Map<String, Json>) -> (&'static str, Json) {
    let name = match change.address.kind {
        KindName::Number => "number",
        KindName::Trunk | KindName::Agent | KindName::VoiceAgent | KindName::TextAgent => "name",
    };
    (name, side.get(name).cloned().unwrap_or_else(|| (*change.address.name).into()))
}

/// One entry of a list, as in a file.
fn entry((identity, value): (&str, Json), parts: Vec<(&String, Json)>) -> String {
    let mut out = format!("- {identity}: {}\n", scalar(&value));
    let others = parts.iter().filter(|(name, _)| *name != identity);
    others.for_each(|(name, value)| pair(&mut out, 2, (name, value)));
    out
}

/// `name: value`, indented; lists and maps below it.
fn pair(out: &mut String, indent: usize, (name, value): (&str, &Json)) {
    let plain = !name.is_empty() && name.chars().all(|c| c.is_ascii_lowercase() || c == '_');
    let name = if plain { name.to_owned() } else { scalar(&name.into()) };
    let space = " ".repeat(indent);
    match value {
        Json::Array(items) if !items.is_empty() => {
            line(out, &format!("{space}{name}:"));
            items.iter().for_each(|value| item(out, indent + 2, value));
        }
        Json::Object(parts) if !parts.is_empty() => {
            line(out, &format!("{space}{name}:"));
            parts.iter().for_each(|(name, value)| pair(out, indent + 2, (name, value)));
        }
        value => line(out, &format!("{space}{name}: {}", scalar(value))),
    }
}

/// `- value`; the parts of a map below each other.
fn item(out: &mut String, indent: usize, value: &Json) {
    let space = " ".repeat(indent);
    match value {
        Json::Object(parts) if !parts.is_empty() => {
            let start = out.len();
            parts.iter().for_each(|(name, value)| pair(out, indent + 2, (name, value)));
            out.replace_range(start + indent..=start + indent, "-");
        }
        value => line(out, &format!("{space}- {}", scalar(value))),
    }
}

/// JSON on one line, which YAML reads as it is.
fn scalar(value: &Json) -> String {
    one_line(value).trim_end().to_owned()
}
