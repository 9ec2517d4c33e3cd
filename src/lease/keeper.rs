//! Keeps a lease as long as a run lasts.
//! In: a lease. Out: the lease renewed in time, the news that it was lost, its release.
//! Says that a lease is lost before anybody else may take it for over.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::{oneshot, watch};
use tokio::task::JoinHandle;

use super::error::Error;
use super::protocol::Lease;

/// Looks at the clock so often at least: a machine that slept must notice soon.
const LONGEST_SLEEP: Duration = Duration::from_secs(5);

/// Renews a lease at a third of its lifetime, in a task of its own.
#[derive(Debug)]
pub struct Keeper {
    task: JoinHandle<Lease>,
    end: oneshot::Sender<()>,
    lost: watch::Receiver<Option<Arc<Error>>>,
}

impl Keeper {
    /// Starts at once; needs a runtime.
    pub fn start(lease: Lease) -> Self {
        let (end, ended) = oneshot::channel();
        let (tell, lost) = watch::channel(None);
        Self { task: tokio::spawn(keep(lease, ended, tell)), end, lost }
    }

    /// Becomes the reason once the lease is lost.
    pub fn lost(&self) -> watch::Receiver<Option<Arc<Error>>> {
        self.lost.clone()
    }

    /// Ends it and gives the lease back. What is lost already is not given back twice.
    pub async fn release(self) -> Result<(), Error> {
        let Self { task, end, lost } = self;
        // Nobody listens where the lease was lost.
        let _ = end.send(());
        let Ok(lease) = task.await else { return Ok(()) };
        match lease.release().await {
            Err(_) if lost.borrow().is_some() => Ok(()),
            done => done,
        }
    }
}

async fn keep(
    mut lease: Lease,
    mut end: oneshot::Receiver<()>,
    tell: watch::Sender<Option<Arc<Error>>>,
) -> Lease {
    let third = Duration::try_from(lease.terms().lifetime / 3).unwrap_or_default();
    let sleep = (third / 10).min(LONGEST_SLEEP);
    loop {
        tokio::select! {
            _ = &mut end => return lease,
            () = tokio::time::sleep(sleep) => {}
        }
        if left(&lease) > third * 2 {
            continue;
        }
        // A store that does not answer must not keep us from noticing that the lease is over.
        let renewed = tokio::time::timeout(left(&lease).max(sleep), lease.renew()).await;
        let lost = match renewed {
            Ok(Ok(())) => None,
            Ok(Err(why @ (Error::Held(_) | Error::Malformed { .. }))) => Some(why),
            Ok(Err(why)) => {
                tracing::warn!(%why, "the lease could not be renewed");
                left(&lease).is_zero().then_some(why)
            }
            Err(_) => left(&lease).is_zero().then_some(Error::Silent),
        };
        if let Some(why) = lost {
            tell.send_replace(Some(Arc::new(why)));
            return lease;
        }
    }
}

/// How long the lease lasts from now on.
fn left(lease: &Lease) -> Duration {
    let now: Timestamp = (lease.terms().clock)();
    Duration::try_from(lease.expires().duration_since(now)).unwrap_or_default()
}
