//! Values become text, for people and for programs.
//! In: a plan or a report. Out: a string; what is shown, in which order and how it is masked is decided once, in `view`.
//! Reads no clock, no environment and no file, and prints nothing itself.

pub mod diagnostics;
pub mod diff;
pub mod document;
pub mod drift;
mod eta;
#[cfg(test)]
mod fixture;
mod fold;
pub mod graph;
pub mod html;
pub mod human;
mod junit;
pub mod markdown;
pub mod report;
#[cfg(test)]
mod tests;
mod view;
pub mod why;

use crate::model::{Account, Address};

/// Addresses on one line: trunks one by one, the numbers of an account as ranges with their count.
pub fn addresses(addresses: &[Address]) -> String {
    view::named(addresses.iter())
}

/// Accounts by name, on one line.
pub fn accounts(accounts: &[Account]) -> String {
    view::accounts(accounts)
}
