//! What an account should be once more.
//! In: what the run began, what is live, what is left out. Out: a configuration that lists just that, all else kept.
//! Never lists what no longer is the thing that the run changed.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::told::Why;
use super::{Past, Recorded};
use crate::model::config::Removals;
use crate::model::{
    AccountConfig, Action, Address, Attributes, Id, KindName, Limits, Resource, Settings, State, Unlisted,
    Value,
};

/// What is left out so far, with the reason.
pub(super) type Left = BTreeMap<Address, Why>;

/// What was built, and what could not be said in it.
pub(super) struct Wanted<'a> {
    pub(super) config: AccountConfig,
    /// Trunks that are nowhere, with the numbers that were on them.
    pub(super) homeless: BTreeMap<Address, Vec<Address>>,
    /// What is left out from here on as well.
    pub(super) left: Left,
    /// What the run made and what is not to be removed.
    pub(super) kept: Vec<(&'a Recorded, Why)>,
}

impl Past {
    /// The desired side.
    pub(super) fn wanted(&self, observed: &State, left: &Left) -> Wanted<'_> {
        let (live, homeless, more) = (Live::new(observed), BTreeMap::new(), Left::new());
        let mut wanted = Wanted { config: self.nothing(), homeless, left: more, kept: Vec::new() };
        for one in &self.recorded {
            if one.action == Action::Create {
                match live.made(one) {
                    Ok(made) => wanted.config.removed.extend(made),
                    Err(why) => wanted.kept.push((one, why)),
                }
            } else if !left.contains_key(&one.target) {
                match self.resource(one, &live, left, &mut wanted.homeless) {
                    Ok(resource) => _ = wanted.config.desired.insert(resource),
                    Err(why) => _ = wanted.left.insert(one.target.clone(), why),
                }
            }
        }
        wanted
    }

    fn nothing(&self) -> AccountConfig {
        AccountConfig {
            account: self.account.clone(),
            provider: self.provider.name(),
            unlisted: Unlisted::default(),
            limits: Limits { removals: Removals::Count(self.allowed), free: 0 },
            ignore: Vec::new(),
            desired: State::default(),
            removed: BTreeSet::new(),
        }
    }

    fn resource(
        &self,
        one: &Recorded,
        live: &Live<'_>,
        left: &Left,
        homeless: &mut BTreeMap<Address, Vec<Address>>,
    ) -> Result<Resource, Why> {
        let by_id = one.id.as_ref().filter(|id| live.of(one.target.kind, id).is_some());
        let is_trunk = one.target.kind == KindName::Trunk;
        if is_trunk && one.action == Action::Update && one.id.is_some() && by_id.is_none() {
            return Err(Why::Gone);
        }
        if one.had_a_twin() && by_id.is_none() && live.has(&one.target) {
            return Err(Why::Twin);
        }
        let mut attributes = self.attributes(one);
        let on = self
            .kind(one)
            .into_iter()
            .flat_map(|kind| kind.references())
            .find(|(_, kind)| *kind == KindName::Trunk);
        if let Some((attribute, _)) = on
            && let Some(trunk) = attributes.get(attribute.name).and_then(Value::as_ref_address).cloned()
            && left.contains_key(&trunk)
            && !live.has(&trunk)
        {
            attributes.remove(attribute.name);
            homeless.entry(trunk.clone()).or_default().push(one.target.clone());
            if attribute.vital && live.observed.get(&one.target).is_none() {
                return Err(Why::Homeless);
            }
        }
        let renamed = is_trunk && by_id.is_none() && one.address != one.target && !one.had_a_twin();
        let settings = Settings {
            pin: by_id.filter(|_| is_trunk).cloned(),
            renamed_from: renamed.then(|| (&*one.address.name).into()),
            ..Settings::default()
        };
        let settings = (settings != Settings::default()).then(|| Box::new(settings));
        let origin = Some(one.origin.clone());
        Ok(Resource { address: one.target.clone(), id: None, attributes, origin, settings })
    }

    /// Of a thing that was changed in place: what changed, and whether it was switched on, which other changes may have put an end to. Of any other: all.
    fn attributes(&self, one: &Recorded) -> Attributes {
        let mut attributes = Attributes::default();
        let Some(kind) = self.kind(one) else { return attributes };
        for attribute in &kind.attributes {
            let is_wanted = one.action != Action::Update
                || attribute.name == kind.identity
                || attribute.inactive.is_some()
                || one.changed.contains(&attribute.name);
            if let Some(entry) = one.before.entry(attribute.name).filter(|_| is_wanted) {
                attributes.set_at(attribute.name, entry.value.clone(), entry.span);
            }
        }
        for (name, place) in &one.secrets {
            attributes.set_at(name, Value::Secret(place.clone()), one.origin.span);
        }
        if one.target.kind == KindName::Number {
            attributes.set_at(kind.identity, Value::Text((&*one.target.name).into()), one.origin.span);
        }
        attributes
    }
}

/// The live things by what they can be known by.
struct Live<'a> {
    observed: &'a State,
    by_id: HashMap<(KindName, String), &'a Address>,
    /// Names, also of those that share one.
    names: HashSet<(KindName, &'a str)>,
}

impl<'a> Live<'a> {
    fn new(observed: &'a State) -> Self {
        let (mut by_id, mut names) = (HashMap::new(), HashSet::new());
        for Resource { address, id, .. } in observed.resources.values() {
            names.insert((address.kind, &*address.name));
            if let Some(id) = id {
                by_id.insert((address.kind, id.to_string()), address);
                let shared = address.name.strip_suffix(&format!("#{id}"));
                names.extend(shared.map(|name| (address.kind, name)));
            }
        }
        Self { observed, by_id, names }
    }

    fn of(&self, kind: KindName, id: &Id) -> Option<&'a Address> {
        self.by_id.get(&(kind, id.to_string())).copied()
    }

    /// Whether something has this name, alone or with others.
    fn has(&self, address: &Address) -> bool {
        self.names.contains(&(address.kind, &*address.name))
    }

    /// What the run made, if it is there: a trunk by its id, a number by its digits, since a move gives it another id on some platforms.
    fn made(&self, one: &Recorded) -> Result<Option<Address>, Why> {
        let by_id = one.made.iter().find_map(|id| self.of(one.address.kind, id));
        let by_name = self.observed.get(&one.address).map(|live| &live.address);
        match by_id.or(by_name) {
            Some(_) if by_id.is_none() && one.address.kind == KindName::Trunk && !one.made.is_empty() => {
                Err(Why::AnotherSince)
            }
            live => Ok(live.cloned()),
        }
    }
}
