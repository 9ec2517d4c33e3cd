//! Every diagnostic code has an example file that triggers it and one that does not.
//! The files are those that `trunkform explain CODE` shows; each stands in the code's folder under `src/explain`.
//! What only the live account shows runs through the binary, against a sandbox that starts from the folder's `live.json`.

#![allow(clippy::unwrap_used, reason = "a test stops where it can't go on")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use trunkform::config::{self, Checked};
use trunkform::model::{Code, Diagnostic, Severity};

/// Codes whose wrong example can't but trigger others as well, and which.
const COMPANY: &[(Code, &[Code])] = &[(Code::SEC002, &[Code::SEC001]), (Code::TRK018, &[Code::TRK002])];

/// How a code that needs the live account is triggered, and the exit code that belongs to it.
const RUNS: &[(Code, Run, i32)] = &[
    (Code::SEC008, Run::Apply, 1),
    (Code::LIV001, Run::Plan, 1),
    (Code::LIV002, Run::Plan, 1),
    (Code::LIV003, Run::Plan, 1),
    (Code::LIV004, Run::Plan, 0),
    (Code::LIV005, Run::Plan, 1),
    (Code::LIV006, Run::Plan, 0),
    (Code::LIV007, Run::Plan, 0),
    (Code::LIV008, Run::Plan, 1),
    (Code::NUM012, Run::Plan, 0),
    (Code::PLN001, Run::Apply, 3),
    (Code::PLN004, Run::SavedPlan, 3),
    (Code::PLN007, Run::Plan, 3),
    (Code::PLN008, Run::Plan, 3),
    (Code::PLN009, Run::Plan, 3),
    (Code::PLN010, Run::Plan, 0),
    (Code::PLN011, Run::SavedPlan, 3),
    (Code::PLN012, Run::Locked, 3),
    (Code::PLN013, Run::Undo, 0),
    (Code::PLN014, Run::Plan, 0),
];

#[derive(Clone, Copy, PartialEq)]
enum Run {
    Plan,
    Apply,
    /// Plan into a file, let the account change, apply the file.
    SavedPlan,
    /// Apply under a lease, of which there is a record.
    Locked,
    /// Apply with a journal, then plan the way back.
    Undo,
}

fn folder(code: Code) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src/explain").join(code.as_str())
}

fn is_live(code: Code) -> bool {
    RUNS.iter().any(|(live, ..)| *live == code)
}

/// `wrong.yaml`, and each file or the whole of the folder `wrong`: several files of one account belong together.
fn cases(code: Code, side: &str) -> Vec<PathBuf> {
    let file = folder(code).join(format!("{side}.yaml"));
    [file, folder(code).join(side)].into_iter().filter(|path| path.exists()).collect()
}

fn load(path: &Path) -> Checked {
    config::load(&[path.to_owned()], jiff::civil::date(2026, 11, 21))
}

/// The codes of all errors and warnings; information about other things does no harm to an example.
fn codes(checked: &Checked, wanted: Code) -> Vec<Code> {
    let counts = |d: &&Diagnostic| d.severity != Severity::Info || d.code == wanted;
    let mut codes: Vec<_> = checked.diagnostics.iter().filter(counts).map(|d| d.code).collect();
    codes.sort();
    codes.dedup();
    codes
}

#[test]
fn every_wrong_example_triggers_its_code_and_no_other() {
    for &code in Code::ALL.iter().filter(|code| !is_live(**code)) {
        let cases = cases(code, "wrong");
        assert!(!cases.is_empty(), "{code} has no wrong example");
        for case in cases {
            let company =
                COMPANY.iter().find(|(with, _)| *with == code).map_or(&[][..], |(_, company)| company);
            let mut expected = [&[code], company].concat();
            expected.sort();
            let checked = load(&case);
            assert_eq!(codes(&checked, code), expected, "{}: {:#?}", case.display(), checked.diagnostics);
        }
    }
}

#[test]
fn every_right_example_is_free_of_errors_and_warnings() {
    for &code in Code::ALL {
        let cases = cases(code, "right");
        assert!(!cases.is_empty(), "{code} has no right example");
        for case in cases {
            let mut bad = load(&case).diagnostics;
            bad.retain(|diagnostic| diagnostic.severity != Severity::Info || diagnostic.code == code);
            assert!(bad.is_empty(), "{}: {bad:#?}", case.display());
        }
    }
}

