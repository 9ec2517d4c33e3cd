//! What is wrong with the rows of an inventory.
//! In: faults, one by one. Out: complaints: the first few of each sort at their rows, and how many more there are.
//! Of what the schema and the rules say of values only the repetitions are counted.

use std::collections::HashMap;
use std::sync::Arc;

use super::table::Quotes;
use crate::model::{Code, Diagnostic, Span};

/// A spreadsheet that damages one row damages all of them: so many of a sort are said.
const SAID: usize = 10;

/// The faults of one inventory.
#[derive(Default)]
pub(super) struct Faults {
    found: Vec<(Diagnostic, usize)>,
    /// How many of a sort there are, and which was the last to be said.
    sorts: HashMap<Sort, (usize, usize)>,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Sort {
    Quotes(Quotes),
    Length,
    Damage,
}

impl Faults {
    /// Quotes that do not belong where they are.
    pub(super) fn quotes(&mut self, file: &Arc<str>, (span, sort): (Span, Quotes)) {
        let (message, help) = match sort {
            Quotes::Open => (
                "the quotes of this cell are never closed",
                "write `\"` at the end of the cell; a quote within quotes is written twice",
            ),
            Quotes::Beside => (
                "there is something beside the quotes of this cell",
                "put the whole cell in quotes; a quote within quotes is written twice",
            ),
        };
        self.push(Sort::Quotes(sort), Diagnostic::new(Code::CFG015, message).at(file, span, "").help(help));
    }

    /// A row with another number of cells than the header.
    pub(super) fn length(
        &mut self,
        (file, span): (&Arc<str>, Span),
        (cells, columns): (usize, usize),
        separator: char,
    ) {
        let message = format!("the row has {cells} cells, and the header names {columns} columns");
        let shown = if separator == '\t' { "tab".to_owned() } else { format!("`{separator}`") };
        let help = match cells > columns {
            true => format!("put a cell with a {shown} in it in quotes, or take away what is too much"),
            false => format!("write a {shown} for each column, also where a cell is empty"),
        };
        self.push(Sort::Length, Diagnostic::new(Code::CFG015, message).at(file, span, "").help(help));
    }

    /// What a spreadsheet has made of a number.
    pub(super) fn damaged(&mut self, (file, span): (&Arc<str>, Span), (message, help): (String, String)) {
        self.push(Sort::Damage, Diagnostic::new(Code::NUM001, message).at(file, span, "").help(help));
    }

    fn push(&mut self, sort: Sort, complaint: Diagnostic) {
        let (count, last) = self.sorts.entry(sort).or_default();
        *count += 1;
        if *count <= SAID {
            *last = self.found.len();
            self.found.push((complaint, 0));
        } else {
            self.found[*last].1 += 1;
        }
    }

    /// All of them, with the counts in the messages.
    pub(super) fn finish(self) -> impl Iterator<Item = Diagnostic> {
        self.found.into_iter().map(|(complaint, more)| counted(complaint, more))
    }
}

fn counted(mut complaint: Diagnostic, more: usize) -> Diagnostic {
    match more {
        0 => {}
        1 => complaint.message.push_str("; so is it with 1 more row"),
        more => complaint.message.push_str(&format!("; so is it with {more} more rows")),
    }
    complaint
}

/// What is said in the same words of many rows of an inventory is said of the first few; the last of them has the count. Nothing is waived later.
pub(in crate::config) fn few(diagnostics: &mut Vec<Diagnostic>, is_inventory: impl Fn(&str) -> bool) {
    let mut same: HashMap<(Code, Arc<str>, String), (usize, usize)> = HashMap::new();
    let mut few: Vec<(Diagnostic, usize)> = Vec::new();
    for diagnostic in diagnostics.drain(..) {
        let file = diagnostic.labels.first().map(|label| &label.file).filter(|file| is_inventory(file));
        let Some(file) = file else {
            few.push((diagnostic, 0));
            continue;
        };
        let key = (diagnostic.code, file.clone(), diagnostic.message.clone());
        let (count, last) = same.entry(key).or_default();
        *count += 1;
        if *count <= SAID {
            *last = few.len();
            few.push((diagnostic, 0));
        } else {
            few[*last].1 += 1;
        }
    }
    diagnostics.extend(few.into_iter().map(|(diagnostic, more)| counted(diagnostic, more)));
}
