//! `fmt`: files as people write them become files as all write them, and nothing else happens to them.

#![allow(clippy::unwrap_used, reason = "a test stops where it can't go on")]

mod support;

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::Stdio;

use support::Run;

const MESSY: &str = "provider:   kalem\ntrunks:\n-   name: 'A'   # the first\n";
const LAID: &str = "provider: kalem\ntrunks:\n  - name: \"A\"   # the first\n";

fn fmt(folder: &Path, args: &[&str]) -> Run {
    Run::offline(folder, &[&["fmt"], args].concat())
}

fn piped(folder: &Path, args: &[&str], text: &str) -> Run {
    let mut command = support::command(folder, &[&["fmt"], args].concat());
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    Run {
        code: output.status.code().unwrap(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

#[test]
fn before_and_after() {
    let pairs = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fmt");
    for name in ["indent", "everything"] {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("trunkform.yaml");
        fs::copy(pairs.join(format!("{name}.before.yaml")), &file).unwrap();
        assert_eq!(fmt(folder.path(), &[]).stdout_of(0), "trunkform.yaml\n");
        let after = fs::read_to_string(pairs.join(format!("{name}.after.yaml"))).unwrap();
        assert_eq!(fs::read_to_string(&file).unwrap(), after, "{name}");
        assert_eq!(fmt(folder.path(), &["--check"]).stdout_of(0), "");
    }
}

#[test]
fn check_names_what_would_change_and_writes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in [("a.yaml", MESSY), ("b.yml", LAID), ("c.yaml", MESSY), ("numbers.csv", " a , b\n")] {
        fs::write(folder.path().join(name), text).unwrap();
    }
    let run = fmt(folder.path(), &["--check"]);
    assert_eq!((run.code, run.stdout.as_str()), (1, "a.yaml\nc.yaml\n"));
    let diff = "--- a.yaml\tas it is\n+++ a.yaml\tlaid out\n@@ -1,3 +1,3 @@\n-provider:   kalem\n+provider: kalem\n trunks:\n--   name: 'A'   # the first\n+  - name: \"A\"   # the first\n";
    assert_eq!(run.stderr, [diff, &diff.replace("a.yaml", "c.yaml")].concat());
    assert_eq!(fs::read_to_string(folder.path().join("a.yaml")).unwrap(), MESSY);

    let run = fmt(folder.path(), &["a.yaml", "."]);
    assert_eq!((run.stdout_of(0).as_str(), run.stderr.as_str()), ("a.yaml\nc.yaml\n", ""));
    for name in ["a.yaml", "b.yml", "c.yaml"] {
        assert_eq!(fs::read_to_string(folder.path().join(name)).unwrap(), LAID, "{name}");
    }
    assert_eq!(fs::read_to_string(folder.path().join("numbers.csv")).unwrap(), " a , b\n");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 4, "nothing is left beside the files");
}

#[test]
fn what_is_no_yaml_is_told_as_validate_tells_it_and_the_others_are_laid_out() {
    let folder = tempfile::tempdir().unwrap();
    let broken = "provider: kalem\ntrunks:\n  - name: \"A\n";
    fs::write(folder.path().join("a.yaml"), broken).unwrap();
    fs::write(folder.path().join("b.yaml"), MESSY).unwrap();
    // Rules are not asked: there is no such platform.
    fs::write(folder.path().join("c.yaml"), "provider:  kalme\nnonsense: [1,2]\n").unwrap();
    let run = fmt(folder.path(), &["a.yaml", "b.yaml", "c.yaml", "gone.yaml"]);
    assert_eq!((run.code, run.stdout.as_str()), (1, "b.yaml\nc.yaml\n"));
    let validated = Run::offline(folder.path(), &["validate", "a.yaml"]);
    let said = validated.stdout.split("\n\n1 error").next().unwrap();
    assert!(said.contains("a.yaml:3:11") && run.stderr.starts_with(said), "{}\n{said}", run.stderr);
    assert!(run.stderr.contains("`gone.yaml` can't be read"), "{}", run.stderr);
    assert_eq!(fs::read_to_string(folder.path().join("a.yaml")).unwrap(), broken);
    assert_eq!(fs::read_to_string(folder.path().join("b.yaml")).unwrap(), LAID);
    assert_eq!(
        fs::read_to_string(folder.path().join("c.yaml")).unwrap(),
        "provider: kalme\nnonsense: [1, 2]\n"
    );
}

#[test]
fn an_editor_gives_a_text_and_takes_one() {
    let folder = tempfile::tempdir().unwrap();
    let run = piped(folder.path(), &["-"], MESSY);
    assert_eq!((run.code, run.stdout.as_str(), run.stderr.as_str()), (0, LAID, ""));
    let run = piped(folder.path(), &["--check", "-"], MESSY);
    assert_eq!((run.code, run.stdout.as_str()), (1, ""));
    assert!(run.stderr.starts_with("--- -\tas it is\n"), "{}", run.stderr);
    assert_eq!(piped(folder.path(), &["--check", "-"], LAID).code, 0);
    let run = piped(folder.path(), &["-"], "a: [\n");
    assert_eq!((run.code, run.stdout.as_str()), (1, ""));
    assert!(run.stderr.contains("CFG001"), "{}", run.stderr);
}

#[test]
fn a_secret_is_not_shown_and_no_line_is_a_command_to_a_ci_job() {
    let folder = tempfile::tempdir().unwrap();
    let text = format!(
        "provider:  kalem\ntrunks:\n- name: |\n      ::error::x\n  password:  '{}'\n  # password: {}\n",
        support::PASSWORD,
        support::PASSWORD
    );
    fs::write(folder.path().join("trunkform.yaml"), &text).unwrap();
    // A run fails where the password is in what it prints.
    let run = fmt(folder.path(), &["--check"]);
    assert_eq!(run.code, 1);
    assert!(run.stderr.contains("password:  *"), "{}", run.stderr);
    assert!(!run.stderr.lines().any(|line| line.trim_start().starts_with("::")), "{}", run.stderr);
    assert_eq!(fmt(folder.path(), &[]).code, 0);
    let laid = fs::read_to_string(folder.path().join("trunkform.yaml")).unwrap();
    assert!(
        laid.contains(&format!("    password: \"{}\"\n", support::PASSWORD)),
        "the file keeps what it holds"
    );
}

#[cfg(unix)]
#[test]
fn links_and_permissions_stay() {
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("target.txt");
    let link = folder.path().join("trunkform.yaml");
    fs::write(&target, MESSY).unwrap();
    fs::set_permissions(&target, fs::Permissions::from_mode(0o640)).unwrap();
    symlink("target.txt", &link).unwrap();
    assert_eq!(fmt(folder.path(), &[]).stdout_of(0), "trunkform.yaml\n");
    assert!(link.is_symlink());
    assert_eq!(fs::read_to_string(&target).unwrap(), LAID);
    assert_eq!(fs::metadata(&target).unwrap().permissions().mode() & 0o777, 0o640);
}

#[cfg(target_os = "linux")]
#[test]
fn a_file_that_cannot_be_laid_out_is_said_and_nothing_is_lost() {
    // This one is YAML after a fashion, and no file of the folder.
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.yaml"), MESSY).unwrap();
    std::os::unix::fs::symlink("/proc/meminfo", folder.path().join("m.yaml")).unwrap();
    let run = fmt(folder.path(), &["m.yaml", "a.yaml"]);
    assert_eq!((run.code, run.stdout.as_str()), (1, "a.yaml\n"), "{}", run.stderr);
    assert!(run.stderr.contains("`m.yaml` can't be read: the link `m.yaml` leads out"), "{}", run.stderr);
}

#[test]
fn a_table_is_not_touched() {
    let folder = tempfile::tempdir().unwrap();
    let table = "number,trunk\n+14155552600,A\n";
    fs::write(folder.path().join("numbers.csv"), table).unwrap();
    fs::write(folder.path().join("t.yaml"), MESSY).unwrap();
    let run = fmt(folder.path(), &["numbers.csv", "t.yaml"]);
    assert_eq!(run.stdout_of(1), "t.yaml\n");
    assert!(run.stderr.contains("`numbers.csv` is not called `*.yaml`"), "{}", run.stderr);
    assert_eq!(fs::read_to_string(folder.path().join("numbers.csv")).unwrap(), table);
}
