//! Which live trunk is which declared one: by `id:`, by name, by `renamed_from:`, or by the mark of a rename or a replacement that stopped half way.
//! In: the declared and the live trunks. Out: the address that each live trunk has from here on, and what an interrupted replacement left.
//! Never guesses: two live trunks of one name are an error that asks for `id:`. Never moves a live trunk that `ignore` names.
//!
//! `renamed_from` is honoured only while no trunk of the new name is live, or where names went round (`exchanged`). Otherwise a file that says "a was b, b was a"
//! would swap the two at every apply. So a rename happens once, and its line may stay in the file. Where the former name is live too and no declared trunk is that
//! one, it is said (LIV007).

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{complaints, exchanged, keep};
use crate::model::normalise;
use crate::model::{
    AccountConfig, Address, Diagnostic, Id, Immutable, Kind, KindName, Kinds, RENAMING_MARK,
    REPLACEMENT_MARK, Resource, Severity, State,
};

/// What became of the live trunks' addresses.
#[derive(Debug, Default)]
pub(super) struct Adoption {
    /// As read → from here on; only those that differ.
    moved: BTreeMap<Address, Address>,
    /// What an interrupted replacement left, and the trunk that takes over its numbers.
    pub(super) leftovers: BTreeMap<Address, Address>,
}

/// Finds the live trunk of each declared one.
pub(super) fn adopt(
    config: &AccountConfig,
    observed: &State,
    kinds: &Kinds,
    diagnostics: &mut Vec<Diagnostic>,
) -> Adoption {
    let declared: Vec<_> = config.desired.resources.values().filter(|r| is_trunk(r)).collect();
    let mut claims = Claims::new(config, observed, kinds);
    claims.by_pin(&declared);
    let alone = |trunk: &Resource| keep::ignores(config, &trunk.address);
    claims.by_name(&declared, diagnostics, |trunk| {
        (!alone(trunk)).then(|| format!("{}{RENAMING_MARK}", trunk.address.name).into())
    });
    let marked = |live: &&&Resource| live_name(&kinds.trunk, live).ends_with(RENAMING_MARK);
    let half_renamed: Vec<_> = claims.found.values().filter(marked).copied().collect();
    exchanged::claim(&mut claims, &declared, alone, diagnostics);
    claims.by_name(&declared, diagnostics, |trunk| Some((&*trunk.address.name).into()));
    claims.by_name(&declared, diagnostics, |trunk| former_name(trunk).map(Cow::Borrowed));
    claims.without_effect(config, &declared, diagnostics);
    claims.name_is_taken(config, &half_renamed, diagnostics);
    let mut leftovers = Vec::new();
    for trunk in declared.iter().filter(|t| !keep::ignores(config, &t.address)) {
        leftovers.extend(claims.half_replaced(trunk));
    }
    check_pins(config, observed, &claims, diagnostics);
    addresses(&claims, &declared, observed, &leftovers)
}

fn is_trunk(resource: &Resource) -> bool {
    resource.address.kind == KindName::Trunk
}

pub(super) fn pin(resource: &Resource) -> Option<&Id> {
    resource.settings.as_ref()?.pin.as_ref()
}

pub(super) fn former_name(resource: &Resource) -> Option<&str> {
    resource.settings.as_ref()?.renamed_from.as_deref()
}

/// Who has which live trunk so far.
pub(super) struct Claims<'a> {
    pub(super) kind: &'a Kind,
    pub(super) sides: (&'a AccountConfig, &'a State, &'a Kinds),
    by_name: HashMap<String, Vec<&'a Resource>>,
    by_id: HashMap<String, &'a Resource>,
    /// What `ignore` names as it is live: it keeps its name and is nobody else's.
    ignored: BTreeSet<&'a Address>,
    taken: BTreeSet<&'a Address>,
    found: BTreeMap<&'a Address, &'a Resource>,
    ambiguous: BTreeSet<&'a Address>,
}

impl<'a> Claims<'a> {
    fn new(config: &'a AccountConfig, observed: &'a State, kinds: &'a Kinds) -> Self {
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

    /// Whether a live trunk may become this declared one.
    fn is_open(&self, declared: &Address, live: &Resource) -> bool {
        let (own, name) = (live.address == *declared, &live.address);
        !self.taken.contains(name) && (own || !self.ignored.contains(name))
    }

    /// The live trunks of a name that the declared one may have; those that spell it letter by letter, if there are any.
    pub(super) fn free(&self, declared: &Address, name: &str) -> Vec<&'a Resource> {
        let same = self.by_name.get(&*normalise::name(name)).into_iter().flatten().copied();
        let free: Vec<_> = same.filter(|trunk| self.is_open(declared, trunk)).collect();
        let exact: Vec<_> = free.iter().copied().filter(|t| live_name(self.kind, t) == name).collect();
        if exact.is_empty() { free } else { exact }
    }

