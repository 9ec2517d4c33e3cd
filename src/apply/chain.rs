//! Steps that belong together, since something is down between the first and the last of them.
//! In: the steps of a plan. Out: its chains: of each address with a gap, the steps from the first that has one to the last.
//! Starts nothing; the schedule keeps the state of each chain in it.

use std::collections::HashMap;

use crate::model::{Account, Address, Gap, Step};

/// The steps of one address, from the first that takes it down.
#[derive(Debug)]
pub(super) struct Chain {
    /// Whose they are.
    pub(super) account: Account,
    /// Whether one of them takes the thing down until a later one, and not until the platform has verified it.
    pub(super) brief: bool,
    /// Their positions, in order.
    pub(super) steps: Vec<usize>,
    /// Waits of its steps for steps that are not its own and not done.
    pub(super) outside: usize,
    /// Steps that are not over.
    pub(super) left: usize,
    /// Whether one of them was started.
    pub(super) begun: bool,
}

impl Chain {
    fn of(account: &Account) -> Self {
        Self { account: account.clone(), brief: false, steps: Vec::new(), outside: 0, left: 0, begun: false }
    }
}

/// All chains, and for each step the chain that it is of.
pub(super) fn chains(steps: &[Step]) -> (Vec<Chain>, Vec<Option<usize>>) {
    let mut chains: Vec<Chain> = Vec::new();
    let mut of_address: HashMap<&Address, usize> = HashMap::new();
    let mut of_step = Vec::with_capacity(steps.len());
    for (at, step) in steps.iter().enumerate() {
        let known = of_address.get(&step.address).copied();
        let chain = known.or_else(|| {
            (step.gap != Gap::None).then(|| {
                chains.push(Chain::of(&step.address.account));
                of_address.insert(&step.address, chains.len() - 1);
                chains.len() - 1
            })
        });
        if let Some(chain) = chain.map(|chain| &mut chains[chain]) {
            chain.steps.push(at);
            chain.left += 1;
            chain.brief |= step.gap == Gap::Brief;
        }
        of_step.push(chain);
    }
    (chains, of_step)
}
