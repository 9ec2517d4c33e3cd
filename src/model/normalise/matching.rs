//! Two sets whose items may be known in part only.
//! In: the items of both, and which of them may be the same. Out: whether each item of one has an item of the other to itself.
//! Never settles for the first that fits: an item of which little is known fits several, and must leave them to those that fit one.

/// Whether the items can be paired off so that all pairs fit; `a` and `b` are of one length.
pub(super) fn one_to_one<T>(a: &[T], b: &[T], fits: impl Fn(&T, &T) -> bool) -> bool {
    let mut pairing = Pairing { a, b, fits, taken: vec![None; b.len()] };
    (0..a.len()).all(|at| {
        let mut asked = vec![false; b.len()];
        pairing.seat(at, &mut asked)
    })
}

struct Pairing<'a, T, F> {
    a: &'a [T],
    b: &'a [T],
    fits: F,
    /// For each item of `b`, which of `a` has it.
    taken: Vec<Option<usize>>,
}

impl<T, F: Fn(&T, &T) -> bool> Pairing<'_, T, F> {
    /// Finds an item for one of `a`, moving others aside where they can have another one.
    fn seat(&mut self, at: usize, asked: &mut [bool]) -> bool {
        // Both sides mostly have one order, so its own place is tried first.
        for place in (0..self.b.len()).map(|ahead| (at + ahead) % self.b.len()) {
            if asked[place] || !(self.fits)(&self.a[at], &self.b[place]) {
                continue;
            }
            asked[place] = true;
            if self.taken[place].is_none_or(|other| self.seat(other, asked)) {
                self.taken[place] = Some(at);
                return true;
            }
        }
        false
    }
}
