//! What people and programs see of a plan, as goldens; and that a saved plan is the plan.

pub(in crate::render) mod crowd;
mod diff;
mod drift;
mod findings;
mod sizes;
mod xml;

use serde_json::{Value as Json, json};

use super::document::Document;
use super::fixture::{number, plan, trunk};
use super::{graph, human, report};
use crate::model::{
    Action, Address, Code, Drift, Gap, Kind, KindName, Kinds, Outcome, Plan, Refusal, Report, StepReport,
};

fn bare(text: &str) -> String {
    anstream::adapter::strip_str(text).to_string()
}

fn kinds(_: &str) -> Option<&'static Kinds> {
    let schema: &'static Json = Box::leak(Box::new(json!({"properties": {
        "name": {"x-identity": true, "type": "string"},
        "password": {"writeOnly": true, "x-min-length": 8},
        "trunk": {"x-ref": "trunk", "x-field": "trunk_id"},
        "status": {"x-inactive": "inactive"},
    }})));
    let kind = |name| Kind::from_schema(name, schema);
    Some(Box::leak(Box::new(Kinds { trunk: kind(KindName::Trunk), number: kind(KindName::Number) })))
}

fn refusal(no_safe_plan: bool) -> Refusal {
    Refusal {
        code: if no_safe_plan { Code::PLN007 } else { Code::PLN001 },
        message: "`kalem` would lose too much".into(),
        help: "look at each".into(),
        addresses: vec![trunk("Old PBX")],
        no_safe_plan,
    }
}

#[test]
fn a_plan_for_people() {
    insta::assert_snapshot!("plan", bare(&human::plan(&plan(412))));
}

#[test]
fn a_plan_for_programs() {
    insta::assert_snapshot!("document", Document::from(&plan(1)).to_line());
}

#[test]
fn drift_shows_no_steps() {
    let text = bare(&human::drift(&Drift::of(&plan(2), &[], true)));
    assert!(text.starts_with("DRIFT: not as declared: 5 resources; live and not declared: 1.\n"), "{text}");
    assert!(!text.contains("Steps"), "{text}");
}

#[test]
fn a_saved_plan_is_the_plan() {
    let refused = Plan { refusals: vec![refusal(false)], targets: vec!["trunk.*".into()], ..plan(3) };
    for plan in [Plan::default(), plan(0), plan(20), refused] {
        let line = Document::from(&plan).to_line();
        let document = Document::parse(&line).unwrap();
        assert_eq!(document.to_line(), line, "the document is read as it is written");
        let reopened = document.plan(&kinds).unwrap();
        assert_eq!(Document::from(&reopened).to_line(), line);
        assert_eq!(human::plan(&reopened), human::plan(&plan));
        assert_eq!(reopened.steps, plan.steps);
    }
}

#[test]
fn nothing_that_a_terminal_obeys_comes_out() {
    let plan = plan(1);
    let texts = [
        bare(&human::plan(&plan)),
        Document::from(&plan).to_line(),
        graph::mermaid(&plan),
        graph::dot(&plan),
    ];
    for text in texts {
        assert!(!text.contains(['\u{1b}', '\u{202e}']) && text.contains("PBX"), "{text}");
    }
}

#[test]
fn verdicts_say_what_apply_will_do() {
    let first = |plan: &Plan| bare(&human::plan(plan)).lines().next().unwrap().to_owned();
    let with = |refusals| Plan { refusals, ..plan(1) };
    let errors = Plan { errors: vec!["no token".into()], ..Plan::default() };
    assert_eq!(first(&plan(1)), "NEEDS APPROVAL: 1 removal, 1 request that nothing can undo.");
    assert!(first(&with(vec![refusal(false)])).starts_with("REFUSED: apply will not do this"));
    assert_eq!(first(&with(vec![refusal(true)])), "REFUSED: there is no safe plan.");
    assert_eq!(first(&Plan::default()), "NOTHING TO DO: 0 declared resources as declared.");
    assert!(first(&errors).starts_with("INCOMPLETE"));
    assert!(!human::plan(&errors).contains("No changes."), "an unread account is not in sync");
    assert!(
        human::plan(&Plan::default()).contains("No changes. Your infrastructure matches the configuration.")
    );
}

