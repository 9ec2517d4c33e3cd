//! Where a run takes tokens and secrets from: variables, and a file of variables.
//! In: an environment, a file of variables, configurations. Out: nothing, or a value that went to the wrong place, was refused without reason, or was printed.
//! Every run goes through the binary; what the sandbox receives is what was sent.

#![allow(clippy::unwrap_used, reason = "a test stops where it can't go on")]

mod support;

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};

use serde_json::{Value as Json, json};
use support::{Live, PASSWORD, Run, TOKEN, command};

const CARRIER: &str = "provider: kalem\ntrunks:\n  - name: Carrier\n    direction: outbound\n    auth_type: digest\n    username: u\n    password: SOURCE\n    outbound_server: sip.example.com\n";

/// A folder with a configuration, and a live account.
struct Room {
    live: Live,
    folder: tempfile::TempDir,
}

impl Room {
    /// One trunk whose password comes from this source.
    fn new(source: &str) -> Self {
        let room = Self { live: Live::start(json!({})), folder: tempfile::tempdir().unwrap() };
        room.write("trunkform.yaml", CARRIER.replace("SOURCE", source));
        room
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, text: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, Permissions::from_mode(0o600)).unwrap();
        path
    }

    /// A file of variables that reaches the account, with more lines.
    fn env_file(&self, more: &str) -> PathBuf {
        let base = self.live.base();
        self.write(
            "env",
            format!("# tokens\nTRUNKFORM_URL_KALEM={base}\n\nTRUNKFORM_TOKEN_KALEM={TOKEN}\n{more}"),
        )
    }

    /// A run with this environment and no other.
    fn run(&self, args: &[&str], environment: &[(&str, &str)]) -> Run {
        let mut command = command(self.folder.path(), args);
        command.envs(environment.iter().copied());
        Run::of(command)
    }

    /// A run that reaches the account.
    fn reaching(&self, args: &[&str], environment: &[(&str, &str)]) -> Run {
        let base = self.live.base();
        let own = [("TRUNKFORM_URL_KALEM", base.as_str()), ("TRUNKFORM_TOKEN_KALEM", TOKEN)];
        self.run(args, &[&own, environment].concat())
    }

    fn sent(&self) -> usize {
        self.live.sandbox.requests().len()
    }
}

const APPLY: [&str; 2] = ["apply", "--auto-approve"];

fn named(path: &Path) -> [(&str, &str); 1] {
    [("TRUNKFORM_ENV_FILE", path.to_str().unwrap())]
}

#[test]
fn a_file_gives_variables_that_are_not_set_and_the_environment_wins() {
    let room = Room::new("{env: CARRIER_PASSWORD}");
    let file = room.env_file(&format!("CARRIER_PASSWORD={PASSWORD}\n"));
    let run = room.run(&APPLY, &named(&file));
    assert!(
        run.code == 0 && !run.stderr.contains("warning") && run.stdout.contains("Apply complete!"),
        "{run:?}"
    );
    // An empty variable counts as one that is not set.
    let empty = [named(&file)[0], ("TRUNKFORM_TOKEN_KALEM", ""), ("TRUNKFORM_URL_KALEM", "")];
    room.run(&["plan"], &empty).stdout_of(0);
    let wins = [named(&file)[0], ("TRUNKFORM_TOKEN_KALEM", "bad token")];
    let run = room.run(&["plan"], &wins);
    assert!(run.code == 1 && run.stderr.contains("TRUNKFORM_TOKEN_KALEM has"), "{run:?}");
    let wins = [named(&file)[0], ("CARRIER_PASSWORD", "short")];
    let run = room.run(&["apply", "--auto-approve"], &wins);
    assert_eq!(run.code, 0, "nothing is sent, and no secret is read: {run:?}");
}

#[test]
fn links_and_fifos_are_read_once() {
    let room = Room::new("{env: CARRIER_PASSWORD}");
    let file = room.env_file(&format!("CARRIER_PASSWORD={PASSWORD}\n"));
    symlink(&file, room.path("link")).unwrap();
    room.run(&["plan"], &named(&room.path("link"))).stdout_of(0);
    let fifo = room.path("fifo");
    assert!(std::process::Command::new("mkfifo").args(["-m", "600"]).arg(&fifo).status().unwrap().success());
    let (text, to) = (fs::read(&file).unwrap(), fifo.clone());
    let writer = std::thread::spawn(move || fs::write(to, text).unwrap());
    let run = room.run(&APPLY, &named(&fifo));
    writer.join().unwrap();
    assert!(run.code == 0 && run.stdout.contains("Apply complete!"), "{run:?}");
}

