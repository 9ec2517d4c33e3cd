//! JUnit XML, as CI systems read it.
//! In: suites of cases. Out: one document, valid against the schema that pytest's own reports are checked with.
//! Knows nothing of what is tested. No text can end an element or an attribute, and nothing that XML 1.0 forbids comes out.

use std::fmt::Write as _;

use crate::model::visible;

/// Cases that belong together.
pub(super) struct Suite {
    pub(super) name: String,
    pub(super) cases: Vec<Case>,
}

/// One thing that is looked at.
pub(super) struct Case {
    /// What it belongs to.
    pub(super) class: String,
    /// Its name, the same at every run.
    pub(super) name: String,
    pub(super) outcome: Outcome,
    /// What there is to say of it, line by line.
    pub(super) lines: Vec<String>,
}

/// What became of it.
pub(super) enum Outcome {
    Passed,
    /// With a word for the sort of failure, and a sentence.
    Failed(String, String),
    /// It could not be looked at: a word, and a sentence.
    Error(String, String),
    /// With a sentence.
    Skipped(String),
}

/// The document.
pub(super) fn document(name: &str, suites: &[Suite]) -> String {
    let all = Counts::of(suites.iter().flat_map(|suite| &suite.cases));
    let Counts { tests, failures, errors, skipped: _ } = all;
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    // The schema knows no `skipped` here.
    line(
        &mut out,
        format_args!(
            r#"<testsuites name="{}" tests="{tests}" failures="{failures}" errors="{errors}">"#,
            escaped(name)
        ),
    );
    suites.iter().for_each(|one| suite(&mut out, one));
    out.push_str("</testsuites>\n");
    out
}

fn suite(out: &mut String, Suite { name, cases }: &Suite) {
    let Counts { tests, failures, errors, skipped } = Counts::of(cases);
    line(
        out,
        format_args!(
            r#"  <testsuite name="{}" tests="{tests}" failures="{failures}" errors="{errors}" skipped="{skipped}">"#,
            escaped(name)
        ),
    );
    cases.iter().for_each(|one| case(out, one));
    out.push_str("  </testsuite>\n");
}

fn case(out: &mut String, Case { class, name, outcome, lines }: &Case) {
    let head = format!(r#"    <testcase classname="{}" name="{}""#, escaped(class), escaped(name));
    if lines.is_empty() && matches!(outcome, Outcome::Passed) {
        return line(out, format_args!("{head}/>"));
    }
    let (element, attributes) = match outcome {
        Outcome::Passed => ("system-out", String::new()),
        Outcome::Failed(kind, why) => ("failure", said(kind, why)),
        Outcome::Error(kind, why) => ("error", said(kind, why)),
        Outcome::Skipped(why) => ("skipped", format!(r#" message="{}""#, escaped(why))),
    };
    let text = lines.iter().map(|one| escaped(one)).collect::<Vec<_>>().join("\n");
    let end = if text.is_empty() { "/>".to_owned() } else { format!(">{text}</{element}>") };
    line(out, format_args!("{head}>\n      <{element}{attributes}{end}\n    </testcase>"));
}

fn said(kind: &str, why: &str) -> String {
    format!(r#" type="{}" message="{}""#, escaped(kind), escaped(why))
}

fn line(out: &mut String, text: std::fmt::Arguments<'_>) {
    writeln!(out, "{text}").expect("writing to a string does not fail");
}

/// A text for an attribute or an element.
fn escaped(text: &str) -> String {
    let shown = visible(text);
    let mut out = String::with_capacity(shown.len());
    for c in shown.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            // The two characters that XML 1.0 forbids and that `visible` leaves alone.
            '\u{fffe}' | '\u{ffff}' => out.extend(c.escape_unicode()),
            c => out.push(c),
        }
    }
    out
}

#[derive(Default)]
struct Counts {
    tests: usize,
    failures: usize,
    errors: usize,
    skipped: usize,
}

impl Counts {
    fn of<'a>(cases: impl IntoIterator<Item = &'a Case>) -> Self {
        let mut counts = Self::default();
        for case in cases {
            counts.tests += 1;
            match case.outcome {
                Outcome::Passed => {}
                Outcome::Failed(..) => counts.failures += 1,
                Outcome::Error(..) => counts.errors += 1,
                Outcome::Skipped(_) => counts.skipped += 1,
            }
        }
        counts
    }
}
