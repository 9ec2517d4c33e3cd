//! Why there is no lease.
//! In: what a store said, or who holds the lease. Out: sentences.
//! What a store said is not made visible here: whoever prints it does that.

use jiff::Timestamp;

use super::record::Holder;

/// Why a lease can't be had or kept.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Somebody else has it.
    #[error("{0}")]
    Held(Box<Held>),
    /// The place is none.
    #[error("{0}")]
    Place(String),
    /// The store did not do what it was asked.
    #[error("the lease at `{place}` can't be {what}: {why}")]
    Store {
        /// The URL of the record, or of the place.
        place: String,
        /// The verb.
        what: &'static str,
        /// What the store said.
        why: String,
    },
    /// A record that nobody can read; whether the lease is free is not known.
    #[error("`{place}` is not the record of a lease: {why}")]
    Malformed {
        /// The URL of the record.
        place: String,
        /// What is wrong with it.
        why: String,
    },
    /// The store did not answer until the lease was over.
    #[error("its store did not answer in time")]
    Silent,
    /// Others were quicker again and again.
    #[error("the lease at `{0}` changes all the time: too many runs want it at once")]
    Restless(String),
}

/// Who has a lease, and until when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// Who.
    pub holder: Holder,
    /// Since when.
    pub since: Timestamp,
    /// When it ends by itself; nothing where it was released already.
    pub expires: Option<Timestamp>,
}

impl std::fmt::Display for Held {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { holder, since, expires } = self;
        write!(f, "{holder} since {since:.0}")?;
        match expires {
            Some(expires) => write!(f, ", until {expires:.0} if it is not renewed"),
            None => f.write_str(", and has released it"),
        }
    }
}