#[test]
fn a_file_that_others_can_write_is_refused_and_one_that_they_can_read_is_warned_of() {
    let room = Room::new("{env: CARRIER_PASSWORD}");
    let file = room.env_file("");
    for (mode, code, says) in [
        (0o600, 0, ""),
        (0o640, 0, ""),
        (0o644, 0, "may read"),
        (0o604, 0, "may read"),
        (0o620, 1, "chmod go-w"),
        (0o602, 1, "chmod go-w"),
        (0o666, 1, "chmod go-w"),
    ] {
        fs::set_permissions(&file, Permissions::from_mode(mode)).unwrap();
        let before = room.sent();
        let run = room.run(&["plan"], &named(&file));
        assert!(run.code == code && run.stderr.contains(says), "{mode:o}: {run:?}");
        assert!(!says.is_empty() || run.stderr.is_empty(), "{mode:o}: {run:?}");
        assert_eq!(room.sent() > before, code == 0, "{mode:o}");
    }
}

#[test]
fn a_file_that_can_not_be_read_or_has_a_bad_line_ends_the_run() {
    let room = Room::new("{env: CARRIER_PASSWORD}");
    let reaching = |path: &Path| {
        let run = room.reaching(&["plan"], &named(path));
        assert!(run.code == 1 && run.stdout.is_empty(), "{run:?}");
        run.stderr
    };
    assert!(reaching(&room.path("nowhere")).contains("nowhere` can't be read"));
    assert!(reaching(room.folder.path()).contains("neither a file nor a FIFO"));
    for (text, says) in [
        ("A=1\nA=hunter2\n", "env:2`: `A` is given twice, first in line 1"),
        ("A=hunter2\r\n", "env:1`: a carriage return"),
        ("\n\nhunter2\n", "env:3`: no `=`"),
        ("export A=hunter2\n", "env:1`: the text before `=`"),
    ] {
        let said = reaching(&room.write("env", text));
        assert!(said.contains(says) && !said.contains("hunter"), "{text:?}: {said}");
    }
    assert_eq!(room.sent(), 0);
    // The JSON of every command stays one document.
    let file = room.path("nowhere");
    for command in ["validate", "plan", "drift", "apply"] {
        let run = room.reaching(&[command, "--format", "json"], &named(&file));
        assert_eq!(run.code, 1, "{run:?}");
        let _: Json =
            serde_json::from_str(&run.stdout).unwrap_or_else(|why| panic!("{command}: {why}: {run:?}"));
    }
}

#[test]
fn only_variables_that_are_allowed_are_named() {
    let allowed = |name: &str, patterns: Option<&str>| {
        let room = Room::new(&format!("{{env: {name}}}"));
        let patterns: Vec<_> =
            patterns.map(|patterns| ("TRUNKFORM_SECRET_ENV", patterns)).into_iter().collect();
        let environment = [&patterns[..], &[(name, "planted-secret")]].concat();
        let codes = [&["validate"][..], &["plan"], &APPLY, &["drift"]].map(|args| {
            let run = room.reaching(args, &environment);
            if run.code == 1 {
                assert!(run.stderr.contains("SEC009") || run.stdout.contains("SEC009"), "{run:?}");
                let said = format!("{}{}", run.stdout, run.stderr);
                assert!(said.contains("trunkform.yaml:7:21"), "{run:?}");
                assert!(said.contains("TRUNKFORM_SECRET_ENV") || name.starts_with("TRUNKFORM"), "{run:?}");
            }
            run.code
        });
        assert_eq!(room.sent() == 0, codes[1] == 1, "{name}");
        match codes {
            [1, 1, 1, 1] => false,
            [0, 0, 0, 0] => true,
            other => panic!("{name}: {other:?}"),
        }
    };
    for name in ["AWS_SECRET_ACCESS_KEY", "GITHUB_TOKEN", "CI", "HOME", "TRUNKFORM_LOG", "TRUNKFORM_X"] {
        assert!(!allowed(name, None), "{name}");
    }
    assert!(allowed("CARRIER_PW", None) && allowed("CARRIER_PW", Some("SIP_* CARRIER_*")));
    assert!(allowed("AWS_SIP", Some("AWS_SIP")));
    for patterns in ["", " ", "carrier_*", "CARRIER", "SIP_*"] {
        assert!(!allowed("CARRIER_PW", Some(patterns)), "{patterns:?}");
    }
    assert!(!allowed("TRUNKFORM_X", Some("*")));
}

