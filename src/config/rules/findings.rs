//! Where the rules put what they find.
//! In: diagnostics one by one. Out: the same, with those of one code at one place made one.
//! A range of a thousand numbers is one place: it is reported once, with the count.

use std::collections::HashMap;
use std::sync::Arc;

use crate::model::{Code, Diagnostic, KindName, Span};

/// The diagnostics of one rule.
#[derive(Default)]
pub(super) struct Findings {
    list: Vec<(Diagnostic, usize)>,
    numbers: HashMap<(Code, Arc<str>, Span), usize>,
}

impl Findings {
    /// Adds one; one that says the same of another number at the same place is only counted.
    pub(super) fn push(&mut self, diagnostic: Diagnostic) {
        let of_number = diagnostic.address.as_ref().is_some_and(|a| a.kind == KindName::Number);
        if let (true, Some(label)) = (of_number, diagnostic.labels.first().filter(|l| !l.span.is_nowhere())) {
            let place = (diagnostic.code, label.file.clone(), label.span);
            let index = *self.numbers.entry(place).or_insert(self.list.len());
            if let Some((_, more)) = self.list.get_mut(index) {
                *more += 1;
                return;
            }
        }
        self.list.push((diagnostic, 0));
    }

    /// Adds one, if there is one.
    pub(super) fn extend(&mut self, diagnostic: Option<Diagnostic>) {
        diagnostic.into_iter().for_each(|diagnostic| self.push(diagnostic));
    }

    /// All of them, with the counts in the messages.
    pub(super) fn finish(self) -> Vec<Diagnostic> {
        let counted = |(mut diagnostic, more): (Diagnostic, usize)| {
            match more {
                0 => {}
                1 => diagnostic.message.push_str("; so is it with 1 more number from this place"),
                _ => diagnostic
                    .message
                    .push_str(&format!("; so is it with {more} more numbers from this place")),
            }
            diagnostic
        };
        self.list.into_iter().map(counted).collect()
    }
}
