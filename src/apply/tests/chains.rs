//! Of what is down: no more at a time than there are workers, and all of it is brought up again.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use proptest::prelude::*;
use tokio::sync::watch;

use super::{options, outcomes, step};
use crate::apply::chain;
use crate::apply::schedule::{Never, Schedule, Starting};
use crate::apply::{Sent, Stop, execute};
use crate::model::{Gap, Outcome, Step};

/// One step of the number `name`.
pub(super) fn of(name: usize, id: u32, waits_on: &[u32], gap: Gap) -> Step {
    Step { address: format!("x.number.+{name}").parse().unwrap(), gap, ..step(id, waits_on) }
}

/// Steps of a few things, each with its own in a row. With `crossing` also steps in the middle wait for steps of any other thing, else only for those of things before.
pub(super) fn graph(crossing: bool) -> impl Strategy<Value = Vec<Step>> {
    let one = (0..6usize, proptest::bool::weighted(0.5), proptest::collection::vec(0..1000usize, 0..3));
    proptest::collection::vec(one, 1..30).prop_map(move |drawn| {
        let mut steps: Vec<Step> = Vec::new();
        for (name, down, waits) in drawn {
            let id = steps.len() as u32 + 1;
            let own = steps.iter().rev().find(|step| *step.address.name == *format!("+{name}"));
            let mut waits_on: BTreeSet<u32> = own.map(|step| step.id).into_iter().collect();
            for wait in waits.into_iter().filter(|_| !steps.is_empty()) {
                let other = &steps[wait % steps.len()];
                if crossing || *other.address.name < *format!("+{name}") {
                    waits_on.insert(other.id);
                }
            }
            let waits_on: Vec<u32> = waits_on.into_iter().collect();
            steps.push(of(name, id, &waits_on, if down { Gap::Brief } else { Gap::None }));
        }
        steps
    })
}

/// What became of a run on paper.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Ran {
    pub(super) order: Vec<usize>,
    most_open: usize,
    pub(super) never: BTreeSet<usize>,
}

/// How a step that is not done ends: as drawn.
pub(super) fn outcome(at: usize, seed: u64) -> Outcome {
    if (seed ^ at as u64) & 1 == 0 { Outcome::Failed } else { Outcome::Uncertain }
}

/// Runs steps on paper, `most` at a time; which of those under way ends next is drawn. From the `stop`-th start on only what has begun goes on. `fails` are not done.
pub(super) fn run(steps: &[Step], most: usize, seed: u64, stop: usize, fails: &BTreeSet<usize>) -> Ran {
    let (mut schedule, mut random) = (Schedule::new(steps, most), fastrand::Rng::with_seed(seed));
    let (chains, chain_of) = chain::chains(steps);
    let mut left: Vec<usize> = chains.iter().map(|chain| chain.steps.len()).collect();
    let (mut ran, mut under_way, mut begun) = (Ran::default(), Vec::new(), BTreeSet::new());
    loop {
        while under_way.len() < most {
            let starting = if ran.order.len() < stop { Starting::Anything } else { Starting::WhatHasBegun };
            let Some(at) = schedule.next(starting) else { break };
            let waits = steps[at].waits_on.iter().map(|&id| id as usize - 1);
            for wait in waits {
                assert!(ran.order.contains(&wait) && !under_way.contains(&wait), "{at} came before {wait}");
            }
            assert!(!ran.order.contains(&at), "{at} came twice");
            ran.order.push(at);
            under_way.push(at);
            begun.extend(chain_of[at]);
            let open = begun.iter().filter(|&&chain| left[chain] > 0).count();
            ran.most_open = ran.most_open.max(open);
        }
        if under_way.is_empty() {
            return ran;
        }
        let at = under_way.swap_remove(random.usize(..under_way.len()));
        let mut over = BTreeSet::from([at]);
        if fails.contains(&at) {
            let Never { waiting, halted, down: _ } = schedule.not_done(at, outcome(at, seed));
            assert!(waiting.is_disjoint(&halted) && ran.never.is_disjoint(&halted), "{halted:?} came twice");
            over.extend(waiting.iter().chain(&halted));
            ran.never.extend(waiting.iter().chain(&halted));
        } else {
            schedule.done(at);
        }
        over.iter().filter_map(|&at| chain_of[at]).for_each(|chain| left[chain] -= 1);
    }
}

