//! How a lease is taken, renewed, broken and released.
//! In: the records of a place, who asks, what time it is. Out: the next record, or why there is none.
//! One call at a time for each lease; a call that is dropped half way leaves a record that ends by itself.

use jiff::{SignedDuration, Timestamp};

use super::error::{Error, Held};
use super::record::{Holder, Record, State};
use super::shelf::{Created, Number, Shelf};

/// How long a lease lasts that nobody renews.
pub const LIFETIME: SignedDuration = SignedDuration::from_mins(5);
/// How much longer others wait, since clocks do not agree to the second.
pub const GRACE: SignedDuration = SignedDuration::from_secs(10);
/// So often another try is worth it when others were quicker.
const TRIES: usize = 20;

/// How a lease is asked for.
#[derive(Clone, Debug)]
pub struct Terms {
    /// Who asks.
    pub holder: Holder,
    /// How long the lease lasts each time.
    pub lifetime: SignedDuration,
    /// What time it is.
    pub clock: fn() -> Timestamp,
}

impl Terms {
    /// The usual ones.
    pub fn of(holder: Holder) -> Self {
        Self { holder, lifetime: LIFETIME, clock: Timestamp::now }
    }
}

/// Whose lease may be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// Nobody's.
    Free,
    /// That of whoever has it now.
    Break,
}

/// A lease that was taken.
#[derive(Debug)]
pub struct Lease {
    shelf: Shelf,
    terms: Terms,
    run: String,
    since: Timestamp,
    number: Number,
    expires: Timestamp,
    broken: Option<String>,
}

/// What became of an attempt to write the next record.
enum Next {
    /// It is ours and the highest.
    Ours,
    /// Others were quicker.
    Others,
}

impl Lease {
    /// Takes the lease where it is free or over, or where it may be broken.
    pub(super) async fn take(shelf: Shelf, terms: Terms, asked: Asked) -> Result<Self, Error> {
        let (run, never) = (format!("{:032x}", fastrand::u128(..)), Timestamp::UNIX_EPOCH);
        let mut lease = Self { shelf, terms, run, since: never, number: 0, expires: never, broken: None };
        let mut victim = None;
        for _ in 0..TRIES {
            lease.number = lease.shelf.highest().await?;
            if lease.number > 0 {
                let Some(stands) = look(&lease.shelf, lease.number, asked).await? else { continue };
                if let Some(told) = in_the_way(&stands, &lease.terms) {
                    let whose = stands.ok().map(|record| record.run);
                    // Whoever took it only meanwhile was not meant.
                    if asked == Asked::Free || *victim.get_or_insert_with(|| whose.clone()) != whose {
                        return Err(told);
                    }
                    lease.broken = Some(named(&told));
                } else {
                    lease.broken = None;
                }
            }
            lease.since = (lease.terms.clock)();
            if let Next::Ours = lease.extend().await? {
                return Ok(lease);
            }
        }
        Err(Error::Restless(lease.shelf.name().to_owned()))
    }

    /// Who has it.
    pub fn holder(&self) -> &Holder {
        &self.terms.holder
    }

    /// When it is over, if nobody renews it.
    pub fn expires(&self) -> Timestamp {
        self.expires
    }

    /// What was broken for it.
    pub fn broken(&self) -> Option<&str> {
        self.broken.as_deref()
    }

    pub(super) fn terms(&self) -> &Terms {
        &self.terms
    }

    /// Makes it last longer. [`Error::Held`] says that somebody else has it; after any other error it may still be ours.
    pub async fn renew(&mut self) -> Result<(), Error> {
        match self.extend().await? {
            Next::Ours => Ok(()),
            Next::Others => Err(self.lost().await?),
        }
    }

    /// Gives it back. Where somebody else has it there is nothing to be given.
    pub async fn release(mut self) -> Result<(), Error> {
        // Of several who broke it one may have taken back the record that is next: that it can be created says nothing.
        if !self.shelf.counts(self.number).await? {
            return Err(self.lost().await?);
        }
        let state = State::Released((self.terms.clock)());
        if let Some(number) = self.create(state).await? {
            // Somebody may have taken it right then. But where the record before is tidied away, another stood in between for long.
            if self.shelf.counts(number).await? || self.shelf.read(number - 1).await?.is_some() {
                return Ok(());
            }
            self.shelf.withdraw(number).await;
        }
        Err(self.lost().await?)
    }

    async fn extend(&mut self) -> Result<Next, Error> {
        let expires = (self.terms.clock)().checked_add(self.terms.lifetime).unwrap_or(Timestamp::MAX);
        let Some(number) = self.create(State::Expires(expires)).await? else { return Ok(Next::Others) };
        if !self.shelf.counts(number).await? {
            self.shelf.withdraw(number).await;
            return Ok(Next::Others);
        }
        (self.number, self.expires) = (number, expires);
        Ok(Next::Ours)
    }

    /// Creates the record after the last one that we know; nothing where that one is another's.
    async fn create(&mut self, state: State) -> Result<Option<Number>, Error> {
        let (run, holder) = (self.run.clone(), self.terms.holder.clone());
        let record = Record { run, holder, since: self.since, state };
        loop {
            let number = self.shelf.after(self.number)?;
            let created = self.shelf.create(number, &record).await;
            if let Ok(Created::Yes) = created {
                return Ok(Some(number));
            }
            // Perhaps it was we: an answer that got lost, a request that was sent twice on its way, an earlier call that did not come to its end.
            match (self.shelf.read(number).await, created) {
                (Ok(Some(stands)), _) if stands == record => return Ok(Some(number)),
                (Ok(Some(stands)), _) if stands.run == self.run => self.number = number,
                (Ok(_), Ok(_)) => return Ok(None),
                (_, Err(why)) | (Err(why), _) => return Err(why),
            }
        }
    }

    /// Who has it now.
    async fn lost(&self) -> Result<Error, Error> {
        for _ in 0..TRIES {
            let number = self.shelf.highest().await?;
            if let Some(record) = self.shelf.read(number).await? {
                return Ok(held(&record));
            }
        }
        Err(Error::Restless(self.shelf.name().to_owned()))
    }
}

/// What the highest record says; one that is no record stands in nobody's way who breaks the lease.
async fn look(shelf: &Shelf, number: Number, asked: Asked) -> Result<Option<Result<Record, Error>>, Error> {
    match shelf.read(number).await {
        Ok(record) => Ok(record.map(Ok)),
        Err(why @ Error::Malformed { .. }) if asked == Asked::Break => Ok(Some(Err(why))),
        Err(why) => Err(why),
    }
}

/// Why the lease is not free.
fn in_the_way(stands: &Result<Record, Error>, terms: &Terms) -> Option<Error> {
    match stands {
        Ok(Record { state: State::Released(_), .. }) => None,
        Ok(record @ Record { state: State::Expires(expires), .. }) => {
            let over = expires.checked_add(GRACE).unwrap_or(Timestamp::MAX);
            (over >= (terms.clock)()).then(|| held(record))
        }
        Err(Error::Malformed { place, why }) => {
            Some(Error::Malformed { place: place.clone(), why: why.clone() })
        }
        Err(_) => None,
    }
}

fn held(record: &Record) -> Error {
    let Record { run: _, holder, since, state } = record;
    let expires = match state {
        State::Expires(expires) => Some(*expires),
        State::Released(_) => None,
    };
    Error::Held(Box::new(Held { holder: holder.clone(), since: *since, expires }))
}

fn named(told: &Error) -> String {
    match told {
        Error::Held(held) => format!("the lease of {held}"),
        other => other.to_string(),
    }
}
