//! Names of trunks that go round or on, with changes and moves of numbers on top, on every platform.
//! Each trunk is known by its target, so that the test can tell whose name became whose.

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::{Value as Json, json};

use crate::cases;
use crate::estate::Estate;
use crate::moments;
use crate::worlds::seen::{Seen, Thing};
use crate::worlds::{Case, Platform};

type Checked = Result<(), TestCaseError>;

const NAMES: [&str; 5] = ["Alpha", "Beta trunk", "Gamma.example", "Delta", "Epsilon"];
const NUMBERS: [&str; 4] = ["+14155552670", "+14155552671", "+14155552672", "+442079460958"];

/// What becomes of a live trunk.
#[derive(Clone, Debug)]
struct Fate {
    /// Where in the permutation it goes to.
    name: usize,
    /// Whether the file says its id.
    pinned: bool,
    /// Whether an attribute changes as well; whether one that makes it anew.
    changes: bool,
    anew: bool,
}

#[derive(Clone, Debug)]
struct Round {
    platform: Platform,
    fates: Vec<Fate>,
    /// A new trunk that takes a name which is left.
    new: bool,
    /// For each number the live trunk that it is on, and the one that it comes to.
    numbers: Vec<(usize, usize)>,
}

fn rounds() -> impl Strategy<Value = Round> {
    let platforms = prop_oneof![Just(Platform::Kalem), Just(Platform::Bolna), Just(Platform::Talkover)];
    (platforms, 2..5_usize).prop_flat_map(|(platform, count)| {
        let names = Just((0..NAMES.len()).collect::<Vec<_>>()).prop_shuffle();
        let more = proptest::collection::vec((any::<bool>(), 0..8_u8), count);
        let numbers = proptest::collection::vec((0..count, 0..count), NUMBERS.len());
        (names, more, any::<bool>(), any::<bool>(), numbers).prop_map(
            move |(names, more, open, new, numbers)| {
                // Of a closed round only names that are live are given.
                let names: Vec<_> =
                    names.into_iter().filter(|name| open || *name < count).take(count).collect();
                // Where numbers stay with a name that goes round, not with its trunk, it may have gone round already: then only the ids tell.
                let stays_with = |&(from, to): &(usize, usize)| from != to && names.get(to) == Some(&from);
                let told = numbers.iter().any(|number| stays_with(number) && goes_round(&names, number.1));
                // What is live of a trunk that is made anew may be the one that takes its name.
                let clear = |pinned: bool| pinned || !(new && open);
                let fates = names
                    .into_iter()
                    .zip(more)
                    .map(|(name, (pinned, change))| (name, pinned || told, change));
                let fates = fates.map(|(name, pinned, change)| Fate {
                    name,
                    pinned,
                    changes: change == 1,
                    anew: change == 2 && clear(pinned) && platform != Platform::Talkover,
                });
                Round { platform, fates: fates.collect(), new: new && open, numbers }
            },
        )
    })
}

/// Whether the names come back to where they began.
fn goes_round(names: &[usize], first: usize) -> bool {
    let mut next = names.get(first);
    while let Some(&at) = next.filter(|&&at| at != first) {
        next = names.get(at);
    }
    next.is_some()
}

fn target(at: usize) -> String {
    format!("sip{at}.example.com")
}

/// As the file says it; `change` is 0 for what is live.
fn trunk(platform: Platform, at: usize, name: &str, (changes, anew): (bool, bool)) -> Json {
    match platform {
        Platform::Kalem => {
            let (direction, host) = if anew { ("outbound", "outbound_server") } else { ("inbound", "host") };
            json!({"name": name, "direction": direction, "auth_type": "ip", (host): target(at), "port": 5060 + i32::from(changes)})
        }
        Platform::Bolna => {
            json!({"name": name, "provider": if anew { "plivo" } else { "twilio" }, "auth_type": "ip-based", "ip_identifiers": [{"ip_address": "192.31.196.1"}],
                "gateways": [{"gateway_address": target(at), "port": 5060, "priority": 1}], "qualify_frequency": 60 + i32::from(changes)})
        }
        Platform::Talkover => {
            json!({"name": name, "provider_name": "Carrier Ltd", "domain": target(at), "username": "user", "transport": "tls", "port": 5061 + i32::from(changes), "is_active": true})
        }
    }
}

