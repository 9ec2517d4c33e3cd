//! What a folder of configurations can hold never makes a run read, print or write anything outside, or wait for it.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test stops where it can't go on")]

mod support;

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::process::Stdio;

use nix::sys::stat::Mode;
use support::{Live, Run, command};

/// Stands in files that no run may read, print or change.
const CANARY: &str = "canary-4f1d";
const GOOD: &str = "provider: kalem\ntrunks: []\n";
const EMPTY: &str = r#"{"kalem": {"trunks": [], "numbers": []}}"#;

/// Every command that reads a folder, in every format that quotes.
const READERS: [&[&str]; 17] = [
    &["validate", "cfg"],
    &["validate", "--format", "json", "cfg"],
    &["validate", "--format", "github", "cfg"],
    &["validate", "--format", "sarif", "cfg"],
    &["validate", "--format", "junit", "cfg"],
    &["plan", "cfg"],
    &["plan", "--format", "json", "cfg"],
    &["plan", "--format", "markdown", "cfg"],
    &["plan", "--format", "html", "cfg"],
    &["plan", "--format", "diff", "cfg"],
    &["apply", "--auto-approve", "cfg"],
    &["drift", "cfg"],
    &["graph", "cfg"],
    &["why", "trunk.A", "cfg"],
    &["fmt", "cfg"],
    &["fmt", "--check", "cfg"],
    &["export", "--merge", "cfg"],
];

/// A folder `cfg` with a good file, beside a folder `outside`.
struct Ground(tempfile::TempDir);

impl Ground {
    fn new() -> Self {
        let ground = Self(tempfile::tempdir().unwrap());
        for folder in ["cfg/sub", "outside/x.yaml"] {
            fs::create_dir_all(ground.at(folder)).unwrap();
        }
        ground.write("cfg/trunkform.yaml", GOOD);
        ground.write("outside/token.env", &format!("export TOKEN={CANARY}\n"));
        ground.write("outside/kube.yaml", &format!("users:\n- name:   {CANARY}\n"));
        ground.write("outside/other.yaml", &format!("provider:   kalem\naccount: {CANARY}\ntrunks: [\n"));
        ground.write("outside/x.yaml/t.yaml", &format!("provider:   kalem # {CANARY}\n"));
        ground
    }

    fn at(&self, path: &str) -> PathBuf {
        self.0.path().join(path)
    }

    fn write(&self, path: &str, text: &str) {
        fs::write(self.at(path), text).unwrap();
    }

    fn link(&self, target: impl AsRef<Path>, path: &str) {
        symlink(target, self.at(path)).unwrap();
    }

    /// The names and texts outside.
    fn outside(&self) -> Vec<(PathBuf, Option<String>)> {
        let mut found = Vec::new();
        for folder in ["outside", "outside/x.yaml"] {
            let entries = fs::read_dir(self.at(folder)).unwrap().map(|entry| entry.unwrap().path());
            found.extend(entries.map(|path| (path.clone(), fs::read_to_string(path).ok())));
        }
        found.sort();
        found
    }
}

fn all_of(run: &Run) -> String {
    format!("{}{}", run.stdout, run.stderr)
}

#[test]
fn no_command_reads_prints_or_writes_through_a_link_out() {
    let live = Live::start_with(EMPTY);
    type Plant = fn(&Ground, &str);
    let plants: [(&str, Plant); 12] = [
        ("a link out", |ground, name| ground.link("../outside/token.env", name)),
        ("a link to YAML", |ground, name| ground.link("../outside/kube.yaml", name)),
        ("a link to a configuration", |ground, name| ground.link("../outside/other.yaml", name)),
        ("an absolute link", |ground, name| ground.link(ground.at("outside/kube.yaml"), name)),
        ("a chain", |ground, name| {
            ground.link("../outside", "cfg/folder");
            ground.link("folder/kube.yaml", "cfg/next");
            ground.link("next", name);
        }),
        ("a folder outside", |ground, name| ground.link("../outside/x.yaml", name)),
        ("the environment", |ground, name| ground.link("/proc/self/environ", name)),
        ("stdin", |ground, name| ground.link("/proc/self/fd/0", name)),
        ("a device", |ground, name| ground.link("/dev/zero", name)),
        ("nothing", |ground, name| ground.link("../outside/gone", name)),
        ("itself", |ground, name| ground.link(ground.at(name).file_name().unwrap(), name)),
        ("a pipe", |ground, name| {
            nix::unistd::mkfifo(&ground.at(name), Mode::from_bits_truncate(0o600)).unwrap();
        }),
    ];
    for (what, plant) in plants {
        for name in ["cfg/x.yaml", "cfg/a\n::error::b.yml"] {
            let ground = Ground::new();
            plant(&ground, name);
            let before = ground.outside();
            for args in READERS {
                let run = live.run_in(ground.0.path(), args);
                let said = all_of(&run);
                assert_eq!(run.code, 1, "{what}, {args:?}: {said}");
                assert!(
                    !said.contains(CANARY) && !said.contains("TRUNKFORM_TOKEN_KALEM="),
                    "{what}, {args:?}: {said}"
                );
                assert!(!said.lines().any(|line| line.starts_with("::error::b")), "{what}, {args:?}: {said}");
                let named = said.contains(if name.contains('\n') { "error::b.yml" } else { "x.yaml" });
                let drawn = said.contains("error%3A%3Ab.yml");
                assert!(named || drawn, "{what}, {args:?}: the file is not named: {said}");
                assert_eq!(ground.outside(), before, "{what}, {args:?}");
            }
        }
    }
    assert_eq!(live.sandbox.requests().len(), 0, "no account is read");
}

