//! Numbers that go from one account to another in one run, both ways at once, between platforms and between two accounts of one.
//! Held: after every single request each of them is in service at one account at least; whatever goes wrong, the next run finishes it.

use proptest::prelude::*;
use serde_json::{Value as Json, json};
use trunkform::model::{Outcome, Plan};

use crate::cases;
use crate::estate::Estate;
use crate::laws::{FAULTS, is_in_sync};
use crate::worlds::seen::Seen;
use crate::worlds::{Case, Platform};

type Checked = Result<(), TestCaseError>;

const NUMBERS: [&str; 5] = ["+14155552670", "+14155552671", "+14155552672", "+442079460958", "+4930901820"];
const PAIRS: [[Platform; 2]; 5] = [
    [Platform::Kalem, Platform::Bolna],
    [Platform::Bolna, Platform::Talkover],
    [Platform::Talkover, Platform::Kalem],
    [Platform::Bolna, Platform::Bolna],
    [Platform::Talkover, Platform::Talkover],
];
const AGENTS: [&str; 2] = ["Sales Agent", "Support Agent"];

/// Where a number is, and where it should be: account, trunk, agent.
type Place = (usize, usize, usize);

#[derive(Clone, Debug)]
struct Crossing {
    pair: [Platform; 2],
    /// What becomes of trunks and numbers that a file no longer lists: all goes, numbers go, or numbers are only unassigned.
    unlisted: usize,
    numbers: Vec<(Place, Place)>,
}

fn crossings() -> impl Strategy<Value = Crossing> {
    let place = || (0..2_usize, 0..2_usize, 0..2_usize);
    let numbers = proptest::collection::vec((place(), place()), NUMBERS.len());
    (prop::sample::select(&PAIRS[..]), 0..3_usize, numbers).prop_map(|(pair, unlisted, numbers)| Crossing {
        pair,
        unlisted,
        numbers,
    })
}

fn trunk(platform: Platform, at: usize) -> Json {
    let (name, host) = (format!("Trunk {at}"), format!("sip{at}.example.com"));
    match platform {
        Platform::Kalem => {
            json!({"name": name, "direction": "inbound", "auth_type": "ip", "host": host, "port": 5060})
        }
        Platform::Bolna => {
            json!({"name": name, "provider": "twilio", "auth_type": "ip-based", "ip_identifiers": [{"ip_address": "192.31.196.1"}],
            "gateways": [{"gateway_address": host, "port": 5060, "priority": 1}]})
        }
        Platform::Talkover => {
            json!({"name": name, "provider_name": "Carrier Ltd", "domain": host, "username": "user", "transport": "tls", "port": 5061})
        }
    }
}

impl Crossing {
    fn live(&self, account: usize) -> Json {
        let platform = self.pair[account];
        let here: Vec<(usize, Place)> = self
            .numbers
            .iter()
            .map(|(from, _)| *from)
            .enumerate()
            .filter(|(_, from)| from.0 == account)
            .collect();
        let id = |at: usize| {
            if platform == Platform::Kalem { json!(at + 1) } else { json!(format!("agent-{at}")) }
        };
        let agents = AGENTS.iter().enumerate().map(|(at, name)| match platform {
            Platform::Kalem => json!({"id": id(at), "name": name, "type": "voice"}),
            Platform::Bolna => json!({"id": id(at), "agent_name": name}),
            Platform::Talkover => {
                let held = here.iter().filter(|(_, (_, _, agent))| *agent == at).map(|(n, _)| format!("d-{n}"));
                json!({"id": id(at), "name": name, "label": name, "direction": "inbound", "current_status": "published", "phone_number_ids": held.collect::<Vec<_>>()})
            }
        });
        let trunks = (0..2).map(|at| {
            let mut row = trunk(platform, at);
            let on = here.iter().filter(|(_, (_, trunk, _))| *trunk == at);
            match platform {
                Platform::Kalem => row["id"] = json!(at + 1),
                Platform::Bolna => {
                    row["phone_numbers"] = on.map(|(n, (_, _, agent))| json!({"phone_number": NUMBERS[*n], "agent_id": id(*agent)})).collect();
                }
                Platform::Talkover => {
                    row["is_active"] = json!(true);
                    row["is_verified"] = json!(true);
                    row["dids"] = on.map(|(n, _)| json!({"id": format!("d-{n}"), "number": NUMBERS[*n], "country_code": "US"})).collect();
                }
            }
            row
        });
        let mut live = json!({"agents": agents.collect::<Vec<_>>(), "trunks": trunks.collect::<Vec<_>>()});
        if platform == Platform::Kalem {
            live["numbers"] = here.iter().map(|(n, (_, trunk, agent))| {
                json!({"id": n + 11, "number": NUMBERS[*n], "provider": "manual", "status": "active", "trunk_id": trunk + 1, "voice_agent_id": agent + 1})
            }).collect();
        }
        live
    }

