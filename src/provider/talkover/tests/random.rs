//! Random plans, done by a small Talkover in any order that their waits allow.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use proptest::test_runner::FileFailurePersistence;
use serde_json::Value as Json;

use super::world::{agent, change, live, lower_all, number, reference, trunk};
use crate::model::{Action, Change, Draft, Drafted, Request, Value};

const AGENTS: [&str; 4] = ["W", "X", "Y", "Z"];

/// The first two take calls, the others call out.
fn direction(agent: usize) -> &'static str {
    if agent < 2 { "inbound" } else { "outbound" }
}

/// What becomes of a live number.
#[derive(Clone, Debug)]
enum Fate {
    Stays,
    Goes,
    /// To another trunk; to another agent, or none, where that is said.
    Moves(Option<Option<usize>>),
    Passes(Option<usize>),
}

/// One number: the agents that have it and what becomes of it, or the agent of one that is made.
#[derive(Clone, Debug)]
enum Plan {
    Live(Vec<usize>, Fate),
    Made(Option<usize>),
}

fn plans() -> impl Strategy<Value = Vec<Plan>> {
    let one = || proptest::option::of(0..AGENTS.len());
    let holders = prop_oneof![
        1 => Just(vec![]),
        5 => (0..AGENTS.len()).prop_map(|a| vec![a]),
        1 => proptest::sample::subsequence(vec![0, 1, 2, 3], 2..=3),
    ];
    let fate = prop_oneof![
        2 => Just(Fate::Stays),
        2 => Just(Fate::Goes),
        3 => proptest::option::of(one()).prop_map(Fate::Moves),
        4 => one().prop_map(Fate::Passes),
    ];
    let plan = prop_oneof![4 => (holders, fate).prop_map(|(h, f)| Plan::Live(h, f)), 1 => one().prop_map(Plan::Made)];
    proptest::collection::vec(plan, 0..9)
}

/// The change of a number, if it has one, and the agents that have it afterwards.
fn planned(at: usize, plan: &Plan) -> (Option<Change>, Vec<usize>) {
    let address = number(&at.to_string());
    let with = |agents: &[usize]| match agents {
        [] => Some(("agent", Value::Null)),
        [one] => Some(("agent", reference(&agent(AGENTS[*one])))),
        // Which one it is nobody knows.
        _ => None,
    };
    let on = |name: &str, agents: &[usize]| {
        [("trunk", reference(&trunk(name)))].into_iter().chain(with(agents)).collect::<Vec<_>>()
    };
    let made = |action, before: &[_], after: &[_]| Some(change(&address, action, (before, after)));
    match plan {
        Plan::Made(to) => {
            let to: Vec<_> = to.iter().copied().collect();
            (made(Action::Create, &[], &on("A", &to)), to)
        }
        Plan::Live(from, fate) => {
            let to: Vec<usize> = match fate {
                Fate::Goes => vec![],
                Fate::Moves(Some(to)) | Fate::Passes(to) => instead(from, *to),
                _ => from.clone(),
            };
            // Of several the one whose place another takes is what the number was on.
            let left = from.iter().copied().filter(|agent| !to.contains(agent)).take(1).collect::<Vec<_>>();
            let before = on("A", if from.len() > 1 { &left } else { from });
            let change = match fate {
                Fate::Goes => made(Action::Delete, &before, &[]),
                Fate::Moves(None) => made(Action::Replace, &on("A", from), &on("B", from)),
                Fate::Moves(Some(wanted)) => made(Action::Replace, &before, &on("B", wanted.as_slice())),
                Fate::Passes(wanted) if to != *from => {
                    made(Action::Update, &before, &on("A", wanted.as_slice()))
                }
                _ => None,
            };
            (change, to)
        }
    }
}

/// The agents of a number that gets another one: of several, those whose calls go the other way stay.
fn instead(from: &[usize], wanted: Option<usize>) -> Vec<usize> {
    let Some(wanted) = wanted else { return vec![] };
    let stays =
        |agent: &&usize| from.len() > 1 && direction(**agent) != direction(wanted) || **agent == wanted;
    let mut to: Vec<usize> = from.iter().filter(stays).copied().collect();
    if !to.contains(&wanted) {
        to.push(wanted);
    }
    to.sort_unstable();
    to
}

