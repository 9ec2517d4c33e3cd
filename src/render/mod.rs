//! Values become text, for people and for programs.
//! In: a plan or a report. Out: a string; what is shown, in which order and how it is masked is decided once, in `view`.
//! Reads no clock, no environment and no file, and prints nothing itself.

pub mod diagnostics;
pub mod document;
#[cfg(test)]
mod fixture;
mod fold;
pub mod graph;
pub mod human;
pub mod report;
#[cfg(test)]
mod tests;
mod view;
