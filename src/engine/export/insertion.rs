//! Which file receives the new entries of an account.
//! In: the files, and the account. Out: for trunks and for numbers the file that receives them, or why there is none.
//! Writes nothing, and tries with an entry of its own whether lines can be added.

use std::cmp::Reverse;
use std::path::Path;

use crate::config::{self, File, Policy};
use crate::export::Inherited;
use crate::folder::FolderPath;
use crate::layout;
use crate::model::{AccountConfig, KindName, visible};
use crate::provider::Provider;
use crate::provider::file::sections::SECTIONS;

/// An entry of any list.
const ENTRY: &str = "- name: x";

/// For the entries of each kind a file, by its place among the others.
pub(super) struct InsertionPoints(Vec<(KindName, Result<usize, String>)>);

impl InsertionPoints {
    pub(super) fn of(
        files: &[File],
        config: &AccountConfig,
        provider: &dyn Provider,
        policy: &Policy,
    ) -> Self {
        let own: Vec<_> = files.iter().enumerate().filter_map(|one| alone(one, config, policy)).collect();
        let place = |(section, kind)| (kind, place(files, &own, provider, (section, kind)));
        Self(SECTIONS.into_iter().map(place).collect())
    }

    /// The file for entries of a kind.
    pub(super) fn file(&self, wanted: KindName) -> Result<usize, String> {
        let found = self.0.iter().find(|(kind, _)| *kind == wanted).map(|(_, found)| found.clone());
        found.unwrap_or_else(|| Err("no file has such a list".into()))
    }
}

/// A file of the account, and what it says by itself.
fn alone(
    (at, file): (usize, &File),
    config: &AccountConfig,
    policy: &Policy,
) -> Option<(usize, AccountConfig)> {
    // Its inventories are no lists of its own.
    let none = |_: &FolderPath, path: &Path| Ok(File::new(&path.to_string_lossy(), path, Vec::new()));
    let accounts = config::check([Ok(file.clone())], &none, policy.clone()).config.accounts;
    accounts.into_iter().find(|one| one.account == config.account).map(|own| (at, own))
}

/// The first file that can take them: one without `defaults` for them before one that has some, one that lists many such things before one with few.
fn place(
    files: &[File],
    own: &[(usize, AccountConfig)],
    provider: &dyn Provider,
    (section, kind): (&str, KindName),
) -> Result<usize, String> {
    let rank = |(at, own): &(usize, AccountConfig)| {
        let gives = Inherited::of(provider, |one| (one == kind).then_some(&files[*at])).any();
        let lists = own.desired.resources.keys().filter(|address| address.kind == kind).count();
        (gives, Reverse(lists), *at)
    };
    let mut ranked: Vec<_> = own.iter().map(rank).collect();
    ranked.sort();
    let mut why = "no file describes the account".to_owned();
    for (_, _, at) in ranked {
        match appended(&files[at], section, ENTRY) {
            Ok(_) => return Ok(at),
            Err(refused) => why = format!("`{}`: {refused}", visible(&files[at].name)),
        }
    }
    Err(format!("`{section}` can't be added to: {why}; nothing is written"))
}

/// What a file holds with entries at the end of a list; or why that can't be.
pub(super) fn appended(file: &File, section: &str, items: &str) -> Result<String, String> {
    let before = std::str::from_utf8(&file.bytes).map_err(|_| "it is not UTF-8".to_owned())?;
    let after = layout::append(before, section, items).map_err(|refused| refused.to_string())?;
    if keeps_lines(before, &after) { Ok(after) } else { Err("a line of it would be changed".into()) }
}

/// Whether every line is still there, in the same order.
fn keeps_lines(before: &str, after: &str) -> bool {
    let mut after = after.split_inclusive('\n');
    let bare = |line: &str| line.trim_end_matches('\n').trim_end_matches('\r').len();
    before.split_inclusive('\n').all(|line| {
        let whole = line.ends_with('\n');
        after.any(|new| new == line || (!whole && new[..bare(new)] == *line))
    })
}

#[cfg(test)]
mod tests {
    use super::keeps_lines;

    #[test]
    fn lines_are_kept_only_as_they_were() {
        for (after, kept) in [
            ("a\nb\n", true),
            ("a\nx\nb\n", true),
            ("a\nB\n", false),
            ("b\na\n", false),
            ("a\n", false),
            ("a\nb \n", false),
        ] {
            assert_eq!(keeps_lines("a\nb", after), kept, "{after:?}");
        }
        assert!(keeps_lines("a\r\nb", "a\r\nb\r\nc\r\n") && !keeps_lines("a\r\nb\r\n", "a\nb\n"));
    }
}