/// A Talkover that refuses whatever the real one would, or should.
struct Platform {
    /// Live numbers by id.
    numbers: BTreeMap<String, String>,
    /// The sets by agent.
    sets: BTreeMap<String, BTreeSet<String>>,
    /// What the plan made, by placeholder.
    made: BTreeMap<String, String>,
}

impl Platform {
    fn run(&mut self, draft: &Draft) {
        let Request { method, path, body } = &draft.request;
        let parts: Vec<_> = path.trim_start_matches('/').split('/').collect();
        match (method.as_str(), &parts[..]) {
            ("PUT", ["agents", agent, "calling"]) => {
                let body = body.as_ref().unwrap();
                let at = AGENTS.iter().position(|name| agent.ends_with(name)).unwrap();
                assert_eq!(body["direction"], direction(at));
                let resolve = |id: &Json| {
                    let id = id.as_str().unwrap();
                    self.made.get(id).map_or_else(|| id.to_owned(), String::clone)
                };
                let ids: BTreeSet<_> =
                    body["phone_number_ids"].as_array().unwrap().iter().map(resolve).collect();
                let rented = format!("rented{agent}");
                assert!(ids.contains(&rented), "{agent} lost what it rents");
                let unknown = ids.iter().find(|id| **id != rented && !self.numbers.contains_key(*id));
                assert_eq!(unknown, None, "{agent} was given what is not there");
                self.sets.insert((*agent).to_owned(), ids);
            }
            ("DELETE", ["sip-trunks", _, "dids", id]) => {
                assert!(!self.sets.values().any(|set| set.contains(*id)), "409 DID_IN_USE {id}");
                assert!(self.numbers.remove(*id).is_some(), "404 {id}");
            }
            ("POST", ["sip-trunks", _, "dids"]) => {
                let number = body.as_ref().unwrap()["number"].as_str().unwrap().to_owned();
                assert!(
                    !self.numbers.values().any(|live| *live == number),
                    "409 DID_ALREADY_EXISTS {number}"
                );
                let id = format!("new{}", self.made.len());
                self.made.insert(format!("${{t.number.{number}}}"), id.clone());
                self.numbers.insert(id, number);
            }
            other => panic!("{other:?}"),
        }
    }

    /// Whether all that the plan makes and this draft needs is made.
    fn can(&self, draft: &Draft) -> bool {
        let body = draft.request.body.as_ref().unwrap_or(&Json::Null);
        let ids = body["phone_number_ids"].as_array().into_iter().flatten().filter_map(Json::as_str);
        ids.filter(|id| id.starts_with("${")).all(|id| self.made.contains_key(id))
    }

    /// The agents that have a number.
    fn users(&self, number: &str) -> BTreeSet<&str> {
        let has =
            |set: &BTreeSet<String>| set.iter().any(|id| self.numbers.get(id).is_some_and(|n| n == number));
        self.sets
            .iter()
            .filter(|(_, set)| has(set))
            .map(|(agent, _)| agent.trim_start_matches("ag"))
            .collect()
    }
}

/// The drafts that may be next: how far each change is, and what it waits for.
fn ready(drafted: &[Drafted], done: &[usize], platform: &Platform) -> Vec<usize> {
    let reached = |word: &String| {
        let mut reaching = drafted.iter().zip(done).flat_map(|(one, done)| {
            one.drafts
                .iter()
                .enumerate()
                .filter(|(_, d)| d.reaches.contains(word))
                .map(move |(at, _)| at < *done)
        });
        let first = reaching.next().unwrap_or_else(|| panic!("nothing reaches `{word}`"));
        first && reaching.all(|reached| reached)
    };
    let next = |at: &usize| {
        drafted[*at].drafts.get(done[*at]).is_some_and(|d| platform.can(d) && d.after.iter().all(reached))
    };
    (0..drafted.len()).filter(next).collect()
}

/// The agents that a chain of requests writes the sets of.
fn touches(one: &Drafted) -> impl Iterator<Item = &str> {
    one.drafts.iter().filter(|draft| draft.request.method == "PUT").map(|draft| draft.request.path.as_str())
}

