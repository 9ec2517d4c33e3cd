//! What time it is, once a run.
//! `SOURCE_DATE_EPOCH` stands in for the clock where output must be the same each time.
//! No stage reads a clock: they are given what this says.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::exit::Failure;

/// Now, to the second.
pub(super) fn now() -> Result<Timestamp, Failure> {
    let Ok(epoch) = std::env::var("SOURCE_DATE_EPOCH") else {
        let now = Timestamp::now();
        return Ok(Timestamp::from_second(now.as_second()).unwrap_or(now));
    };
    let seconds = epoch.trim().parse().ok().and_then(|seconds| Timestamp::from_second(seconds).ok());
    seconds.ok_or_else(|| Failure("SOURCE_DATE_EPOCH is not a number of seconds".into()))
}

/// The day of a moment, in UTC.
pub(super) fn day(now: Timestamp) -> Date {
    now.to_zoned(TimeZone::UTC).date()
}
