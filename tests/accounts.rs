//! Several accounts in one run: what one of them lacks leaves the others' plan as it is, and says so.

#![allow(clippy::unwrap_used, reason = "a test stops where it can't go on")]

mod support;

use std::fs;
use std::process::Command;
use std::time::Duration;

use expectrl::Expect as _;
use expectrl::process::unix::WaitStatus;
use expectrl::session::Session;
use serde_json::{Value as Json, json};
use support::{Live, Run, TOKEN, command};

/// Where an account can be found, or why not.
#[derive(Clone, Copy, PartialEq)]
enum Way {
    Open,
    NoToken,
    /// Nobody listens there.
    Closed,
    /// Every request is answered with 401.
    Locked,
    /// Every answer is broken.
    Broken,
}

/// Two accounts of one platform, `north` and `south`, each with a number to be switched off and a trunk that no file lists.
struct Two {
    live: Live,
    /// Where no request is answered well.
    wrong: Live,
    work: tempfile::TempDir,
}

impl Two {
    fn new() -> Self {
        Self::with("")
    }

    /// `head` stands at the top of the file of `north`.
    fn with(head: &str) -> Self {
        let world = |number: &str| {
            json!({"kalem": {
                "trunks": [{"id": 1, "name": "Fax", "direction": "inbound", "auth_type": "ip", "host": "fax.example.com"}],
                "numbers": [{"id": 11, "number": number, "provider": "manual", "status": "active"}],
            }})
        };
        let live = Live::start(json!({"@north": world("+14155552671"), "@south": world("+14155552672")}));
        let wrong = Live::start(json!({}));
        let work = tempfile::tempdir().unwrap();
        let file = |name: &str, head: &str, number: &str| {
            let text = format!(
                "provider: kalem\naccount: {name}\n{head}numbers:\n  - number: \"{number}\"\n    status: inactive\n"
            );
            fs::write(work.path().join(format!("{name}.yaml")), text).unwrap();
        };
        file("north", head, "+14155552671");
        file("south", "", "+14155552672");
        Self { live, wrong, work }
    }

    fn command(&self, south: Way, args: &[&str]) -> Command {
        self.reaching(command(self.work.path(), args), south)
    }

    fn reaching(&self, mut command: Command, south: Way) -> Command {
        let url = |name: &str| format!("{}/@{name}/kalem/api/v1", self.live.sandbox.base());
        command.env("TRUNKFORM_URL_KALEM__NORTH", url("north")).env("TRUNKFORM_TOKEN_KALEM__NORTH", TOKEN);
        match south {
            Way::Closed => command.env("TRUNKFORM_URL_KALEM__SOUTH", "http://127.0.0.1:1/"),
            Way::Locked | Way::Broken => command.env("TRUNKFORM_URL_KALEM__SOUTH", self.wrong.base()),
            Way::Open | Way::NoToken => command.env("TRUNKFORM_URL_KALEM__SOUTH", url("south")),
        };
        self.wrong.fault(&[if south == Way::Broken { "malformed" } else { "status=401" }]);
        if south != Way::NoToken {
            command.env("TRUNKFORM_TOKEN_KALEM__SOUTH", TOKEN);
        }
        command
    }

    fn run(&self, south: Way, args: &[&str]) -> Run {
        Run::of(self.command(south, args))
    }

    fn writes(&self) -> Vec<String> {
        let requests = self.live.sandbox.requests();
        let writes = requests.iter().filter(|request| request.method != "GET");
        writes.map(|request| format!("{} {}", request.method, request.path)).collect()
    }
}

const NORTH: &str = "POST /@north/kalem/api/v1/numbers/deactivate";
const SOUTH: &str = "POST /@south/kalem/api/v1/numbers/deactivate";

fn document(run: &Run) -> Json {
    serde_json::from_str(&run.stdout).unwrap_or_else(|why| panic!("{why}: {run:?}"))
}

#[test]
fn two_accounts_are_one_plan_and_one_apply() {
    let two = Two::new();
    let plan = document(&two.run(Way::Open, &["plan", "--format", "json"]));
    assert_eq!((&plan["errored"], &plan["applyable"]), (&json!(false), &json!(true)));
    assert!(plan["trunkform"].get("unread").is_none(), "{plan}");
    two.run(Way::Open, &["apply", "--auto-approve"]).stdout_of(0);
    let mut writes = two.writes();
    writes.sort();
    assert_eq!(writes, [NORTH, SOUTH]);
}

