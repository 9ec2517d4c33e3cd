//! Drift for people, CI and Prometheus: goldens, what is ignored, what could not be read, hostile names, and many.

use std::time::Duration;

use super::findings::{HOSTILE, in_xml};
use super::{bare, xml};
use crate::model::{
    Account, Address, Code, Diagnostic, Drift, KindName, Observed, Pattern, Plan, PlannedAccount,
};
use crate::render::drift::{Run, junit, prometheus};
use crate::render::fixture::{number, plan, trunk};
use crate::render::human;

pub(super) const RUN: Run = Run { at: 1_767_225_600, took: Duration::from_millis(1234) };

fn patterns(texts: &[&str]) -> Vec<Pattern> {
    texts.iter().map(|text| Pattern::new(text)).collect()
}

fn account(name: &str) -> PlannedAccount {
    PlannedAccount {
        account: Account::new(name),
        provider: "kalem".into(),
        observed: Observed::default(),
        fingerprints: vec![],
        removals: 0,
        allowed: 3,
        budget: None,
    }
}

/// The plan of the other tests, with an account that could not be read.
fn with_an_unread_account() -> Plan {
    let (errors, unread) = (vec!["south: no answer".into()], vec![Account::new("south")]);
    Plan { errors, unread, ..plan(0) }
}

fn value(text: &str, series: &str) -> Option<String> {
    let mut found = text.lines().filter_map(|line| line.strip_prefix(series)?.strip_prefix(' '));
    found.next().map(str::to_owned)
}

