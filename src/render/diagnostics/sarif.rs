//! Diagnostics as SARIF 2.1.0, which code scanning shows beside the line and remembers from run to run.
//! In: diagnostics and texts. Out: one document; paths are relative to `SRCROOT`, the folder that the run started in.
//! Names no page of help: the help is in the document.

mod shape;

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use super::Place;
use crate::explain;
use crate::model::{Code, Diagnostic, Label, Severity, Sources, visible};
use shape::{
    Artifact, Driver, Help, Location, Log, LogicalLocation, Physical, Region, Rule, Run, SarifResult, Text,
};

/// The whole document.
pub fn sarif(diagnostics: &[Diagnostic], sources: &Sources) -> impl serde::Serialize {
    let mut rules: Vec<Code> = diagnostics.iter().map(|found| found.code).collect();
    rules.sort_unstable();
    rules.dedup();
    let mut seen = Seen::default();
    let results = diagnostics.iter().map(|found| SarifResult {
        rule_id: found.code.as_str(),
        rule_index: rules.binary_search(&found.code).unwrap_or_default(),
        level: level(found.severity),
        message: Text { text: message(found) },
        locations: found.labels.first().map(|label| location(label, found, sources)).into_iter().collect(),
        related_locations: found.labels.iter().skip(1).map(|label| related(label, sources)).collect(),
        partial_fingerprints: [("primaryLocationLineHash", seen.fingerprint(found, sources))].into(),
    });
    let results = results.collect();
    Log::of(Run::new(Driver::new(rules.iter().map(|&code| rule(code)).collect()), results))
}

fn rule(code: Code) -> Rule {
    let meaning = explain::meaning(code);
    let says = meaning.split("\n\n").next().unwrap_or_default();
    let says = says.trim_start_matches("What it means: ").replace('\n', " ");
    Rule {
        id: code.as_str(),
        short_description: Text { text: sentence(code.summary()) },
        full_description: Text { text: sentence(says.trim_end()) },
        help: Help { text: meaning.to_owned(), markdown: markdown(code) },
        default_configuration: [("level", level(code.severity()))].into(),
    }
}

/// The long text with its examples.
fn markdown(code: Code) -> String {
    let mut text = explain::meaning(code).to_owned();
    for label in ["What it means:", "Why it matters:", "What to do:"] {
        text = text.replacen(label, &format!("**{label}**"), 1);
    }
    let (wrong, right) = explain::examples(code);
    for (title, example) in [("Wrong", wrong), ("Right", right)] {
        let lines: Vec<_> = example.lines().map(visible).collect();
        text.push_str(&format!("\n**{title}:**\n\n```yaml\n{}\n```\n", lines.join("\n")));
    }
    text
}

fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|c| c.to_uppercase().to_string()).unwrap_or_default();
    let end = if text.ends_with('.') { "" } else { "." };
    format!("{first}{}{end}", letters.as_str())
}

fn message(found: &Diagnostic) -> String {
    let mut text = visible(&found.message).into_owned();
    if let Some(help) = &found.help {
        text.push_str("\nhelp: ");
        text.push_str(&visible(help));
    }
    text
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}

fn location(label: &Label, found: &Diagnostic, sources: &Sources) -> Location {
    let about = found.address.as_ref().map(|address| LogicalLocation {
        fully_qualified_name: visible(&address.to_string()).into_owned(),
        kind: "resource",
    });
    Location { logical_locations: about.into_iter().collect(), ..at(label, sources) }
}

fn related(label: &Label, sources: &Sources) -> Location {
    let text = if label.text.is_empty() { "also here".into() } else { visible(&label.text) };
    Location { message: Some(Text { text: text.into_owned() }), ..at(label, sources) }
}

fn at(label: &Label, sources: &Sources) -> Location {
    let region = Place::of(label, sources).map(|Place { line, column, end_line, end_column }| Region {
        start_line: line,
        start_column: column,
        end_line,
        end_column,
    });
    Location {
        physical_location: Physical { artifact_location: artifact(&label.file), region },
        logical_locations: Vec::new(),
        message: None,
    }
}

/// The URI of a file: everything but letters, digits, `-._~` and `/` is percent-encoded.
fn artifact(path: &str) -> Artifact {
    let mut uri = String::with_capacity(path.len());
    for byte in path.trim_start_matches("./").bytes() {
        match byte {
            b'/' | b'-' | b'.' | b'_' | b'~' | b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' => {
                uri.push(byte.into())
            }
            _ => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    if path.starts_with('/') {
        Artifact { uri: format!("file://{uri}"), uri_base_id: None }
    } else {
        Artifact { uri, uri_base_id: Some(shape::ROOT) }
    }
}

/// How often each line was complained about by each rule: of two the same, the second is another one.
#[derive(Default)]
struct Seen<'a>(BTreeMap<(Code, &'a str, String), usize>);

impl<'a> Seen<'a> {
    /// A hash of the line without its indentation, so that lines that move keep their findings; then which of those that have the same.
    fn fingerprint(&mut self, found: &'a Diagnostic, sources: &Sources) -> String {
        let label = found.labels.first();
        let place = label.and_then(|label| Some((sources.get(&label.file)?, Place::of(label, sources)?)));
        let text = place.map_or(&*found.message, |(file, place)| file.line(place.line).trim());
        let hash: String = Sha256::digest(text).iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        let file = label.map_or("", |label| &*label.file);
        let times = self.0.entry((found.code, file, hash.clone())).or_default();
        *times += 1;
        format!("{hash}:{times}")
    }
}
