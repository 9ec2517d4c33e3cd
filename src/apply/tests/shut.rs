//! A token that is no longer taken: nothing more is sent to its account, but for what brings up what is down.

use std::sync::{Arc, Mutex};

use super::*;
use crate::apply::schedule::{Schedule, Starting};

fn of(account: &str, id: u32, waits_on: &[u32]) -> Step {
    Step { address: format!("{account}.trunk.T{id}").parse().unwrap(), ..step(id, waits_on) }
}

/// A step of a number that is down from its first to its last.
fn down(number: u32, id: u32, waits_on: &[u32]) -> Step {
    Step { address: format!("x.number.+{number}").parse().unwrap(), gap: Gap::Brief, ..step(id, waits_on) }
}

/// Runs the steps one at a time; one is refused with a status.
async fn run(steps: &[Step], refused: u32, status: u16) -> (Report, Vec<u32>) {
    let (stop, _) = watch::channel(Stop::Not);
    let sent = Arc::new(Mutex::new(Vec::new()));
    let send = |step: Step| {
        sent.lock().unwrap().push(step.id);
        async move {
            match step.id == refused {
                true => Sent { status: Some(status), ..Sent::failed("no") },
                false => Sent::done(200),
            }
        }
    };
    let report = execute(steps, options(1, &stop), send, &mut |_| {}).await;
    let sent = sent.lock().unwrap().clone();
    (report, sent)
}

#[tokio::test]
async fn after_a_401_other_accounts_go_on() {
    let steps = [
        of("x", 1, &[]),
        of("x", 2, &[]),
        of("x", 3, &[2]),
        of("x", 4, &[]),
        of("y", 5, &[]),
        of("x", 6, &[]),
    ];
    let (report, sent) = run(&steps, 2, 401).await;
    assert_eq!(sent, [1, 2, 5]);
    assert_eq!(report.steps[2].because.as_deref(), Some("it waits for step 2, which was not done"));
    for skipped in [3, 5] {
        let because = report.steps[skipped].because.as_deref();
        assert_eq!(because, Some("step 2 was answered with 401: `x` no longer takes the token"));
    }
    assert!(!report.interrupted && !report.converged());
}

#[tokio::test]
async fn a_403_is_about_one_thing() {
    let steps = [of("x", 1, &[]), of("x", 2, &[]), of("x", 3, &[])];
    assert_eq!(run(&steps, 1, 403).await.1, [1, 2, 3]);
}

#[test]
fn what_is_down_is_tried_all_the_same_with_what_it_waits_for() {
    // +1 went down with 1 and comes up with 3, which waits for 2; neither 4 nor +2 has begun.
    let steps = [
        down(1, 1, &[]),
        of("x", 2, &[1]),
        down(1, 3, &[1, 2]),
        of("x", 4, &[1]),
        down(2, 5, &[1]),
        down(2, 6, &[5]),
        of("x", 7, &[1]),
    ];
    let mut schedule = Schedule::new(&steps, 2);
    assert_eq!(schedule.next(Starting::Anything), Some(0));
    schedule.done(0);
    assert_eq!(schedule.next(Starting::Anything), Some(1));
    assert_eq!(schedule.next(Starting::Anything), Some(3));
    assert_eq!(schedule.not_done(3, Outcome::Failed).waiting.len(), 0);
    assert!(schedule.shut(|_| false).is_empty());
    assert_eq!(schedule.shut(|_| true).into_iter().collect::<Vec<_>>(), [4, 5, 6], "2 is under way");
    assert_eq!(schedule.next(Starting::Anything), None);
    schedule.done(1);
    assert_eq!(schedule.next(Starting::Anything), Some(2));
}
