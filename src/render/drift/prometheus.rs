//! Drift as figures, in the text format of Prometheus.
//! In: what differs and what of it counts; when, how long and how well the run went. Out: gauges with their help, a newline at the end.
//! An account that could not be read has no figures: zero would mean that nothing differs.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::time::Duration;

use crate::model::{Account, Action, Address, Drift, KindName, visible};

/// What is to be told of the run itself.
#[derive(Clone, Copy, Debug)]
pub struct Run {
    /// When it was, in seconds since 1970.
    pub at: i64,
    /// How long it took.
    pub took: Duration,
}

/// What has an address and is managed.
const KINDS: [KindName; 2] = [KindName::Trunk, KindName::Number];
const ACTIONS: [Action; 4] = [Action::Create, Action::Update, Action::Replace, Action::Delete];

/// The whole text.
pub fn prometheus(drift: &Drift<'_>, run: Run) -> String {
    let mut out = String::new();
    let version = [("version", env!("CARGO_PKG_VERSION"))];
    gauge(&mut out, "build_info", "The program that ran; always 1.");
    sample(&mut out, "build_info", &version, 1);
    gauge(&mut out, "last_run_timestamp_seconds", "When the last run was, in seconds since 1970.");
    sample(&mut out, "last_run_timestamp_seconds", &[], run.at);
    gauge(&mut out, "last_run_duration_seconds", "How long the last run took.");
    sample(&mut out, "last_run_duration_seconds", &[], format_args!("{:.3}", run.took.as_secs_f64()));
    gauge(&mut out, "last_run_success", "Whether all that the files declare could be compared.");
    sample(&mut out, "last_run_success", &[], u8::from(!drift.plan.has_errors()));
    figures(&mut out, drift);
    out
}

fn figures(out: &mut String, drift: &Drift<'_>) {
    let accounts: Vec<&Account> =
        drift.plan.accounts.iter().map(|one| &one.account).filter(|account| drift.knows(account)).collect();
    if accounts.is_empty() {
        return;
    }
    let differing = counted(drift.changes.iter().map(|change| (&change.address, Some(change.action))));
    gauge(out, "drift_resources", "Resources that are not as declared, by what would make them so.");
    for (account, kind) in each(&accounts) {
        for action in ACTIONS {
            let labels =
                [("account", account.as_str()), ("kind", kind.as_str()), ("action", action.as_str())];
            let n = differing.get(&(account, kind, Some(action))).copied().unwrap_or(0);
            sample(out, "drift_resources", &labels, n);
        }
    }
    let others = [
        ("drift_unlisted", "Resources that are live and that no file lists.", &drift.unlisted),
        (
            "drift_ignored",
            "Resources that differ or that no file lists, and that are known noise.",
            &drift.ignored,
        ),
    ];
    for (name, help, addresses) in others {
        let n_of = counted(addresses.iter().map(|address| (*address, None)));
        gauge(out, name, help);
        for (account, kind) in each(&accounts) {
            let labels = [("account", account.as_str()), ("kind", kind.as_str())];
            sample(out, name, &labels, n_of.get(&(account, kind, None)).copied().unwrap_or(0));
        }
    }
}

fn each<'a>(accounts: &[&'a Account]) -> impl Iterator<Item = (&'a Account, KindName)> {
    accounts.iter().flat_map(|account| KINDS.map(|kind| (*account, kind)))
}

type Key<'a> = (&'a Account, KindName, Option<Action>);

fn counted<'a>(all: impl Iterator<Item = (&'a Address, Option<Action>)>) -> HashMap<Key<'a>, usize> {
    let mut counts = HashMap::new();
    for (address, action) in all {
        *counts.entry((&address.account, address.kind, action)).or_default() += 1;
    }
    counts
}

fn gauge(out: &mut String, name: &str, help: &str) {
    line(out, format_args!("# HELP trunkform_{name} {help}\n# TYPE trunkform_{name} gauge"));
}

fn sample(out: &mut String, name: &str, labels: &[(&str, &str)], value: impl std::fmt::Display) {
    let labels: Vec<_> = labels.iter().map(|(key, value)| format!("{key}=\"{}\"", escaped(value))).collect();
    let labels = if labels.is_empty() { String::new() } else { format!("{{{}}}", labels.join(",")) };
    line(out, format_args!("trunkform_{name}{labels} {value}"));
}

/// The value of a label. No line break is left in what is visible.
fn escaped(text: &str) -> String {
    visible(text).replace('\\', r"\\").replace('"', "\\\"")
}

fn line(out: &mut String, text: std::fmt::Arguments<'_>) {
    writeln!(out, "{text}").expect("writing to a string does not fail");
}
