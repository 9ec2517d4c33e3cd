//! The executor over a made-up way to send; the sender has a file of its own.

mod chains;
mod checking;
mod finding;
mod halting;
mod lacking;
mod looking;
pub(super) mod sending;
mod shut;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value as Json, json};
use tokio::sync::{Notify, watch};

use super::{Event, Journal, Options, Sent, Stop, execute};
use crate::model::{
    Account, Address, Expect, Gap, Id, KindName, Notes, Outcome, Plan, Report, Request, Step,
};

pub(super) fn step(id: u32, waits_on: &[u32]) -> Step {
    Step {
        id,
        address: Address::new(&Account::new("kalem"), KindName::Trunk, &format!("T{id}")),
        verb: "update".into(),
        request: Request {
            method: "PUT".into(),
            path: format!("/trunks/{id}"),
            body: Some(json!({"port": id})),
        },
        expect: Expect::default(),
        waits_on: waits_on.to_vec(),
        gap: Gap::None,
        irreversible: false,
        reason: String::new(),
        source: None,
        notes: Notes::default(),
    }
}

/// 1 → 2 → 4, 3 alone, 5 after 3 and 4.
fn steps() -> Vec<Step> {
    vec![step(1, &[]), step(2, &[1]), step(3, &[]), step(4, &[2]), step(5, &[3, 4])]
}

fn options(parallelism: usize, stop: &watch::Sender<Stop>) -> Options {
    Options { parallelism, journal: None, stop: stop.subscribe() }
}

fn outcomes(report: &Report) -> Vec<Outcome> {
    report.steps.iter().map(|step| step.outcome).collect()
}

#[tokio::test]
async fn one_at_a_time_the_smallest_id_that_may_run_is_next() {
    let order = Arc::new(Mutex::new(Vec::new()));
    let (stop, _) = watch::channel(Stop::Not);
    let send = |step: Step| {
        order.lock().unwrap().push(step.id);
        async { Sent::done(200) }
    };
    let mut ended = 0;
    let report = execute(&steps(), options(1, &stop), send, &mut |event| {
        ended += usize::from(matches!(event, Event::Ended { total: 5, .. }));
    })
    .await;
    assert_eq!(*order.lock().unwrap(), [1, 2, 3, 4, 5]);
    assert!(report.converged() && !report.interrupted && ended == 5);
}