#[test]
fn what_is_no_configuration_is_named_and_not_shown() {
    let live = Live::start_with(EMPTY);
    for text in [
        format!("export TOKEN={CANARY}\n"),
        format!("-----BEGIN PRIVATE KEY-----\n{CANARY}\n-----END PRIVATE KEY-----\n"),
        format!("users:\n- name:   {CANARY}\n"),
        format!("token: \"{CANARY}\n"),
        format!("- {CANARY}\n-   b\n"),
        format!("a: &a {CANARY}\nb: *c\n"),
        format!("a\0{CANARY}"),
        format!("{CANARY}: x\n{CANARY}: y\n"),
        format!("{{\"auths\": {{\"{CANARY}\": 1}},   \"x\": \"\u{202e}\"}}"),
        format!("a: b\n---\n{CANARY}: 1\n"),
        CANARY.to_owned(),
    ] {
        let ground = Ground::new();
        ground.write("cfg/x.yaml", &text);
        for args in READERS {
            let run = live.run_in(ground.0.path(), args);
            let said = all_of(&run);
            assert_eq!(run.code, 1, "{text:?}, {args:?}: {said}");
            assert!(!said.contains(CANARY), "{text:?}, {args:?}: {said}");
            assert!(said.contains("x.yaml"), "{text:?}, {args:?}: {said}");
            assert_eq!(fs::read_to_string(ground.at("cfg/x.yaml")).unwrap(), text, "{args:?}");
        }
    }
    let utf16: Vec<u8> = CANARY.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let latin1 = [b"provider: kalem\naccount: ", CANARY.as_bytes(), b"\xff\n"].concat();
    for (bytes, place) in [([&[0xff, 0xfe], &utf16[..]].concat(), "x.yaml"), (latin1, "x.yaml:2:")] {
        let ground = Ground::new();
        fs::write(ground.at("cfg/x.yaml"), bytes).unwrap();
        for args in READERS {
            let said = all_of(&live.run_in(ground.0.path(), args));
            assert!(!said.contains(CANARY) && !said.contains("c\\u{0}a"), "{args:?}: {said}");
            assert!(args != READERS[0] || said.contains(place), "{said}");
        }
    }
}

#[test]
fn the_mistake_of_a_configuration_is_shown_with_its_line() {
    let ground = Ground::new();
    for (text, line) in [
        ("provider: kalem\ntrunks:\n  - name: \"Shown\n", "- name: \"Shown"),
        ("trunks: []\nprovider: kalme\n", "trunks: []"),
        ("{provider: kalem, shown: [}\n", "shown: [}"),
        ("provider: kalem\nshown: true\n", "shown: true"),
    ] {
        ground.write("cfg/trunkform.yaml", text);
        let run = Run::offline(ground.0.path(), &["validate", "cfg"]);
        assert!(run.stdout_of(1).contains(line), "{}", run.stdout);
    }
}

#[test]
fn a_mounted_config_map_works_for_every_command() {
    let live = Live::start_with(EMPTY);
    let ground = Ground::new();
    fs::rename(ground.at("cfg/sub"), ground.at("cfg/..2026_01")).unwrap();
    fs::rename(ground.at("cfg/trunkform.yaml"), ground.at("cfg/..2026_01/trunkform.yaml")).unwrap();
    ground.link("..2026_01", "cfg/..data");
    ground.link("..data/trunkform.yaml", "cfg/trunkform.yaml");
    for path in ["cfg", "./cfg/", "cfg/trunkform.yaml", &ground.at("cfg").display().to_string()] {
        for args in [&["validate"][..], &["plan"], &["drift"], &["graph"], &["fmt", "--check"]] {
            live.run_in(ground.0.path(), &[args, &[path]].concat()).stdout_of(0);
        }
    }
    // The link stays, and its target is written with the permissions that it has.
    let target = ground.at("cfg/..2026_01/trunkform.yaml");
    fs::write(&target, "provider:   kalem\n").unwrap();
    fs::set_permissions(&target, fs::Permissions::from_mode(0o640)).unwrap();
    assert_eq!(live.run_in(ground.0.path(), &["fmt", "cfg"]).stdout_of(0), "cfg/trunkform.yaml\n");
    assert_eq!(fs::read_to_string(&target).unwrap(), "provider: kalem\n");
    assert_eq!(fs::metadata(&target).unwrap().permissions().mode() & 0o777, 0o640);
    assert!(ground.at("cfg/trunkform.yaml").is_symlink());
}

