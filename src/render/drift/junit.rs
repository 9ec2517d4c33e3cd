//! Drift as JUnit XML: one test case a resource, so that its name is the same at every run.
//! In: what differs, and what of it counts. Out: one document.
//! What is ignored is skipped; an account that was not read is an error, not an empty suite.

use std::collections::BTreeMap;

use crate::model::{Account, Address, Diagnostic, Drift, PlannedChange};
use crate::render::junit::{Case, Outcome, Suite, document};
use crate::render::view::changes::attributes;

/// The whole document.
pub fn junit(drift: &Drift<'_>) -> String {
    let mut suites = Vec::new();
    let general = general(drift);
    if !general.is_empty() {
        suites.push(Suite { name: "run".into(), cases: general });
    }
    let mut cases = cases(drift);
    for account in drift.plan.accounts.iter().map(|planned| &planned.account) {
        let read = case("the account is read", account, Outcome::Passed);
        // What is wrong stands in the first suite.
        let found = cases.remove(account).filter(|_| drift.knows(account)).unwrap_or_default();
        suites.push(Suite {
            name: account.to_string(),
            cases: std::iter::once(read).chain(found.into_values()).collect(),
        });
    }
    for (account, why) in drift.plan.unread.iter().zip(&drift.plan.errors) {
        let unread = case("the account is read", account, Outcome::Error("unread".into(), why.clone()));
        suites.push(Suite { name: account.to_string(), cases: vec![unread] });
    }
    document("trunkform drift", &suites)
}

fn case(name: &str, class: &Account, outcome: Outcome) -> Case {
    Case { class: class.to_string(), name: name.into(), outcome, lines: Vec::new() }
}

/// What is wrong and not with the reading of one account.
fn general(drift: &Drift<'_>) -> Vec<Case> {
    let error = |name: &str, kind: &str, why: &str| Case {
        class: "run".into(),
        name: name.into(),
        outcome: Outcome::Error(kind.into(), why.into()),
        lines: Vec::new(),
    };
    let errors = drift.plan.errors.iter().skip(drift.plan.unread.len());
    let found = drift.plan.diagnostics.iter().filter(|found| found.is_error());
    let diagnosed = |Diagnostic { code, message, address, .. }: &Diagnostic| {
        let about = address.as_ref().map(|address| format!(" {address}")).unwrap_or_default();
        error(&format!("{code}{about}"), code.as_str(), message)
    };
    errors.map(|why| error("the run is complete", "error", why)).chain(found.map(diagnosed)).collect()
}

/// The cases of each account, by address.
fn cases<'a>(drift: &Drift<'a>) -> BTreeMap<&'a Account, BTreeMap<&'a Address, Case>> {
    let mut all: BTreeMap<_, BTreeMap<_, _>> = BTreeMap::new();
    let mut put = |address: &'a Address, outcome, lines| {
        let class = format!("{}.{}", address.account, address.kind);
        let case = Case { class, name: address.name.to_string(), outcome, lines };
        all.entry(&address.account).or_default().insert(address, case);
    };
    for declared in &drift.plan.planned {
        put(&declared.address, Outcome::Passed, Vec::new());
    }
    for &change in &drift.changes {
        put(&change.address, differs(change), attributes(change, &drift.plan.secrets));
    }
    for &address in drift.unlisted.iter().filter(|_| drift.with_unlisted) {
        put(address, Outcome::Failed("unlisted".into(), "live, not in the file".into()), Vec::new());
    }
    for &address in &drift.ignored {
        put(address, Outcome::Skipped("differs, and is ignored".into()), Vec::new());
    }
    all
}

fn differs(change: &PlannedChange) -> Outcome {
    let place = change.source.as_ref().map(|source| format!("; {source}")).unwrap_or_default();
    Outcome::Failed(change.action.as_str().into(), format!("{}{place}", change.reason))
}
