//! Accounts as they are, with files that say what they should be: what the search goes through.
//! In: the examples, worlds picked by hand, worlds thrown by the strategies of the laws. Out: scenarios in which no plan is refused.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use proptest::strategy::{Strategy, ValueTree as _};
use proptest::test_runner::TestRunner;
use serde_json::{Value as Json, json};
use trunkform::config::{self, Checked};
use trunkform::model::{Account, Diagnostic, Pattern};

use crate::client::Manner;
use crate::expected::Expected;
use crate::ground::Ground;
use crate::worlds::seen::Seen;
use crate::worlds::{self, Case, Platform};
use crate::{is_long, yaml};

/// What the search goes through once for each request and each fault.
pub struct Scenario {
    pub name: String,
    pub cases: Vec<Case>,
    /// What the files say, read by the code under test.
    pub checked: Arc<Checked>,
    /// What `--rotate` names.
    pub rotate: Vec<Pattern>,
    /// How the platforms behave beside the faults.
    pub switches: Vec<&'static str>,
}

impl Scenario {
    pub fn new(name: impl Into<String>, cases: Vec<Case>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let write = |case: &Case| {
            let file = folder.path().join(format!("{}.yaml", case.account));
            std::fs::write(&file, case.file_text()).unwrap();
            file
        };
        let files: Vec<PathBuf> = cases.iter().map(write).collect();
        let checked = Arc::new(load(&files));
        assert_eq!(checked.config.accounts.len(), cases.len());
        Self { name: name.into(), cases, checked, rotate: Vec::new(), switches: Vec::new() }
    }

    pub fn case(&self, account: &Account) -> &Case {
        self.cases.iter().find(|case| case.account == account.as_str()).expect("an account has a case")
    }

    /// What the sandbox is started with.
    pub fn seed(&self) -> Json {
        let mut seed = json!({});
        for case in &self.cases {
            match case.world {
                "" => seed[case.platform.name()] = case.live.clone(),
                world => seed[world][case.platform.name()] = case.live.clone(),
            }
        }
        seed
    }

    /// The accounts in a snapshot of the sandbox.
    pub fn seen(&self, snapshot: &Json) -> Vec<Seen> {
        self.cases.iter().map(|case| Seen::of(case, snapshot)).collect()
    }

    /// For how many seconds a list is read again: nothing is shown later by waiting where no list lags.
    pub fn patience(&self) -> u32 {
        u32::from(self.lags())
    }

    pub fn lags(&self) -> bool {
        self.switches.iter().any(|switch| switch.starts_with("number-lag"))
    }
}

fn load(files: &[PathBuf]) -> Checked {
    let checked = config::load(files, jiff::civil::date(2026, 1, 1));
    assert!(!checked.diagnostics.iter().any(Diagnostic::is_error), "{:?}", checked.diagnostics);
    checked
}

/// The folders of the examples that can be applied. The search judges by the entries of a file: one whose numbers stand in a table is left out, since it comes to the
/// same as its numbers written out (`tests/inventories.rs`).
pub fn folders() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let folders = std::fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path());
    let listed = |folder: &PathBuf| folder.join("live.json").exists() && !folder.join("numbers.csv").exists();
    let mut folders: Vec<PathBuf> = folders.filter(listed).collect();
    folders.sort();
    assert!(folders.len() >= 11, "the examples were not found");
    folders
}

/// `02-move-numbers-to-a-new-trunk`
pub fn name_of(folder: &Path) -> String {
    folder.file_name().unwrap().to_string_lossy().into_owned()
}

/// Every example that can be applied.
pub fn examples() -> Vec<Scenario> {
    folders().iter().map(|folder| example(folder)).collect()
}

pub fn example(folder: &Path) -> Scenario {
    let live: Json =
        serde_json::from_str(&std::fs::read_to_string(folder.join("live.json")).unwrap()).unwrap();
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<PathBuf> =
        files.filter(|file| file.extension().is_some_and(|e| e == "yaml")).collect();
    files.sort();
    let case = |file: &PathBuf| {
        let file = yaml::json(&std::fs::read_to_string(file).unwrap());
        let platforms = [Platform::Kalem, Platform::Bolna, Platform::Talkover];
        let platform = platforms.into_iter().find(|platform| file["provider"] == platform.name()).unwrap();
        Case::new(platform, live[platform.name()].clone(), file)
    };
    let cases = files.iter().map(case).collect();
    let flags = std::fs::read_to_string(folder.join("plan.args")).unwrap_or_default();
    let flags: Vec<&str> = flags.split_whitespace().collect();
    let rotate = flags.chunks(2).filter(|flag| flag[0] == "--rotate").map(|flag| Pattern::new(flag[1]));
    Scenario { rotate: rotate.collect(), ..Scenario::new(name_of(folder), cases) }
}

/// Worlds that a strategy throws, the same at every run: those in which something is to be done.
pub fn thrown(
    name: &str,
    worlds: impl Strategy<Value = Vec<Case>>,
    (few, many): (usize, usize),
) -> Vec<Scenario> {
    let mut runner = TestRunner::deterministic();
    let mut scenarios = Vec::new();
    while scenarios.len() < if is_long() { many } else { few } {
        let cases = worlds.new_tree(&mut runner).unwrap().current();
        let scenario = Scenario::new(format!("{name}-{}", scenarios.len() + 1), mended(&cases));
        if has_work(&scenario) {
            scenarios.push(scenario);
        }
    }
    scenarios
}

/// One account of a platform.
pub fn one(case: impl Strategy<Value = Case>) -> impl Strategy<Value = Vec<Case>> {
    case.prop_map(|case| vec![case])
}

/// Whether there is anything to do.
fn has_work(scenario: &Scenario) -> bool {
    let ground = Ground::new(scenario, None);
    let client = ground.client(Manner::calm(scenario));
    !ground.live.block_on(client.plan()).plan.is_empty()
}

/// The same with files that say what refusals ask for, as in the laws.
fn mended(cases: &[Case]) -> Vec<Case> {
    let live = |case: &Case| {
        let live = crate::support::Live::start(json!({ case.platform.name(): case.live.clone() }));
        let plain = Case { world: "", ..case.clone() };
        Seen::of(&plain, &live.sandbox.snapshot())
    };
    cases.iter().map(|case| Expected::new(case, &live(case)).mended()).collect()
}

/// Several accounts in one run.
pub fn mixed(counts: (usize, usize)) -> Vec<Scenario> {
    let mut all = thrown("one-of-each", worlds::mixed::one_of_each(), counts);
    all.extend(thrown("two-of-one", worlds::mixed::two_of_one(), counts));
    all
}