fn id(platform: Platform, at: usize) -> Json {
    if platform == Platform::Kalem { json!(at + 1) } else { json!(format!("T-{at}")) }
}

impl Round {
    fn live(&self) -> Json {
        let trunks = (0..self.fates.len()).map(|at| {
            let mut row = trunk(self.platform, at, NAMES[at], (false, false));
            row["id"] = id(self.platform, at);
            let on: Vec<Json> = self
                .numbers
                .iter()
                .enumerate()
                .filter(|(_, (from, _))| *from == at)
                .map(|(n, _)| match self.platform {
                    Platform::Talkover => {
                        json!({"id": format!("d-{n}"), "number": NUMBERS[n], "country_code": "US"})
                    }
                    _ => json!({"phone_number": NUMBERS[n]}),
                })
                .collect();
            match self.platform {
                Platform::Kalem => {}
                Platform::Bolna => row["phone_numbers"] = json!(on),
                Platform::Talkover => {
                    row["dids"] = json!(on);
                    row["is_verified"] = json!(true);
                }
            }
            row
        });
        let trunks: Vec<Json> = trunks.collect();
        let mut live = json!({"agents": [], "trunks": trunks});
        if self.platform == Platform::Kalem {
            let number = |(n, (from, _)): (usize, &(usize, usize))| json!({"id": n + 11, "number": NUMBERS[n], "provider": "manual", "status": "active", "trunk_id": from + 1});
            live["numbers"] = self.numbers.iter().enumerate().map(number).collect();
        }
        live
    }

    /// The name of each live trunk in the end.
    fn name(&self, at: usize) -> &'static str {
        NAMES[self.fates[at].name]
    }

    /// A name that some trunk gives up and none takes.
    fn left(&self) -> Option<&'static str> {
        let taken = |name: &&&str| (0..self.fates.len()).all(|at| self.name(at) != **name);
        NAMES[..self.fates.len()].iter().find(taken).copied().filter(|_| self.new)
    }

    fn case(&self) -> Case {
        let mut trunks = Vec::new();
        for (at, fate) in self.fates.iter().enumerate() {
            let mut row = trunk(self.platform, at, self.name(at), (fate.changes, fate.anew));
            if fate.pinned {
                row["id"] = id(self.platform, at);
            } else if self.name(at) != NAMES[at] {
                row["renamed_from"] = json!(NAMES[at]);
            }
            if self.platform == Platform::Talkover {
                row["password"] = json!({"env": "MAIN_TRUNK_PASSWORD"});
            }
            trunks.push(row);
        }
        if let Some(name) = self.left() {
            let mut row = trunk(self.platform, 9, name, (false, false));
            if self.platform == Platform::Talkover {
                row["password"] = json!({"env": "MAIN_TRUNK_PASSWORD"});
            }
            trunks.push(row);
        }
        let number =
            |(n, (_, to)): (usize, &(usize, usize))| json!({"number": NUMBERS[n], "trunk": self.name(*to)});
        let numbers: Vec<Json> = self.numbers.iter().enumerate().map(number).collect();
        let file = json!({"provider": self.platform.name(), "limits": {"removals": "100%"}, "trunks": trunks, "numbers": numbers});
        Case::new(self.platform, self.live(), file)
    }

    /// The trunks that swap names with a trunk that is replaced, where neither has an `id:`. After an interrupted run, apply may create them again.
    fn may_be_made_again(&self) -> Vec<usize> {
        let swaps = |at: &usize| {
            let other = &self.fates[self.fates[*at].name.min(self.fates.len() - 1)];
            !self.fates[*at].pinned && other.anew && !other.pinned && other.name == *at
        };
        (0..self.fates.len()).filter(swaps).collect()
    }

    /// Every trunk has its name, its target and its id, but for the ids of some; every number is where it should be.
    fn is_done(&self, seen: &Seen, made_again: &[usize]) -> Checked {
        let mut names: BTreeMap<String, (&str, Option<String>)> = (0..self.fates.len())
            .map(|at| {
                let id = id(self.platform, at);
                let id = id.as_str().map_or_else(|| id.to_string(), str::to_owned);
                let keeps_id = !self.fates[at].anew && !made_again.contains(&at);
                (target(at), (self.name(at), keeps_id.then_some(id)))
            })
            .collect();
        names.extend(self.left().map(|name| (target(9), (name, None))));
        prop_assert_eq!(seen.trunks.len(), names.len(), "{:#?}", seen.trunks);
        for trunk in &seen.trunks {
            let (name, id) = &names[&reaches(self.platform, trunk)];
            prop_assert_eq!(&trunk.name, name);
            prop_assert!(id.as_ref().is_none_or(|id| *id == trunk.id), "{} is another one", name);
        }
        prop_assert_eq!(seen.numbers.len(), NUMBERS.len());
        for (n, (_, to)) in self.numbers.iter().enumerate() {
            let number = seen.number(NUMBERS[n]);
            prop_assert_eq!(number.map(|number| &number.says["trunk"]), Some(&json!(self.name(*to))));
        }
        Ok(())
    }
}

