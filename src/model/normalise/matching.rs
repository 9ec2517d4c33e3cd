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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::one_to_one;

    /// Whether any order of `b` fits `a`, tried one by one.
    fn any_order(a: &[u8], b: &[u8]) -> bool {
        let Some((first, rest)) = a.split_first() else { return b.is_empty() };
        (0..b.len()).any(|at| {
            let mut others = b.to_vec();
            first & others.remove(at) != 0 && any_order(rest, &others)
        })
    }

    proptest! {
        #[test]
        fn a_pairing_is_found_where_there_is_one((a, b) in (0usize..7).prop_flat_map(|n| {
            let side = || proptest::collection::vec(0u8..16, n);
            (side(), side())
        })) {
            prop_assert_eq!(one_to_one(&a, &b, |a, b| a & b != 0), any_order(&a, &b));
        }
    }
}
