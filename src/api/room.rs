//! How much one reading of an account may bring in.
//! In: the sizes of answers. Out: whether there is still room for them.
//! Bounds memory where a hostile server keeps every page and every body within its own bound, and never comes to an end.

use std::sync::atomic::{AtomicUsize, Ordering};

/// Bytes of all answers of one reading: some 500,000 rows.
pub(super) const LARGEST: usize = 256 << 20;

/// What is left of it.
pub(super) struct Room(AtomicUsize);

impl Default for Room {
    fn default() -> Self {
        Self(AtomicUsize::new(usize::MAX))
    }
}

impl Room {
    /// Waits for a reading that gets no more than [`LARGEST`]. Outside of one nothing is counted: what apply asks again and again, it does not keep.
    pub(super) async fn within<T>(&self, reading: impl Future<Output = T>) -> T {
        self.0.store(LARGEST, Ordering::Relaxed);
        let read = reading.await;
        self.0.store(usize::MAX, Ordering::Relaxed);
        read
    }

    /// Takes room for an answer, if there is enough.
    pub(super) fn take(&self, bytes: usize) -> bool {
        let left = |room: usize| if room == usize::MAX { Some(room) } else { room.checked_sub(bytes) };
        self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, left).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn each_reading_has_the_same_room_and_nothing_else_is_counted() {
        let room = Room::default();
        for _ in 0..2 {
            let taken = room.within(async { [LARGEST - 1, 1, 1, 0].map(|bytes| room.take(bytes)) }).await;
            assert_eq!(taken, [true, true, false, true]);
            assert!(room.take(LARGEST + 1));
        }
    }
}