fn reaches(platform: Platform, trunk: &Thing) -> String {
    let field = |name: &str| trunk.row[name].as_str().map(str::to_owned);
    let found = match platform {
        Platform::Kalem => field("host").or_else(|| field("outbound_server")),
        Platform::Bolna => trunk.row["gateways"][0]["gateway_address"].as_str().map(str::to_owned),
        Platform::Talkover => field("domain"),
    };
    found.unwrap()
}

fn settles(round: &Round, workers: usize) -> Checked {
    let estate = Estate::with(&[round.case()], &[]);
    let plan = estate.plan().map_err(TestCaseError::fail)?;
    let report = estate.apply(&plan, workers);
    prop_assert!(report.converged(), "{report:#?}\n{:#?}", plan.steps);
    prop_assert_eq!(estate.live.refused(), Vec::<String>::new());
    round.is_done(&estate.seen()[0], &[])?;
    let again = estate.plan().map_err(TestCaseError::fail)?;
    prop_assert!(again.is_empty() && again.changes.is_empty(), "{:#?}", again.changes);
    Ok(())
}

const FAULTS: [(&str, u32); 4] =
    [("status=503", 1), ("reset-before", 1), ("reset-after", 1), ("reset-after", 4)];

/// Each request goes wrong once; run again, twice at most.
fn heals(round: &Round, first: usize) -> Checked {
    let whole = Estate::with(&[round.case()], &[]);
    whole.apply(&whole.plan().map_err(TestCaseError::fail)?, 1);
    for at in 0..whole.live.sandbox.requests().len() {
        let (fault, tries) = FAULTS[(first + at) % FAULTS.len()];
        let what = format!("{fault} at {at}, {tries} tries");
        let estate = Estate { tries, patience: 0, ..Estate::with(&[round.case()], &[]) };
        estate.disturb(Some(&format!("{fault},request={at}")));
        let mut reports = Vec::from_iter(estate.run());
        estate.disturb(None);
        for round in 0..3 {
            estate.seen().iter().try_for_each(moments::nothing_is_twice)?;
            let again = estate.judged().map_err(TestCaseError::fail)?;
            prop_assert!(again.refusals.is_empty(), "{what}: {:#?}", again.refusals);
            if again.is_empty() {
                break;
            }
            prop_assert!(round < 2, "{what}: {:#?}\n{reports:#?}", again.changes);
            reports.push(estate.apply(&again, 8));
        }
        round.is_done(&estate.seen()[0], &round.may_be_made_again()).map_err(|why| {
            TestCaseError::fail(format!("{what}: {why}\n{}\n{reports:#?}", estate.live.writes()))
        })?;
    }
    Ok(())
}

