//! Every scenario, once for each request and each fault.

use crate::fault::{FAULTS, Fault};
use crate::scenario::Scenario;
use crate::tally::{Tally, count};
use crate::{is_long, only, picked, story};

/// So many requests of a scenario are disturbed by each fault in the short version.
const FEW: usize = 2;

/// The requests to disturb: all, or a few that lie elsewhere for each fault and each scenario.
pub fn chosen(requests: usize, turn: usize) -> impl Iterator<Item = usize> {
    let step = if is_long() || only().is_some() { 1 } else { requests.div_ceil(FEW).max(1) };
    (turn % step..requests).step_by(step)
}

/// A client that tries again where it may, one that never does: in turn, or both.
fn clients(turn: usize) -> &'static [u32] {
    match turn % 2 {
        _ if is_long() || only().is_some() => &[1, 4],
        0 => &[1],
        _ => &[4],
    }
}

/// Whether `FAULTS_ONLY=SCENARIO/FAULT/REQUEST` leaves it in.
pub fn is_in(fault: &str, request: usize) -> bool {
    let Some(only) = only() else { return true };
    let mut parts = only.split('/').skip(1);
    parts.next().is_none_or(|wanted| wanted == fault)
        && parts.next().is_none_or(|wanted| wanted == request.to_string())
}

/// Plays all stories of these scenarios.
pub fn search(part: &str, scenarios: &[Scenario]) {
    let tally = Tally::default();
    let mut failures = Vec::new();
    for (at, scenario) in scenarios.iter().enumerate().filter(|(_, scenario)| picked(scenario)) {
        count(&tally.scenarios, 1);
        let requests = match story::undisturbed(scenario, &tally) {
            Ok(requests) => requests,
            Err(why) => {
                failures.push(format!("{}, undisturbed: {why}\n{:#?}", scenario.name, scenario.cases));
                continue;
            }
        };
        for (kind, fault) in FAULTS.into_iter().enumerate() {
            failures.extend(disturbed((scenario, requests), fault, 3 * at + 5 * kind, &tally));
        }
    }
    end(part, tally, &failures);
}

/// Tells what was tried, and what went wrong.
pub fn end(part: &str, tally: Tally, failures: &[String]) {
    tally.tell(part);
    let few: Vec<&str> = failures.iter().map(String::as_str).take(5).collect();
    assert!(failures.is_empty(), "{} stories went wrong:\n{}", failures.len(), few.join("\n\n"));
}

/// What went wrong, and how to see it again.
pub fn failure(scenario: &Scenario, (what, request): (&str, usize), why: impl std::fmt::Display) -> String {
    let name = format!("{}/{what}/{request}", scenario.name);
    format!("{name} (FAULTS_ONLY='{name}' cargo test --test faults): {why}\n{:#?}", scenario.cases)
}

fn disturbed(
    (scenario, requests): (&Scenario, usize),
    fault: Fault,
    turn: usize,
    tally: &Tally,
) -> Vec<String> {
    let mut failures = Vec::new();
    for request in chosen(requests, turn).filter(|&request| is_in(fault.name, request)) {
        for &tries in clients(turn + request) {
            if let Err(why) = story::heals(scenario, (fault, request), tries, tally) {
                let why = format!("{tries} tries: {why}");
                failures.push(failure(scenario, (fault.name, request), why));
            }
        }
    }
    failures
}
