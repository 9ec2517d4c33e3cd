//! A number that goes from one platform to another: what is said, what is refused, and what a step that fails leaves in service.
//! The story is that of `examples/15-move-between-platforms`.

#![allow(clippy::unwrap_used, reason = "a test stops where it can't go on")]

mod support;

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};

use serde_json::{Value as Json, json};
use support::{Live, Run, TOKEN, command};

/// The files of the example, where they can be changed, and its accounts.
struct Story {
    live: Live,
    work: tempfile::TempDir,
}

impl Story {
    fn new() -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/15-move-between-platforms");
        let work = tempfile::tempdir().unwrap();
        for name in ["kalem.yaml", "bolna.yaml"] {
            fs::copy(folder.join(name), work.path().join(name)).unwrap();
        }
        Self { live: Live::start_with(&fs::read_to_string(folder.join("live.json")).unwrap()), work }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.work.path().join(name)
    }

    fn edit(&self, name: &str, (from, to): (&str, &str)) {
        let text = fs::read_to_string(self.path(name)).unwrap();
        assert!(text.contains(from), "{text}");
        fs::write(self.path(name), text.replace(from, to)).unwrap();
    }

    fn run(&self, args: &[&str]) -> Run {
        self.live.run_in(self.work.path(), args)
    }

    /// As [`Story::run`], and nobody listens where Bolna should be.
    fn run_without_bolna(&self, args: &[&str]) -> Run {
        let mut command = command(self.work.path(), args);
        command.env("TRUNKFORM_URL_KALEM", self.live.base()).env("TRUNKFORM_TOKEN_KALEM", TOKEN);
        command.env("TRUNKFORM_URL_BOLNA", "http://127.0.0.1:1/").env("TRUNKFORM_TOKEN_BOLNA", TOKEN);
        Run::of(command)
    }

    fn kalem_has_it(&self) -> bool {
        self.live.kalem("numbers").iter().any(|number| number["number"] == "+14155552601")
    }
}

const REFUSED: &str =
    "`kalem.number.+14155552601` would be given up although its files now are those of `bolna`, and";

#[test]
fn one_side_alone_is_refused() {
    let story = Story::new();
    let plan = story.run(&["plan", "--target", "kalem.*"]);
    let told = plan.stdout_of(3);
    assert!(
        told.contains("PLN014")
            && told.contains(&format!("{REFUSED} `bolna.number.+14155552601` is no part")),
        "{told}"
    );
    assert!(told.contains("--target bolna.number.+14155552601"), "{told}");
    story.run(&["plan", "--target", "kalem.*", "--out", "saved.json"]).stdout_of(3);
    let apply = story.run(&["apply", "--plan", "saved.json"]);
    assert!(apply.code != 0 && story.live.writes().is_empty(), "{apply:?}");
    // The other side alone takes nothing from anybody, and both together are whole.
    story.run(&["plan", "--target", "bolna.*"]).stdout_of(0);
    let both = ["--target", "kalem.number.+14155552601", "--target", "bolna.number.+14155552601"];
    story.run(&[&["plan", "--out", "saved.json"][..], &both].concat()).stdout_of(0);
    story.run(&["apply", "--plan", "saved.json"]).stdout_of(0);
    assert!(!story.kalem_has_it());
}

#[test]
fn an_account_that_can_not_be_read_takes_nothing_from_the_other() {
    let story = Story::new();
    let plan = story.run_without_bolna(&["plan"]);
    let told = [plan.stdout.as_str(), &plan.stderr].concat();
    assert!(plan.code != 0 && told.contains(&format!("{REFUSED} `bolna` could not be read")), "{told}");
    let apply = story.run_without_bolna(&["apply", "--auto-approve"]);
    assert!(apply.code == 3 && story.live.writes().is_empty(), "{apply:?}");
    assert!(story.kalem_has_it());
}

