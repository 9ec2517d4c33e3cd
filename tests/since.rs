//! `plan --since` and `drift --at` over real Git repositories and a live account.

#![allow(clippy::unwrap_used, reason = "a test stops where it can't go on")]

mod support;

use std::fs;
use std::path::PathBuf;

use serde_json::{Value as Json, json};
use support::{Live, Run, git};
use trunkform::render::document::Document;

/// A live account and a repository.
struct Room {
    live: Live,
    folder: tempfile::TempDir,
}

const HOST: &str = "  - {name: Main, direction: inbound, auth_type: ip, host: a.example.com}\n";
const FAX: &str = "  - {name: Fax, direction: inbound, auth_type: ip, host: fax.example.com}\n";

fn account(trunks: &str) -> String {
    format!("provider: kalem\ntrunks:\n{trunks}")
}

fn trunk(id: u64, name: &str, host: &str) -> Json {
    json!({"id": id, "name": name, "direction": "inbound", "auth_type": "ip", "host": host, "port": 5060})
}

/// What the two trunks say, a trunk that no file ever declared, and no number.
fn both() -> Json {
    json!({"trunks": [trunk(1, "Main", "a.example.com"), trunk(2, "Fax", "fax.example.com"), trunk(3, "Stranger", "s.example.com")], "numbers": []})
}

