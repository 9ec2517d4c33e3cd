//! Who may import whom.
//! In: the imports and the table. Out: imports that the table does not allow, rows that are doubled or dead, files without a module.
//! Never reads a name: what an import is for does not matter here.

use std::collections::BTreeSet;

use super::modules::top;
use super::survey::Survey;
use super::tables::{MAY_IMPORT, PURE, Row};

/// Imports that the table does not allow, through `crate::`, `super::` or `trunkform::`.
pub fn forbidden(survey: &Survey) -> Vec<String> {
    let crossing = survey.imports.iter().filter(|import| import.from_top != import.to_top);
    let allowed = |from: &str, to: &str| {
        MAY_IMPORT.iter().any(|(module, imports)| *module == from && imports.contains(&to))
    };
    crossing
        .filter(|import| !allowed(&import.from_top, &import.to_top))
        .map(|i| format!("{}:{}: {} may not import {}", i.from, i.line, i.from_top, i.to_top))
        .collect()
}

/// Rows and entries of the table that say nothing, or say it twice.
pub fn dead_rows(survey: &Survey, table: &[Row]) -> Vec<String> {
    let modules: BTreeSet<&str> = survey.modules.shipped().map(|(name, _)| top(name)).collect();
    let used: BTreeSet<(&str, &str)> =
        survey.imports.iter().map(|i| (i.from_top.as_str(), i.to_top.as_str())).collect();
    let mut wrong = Vec::new();
    for (at, (module, imports)) in table.iter().enumerate() {
        if table[..at].iter().any(|(earlier, _)| earlier == module) {
            wrong.push(format!("the table has two rows of {module}"));
        }
        if !modules.contains(module) {
            wrong.push(format!("the table has a row of {module}, and there is no such module"));
        }
        let unused = imports.iter().filter(|import| !used.contains(&(module, import)));
        wrong
            .extend(unused.map(|import| format!("the table lets {module} import {import}, and it does not")));
    }
    let without_row = modules.iter().filter(|module| !table.iter().any(|(row, _)| row == *module));
    wrong.extend(without_row.map(|module| format!("the table has no row of {module}")));
    let gone = PURE.iter().filter(|module| !modules.contains(*module));
    wrong.extend(gone.map(|module| format!("PURE names {module}, and there is no such module")));
    wrong
}

/// The table as it is.
pub fn dead_rows_of_the_table(survey: &Survey) -> Vec<String> {
    dead_rows(survey, MAY_IMPORT)
}

/// Files that no `mod` reaches, which no check would see, and the reverse.
pub fn lost_files(survey: &Survey) -> Vec<String> {
    let known: BTreeSet<&str> = survey.modules.all.values().map(|module| module.file.as_str()).collect();
    let files = survey.house.files.keys().filter(|file| file.starts_with("src/"));
    let lost = files.filter(|file| !known.contains(file.as_str()));
    let lost = lost.map(|file| format!("{file}: no `mod` of lib.rs or main.rs reaches it"));
    lost.chain(survey.modules.missing.iter().cloned()).collect()
}
