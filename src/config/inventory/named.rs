//! Which inventories were read, and where they are named.
//! In: inventories, one by one. Out: a complaint where one of them is named again.
//! Reads nothing.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::config::wording::shown;
use crate::model::{Account, Address, Code, Diagnostic, Span};

/// Where an inventory is named, and what it holds.
pub(super) struct Named {
    pub file: Arc<str>,
    pub span: Span,
    pub rows: usize,
    /// The first of its numbers.
    pub first: Option<Address>,
}

/// The inventories that were read, by account and name.
#[derive(Default)]
pub(in crate::config) struct Inventories(BTreeMap<(Account, Arc<str>), Named>);

impl Inventories {
    /// Whether a text is one of these.
    pub(in crate::config) fn has(&self, name: &str) -> bool {
        self.0.keys().any(|(_, known)| **known == *name)
    }

    /// Remembers one that was read.
    pub(super) fn add(&mut self, account: &Account, name: &Arc<str>, named: Named) {
        self.0.insert((account.clone(), name.clone()), named);
    }

    /// The complaint about one that is named again: once, whatever number of rows it has.
    pub(super) fn again(
        &self,
        account: &Account,
        csv: &Arc<str>,
        (file, span): (&Arc<str>, Span),
    ) -> Option<Diagnostic> {
        let first = self.0.get(&(account.clone(), csv.clone()))?;
        Some(first.twice(csv, (file, span)))
    }
}

impl Named {
    fn twice(&self, csv: &str, (file, span): (&Arc<str>, Span)) -> Diagnostic {
        let numbers = match &self.first {
            None => "it stands twice".to_owned(),
            Some(number) if self.rows < 2 => format!("{} stands twice", shown(&number.name)),
            Some(number) => format!("{} and {} more numbers stand twice", shown(&number.name), self.rows - 1),
        };
        let message = format!("the inventory {} is named twice: {numbers}", shown(csv));
        let complaint = Diagnostic::new(Code::NUM005, message)
            .at(file, span, "a second time here")
            .at(&self.file, self.span, "first here")
            .help("name it in one place");
        match &self.first {
            Some(number) => complaint.about(number),
            None => complaint,
        }
    }
}