#[test]
fn a_plan_without_one_account_is_that_of_the_others_and_says_so() {
    for south in [Way::NoToken, Way::Closed, Way::Locked, Way::Broken] {
        let two = Two::new();
        let human = two.run(south, &["plan"]);
        let told = human.stdout_of(1);
        assert!(
            told.starts_with("INCOMPLETE: `south` could not be read; this is the plan of the others.\n"),
            "{told}"
        );
        assert!(
            told.contains("update north.number.+14155552671") && !told.contains("south.number"),
            "{told}"
        );
        assert!(
            human.stderr.contains("error: ") && human.stderr.to_lowercase().contains("south"),
            "{human:?}"
        );

        let run = two.run(south, &["plan", "--detailed-exitcode", "--format", "json"]);
        let plan = document(&run);
        assert_eq!(run.code, 1, "{run:?}");
        let flags = [&plan["errored"], &plan["complete"], &plan["applyable"]];
        assert_eq!(flags, [&json!(true), &json!(false), &json!(false)]);
        let own = &plan["trunkform"];
        assert_eq!(
            (&own["unread"], own["errors"].as_array().unwrap().len()),
            (&json!(["south"]), 1),
            "{own}"
        );
        let steps: Vec<_> = own["steps"].as_array().unwrap().iter().map(|step| &step["address"]).collect();
        assert_eq!(steps, ["north.number.+14155552671"]);
        assert_eq!(two.run(south, &["drift"]).code, 1);
        assert_eq!(two.writes(), [""; 0]);
    }
}

#[test]
fn an_apply_without_one_account_sends_the_others_steps_and_is_incomplete() {
    for south in [Way::Closed, Way::Locked, Way::Broken] {
        let two = Two::new();
        let run = two.run(south, &["apply", "--auto-approve", "--format", "json"]);
        let report = document(&run);
        assert_eq!((run.code, &report["converged"]), (4, &json!(false)), "{run:?}");
        assert_eq!(report["unread"], json!(["south"]));
        assert!(report["errors"][0].as_str().unwrap().starts_with("south: "), "{report}");
        assert_eq!(report["steps"][0]["outcome"], json!("done"));
        assert_eq!(two.writes(), [NORTH]);

        // The same again: there is nothing left to send, so nothing is, and that is an error.
        two.live.forget_requests();
        let again = two.run(south, &["apply", "--auto-approve"]);
        assert_eq!(again.code, 1, "{again:?}");
        assert!(again.stdout.contains("`south` could not be read") && !again.stdout.contains("complete!"));
        assert_eq!(two.writes(), [""; 0]);
        two.run(Way::Open, &["apply", "--auto-approve"]).stdout_of(0);
        assert_eq!(two.writes(), [SOUTH]);
    }
}

#[test]
fn people_are_told_that_not_all_is_done() {
    let two = Two::new();
    let run = two.run(Way::Closed, &["apply", "--auto-approve"]);
    let told = run.stdout_of(4);
    assert!(told.contains("Apply is not complete: 1 of 1 request were done."), "{told}");
    assert!(
        told.contains("Not read, and so left as it is: `south`.") && !told.contains("complete!"),
        "{told}"
    );
}

#[test]
fn a_missing_token_is_found_before_the_first_request_of_an_apply() {
    let two = Two::new();
    let run = two.run(Way::NoToken, &["apply", "--auto-approve", "--format", "json"]);
    assert_eq!((run.code, &document(&run)["steps"]), (1, &json!([])), "{run:?}");
    assert!(run.stderr.contains("TRUNKFORM_TOKEN_KALEM__SOUTH"), "{run:?}");
    assert_eq!(two.live.sandbox.requests().len(), 0);
}

#[test]
fn a_saved_plan_that_lacks_an_account_is_not_applied() {
    let two = Two::new();
    two.run(Way::Closed, &["plan", "--out", "plan.json"]).stdout_of(1);
    let shown = two.run(Way::Closed, &["show", "plan.json"]).stdout_of(0);
    assert!(shown.starts_with("INCOMPLETE: `south` could not be read"), "{shown}");
    for south in [Way::Closed, Way::Open] {
        let run = two.run(south, &["apply", "--plan", "plan.json"]);
        assert_eq!(run.code, 1, "{run:?}");
    }
    assert_eq!(two.writes(), [""; 0]);
}

