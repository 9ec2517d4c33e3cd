//! `undo` from the outside: apply with a journal, plan the way back, apply that, and all is as it was.

#![allow(clippy::unwrap_used, reason = "a test stops where it can't go on")]

mod support;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value as Json, json};
use support::{Live, PASSWORD};

/// A live account and a folder with a file.
struct Room {
    live: Live,
    folder: tempfile::TempDir,
}

impl Room {
    fn new(live: Json, file: &str) -> Self {
        let room = Self { live: Live::start(json!({"kalem": live})), folder: tempfile::tempdir().unwrap() };
        room.write(file);
        room
    }

    fn example(name: &str) -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples").join(name);
        let live: Json =
            serde_json::from_str(&fs::read_to_string(folder.join("live.json")).unwrap()).unwrap();
        Self::new(live["kalem"].clone(), &fs::read_to_string(folder.join("trunkform.yaml")).unwrap())
    }

    fn write(&self, file: &str) {
        fs::write(self.path("trunkform.yaml"), file).unwrap();
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn run(&self, args: &[&str]) -> support::Run {
        self.live.run_in(self.folder.path(), args)
    }

    fn apply(&self) {
        self.run(&["apply", "--auto-approve", "--journal", "run.journal"]).stdout_of(0);
    }

    /// All that is live, by name, ids left out.
    fn seen(&self) -> BTreeMap<String, Json> {
        let trunks = self.live.kalem("trunks");
        let name =
            |id: &Json| trunks.iter().find(|trunk| trunk["id"] == *id).map(|trunk| trunk["name"].clone());
        let mut seen = BTreeMap::new();
        for number in self.live.kalem("numbers") {
            let on = name(&number["trunk_id"]);
            let says = json!([on, number["voice_agent_id"], number["text_agent_id"], number["status"]]);
            seen.insert(number["number"].to_string(), says);
        }
        for mut trunk in trunks.clone() {
            for own in ["id", "password_changes", "created_at", "updated_at"] {
                trunk.as_object_mut().unwrap().remove(own);
            }
            seen.insert(trunk["name"].to_string(), trunk);
        }
        seen
    }
}

#[test]
fn apply_undo_apply_restores_what_was_live() {
    for name in [
        "01-first-trunk-and-number",
        "02-move-numbers-to-a-new-trunk",
        "03-retire-a-trunk",
        "04-replace-a-trunk-under-its-numbers",
    ] {
        let room = Room::example(name);
        let before = room.seen();
        room.apply();
        let after = room.seen();
        assert_ne!(before, after, "{name}");
        let told = room.run(&["undo", "run.journal", "--out", "back.json"]);
        let shown = told.stdout_of(0);
        assert_eq!(room.run(&["show", "back.json"]).stdout_of(0), shown, "{name}");
        room.run(&["apply", "--plan", "back.json", "--journal", "back.journal"]).stdout_of(0);
        assert_eq!(room.seen(), before, "{name}: {}", told.stderr);
        let nothing = room.run(&["undo", "run.journal"]).stdout_of(0);
        assert!(nothing.contains("No changes."), "{name}: {nothing}");
        let journal = fs::read_to_string(room.path("run.journal")).unwrap();
        assert!(!journal.contains(PASSWORD) && !journal.contains(support::TOKEN), "{name}");
        let again = room.run(&["undo", "back.journal", "--out", "again.json", "--allow-removals", "9"]);
        again.stdout_of(0);
        room.run(&["apply", "--plan", "again.json"]).stdout_of(0);
        if name == "04-replace-a-trunk-under-its-numbers" {
            // The undo sent no password, so nobody knows where the one is that its trunk had.
            assert!(again.stderr.contains("no platform tells its `password`"), "{}", again.stderr);
            assert_eq!(room.seen(), before, "{name}, what can't be undone is left");
        } else {
            assert_eq!(room.seen(), after, "{name}, the undo undone");
        }
    }
}

const FIVE: &str =
    "provider: kalem\nnumbers:\n  - number: \"+14155552671..+14155552675\"\n    status: active\n";

#[test]
fn the_limits_hold_for_the_way_back_as_well() {
    let room = Room::new(json!({}), FIVE);
    room.apply();
    room.run(&["undo", "run.journal", "--out", "back.json"]).stdout_of(0);
    let refused = room.run(&["apply", "--plan", "back.json"]);
    assert!(refused.code == 3 && refused.stderr.contains("PLN001"), "{refused:?}");
    room.run(&["undo", "run.journal", "--out", "back.json", "--allow-removals", "5"]).stdout_of(0);
    room.run(&["apply", "--plan", "back.json"]).stdout_of(0);
    assert!(room.seen().is_empty());
}

