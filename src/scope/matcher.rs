//! Matches each declared trunk to at most one live trunk.
//! In: the declared and the live trunks, and by what to match: an id, a name, a mark. Out: the live trunk of each declared one.
//! Never matches one live trunk twice, nor a name that several live trunks have.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::names::{former_name, is_trunk, live_name, pinned_id};
use super::{complaints, keep};
use crate::model::normalise;
use crate::model::{
    AccountConfig, Address, Diagnostic, Immutable, Kind, KindName, Kinds, REPLACEMENT_MARK, Resource, State,
};

/// The live trunk of each declared trunk that is matched so far.
pub(super) struct Matcher<'a> {
    pub(super) kind: &'a Kind,
    pub(super) sides: (&'a AccountConfig, &'a State, &'a Kinds),
    by_name: HashMap<String, Vec<&'a Resource>>,
    by_id: HashMap<String, &'a Resource>,
    /// Live trunks that `ignore` names: each keeps its name and matches no other declared trunk.
    ignored: BTreeSet<&'a Address>,
    taken: BTreeSet<&'a Address>,
    pub(super) found: BTreeMap<&'a Address, &'a Resource>,
    ambiguous: BTreeSet<&'a Address>,
}

impl<'a> Matcher<'a> {
    pub(super) fn new(config: &'a AccountConfig, observed: &'a State, kinds: &'a Kinds) -> Self {
        let kind = &kinds.trunk;
        let mut by_name: HashMap<String, Vec<&Resource>> = HashMap::new();
        let mut by_id = HashMap::new();
        for trunk in observed.resources.values().filter(|r| is_trunk(r)) {
            by_name.entry(normalise::name(live_name(kind, trunk)).into_owned()).or_default().push(trunk);
            by_id.extend(trunk.id.as_ref().map(|id| (id.to_string(), trunk)));
        }
        let trunks = observed.resources.keys().filter(|address| address.kind == KindName::Trunk);
        let ignored = trunks.filter(|address| keep::ignores(config, address)).collect();
        let (taken, found, ambiguous) = Default::default();
        Self { kind, sides: (config, observed, kinds), by_name, by_id, ignored, taken, found, ambiguous }
    }

    pub(super) fn claim(&mut self, declared: &'a Address, live: &'a Resource) {
        self.taken.insert(&live.address);
        self.found.insert(declared, live);
    }

    /// Whether a live trunk may still match this declared one.
    fn is_open(&self, declared: &Address, live: &Resource) -> bool {
        let (own, name) = (live.address == *declared, &live.address);
        !self.taken.contains(name) && (own || !self.ignored.contains(name))
    }

    /// The live trunks of a name that may match the declared one; only those with the exact spelling, if there are any.
    pub(super) fn free(&self, declared: &Address, name: &str) -> Vec<&'a Resource> {
        let same = self.by_name.get(&*normalise::name(name)).into_iter().flatten().copied();
        let free: Vec<_> = same.filter(|trunk| self.is_open(declared, trunk)).collect();
        let exact: Vec<_> = free.iter().copied().filter(|t| live_name(self.kind, t) == name).collect();
        if exact.is_empty() { free } else { exact }
    }

    pub(super) fn by_pin(&mut self, declared: &[&'a Resource]) {
        for trunk in declared {
            let live = pinned_id(trunk).and_then(|id| self.by_id.get(&id.to_string())).copied();
            if let Some(live) = live.filter(|live| self.is_open(&trunk.address, live)) {
                self.claim(&trunk.address, live);
            }
        }
    }

    pub(super) fn by_name(
        &mut self,
        declared: &[&'a Resource],
        diagnostics: &mut Vec<Diagnostic>,
        name: impl Fn(&'a Resource) -> Option<Cow<'a, str>>,
    ) {
        for trunk in declared {
            let Some(name) = name(trunk).filter(|_| self.is_missing(&trunk.address)) else { continue };
            match self.free(&trunk.address, &name).as_slice() {
                [] => {}
                [live] => self.claim(&trunk.address, live),
                several => {
                    diagnostics.push(complaints::two_of_one_name(trunk, &name, several));
                    self.ambiguous.insert(&trunk.address);
                }
            }
        }
    }

    /// Whether a declared trunk has no match yet.
    pub(super) fn is_missing(&self, declared: &Address) -> bool {
        !self.found.contains_key(declared) && !self.ambiguous.contains(declared)
    }

    /// Reports each trunk whose interrupted rename can't finish, because another live trunk keeps the name.
    pub(super) fn name_is_taken(
        &self,
        config: &AccountConfig,
        half: &[&Resource],
        diagnostics: &mut Vec<Diagnostic>,
    ) {
        let found = self.found.iter().filter(|(_, live)| half.iter().any(|one| one.address == live.address));
        for (name, live) in found.filter(|_| !half.is_empty() && !config.unlisted.delete_trunks) {
            let declared = config.desired.get(name).filter(|declared| pinned_id(declared).is_none());
            if let (Some(declared), [other, ..]) = (declared, &self.free(name, &name.name)[..]) {
                diagnostics.push(complaints::name_is_taken(declared, live, other));
            }
        }
    }

    /// Reports each `renamed_from` without effect: the trunk is live under its new name, and its former name is live and unmatched.
    pub(super) fn without_effect(
        &self,
        config: &AccountConfig,
        declared: &[&'a Resource],
        diagnostics: &mut Vec<Diagnostic>,
    ) {
        for trunk in declared.iter().filter(|t| pinned_id(t).is_none() && !keep::ignores(config, &t.address))
        {
            let Some((name, live)) = former_name(trunk).zip(self.found.get(&trunk.address)) else { continue };
            let (own, former) = (&trunk.address.name, self.free(&trunk.address, name));
            let by_own = normalise::name(live_name(self.kind, live)) == normalise::name(own);
            if by_own && normalise::name(own) != normalise::name(name) && !former.is_empty() {
                diagnostics.push(complaints::former_name_live(trunk, live, (name, &former)));
            }
        }
    }

    /// Keeps the one that fits the file among a trunk and the leftovers of its replacement; returns the others.
    pub(super) fn half_replaced(&mut self, trunk: &'a Resource) -> Vec<(&'a Address, &'a Address)> {
        let name = &trunk.address;
        let marked = self.free(name, &format!("{}{REPLACEMENT_MARK}", name.name));
        if marked.is_empty() || self.ambiguous.contains(name) {
            return Vec::new();
        }
        let candidates: Vec<_> = self.found.get(name).copied().into_iter().chain(marked).collect();
        let winner = *candidates.iter().find(|live| self.fits(trunk, live)).unwrap_or(&candidates[0]);
        self.claim(name, winner);
        candidates
            .iter()
            .filter(|live| live.address != winner.address)
            .map(|live| (&live.address, name))
            .collect()
    }

    /// Whether a live trunk could be updated to the declared one in place.
    fn fits(&self, declared: &Resource, live: &Resource) -> bool {
        self.kind.attributes.iter().filter(|a| a.immutable != Immutable::No).all(|attribute| {
            let pair = (declared.attributes.get(attribute.name), live.attributes.get(attribute.name));
            let (Some(wanted), Some(is)) = pair else { return true };
            normalise::equal(attribute, wanted, is)
        })
    }
}
