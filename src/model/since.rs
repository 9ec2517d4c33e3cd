//! A comparison with what files said at an earlier revision.
//! Who is behind a difference, and what was declared once.
//! Values only; nothing here knows where a revision comes from.

use std::collections::BTreeMap;

use super::address::{Address, KindName};
use super::resource::{Id, Resource, Settings};

/// Who is behind a difference between the file and what is live.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cause {
    /// The file has changed since the revision.
    Yours,
    /// The file is as it was, and what is live is not as it said.
    Drift,
    /// The file has changed, and what is live was not as it said before.
    Both,
}

impl Cause {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Yours, Self::Drift, Self::Both];

    /// The word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Yours => "yours",
            Self::Drift => "drift",
            Self::Both => "both",
        }
    }

    /// Of a difference of which it is known what has changed; none where nothing has.
    pub fn of(file: bool, live: bool) -> Option<Self> {
        match (file, live) {
            (true, false) => Some(Self::Yours),
            (false, true) => Some(Self::Drift),
            (true, true) => Some(Self::Both),
            (false, false) => None,
        }
    }

    /// The two together.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        if self == other { self } else { Self::Both }
    }
}

/// What was declared once and is no longer: it goes although `unlisted` keeps what no file lists.
#[derive(Clone, Debug, Default)]
pub struct Removed {
    /// By name, each with whether it was protected.
    named: BTreeMap<Address, bool>,
    /// What was pinned is known by its id alone.
    pinned: Vec<(KindName, Id, bool)>,
}

impl Removed {
    /// Adds a thing with what was said of it beside its attributes.
    pub fn add(&mut self, address: Address, settings: Option<&Settings>) {
        let protect = settings.is_some_and(|settings| settings.protect);
        match settings.and_then(|settings| settings.pin.clone()) {
            Some(pin) => self.pinned.push((address.kind, pin, protect)),
            None => _ = self.named.insert(address, protect),
        }
    }

    /// Takes back a thing that was added by its name; says whether it was there.
    pub fn remove(&mut self, address: &Address) -> bool {
        self.named.remove(address).is_some()
    }

    /// Whether there is nothing.
    pub fn is_empty(&self) -> bool {
        self.named.is_empty() && self.pinned.is_empty()
    }

    /// Whether a live thing is among it, and if so whether it was protected.
    pub fn protection_of(&self, live: &Resource) -> Option<bool> {
        let is_it = |(kind, pin, _): &&(KindName, Id, bool)| {
            *kind == live.address.kind && live.id.as_ref() == Some(pin)
        };
        let pinned = self.pinned.iter().find(is_it).map(|(_, _, protect)| *protect);
        pinned.or_else(|| self.named.get(&live.read_as()).copied())
    }
}

impl Extend<Address> for Removed {
    fn extend<T: IntoIterator<Item = Address>>(&mut self, addresses: T) {
        self.named.extend(addresses.into_iter().map(|address| (address, false)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Account, Attributes};

    fn trunk(name: &str, id: i64) -> Resource {
        let address = Address::new(&Account::new("a"), KindName::Trunk, name);
        Resource { id: Some(Id::Int(id)), ..Resource::new(address, Attributes::default()) }
    }

    #[test]
    fn what_was_pinned_is_known_by_its_id_and_nothing_else() {
        let mut removed = Removed::default();
        let settings = Settings { pin: Some(Id::Int(7)), protect: true, ..Settings::default() };
        removed.add(trunk("Main", 0).address, Some(&settings));
        assert!(!removed.is_empty());
        assert_eq!(removed.protection_of(&trunk("Renamed", 7)), Some(true));
        assert_eq!(removed.protection_of(&trunk("Main", 8)), None, "another one of the same name");
        removed.add(trunk("Old", 0).address, None);
        assert_eq!(removed.protection_of(&trunk("Old", 9)), Some(false));
        assert!(removed.remove(&trunk("Old", 9).address) && !removed.remove(&trunk("Old", 9).address));
    }

    #[test]
    fn causes_add_up() {
        for cause in Cause::ALL {
            assert_eq!(cause.and(cause), cause);
            assert_eq!(cause.and(Cause::Both), Cause::Both);
        }
        assert_eq!(Cause::Yours.and(Cause::Drift), Cause::Both);
        assert_eq!(Cause::of(false, false), None);
    }
}
