//! Diagnostics as JUnit XML: one test case a rule, so that its name is the same at every run.
//! In: diagnostics, texts, and how bad is a failure. Out: one document.
//! A rule that may not have seen everything is skipped, never passed.

use std::collections::BTreeMap;

use super::Place;
use crate::explain;
use crate::model::{Code, Diagnostic, Label, Severity, Sources};
use crate::render::junit::{Case, Outcome, Suite, document};

/// The whole document; what is at least as bad as `worst` fails.
pub fn junit(diagnostics: &[Diagnostic], sources: &Sources, worst: Severity) -> String {
    let mut found: BTreeMap<Code, Vec<&Diagnostic>> = BTreeMap::new();
    for diagnostic in diagnostics {
        found.entry(diagnostic.code).or_default().push(diagnostic);
    }
    let unclear = diagnostics.iter().any(|found| found.is_error() && is_of_form(found.code));
    let asked = Code::ALL.iter().filter(|code| !explain::needs_live(**code) || found.contains_key(code));
    let cases = asked.map(|&code| {
        let found = found.get(&code).map_or(&[][..], Vec::as_slice);
        Case {
            class: code.as_str().trim_end_matches(|c: char| c.is_ascii_digit()).to_owned(),
            name: format!("{code} {}", code.summary()),
            outcome: outcome(code, found, (worst, unclear)),
            lines: found.iter().flat_map(|diagnostic| lines(diagnostic, sources)).collect(),
        }
    });
    let suite = Suite { name: "validate".into(), cases: cases.collect() };
    document("trunkform", &[suite])
}

fn outcome(code: Code, found: &[&Diagnostic], (worst, unclear): (Severity, bool)) -> Outcome {
    let bad: Vec<_> = found.iter().filter(|found| found.severity <= worst).collect();
    match bad.as_slice() {
        [] if unclear && found.is_empty() && !is_of_form(code) => Outcome::Skipped(
            "what is wrong with the form of a file may hide what this rule would find".into(),
        ),
        [] => Outcome::Passed,
        [one] => Outcome::Failed(code.to_string(), one.message.clone()),
        [first, rest @ ..] => {
            Outcome::Failed(code.to_string(), format!("{} (and {} more)", first.message, rest.len()))
        }
    }
}

/// Whether it is about how a file is written, not about what it says.
fn is_of_form(code: Code) -> bool {
    code.as_str().starts_with("CFG")
}

fn lines(diagnostic: &Diagnostic, sources: &Sources) -> impl Iterator<Item = String> {
    let place = |label: &Label| match Place::of(label, sources) {
        Some(Place { line, column, .. }) => format!("{}:{line}:{column}: ", label.file),
        None => format!("{}: ", label.file),
    };
    let at = diagnostic.labels.first().map(place).unwrap_or_default();
    let what = format!("{at}{}: {}", diagnostic.severity.as_str(), diagnostic.message);
    std::iter::once(what).chain(diagnostic.help.as_ref().map(|help| format!("  help: {help}")))
}