    fn by_pin(&mut self, declared: &[&'a Resource]) {
        for trunk in declared {
            let live = pin(trunk).and_then(|id| self.by_id.get(&id.to_string())).copied();
            if let Some(live) = live.filter(|live| self.is_open(&trunk.address, live)) {
                self.claim(&trunk.address, live);
            }
        }
    }

    fn by_name(
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

    /// Whether it is still open which live trunk a declared one is.
    pub(super) fn is_missing(&self, declared: &Address) -> bool {
        !self.found.contains_key(declared) && !self.ambiguous.contains(declared)
    }

    /// Tells of each trunk whose rename stopped half way and can't go on, because another one has the name and keeps it.
    fn name_is_taken(&self, config: &AccountConfig, half: &[&Resource], diagnostics: &mut Vec<Diagnostic>) {
        let found = self.found.iter().filter(|(_, live)| half.iter().any(|one| one.address == live.address));
        for (name, live) in found.filter(|_| !half.is_empty() && !config.unlisted.delete_trunks) {
            let declared = config.desired.get(name).filter(|declared| pin(declared).is_none());
            if let (Some(declared), [other, ..]) = (declared, &self.free(name, &name.name)[..]) {
                diagnostics.push(complaints::name_is_taken(declared, live, other));
            }
        }
    }

    /// Tells of each trunk that is live under its own name while nobody else is what it was.
    fn without_effect(
        &self,
        config: &AccountConfig,
        declared: &[&'a Resource],
        diagnostics: &mut Vec<Diagnostic>,
    ) {
        for trunk in declared.iter().filter(|t| pin(t).is_none() && !keep::ignores(config, &t.address)) {
            let Some((name, live)) = former_name(trunk).zip(self.found.get(&trunk.address)) else { continue };
            let (own, former) = (&trunk.address.name, self.free(&trunk.address, name));
            let by_own = normalise::name(live_name(self.kind, live)) == normalise::name(own);
            if by_own && normalise::name(own) != normalise::name(name) && !former.is_empty() {
                diagnostics.push(complaints::former_name_live(trunk, live, (name, &former)));
            }
        }
    }

    /// Of the trunk and those that a replacement of it left behind, the one that fits the file stays; gives back the others.
    fn half_replaced(&mut self, trunk: &'a Resource) -> Vec<(&'a Address, &'a Address)> {
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

    /// Whether a live trunk could become the declared one in place.
    fn fits(&self, declared: &Resource, live: &Resource) -> bool {
        self.kind.attributes.iter().filter(|a| a.immutable != Immutable::No).all(|attribute| {
            let pair = (declared.attributes.get(attribute.name), live.attributes.get(attribute.name));
            let (Some(wanted), Some(is)) = pair else { return true };
            normalise::equal(attribute, wanted, is)
        })
    }
}

/// The name on the platform: of two trunks with one name the addresses differ, the names do not.
pub(super) fn live_name<'a>(kind: &Kind, live: &'a Resource) -> &'a str {
    live.attributes.get(kind.identity).and_then(|name| name.as_text()).unwrap_or(&live.address.name)
}

/// An `id:` that is not live. Where the name is, the thing was made anew since: then it is a warning.
fn check_pins(
    config: &AccountConfig,
    observed: &State,
    claims: &Claims<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    for declared in config.desired.resources.values() {
        let Some(id) = pin(declared) else { continue };
        let live = match declared.address.kind {
            KindName::Trunk => claims.found.get(&declared.address).copied(),
            _ => observed.get(&declared.address),
        };
        let live_id = live.and_then(|live| live.id.as_ref());
        if live_id.is_some_and(|live| live.to_string() == id.to_string()) {
            continue;
        }
        let severity = if live_id.is_some() { Severity::Warning } else { Severity::Error };
        diagnostics.push(complaints::pin_not_live(declared, id, live_id).severity(severity));
    }
}

fn addresses(
    claims: &Claims<'_>,
    declared: &[&Resource],
    observed: &State,
    leftovers: &[(&Address, &Address)],
) -> Adoption {
    let declared: BTreeSet<_> = declared.iter().map(|trunk| &trunk.address).collect();
    let claimed: HashMap<_, _> = claims.found.iter().map(|(&to, live)| (&live.address, to)).collect();
    let mut moved = BTreeMap::new();
    for live in observed.resources.values().filter(|r| is_trunk(r)) {
        let to = match claimed.get(&live.address) {
            Some(&to) => to.clone(),
            None => aside(live, &declared, observed),
        };
        if to != live.address {
            moved.insert(live.address.clone(), to);
        }
    }
    let here = |read: &Address| moved.get(read).unwrap_or(read).clone();
    let leftovers = leftovers.iter().map(|&(read, heir)| (here(read), heir.clone())).collect();
    Adoption { moved, leftovers }
}

/// A live trunk that no declared one is, under an address that no declared one has: `NAME#ID`.
fn aside(live: &Resource, declared: &BTreeSet<&Address>, observed: &State) -> Address {
    let mut address = live.address.clone();
    while declared.contains(&address) || (address != live.address && observed.get(&address).is_some()) {
        let id = live.id.as_ref().map(Id::to_string).unwrap_or_default();
        address = Address::new(&address.account, address.kind, &format!("{}#{id}", address.name));
    }
    address
}

impl Adoption {
    /// The observed side under the addresses from here on; each remembers the name under which it was read.
    pub(super) fn readdressed(&self, mut observed: State) -> State {
        let taken_out: Vec<_> =
            self.moved.iter().filter_map(|(from, to)| Some((observed.resources.remove(from)?, to))).collect();
        for (mut resource, to) in taken_out {
            let read = std::mem::replace(&mut resource.address, to.clone());
            resource.settings.get_or_insert_default().renamed_from = Some((&*read.name).into());
            observed.insert(resource);
        }
        for leftover in self.leftovers.keys() {
            if let Some(resource) = observed.resources.get_mut(leftover) {
                resource.settings.get_or_insert_default().leftover = true;
            }
        }
        if !self.moved.is_empty() {
            observed.resources.values_mut().for_each(|resource| self.follow(resource));
        }
        observed
    }

    /// Turns references to a moved address.
    fn follow(&self, resource: &mut Resource) {
        for value in resource.attributes.values_mut() {
            if let Some(to) = value.as_ref_address().and_then(|from| self.moved.get(from)) {
                *value = crate::model::Value::Ref(to.clone());
            }
        }
    }
}