proptest! {
    #[test]
    fn no_more_is_down_than_there_are_workers(steps in graph(false), most in 1..5usize, seed in any::<u64>()) {
        let ran = run(&steps, most, seed, usize::MAX, &BTreeSet::new());
        prop_assert_eq!(ran.order.len(), steps.len());
        prop_assert!(ran.most_open <= most, "{} of {most} are down", ran.most_open);
        prop_assert_eq!(ran, run(&steps, most, seed, usize::MAX, &BTreeSet::new()));
    }

    #[test]
    fn every_step_is_run_whatever_waits_for_what(steps in graph(true), most in 1..5usize, seed in any::<u64>()) {
        let ran = run(&steps, most, seed, usize::MAX, &BTreeSet::new());
        prop_assert_eq!(ran.order.len(), steps.len());
    }

    #[test]
    fn a_failure_leaves_out_what_waits_for_it_and_what_could_not_be_brought_up(
        steps in graph(false), most in 1..5usize, seed in any::<u64>(), fails in proptest::collection::btree_set(0..30usize, 1..4),
    ) {
        let ran = run(&steps, most, seed, usize::MAX, &fails);
        let started: BTreeSet<usize> = ran.order.iter().copied().collect();
        prop_assert_eq!(started.len() + ran.never.len(), steps.len());
        prop_assert!(started.is_disjoint(&ran.never) && ran.most_open <= most);
        for chain in chain::chains(&steps).0 {
            // What stays down does so for a failure of its own, never for one that was known before it went down.
            let own = chain.steps.iter().any(|at| fails.contains(at));
            let half = chain.steps.iter().any(|at| started.contains(at)) && chain.steps.iter().any(|at| ran.never.contains(at));
            prop_assert!(own || !half, "{:?} was begun and not finished", chain.steps);
        }
    }

    #[test]
    fn a_stop_brings_up_what_is_down_and_starts_nothing_else(
        steps in graph(false), most in 1..5usize, seed in any::<u64>(), stop in 0..30usize,
    ) {
        let ran = run(&steps, most, seed, stop, &BTreeSet::new());
        let chain_of = chain::chains(&steps).1;
        let before: BTreeSet<_> = ran.order.iter().take(stop).filter_map(|&at| chain_of[at]).collect();
        for &at in ran.order.iter().skip(stop) {
            prop_assert!(chain_of[at].is_some_and(|chain| before.contains(&chain)), "{at} was begun after the stop");
        }
        for (at, chain) in chain_of.iter().enumerate() {
            let begun = chain.is_some_and(|chain| before.contains(&chain));
            prop_assert!(!begun || ran.order.contains(&at), "{at} was left out and its number is down");
        }
    }
}

/// Two numbers that are taken down and brought up in three steps each, in turns, and a trunk.
fn moves() -> Vec<Step> {
    let (down, up) = (Gap::Brief, Gap::None);
    vec![
        of(1, 1, &[], down),
        of(2, 2, &[], down),
        of(1, 3, &[1], down),
        of(2, 4, &[2], down),
        of(1, 5, &[3], up),
        of(2, 6, &[4], up),
        step(7, &[]),
    ]
}

#[tokio::test]
async fn a_number_that_is_down_is_brought_up_before_a_run_stops() {
    let (stop, _) = watch::channel(Stop::Not);
    let sent = Arc::new(Mutex::new(Vec::new()));
    let send = |step: Step| {
        sent.lock().unwrap().push(step.id);
        if step.id == 1 {
            stop.send_replace(Stop::Finish);
        }
        async { Sent::done(200) }
    };
    let report = execute(&moves(), options(1, &stop), send, &mut |_| ()).await;
    assert_eq!(*sent.lock().unwrap(), [1, 3, 5]);
    let (done, skipped) = (Outcome::Done, Outcome::Skipped);
    assert_eq!(outcomes(&report), [done, skipped, done, skipped, done, skipped, skipped]);
    assert!(report.interrupted);
    assert_eq!(report.steps[6].because.as_deref(), Some("interrupted"));
}

#[tokio::test]
async fn one_worker_has_one_number_down_at_a_time_though_all_may_start() {
    let (stop, _) = watch::channel(Stop::Not);
    let sent = Arc::new(Mutex::new(Vec::new()));
    let send = |step: Step| {
        sent.lock().unwrap().push(step.id);
        async { Sent::done(200) }
    };
    let report = execute(&moves(), options(1, &stop), send, &mut |_| ()).await;
    assert!(report.converged());
    assert_eq!(*sent.lock().unwrap(), [1, 3, 5, 2, 4, 6, 7]);
}

#[test]
fn chains_that_wait_for_each_other_in_the_middle_do_not_stand_still() {
    let steps = vec![
        of(1, 1, &[], Gap::Brief),
        of(2, 2, &[], Gap::Brief),
        of(1, 3, &[1, 2], Gap::None),
        of(2, 4, &[1, 2], Gap::None),
    ];
    let ran = run(&steps, 1, 0, usize::MAX, &BTreeSet::new());
    assert_eq!((ran.order.len(), ran.most_open), (4, 2));
}