    fn file(&self, account: usize) -> Json {
        let platform = self.pair[account];
        let agent = if platform == Platform::Kalem { "voice_agent" } else { "agent" };
        let here = self.numbers.iter().map(|(_, to)| *to).enumerate().filter(|(_, to)| to.0 == account);
        let mut used = [self.unlisted > 0; 2];
        let numbers: Vec<Json> = here
            .map(|(n, (_, trunk, who))| {
                used[trunk] = true;
                json!({"number": NUMBERS[n], "trunk": format!("Trunk {trunk}"), (agent): AGENTS[who]})
            })
            .collect();
        let trunks = (0..2).filter(|at| used[*at]).map(|at| {
            let mut row = trunk(platform, at);
            if platform == Platform::Talkover {
                row["password"] = json!({"env": "MAIN_TRUNK_PASSWORD"});
            }
            row
        });
        let unlisted = [json!("delete"), json!({"numbers": "delete"}), json!({"numbers": "unassign"})];
        json!({"provider": platform.name(), "unlisted": unlisted[self.unlisted], "limits": {"removals": "100%"},
            "trunks": trunks.collect::<Vec<_>>(), "numbers": numbers})
    }

    fn cases(&self) -> Vec<Case> {
        let case = |account: usize| Case::new(self.pair[account], self.live(account), self.file(account));
        let second = match self.pair {
            [Platform::Bolna, Platform::Bolna] => Case { account: "bolna-eu", world: "@eu", ..case(1) },
            [Platform::Talkover, Platform::Talkover] => {
                Case { account: "talkover-eu", world: "@eu", ..case(1) }
            }
            _ => case(1),
        };
        vec![case(0), second]
    }

    /// The numbers that go to the other account.
    fn crossing(&self) -> impl Iterator<Item = usize> {
        self.numbers.iter().enumerate().filter(|(_, (from, to))| from.0 != to.0).map(|(n, _)| n)
    }

    /// Each number that crosses is answered somewhere.
    fn is_answered(&self, accounts: [&Seen; 2]) -> Checked {
        for n in self.crossing() {
            let answered = accounts.iter().any(|seen| seen.number(NUMBERS[n]).is_some_and(is_answered));
            prop_assert!(answered, "{} is in service nowhere: {accounts:#?}", NUMBERS[n]);
        }
        Ok(())
    }

    fn is_done(&self, accounts: &[Seen]) -> Checked {
        for (n, (from, (account, trunk, agent))) in self.numbers.iter().enumerate() {
            let number = accounts[*account].number(NUMBERS[n]);
            let says = |name: &str| number.and_then(|number| number.says.get(name)).cloned();
            prop_assert_eq!(says("trunk"), Some(json!(format!("Trunk {trunk}"))));
            let field = if self.pair[*account] == Platform::Kalem { "voice_agent" } else { "agent" };
            prop_assert_eq!(says(field), Some(json!(AGENTS[*agent])));
            let old = accounts[from.0].number(NUMBERS[n]).filter(|_| from.0 != *account);
            prop_assert!(old.is_none_or(|old| self.unlisted == 2 && !is_answered(old)), "{old:?} is left");
        }
        Ok(())
    }
}

