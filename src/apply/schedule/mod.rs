//! Which steps may start now.
//! In: what each step waits for, and how steps ended. Out: the next step: of a chain that has begun before all others, else the smallest id of those that may run.
//! Sends nothing and knows no time: the same endings in the same order give the same schedule.

mod never;

use std::collections::{BTreeSet, HashMap, HashSet};

use super::chain::{self, Chain};
use super::fill;
use crate::model::{Account, Step};
pub(super) use never::Never;

/// The state of a run, by position in the plan.
#[derive(Debug)]
pub(super) struct Schedule {
    waiting: Vec<usize>,
    dependents: Vec<Vec<usize>>,
    /// What waits only for the end of a step, however it ended.
    followers: Vec<Vec<usize>>,
    chain_of: Vec<Option<usize>>,
    chains: Vec<Chain>,
    /// Done, not done, or never to be run.
    over: Vec<bool>,
    ready: Ready,
    /// At most so many chains are open.
    most: usize,
    open: usize,
    /// The accounts in which something that was down briefly has come up again; in any other one goes ahead alone.
    proven: HashSet<Account>,
    /// So many things are down briefly, by account.
    down: HashMap<Account, usize>,
    running: usize,
}

/// Steps that wait for nothing any more.
#[derive(Debug, Default)]
struct Ready {
    /// Of a chain that has begun.
    going_on: BTreeSet<usize>,
    /// Of no chain.
    alone: BTreeSet<usize>,
    /// Of a chain that may begin: nothing that it needs from outside is missing.
    first: BTreeSet<usize>,
    /// Of a chain that could not come to its end yet.
    held: BTreeSet<usize>,
}

impl Ready {
    fn has(&self, at: usize) -> bool {
        let Self { going_on, alone, first, held } = self;
        [going_on, alone, first, held].iter().any(|set| set.contains(&at))
    }
}

/// Which steps may be started.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Starting {
    /// All.
    Anything,
    /// Only those that bring a chain to its end.
    WhatHasBegun,
}

impl Schedule {
    /// All steps, none started; at most `most` chains will be open at a time.
    pub(super) fn new(steps: &[Step], most: usize) -> Self {
        let places: HashMap<u32, usize> = steps.iter().enumerate().map(|(at, step)| (step.id, at)).collect();
        let (chains, chain_of) = chain::chains(steps);
        let mut schedule = Self {
            waiting: vec![0; steps.len()],
            dependents: vec![Vec::new(); steps.len()],
            followers: vec![Vec::new(); steps.len()],
            chain_of,
            chains,
            over: vec![false; steps.len()],
            ready: Ready::default(),
            most: most.max(1),
            open: 0,
            proven: HashSet::new(),
            down: HashMap::new(),
            running: 0,
        };
        for (at, step) in steps.iter().enumerate() {
            let earlier: BTreeSet<_> = step.waits_on.iter().filter_map(|id| places.get(id)).collect();
            schedule.waiting[at] = earlier.len();
            let lacking = fill::may_lack(step);
            for &before in earlier {
                let follows = lacking.contains(&steps[before].address);
                let behind = if follows { &mut schedule.followers } else { &mut schedule.dependents };
                behind[before].push(at);
                if let Some(chain) = schedule.entered(before, at) {
                    schedule.chains[chain].outside += 1;
                }
            }
        }
        let free: Vec<usize> = (0..steps.len()).filter(|&at| schedule.waiting[at] == 0).collect();
        free.into_iter().for_each(|at| schedule.is_ready(at));
        schedule
    }

    /// The next step to start.
    pub(super) fn next(&mut self, starting: Starting) -> Option<usize> {
        let at = self.ready.going_on.pop_first().or_else(|| match starting {
            Starting::Anything => self.another(),
            Starting::WhatHasBegun => None,
        })?;
        self.running += 1;
        if let Some(chain) = self.chain_of[at] {
            self.begin(chain);
        }
        Some(at)
    }

