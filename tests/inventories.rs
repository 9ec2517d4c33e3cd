//! Numbers in tables: read from where their file is read, and the same as if each were written out.

#![allow(clippy::unwrap_used, reason = "a test stops where it can't go on")]

mod support;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::FileFailurePersistence;
use serde_json::json;
use support::{Live, Run, git};
use trunkform::config::{self, Checked, File};
use trunkform::folder::FolderPath;
use trunkform::model::{Diagnostic, Severity, State};

/// pre-commit puts the paths of what has changed behind the command.
#[test]
fn the_hook_that_runs_for_tables_is_given_no_paths() {
    let hooks = include_str!("../.pre-commit-hooks.yaml");
    let (for_tables, others): (Vec<_>, Vec<_>) =
        hooks.split("- id: ").skip(1).partition(|hook| hook.contains("csv"));
    assert_eq!((for_tables.len(), others.len()), (1, 1));
    assert!(for_tables[0].contains("\n  entry: trunkform validate\n"), "{hooks}");
    assert!(for_tables[0].contains("\n  pass_filenames: false\n"), "{hooks}");
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    write("trunkform.yaml", "provider: kalem\nnumbers_from: {csv: n.csv}\n");
    write("n.csv", "number\n+14155552601\n");
    Run::offline(folder.path(), &["validate"]).stdout_of(0);
    write("n.csv", "number\n1.4E+10\n");
    let run = Run::offline(folder.path(), &["validate"]);
    assert!(run.stdout_of(1).contains("n.csv:2:1"), "{}", run.stdout);
}

#[test]
fn an_inventory_is_read_at_the_revision_of_its_file() {
    let number =
        |id: u64, number: &str| json!({"id": id, "number": number, "status": "active", "trunk_id": null});
    let numbers = [number(11, "+14155552601"), number(12, "+14155552602")];
    let live = Live::start(json!({"kalem": {"agents": [], "trunks": [], "numbers": numbers}}));
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    std::fs::create_dir(folder.path().join("tables")).unwrap();
    write("trunkform.yaml", "provider: kalem\nnumbers_from: {csv: tables/numbers.csv}\n");
    write("tables/numbers.csv", "number,status\n+14155552601,active\n+14155552602,active\n");
    git(folder.path(), &["init", "--quiet", "--initial-branch=main"]);
    git(folder.path(), &["add", "--all"]);
    git(folder.path(), &["commit", "--quiet", "--message", "x"]);

    write("tables/numbers.csv", "number,status\n+14155552601,inactive\n");
    let run = |args: &[&str]| live.run_in(folder.path(), args).stdout_of(0);
    let plan = run(&["plan", "--since", "HEAD", "--allow-removals", "2"]);
    assert!(plan.contains("kalem.number.+14155552602"), "the row went: {plan}");
    assert!(plan.contains("Plan: 0 to add, 1 to change, 1 to destroy."), "{plan}");
    let then = run(&["drift", "--at", "HEAD"]);
    assert!(then.starts_with("IN SYNC"), "as the table was: {then}");

    // On disk it may be anything by now.
    std::fs::remove_dir_all(folder.path().join("tables")).unwrap();
    let outside = tempfile::tempdir().unwrap();
    std::fs::write(outside.path().join("numbers.csv"), "number\n+14155552609\n").unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink(outside.path(), folder.path().join("tables")).unwrap();
    assert!(run(&["drift", "--at", "HEAD"]).starts_with("IN SYNC"));

    std::fs::remove_file(folder.path().join("tables")).unwrap();
    std::fs::create_dir(folder.path().join("tables")).unwrap();
    write("tables/numbers.csv", "number,status\n+14155552601,activ\n");
    git(folder.path(), &["commit", "--quiet", "--all", "--message", "y"]);
    let bad = live.run_in(folder.path(), &["drift", "--at", "HEAD"]);
    assert!(bad.code == 1 && bad.stderr.contains("HEAD:tables/numbers.csv:2:14"), "{bad:?}");
    std::fs::remove_file(folder.path().join("tables/numbers.csv")).unwrap();
    git(folder.path(), &["commit", "--quiet", "--all", "--message", "z"]);
    let gone = live.run_in(folder.path(), &["drift", "--at", "HEAD"]);
    assert!(gone.code == 1 && gone.stderr.contains("`HEAD:tables/numbers.csv` can't be read"), "{gone:?}");
}