#[test]
fn what_one_account_refuses_stops_all_of_an_apply() {
    let two = Two::with("unlisted: delete\nlimits: {removals: 0, free: 0}\n");
    for south in [Way::Open, Way::Closed] {
        let run = two.run(south, &["apply", "--auto-approve", "--format", "json"]);
        let report = document(&run);
        assert_eq!((run.code, &report["refusals"][0]["code"]), (3, &json!("PLN001")), "{run:?}");
        assert_eq!(two.writes(), [""; 0]);
    }
}

#[test]
fn an_error_in_one_file_stops_all() {
    let two = Two::with("unlisted: delette\n");
    for command in ["plan", "apply"] {
        let run = two.run(Way::Open, &[command]);
        assert!(run.code == 1 && run.stderr.contains("CFG008"), "{run:?}");
    }
    assert_eq!(two.live.sandbox.requests().len(), 0);
}

#[test]
fn a_pattern_is_not_called_unmatched_while_an_account_is_unread() {
    let two = Two::new();
    let target = |south| two.run(south, &["plan", "--target", "south.number.*"]);
    assert!(!target(Way::Closed).stderr.contains("matches nothing"));
    assert!(target(Way::Closed).code == 1 && target(Way::Open).code == 0);
    let nowhere = two.run(Way::Open, &["plan", "--target", "west.number.*"]);
    assert!(nowhere.code == 1 && nowhere.stderr.contains("matches nothing"), "{nowhere:?}");
}

#[test]
fn the_question_says_what_the_plan_lacks() {
    let two = Two::new();
    for (answer, code, writes) in [("no", 1, 0), ("yes", 4, 1)] {
        let mut apply = Command::new(env!("CARGO_BIN_EXE_trunkform"));
        apply.arg("apply").current_dir(two.work.path()).env_clear().env("TERM", "dumb");
        let mut session = Session::spawn(two.reaching(apply, Way::Closed)).unwrap();
        session.set_expect_timeout(Some(Duration::from_secs(20)));
        session.expect("The plan is partial: `south` could not be read.").unwrap();
        session.expect("Only \"yes\" continues:").unwrap();
        session.send_line(answer).unwrap();
        session.expect(expectrl::Eof).unwrap();
        assert!(
            matches!(session.get_process().wait(), Ok(WaitStatus::Exited(_, ended)) if ended == code),
            "{answer}"
        );
        assert_eq!(two.writes().len(), writes, "{answer}");
    }
}

#[test]
fn another_platform_is_not_given_the_token_of_an_account() {
    let live = Live::start(json!({}));
    let work = tempfile::tempdir().unwrap();
    let base = live.sandbox.base();
    let run = |provider: &str, own: &[(&str, String)]| {
        let text = format!("provider: {provider}\naccount: prod\n");
        std::fs::write(work.path().join("trunkform.yaml"), text).unwrap();
        let mut command = command(work.path(), &["plan"]);
        // Both platforms answer, and the names of before are set too.
        command
            .env("TRUNKFORM_TOKEN_KALEM__PROD", TOKEN)
            .env("TRUNKFORM_URL_KALEM__PROD", format!("{base}/kalem/api/v1"))
            .env("TRUNKFORM_URL_BOLNA__PROD", format!("{base}/bolna"))
            .env("TRUNKFORM_TOKEN_PROD", TOKEN)
            .env("TRUNKFORM_URL_PROD", format!("{base}/bolna"));
        command.envs(own.iter().map(|(name, value)| (*name, value.as_str())));
        Run::of(command)
    };
    run("kalem", &[]).stdout_of(0);
    live.forget_requests();
    let refused = run("bolna", &[]);
    assert!(refused.code == 1 && live.sandbox.requests().is_empty(), "{refused:?}");
    let says = "TRUNKFORM_TOKEN_BOLNA__PROD is not set, and TRUNKFORM_TOKEN_PROD is not used";
    assert!(refused.stderr.contains(says), "{refused:?}");
    run("bolna", &[("TRUNKFORM_TOKEN_BOLNA__PROD", "another".to_owned())]).stdout_of(0);
}
