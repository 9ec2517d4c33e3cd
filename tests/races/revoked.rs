//! A token that is revoked in the middle of a run.

use serde_json::{Value as Json, json};

use super::estate::{Planned, kalem, said};
use super::support::{Live, Run};

/// Each step's outcome and why it was skipped.
fn outcomes(run: &Run) -> Vec<(String, String)> {
    let report: Json = serde_json::from_str(&run.stdout).unwrap();
    let steps = report["steps"].as_array().unwrap();
    let because = |step: &Json| step["because"].as_str().unwrap_or_default().to_owned();
    steps.iter().map(|step| (said(&step["outcome"]).to_owned(), because(step))).collect()
}

fn apply(planned: &Planned, fault: &str) -> Run {
    planned.live.forget_requests();
    planned.live.fault(&[fault]);
    planned.run(&["apply", "--auto-approve", "--parallelism", "1", "--format", "json"])
}

#[test]
fn after_a_401_nothing_more_is_sent_to_the_account() {
    let planned = kalem().planned();
    let run = apply(&planned, "status=401,method=PUT,after=1");
    let told = outcomes(&run);
    let words: Vec<_> = told.iter().map(|(outcome, _)| outcome.as_str()).collect();
    // The new trunk and the fax, then the first number.
    let skipped = "skipped";
    assert_eq!(words, ["done", "done", "failed", skipped, skipped, skipped, skipped], "{run:?}");
    for at in [3, 4, 6] {
        assert_eq!(told[at].1, "step 3 was answered with 401: `kalem` no longer takes the token");
    }
    assert_eq!((run.code, planned.live.writes().lines().count()), (4, 3));
    planned.live.fault(&[]);
    planned.run(&["apply", "--auto-approve"]).stdout_of(0);
}

#[test]
fn a_403_is_about_one_thing() {
    let planned = kalem().planned();
    let run = apply(&planned, "status=403,method=PUT,after=1,times=1");
    let done = outcomes(&run).iter().filter(|(outcome, _)| outcome == "done").count();
    assert_eq!((run.code, done), (4, 5), "{run:?}");
}

#[test]
fn other_accounts_go_on() {
    let world = |n: u32| {
        let number = |id: u32| json!({"id": id, "number": format!("+141555526{n}{id}"), "provider": "manual", "status": "active"});
        json!({"kalem": {"trunks": [], "numbers": [number(1), number(2), number(3)]}})
    };
    let live = Live::start(json!({"@north": world(1), "@south": world(2)}));
    let work = tempfile::tempdir().unwrap();
    for (name, n) in [("north", 1), ("south", 2)] {
        let numbers: String = (1..=3)
            .map(|id| format!("  - {{number: \"+141555526{n}{id}\", provider: manual, status: inactive}}\n"))
            .collect();
        let text = format!("provider: kalem\naccount: {name}\nlimits: {{free: 3}}\nnumbers:\n{numbers}");
        std::fs::write(work.path().join(format!("{name}.yaml")), text).unwrap();
    }
    let mut command = super::support::command(
        work.path(),
        &["apply", "--auto-approve", "--parallelism", "1", "--format", "json"],
    );
    for name in ["north", "south"] {
        let account = name.to_uppercase();
        command.env(
            format!("TRUNKFORM_URL_KALEM__{account}"),
            format!("{}/@{name}/kalem/api/v1", live.sandbox.base()),
        );
        command.env(format!("TRUNKFORM_TOKEN_KALEM__{account}"), super::support::TOKEN);
    }
    live.fault(&["status=401,method=POST,times=1"]);
    let run = Run::of(command);
    let words: Vec<_> = outcomes(&run).into_iter().map(|(outcome, _)| outcome).collect();
    assert_eq!(
        (run.code, &words[..]),
        (4, &["failed", "skipped", "skipped", "done", "done", "done"].map(str::to_owned)[..]),
        "{run:?}"
    );
}