#[test]
fn a_path_of_the_command_line_is_no_link_out_either() {
    let ground = Ground::new();
    ground.write("outside/good.yaml", GOOD);
    ground.link("../outside/good.yaml", "cfg/x.yaml");
    ground.link("outside", "lines");
    let run = |folder: &str, path: &str| Run::offline(&ground.at(folder), &["validate", path]);
    let refused = |folder: &str, path: &str| {
        let run = run(folder, path);
        assert!(run.stdout_of(1).contains("name the file itself"), "{path}: {}", run.stdout);
    };
    // Inside the working directory a link may lead to another folder of it.
    run("", "cfg/x.yaml").stdout_of(0);
    refused("cfg", "x.yaml");
    refused("cfg", "./x.yaml");
    refused("cfg", &ground.at("cfg/x.yaml").display().to_string());
    refused("outside", "../cfg/x.yaml");
    // So may a folder.
    fs::remove_file(ground.at("lines")).unwrap();
    ground.link("cfg", "lines");
    fs::remove_file(ground.at("cfg/x.yaml")).unwrap();
    for path in ["lines", "lines/trunkform.yaml", &ground.at("lines").display().to_string()] {
        run("", path).stdout_of(0);
    }
    run("outside", "../lines").stdout_of(0);
    ground.link("../outside", "cfg/out");
    for (folder, path) in [("cfg", "out"), ("cfg", "out/good.yaml"), ("outside", "../cfg/out")] {
        refused(folder, path);
    }
    // The default obeys the same.
    fs::remove_file(ground.at("cfg/trunkform.yaml")).unwrap();
    ground.link("../outside/good.yaml", "cfg/trunkform.yaml");
    let run = Run::offline(&ground.at("cfg"), &["validate"]);
    assert!(run.stdout_of(1).contains("the link `trunkform.yaml` leads out"), "{}", run.stdout);
}

fn piped(folder: &Path, args: &[&str], text: &str) -> Run {
    let mut command = command(folder, args);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Run { code: output.status.code().unwrap(), stdout: text(output.stdout), stderr: text(output.stderr) }
}

#[test]
fn a_configuration_comes_through_a_pipe_that_the_command_line_names() {
    let ground = Ground::new();
    let folder = ground.0.path();
    for paths in [&["-"][..], &["-", "-"], &["/dev/stdin"], &["/dev/fd/0", "-"]] {
        piped(folder, &[&["validate"], paths].concat(), GOOD).stdout_of(0);
    }
    nix::unistd::mkfifo(&ground.at("pipe"), Mode::from_bits_truncate(0o600)).unwrap();
    let path = ground.at("pipe");
    let writer = std::thread::spawn(move || fs::write(path, GOOD).unwrap());
    Run::offline(folder, &["validate", "pipe"]).stdout_of(0);
    writer.join().unwrap();
    // It has no folder.
    let secret = "provider: kalem\ntrunks:\n  - {name: A, direction: inbound, auth_type: digest, username: u, password: {file: cfg/x}}\n";
    let table = "provider: kalem\nnumbers_from: {csv: cfg/n.csv}\n";
    for (text, place) in [(secret, "<stdin>:3:84"), (table, "<stdin>:2:21")] {
        let said = piped(folder, &["validate", "-"], text).stdout_of(1);
        assert!(said.contains(place) && said.contains("has no folder"), "{said}");
    }
    let sandbox = format!("--sandbox={}", ground.at("state.json").display());
    piped(folder, &["plan", &sandbox, "-"], GOOD).stdout_of(0);
    piped(folder, &["drift", &sandbox, "-"], GOOD).stdout_of(0);
    let merged = piped(folder, &["export", "--merge", &sandbox, "-"], GOOD);
    assert!(merged.code == 1 && merged.stderr.contains("name a file"), "{merged:?}");
}