#[test]
fn the_readme_shows_what_is_printed() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let readme = std::fs::read_to_string(root.join("README.md")).unwrap();
    for name in ["trunkform.yaml", "numbers.csv"] {
        let text =
            std::fs::read_to_string(root.join("examples/13-ranges-and-an-inventory").join(name)).unwrap();
        assert!(readme.contains(text.trim()), "the README's {name} is not what it is now:\n{text}");
    }
    let folder = tempfile::tempdir().unwrap();
    let file = "provider: kalem\nnumbers_from: {csv: numbers.csv}\nnumbers:\n  - number: \"+14155552600..+14155552609\"\n    voice_agent: Sales Agent\n";
    let table = "number,voice_agent\n+14155552700,Sales Agent\n+14155552605,Support Agent\n";
    std::fs::write(folder.path().join("trunkform.yaml"), file).unwrap();
    std::fs::write(folder.path().join("numbers.csv"), table).unwrap();
    let said = Run::offline(folder.path(), &["validate"]).stdout_of(1);
    assert!(
        readme.contains(said.trim_matches('\n')),
        "the README's NUM005 is not what is printed now:\n{said}"
    );
}

/// What one number says: nothing, `null`, or one of a few words, for each attribute.
#[derive(Clone, Debug, Default, PartialEq)]
struct Says {
    status: Option<&'static str>,
    trunk: Option<&'static str>,
    agent: Option<&'static str>,
    protect: Option<bool>,
}

const NAMES: [&str; 4] = ["status", "trunk", "voice_agent", "protect"];

impl Says {
    fn values(&self) -> [Option<String>; 4] {
        let text = |value: Option<&'static str>| value.map(str::to_owned);
        [text(self.status), text(self.trunk), text(self.agent), self.protect.map(|p| p.to_string())]
    }

    /// This, where it says something; else what lies under it.
    fn over(&self, under: &Self) -> Self {
        Self {
            status: self.status.or(under.status),
            trunk: self.trunk.or(under.trunk),
            agent: self.agent.or(under.agent),
            protect: self.protect.or(under.protect),
        }
    }

    fn pairs(&self) -> String {
        let all = NAMES.iter().zip(self.values());
        all.filter_map(|(name, value)| Some(format!("{name}: {}", value?))).collect::<Vec<_>>().join(", ")
    }
}

fn says() -> impl Strategy<Value = Says> {
    let agent = prop_oneof![Just(None), Just(Some("null")), Just(Some("Sales Agent")), Just(Some("12"))];
    let trunk = prop_oneof![Just(None), Just(Some("null")), Just(Some("PBX")), Just(Some("Fax"))];
    let status = prop_oneof![Just(None), Just(Some("active")), Just(Some("inactive"))];
    (status, trunk, agent, proptest::option::of(any::<bool>()))
        .prop_map(|(status, trunk, agent, protect)| Says { status, trunk, agent, protect })
}

/// Blocks of numbers, each written in one of the ways, and what is laid over some of them.
#[derive(Clone, Debug)]
struct World {
    defaults: Says,
    of_rows: Says,
    blocks: Vec<(Way, u64, Says)>,
    overrides: Vec<(u64, u64, Says)>,
    separator: char,
}

#[derive(Clone, Copy, Debug)]
enum Way {
    Single,
    Range,
    Row,
    RangeRow,
}

fn world() -> impl Strategy<Value = World> {
    let way = prop_oneof![Just(Way::Single), Just(Way::Range), Just(Way::Row), Just(Way::RangeRow)];
    let blocks = vec((way, 2..6_u64, says()), 1..8);
    let overrides = vec((0..4_u64, 1..4_u64, says()), 0..4);
    (says(), says(), blocks, overrides, prop_oneof![Just(','), Just(';'), Just('\t')]).prop_map(
        |(defaults, of_rows, blocks, overrides, separator)| World {
            defaults,
            of_rows,
            blocks,
            overrides,
            separator,
        },
    )
}

const FIRST: u64 = 14_155_550_100;