#[test]
fn what_stays_at_both_is_told() {
    let story = Story::new();
    story.edit("kalem.yaml", ("unlisted: {trunks: delete, numbers: delete}\n", ""));
    let plan = story.run(&["plan"]);
    let told = plan.stdout_of(0);
    assert!(
        told.contains("create bolna.number.+14155552601") && !told.contains("delete kalem.number"),
        "{told}"
    );
    let warning = "`+14155552601` is declared at `bolna`, and still live";
    assert!(plan.stderr.contains("PLN014") && plan.stderr.contains(warning), "{}", plan.stderr);
    story.run(&["apply", "--auto-approve"]).stdout_of(0);
    // Said as long as it is so.
    assert!(story.run(&["plan"]).stderr.contains(warning));
    story.edit("kalem.yaml", ("provider: kalem\n", "provider: kalem\nignore: [number.+14155552601]\n"));
    let ignored = story.run(&["plan"]);
    assert!(!ignored.stderr.contains("PLN014"), "{}", ignored.stderr);
    // Taken off the air, it is no longer in service at both.
    story.edit("kalem.yaml", ("ignore: [number.+14155552601]\n", "unlisted: {numbers: unassign}\n"));
    story.run(&["apply", "--auto-approve"]).stdout_of(0);
    let after = story.run(&["plan", "--detailed-exitcode"]);
    assert!(after.code == 0 && !after.stderr.contains("PLN014"), "{after:?}");
}

#[test]
fn a_step_that_fails_at_the_new_account_leaves_the_number_in_service() {
    for failing in ["/sip-trunks/trunks", "/inbound/setup"] {
        let story = Story::new();
        story.live.fault(&[&format!("status=422,method=POST,platform=bolna,path={failing}")]);
        let apply = story.run(&["apply", "--auto-approve", "--format", "json"]);
        let report: Json = serde_json::from_str(&apply.stdout).unwrap();
        let steps = report["steps"].as_array().unwrap();
        let of_kalem: Vec<_> = steps
            .iter()
            .filter(|step| step["address"].as_str().unwrap().starts_with("kalem."))
            .map(|step| &step["outcome"])
            .collect();
        assert_eq!((apply.code, of_kalem), (4, vec![&json!("skipped"); 2]), "{report}");
        assert!(story.kalem_has_it());
        story.live.fault(&[]);
        story.run(&["apply", "--auto-approve"]).stdout_of(0);
        assert!(!story.kalem_has_it());
    }
}

#[test]
fn a_saved_plan_of_both_is_applied_as_it_was_shown() {
    let story = Story::new();
    story.run(&["plan", "--out", "saved.json"]).stdout_of(0);
    let saved: Json = serde_json::from_str(&fs::read_to_string(story.path("saved.json")).unwrap()).unwrap();
    let steps = saved["trunkform"]["steps"].as_array().unwrap();
    let delete = steps.iter().find(|step| step["address"] == "kalem.number.+14155552601").unwrap();
    let waits: Vec<_> =
        delete["waits_on"].as_array().unwrap().iter().map(|id| id.as_u64().unwrap()).collect();
    assert!(
        waits.iter().any(|id| steps[*id as usize - 1]["address"] == "bolna.number.+14155552601"),
        "{delete}"
    );
    assert!(delete.to_string().contains("crosses"), "{delete}");
    assert_eq!(
        (&saved["trunkform"]["impact"]["numbers_deleted"], &saved["trunkform"]["summary"]["removals"]),
        (&json!(1), &json!(2))
    );
    story.run(&["apply", "--plan", "saved.json"]).stdout_of(0);
    assert!(!story.kalem_has_it());
}

/// The way back is as careful as the way there.
#[test]
fn undone_it_stands_at_the_old_account_before_the_new_one_lets_go() {
    let story = Story::new();
    story.run(&["apply", "--auto-approve", "--journal", "run.journal"]).stdout_of(0);
    let back = story.run(&["undo", "run.journal", "--format", "json"]).stdout_of(0);
    let back: Json = serde_json::from_str(&back).unwrap();
    let steps = back["trunkform"]["steps"].as_array().unwrap();
    let at = |address: &str, verb: &str| {
        let found = steps.iter().position(|step| step["address"] == address && step["verb"] == verb);
        found.unwrap_or_else(|| panic!("{address} {verb}: {back}"))
    };
    assert!(at("kalem.number.+14155552601", "create") < at("bolna.number.+14155552601", "delete"));
    let waits = &steps[at("bolna.number.+14155552601", "delete")];
    assert!(waits.to_string().contains("crosses"), "{waits}");
}

