//! Entries with `override: true` change what others say of a number.
//! In: such entries, and all that is declared otherwise. Out: the same resources with what the entries say; a number that nobody else declares is a complaint.
//! Changes only what is written; never declares a number.

use std::collections::{BTreeMap, HashMap};

use super::decode::{Decoded, Over};
use super::duplicates::Duplicate;
use super::range::Range;
use super::wording::{shown, similar};
use crate::model::{Address, Attributes, Code, Diagnostic, KindName, Origin, Resource, Settings};

/// A suggestion is looked for so many times, and among so many numbers.
const SUGGESTIONS: usize = 5;
const CANDIDATES: usize = 20_000;

/// One entry that changes others.
pub(super) struct Override {
    address: Address,
    range: Option<Range>,
    attributes: Attributes,
    over: Over,
    origin: Origin,
}

impl Override {
    /// What an entry changes; none where it is no override.
    pub(super) fn new(decoded: Decoded<'_>, address: &Address, range: Option<Range>) -> Option<Self> {
        let Decoded { attributes, origin, over, .. } = decoded;
        Some(Self { address: address.clone(), range, attributes, over: over?, origin })
    }

    fn addresses(&self) -> impl Iterator<Item = Address> {
        let address = |number: String| Address::new(&self.address.account, KindName::Number, &number);
        let many = self.range.into_iter().flat_map(Range::numbers).map(address);
        many.chain(self.range.is_none().then(|| self.address.clone()))
    }

    /// Changes one number. What was written in another file has no place in this one: it stands at the entry then.
    fn change(&self, resource: &mut Resource, identity: &str) {
        let here = resource.origin.as_ref().is_some_and(|origin| origin.file == self.origin.file);
        let mut changed = Attributes::default();
        for entry in resource.attributes.iter() {
            let stays = here && entry.name != identity;
            let span = if stays { entry.span } else { self.origin.span };
            changed.set_at(entry.name, entry.value.clone(), span);
        }
        for entry in self.attributes.iter().filter(|entry| entry.name != identity) {
            changed.set_at(entry.name, entry.value.clone(), entry.span);
        }
        resource.attributes = changed;
        resource.origin = Some(self.origin.clone());
        let mut settings = resource.settings.take().map_or_else(Settings::default, |settings| *settings);
        settings.protect = self.over.protect.unwrap_or(settings.protect);
        settings.pin = self.over.pin.clone().or(settings.pin);
        resource.settings = (settings != Settings::default()).then(|| Box::new(settings));
    }
}

/// Changes the numbers of one account; gives back which of them two entries want to change.
pub(super) fn lay(
    overrides: &[Override],
    resources: &mut BTreeMap<Address, Resource>,
    identity: &str,
    found: &mut Vec<Diagnostic>,
) -> Vec<Duplicate> {
    let mut changed: HashMap<Address, usize> = HashMap::new();
    let mut repeated = Vec::new();
    let mut nowhere: Vec<(&Override, Address, usize)> = Vec::new();
    for (index, one) in overrides.iter().enumerate() {
        let mut twice = Vec::new();
        let mut missing: Option<(Address, usize)> = None;
        for address in one.addresses() {
            let Some(resource) = resources.get_mut(&address) else {
                missing = Some(missing.map_or((address, 0), |(first, more)| (first, more + 1)));
                continue;
            };
            match changed.get(&address) {
                Some(&first) => {
                    Duplicate::count(&mut twice, (&one.origin, &overrides[first].origin), &address)
                }
                None => {
                    one.change(resource, identity);
                    changed.insert(address, index);
                }
            }
        }
        repeated.extend(twice);
        nowhere.extend(missing.map(|(first, more)| (one, first, more)));
    }
    for (index, (one, first, more)) in nowhere.iter().enumerate() {
        let close = (index < SUGGESTIONS).then(|| closest(first, resources)).flatten();
        found.push(declared_nowhere(one, first, (*more, close)));
    }
    repeated
}

/// The declared number with the fewest slips from one that is not.
fn closest<'r>(wanted: &Address, resources: &'r BTreeMap<Address, Resource>) -> Option<&'r str> {
    let numbers = resources.keys().filter(|address| address.kind == KindName::Number).take(CANDIDATES);
    similar(&wanted.name, &numbers.map(|address| &*address.name).collect::<Vec<_>>())
}

fn declared_nowhere(one: &Override, first: &Address, (more, close): (usize, Option<&str>)) -> Diagnostic {
    let others = match more {
        0 => " is overridden here and declared nowhere".to_owned(),
        1 => " and 1 more number are overridden here and declared nowhere".to_owned(),
        more => format!(" and {more} more numbers are overridden here and declared nowhere"),
    };
    let help = match close {
        Some(close) => {
            format!("did you mean `{close}`? without `override: true` the entry declares the number")
        }
        None => "check the digits; without `override: true` the entry declares the number".to_owned(),
    };
    Diagnostic::new(Code::NUM016, format!("{}{others}", shown(&first.name)))
        .at(&one.origin.file, one.origin.span, "")
        .help(help)
        .about(first)
}
