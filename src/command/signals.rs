//! Ctrl-C and SIGTERM, and the runtime that work runs on.
//! In: work that may take long. Out: its result, or the news that somebody wants it to stop.
//! The first signal asks for an end, the second does not wait for it.

use tokio::sync::watch;
use trunkform::apply::Stop;

use super::exit::{Exit, Failure};

/// Tells how much anybody wants the run to stop.
#[derive(Clone, Debug)]
pub(super) struct Signals(watch::Receiver<Stop>);

impl Signals {
    #[cfg(test)]
    pub(super) fn of(stop: watch::Receiver<Stop>) -> Self {
        Self(stop)
    }

    /// Comes back with the first signal.
    pub(super) async fn first(&mut self) {
        if self.0.wait_for(|stop| *stop != Stop::Not).await.is_err() {
            // Nobody listens for signals: none will come.
            std::future::pending::<()>().await;
        }
    }

    /// The same, where something else may ask for an end as well.
    pub(super) fn or(&self, mut other: watch::Receiver<Stop>) -> Self {
        let mut signals = self.0.clone();
        let (wish, both) = watch::channel(Stop::Not);
        tokio::spawn(async move {
            let (mut hears, mut hears_other) = (true, true);
            loop {
                let now = (*signals.borrow_and_update()).max(*other.borrow_and_update());
                wish.send_if_modified(|wish| std::mem::replace(wish, now) != now);
                tokio::select! {
                    heard = signals.changed(), if hears => hears = heard.is_ok(),
                    heard = other.changed(), if hears_other => hears_other = heard.is_ok(),
                    () = wish.closed() => return,
                    else => return,
                }
            }
        });
        Self(both)
    }

    /// Whether there was one.
    pub(super) fn any(&self) -> bool {
        *self.0.borrow() != Stop::Not
    }

    /// For the executor, which has its own way to stop.
    pub(super) fn watched(&self) -> watch::Receiver<Stop> {
        self.0.clone()
    }
}

/// Runs work that sees signals itself.
pub(super) fn run<F>(work: impl FnOnce(Signals) -> F) -> Result<Exit, Failure>
where
    F: Future<Output = Result<Exit, Failure>>,
{
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|why| Failure(format!("the runtime can't be started: {why}")))?;
    let (wish, signals) = watch::channel(Stop::Not);
    let done = {
        let _inside = runtime.enter();
        runtime.spawn(listen(wish));
        runtime.block_on(work(Signals(signals)))
    };
    // A prompt may still wait for an answer in a thread of its own.
    runtime.shutdown_background();
    done
}

/// Runs work that only reads: the first signal ends it, and `stopped` tells so.
pub(super) fn until_stopped<F>(
    work: F,
    stopped: impl FnOnce() -> Result<(), Failure>,
) -> Result<Exit, Failure>
where
    F: Future<Output = Result<Exit, Failure>>,
{
    run(|mut signals| async move {
        tokio::select! {
            done = work => done,
            () = signals.first() => stopped().map(|()| Exit::Interrupted),
        }
    })
}

#[cfg(unix)]
async fn listen(wish: watch::Sender<Stop>) {
    use tokio::signal::unix::{SignalKind, signal};
    let (Ok(mut interrupt), Ok(mut terminate)) =
        (signal(SignalKind::interrupt()), signal(SignalKind::terminate()))
    else {
        return;
    };
    for stop in [Stop::Finish, Stop::Now] {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
        wish.send_replace(stop);
    }
}

#[cfg(not(unix))]
async fn listen(wish: watch::Sender<Stop>) {
    for stop in [Stop::Finish, Stop::Now] {
        if tokio::signal::ctrl_c().await.is_err() {
            return;
        }
        wish.send_replace(stop);
    }
}