/// Two live accounts of Bolna or Talkover, of which `old` gives up a number that `new` declares.
struct Pair {
    live: Live,
    work: tempfile::TempDir,
    /// Where `new` is.
    world: &'static str,
}

const NUMBER: &str = "+14155552601";

impl Pair {
    /// `trunk` and `ignore` are what the file of `new` says beside the rest.
    fn new(world: &'static str, there: bool, (trunk, ignore): (Json, Json)) -> Self {
        let work = tempfile::tempdir().unwrap();
        let row = |name: &str, numbers: Json| {
            json!({"id": format!("t-{name}"), "name": name, "provider": "twilio", "auth_type": "ip-based",
                "gateways": [{"gateway_address": "sip.example.com", "port": 5060, "priority": 1}],
                "ip_identifiers": [{"ip_address": "192.31.196.1"}], "is_active": true, "inbound_enabled": true, "phone_numbers": numbers})
        };
        let number =
            |name: &str| json!([{"id": format!("n-{name}"), "phone_number": NUMBER, "agent_id": "a-1"}]);
        let agents = json!([{"id": "a-1", "agent_name": "Sales Agent"}]);
        let new = if there { number("new") } else { json!([]) };
        let seed = json!({
            "bolna": {"agents": agents.clone(), "trunks": [row("old", number("old"))]},
            "@new": {"bolna": {"agents": agents, "trunks": [row("new", new)]}},
        });
        let declared = |name: &str| {
            json!({"name": name, "provider": "twilio", "auth_type": "ip-based",
                "gateways": [{"gateway_address": "sip.example.com", "port": 5060, "priority": 1}], "ip_identifiers": [{"ip_address": "192.31.196.1"}]})
        };
        let mut of_new = declared("new");
        of_new.as_object_mut().unwrap().extend(trunk.as_object().unwrap().clone());
        let limits = json!({"removals": "100%"});
        let old = json!({"provider": "bolna", "account": "old", "unlisted": {"numbers": "delete"}, "limits": limits, "trunks": [declared("old")]});
        let new = json!({"provider": "bolna", "account": "new", "ignore": ignore, "trunks": [of_new],
            "numbers": [{"number": NUMBER, "trunk": "new", "agent": "Sales Agent"}]});
        fs::write(work.path().join("old.yaml"), old.to_string()).unwrap();
        fs::write(work.path().join("new.yaml"), new.to_string()).unwrap();
        Self { live: Live::start(seed), work, world }
    }

    fn run(&self, args: &[&str]) -> Run {
        let mut command = command(self.work.path(), args);
        let base = self.live.sandbox.base();
        for (account, world) in [("OLD", ""), ("NEW", self.world)] {
            command.env(format!("TRUNKFORM_URL_BOLNA__{account}"), format!("{base}{world}/bolna"));
            command.env(format!("TRUNKFORM_TOKEN_BOLNA__{account}"), TOKEN);
        }
        Run::of(command)
    }

