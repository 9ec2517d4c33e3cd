//! Any bytes as a configuration file, with or without an inventory.
//! In: what the files may hold. Out: nothing; a panic where loading does, or a message or a plan holds what it must not.
//! A file that has no errors goes on through the whole pipeline, against an empty account.

use std::cell::OnceCell;
use std::path::{Path, PathBuf};

use tempfile::TempDir;
use trunkform::config::{self, Checked, File, files};
use trunkform::folder::FolderPath;
use trunkform::engine::PlanArgs;
use trunkform::model::Diagnostic;
use trunkform::provider;

use crate::{empty_accounts, shown};

/// Resources of an account that is still planned.
const MOST: usize = 500;
/// What says which platform a file is about.
const KEY: &[u8] = b"provider: ";
/// The line between a file and its inventory.
const TABLE: &[u8] = b"\n===\n";

thread_local! {
    static FOLDER: OnceCell<TempDir> = const { OnceCell::new() };
}

/// Any bytes.
pub fn any(bytes: &[u8]) {
    seen(load(bytes));
}

/// Any bytes, after a line that says which platform they are about if they have none, so that schema and rules are reached soon. What comes after
/// a line of `===` is the inventory that the file may name, whatever it calls it.
pub fn of_a_platform(bytes: &[u8]) {
    let (yaml, table) = match find(bytes, TABLE) {
        Some(at) => (&bytes[..=at], Some(&bytes[at + TABLE.len()..])),
        None => (bytes, None),
    };
    if find(yaml, KEY).is_some() {
        return seen(beside(yaml, table));
    }
    let platform = provider::ALL[bytes.len() % provider::ALL.len()].name();
    seen(beside(&[KEY, platform.as_bytes(), b"\n", yaml].concat(), table));
}

fn seen(mut checked: Checked) {
    shown::complaints(&checked.diagnostics, &checked.sources);
    if checked.diagnostics.iter().any(Diagnostic::is_error) {
        return;
    }
    // A range makes much of a few bytes; how fast that goes is for the benchmarks to say.
    checked.config.accounts.retain(|account| account.desired.resources.len() <= MOST);
    for every_resource in [false, true] {
        let args = PlanArgs { every_resource, ..PlanArgs::default() };
        let outcome = empty_accounts::plan(checked.clone(), args);
        shown::plan(&outcome.plan, &outcome.sources);
    }
}

fn find(bytes: &[u8], part: &[u8]) -> Option<usize> {
    bytes.windows(part.len()).position(|window| window == part)
}

/// What a file of these bytes says beside a table.
fn beside(yaml: &[u8], table: Option<&[u8]>) -> Checked {
    let file = File::new("trunkform.yaml", Path::new("trunkform.yaml"), yaml.to_owned());
    let inventory = |_: &FolderPath, path: &Path| {
        let name = path.to_string_lossy();
        let there = table.map(|table| File::new(&name, path, table.to_owned()));
        there.ok_or_else(|| vec![files::cannot_read(&name, "it is not there")])
    };
    config::check([Ok(file)], &inventory, today())
}

/// What a file of these bytes says.
pub fn load(bytes: &[u8]) -> Checked {
    let path = FOLDER.with(|folder| folder.get_or_init(folder_in_memory).path().join("trunkform.yaml"));
    std::fs::write(&path, bytes).expect("the file can be written");
    config::load(&[path], today())
}

pub(crate) fn today() -> jiff::civil::Date {
    jiff::civil::date(2026, 1, 1)
}

pub(crate) fn folder_in_memory() -> TempDir {
    let memory = PathBuf::from("/dev/shm");
    let made = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() };
    made.expect("a folder can be made")
}