#[test]
fn wrong_examples_point_at_a_place_in_their_file() {
    for &code in Code::ALL.iter().filter(|code| !is_live(**code) && **code != Code::CFG012) {
        for case in cases(code, "wrong") {
            let checked = load(&case);
            for diagnostic in checked.diagnostics.iter().filter(|diagnostic| diagnostic.code == code) {
                let label = diagnostic.labels.first().unwrap_or_else(|| panic!("{code} has no place"));
                let length = checked.sources.get(&label.file).map(|file| file.text().len());
                assert!(length.is_some_and(|length| label.span.end as usize <= length), "{code}: {label:?}");
                assert!(diagnostic.help.is_some(), "{code} does not say what to write");
            }
        }
    }
}

#[test]
fn what_may_be_waived_says_where() {
    for &code in Code::ALL.iter().filter(|code| code.waivable()) {
        for case in cases(code, "wrong") {
            for diagnostic in load(&case).diagnostics.iter().filter(|diagnostic| diagnostic.code == code) {
                assert!(diagnostic.address.is_some(), "{code} is about no resource: {diagnostic:?}");
            }
        }
    }
}

#[test]
fn what_only_the_live_account_shows_is_found_before_anything_is_sent() {
    for &(code, run, exit) in RUNS {
        let wrong = live(code, run, "wrong");
        let text = said(&wrong);
        assert_eq!(wrong.status.code(), Some(exit), "{code}: {text}");
        assert!(text.contains(code.as_str()), "{code}: {text}");
        assert!(!text.contains("planted"), "{code} shows a secret");

        let right = live(code, run, "right");
        let text = said(&right);
        assert_eq!(right.status.code(), Some(0), "{code}: {text}");
        assert!(!text.contains(code.as_str()), "{code}: {text}");
    }
}

fn said(output: &Output) -> String {
    [&output.stdout, &output.stderr].map(|bytes| String::from_utf8_lossy(bytes).into_owned()).concat()
}

fn live(code: Code, run: Run, side: &str) -> Output {
    let room = tempfile::tempdir().unwrap();
    let copy = |from: &str, to: &str| std::fs::copy(folder(code).join(from), room.path().join(to)).unwrap();
    if folder(code).join(side).is_dir() {
        for file in std::fs::read_dir(folder(code).join(side)).unwrap() {
            let name = file.unwrap().file_name().into_string().unwrap();
            copy(&format!("{side}/{name}"), &name);
        }
    } else {
        copy(&format!("{side}.yaml"), "trunkform.yaml");
    }
    copy("live.json", "live.json");
    let trunkform = |arguments: &[&str]| {
        Command::new(env!("CARGO_BIN_EXE_trunkform"))
            .args(arguments)
            .arg("--sandbox=live.json")
            .current_dir(room.path())
            .env_remove("CARRIER_PASWORD")
            .env("CARRIER_PASSWORD", "planted-password")
            .output()
            .unwrap()
    };
    match run {
        Run::Plan => trunkform(&["plan"]),
        Run::Apply => trunkform(&["apply", "--auto-approve"]),
        Run::Undo => {
            let applied = trunkform(&["apply", "--auto-approve", "--journal", "run.journal"]);
            assert!(applied.status.success(), "{code}: {}", said(&applied));
            trunkform(&["undo", "run.journal"])
        }
        Run::SavedPlan => {
            let planned = trunkform(&["plan", "--out", "saved.json"]);
            assert!(planned.status.success(), "{code}: {}", said(&planned));
            if side == "wrong" {
                copy("later.json", "live.json");
            }
            trunkform(&["apply", "--plan", "saved.json"])
        }
        Run::Locked => {
            std::fs::create_dir_all(room.path().join("lease/trunkform-lease")).unwrap();
            let record = if side == "wrong" { "held.json" } else { "released.json" };
            copy(record, "lease/trunkform-lease/0000000001.json");
            trunkform(&["apply", "--auto-approve", "--lock", "lease"])
        }
    }
}
