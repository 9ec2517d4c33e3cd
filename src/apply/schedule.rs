//! Which steps may start now.
//! In: what each step waits for, and how steps ended. Out: the next step, always the smallest id of those that may run.
//! Sends nothing and knows no time: the same endings in the same order give the same schedule.

use std::collections::{BTreeSet, HashMap};

use crate::model::Step;

/// The state of a run, by position in the plan.
#[derive(Debug)]
pub(super) struct Schedule {
    waiting: Vec<usize>,
    dependents: Vec<Vec<usize>>,
    ready: BTreeSet<usize>,
}

impl Schedule {
    /// All steps, none started.
    pub(super) fn new(steps: &[Step]) -> Self {
        let places: HashMap<u32, usize> = steps.iter().enumerate().map(|(at, step)| (step.id, at)).collect();
        let mut dependents = vec![Vec::new(); steps.len()];
        let mut waiting = vec![0; steps.len()];
        for (at, step) in steps.iter().enumerate() {
            let earlier: BTreeSet<_> = step.waits_on.iter().filter_map(|id| places.get(id)).collect();
            waiting[at] = earlier.len();
            earlier.into_iter().for_each(|&before| dependents[before].push(at));
        }
        let ready = (0..steps.len()).filter(|&at| waiting[at] == 0).collect();
        Self { waiting, dependents, ready }
    }

    /// The next step to start.
    pub(super) fn next(&mut self) -> Option<usize> {
        self.ready.pop_first()
    }

    /// A step was done: what waited for it alone may start.
    pub(super) fn done(&mut self, at: usize) {
        for &dependent in &self.dependents[at] {
            self.waiting[dependent] -= 1;
            if self.waiting[dependent] == 0 {
                self.ready.insert(dependent);
            }
        }
    }

    /// A step was not done: everything that waits for it, at any distance, in the order of the plan. None of it ever becomes ready.
    pub(super) fn blocked_by(&self, at: usize) -> BTreeSet<usize> {
        let mut blocked = BTreeSet::new();
        let mut pending = self.dependents[at].clone();
        while let Some(next) = pending.pop() {
            if blocked.insert(next) {
                pending.extend(&self.dependents[next]);
            }
        }
        blocked
    }
}
