//! What will never be started, once something was not done.
//! In: a step that was not done, or an account that takes no more requests. Out: the steps that are over with it.
//! Leaves nothing down that could still be brought up: a chain that has begun goes on as far as it can.

use std::collections::{BTreeSet, HashSet};

use super::{Ready, Schedule};
use crate::model::Outcome;

/// What will never run since one step was not done.
#[derive(Debug)]
pub(in crate::apply) struct Never {
    /// What waits for it, at any distance.
    pub(in crate::apply) waiting: BTreeSet<usize>,
    /// A step of what is left down for that, if anything is.
    pub(in crate::apply) down: Option<usize>,
    /// What would take down more in the same account, and what waits for that.
    pub(in crate::apply) halted: BTreeSet<usize>,
}

impl Schedule {
    /// A step was not done: everything else that will never run for that, in the order of the plan. Where it leaves something down that should have been
    /// so only briefly, nothing more is taken down in its account: what the platform refuses to one number it may well refuse to all.
    pub(in crate::apply) fn not_done(&mut self, at: usize, outcome: Outcome) -> Never {
        self.running -= 1;
        self.is_over(at);
        let mut pending = self.dependents[at].clone();
        if self.refused_to_go_down(at, outcome) {
            pending.extend(self.written_without(at));
        }
        let waiting = self.behind(pending);
        self.are_over(&waiting);
        let down = self.left_down(at, outcome, &waiting);
        let halted = down.and_then(|down| self.chain_of[down]).map(|chain| self.halt(chain));
        let halted = halted.unwrap_or_default();
        for ended in [at].iter().chain(&waiting).chain(&halted) {
            self.let_follow(*ended);
        }
        Never { waiting, down, halted }
    }

    /// A step of what was taken down and will not be brought up, after `at` was not done and for that `waiting` never will be.
    fn left_down(&self, at: usize, outcome: Outcome, waiting: &BTreeSet<usize>) -> Option<usize> {
        let begun = |step: &usize| {
            self.chain_of[*step].map(|chain| &self.chains[chain]).filter(|chain| chain.brief && chain.begun)
        };
        let own = begun(&at).filter(|_| !self.refused_to_go_down(at, outcome)).map(|_| at);
        let other = |step: &&usize| self.chain_of[**step] != self.chain_of[at] && begun(step).is_some();
        own.or_else(|| waiting.iter().find(other).copied())
    }

    /// Whether a step was the first of its chain and had no effect: the thing is still up, as it was.
    fn refused_to_go_down(&self, at: usize, outcome: Outcome) -> bool {
        let first = self.chain_of[at].and_then(|chain| self.chains[chain].steps.first());
        outcome == Outcome::Failed && first == Some(&at)
    }

    /// What would write a list without the thing of a chain, once that has come to its end: wrong as long as the thing is as it was.
    fn written_without(&self, at: usize) -> impl Iterator<Item = usize> {
        let chain = self.chain_of[at].into_iter().flat_map(|chain| &self.chains[chain].steps);
        chain.flat_map(|&step| &self.followers[step]).copied()
    }

    /// No chain of the account of this one begins any more, but for those that one that has begun waits for.
    fn halt(&mut self, down: usize) -> BTreeSet<usize> {
        let mut halted = BTreeSet::new();
        for next in 0..self.chains.len() {
            let chain = &self.chains[next];
            if !chain.brief || chain.begun || chain.account != self.chains[down].account {
                continue;
            }
            let never = self.behind(chain.steps.clone());
            if never.iter().all(|&at| self.chain_of[at].is_none_or(|chain| !self.chains[chain].begun)) {
                self.are_over(&never);
                halted.extend(never);
            }
        }
        halted
    }

    /// These steps and what waits for them, at any distance, as far as it is not over; and a chain that could not come to its end does not begin.
    fn behind(&self, mut pending: Vec<usize>) -> BTreeSet<usize> {
        let mut blocked = BTreeSet::new();
        while let Some(next) = pending.pop() {
            if self.over[next] || !blocked.insert(next) {
                continue;
            }
            pending.extend(&self.dependents[next]);
            if let Some(chain) = self.chain_of[next].filter(|&chain| !self.chains[chain].begun) {
                pending.extend(&self.chains[chain].steps);
                pending.extend(self.written_without(next));
            }
        }
        blocked
    }

    /// Nothing of an account is started any more but what brings up what is down, and what that waits for. Gives what was not started yet.
    pub(in crate::apply) fn shut(&mut self, of_account: impl Fn(usize) -> bool) -> BTreeSet<usize> {
        let needed = self.needed();
        let waits = |at: usize| self.waiting[at] > 0 || self.ready.has(at);
        let never = (0..self.over.len())
            .filter(|&at| of_account(at) && !self.over[at] && waits(at) && !needed.contains(&at));
        let never = never.collect();
        self.are_over(&never);
        never
    }

    /// The steps of the chains that have begun, and all that those wait for.
    fn needed(&self) -> HashSet<usize> {
        let mut before = vec![Vec::new(); self.over.len()];
        for (at, after) in self.dependents.iter().zip(&self.followers).enumerate() {
            after.0.iter().chain(after.1).for_each(|&after| before[after].push(at));
        }
        let begun = self.chains.iter().filter(|chain| chain.begun);
        let mut pending: Vec<_> = begun.flat_map(|chain| &chain.steps).copied().collect();
        let mut needed = HashSet::new();
        while let Some(next) = pending.pop() {
            if self.over[next] || !needed.insert(next) {
                continue;
            }
            pending.extend(&before[next]);
            pending.extend(self.chain_of[next].into_iter().flat_map(|chain| &self.chains[chain].steps));
        }
        needed
    }

    fn are_over(&mut self, steps: &BTreeSet<usize>) {
        for &never in steps {
            self.is_over(never);
            let Ready { alone, first, held, going_on } = &mut self.ready;
            [alone, first, held, going_on].into_iter().for_each(|set| _ = set.remove(&never));
        }
    }
}
