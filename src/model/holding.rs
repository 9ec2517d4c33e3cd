//! How many numbers a trunk or an agent has, before a plan and after it.
//! In: nothing. Out: the noun that a plan shows for each holder whose count changes.
//! Counts nothing: `number_moves` does.

use super::address::Address;

/// A trunk or an agent whose count of numbers changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holding {
    /// Which.
    pub address: Address,
    /// How many numbers it has.
    pub before: usize,
    /// How many it will have.
    pub after: usize,
}