fn is_answered(number: &crate::worlds::seen::Thing) -> bool {
    let has = |name: &str| number.says.get(name).is_some_and(|value| !value.is_null());
    has("trunk") && (has("agent") || has("voice_agent"))
}

fn every_moment_is_right(crossing: &Crossing, estate: &Estate, before: &Json) -> Checked {
    let moments = estate.moments(before);
    moments[0].iter().zip(&moments[1]).try_for_each(|(one, other)| crossing.is_answered([one, other]))
}

fn is_orderly(plan: &Plan) -> Checked {
    for (at, step) in plan.steps.iter().enumerate() {
        prop_assert_eq!(step.id as usize, at + 1);
        prop_assert!(step.waits_on.iter().all(|wait| *wait < step.id), "a step waits on a later one");
    }
    Ok(())
}

proptest! {
    #![proptest_config(cases(40))]

    #[test]
    fn a_number_is_let_go_only_when_it_stands_elsewhere(crossing in crossings(), workers in 1..4_usize) {
        let estate = Estate::with(&crossing.cases(), &[]);
        let before = estate.live.sandbox.snapshot();
        let plan = estate.plan().map_err(TestCaseError::fail)?;
        is_orderly(&plan)?;
        let report = estate.apply(&plan, workers);
        prop_assert!(report.converged(), "{report:#?}\n{:#?}", plan.steps);
        prop_assert_eq!(estate.live.refused(), Vec::<String>::new());
        every_moment_is_right(&crossing, &estate, &before)?;
        crossing.is_done(&estate.seen())?;
        is_in_sync(&estate)?;
    }

    /// What can't be had at the new account stays in service at the old one.
    #[test]
    fn a_platform_that_takes_nothing_costs_nothing(crossing in crossings()) {
        let estate = Estate { tries: 1, patience: 0, ..Estate::with(&crossing.cases(), &[]) };
        let before = estate.live.sandbox.snapshot();
        let plan = estate.plan().map_err(TestCaseError::fail)?;
        estate.disturb(Some("status=500,method=POST"));
        let report = estate.apply(&plan, 4);
        estate.disturb(None);
        let made: Vec<usize> = crossing.crossing().collect();
        let left = report.steps.iter().filter(|step| step.verb == "delete" && made.iter().any(|n| *step.address.name == *NUMBERS[*n]));
        for step in left.filter(|step| plan.changes.iter().any(|c| c.address == step.address && c.after.is_none())) {
            prop_assert_eq!(step.outcome, Outcome::Skipped, "{:?}", step);
        }
        every_moment_is_right(&crossing, &estate, &before)?;
        let again = estate.run().expect("it can be read");
        prop_assert!(again.converged(), "{again:#?}");
        crossing.is_done(&estate.seen())?;
    }
}

proptest! {
    #![proptest_config(cases(6))]

    #[test]
    fn any_fault_heals_when_run_again(crossing in crossings(), first in 0..8_usize) {
        let whole = Estate::with(&crossing.cases(), &[]);
        whole.apply(&whole.plan().map_err(TestCaseError::fail)?, 1);
        for at in 0..whole.live.sandbox.requests().len() {
            let (fault, tries) = FAULTS[(first + at) % FAULTS.len()];
            let estate = Estate { tries, patience: 0, ..Estate::with(&crossing.cases(), &[]) };
            let before = estate.live.sandbox.snapshot();
            estate.disturb(Some(&format!("{fault},request={at}")));
            let mut report = estate.run();
            estate.disturb(None);
            for _ in 0..2 {
                report = estate.run().or(report);
            }
            let what = || format!("{fault} at {at}, {tries} tries: {report:#?}\n{}", estate.live.writes());
            every_moment_is_right(&crossing, &estate, &before).map_err(|why| TestCaseError::fail(format!("{why}\n{}", what())))?;
            crossing.is_done(&estate.seen()).map_err(|why| TestCaseError::fail(format!("{why}\n{}", what())))?;
            is_in_sync(&estate)?;
        }
    }
}