fn gauge(kind: &str, action: &str) -> String {
    format!(r#"trunkform_drift_resources{{account="kalem",kind="{kind}",action="{action}"}}"#)
}

#[test]
fn what_is_ignored_is_shown_and_does_not_count() {
    let plan = plan(3);
    let some = Drift::of(&plan, &patterns(&["number.*", "kalem.trunk.Main"]), false);
    assert!(some.is_some());
    let text = bare(&human::drift(&some));
    assert!(text.starts_with("DRIFT: not as declared: 2 resources; ignored: 4.\n"), "{text}");
    let told = "\nIgnored: kalem.trunk.Main, kalem.number.+15550100000..+15550100002 (3 numbers)\n";
    assert!(text.contains(told) && !text.contains("Impact"), "{text}");
    assert!(text.ends_with("\nPlan: 1 to add, 0 to change, 1 to destroy.\n"), "{text}");
    let text = prometheus(&some, RUN);
    let ignored = r#"trunkform_drift_ignored{account="kalem",kind="number"}"#;
    assert_eq!(value(&text, &gauge("number", "update")).as_deref(), Some("0"));
    assert_eq!(value(&text, ignored).as_deref(), Some("3"));
    let elements = xml::read(&junit(&some));
    assert_eq!(elements.iter().filter(|one| one.name == "skipped").count(), 4);
    assert_eq!(elements.iter().filter(|one| one.name == "failure").count(), 2);

    let all = Drift::of(&plan, &patterns(&["*"]), true);
    assert!(!all.is_some());
    let text = bare(&human::drift(&all));
    assert!(
        text.starts_with("IN SYNC: what is live is as declared (0 resources), but for what is ignored: "),
        "{text}"
    );
    assert_eq!(text.matches('\n').count(), 1, "{text}");
}

#[test]
fn an_account_that_is_not_known_has_no_figures() {
    let unread = with_an_unread_account();
    let drift = Drift::of(&unread, &[], false);
    let text = prometheus(&drift, RUN);
    assert_eq!(value(&text, "trunkform_last_run_success").as_deref(), Some("0"));
    assert!(!text.contains("south") && value(&text, &gauge("trunk", "create")).as_deref() == Some("1"));
    let elements = xml::read(&junit(&drift));
    let errors: Vec<_> = elements.iter().filter(|one| one.name == "error").collect();
    assert_eq!((errors.len(), errors[0].get("message")), (1, "south: no answer"));
    assert_eq!((elements[0].get("errors"), elements[0].get("failures")), ("1", "3"));

    // One account is read, but its names are not clear; the other one is as it should be.
    let twice = Diagnostic::new(Code::LIV001, "two live trunks").about(&trunk("A"));
    let unclear = Plan {
        accounts: vec![account("kalem"), account("other")],
        diagnostics: vec![twice.clone()],
        ..Plan::default()
    };
    let text = prometheus(&Drift::of(&unclear, &[], false), RUN);
    assert!(
        !text.contains("kalem") && text.contains(r#"drift_unlisted{account="other",kind="trunk"} 0"#),
        "{text}"
    );
    assert_eq!(xml::read(&junit(&Drift::of(&unclear, &[], false)))[0].get("errors"), "1");

    for general in [
        Plan { errors: vec!["no token".into()], ..plan(1) },
        Plan { diagnostics: vec![Diagnostic::new(Code::CFG012, "no file")], ..plan(1) },
    ] {
        let drift = Drift::of(&general, &[], true);
        let text = prometheus(&drift, RUN);
        assert!(!text.contains("drift_") && text.ends_with("last_run_success 0\n"), "{text}");
        let elements = xml::read(&junit(&drift));
        assert_eq!((elements[0].get("errors"), elements[0].get("failures")), ("1", "0"));
    }
}

#[test]
fn hostile_names_come_out_visible_and_whole() {
    for (hostile, shown) in HOSTILE {
        let mut plan = plan(0);
        plan.changes[0].address = trunk(hostile);
        plan.changes[0].reason = hostile.into();
        plan.unlisted = vec![Address::new(&Account::new("kalem"), KindName::Trunk, &format!("{hostile}2"))];
        plan.accounts.push(account(hostile));
        plan.errors = vec![hostile.into()];
        plan.unread = vec![Account::new(hostile)];
        let drift = Drift::of(&plan, &[], true);
        let elements = xml::read(&junit(&drift));
        let has = |name: &str, text: &str| elements.iter().any(|one| one.get(name) == in_xml(text));
        assert!(
            has("name", shown) && has("name", &format!("{shown}2")) && has("message", shown),
            "{elements:?}"
        );

        plan.unread.clear();
        plan.errors.clear();
        let text = prometheus(&Drift::of(&plan, &[], true), RUN);
        let label = shown.replace('\\', r"\\").replace('"', "\\\"");
        let series = format!(r#"trunkform_drift_unlisted{{account="{label}",kind="trunk"}}"#);
        assert_eq!(value(&text, &series).as_deref(), Some("0"), "{text}");
        assert!(!text.replace('\n', "").contains(crate::model::text::is_hidden), "{text}");
    }
}

#[test]
fn many_changes_are_all_counted() {
    for n in [1_000, 50_000] {
        let mut plan = plan(n);
        // Numbers of ten digits fit no longer, so the fixture's are told apart by their length.
        let live: Vec<_> = (0..n).map(|at| number(at + 100_000)).collect();
        plan.unlisted = live;
        let drift = Drift::of(&plan, &patterns(&["number.+15550100000"]), true);
        let text = prometheus(&drift, RUN);
        assert_eq!(value(&text, &gauge("number", "update")), Some((n - 1).to_string()));
        assert!(text.len() < 4_000, "{}", text.len());
        let document = junit(&drift);
        let elements = xml::read(&document);
        // Three trunks, all numbers twice, and that the account is read.
        let tests = (2 * n + 4).to_string();
        assert_eq!((elements[0].get("tests"), elements[1].get("tests")), (&*tests, &*tests));
        assert_eq!(elements[0].get("failures"), (2 * n + 2).to_string());
        assert_eq!(elements.iter().filter(|one| one.name == "testcase").count(), 2 * n as usize + 4);
        assert!(document.len() < 600 * n as usize, "{}", document.len());
        assert_eq!(
            bare(&human::drift(&drift)).lines().next().unwrap(),
            format!("DRIFT: not as declared: {} resources; live and not declared: {n}; ignored: 1.", n + 2)
        );
    }
}
