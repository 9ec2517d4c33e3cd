//! Once something is left down, nothing more is taken down in its account.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use proptest::prelude::*;
use tokio::sync::watch;

use super::chains::{Ran, graph, of, outcome, run};
use super::{options, outcomes, step};
use crate::apply::chain::{self, Chain};
use crate::apply::{Sent, Stop, execute};
use crate::model::{Account, Address, Gap, Outcome, Report, Step};

/// The same steps in two accounts; of every third thing the gap lasts until it is verified.
fn spread(mut steps: Vec<Step>) -> Vec<Step> {
    for step in &mut steps {
        let name: usize = step.address.name[1..].parse().unwrap();
        step.address = of_account(&step.address, &Account::new(if name < 3 { "x" } else { "y" }));
        if step.gap == Gap::Brief && name % 3 == 2 {
            step.gap = Gap::UntilVerified;
        }
    }
    steps
}

/// Which steps were done, and which may have been.
fn effects(ran: &Ran, seed: u64, fails: &BTreeSet<usize>) -> (BTreeSet<usize>, BTreeSet<usize>) {
    let done: BTreeSet<usize> = ran.order.iter().copied().filter(|at| !fails.contains(at)).collect();
    let unsure = ran.order.iter().copied().filter(|&at| outcome(at, seed) == Outcome::Uncertain);
    let may = done.iter().copied().chain(unsure).collect();
    (done, may)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn no_more_is_left_down_in_an_account_than_there_are_workers(
        steps in graph(false), most in 1..4usize, seed in any::<u64>(), fails in proptest::collection::btree_set(0..30usize, 1..12),
    ) {
        let steps = spread(steps);
        let ran = run(&steps, most, seed, usize::MAX, &fails);
        let (done, may) = effects(&ran, seed, &fails);
        let (chains, chain_of) = chain::chains(&steps);
        let half = |chain: &&Chain| {
            chain.brief && chain.steps.iter().any(|at| may.contains(at)) && !chain.steps.iter().all(|at| done.contains(at))
        };
        let down = |account: &Account| chains.iter().filter(half).filter(|chain| chain.account == *account).count();
        for account in ["x", "y"].map(Account::new) {
            prop_assert!(down(&account) <= most, "{} of {most} are left down in {account}", down(&account));
        }
        // And nothing is left out without need.
        let waits = |at: usize, own: Option<usize>| {
            let before = steps[at].waits_on.iter().map(|&id| id as usize - 1);
            before.into_iter().any(|before| !done.contains(&before) && (own.is_none() || chain_of[before] != own))
        };
        for &at in &ran.never {
            let needed = match chain_of[at] {
                None => waits(at, None),
                Some(own) => {
                    let Chain { steps, brief, account, .. } = &chains[own];
                    let begun = steps.iter().any(|at| ran.order.contains(at));
                    begun || steps.iter().any(|&at| waits(at, Some(own))) || (*brief && down(account) > 0)
                }
            };
            prop_assert!(needed, "{at} was left out");
        }
    }

    #[test]
    fn chains_that_wait_for_each_other_come_to_an_end_all_the_same(
        steps in graph(true), most in 1..4usize, seed in any::<u64>(), fails in proptest::collection::btree_set(0..30usize, 1..12),
    ) {
        let steps = spread(steps);
        let ran = run(&steps, most, seed, usize::MAX, &fails);
        let started: BTreeSet<usize> = ran.order.iter().copied().collect();
        prop_assert!(started.is_disjoint(&ran.never));
        prop_assert_eq!(started.len() + ran.never.len(), steps.len());
    }
}

/// Three numbers of `x` and one of `y` in three steps each (1 to 3, 4 to 6, …), a trunk of `x` that goes after the second one, one of `x` that needs nobody,
/// and a trunk of `x` that is verified anew.
fn moves() -> Vec<Step> {
    let mut steps = Vec::new();
    for name in 1..=4 {
        for part in 0..3 {
            let id = steps.len() as u32 + 1;
            let before = if part == 0 { vec![] } else { vec![id - 1] };
            let mut step = of(name, id, &before, Gap::Brief);
            step.address = of_account(&step.address, &Account::new(if name == 4 { "y" } else { "x" }));
            steps.push(step);
        }
    }
    for (id, waits_on, gap) in
        [(13, &[6][..], Gap::None), (14, &[], Gap::None), (15, &[], Gap::UntilVerified)]
    {
        let mut step = Step { gap, ..step(id, waits_on) };
        step.address = of_account(&step.address, &Account::new("x"));
        steps.push(step);
    }
    steps
}

/// What was sent, and the report, where these steps end so.
async fn ran(workers: usize, ends: &[(u32, Sent)]) -> (Vec<u32>, Report) {
    let (stop, _) = watch::channel(Stop::Not);
    let order = Arc::new(Mutex::new(Vec::new()));
    let send = |step: Step| {
        order.lock().unwrap().push(step.id);
        let end = ends.iter().find(|(id, _)| *id == step.id).map(|(_, sent)| sent.clone());
        async move {
            // Those under way take turns.
            tokio::task::yield_now().await;
            end.unwrap_or(Sent::done(200))
        }
    };
    let report = execute(&moves(), options(workers, &stop), send, &mut |_| ()).await;
    let order = order.lock().unwrap().clone();
    (order, report)
}

fn refused() -> Sent {
    Sent { status: Some(422), ..Sent::failed("422 No more numbers") }
}

fn because(report: &Report, id: usize) -> &str {
    report.steps[id - 1].because.as_deref().unwrap_or_default()
}

