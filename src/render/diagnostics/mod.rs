//! Diagnostics become text: for a person, for a program, for GitHub, for CI and code scanning.
//! In: diagnostics in their order and the texts that they point into. Out: text in which nothing hostile is left.
//! Never decides whether they are bad enough to stop.

mod excerpt;
mod github;
mod human;
mod json;
mod junit;
mod sarif;

pub use github::github;
pub use human::human;
pub use json::json;
pub use junit::junit;
pub use sarif::sarif;

use crate::model::{Diagnostic, Label, Severity, Sources};

/// A place as editors count: lines and columns from 1, columns in characters, the end one past the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Place {
    line: u32,
    column: u32,
    end_line: u32,
    end_column: u32,
}

impl Place {
    /// None where the label points at nothing, or at a file that was not read.
    fn of(label: &Label, sources: &Sources) -> Option<Self> {
        let file = sources.get(&label.file).filter(|_| !label.span.is_nowhere())?;
        let (line, column) = file.line_column(label.span.start);
        let (end_line, end_column) = file.line_column(label.span.end.max(label.span.start));
        Some(Self { line, column, end_line, end_column })
    }
}

/// How many there are of each severity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Counts {
    errors: usize,
    warnings: usize,
    infos: usize,
}

impl Counts {
    fn of<'a>(diagnostics: impl IntoIterator<Item = &'a Diagnostic>) -> Self {
        let mut counts = Self::default();
        for diagnostic in diagnostics {
            match diagnostic.severity {
                Severity::Error => counts.errors += 1,
                Severity::Warning => counts.warnings += 1,
                Severity::Info => counts.infos += 1,
            }
        }
        counts
    }
}
