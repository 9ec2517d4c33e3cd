//! What one account declares, each resource once.
//! In: entry after entry, from files and inventories. Out: the desired state; what stands twice is a complaint with both places.
//! Counts what stands twice many times over instead of saying all of it.

use std::collections::HashMap;
use std::collections::btree_map::Entry;
use std::sync::Arc;

use super::decode::{Decoded, Reader};
use super::overrides::Override;
use super::range::{MANY, MOST, Range};
use super::waive::Subject;
use super::wording::{clean, shown};
use crate::model::normalise;
use crate::model::{
    Account, Address, Code, Diagnostic, Kind, KindName, Origin, Resource, Severity, State, Value,
};

/// So many times it is said of two files that something stands in both.
const SAID: usize = 20;

/// The resources that were met so far.
#[derive(Default)]
pub(super) struct Declared {
    pub state: State,
    overrides: Vec<Override>,
    twice: Twice,
}

/// How often something stands in this file and in that one, and what is to be said of all that is not said one by one.
#[derive(Default)]
struct Twice(HashMap<Pair, (usize, Option<Repeated>)>);

/// The file where something stands first, and the one where it stands again.
type Pair = (Arc<str>, Arc<str>);

/// Resources of one entry that an earlier one has as well.
pub(super) struct Repeated {
    pub here: Origin,
    pub there: Origin,
    /// The first of them.
    pub address: Address,
    /// How many more there are.
    pub more: usize,
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
        let Self { mut state, overrides, mut twice } = self;
        let repeated = super::overrides::lay(&overrides, &mut state.resources, kind.identity, found);
        found.extend(repeated.into_iter().filter_map(|repeated| twice.say(repeated)));
        found.extend(twice.rest());
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
        let mut repeated: Vec<Repeated> = Vec::new();
        for resource in resources {
            match self.state.resources.entry(resource.address.clone()) {
                Entry::Vacant(free) => _ = free.insert(resource),
                Entry::Occupied(taken) => {
                    let Some((here, there)) = resource.origin.as_ref().zip(taken.get().origin.as_ref())
                    else {
                        continue;
                    };
                    Repeated::count(&mut repeated, (here, there), taken.key());
                }
            }
        }
        found.extend(repeated.into_iter().filter_map(|repeated| self.twice.say(repeated)));
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

impl Repeated {
    /// Counts one more resource that stands here and there.
    pub(super) fn count(all: &mut Vec<Self>, (here, there): (&Origin, &Origin), address: &Address) {
        // Those of one earlier range come one after another.
        match all.iter_mut().rev().find(|known| known.there == *there) {
            Some(known) => known.more += 1,
            None => {
                all.push(Self { here: here.clone(), there: there.clone(), address: address.clone(), more: 0 })
            }
        }
    }
}

impl Twice {
    /// The complaint, where it is one of the first about these two files.
    fn say(&mut self, one: Repeated) -> Option<Diagnostic> {
        let files = (one.there.file.clone(), one.here.file.clone());
        let (said, rest) = self.0.entry(files).or_default();
        *said += 1;
        if *said <= SAID {
            return Some(stands_twice(&one));
        }
        match rest {
            Some(rest) => rest.more += one.more + 1,
            None => *rest = Some(one),
        }
        None
    }

    /// One complaint for all that was only counted.
    fn rest(self) -> impl Iterator<Item = Diagnostic> {
        self.0.into_values().filter_map(|(_, rest)| rest).map(|rest| stands_twice(&rest))
    }
}

fn stands_twice(Repeated { here, there, address, more }: &Repeated) -> Diagnostic {
    let is_trunk = address.kind == KindName::Trunk;
    let code = if is_trunk { Code::TRK027 } else { Code::NUM005 };
    let others = match (more, is_trunk) {
        (0, _) => " stands".to_owned(),
        (1, false) => " and 1 more number stand".to_owned(),
        (more, false) => format!(" and {more} more numbers stand"),
        (more, true) => format!(" and {more} more trunks stand"),
    };
    let place = |origin: &Origin| format!("{}:{}", clean(&origin.file), origin.line);
    let message = format!("{}{others} twice: {} and {}", shown(&address.name), place(there), place(here));
    let help = match is_trunk {
        true => "keep one of the two entries",
        false => {
            "keep one of the two; to change the other, write it as an entry of `numbers` with `override: true`"
        }
    };
    Diagnostic::new(code, message)
        .at(&here.file, here.span, "a second time here")
        .at(&there.file, there.span, "first here")
        .help(help)
        .about(address)
}
