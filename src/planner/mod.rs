//! Changes become requests in an order.
use crate::model::{Address, Change, Pattern, Plan, State, World};

/// What the command line says of a plan.
#[derive(Clone, Debug, Default)]
pub struct Choices {
    /// RFC 3339; planning reads no clock.
    pub timestamp: String,
    /// `--target`: only these, and what they need.
    pub targets: Vec<Pattern>,
    /// `--allow-removals`.
    pub allow_removals: Option<usize>,
}

/// The plan over all accounts.
pub fn plan(differing: Vec<(World, Vec<Change>)>, choices: &Choices) -> Plan {
    let _ = (differing, choices);
    todo!()
}

/// The things that a plan touches and that are no longer as they were read; `observed` are fresh states, by account.
pub fn stale(plan: &Plan, observed: &[State]) -> Vec<Address> {
    let _ = (plan, observed);
    todo!()
}