#[test]
fn a_secret_is_read_beneath_the_folder_of_its_file_alone() {
    const FILE: &str = "provider: kalem\ntrunks:\n  - {name: A, direction: outbound, auth_type: digest, username: u, outbound_server: sip.example.com, password: {file: key}}\n";
    for saved in [false, true] {
        let live = Live::start_with(EMPTY);
        let ground = Ground::new();
        ground.write("cfg/trunkform.yaml", FILE);
        ground.write("cfg/key", "longer-than-8");
        let plan = ground.at("plan.json").display().to_string();
        live.run_in(ground.0.path(), &["plan", "--out", &plan, "cfg"]).stdout_of(0);
        let apply = |folder: &str| match saved {
            true => live.run_in(&ground.at(folder), &["apply", "--plan", &plan]),
            false => live.run_in(&ground.at(folder), &["apply", "--auto-approve", "cfg"]),
        };
        let absolute = ground.at("outside/token.env").display().to_string();
        for target in [&absolute[..], "/proc/self/environ", "/dev/stdin", "../../out"] {
            fs::remove_file(ground.at("cfg/key")).unwrap();
            ground.link(target, "cfg/key");
            let run = apply("");
            assert_eq!(run.code, 1, "{target}: {run:?}");
            assert!(run.stderr.contains("leads out of the f"), "{target}: {}", run.stderr);
            assert!(!all_of(&run).contains(CANARY));
        }
        fs::remove_file(ground.at("cfg/key")).unwrap();
        fs::create_dir(ground.at("cfg/.git")).unwrap();
        ground.write("cfg/.git/config", "longer-than-8");
        ground.link(".git/config", "cfg/key");
        assert_eq!(apply("").code, 1);
        assert_eq!(live.writes(), "", "nothing was sent");
        fs::remove_file(ground.at("cfg/key")).unwrap();
        ground.write("cfg/key", "longer-than-8");
        assert_eq!(apply("").code, 0);
    }
}

#[test]
fn a_saved_plan_names_no_secret_outside_the_working_directory() {
    let live = Live::start_with(EMPTY);
    let ground = Ground::new();
    ground.write("cfg/trunkform.yaml", "provider: kalem\ntrunks:\n  - {name: A, direction: outbound, auth_type: digest, username: u, outbound_server: sip.example.com, password: {file: key}}\n");
    ground.write("cfg/key", "longer-than-8");
    let (plan, cfg) = (ground.at("plan.json").display().to_string(), ground.at("cfg").display().to_string());
    for (path, from) in [(&cfg[..], "outside"), ("../cfg", "outside")] {
        live.run_in(&ground.at("outside"), &["plan", "--out", &plan, path]).stdout_of(0);
        let run = live.run_in(&ground.at(from), &["apply", "--plan", &plan]);
        assert!(run.code == 1 && run.stderr.contains("SEC008"), "{run:?}");
    }
    assert_eq!(live.writes(), "");
    // An absolute path beneath it is one of its files.
    live.run_in(ground.0.path(), &["plan", "--out", &plan, &cfg]).stdout_of(0);
    live.run_in(ground.0.path(), &["apply", "--plan", &plan]).stdout_of(0);
}

#[test]
fn what_git_keeps_is_no_secret() {
    let ground = Ground::new();
    for (path, link) in [(".git/config", None), ("sub/.GIT/x", None), ("key", Some("sub/.Git/config"))] {
        if let Some(target) = link {
            fs::create_dir_all(ground.at("cfg/sub/.Git")).unwrap();
            ground.write("cfg/sub/.Git/config", "longer-than-8");
            ground.link(target, "cfg/key");
        }
        ground.write("cfg/trunkform.yaml", &format!("provider: kalem\ntrunks:\n  - {{name: A, direction: inbound, auth_type: digest, username: u, password: {{file: {path}}}}}\n"));
        let run = Run::offline(ground.0.path(), &["validate", "cfg"]);
        assert!(run.stdout_of(1).contains("what Git keeps"), "{path}: {}", run.stdout);
    }
}

#[test]
fn a_merge_writes_where_the_file_really_is() {
    let live = Live::start_with(
        r#"{"kalem": {"trunks": [{"id": 1, "name": "A", "direction": "inbound", "auth_type": "ip", "host": "203.0.113.50", "port": 5060}], "numbers": []}}"#,
    );
    let ground = Ground::new();
    fs::rename(ground.at("cfg/trunkform.yaml"), ground.at("cfg/sub/real.yaml")).unwrap();
    ground.link("sub/real.yaml", "cfg/trunkform.yaml");
    ground.write("cfg/sub/real.yaml", "provider: kalem\n");
    live.run_in(ground.0.path(), &["export", "--merge", "cfg"]).stdout_of(0);
    assert!(fs::read_to_string(ground.at("cfg/sub/real.yaml")).unwrap().contains("name: A"));
    assert!(ground.at("cfg/trunkform.yaml").is_symlink());
    assert_eq!(fs::read_dir(ground.at("cfg/sub")).unwrap().count(), 1, "nothing is left beside it");
}