#[test]
fn of_two_runs_the_last_is_undone_and_a_run_that_sends_nothing_is_none() {
    let room = Room::new(json!({}), FIVE);
    room.apply();
    room.write("provider: kalem\nnumbers:\n  - number: \"+14155552676\"\n    status: active\n");
    room.apply();
    room.apply();
    let told = room.run(&["undo", "run.journal"]);
    let plan = told.stdout_of(0);
    assert!(told.stderr.contains("the journal holds 2 runs"), "{}", told.stderr);
    assert!(
        plan.contains("delete kalem.number.+14155552676")
            && plan.contains("0 to add, 0 to change, 1 to destroy"),
        "{plan}"
    );
}

#[test]
fn what_cannot_come_back_is_told_in_both_forms_and_the_rest_is_planned() {
    let live = json!({
        "trunks": [
            {"id": 1, "name": "PBX", "direction": "inbound", "auth_type": "ip", "host": "pbx.example.com"},
            {"id": 2, "name": "Carrier", "direction": "outbound", "auth_type": "digest", "username": "u", "outbound_server": "sip.example.com"}
        ],
        "numbers": [
            {"id": 11, "number": "+14155552671", "trunk_id": 2, "status": "active"},
            {"id": 12, "number": "+14155552672", "trunk_id": 1, "status": "active"}
        ]
    });
    let room = Room::new(
        live,
        "provider: kalem\nunlisted: {trunks: delete}\ntrunks:\n  - name: PBX\n    direction: inbound\n    auth_type: ip\n    host: new.example.com\n\
         numbers:\n  - number: \"+14155552671\"\n    trunk: PBX\n  - number: \"+14155552672\"\n    trunk: null\n",
    );
    room.apply();
    let told = room.run(&["undo", "run.journal"]);
    let plan = told.stdout_of(0);
    assert!(plan.contains("0 to add, 2 to change, 0 to destroy"), "{plan}");
    let lost = "`kalem.trunk.Carrier` can't come back as it was: no platform tells its `password`; nor do its numbers come back to it: `+14155552671`";
    let document: Json =
        serde_json::from_str(&room.run(&["undo", "run.journal", "--format", "json"]).stdout_of(0)).unwrap();
    let said = &document["trunkform"]["diagnostics"][0];
    assert_eq!([&said["code"], &said["message"], &said["line"]], [&json!("PLN013"), &json!(lost), &json!(2)]);
    assert!(told.stderr.contains("PLN013"), "{}", told.stderr);
    let source = document["resource_changes"][0]["source"].as_str().unwrap();
    assert!(source.starts_with("run.journal:"), "{source}");
}

#[test]
fn what_is_no_journal_is_an_error_before_anything_is_read() {
    let room = Room::new(json!({}), FIVE);
    fs::write(room.path("broken"), "{\"event\":\"plan\"}\n{}\n").unwrap();
    fs::write(room.path("empty"), "").unwrap();
    for (file, why) in
        [("broken", "`broken` line 1"), ("empty", "says nothing"), ("nowhere", "can't be read")]
    {
        room.live.forget_requests();
        let run = room.run(&["undo", file]);
        assert!(run.code == 1 && run.stderr.contains(why) && run.stdout.is_empty(), "{run:?}");
        assert!(room.live.sandbox.requests().is_empty());
        let json = room.run(&["undo", file, "--format", "json"]).stdout_of(1);
        assert!(serde_json::from_str::<Json>(&json).unwrap()["errored"] == true, "{json}");
    }
}

#[test]
fn a_run_whose_first_request_never_began_leaves_nothing_to_undo() {
    let room = Room::new(json!({}), FIVE);
    room.apply();
    let journal = fs::read_to_string(room.path("run.journal")).unwrap();
    let heading: String =
        journal.lines().filter(|line| !line.contains("\"step\"")).map(|line| format!("{line}\n")).collect();
    assert_eq!(heading.lines().count(), 6);
    fs::write(room.path("run.journal"), heading).unwrap();
    room.live.forget_requests();
    let plan = room.run(&["undo", "run.journal"]).stdout_of(0);
    assert!(plan.contains("No changes."), "{plan}");
    assert!(room.live.sandbox.requests().is_empty(), "nothing to compare, nothing to read");
}