fn check(plans: &[Plan], choices: &[usize]) {
    let held: Vec<Vec<String>> = (0..AGENTS.len())
        .map(|agent| {
            let has = |(at, plan): (usize, &Plan)| {
                matches!(plan, Plan::Live(from, _) if from.contains(&agent)).then(|| format!("id{}", at + 1))
            };
            let rented = format!("rentedag{}", AGENTS[agent]);
            [rented].into_iter().chain(plans.iter().enumerate().filter_map(has)).collect()
        })
        .collect();
    let borrowed: Vec<Vec<&str>> = held.iter().map(|ids| ids.iter().map(String::as_str).collect()).collect();
    let agents: Vec<_> = AGENTS.iter().zip(&borrowed).map(|(name, ids)| (*name, &ids[..])).collect();
    let numbered: Vec<_> = plans.iter().enumerate().map(|(at, plan)| planned(at + 1, plan)).collect();
    let mut live = live(&agents);
    for (at, agent) in live.agents.iter_mut().enumerate() {
        agent.direction = Some(direction(at).into());
    }
    let drafted = lower_all(&live, numbered.iter().filter_map(|(change, _)| change.clone()).collect());
    let is_live = |(at, plan)| matches!(plan, &Plan::Live(..)).then(|| (format!("id{}", at + 1), name(at)));
    let mut platform = Platform {
        numbers: plans.iter().enumerate().filter_map(is_live).collect(),
        sets: AGENTS
            .iter()
            .zip(&held)
            .map(|(name, ids)| (format!("ag{name}"), ids.iter().cloned().collect()))
            .collect(),
        made: BTreeMap::new(),
    };
    let mut done = vec![0; drafted.len()];
    let mut choices = choices.iter().cycle();
    let total: usize = drafted.iter().map(|one| one.drafts.len()).sum();
    for _ in 0..total {
        let ready = ready(&drafted, &done, &platform);
        assert!(!ready.is_empty(), "nothing can go on: {done:?} of {drafted:#?}");
        let at = ready[choices.next().unwrap() % ready.len()];
        platform.run(&drafted[at].drafts[done[at]]);
        done[at] += 1;
        holds(plans, &platform);
        one_down_at_a_time(&drafted, &done);
    }
    for (at, (_, to)) in numbered.iter().enumerate() {
        let to: BTreeSet<_> = to.iter().map(|agent| AGENTS[*agent]).collect();
        assert_eq!(platform.users(&name(at)), to, "{}", name(at));
        let gone = matches!(plans[at], Plan::Live(_, Fate::Goes));
        assert_eq!(platform.numbers.values().any(|number| *number == name(at)), !gone);
    }
    sparing(&drafted);
}

fn name(at: usize) -> String {
    number(&(at + 1).to_string()).name.to_string()
}

/// Who only passes from one agent to another of the same direction is on one of them all the time; who stays is where it was.
fn holds(plans: &[Plan], platform: &Platform) {
    for (at, plan) in plans.iter().enumerate() {
        let users = platform.users(&name(at));
        match plan {
            Plan::Live(from, Fate::Passes(Some(to)))
                if from.iter().any(|a| direction(*a) == direction(*to)) =>
            {
                assert!(!users.is_empty(), "{} is on no agent", name(at));
            }
            Plan::Live(from, Fate::Stays) => assert_eq!(users.len(), from.len(), "{}", name(at)),
            _ => {}
        }
    }
}

/// Of the chains that write one set, one at most is under way.
fn one_down_at_a_time(drafted: &[Drafted], done: &[usize]) {
    let moving = drafted.iter().zip(done).filter(|(one, done)| {
        one.change.action == Action::Replace && **done > 0 && **done < one.drafts.len()
    });
    let mut seen = BTreeSet::new();
    for (one, _) in moving {
        for set in touches(one).collect::<BTreeSet<_>>() {
            assert!(seen.insert(set), "two numbers of {set} are down");
        }
    }
}

/// Beside the chains a set is written twice at most, and once more where numbers turn.
fn sparing(drafted: &[Drafted]) {
    for one in drafted.iter().filter(|one| one.change.after.is_none() && one.change.before.is_none()) {
        assert!((1..=3).contains(&one.drafts.len()), "{one:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, failure_persistence: Some(Box::new(FileFailurePersistence::WithSource("seeds"))), ..ProptestConfig::default() })]

    #[test]
    fn any_order_that_the_waits_allow_leads_to_the_sets_that_were_wanted(
        plans in plans(),
        choices in proptest::collection::vec(0usize..1000, 1..40),
    ) {
        check(&plans, &choices);
    }
}
