//! Where Trunkform writes files of its own: for their owner alone, and through no link that a pull request can add.
//! In: folders with links and files in them, a live account. Out: modes, refusals, and nothing written elsewhere.
//! Never needs a token.

#![allow(clippy::unwrap_used, reason = "a test stops where it can't go on")]

mod support;

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};

use serde_json::json;
use support::{Live, Run};

const FILE: &str =
    "provider: kalem\ntrunks:\n  - {name: Main, direction: inbound, auth_type: ip, host: a.example.com}\n";

/// A folder of configuration, and one beside it in which nothing may be written.
struct Room {
    live: Live,
    folder: tempfile::TempDir,
}

impl Room {
    fn new() -> Self {
        let live = Live::start(json!({"kalem": {"trunks": [], "numbers": []}}));
        let room = Self { live, folder: tempfile::tempdir().unwrap() };
        for name in ["lines", "outside"] {
            fs::create_dir(room.path(name)).unwrap();
        }
        fs::write(room.lines("trunkform.yaml"), FILE).unwrap();
        room
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn lines(&self, name: &str) -> PathBuf {
        self.path("lines").join(name)
    }

    fn run(&self, args: &[&str]) -> Run {
        self.live.run_in(&self.path("lines"), args)
    }

    fn outside(&self) -> Vec<String> {
        let entries = fs::read_dir(self.path("outside")).unwrap();
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    }

    /// A run that writes nothing, neither to a file nor to the platform.
    #[track_caller]
    fn refused(&self, args: &[&str], link: &str) {
        let run = self.run(args);
        assert_eq!(run.code, 1, "{args:?} {run:?}");
        assert!(run.stderr.contains("is a link, and Trunkform writes through no link"), "{args:?} {run:?}");
        assert!(run.stderr.contains(&format!("`{link}`")), "{args:?} {run:?}");
        assert!(self.live.writes().is_empty(), "{args:?}");
    }
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn journal_state_lease_and_plan_are_for_their_owner_alone() {
    let room = Room::new();
    fs::create_dir(room.path("lease")).unwrap();
    let lease = room.path("lease").display().to_string();
    room.run(&["plan", "--out", "p.json"]).stdout_of(0);
    room.run(&["apply", "--auto-approve", "--journal", "apply.journal", "--lock", &lease]).stdout_of(0);
    room.run(&["apply", "--auto-approve", "--sandbox"]).stdout_of(0);
    for file in ["p.json", "apply.journal", ".trunkform/sandbox.json"] {
        assert_eq!(mode(&room.lines(file)), 0o600, "{file}");
    }
    let records: Vec<_> = fs::read_dir(room.path("lease/trunkform-lease")).unwrap().collect();
    assert!(!records.is_empty());
    for record in records {
        assert_eq!(mode(&record.unwrap().path()), 0o600);
    }
    assert_eq!(mode(&room.path("lease/trunkform-lease")), 0o700);
    // What is there keeps its mode, and its lines.
    fs::write(room.lines("trunkform.yaml"), FILE.replace("a.ex", "b.ex")).unwrap();
    fs::set_permissions(room.lines("apply.journal"), fs::Permissions::from_mode(0o640)).unwrap();
    let before = fs::read_to_string(room.lines("apply.journal")).unwrap();
    room.run(&["apply", "--auto-approve", "--journal", "apply.journal"]).stdout_of(0);
    assert!(fs::read_to_string(room.lines("apply.journal")).unwrap().starts_with(&before));
    assert_eq!(mode(&room.lines("apply.journal")), 0o640);
}

#[test]
fn nothing_is_written_through_a_link() {
    let room = Room::new();
    fs::write(room.path("journal"), "").unwrap();
    let (outside, lines) = (room.path("outside"), room.path("lines"));
    symlink(outside.join("dangling"), lines.join("dangling")).unwrap();
    symlink(room.path("journal"), lines.join("file")).unwrap();
    symlink("/dev/null", lines.join("device")).unwrap();
    symlink(&outside, lines.join("folder")).unwrap();
    symlink("../outside", lines.join("relative")).unwrap();
    symlink("trunkform.yaml", lines.join("inside")).unwrap();
    for (target, link) in [
        ("dangling", "dangling"),
        ("file", "file"),
        ("device", "device"),
        ("inside", "inside"),
        ("folder/x", "folder"),
        ("relative/x", "relative"),
        ("./folder/../folder/x", "./folder"),
        ("../lines/dangling", "../lines/dangling"),
    ] {
        room.refused(&["apply", "--auto-approve", "--journal", target], link);
        room.refused(&["plan", "--out", target], link);
        room.refused(&["export", "--provider", "kalem", "--out", target], link);
        room.refused(&["plan", &format!("--sandbox={target}")], link);
        room.refused(&["sandbox", "--state", target], link);
    }
    let absolute = lines.join("folder/x").display().to_string();
    room.refused(
        &["apply", "--auto-approve", "--journal", &absolute],
        lines.join("folder").to_str().unwrap(),
    );
    assert_eq!(room.outside(), [""; 0]);
    assert_eq!(fs::read_to_string(room.path("journal")).unwrap(), "");
    assert_eq!(fs::read_to_string(room.lines("trunkform.yaml")).unwrap(), FILE);
}

#[test]
fn the_default_state_of_the_sandbox_is_written_through_no_link() {
    for name in [".trunkform", ".trunkform/sandbox.json"] {
        let room = Room::new();
        let link = room.lines(name);
        fs::create_dir_all(link.parent().unwrap()).unwrap();
        symlink(room.path("outside").join(if name == ".trunkform" { "" } else { "state" }), link).unwrap();
        for args in [["plan", "--sandbox"], ["drift", "--sandbox"]] {
            room.refused(&args, name);
        }
        room.refused(&["apply", "--auto-approve", "--sandbox"], name);
        assert_eq!(room.outside(), [""; 0]);
    }
}

#[test]
fn init_makes_no_folder_through_a_link() {
    let room = Room::new();
    symlink(room.path("outside"), room.lines(".github")).unwrap();
    room.refused(&["init", "--provider", "kalem"], ".github");
    assert_eq!(room.outside(), [""; 0]);
}

#[test]
fn a_link_in_place_of_the_records_of_a_lease_is_refused() {
    let room = Room::new();
    symlink(room.path("outside"), room.lines("trunkform-lease")).unwrap();
    let run = room.run(&["apply", "--auto-approve", "--lock", "."]);
    assert!(run.code == 1 && run.stderr.contains("`./trunkform-lease` is a link"), "{run:?}");
    assert_eq!(room.outside(), [""; 0]);
}

#[test]
fn a_folder_around_may_be_a_link_and_a_device_is_a_device() {
    let room = Room::new();
    symlink(room.path("lines"), room.path("link")).unwrap();
    let place = room.path("link/p.json").display().to_string();
    room.run(&["plan", "--out", &place]).stdout_of(0);
    let shown = room.run(&["plan", "--out", "/dev/stdout"]).stdout_of(0);
    assert!(shown.contains("\"format_version\""), "{shown}");
    room.run(&["apply", "--auto-approve", "--journal", "/dev/stderr"]).stdout_of(0);
}
