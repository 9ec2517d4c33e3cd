//! What is live and can't be declared, as far as it is known.
//! In: the resources and attributes that a draft was rejected for. Out: what the next one leaves out, each with the reason.
//! Takes out as little as will do: an attribute that stands alone before the thing itself, one number before its range.

use std::collections::{BTreeMap, BTreeSet};

use super::names::live_name;
use crate::model::{Address, Code, Id, KindName, Kinds, Resource};

/// One live thing that is not declared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOut {
    /// Which, as it was read.
    pub address: Address,
    /// A code and a sentence.
    pub why: String,
}

/// What a draft leaves out.
#[derive(Clone, Default)]
pub(super) struct Leave {
    /// Whole trunks and numbers, each with the reason.
    gone: BTreeMap<Address, String>,
    /// Attributes of others.
    attributes: BTreeMap<(Address, &'static str), String>,
    /// Numbers that are written one by one, since a range that held them was complained of.
    pub(super) apart: BTreeSet<Address>,
}

impl Leave {
    /// What no file could say by its name. Two live things of one name can't both have it: of trunks the one with the lowest id is declared, with its id; of numbers none.
    pub(super) fn ambiguous(kinds: &Kinds, wanted: &[&Resource]) -> Self {
        let mut leave = Self::default();
        let mut groups: BTreeMap<(KindName, String), Vec<&Resource>> = BTreeMap::new();
        for &live in wanted {
            let Some(kind) = kinds.get(live.address.kind) else { continue };
            let name = live_name(kind.identity, live);
            if live.address.kind == KindName::Number && name.contains("..") {
                leave.resource(&live.address, format!("{}: a file would say a range with it", Code::NUM014));
            }
            groups.entry((live.address.kind, name)).or_default().push(live);
        }
        for ((kind, name), mut group) in groups.into_iter().filter(|(_, group)| group.len() > 1) {
            group.sort_by(|a, b| a.id.cmp(&b.id));
            let ids: Vec<_> = group.iter().filter_map(|live| live.id.as_ref()).map(Id::to_string).collect();
            let why = format!(
                "{}: {} live {kind}s are `{name}`, with the ids {}",
                Code::LIV001,
                group.len(),
                ids.join(", ")
            );
            let kept = usize::from(kind == KindName::Trunk);
            for live in group.iter().skip(kept) {
                leave.resource(&live.address, why.clone());
            }
        }
        leave
    }

    /// The same with no number apart.
    pub(super) fn together(&self) -> Self {
        Self { apart: BTreeSet::new(), ..self.clone() }
    }

    pub(super) fn leaves(&self, resource: &Resource) -> bool {
        self.gone.contains_key(&resource.address)
    }

    /// Why an attribute is left out, if it is.
    pub(super) fn attribute(&self, resource: &Resource, name: &'static str) -> Option<&str> {
        if self.attributes.is_empty() {
            return None;
        }
        self.attributes.get(&(resource.address.clone(), name)).map(String::as_str)
    }

    /// Why a thing is left out as a whole, if it is.
    pub(super) fn why(&self, resource: &Resource) -> Option<&str> {
        self.gone.get(&resource.address).map(String::as_str)
    }

    /// All that is left out as a whole, by address.
    pub(super) fn left_out(self) -> Vec<LeftOut> {
        self.gone.into_iter().map(|(address, why)| LeftOut { address, why }).collect()
    }

    fn resource(&mut self, address: &Address, why: String) -> bool {
        let new = !self.gone.contains_key(address);
        if new {
            self.gone.insert(address.clone(), why);
        }
        new
    }

    /// Leaves out what a rejection is about: the attribute alone if it names one, else the resources; returns whether that is new.
    pub(super) fn exclude(
        &mut self,
        resources: &[&Resource],
        attribute: Option<&'static str>,
        why: String,
    ) -> bool {
        let known = |name| resources.iter().all(|live| self.attribute(live, name).is_some());
        // If leaving the attribute out was not enough, the whole resource is left out.
        if let Some(name) = attribute.filter(|name| !known(name)) {
            for live in resources {
                self.attributes.insert((live.address.clone(), name), why.clone());
            }
            return true;
        }
        if let [live] = resources {
            return self.resource(&live.address, why);
        }
        let mut any = false;
        for live in resources {
            any |= self.apart.insert(live.address.clone());
        }
        any
    }
}