#[test]
fn a_saved_plan_names_only_variables_that_are_allowed() {
    let room = Room::new("{env: AWS_SIP}");
    room.reaching(&["plan", "--out", "plan.json"], &[("TRUNKFORM_SECRET_ENV", "AWS_*")]).stdout_of(0);
    for patterns in [&[][..], &[("TRUNKFORM_SECRET_ENV", "CARRIER_*")], &[("TRUNKFORM_SECRET_ENV", "")]] {
        let environment = [patterns, &[("AWS_SIP", "planted-secret")]].concat();
        let run = room.reaching(&["apply", "--plan", "plan.json"], &environment);
        assert!(run.code == 1 && run.stderr.contains("SEC009") && room.live.writes().is_empty(), "{run:?}");
    }
    let environment = [("TRUNKFORM_SECRET_ENV", "AWS_*"), ("AWS_SIP", "planted-secret")];
    room.reaching(&["apply", "--plan", "plan.json"], &environment).stdout_of(0);
}

#[test]
fn the_file_of_variables_also_says_which_are_allowed() {
    let room = Room::new("{env: AWS_SIP}");
    let file = room.env_file("TRUNKFORM_SECRET_ENV=AWS_*\n");
    for command in ["validate", "plan"] {
        room.run(&[command], &named(&file)).stdout_of(0);
        room.run(&[command], &[named(&file)[0], ("TRUNKFORM_SECRET_ENV", "CARRIER_*")]).stdout_of(1);
    }
    // What needs no variable but this one does not open the file where the environment says it.
    let nowhere = room.path("nowhere");
    room.run(&["validate"], &[named(&nowhere)[0], ("TRUNKFORM_SECRET_ENV", "AWS_*")]).stdout_of(0);
    room.run(&["validate"], &named(&nowhere)).stdout_of(1);
}

#[test]
fn a_value_that_nobody_means_is_refused_before_anything_is_sent() {
    for (value, says) in [
        ("planted-x ", "has a space at its end"),
        ("\"planted-x\"", "has quotation marks around it"),
        ("planted-x\nplanted-y", "has more than one line"),
        ("\u{feff}planted-x", "has a byte order mark"),
        ("planted\u{7}x", "has a control character"),
        ("   ", "has nothing but blanks"),
    ] {
        for source in ["{env: CARRIER_PASSWORD}", "{file: password}"] {
            let room = Room::new(source);
            room.write("password", value);
            let run = room.reaching(&APPLY, &[("CARRIER_PASSWORD", value)]);
            let place = if source.contains("env") { "variable `CARRIER_PASSWORD` " } else { "password` " };
            // A long message goes on behind a bar on the next line.
            let said =
                run.stderr.split_whitespace().filter(|word| *word != "│").collect::<Vec<_>>().join(" ");
            assert!(run.code == 1 && said.contains(&format!("{place}{says}")), "{value:?}: {run:?}");
            assert!(!format!("{run:?}").contains("planted"), "{value:?}: {run:?}");
            assert_eq!(room.live.writes(), "", "{value:?}");
        }
        let room = Room::new("{env: A}");
        let token = [("TRUNKFORM_URL_KALEM", room.live.base()), ("TRUNKFORM_TOKEN_KALEM", value.to_owned())];
        let token = token.each_ref().map(|(name, value)| (*name, value.as_str()));
        let run = room.run(&["plan"], &token);
        assert!(run.code == 1 && run.stderr.contains(&format!("TRUNKFORM_TOKEN_KALEM {says}")), "{run:?}");
        assert_eq!(room.sent(), 0);
    }
}

#[test]
fn one_line_break_at_the_end_is_no_part_of_a_value() {
    for ending in ["\n", "\r\n"] {
        let room = Room::new("{env: CARRIER_PASSWORD}");
        let value = format!("{PASSWORD}{ending}");
        let token = format!("{TOKEN}{ending}");
        let base = room.live.base();
        let run = room.run(
            &APPLY,
            &[
                ("TRUNKFORM_URL_KALEM", base.as_str()),
                ("TRUNKFORM_TOKEN_KALEM", token.as_str()),
                ("CARRIER_PASSWORD", value.as_str()),
            ],
        );
        assert_eq!(run.code, 0, "{ending:?}: {run:?}");
    }
}

#[test]
fn help_lists_the_variables_of_the_commands_that_need_them() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["validate", "plan", "apply", "drift", "undo", "why", "graph", "export"] {
        let help = Run::offline(folder.path(), &[name, "--help"]).stdout_of(0);
        for variable in ["TOKEN_<PLATFORM>__<ACCOUNT>", "URL_<PLATFORM>", "ENV_FILE", "SECRET_ENV", "LOG"] {
            assert!(help.contains(&format!("TRUNKFORM_{variable}")), "{name}: {variable}: {help}");
        }
    }
}
