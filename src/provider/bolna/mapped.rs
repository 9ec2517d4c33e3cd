//! Which agent answers a number.
//! In: the account's list of all phone numbers, and a number's own row. Out: an agent's id, nobody, or that it can't be known.
//! The list is asked first: a number's own row need not tell of its agent.

use std::collections::{BTreeMap, HashMap};

use super::rows::{Answers, Phone};
use crate::model::Id;

/// The account's phone numbers, to be found by id or by their digits.
pub(super) struct Mapped {
    by_id: BTreeMap<Id, Phone>,
    by_digits: HashMap<Box<str>, Id>,
    /// The digits of what is rented from Bolna itself, and on no trunk.
    pub(super) rented: Vec<Box<str>>,
}

impl Mapped {
    /// Sorts the list. What is rented is on no trunk, and a row that has the id of a number that is or was on a trunk (`known`) is that number and no other.
    pub(super) fn new(phones: Vec<Phone>, known: impl Fn(&Id) -> bool) -> Self {
        let phones = phones.into_iter().filter(|phone| !phone.deleted);
        let by_id: BTreeMap<_, _> = phones.filter_map(|phone| Some((phone.id.clone()?, phone))).collect();
        let (mut by_digits, mut rented) = (HashMap::new(), Vec::new());
        for (id, phone) in by_id.iter().filter(|(id, _)| !known(id)) {
            match &phone.digits {
                Some(digits) if phone.rented => rented.push(digits.clone()),
                Some(digits) => _ = by_digits.entry(digits.clone()).or_insert_with(|| id.clone()),
                None => {}
            }
        }
        Self { by_id, by_digits, rented }
    }

    /// Who answers a number, of which its own row says `own`. A number that nobody tells anything of is answered by nobody.
    pub(super) fn answers(&self, (id, number): (&Id, &str), own: Option<&Answers>) -> Answers {
        let by_digits = || self.by_id.get(self.by_digits.get(number)?);
        let listed = self.by_id.get(id).or_else(by_digits);
        listed.and_then(|phone| phone.agent.as_ref()).or(own).cloned().unwrap_or(Answers::Nobody)
    }
}
