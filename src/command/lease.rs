//! The lease that `apply --lock` holds.
//! In: what the command line says, signals. Out: the lease, kept until it is released; or a refusal that says who has it.
//! The only place where a lease meets a run: no plan is looked at here.

use std::path::Path;
use std::time::Duration;

use tokio::sync::watch;
use trunkform::apply::Stop;
use trunkform::engine::{self, PlanOutcome};
use trunkform::lease::{Asked, Error, Holder, Keeper, Lease, Place, Terms};
use trunkform::model::{Code, Plan, Refusal, visible};

use super::exit::{Exit, Failure};
use super::output;
use super::signals::Signals;
use crate::cli;

/// A store that no longer answers must not keep a run from its end.
const LONGEST_RELEASE: Duration = Duration::from_secs(20);

/// The lease of a run; nothing where none was asked for.
pub(super) struct Held {
    keeper: Option<Keeper>,
    /// The user's.
    signals: Signals,
}

/// Takes the lease that the command line names, before anything is looked at.
pub(super) async fn hold(args: &cli::Lease, signals: &Signals) -> Result<Held, PlanOutcome> {
    let keeper = match &args.lock {
        None => None,
        Some(place) => {
            let asked = if args.break_lock { Asked::Break } else { Asked::Free };
            let lease = take(place, asked).await.map_err(refused)?;
            told(place, &lease);
            Some(Keeper::start(lease))
        }
    };
    Ok(Held { keeper, signals: signals.clone() })
}

async fn take(place: &str, asked: Asked) -> Result<Lease, Error> {
    let holder = Holder::here(&|name| std::env::var(name).ok());
    let path = place.strip_prefix("file://").unwrap_or(place);
    engine::refuse_link(Path::new(path)).map_err(Error::Place)?;
    Place::open(place)?.take(Terms::of(holder), asked).await
}

fn told(place: &str, lease: &Lease) {
    if let Some(broken) = lease.broken() {
        output::note(&visible(&format!("Broken: {broken}.")));
    }
    let (holder, expires) = (lease.holder(), lease.expires());
    let told = format!("The lease at `{place}` is held by {holder} until {expires:.0}, and renewed.");
    output::note(&visible(&told));
}

/// Why nothing is begun. What a store says is hostile, and goes into a document too.
fn refused(why: Error) -> PlanOutcome {
    let message = visible(&why.to_string()).into_owned();
    let Error::Held(_) = why else { return PlanOutcome::failed(message) };
    let refusal = Refusal {
        code: Code::PLN012,
        message: format!("another run holds the lease: {message}"),
        help: "wait until it is done; if that run is dead, take its lease with `--break-lock`".into(),
        addresses: Vec::new(),
        no_safe_plan: false,
    };
    let plan = Plan { refusals: vec![refusal], ..Plan::default() };
    PlanOutcome { plan, ..PlanOutcome::default() }
}

impl Held {
    /// The user's signals, and an end as well where the lease is lost: what is down is brought up again, nothing else is started.
    pub(super) fn signals(&self) -> Signals {
        let Some(keeper) = &self.keeper else { return self.signals.clone() };
        let (wish, stop) = watch::channel(Stop::Not);
        let mut lost = keeper.lost();
        tokio::spawn(async move {
            // An error means that the lease was given back.
            if let Ok(why) = lost.wait_for(Option::is_some).await {
                lost_to(why.as_deref());
                wish.send_replace(Stop::Finish);
            }
        });
        self.signals.or(stop)
    }

    /// Gives the lease back, however the run ended. One whose lease was lost is not done: somebody else may have sent requests beside it.
    pub(super) async fn release(self, done: Result<Exit, Failure>) -> Result<Exit, Failure> {
        let Some(keeper) = self.keeper else { return done };
        let mut lost = keeper.lost().borrow().is_some();
        match tokio::time::timeout(LONGEST_RELEASE, keeper.release()).await {
            Ok(Ok(())) => {}
            Ok(Err(why @ Error::Held(_))) => {
                lost = true;
                lost_to(Some(&why));
            }
            Ok(Err(why)) => unreleased(&why.to_string()),
            Err(_) => unreleased("its store does not answer"),
        }
        done.map(|exit| match exit {
            Exit::Done if lost => Exit::Incomplete,
            Exit::Interrupted if lost && !self.signals.any() => Exit::Incomplete,
            exit => exit,
        })
    }
}

fn lost_to(why: Option<&Error>) {
    let why = match why {
        Some(Error::Held(by)) => format!(": it was taken by {by}"),
        Some(why) => format!(": {why}"),
        None => String::new(),
    };
    output::error(&format!("the lease was lost, nothing more is started{why}"));
}

fn unreleased(why: &str) {
    output::error(&format!("the lease was not released and ends by itself: {why}"));
}

#[cfg(test)]
mod tests {
    use jiff::{SignedDuration, Timestamp};

    use super::*;

    fn terms(who: &str) -> Terms {
        let holder = Holder { who: who.to_owned(), process: 7, job: None };
        Terms { holder, lifetime: SignedDuration::from_millis(300), clock: Timestamp::now }
    }

    #[tokio::test]
    #[allow(clippy::unwrap_used, reason = "a test stops where it can't go on")]
    async fn a_run_whose_lease_is_lost_is_asked_to_end_and_is_not_done() {
        for (ended, told) in [
            (Exit::Done, Exit::Incomplete),
            (Exit::Interrupted, Exit::Incomplete),
            (Exit::Error, Exit::Error),
            (Exit::Refused, Exit::Refused),
        ] {
            let folder = tempfile::tempdir().unwrap();
            let place = Place::open(folder.path().to_str().unwrap()).unwrap();
            let lease = place.take(terms("first"), Asked::Free).await.unwrap();
            let (_wish, signals) = watch::channel(Stop::Not);
            let held = Held { keeper: Some(Keeper::start(lease)), signals: Signals::of(signals) };
            let mut signals = held.signals();
            assert!(!signals.any());
            place.take(terms("second"), Asked::Break).await.unwrap();
            signals.first().await;
            assert_eq!(held.release(Ok(ended)).await.unwrap(), told);
        }
    }

    #[tokio::test]
    #[allow(clippy::unwrap_used, reason = "a test stops where it can't go on")]
    async fn a_signal_is_heard_under_a_lease_too() {
        let folder = tempfile::tempdir().unwrap();
        let place = Place::open(folder.path().to_str().unwrap()).unwrap();
        let lease = place.take(terms("first"), Asked::Free).await.unwrap();
        let (wish, signals) = watch::channel(Stop::Not);
        let held = Held { keeper: Some(Keeper::start(lease)), signals: Signals::of(signals) };
        let mut watched = held.signals().watched();
        for stop in [Stop::Finish, Stop::Now] {
            wish.send_replace(stop);
            watched.wait_for(|heard| *heard == stop).await.unwrap();
        }
        assert_eq!(held.release(Ok(Exit::Interrupted)).await.unwrap(), Exit::Interrupted);
    }
}
