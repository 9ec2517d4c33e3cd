//! A lease in an object store, so that two runs do not interleave.
//! In: a place (a folder or a bucket), who asks. Out: a lease that nobody else holds at the same time, kept until it is released; or who holds it.
//! Knows nothing of plans and platforms, and asks no more of a store than to create a thing only where there is none.
//!
//! Below the place stand records that are never changed, `trunkform-lease/0000000001.json` and so on; the highest number counts. Whoever takes, renews or
//! releases the lease creates the next number, which the store lets only one do. A number may come free again once its record was tidied away; so whoever
//! created one looks whether it is the highest, and has nothing where it is not: the highest is never tidied away.

mod error;
mod keeper;
mod place;
mod protocol;
mod record;
mod shelf;
#[cfg(test)]
mod tests;

pub use error::{Error, Held};
pub use keeper::Keeper;
pub use place::Place;
pub use protocol::{Asked, GRACE, LIFETIME, Lease, Terms};
pub use record::Holder;