#[tokio::test]
async fn no_more_than_allowed_are_under_way_and_nothing_before_what_it_waits_for() {
    let (now, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let done = Arc::new(Mutex::new(Vec::new()));
    let all: Vec<Step> =
        (1..=40).map(|id| step(id, if id > 10 { vec![id - 10] } else { vec![] }.as_slice())).collect();
    let (stop, _) = watch::channel(Stop::Not);
    let send = |step: Step| {
        let (now, most, done) = (now.clone(), most.clone(), done.clone());
        async move {
            most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
            assert!(step.waits_on.iter().all(|id| done.lock().unwrap().contains(id)), "{step:?}");
            tokio::time::sleep(Duration::from_millis(2)).await;
            done.lock().unwrap().push(step.id);
            now.fetch_sub(1, Ordering::SeqCst);
            Sent::done(200)
        }
    };
    let report = execute(&all, options(4, &stop), send, &mut |_| ()).await;
    assert!(report.converged());
    assert_eq!(most.load(Ordering::SeqCst), 4);
}

#[tokio::test]
async fn what_waits_for_a_failure_is_skipped_and_the_rest_goes_on() {
    let (stop, _) = watch::channel(Stop::Not);
    for bad in [Sent::failed("422"), Sent { outcome: Outcome::Uncertain, ..Sent::done(500) }] {
        let (outcome, send) = (bad.outcome, |step: Step| {
            let bad = bad.clone();
            async move { if step.id == 2 { bad } else { Sent::done(200) } }
        });
        let report = execute(&steps(), options(8, &stop), send, &mut |_| ()).await;
        let skipped = Outcome::Skipped;
        assert_eq!(outcomes(&report), [Outcome::Done, outcome, Outcome::Done, skipped, skipped]);
        assert_eq!(report.steps[4].because.as_deref(), Some("it waits for step 2, which was not done"));
    }
}

#[tokio::test]
async fn a_step_that_panics_is_a_failure_of_that_step_alone() {
    let (stop, _) = watch::channel(Stop::Not);
    let send = |step: Step| async move {
        assert!(step.id != 1, "this panic is meant");
        Sent::done(200)
    };
    let report = execute(&steps(), options(8, &stop), send, &mut |_| ()).await;
    assert_eq!(outcomes(&report)[..3], [Outcome::Failed, Outcome::Skipped, Outcome::Done]);
}

#[tokio::test]
async fn the_first_signal_finishes_what_is_under_way_and_the_second_gives_it_up() {
    for (second, outcome) in [(false, Outcome::Done), (true, Outcome::Uncertain)] {
        let (stop, _) = watch::channel(Stop::Not);
        let release = Arc::new(Notify::new());
        let send = |_: Step| {
            let release = release.clone();
            async move {
                release.notified().await;
                Sent::done(200)
            }
        };
        let (steps, options) = (steps(), options(1, &stop));
        let signals = async {
            tokio::time::sleep(Duration::from_millis(20)).await;
            stop.send_replace(Stop::Finish);
            tokio::time::sleep(Duration::from_millis(20)).await;
            if second { _ = stop.send_replace(Stop::Now) } else { release.notify_one() }
        };
        let mut on_event = |_: Event<'_>| ();
        let (report, ()) = tokio::join!(execute(&steps, options, send, &mut on_event), signals);
        let mut wanted = vec![Outcome::Skipped; 5];
        wanted[0] = outcome;
        assert_eq!((outcomes(&report), report.interrupted), (wanted, true));
        assert_eq!(report.steps[2].because.as_deref(), Some("interrupted"));
    }
}

#[tokio::test]
async fn the_journal_has_each_request_before_it_is_sent_and_no_secret() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal");
    let (stop, _) = watch::channel(Stop::Not);
    let mut one = step(1, &[]);
    one.request.body = Some(json!({"password": "${env:PBX_PASSWORD}"}));
    let read = path.clone();
    let send = move |_: Step| {
        let text = std::fs::read_to_string(&read).unwrap();
        async move { Sent { id: Some(Id::Int(7)), ..Sent::done(if text.contains("begin") { 201 } else { 500 }) } }
    };
    let journal = Some(Journal::open(&path, std::sync::Arc::new(jiff::Timestamp::now)).unwrap());
    let report = execute(&[one], Options { journal, ..options(8, &stop) }, send, &mut |_| ()).await;
    assert_eq!(report.steps[0].status, Some(201), "the request was sent before it was written down");
    let text = std::fs::read_to_string(&path).unwrap();
    let lines: Vec<Json> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(
        [&lines[0]["event"], &lines[0]["body"]["password"]],
        [&json!("begin"), &json!("${env:PBX_PASSWORD}")]
    );
    assert_eq!(
        [&lines[1]["event"], &lines[1]["outcome"], &lines[1]["id"]],
        [&json!("end"), &json!("done"), &json!(7)]
    );
}

#[tokio::test]
async fn how_a_request_ended_is_written_before_what_waits_for_it_begins() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal");
    std::fs::write(&path, "the last line of a run that was killed").unwrap();
    let (stop, _) = watch::channel(Stop::Not);
    let plan = Plan { timestamp: "then".into(), steps: steps(), ..Plan::default() };
    let journal =
        Some(Journal::open(&path, std::sync::Arc::new(jiff::Timestamp::now)).unwrap().of(&plan).unwrap());
    let send = |_: Step| async { Sent::done(200) };
    execute(&plan.steps, Options { journal, ..options(8, &stop) }, send, &mut |_| ()).await;
    let text = std::fs::read_to_string(&path).unwrap();
    let lines: Vec<Json> = text.lines().skip(1).map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!([&lines[0]["event"], &lines[0]["journal_version"]], [&json!("plan"), &json!(1)]);
    let at = |event: &str, step: u32| {
        lines.iter().position(|line| line["event"] == event && line["step"] == step).unwrap()
    };
    for step in &plan.steps {
        for &wait in &step.waits_on {
            assert!(at("end", wait) < at("begin", step.id), "{text}");
        }
    }
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn nothing_is_sent_that_can_not_be_written_down() {
    let (stop, _) = watch::channel(Stop::Not);
    let sent = AtomicUsize::new(0);
    let send = |_: Step| {
        sent.fetch_add(1, Ordering::SeqCst);
        async { Sent::done(200) }
    };
    let journal =
        Some(Journal::open("/dev/full".as_ref(), std::sync::Arc::new(jiff::Timestamp::now)).unwrap());
    let report = execute(&steps(), Options { journal, ..options(8, &stop) }, send, &mut |_| ()).await;
    assert_eq!((outcomes(&report), sent.into_inner()), (vec![Outcome::Skipped; 5], 0));
    assert!(report.steps[0].because.as_deref().unwrap().contains("journal"), "{report:?}");
}
