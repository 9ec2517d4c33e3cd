//! A number that goes from one platform to another: what is said, what is refused, and what a step that fails leaves in service.
//! The story is that of `examples/15-move-between-platforms`.

#![allow(clippy::unwrap_used, reason = "a test stops where it can't go on")]

mod support;

use std::fs;
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