/// How long a plan takes is not taken from the file: one that says it wrongly, or not at all, is read and shown as it is.
#[test]
fn an_eta_is_never_trusted() {
    let line = Document::from(&plan(1)).to_line();
    let said = r#","requests":4,"eta_seconds":15}"#;
    assert!(line.contains(said), "{line}");
    for other in ["}", r#","requests":1,"eta_seconds":null}"#, r#","eta_seconds":9}"#] {
        let reopened = Document::parse(&line.replace(said, other)).unwrap().plan(&kinds).unwrap();
        assert_eq!(Document::from(&reopened).to_line(), line);
        assert!(human::plan(&reopened).contains("Requests: 4 to kalem (15 s at its 1000"));
    }
    let mut unbounded = plan(1);
    unbounded.accounts[0].budget = None;
    assert!(Document::from(&unbounded).to_line().contains(r#","requests":4,"eta_seconds":null}"#));
}

/// A plan over its limits is refused; without its refusal it is not used, unless `--allow-removals` let it pass when it was made.
#[test]
fn limits_hold_without_the_refusals() {
    let mut over = plan(1);
    over.accounts[0].allowed = 0;
    let reopened = |plan: &Plan| Document::from(plan).plan(&kinds).map(|_| ());
    assert!(reopened(&over).unwrap_err().contains("limits allow 0"));
    assert!(reopened(&Plan { allow_removals: Some(0), ..over.clone() }).is_err());
    assert_eq!(reopened(&Plan { allow_removals: Some(1), ..over.clone() }), Ok(()));
    assert_eq!(reopened(&Plan { refusals: vec![refusal(false)], ..over }), Ok(()));
}

/// What goes is shown under the name that it has.
#[test]
fn a_deletion_shows_the_name_that_is_live() {
    let reopened = |shown: &str| {
        let mut plan = plan(0);
        plan.changes[2].address = trunk(shown);
        plan.changes[2].read_as = Some(trunk("Old"));
        plan.accounts[0].fingerprints.push((trunk("Old"), "sha256:00".into()));
        plan.steps[2].address = trunk(shown);
        Document::from(&plan).plan(&kinds).map(|_| ())
    };
    assert_eq!(reopened("Old#7"), Ok(()));
    assert!(reopened("Junk").unwrap_err().contains("is in truth `kalem.trunk.Old`"));
}

/// Each pointer into the second step (a creation) or the document, a value, and a word of the answer.
#[test]
fn a_plan_that_somebody_changed_is_not_used() {
    let step = "/trunkform/steps/1";
    let long = format!("/{}", "a".repeat(1000));
    let cases = [
        ("/trunkform/plan_version", json!(2), "plan_version is 2"),
        ("/trunkform/steps/1/id", json!(1), "does not follow"),
        ("/trunkform/steps/1/waits_on", json!([2]), "not before"),
        ("/trunkform/steps/1/request/method", json!("GET"), "`GET`"),
        ("/trunkform/steps/1/request/path", json!("https://evil.example/"), "does not begin"),
        ("/trunkform/steps/1/request/path", json!("//evil.example/"), "`//`"),
        ("/trunkform/steps/1/request/path", json!("/a/../b"), "climbs"),
        ("/trunkform/steps/1/request/path", json!("/a/%2e%2E/b"), "climbs"),
        ("/trunkform/steps/1/request/path", json!("/a?x=1"), "no path has"),
        ("/trunkform/steps/1/request/path", json!("/a\u{7}"), "nobody can see"),
        ("/trunkform/steps/1/request/body/password", json!("in the clear"), "in the clear"),
        ("/trunkform/steps/1/request/body/name", json!("${env:HOME}"), "no secret"),
        ("/trunkform/steps/1/request/body/name", json!("${kalem.trunk.Nowhere}"), "no earlier step"),
        ("/trunkform/steps/1/address", json!("other.trunk.X"), "has not read"),
        ("/trunkform/summary/steps", json!(9), "counts 9 steps"),
        ("/resource_changes/0/change/actions", json!(["forget"]), "forget"),
        ("/errored", json!(true), "`errored: true`"),
        ("/applyable", json!(false), "`applyable: false`"),
        ("/complete", json!(false), "`complete: false`"),
        ("/format_version", json!("2.0"), "format_version"),
        ("/resource_changes/0/address", json!("kalem_trunk.kalem[\"X\"]"), "contradicts itself"),
        ("/trunkform/steps/0/address", json!("kalem.trunk.Nowhere"), "not among what changes"),
        ("/trunkform/steps/3/irreversible", json!(false), "not marked as irreversible"),
        ("/trunkform/steps/3/address", json!("kalem.trunk.Main"), "shown as update"),
        ("/trunkform/steps/1/request/method", json!("PUT"), "shown as create"),
        ("/trunkform/accounts/0/fingerprints", json!({}), "no fingerprint"),
        ("/trunkform/summary/create", json!(0), "creations"),
        ("/trunkform/summary/update", json!(0), "updates"),
        ("/trunkform/summary/replace", json!(1), "replacements"),
        ("/trunkform/summary/delete", json!(0), "deletions"),
        ("/trunkform/summary/removals", json!(0), "counts 0 removals"),
        ("/trunkform/accounts/0/removals", json!(0), "counts 0 removals"),
        ("/trunkform/accounts/0/allowed", json!(0), "limits allow 0"),
        ("/resource_changes/3/change/after/trunk", json!(null), "there are 2"),
        ("/resource_changes/3/change/after/status", json!("inactive"), "there are 2"),
        ("/trunkform/steps/1/request/body/auth_type", json!({"password": "${env:X}"}), "no secret"),
        ("/trunkform/steps/1/request/body/password", json!(["${env:X}"]), "no secret"),
        ("/trunkform/steps/2/request/path", json!("/n/${kalem.trunk.Office PBX"), "without an end"),
        ("/trunkform/steps/2/request/path", json!("/n/${kalem.trunk.Nowhere}"), "no earlier step"),
        ("/trunkform/steps/1/request/path", json!("/n/${kalem.trunk.Office PBX}"), "no earlier step"),
        ("/trunkform/steps/1/request/path", json!("/"), "only `/`"),
        ("/trunkform/steps/1/request/path", json!(long), "longer than"),
        ("/trunkform/steps/1/request/path", json!("/%74runks/1"), "no list is called"),
        ("/trunkform/steps/1/request/path", json!("/@other/1"), "no list is called"),
        ("/trunkform/steps/1/request/path", json!("/trunks;x/1"), "no list is called"),
    ];
    let line = Document::from(&plan(1)).to_line();
    for (pointer, value, says) in cases {
        let mut document: Json = serde_json::from_str(&line).unwrap();
        *document.pointer_mut(pointer).unwrap_or_else(|| panic!("{pointer} below {step}")) = value;
        let refused = Document::parse(&document.to_string()).and_then(|document| document.plan(&kinds));
        let why = refused.err().unwrap_or_else(|| panic!("{pointer}: accepted"));
        assert!(why.contains(says), "{pointer}: {why}");
    }
    assert!(Document::parse("{}").unwrap_err().contains("not a plan"));
    assert!(Document::parse("<html>").unwrap_err().contains("not JSON"));
}

#[test]
fn a_report_says_complete_only_when_all_is() {
    let plan = plan(1);
    let ended = |outcome| StepReport {
        id: 1,
        address: trunk("Main"),
        verb: "update".into(),
        outcome,
        status: Some(422),
        error: Some("422 no".into()),
        because: None,
    };
    let all = |outcomes: &[Outcome]| Report {
        steps: outcomes.iter().map(|o| ended(*o)).collect(),
        interrupted: false,
    };
    let good = all(&[Outcome::Done; 4]);
    assert_eq!(
        report::human(&plan, &good).trim(),
        "Apply complete! Resources: 1 added, 2 changed, 1 destroyed."
    );
    let bad = all(&[Outcome::Done, Outcome::Failed, Outcome::Uncertain, Outcome::Skipped]);
    insta::assert_snapshot!("report", report::human(&plan, &bad));
    let converged = |report: &Report| {
        serde_json::from_str::<Json>(&report::json(&plan, report)).unwrap()["converged"].clone()
    };
    assert_eq!(
        [converged(&good), converged(&bad), converged(&Report::default())],
        [json!(true), json!(false), json!(false)]
    );
}

/// What is live is no longer there for the next run to read, and no file need say it.
#[test]
fn a_report_says_what_was_made_anew_by_half() {
    let ended = |id: u32, address: Address, outcome| StepReport {
        id,
        address,
        verb: "create".into(),
        outcome,
        status: None,
        error: None,
        because: None,
    };
    let end = |plan: &Plan, first, second| {
        let numbers = (0..plan.summary.update as u64 - 1).map(number);
        let steps = numbers.flat_map(|one| [ended(1, one.clone(), first), ended(2, one, second)]);
        report::human(plan, &Report { steps: steps.collect(), interrupted: true })
    };
    let anew = |count: u64| {
        let mut plan = plan(count);
        for change in plan.changes.iter_mut().filter(|change| change.address.kind == KindName::Number) {
            change.action = Action::Replace;
            let before = json!({"number": "x", "trunk": "Old PBX", "name": "De\u{1b}sk", "note": " ", "agent": null, "key": "(sensitive value)"});
            change.before = before.as_object().cloned();
            change.sensitive = vec!["key".into()];
        }
        plan.steps.iter_mut().filter(|s| s.verb == "assign").for_each(|step| step.gap = Gap::Brief);
        plan
    };
    let told = end(&anew(1), Outcome::Done, Outcome::Failed);
    let expected = "\nMade anew by half (1); the file may not say all that they were:\n  kalem.number.+15550100000 was: trunk \"Old PBX\", name \"De\\u001bsk\"\n\n\
        Write into the file what it does not say of these, then run `trunkform apply` again: it reads what is live now and plans only what is left.\n";
    assert!(told.ends_with(expected), "{told}");
    let many = end(&anew(22), Outcome::Uncertain, Outcome::Skipped);
    assert!(many.contains("by half (22)") && many.matches(" was: ").count() == 20, "{many}");
    assert!(many.contains("+15550100019 was: ") && many.contains("\n  and 2 more\n\nWrite into"), "{many}");
    // Nothing was sent of it, all of it was, it only changes, or it is never off the air.
    let again = "\n\nRun `trunkform apply` again: ";
    let mut gapless = anew(1);
    gapless.steps.iter_mut().for_each(|step| step.gap = Gap::None);
    let mut whole = anew(1);
    whole.unread = vec![crate::model::Account::new("south")];
    for (plan, first, second) in [
        (anew(1), Outcome::Failed, Outcome::Skipped),
        (whole, Outcome::Done, Outcome::Done),
        (plan(1), Outcome::Done, Outcome::Failed),
        (gapless, Outcome::Done, Outcome::Failed),
    ] {
        let told = end(&plan, first, second);
        assert!(!told.contains(" was: ") && told.contains(again), "{told}");
    }
}