    /// Somebody sends a request to the new account.
    fn somebody(&self, method: &str, path: &str, body: &Json) {
        let (base, body) = (self.live.sandbox.base(), body.to_string());
        let host = base.trim_start_matches("http://").trim_end_matches('/');
        let mut stream = TcpStream::connect(host).unwrap();
        let head = format!(
            "{method} {}/bolna{path} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {TOKEN}",
            self.world
        );
        let rest =
            format!("Content-Type: application/json\r\nConnection: close\r\nContent-Length: {}", body.len());
        stream.write_all(format!("{head}\r\n{rest}\r\n\r\n{body}").as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 2"), "{answer}");
    }

    fn old_has_it(&self) -> bool {
        let snapshot = self.live.sandbox.snapshot();
        let rows = snapshot["bolna"]["trunks"][0]["phone_numbers"].as_array().cloned().unwrap_or_default();
        rows.iter().any(|row| row["phone_number"] == NUMBER && row["deleted"] != true)
    }
}

const NOTHING_ELSE: fn() -> (Json, Json) = || (json!({}), json!([]));

#[test]
fn a_number_that_stood_at_the_new_account_has_to_stand_there_still() {
    let moves = [
        ("DELETE", "/sip-trunks/trunks/t-new/numbers/n-new", json!({})),
        ("POST", "/inbound/unlink", json!({"phone_number_id": "n-new"})),
        ("PATCH", "/sip-trunks/trunks/t-new", json!({"is_active": false})),
    ];
    for (method, path, body) in moves {
        let pair = Pair::new("/@new", true, NOTHING_ELSE());
        pair.run(&["plan", "--out", "saved.json"]).stdout_of(0);
        pair.somebody(method, path, &body);
        for more in [&[][..], &["--partial"]] {
            let apply = pair.run(&[&["apply", "--plan", "saved.json"], more].concat());
            assert!(apply.code == 3 && apply.stderr.contains("stale"), "{method} {path}: {apply:?}");
        }
        assert!(pair.old_has_it(), "{method} {path}");
    }
    let pair = Pair::new("/@new", true, NOTHING_ELSE());
    pair.run(&["plan", "--out", "saved.json"]).stdout_of(0);
    pair.run(&["apply", "--plan", "saved.json"]).stdout_of(0);
    assert!(!pair.old_has_it());
}

#[test]
fn what_it_stands_on_is_done_first() {
    for there in [true, false] {
        let pair = Pair::new("/@new", there, (json!({"qualify_frequency": 30}), json!([])));
        pair.live.fault(&["status=422,method=PATCH,platform=bolna"]);
        let apply = pair.run(&["apply", "--auto-approve"]);
        assert!(apply.code == 4 && pair.old_has_it(), "{there}: {apply:?}");
        pair.live.fault(&[]);
        pair.run(&["apply", "--auto-approve"]).stdout_of(0);
        assert!(!pair.old_has_it());
    }
}

#[test]
fn one_account_under_two_names_is_no_new_one() {
    let pair = Pair::new("", true, NOTHING_ELSE());
    let plan = pair.run(&["plan"]);
    let told = [plan.stdout.as_str(), &plan.stderr].concat();
    assert!(plan.code == 1 && told.contains("`new` and `old` are the same account"), "{told}");
    assert!(!told.contains(TOKEN), "{told}");
    let apply = pair.run(&["apply", "--auto-approve"]);
    assert!(apply.code == 1 && pair.old_has_it() && pair.live.writes().is_empty(), "{apply:?}");
}

#[test]
fn what_the_new_account_ignores_stays_where_it_is_unless_it_is_there() {
    let ignoring = || (json!({}), json!([format!("number.{NUMBER}")]));
    let pair = Pair::new("/@new", false, ignoring());
    let plan = pair.run(&["plan"]).stdout_of(3);
    assert!(plan.contains("PLN014") && plan.contains("is not live, and ignored there"), "{plan}");
    let pair = Pair::new("/@new", true, ignoring());
    pair.run(&["apply", "--auto-approve"]).stdout_of(0);
    assert!(!pair.old_has_it());
}

#[test]
fn a_new_place_that_takes_no_calls_is_told_of() {
    for there in [true, false] {
        let off = Pair::new("/@new", there, (json!({"is_active": false}), json!([]))).run(&["plan"]);
        assert!(off.code == 0 && off.stderr.contains("PLN014"), "{off:?}");
        let on = Pair::new("/@new", there, NOTHING_ELSE()).run(&["plan"]);
        assert!(on.code == 0 && !on.stderr.contains("PLN014"), "{on:?}");
    }
}
