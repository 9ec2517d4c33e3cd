//! A plan becomes requests that are sent.
//! In: a plan as it was shown, a client for each account, the secrets that it needs. Out: a report of every step, and a journal.
//! Decides nothing: no request is made up here, none is sent that the plan does not hold, and the platforms are not known.

mod chain;
mod executor;
mod fill;
mod found;
mod journal;
mod look;
mod lost;
mod schedule;
mod secret_files;
mod secrets;
mod send;
#[cfg(test)]
mod tests;

pub use executor::{Event, Options, Stop, execute};
pub use journal::{Clock, Journal};
pub use secret_files::SecretFiles;
pub use secrets::Secrets;
pub use send::{Sender, Sent};
