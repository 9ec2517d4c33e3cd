//! `export --merge`: what is unlisted comes into the files, and no line of them is touched.

use std::fs;
use std::path::Path;

use crate::command::KALEM;
use crate::support::{Live, Run};

const OLD: &str = "# our lines\r\nprovider: kalem   # a comment\r\nunlisted: {numbers: delete}\r\nignore: [number.112, \"number.+112\"]\r\n\r\ntrunks:\r\n# the switchboard\r\n- name: 'Office PBX'\r\n  direction: inbound\r\n  auth_type: ip\r\n  host: PBX.example.com.\r\n\r\nnumbers:\r\n- {number: \"+14155552601\", trunk: Office PBX}\r\n# the end\r\n";

fn merged(live: &Live, folder: &Path, args: &[&str]) -> Run {
    live.run_in(folder, &[&["export", "--merge"], args].concat())
}

fn setup(files: &[(&str, &str)]) -> (Live, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        fs::write(folder.path().join(name), text).unwrap();
    }
    (Live::start_with(KALEM), folder)
}

/// Every line of before, in the same order.
fn keeps(before: &str, after: &str) {
    let mut lines = after.split_inclusive('\n');
    for line in before.split_inclusive('\n') {
        assert!(lines.any(|new| new == line), "{line:?} is not there:\n{after}");
    }
}

#[test]
fn every_old_line_stays_and_nothing_is_unlisted_any_more() {
    let (live, folder) = setup(&[("trunkform.yaml", OLD)]);
    let file = folder.path().join("trunkform.yaml");
    let run = merged(&live, folder.path(), &[]);
    assert_eq!(run.stdout_of(0), "");
    assert!(run.stderr.contains("Added 1 trunk of kalem to trunkform.yaml."), "{}", run.stderr);
    assert!(run.stderr.contains("Added 3 numbers of kalem to trunkform.yaml."), "{}", run.stderr);
    let new = fs::read_to_string(&file).unwrap();
    keeps(OLD, &new);
    assert!(
        new.contains("- name: \"Carrier: out\"\r\n") && !new.replace("\r\n", "").contains('\n'),
        "{new:?}"
    );
    assert!(new.contains("- number: \"+14155552600\"\r\n"), "{new}");
    let plan = live.run_in(folder.path(), &["plan", "--detailed-exitcode"]).stdout_of(0);
    assert!(plan.contains("No changes."), "{plan}");
    let again = merged(&live, folder.path(), &[]);
    assert!(again.stderr.contains("Nothing to add to kalem."), "{}", again.stderr);
    assert_eq!(fs::read_to_string(&file).unwrap(), new);
    assert_eq!(live.writes(), "");
}

#[test]
fn each_thing_goes_where_its_like_is_listed() {
    let trunks = "provider: kalem\ntrunks:\n  - name: Office PBX\n    direction: inbound\n    auth_type: ip\n    host: pbx.example.com\n";
    let numbers = "provider: kalem\nnumbers:\n  - number: \"+14155552600\"\n    trunk: Office PBX\n";
    let other = "provider: bolna\n";
    let (live, folder) = setup(&[("a.yaml", other), ("n.yaml", numbers), ("t.yaml", trunks)]);
    merged(&live, folder.path(), &["--account", "kalem", "."]).stdout_of(0);
    let text = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
    assert_eq!(text("a.yaml"), other);
    keeps(numbers, &text("n.yaml"));
    keeps(trunks, &text("t.yaml"));
    assert!(text("t.yaml").contains("Carrier: out") && !text("n.yaml").contains("Carrier: out"));
    assert!(text("n.yaml").contains("+14155552601..+14155552602") && !text("t.yaml").contains("+1415"));
    let plan = live.run_in(folder.path(), &["plan", "n.yaml", "t.yaml"]).stdout_of(0);
    assert!(plan.contains("No changes."), "{plan}");
}

#[test]
fn a_section_that_is_missing_is_made() {
    let (live, folder) = setup(&[("trunkform.yaml", "provider: kalem")]);
    merged(&live, folder.path(), &[]).stdout_of(0);
    let new = fs::read_to_string(folder.path().join("trunkform.yaml")).unwrap();
    assert!(new.starts_with("provider: kalem\n") && new.contains("\ntrunks:\n  - name: "), "{new}");
    let plan = live.run_in(folder.path(), &["plan", "--detailed-exitcode"]).stdout_of(0);
    assert!(plan.contains("No changes."), "{plan}");
}

#[test]
fn with_errors_in_the_files_nothing_is_written() {
    let twins = KALEM.replace("Carrier: out", "Office PBX");
    let declared = "provider: kalem\ntrunks:\n  - name: Office PBX\n    direction: inbound\n    auth_type: ip\n    host: pbx.example.com\n";
    for (seed, text, said) in [
        (KALEM, "provider: kalem\nnumbers:\n  - number: 1\n", "NUM"),
        (KALEM, "provider: kalem\ntrunks: [\n", "CFG001"),
        (&*twins, declared, "LIV001"),
        (KALEM, "provider: bolna\n", "no such account"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("trunkform.yaml");
        fs::write(&file, text).unwrap();
        let run = merged(&Live::start_with(seed), folder.path(), &["--provider", "kalem"]);
        assert_eq!((run.code, &*run.stdout), (1, ""), "{text}: {}", run.stderr);
        assert!(run.stderr.contains(said), "{text}: {}", run.stderr);
        assert_eq!(fs::read_to_string(&file).unwrap(), text);
    }
}

#[cfg(unix)]
#[test]
fn a_link_stays_a_link_and_rights_stay_as_they_were() {
    use std::os::unix::fs::PermissionsExt as _;
    let (live, folder) = setup(&[("real.yaml", "provider: kalem\n")]);
    let (real, link) = (folder.path().join("real.yaml"), folder.path().join("trunkform.yaml"));
    fs::set_permissions(&real, fs::Permissions::from_mode(0o640)).unwrap();
    std::os::unix::fs::symlink("real.yaml", &link).unwrap();
    merged(&live, folder.path(), &["trunkform.yaml"]).stdout_of(0);
    assert!(link.is_symlink() && fs::read_to_string(&real).unwrap().contains("trunks:"));
    assert_eq!(real.metadata().unwrap().permissions().mode() & 0o777, 0o640);
}