impl Room {
    /// A repository whose first commit, tagged `first`, is this file.
    fn new(live: Json, file: &str) -> Self {
        let room = Self { live: Live::start(json!({"kalem": live})), folder: tempfile::tempdir().unwrap() };
        room.git(&["init", "--quiet", "--initial-branch=main"]);
        room.commit("trunkform.yaml", file);
        room.git(&["tag", "first"]);
        room
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn git(&self, args: &[&str]) {
        git(self.folder.path(), args);
    }

    fn write(&self, name: &str, text: &str) {
        fs::create_dir_all(self.path(name).parent().unwrap()).unwrap();
        fs::write(self.path(name), text).unwrap();
    }

    fn commit(&self, name: &str, text: &str) {
        self.write(name, text);
        self.commit_all();
    }

    fn commit_all(&self) {
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--message", "x"]);
    }

    fn run(&self, args: &[&str]) -> Run {
        self.live.run_in(self.folder.path(), args)
    }

    /// `action cause` of each change, by address.
    fn planned(&self, args: &[&str]) -> Vec<String> {
        let run = self.run(&[&["plan", "--format", "json"], args].concat());
        let plan: Json = serde_json::from_str(&run.stdout_of(0)).unwrap();
        let said = |change: &Json| {
            let text = |value: &Json| value.as_str().unwrap_or("-").to_owned();
            let (address, cause) = (text(&change["trunkform_address"]), text(&change["trunkform_cause"]));
            format!("{address} {} {cause}", text(&change["change"]["actions"][0]))
        };
        plan["resource_changes"].as_array().unwrap().iter().map(said).collect()
    }

    fn live_trunks(&self) -> Vec<String> {
        self.live.kalem("trunks").iter().map(|trunk| trunk["name"].as_str().unwrap().to_owned()).collect()
    }
}

#[test]
fn what_was_declared_once_goes_and_a_stranger_stays() {
    let room = Room::new(both(), &account(&[HOST, FAX].concat()));
    assert_eq!(room.planned(&["--since", "HEAD"]), [""; 0]);
    room.write("trunkform.yaml", &account(HOST));
    assert_eq!(room.planned(&[]), [""; 0], "without a revision it is kept");
    assert_eq!(room.planned(&["--since", "HEAD"]), ["kalem.trunk.Fax delete yours"]);
    room.run(&["apply", "--since", "HEAD", "--auto-approve"]).stdout_of(0);
    assert_eq!(room.live_trunks(), ["Main", "Stranger"]);
    assert_eq!(room.planned(&["--since", "first"]), [""; 0], "once applied there is nothing left");
}

#[test]
fn a_saved_plan_keeps_the_causes_and_shows_them_again() {
    let mut live = both();
    live["trunks"][1]["port"] = 5080.into();
    let fax = FAX.replace("host:", "port: 5060, host:");
    let room = Room::new(live, &account(&[HOST, &fax].concat()));
    room.write("trunkform.yaml", &account(&(HOST.replace("a.ex", "b.ex") + &fax)));
    let shown = room.run(&["plan", "--since", "first", "--out", "p.json"]).stdout_of(0);
    assert!(shown.contains("Compared with `first`: 1 yours, 1 drift, 0 both."), "{shown}");
    assert!(shown.contains("~ update kalem.trunk.Fax  (drift; `port` differs;"), "{shown}");
    assert!(shown.contains("~ update kalem.trunk.Main  (yours; `host` differs;"), "{shown}");
    assert_eq!(room.run(&["show", "p.json"]).stdout_of(0), shown);
    let markdown = room.run(&["show", "p.json", "--format", "markdown"]).stdout_of(0);
    assert!(markdown.contains("(drift; `port` differs"), "{markdown}");
    // A cause of which a later version may speak is no reason to refuse.
    let later = fs::read_to_string(room.path("p.json")).unwrap().replace("\"yours\"", "\"theirs\"");
    room.write("p.json", &Document::parse(&later).unwrap().sealed().to_line());
    assert!(!room.run(&["show", "p.json"]).stdout_of(0).contains("(yours"));
    room.run(&["apply", "--plan", "p.json"]).stdout_of(0);
}

#[test]
fn a_secret_read_from_elsewhere_is_sent_once_the_file_says_so() {
    let digest = |name: &str| {
        format!(
            "  - {{name: Main, direction: inbound, auth_type: digest, username: u, password: {{env: {name}}}}}\n"
        )
    };
    let live = json!({"trunks": [{"id": 1, "name": "Main", "direction": "inbound", "auth_type": "digest", "username": "u", "password": "old"}], "numbers": []});
    let room = Room::new(live, &account(&digest("OTHER_PASSWORD")));
    room.write("trunkform.yaml", &account(&digest("MAIN_TRUNK_PASSWORD")));
    assert_eq!(room.planned(&[]), [""; 0]);
    assert_eq!(room.planned(&["--since", "HEAD"]), ["kalem.trunk.Main update yours"]);
    let sent = || room.live.kalem("trunks")[0]["password_changes"].as_u64().unwrap();
    let before = sent();
    let said = room.run(&["apply", "--since", "HEAD", "--auto-approve"]).stdout_of(0);
    assert!(said.contains("`password` is read from elsewhere"), "{said}");
    assert_eq!(sent() - before, 1);
    room.commit_all();
    assert_eq!(room.planned(&["--since", "HEAD"]), [""; 0]);
}

#[test]
fn drift_at_a_revision_does_not_read_the_working_tree() {
    let room = Room::new(both(), &account(&[HOST, FAX].concat()));
    room.commit("trunkform.yaml", &account(&[&HOST.replace("a.ex", "b.ex"), FAX].concat()));
    room.run(&["drift"]).stdout_of(2);
    room.run(&["drift", "--at", "first"]).stdout_of(0);
    room.run(&["drift", "--at", "HEAD"]).stdout_of(2);
    room.write("trunkform.yaml", "provider: [broken\n");
    room.run(&["drift", "--at", "first"]).stdout_of(0);
    fs::remove_file(room.path("trunkform.yaml")).unwrap();
    room.run(&["drift", "--at", "first"]).stdout_of(0);
    room.run(&["drift", "--at", "first", "trunkform.yaml"]).stdout_of(0);
    room.run(&["drift", "--at", "first", "--unlisted"]).stdout_of(2);
    room.run(&["drift", "--at", "first", "--unlisted", "--ignore", "trunk.Stranger"]).stdout_of(0);
    let junit = room.run(&["drift", "--at", "HEAD", "--format", "junit"]).stdout_of(2);
    assert!(junit.contains("HEAD:trunkform.yaml:3:6"), "{junit}");
    let missing = room.run(&["drift", "--at", "first", "other.yaml"]);
    assert!(
        missing.code == 1 && missing.stderr.contains("no configuration at `first:other.yaml`"),
        "{missing:?}"
    );
}

#[test]
fn folders_renames_and_several_files_are_found_where_they_were() {
    let room = Room::new(both(), &account(HOST));
    room.git(&["rm", "--quiet", "trunkform.yaml"]);
    room.write("lines/old.yaml", &account(HOST));
    room.write("lines/fax.yml", &account(FAX));
    room.write("lines/notes.txt", "no configuration");
    room.write("lines/deeper/other.yaml", "provider: nobody\n");
    room.commit_all();
    room.git(&["mv", "lines/old.yaml", "lines/new.yaml"]);
    fs::remove_file(room.path("lines/fax.yml")).unwrap();
    assert_eq!(room.planned(&["--since", "HEAD", "lines"]), ["kalem.trunk.Fax delete yours"]);
    // From inside the folder, and by the path of the whole disk.
    let inside = room.live.run_in(&room.path("lines"), &["plan", "--since", "HEAD"]).stdout_of(0);
    assert!(inside.contains("- delete kalem.trunk.Fax"), "{inside}");
    assert_eq!(room.planned(&["--since", "HEAD", room.path("lines").to_str().unwrap()]).len(), 1);
    // A file that was called otherwise is new: that is said, and nothing goes.
    let new = room.run(&["plan", "--since", "HEAD", "lines/new.yaml"]);
    assert!(new.stdout_of(0).contains("No changes."), "{new:?}");
    assert!(new.stderr.contains("no configuration at `HEAD:lines/new.yaml`"), "{}", new.stderr);
    // The whole folder is gone.
    room.git(&["rm", "--quiet", "-r", "--force", "--ignore-unmatch", "lines"]);
    let _ = fs::remove_dir_all(room.path("lines"));
    room.git(&["checkout", "--quiet", "--detach"]);
    room.run(&["drift", "--at", "HEAD", "lines"]).stdout_of(0);
    room.run(&["drift", "--at", "HEAD", "lines/fax.yml", "lines/old.yaml"]).stdout_of(0);
}

#[test]
fn a_revision_is_never_an_option_nor_a_way_to_anything_else() {
    let room = Room::new(both(), &account(HOST));
    let leak = room.path("leak");
    let hostile = [
        format!("--output={}", leak.display()),
        "--upload-pack=touch leak".into(),
        "--all".into(),
        "-h".into(),
        "$(touch leak)".into(),
        "HEAD; touch leak".into(),
        "HEAD\n--all".into(),
        "HEAD:trunkform.yaml".into(),
        "HEAD..HEAD".into(),
        "nowhere".into(),
        "\u{1b}[31mred".into(),
        String::new(),
    ];
    for name in &hostile {
        for args in [["plan", "--since"], ["drift", "--at"]] {
            let run = room.run(&[args[0], &format!("{}={name}", args[1])]);
            assert_eq!((run.code, run.stdout.as_str()), (1, ""), "{name:?} {run:?}");
            assert!(run.stderr.contains("is no revision here") && !run.stderr.contains('\u{1b}'), "{run:?}");
        }
    }
    assert!(!leak.exists());
    assert!(room.live.writes().is_empty());
}

#[test]
fn a_shallow_clone_says_how_to_get_the_history() {
    let room = Room::new(both(), &account(HOST));
    room.commit("trunkform.yaml", &account(&[HOST, FAX].concat()));
    let url = format!("file://{}", room.folder.path().display());
    room.git(&["clone", "--quiet", "--depth=1", &url, "clone"]);
    let clone = room.path("clone");
    let run = room.live.run_in(&clone, &["plan", "--since", "HEAD~1"]);
    assert!(run.code == 1 && run.stderr.contains("fetch-depth: 0"), "{run:?}");
    room.live.run_in(&clone, &["plan", "--since", "HEAD"]).stdout_of(0);
}

#[test]
fn where_there_is_no_repository_or_no_git_that_is_said() {
    let room = Room::new(both(), &account(HOST));
    let elsewhere = tempfile::tempdir().unwrap();
    fs::write(elsewhere.path().join("trunkform.yaml"), account(HOST)).unwrap();
    let run = room.live.run_in(elsewhere.path(), &["plan", "--since", "HEAD"]);
    assert!(run.code == 1 && run.stderr.contains("no Git repository"), "{run:?}");
    // The commit of one repository is nowhere in another one.
    let other = elsewhere.path().join("trunkform.yaml");
    let run = room.run(&["plan", "--since", "HEAD", "trunkform.yaml", other.to_str().unwrap()]);
    assert!(run.code == 1 && run.stderr.contains("can't be read in"), "{run:?}");
    let mut without = support::command(room.folder.path(), &["plan", "--since", "HEAD"]);
    without.env("PATH", "/nonexistent");
    let run = Run::of(without);
    assert!(run.code == 1 && run.stderr.contains("`git` is not installed"), "{run:?}");
}

#[test]
fn what_was_wrong_then_can_not_be_compared_with() {
    let room = Room::new(both(), "provider: kalem\ntrunks:\n  - {name: Main, colour: red}\n");
    room.write("trunkform.yaml", &account(HOST));
    let run = room.run(&["plan", "--since", "first"]);
    assert!(run.code == 1 && run.stderr.contains("first:trunkform.yaml:3"), "{run:?}");
    assert!(run.stderr.contains("`first` does not validate"), "{run:?}");
    fs::write(room.path("real.txt"), account(FAX)).unwrap();
    fs::remove_file(room.path("trunkform.yaml")).unwrap();
    std::os::unix::fs::symlink("real.txt", room.path("trunkform.yaml")).unwrap();
    room.commit_all();
    let run = room.run(&["drift", "--at", "HEAD"]);
    assert!(run.code == 1 && run.stderr.contains("it is a link"), "{run:?}");
}

#[test]
fn an_account_without_a_file_is_told_and_left_alone() {
    let room = Room::new(both(), &account(&[HOST, FAX].concat()));
    room.write("trunkform.yaml", "provider: bolna\n");
    let run = room.run(&["plan", "--since", "HEAD"]);
    assert!(run.stdout_of(0).contains("No changes."), "{run:?}");
    assert!(run.stderr.contains("account `kalem` was described at `HEAD` and no longer is"), "{run:?}");
}

#[test]
fn protection_is_taken_back_before_the_thing_is() {
    let protected = FAX.replace("host:", "protect: true, host:");
    let room = Room::new(both(), &account(&[HOST, &protected].concat()));
    room.write("trunkform.yaml", &account(HOST));
    let refused = room.run(&["plan", "--since", "HEAD"]);
    assert!(refused.code == 3 && refused.stderr.contains("PLN007"), "{refused:?}");
    room.commit("trunkform.yaml", &account(&[HOST, FAX].concat()));
    room.write("trunkform.yaml", &account(HOST));
    assert_eq!(room.planned(&["--since", "HEAD"]), ["kalem.trunk.Fax delete yours"]);
}

#[test]
fn a_variable_that_may_not_be_named_can_be_replaced() {
    let digest = |name| {
        format!(
            "  - {{name: D, direction: inbound, auth_type: digest, username: u, password: {{env: {name}}}}}\n"
        )
    };
    let room = Room::new(both(), &account(&digest("AWS_SIP")));
    room.write("trunkform.yaml", &account(&digest("CARRIER_PASSWORD")));
    room.run(&["plan", "--since", "first"]).stdout_of(0);
    let refused = room.run(&["drift", "--at", "first"]);
    assert!(refused.code == 1 && refused.stderr.contains("SEC009"), "{refused:?}");
}
