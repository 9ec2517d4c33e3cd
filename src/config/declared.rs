//! What one account declares, each resource once.
//! In: entry after entry, from files and inventories. Out: the desired state; what stands twice is a complaint with both places.
//! Writes no diagnostic about a duplicate: `duplicates` does.

use std::collections::btree_map::Entry;

use super::decode::{Decoded, Reader};
use super::duplicates::{Duplicate, DuplicateCounter};
use super::overrides::Override;
use super::range::{MANY, MOST, Range};
use super::waive::Subject;
use crate::model::normalise;
use crate::model::{Account, Address, Code, Diagnostic, Kind, KindName, Resource, Severity, State, Value};

/// The resources that were met so far.
#[derive(Default)]
pub(super) struct Declared {
    pub state: State,
    overrides: Vec<Override>,
    duplicates: DuplicateCounter,
}

impl Declared {
    /// Adds what an entry says; gives back what its waivers are about.
    pub(super) fn entry(
        &mut self,
        reader: &Reader<'_>,
        decoded: Decoded<'_>,
        kind: &'static Kind,
        found: &mut Vec<Diagnostic>,
    ) -> Subject {
        let mut decoded = decoded;
        let address = Address::new(reader.account, kind.name, &normalise::name(decoded.name));
        decoded.attributes.share(&address.name);
        let range = match Range::parse(decoded.name).filter(|_| kind.name == KindName::Number) {
            None => None,
            Some(Ok(range)) => Some(range),
            Some(Err(why)) => {
                let complaint = Diagnostic::new(Code::NUM014, why)
                    .at(reader.file, decoded.origin.span, "")
                    .help("write `+15550100000..+15550100999`: the first and the last number, both in E.164 form")
                    .about(&address);
                found.push(complaint);
                return Subject::One(address);
            }
        };
        found.extend(range.and_then(|range| pinned(range, reader.account, &decoded)));
        match (range, &decoded.over) {
            (_, Some(_)) => self.overrides.extend(Override::new(decoded, &address, range)),
            (None, None) => self.insert(std::iter::once(decoded.resource(address.clone())), found),
            (Some(range), None) => self.expand(&decoded, (range, reader.account, kind.identity), found),
        }
        range.map_or(Subject::One(address), |range| Subject::Range(reader.account.clone(), range))
    }

    /// Lays the overrides over the rest: all of it is known now.
    pub(super) fn finish(self, kind: &Kind, found: &mut Vec<Diagnostic>) -> State {
        let Self { mut state, overrides, mut duplicates } = self;
        let repeated = super::overrides::lay(&overrides, &mut state.resources, kind.identity, found);
        found.extend(repeated.into_iter().filter_map(|repeated| duplicates.record(repeated)));
        found.extend(duplicates.rest());
        state
    }

    fn expand(
        &mut self,
        decoded: &Decoded<'_>,
        (range, account, identity): (Range, &Account, &'static str),
        found: &mut Vec<Diagnostic>,
    ) {
        let complaint = |message: String| {
            Diagnostic::new(Code::NUM014, message)
                .at(&decoded.origin.file, decoded.origin.span, "")
                .help("check the digits: one too many makes ten times as many numbers")
                .about(&range.address(account))
        };
        if self.state.resources.len() as u64 + range.len() > MOST {
            found.push(complaint(format!(
                "the account would have more than {MOST} resources with this range"
            )));
            return;
        }
        if range.len() > MANY {
            let warning = complaint(format!("the range stands for {} numbers", range.len()));
            found.push(warning.severity(Severity::Warning));
        }
        let numbers = range.numbers().map(|number| {
            let mut one = decoded.clone();
            let address = Address::new(account, KindName::Number, &number);
            one.attributes.set_at(identity, Value::Text(address.name.clone()), decoded.origin.span);
            one.resource(address)
        });
        self.insert(numbers, found);
    }

    /// Adds the resources of an entry; says once for each earlier entry which of them stood there already.
    fn insert(&mut self, resources: impl Iterator<Item = Resource>, found: &mut Vec<Diagnostic>) {
        let mut repeated: Vec<Duplicate> = Vec::new();
        for resource in resources {
            match self.state.resources.entry(resource.address.clone()) {
                Entry::Vacant(free) => _ = free.insert(resource),
                Entry::Occupied(taken) => {
                    let Some((here, there)) = resource.origin.as_ref().zip(taken.get().origin.as_ref())
                    else {
                        continue;
                    };
                    Duplicate::count(&mut repeated, (here, there), taken.key());
                }
            }
        }
        found.extend(repeated.into_iter().filter_map(|repeated| self.duplicates.record(repeated)));
    }
}

/// The complaint about an `id` that would be that of many numbers.
fn pinned(range: Range, account: &Account, decoded: &Decoded<'_>) -> Option<Diagnostic> {
    let over = decoded.over.as_ref().and_then(|over| over.pin.as_ref());
    over.or(decoded.settings.as_ref().and_then(|settings| settings.pin.as_ref()))?;
    let message = format!("the range has an `id`, and stands for {} numbers", range.len());
    let complaint = Diagnostic::new(Code::NUM014, message)
        .at(&decoded.origin.file, decoded.origin.span, "")
        .help("an `id` means one live number: write that number as an entry of its own");
    Some(complaint.about(&range.address(account)))
}