impl World {
    /// What each number says in the end.
    fn meant(&self) -> BTreeMap<u64, Says> {
        let (mut all, mut next) = (BTreeMap::new(), FIRST);
        for (way, count, says) in &self.blocks {
            let count = if matches!(way, Way::Single | Way::Row) { 1 } else { *count };
            let under = match way {
                Way::Row | Way::RangeRow => self.of_rows.over(&self.defaults),
                _ => self.defaults.clone(),
            };
            all.extend((next..next + count).map(|number| (number, says.over(&under))));
            next += count;
        }
        for (first, last, says) in self.laid(next) {
            for number in first..=last {
                all.insert(number, says.over(&all[&number]));
            }
        }
        all
    }

    /// The overrides, as far as there are numbers for them.
    fn laid(&self, end: u64) -> Vec<(u64, u64, &Says)> {
        let mut next = FIRST;
        let mut laid = Vec::new();
        for (skip, count, says) in &self.overrides {
            let (first, last) = (next + skip, next + skip + count - 1);
            if last < end {
                laid.push((first, last, says));
                next = last + 1;
            }
        }
        laid
    }

    /// The file and the table of its inventory.
    fn written(&self) -> (String, String) {
        let block = |says: &Says| says.pairs();
        let mut entries = String::new();
        let file = format!(
            "provider: kalem\ndefaults: {{numbers: {{{}}}}}\nnumbers_from: {{csv: n.csv, defaults: {{{}}}}}\n",
            block(&self.defaults),
            block(&self.of_rows)
        );
        let separator = self.separator.to_string();
        let mut table = format!("\u{feff}number{separator}{}\r\n", NAMES.join(&separator));
        let mut next = FIRST;
        for (way, count, says) in &self.blocks {
            let last = next + count - 1;
            let count = if matches!(way, Way::Single | Way::Row) { 1 } else { *count };
            let name = if count == 1 { format!("+{next}") } else { format!("+{next}..+{last}") };
            match way {
                Way::Single | Way::Range => {
                    writeln!(entries, "  - {{number: \"{name}\", {}}}", block(says)).unwrap()
                }
                Way::Row | Way::RangeRow => {
                    let cells = says.values().map(Option::unwrap_or_default);
                    write!(table, "{name}{separator}{}\r\n\r\n", cells.join(&separator)).unwrap();
                }
            }
            next += count;
        }
        for (first, last, says) in self.laid(next) {
            let name = if first == last { format!("+{first}") } else { format!("+{first}..+{last}") };
            writeln!(entries, "  - {{number: \"{name}\", override: true, {}}}", block(says)).unwrap();
        }
        (file + if entries.is_empty() { "" } else { "numbers:\n" } + &entries, table)
    }
}

/// Reads a file and its table from memory.
fn read(file: &str, table: &str) -> Checked {
    let beside = |_: &FolderPath, path: &Path| {
        assert_eq!(path, Path::new("n.csv"));
        Ok(File::new("n.csv", path, table.into()))
    };
    let yaml = File::new("t.yaml", &PathBuf::from("t.yaml"), file.into());
    config::check([Ok(yaml)], &beside, jiff::civil::date(2026, 1, 1))
}

fn complaints(checked: &Checked) -> Vec<&Diagnostic> {
    checked.diagnostics.iter().filter(|d| d.severity == Severity::Error).collect()
}

fn desired(checked: &Checked) -> Vec<String> {
    let state: &State = &checked.config.accounts[0].desired;
    let one = |r: &trunkform::model::Resource| {
        format!("{} {:?} {:?}", r.address, r.attributes.to_json(), r.settings)
    };
    state.resources.values().map(one).collect()
}

fn cases() -> ProptestConfig {
    let wanted = std::env::var("PROPTEST_CASES").ok().and_then(|n| n.parse().ok());
    ProptestConfig {
        cases: wanted.unwrap_or(64),
        failure_persistence: Some(Box::new(FileFailurePersistence::WithSource("seeds"))),
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn ranges_tables_defaults_and_overrides_mean_what_is_written_out(world in world()) {
        let (file, table) = world.written();
        let short = read(&file, &table);
        let mut single = String::from("provider: kalem\nnumbers:\n");
        for (number, says) in world.meant() {
            writeln!(single, "  - {{number: \"+{number}\", {}}}", says.pairs()).unwrap();
        }
        let long = read(&single, "");
        prop_assert!(complaints(&short).is_empty() && complaints(&long).is_empty(), "{:?}\n{file}\n{table}", complaints(&short));
        prop_assert_eq!(desired(&short), desired(&long), "{}\n{}", file, table);
    }
}