/// The same thing of another account.
fn of_account(address: &Address, account: &Account) -> Address {
    Address::new(account, address.kind, &address.name)
}

#[tokio::test]
async fn what_the_platform_refuses_to_one_number_takes_down_no_other() {
    let refusals: Vec<_> = [2, 5, 8].map(|id| (id, refused())).into();
    let (sent, report) = ran(1, &refusals).await;
    assert_eq!(sent, [1, 2, 10, 11, 12, 14, 15], "the other account, and what takes nothing down, go on");
    assert!(!report.converged() && !report.interrupted);
    assert_eq!(because(&report, 3), "it waits for step 2, which was not done");
    let why = "step 2 left `x.number.+1` down: nothing more is taken down before that is put right";
    for id in [4, 5, 6, 7, 8, 9, 13] {
        assert_eq!((report.steps[id - 1].outcome, because(&report, id)), (Outcome::Skipped, why), "{id}");
    }
}

#[tokio::test]
async fn the_first_number_of_an_account_goes_ahead_alone() {
    let (sent, report) = ran(3, &[]).await;
    assert!(report.converged());
    let place = |id| sent.iter().position(|sent| *sent == id).unwrap();
    assert!(place(4) > place(3) && place(7) > place(3), "{sent:?}");
    assert!(place(7) < place(6), "then as many as there are workers: {sent:?}");
    assert!(place(10) < place(3), "another account has its own: {sent:?}");
    let (sent, report) = ran(3, &[(2, refused())]).await;
    assert_eq!(BTreeSet::from_iter(sent), [1, 2, 10, 11, 12, 14, 15].into());
    assert!(because(&report, 7).starts_with("step 2 left `x.number.+1` down"));
}

#[tokio::test]
async fn what_is_under_way_on_other_workers_is_brought_to_its_end() {
    let (sent, report) = ran(2, &[(5, refused())]).await;
    let sent: BTreeSet<u32> = sent.into_iter().collect();
    assert_eq!(sent, [1, 2, 3, 4, 5, 7, 8, 9, 10, 11, 12, 14, 15].into());
    assert_eq!(because(&report, 13), "it waits for step 5, which was not done");
}

#[tokio::test]
async fn a_number_that_did_not_go_down_halts_nobody_and_one_that_may_have_does() {
    let (sent, _) = ran(1, &[(1, refused())]).await;
    assert_eq!(sent, [1, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]);
    let lost = Sent { outcome: Outcome::Uncertain, ..Sent::done(502) };
    let (sent, report) = ran(1, &[(1, lost)]).await;
    assert_eq!(sent, [1, 10, 11, 12, 14, 15]);
    assert!(because(&report, 4).starts_with("step 1 may have left `x.number.+1` down: nothing more"));
}

#[tokio::test]
async fn a_trunk_that_is_not_verified_halts_nobody() {
    let mut trunk_first = moves();
    trunk_first.rotate_right(1);
    let (stop, _) = watch::channel(Stop::Not);
    let lost = || Sent { outcome: Outcome::Uncertain, ..Sent::done(502) };
    let send = |step: Step| async move { if step.id == 15 { lost() } else { Sent::done(200) } };
    let report = execute(&trunk_first, options(1, &stop), send, &mut |_| ()).await;
    let done = report.steps.iter().filter(|step| step.outcome == Outcome::Done).count();
    assert_eq!((done, report.steps[0].outcome), (14, Outcome::Uncertain));
}

/// An agent (1) is taken off its numbers; one of other people's (5) is left down, its own (2) goes all the same since the agent waits for it, a third (3) does not.
#[test]
fn what_is_down_gets_what_it_waits_for() {
    let gap = Gap::Brief;
    let steps = vec![
        of(1, 1, &[], gap),
        of(5, 2, &[1], gap),
        of(5, 3, &[2], gap),
        of(2, 4, &[1], gap),
        of(2, 5, &[4], gap),
        of(1, 6, &[1, 5], gap),
        of(3, 7, &[1], gap),
        of(3, 8, &[7], gap),
    ];
    let ran = run(&steps, 2, 0, usize::MAX, &[2].into());
    assert_eq!((ran.order, ran.never), (vec![0, 1, 2, 3, 4, 5], [6, 7].into()));
}

/// A journal that can be written until somebody stops reading it.
#[cfg(unix)]
#[tokio::test]
async fn where_the_journal_breaks_what_is_down_is_brought_up_and_nothing_else_begins() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("pipe");
    nix::unistd::mkfifo(&path, nix::sys::stat::Mode::S_IRWXU).unwrap();
    let both = std::fs::OpenOptions::new().read(true).write(true).open(&path).unwrap();
    let journal =
        Some(crate::apply::Journal::open(&path, std::sync::Arc::new(jiff::Timestamp::now)).unwrap());
    let reader = std::sync::Mutex::new(Some(both));
    let (stop, _) = watch::channel(Stop::Not);
    let mut steps = Vec::new();
    for name in 1..=3usize {
        let id = name as u32 * 2;
        steps.extend([of(name, id - 1, &[], Gap::Brief), of(name, id, &[id - 1], Gap::Brief)]);
    }
    let send = |_: Step| {
        reader.lock().unwrap().take();
        async { Sent::done(200) }
    };
    let options = crate::apply::Options { journal, ..options(1, &stop) };
    let report = execute(&steps, options, send, &mut |_| ()).await;
    let (done, skipped) = (Outcome::Done, Outcome::Skipped);
    assert_eq!(outcomes(&report), [done, done, skipped, skipped, skipped, skipped]);
    assert!(report.steps[2].because.as_deref().unwrap().starts_with("the journal can't be written: "));
}
