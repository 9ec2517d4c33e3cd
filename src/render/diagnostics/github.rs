//! Diagnostics as workflow commands, which GitHub shows at the line of a pull request.
//! In: diagnostics and texts. Out: one line each.
//! The escapes are those of `@actions/core`: `%`, CR and LF in a message, `:` and `,` as well in a property.

use std::fmt::Write;

use super::Place;
use crate::model::{Diagnostic, Severity, Sources, visible};

/// One workflow command for each diagnostic.
pub fn github(diagnostics: &[Diagnostic], sources: &Sources) -> String {
    let mut out = String::new();
    for diagnostic in diagnostics {
        let command = match diagnostic.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Info => "notice",
        };
        let mut text = visible(&diagnostic.message).into_owned();
        if let Some(help) = &diagnostic.help {
            text.push_str("\nhelp: ");
            text.push_str(&visible(help));
        }
        let properties = properties(diagnostic, sources);
        // Writing into a String can't fail.
        let _ = writeln!(out, "::{command} {properties}::{}", message(&text));
    }
    out
}

fn properties(diagnostic: &Diagnostic, sources: &Sources) -> String {
    let mut all = Vec::new();
    if let Some(label) = diagnostic.labels.first() {
        all.push(("file", visible(&label.file).into_owned()));
        if let Some(Place { line, column, end_line, end_column }) = Place::of(label, sources) {
            all.push(("line", line.to_string()));
            all.push(("endLine", end_line.to_string()));
            // GitHub takes columns only where both ends stand in one line.
            if line == end_line {
                all.push(("col", column.to_string()));
                all.push(("endColumn", end_column.to_string()));
            }
        }
    }
    all.push(("title", diagnostic.code.to_string()));
    let all: Vec<_> = all.iter().map(|(name, value)| format!("{name}={}", property(value))).collect();
    all.join(",")
}

fn message(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    message(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Code, Span};
    use std::sync::Arc;

    #[test]
    fn nothing_in_a_message_can_become_a_command() {
        let file: Arc<str> = "a,b:c.yaml".into();
        let mut sources = Sources::default();
        sources.insert(&file, "one\ntwo\n");
        let diagnostic =
            Diagnostic::new(Code::TRK030, "100% \n::set-env name=A::b").at(&file, Span::new(4, 7), "");
        assert_eq!(
            github(&[diagnostic.help("x")], &sources),
            "::warning file=a%2Cb%3Ac.yaml,line=2,endLine=2,col=1,endColumn=4,title=TRK030::100%25 \\u{a}::set-env name=A::b%0Ahelp: x\n"
        );
    }
}