proptest! {
    #![proptest_config(cases(48))]

    #[test]
    fn each_trunk_gets_its_name(round in rounds(), workers in 1..4_usize) {
        settles(&round, workers)?;
    }
}

proptest! {
    #![proptest_config(cases(10))]

    #[test]
    fn a_run_that_stops_between_two_names_is_finished_by_the_next(round in rounds(), first in 0..4_usize) {
        heals(&round, first)?;
    }
}

/// Names that went round go back: by id, so in one run.
fn goes_back(round: &Round) -> Checked {
    let estate = Estate { has_journal: true, ..Estate::with(&[round.case()], &[]) };
    let before = estate.seen().remove(0);
    let plan = estate.plan().map_err(TestCaseError::fail)?;
    if plan.is_empty() {
        return Ok(());
    }
    prop_assert!(estate.apply(&plan, 1).converged());
    let back = estate.way_back(&estate.journalled()).map_err(TestCaseError::fail)?;
    prop_assert!(
        back.refusals.is_empty() && !back.has_errors(),
        "{:?} {:?}",
        back.refusals,
        back.diagnostics
    );
    let report = estate.apply(&back, 1);
    prop_assert!(report.converged(), "{report:#?}\n{:#?}", back.steps);
    let after = estate.seen().remove(0);
    let names = |seen: &Seen| -> BTreeMap<String, String> {
        seen.trunks.iter().map(|trunk| (trunk.id.clone(), trunk.name.clone())).collect()
    };
    prop_assert_eq!(names(&before), names(&after));
    for number in &before.numbers {
        let now = after.number(&number.name).map(|now| &now.says["trunk"]);
        prop_assert_eq!(now, Some(&number.says["trunk"]));
    }
    Ok(())
}

proptest! {
    #![proptest_config(cases(16))]

    #[test]
    fn what_went_round_goes_back(round in rounds()) {
        let stays = |fate: Fate| Fate { anew: false, ..fate };
        let fates = round.fates.into_iter().map(stays).collect();
        goes_back(&Round { fates, new: false, ..round })?;
    }
}

/// Pins a known failure: a trunk that swaps names with one that is replaced is made again after a run that broke off.
///
/// `Beta trunk` and `Delta` swap names, and the file replaces the one that is to be called `Beta trunk`. The run creates the replacement, and the request that
/// gives the other one the name `Delta` is answered with 503; the old Delta is deleted all the same. The next run sees `Beta trunk` beside its replacement, takes it
/// for what the replacement has left, deletes it and creates a new Delta. No number is lost, but the trunk has another id, and a password would be gone.
///
/// Right is: `Beta trunk` is renamed to `Delta`. The mark of a replacement does not say whose it is; it would have to name the id. Then this test changes, and the
/// property needs no exception (`may_be_made_again`). Found at 500 cases; a pin (`id:`) in the file avoids it.
#[test]
fn a_swap_with_a_replacement_that_broke_off_makes_the_other_trunk_again() {
    let fate = |name, anew| Fate { name, pinned: false, changes: false, anew };
    let fates = vec![fate(0, false), fate(3, false), fate(2, false), fate(1, true)];
    let numbers = vec![(2, 0), (2, 3), (2, 2), (0, 0)];
    let round = Round { platform: Platform::Bolna, fates, new: false, numbers };
    assert_eq!(round.may_be_made_again(), [1]);
    let estate = Estate { tries: 1, patience: 0, ..Estate::with(&[round.case()], &[]) };
    estate.disturb(Some("status=503,method=PATCH,path=/sip-trunks/trunks/T-1"));
    estate.run();
    estate.disturb(None);
    assert!(estate.run().unwrap().converged());
    let seen = estate.seen().remove(0);
    round.is_done(&seen, &[1]).unwrap();
    assert!(round.is_done(&seen, &[]).unwrap_err().to_string().contains("Delta is another one"));
}
