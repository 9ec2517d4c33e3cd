//! Trunks that numbers refer to are in the file or live, and which one is clear.
//! In: the references of declared resources. Out: the address that the trunk has on both sides.
//! Never takes a name that two live trunks have.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::complaints::{self, Written};
use super::names::live_name;
use crate::model::normalise;
use crate::model::{Address, Diagnostic, Entry, KindName, Kinds, Resource, State, Value};

/// Checks every reference to a trunk; one to a live trunk that the file does not list gets that trunk's address.
pub(super) fn resolve(
    desired: &mut State,
    observed: &State,
    kinds: &'static Kinds,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let mut names = Names::new(desired, observed, kinds);
    for resource in desired.resources.values_mut().filter(|r| r.origin.is_some() && !r.is_ignored()) {
        let Some(kind) = kinds.get(resource.address.kind) else { continue };
        for (attribute, _) in kind.references().filter(|(_, k)| *k == KindName::Trunk) {
            let Some(entry) = resource.attributes.entry(attribute.name) else { continue };
            let Some(wanted) = entry.value.as_ref_address().filter(|a| !names.declared(a)) else { continue };
            let span = entry.span;
            match names.find(wanted) {
                Ok(address) => resource.attributes.set_at(attribute.name, Value::Ref(address), span),
                Err(unknown) => {
                    diagnostics.push(unknown.about(resource, entry, &wanted.name));
                    resource.attributes.remove(attribute.name);
                }
            }
        }
    }
}

/// What a trunk may be called.
struct Names<'a> {
    desired: HashSet<Address>,
    live: HashMap<String, Vec<&'a Resource>>,
    observed: &'a State,
    suggestions: HashMap<String, Option<String>>,
}

/// Why a name is no trunk.
enum Unknown<'a> {
    Several(Vec<&'a Resource>),
    Renamed(&'a Address),
    Nowhere { suggestion: Option<String> },
}

impl<'a> Names<'a> {
    fn new(desired: &State, observed: &'a State, kinds: &Kinds) -> Self {
        let trunk = |address: &&Address| address.kind == KindName::Trunk;
        let mut live: HashMap<String, Vec<&Resource>> = HashMap::new();
        for resource in observed.resources.values().filter(|r| trunk(&&r.address)) {
            live.entry(normalise::name(live_name(&kinds.trunk, resource)).into_owned())
                .or_default()
                .push(resource);
        }
        let desired = desired.resources.keys().filter(trunk).cloned().collect();
        Self { desired, live, observed, suggestions: HashMap::new() }
    }

    /// Whether a trunk of this address will be there. A kept copy has its own address, so an ambiguous name is not among them.
    fn declared(&self, address: &Address) -> bool {
        self.desired.contains(address)
    }

    fn find(&mut self, wanted: &Address) -> Result<Address, Unknown<'a>> {
        if self.observed.get(wanted).is_some() {
            return Ok(wanted.clone());
        }
        match self.live.get(&*normalise::name(&wanted.name)).map(Vec::as_slice) {
            Some([one]) if one.address == one.read_as() => Ok(one.address.clone()),
            Some([one]) => Err(Unknown::Renamed(&one.address)),
            Some(several) => Err(Unknown::Several(several.to_vec())),
            None => Err(Unknown::Nowhere { suggestion: self.suggestion(&wanted.name) }),
        }
    }

    fn suggestion(&mut self, name: &str) -> Option<String> {
        if let Some(known) = self.suggestions.get(name) {
            return known.clone();
        }
        let names: BTreeSet<&str> =
            self.desired.iter().map(|a| &*a.name).chain(self.live.keys().map(String::as_str)).collect();
        let suggestion = complaints::closest(name, names.into_iter()).map(str::to_owned);
        self.suggestions.insert(name.to_owned(), suggestion.clone());
        suggestion
    }
}

impl Unknown<'_> {
    fn about(self, resource: &Resource, entry: &Entry, text: &str) -> Diagnostic {
        let written = Written { resource, entry, text };
        match self {
            Self::Several(live) => complaints::ambiguous_trunk(&written, &live),
            Self::Renamed(to) => complaints::renamed_trunk(&written, to),
            Self::Nowhere { suggestion } => complaints::no_trunk(&written, suggestion.as_deref()),
        }
    }
}
