//! Resources that the files of one account declare more than once.
//! In: pairs of origins that declare the same address. Out: diagnostics with both places.
//! Never lists every pair of two files: after the first few it counts them.

use std::collections::HashMap;
use std::sync::Arc;

use super::wording::{clean, shown};
use crate::model::{Address, Code, Diagnostic, KindName, Origin};

/// Diagnostics for each pair of files; further duplicates are counted in one more.
const MAX_DUPLICATES_REPORTED: usize = 20;

/// The duplicates of each pair of files: how many were recorded, and those beyond the limit as one.
#[derive(Default)]
pub(super) struct DuplicateCounter(HashMap<FilePair, (usize, Option<Duplicate>)>);

/// The file with the first declaration, and the file that repeats it.
type FilePair = (Arc<str>, Arc<str>);

/// Resources of one entry that an earlier entry declares as well.
pub(super) struct Duplicate {
    pub here: Origin,
    pub there: Origin,
    /// The first of them.
    pub address: Address,
    /// How many more there are.
    pub more: usize,
}

impl Duplicate {
    /// Counts one more resource that both origins declare.
    pub(super) fn count(all: &mut Vec<Self>, (here, there): (&Origin, &Origin), address: &Address) {
        // Those of one earlier range come one after another.
        match all.iter_mut().rev().find(|known| known.there == *there) {
            Some(known) => known.more += 1,
            None => {
                all.push(Self { here: here.clone(), there: there.clone(), address: address.clone(), more: 0 })
            }
        }
    }

    fn diagnostic(&self) -> Diagnostic {
        let Self { here, there, address, more } = self;
        let is_trunk = address.kind == KindName::Trunk;
        let code = if is_trunk { Code::TRK027 } else { Code::NUM005 };
        let others = match (more, is_trunk) {
            (0, _) => " stands".to_owned(),
            (1, false) => " and 1 more number stand".to_owned(),
            (more, false) => format!(" and {more} more numbers stand"),
            (more, true) => format!(" and {more} more trunks stand"),
        };
        let place = |origin: &Origin| format!("{}:{}", clean(&origin.file), origin.line);
        let message = format!("{}{others} twice: {} and {}", shown(&address.name), place(there), place(here));
        let help = match is_trunk {
            true => "keep one of the two entries",
            false => {
                "keep one of the two; to change the other, write it as an entry of `numbers` with `override: true`"
            }
        };
        Diagnostic::new(code, message)
            .at(&here.file, here.span, "a second time here")
            .at(&there.file, there.span, "first here")
            .help(help)
            .about(address)
    }
}

impl DuplicateCounter {
    /// Records a duplicate; returns its diagnostic if it is one of the first of its two files.
    pub(super) fn record(&mut self, one: Duplicate) -> Option<Diagnostic> {
        let files = (one.there.file.clone(), one.here.file.clone());
        let (recorded, rest) = self.0.entry(files).or_default();
        *recorded += 1;
        if *recorded <= MAX_DUPLICATES_REPORTED {
            return Some(one.diagnostic());
        }
        match rest {
            Some(rest) => rest.more += one.more + 1,
            None => *rest = Some(one),
        }
        None
    }

    /// One diagnostic for each pair of files with more duplicates than the limit.
    pub(super) fn rest(self) -> impl Iterator<Item = Diagnostic> {
        self.0.into_values().filter_map(|(_, rest)| rest).map(|rest| rest.diagnostic())
    }
}
