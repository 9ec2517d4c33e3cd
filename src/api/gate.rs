//! Where every request of an account waits for its turn.
//! In: a request that wants to start, answers as they come. Out: a pass that holds one lane until it is dropped.
//! Never loses a lane to a request that is given up half way, and never lets one start during a pause.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::time::Instant;

use super::lanes::{Lanes, Pace};
use super::rate::Window;

/// The limit is the account's, so one gate stands before all its requests.
#[derive(Debug)]
pub(super) struct Gate {
    pause: Pause,
    free: Semaphore,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    lanes: Lanes,
    /// Lanes that are free or taken.
    made: usize,
}

/// One lane, taken.
#[derive(Debug)]
pub(super) struct Pass<'a>(&'a Gate);

impl Default for Gate {
    fn default() -> Self {
        let lanes = Lanes::default();
        let made = lanes.open(Instant::now());
        let free = Semaphore::new(made);
        Self { pause: Pause::default(), free, state: Mutex::new(State { lanes, made }) }
    }
}

impl Gate {
    /// Waits until no pause is on and a lane is free; first come, first served.
    pub(super) async fn enter(&self) -> Pass<'_> {
        loop {
            self.pause.pass().await;
            // A window may have ended meanwhile.
            self.settle(|_| {});
            self.free.acquire().await.expect("the semaphore is never closed").forget();
            let pass = Pass(self);
            // A pause may have begun meanwhile; then the lane goes back, since there may be fewer after it.
            if self.pause.left().is_none() {
                return pass;
            }
        }
    }

    /// Takes in an answer, or that none came. To be called before its pass is dropped.
    pub(super) fn answered(&self, status: Option<u16>, window: Option<Window>) {
        let until = |wait| Instant::now().checked_add(wait);
        let told = window.map(|Window { remaining, reset }| (remaining, reset.and_then(until)));
        self.settle(|state| {
            state.lanes.answered(Pace::of(status));
            state.lanes.told(told);
        });
    }

    /// Nobody starts for so long from now.
    pub(super) fn pause(&self, wait: Duration) {
        self.pause.extend(wait);
    }

    /// Makes as many lanes as may be open; those too many that are taken go when they come back.
    fn settle(&self, change: impl FnOnce(&mut State)) {
        // A poisoned lock still holds a sound value: nothing here can stop half way.
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        change(&mut state);
        let open = state.lanes.open(Instant::now());
        if state.made < open {
            self.free.add_permits(open - state.made);
            state.made = open;
        } else {
            state.made -= self.free.forget_permits(state.made - open);
        }
    }
}

impl Drop for Pass<'_> {
    fn drop(&mut self) {
        self.0.settle(|state| state.made -= 1);
    }
}

/// A pause that all requests of an account keep: one 429 stops every worker.
#[derive(Debug, Default)]
struct Pause(Mutex<Option<Instant>>);

impl Pause {
    /// Makes the pause last at least so long from now.
    fn extend(&self, wait: Duration) {
        let mut until = self.lock();
        *until = (*until).max(Some(Instant::now() + wait));
    }

    /// When it is over, if it is on.
    fn left(&self) -> Option<Instant> {
        self.lock().filter(|until| *until > Instant::now())
    }

    /// Waits until the pause is over, also when it is extended meanwhile.
    async fn pass(&self) {
        while let Some(until) = self.left() {
            tokio::time::sleep_until(until).await;
        }
    }

    fn lock(&self) -> MutexGuard<'_, Option<Instant>> {
        // A poisoned lock still holds a sound value: it is only ever assigned.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;

    /// As many passes as there are without waiting.
    fn all(gate: &Gate) -> Vec<Pass<'_>> {
        std::iter::from_fn(|| gate.enter().now_or_never()).take(100).collect()
    }

    fn left(remaining: usize, millis: Option<u64>) -> Option<Window> {
        Some(Window { remaining, reset: millis.map(Duration::from_millis) })
    }

    #[tokio::test]
    async fn lanes_follow_the_answers() {
        let gate = Gate::default();
        assert_eq!(all(&gate).len(), 8);
        let mut passes = all(&gate);
        gate.answered(Some(429), None);
        passes.truncate(4);
        assert_eq!(all(&gate).len(), 0, "four are under way, and four may be");
        passes.truncate(1);
        assert_eq!(all(&gate).len(), 3);
        drop(passes);
        (0..4 + 5 + 6 + 7).for_each(|_| gate.answered(Some(200), None));
        assert_eq!(all(&gate).len(), 8);
    }

    #[tokio::test]
    async fn what_is_given_up_keeps_no_lane() {
        let gate = Gate::default();
        let passes = all(&gate);
        let mut waiting: Vec<_> = (0..5).map(|_| Box::pin(gate.enter())).collect();
        assert!(waiting.iter_mut().all(|w| w.as_mut().now_or_never().is_none()));
        // Each of these was given a lane and is dropped before it could take it.
        drop(passes);
        drop(waiting);
        assert_eq!(all(&gate).len(), 8);
        gate.pause(Duration::from_millis(1));
        drop(gate.enter().now_or_never());
        drop(gate.enter().await);
        assert_eq!(all(&gate).len(), 8);
    }

    #[tokio::test]
    async fn those_who_wait_come_in_as_lanes_open() {
        let gate = Gate::default();
        let pass = gate.enter().await;
        gate.answered(Some(429), left(0, None));
        assert!(gate.enter().now_or_never().is_none());
        let mut waiting: Vec<_> = (0..9).map(|_| Box::pin(gate.enter())).collect();
        assert!(waiting.iter_mut().all(|w| w.as_mut().now_or_never().is_none()));
        gate.answered(Some(200), left(3, None));
        let entered: Vec<_> = waiting.iter_mut().map(|w| w.as_mut().now_or_never()).collect();
        assert_eq!(entered.iter().map(Option::is_some).collect::<Vec<_>>()[..4], [true, true, false, false]);
        drop((pass, entered));
        let mut rest = waiting.split_off(2);
        let entered: Vec<_> = rest.iter_mut().filter_map(|w| w.as_mut().now_or_never()).collect();
        assert_eq!(entered.len(), 3);
    }

    #[tokio::test]
    async fn nobody_starts_during_a_pause_and_fewer_start_after_it() {
        let gate = Gate::default();
        let (start, wait) = (Instant::now(), Duration::from_millis(30));
        let passes = all(&gate);
        let mut waiting: Vec<_> = (0..8).map(|_| Box::pin(gate.enter())).collect();
        assert!(waiting.iter_mut().all(|w| w.as_mut().now_or_never().is_none()));
        gate.answered(Some(429), None);
        gate.pause(wait);
        // Lanes are free from now on, and those who stand before them are told so.
        drop(passes);
        let (first, _, mut waiting) = futures_util::future::select_all(waiting).await;
        assert!(start.elapsed() >= wait);
        let entered: Vec<_> = waiting.iter_mut().filter_map(|w| w.as_mut().now_or_never()).collect();
        assert_eq!(entered.len(), 3);
        drop(first);
    }

    #[tokio::test]
    async fn a_window_that_is_over_counts_no_more() {
        let gate = Gate::default();
        gate.answered(Some(200), left(2, Some(60_000)));
        assert_eq!(all(&gate).len(), 2);
        gate.answered(Some(200), left(2, Some(1)));
        tokio::time::sleep(Duration::from_millis(2)).await;
        assert_eq!(all(&gate).len(), 8);
        gate.answered(Some(200), left(2, None));
        assert_eq!(all(&gate).len(), 2);
        gate.answered(Some(200), None);
        assert_eq!(all(&gate).len(), 8);
    }
}