    /// A step that begins something.
    fn another(&mut self) -> Option<usize> {
        let alone = self.ready.alone.first().copied();
        let first = self.ready.first.iter().copied().find(|&at| self.may_begin(at));
        let next = match alone.into_iter().chain(first).min() {
            Some(next) => next,
            // Chains that wait for each other in the middle: more than allowed are open then, since the plan has no other way to its end.
            None if self.running == 0 => *self.ready.first.union(&self.ready.held).next()?,
            None => return None,
        };
        let Ready { alone, first, held, going_on: _ } = &mut self.ready;
        [alone, first, held].into_iter().for_each(|set| _ = set.remove(&next));
        Some(next)
    }

    /// Whether the chain of a step may begin now. What a platform does to all numbers of an account, the first one finds out for all.
    fn may_begin(&self, at: usize) -> bool {
        let Some(chain) = self.chain_of[at].map(|chain| &self.chains[chain]) else { return true };
        let alone = self.down.get(&chain.account).is_none_or(|down| *down == 0);
        self.open < self.most && (alone || !chain.brief || self.proven.contains(&chain.account))
    }

    /// A step was done: what waited for it alone may start.
    pub(super) fn done(&mut self, at: usize) {
        self.running -= 1;
        self.is_over(at);
        if let Some(chain) = self.chain_of[at].map(|chain| &self.chains[chain])
            && chain.brief
            && chain.left == 0
        {
            self.proven.insert(chain.account.clone());
        }
        self.dependents[at].clone().into_iter().for_each(|dependent| self.waits_less(at, dependent));
        self.let_follow(at);
    }

    /// A step is over: what waited for its end alone may start.
    fn let_follow(&mut self, at: usize) {
        self.followers[at].clone().into_iter().for_each(|follower| self.waits_less(at, follower));
    }

    fn waits_less(&mut self, before: usize, at: usize) {
        self.waiting[at] -= 1;
        if self.waiting[at] == 0 && !self.over[at] {
            self.is_ready(at);
        }
        if let Some(chain) = self.entered(before, at) {
            self.chains[chain].outside -= 1;
            self.sort_again(chain);
        }
    }

    /// The chain that a wait leads into from outside.
    fn entered(&self, before: usize, at: usize) -> Option<usize> {
        self.chain_of[at].filter(|_| self.chain_of[before] != self.chain_of[at])
    }

    fn is_ready(&mut self, at: usize) {
        let Ready { going_on, alone, first, held } = &mut self.ready;
        let set = match self.chain_of[at].map(|chain| &self.chains[chain]) {
            None => alone,
            Some(chain) if chain.begun => going_on,
            Some(chain) if chain.outside == 0 => first,
            Some(_) => held,
        };
        set.insert(at);
    }

    /// Puts the steps of a chain that are ready where they belong now.
    fn sort_again(&mut self, chain: usize) {
        if self.chains[chain].outside > 0 && !self.chains[chain].begun {
            return;
        }
        for next in 0..self.chains[chain].steps.len() {
            let at = self.chains[chain].steps[next];
            if self.ready.held.remove(&at) || self.ready.first.remove(&at) {
                self.is_ready(at);
            }
        }
    }

    fn begin(&mut self, chain: usize) {
        if !std::mem::replace(&mut self.chains[chain].begun, true) {
            self.open += 1;
            if self.chains[chain].brief {
                *self.down.entry(self.chains[chain].account.clone()).or_default() += 1;
            }
            self.sort_again(chain);
        }
    }

    fn is_over(&mut self, at: usize) {
        self.over[at] = true;
        if let Some(chain) = self.chain_of[at].map(|chain| &mut self.chains[chain]) {
            chain.left -= 1;
            if chain.left == 0 && chain.begun {
                self.open -= 1;
                if let Some(down) = self.down.get_mut(&chain.account).filter(|_| chain.brief) {
                    *down -= 1;
                }
            }
        }
    }
}
