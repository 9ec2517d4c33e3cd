//! Any bytes as a configuration file.
//! In: what a file may hold. Out: nothing; a panic where loading does, or a message or a plan holds what it must not.
//! A file that has no errors goes on through the whole pipeline, against an empty account.

use std::cell::OnceCell;
use std::path::PathBuf;

use tempfile::TempDir;
use trunkform::config::{self, Checked};
use trunkform::model::{AccountConfig, Diagnostic, Sources, State};
use trunkform::planner::{self, Choices};
use trunkform::{diff, provider, scope};

use crate::shown;

/// Resources of an account that is still planned.
const MOST: usize = 500;

thread_local! {
    static FOLDER: OnceCell<TempDir> = const { OnceCell::new() };
}

/// Any bytes.
pub fn any(bytes: &[u8]) {
    let Checked { config, sources, diagnostics, waivers: _ } = load(bytes);
    shown::complaints(&diagnostics, &sources);
    if !diagnostics.iter().any(Diagnostic::is_error) {
        // A range makes much of a few bytes; how fast that goes is for the benchmarks to say.
        for account in config.accounts.iter().filter(|account| account.desired.resources.len() <= MOST) {
            plan(account, State::default(), &sources);
        }
    }
}

/// Any bytes, after a line that says which platform they are about if they have none, so that schema and rules are reached soon.
pub fn of_a_platform(bytes: &[u8]) {
    const KEY: &[u8] = b"provider: ";
    if bytes.windows(KEY.len()).any(|window| window == KEY) {
        return any(bytes);
    }
    let platform = provider::ALL[bytes.len() % provider::ALL.len()].name();
    any(&[KEY, platform.as_bytes(), b"\n", bytes].concat());
}

/// What a file of these bytes says.
pub fn load(bytes: &[u8]) -> Checked {
    let path = FOLDER.with(|folder| folder.get_or_init(folder_in_memory).path().join("trunkform.yaml"));
    std::fs::write(&path, bytes).expect("the file can be written");
    config::load(&[path], jiff::civil::date(2026, 1, 1))
}

/// The plan from one state to what an account declares.
pub fn plan(account: &AccountConfig, live: State, sources: &Sources) {
    let platform = provider::get(account.provider).expect("the table has every platform");
    let world = scope::scope(account, live, platform.kinds());
    let changes = diff::diff(&world, &[]);
    for every_resource in [false, true] {
        let choices =
            Choices { timestamp: "2026-01-01T00:00:00Z".into(), every_resource, ..Choices::default() };
        let made = planner::plan(vec![(world.clone(), changes.clone())], &choices);
        shown::plan(&made, sources);
    }
}

fn folder_in_memory() -> TempDir {
    let memory = PathBuf::from("/dev/shm");
    let made = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() };
    made.expect("a folder can be made")
}
