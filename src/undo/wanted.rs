//! What an account should be once more.
//! In: what the run began, what is live, what is left out. Out: a configuration that lists just that, all else kept.
//! Never lists what no longer is the thing that the run changed.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::told::Why;
use super::{Past, Recorded};
use crate::model::limits::Removals;
use crate::model::{
    AccountConfig, Action, Address, Attributes, Id, KindName, Limits, REPLACEMENT_MARK, Resource, Settings,
    State, Value,
};

/// What is left out, with the reason.
pub(super) type Left = BTreeMap<Address, Why>;

/// What earlier attempts have shown.
#[derive(Default)]
pub(super) struct Learnt {
    pub(super) left: Left,
    /// What can't be made without a secret, and is made with the one that the run sent.
    pub(super) lent: BTreeSet<Address>,
}

/// What was built, and what could not be said in it.
pub(super) struct Wanted<'a> {
    pub(super) config: AccountConfig,
    /// Trunks that are nowhere, with the numbers that were on them.
    pub(super) homeless: BTreeMap<Address, Vec<Address>>,
    /// What is left out from here on as well.
    pub(super) left: Left,
    /// What the run made and what is not to be removed.
    pub(super) kept: Vec<(&'a Recorded, Why)>,
    /// What numbers stay on that have no trunk to go back to.
    in_use: BTreeSet<Address>,
}

impl Past {
    /// The desired side.
    pub(super) fn wanted(&self, observed: &State, learnt: &Learnt) -> Wanted<'_> {
        let live = Live::new(observed);
        let (homeless, left, kept, in_use) = Default::default();
        let mut wanted = Wanted { config: self.nothing(), homeless, left, kept, in_use };
        for one in &self.recorded {
            if one.action == Action::Create {
                match live.made(one) {
                    Ok(made) => wanted.config.removed.extend(made),
                    Err(why) => wanted.kept.push((one, why)),
                }
            } else if !learnt.left.contains_key(&one.target) {
                match self.resource(one, &live, learnt, &mut wanted) {
                    Ok(resource) => _ = wanted.config.desired.insert(resource),
                    Err(why) => _ = wanted.left.insert(one.target.clone(), why),
                }
            }
            // Of what can't come back, what was made in its place is all that there is.
            if !learnt.left.contains_key(&one.target) {
                wanted.config.removed.extend(meanwhile(one));
            }
        }
        for trunk in &wanted.in_use {
            if wanted.config.removed.remove(trunk) {
                let made = self.recorded.iter().filter(|one| one.action == Action::Create);
                let made = made.filter(|one| one.address == *trunk);
                wanted.kept.extend(made.map(|one| (one, Why::InUse)));
            }
        }
        wanted
    }

    fn nothing(&self) -> AccountConfig {
        AccountConfig {
            limits: Limits { removals: Removals::Count(self.allowed), free: 0 },
            ..AccountConfig::new(&self.account, self.provider.name())
        }
    }

    fn resource(
        &self,
        one: &Recorded,
        live: &Live<'_>,
        learnt: &Learnt,
        wanted: &mut Wanted<'_>,
    ) -> Result<Resource, Why> {
        let by_id = one.id.as_ref().filter(|id| live.of(one.target.kind, id).is_some());
        let is_trunk = one.target.kind == KindName::Trunk;
        if is_trunk && one.action == Action::Update && one.id.is_some() && by_id.is_none() {
            return Err(Why::Gone);
        }
        if one.had_a_twin() && by_id.is_none() && live.has(&one.target) {
            return Err(Why::Twin);
        }
        let mut attributes = self.attributes(one, learnt.lent.contains(&one.target));
        self.stay(one, &mut attributes, (live, learnt), wanted)?;
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

    /// A number whose trunk can't come back stays on the one that it is on.
    fn stay(
        &self,
        one: &Recorded,
        attributes: &mut Attributes,
        (live, learnt): (&Live<'_>, &Learnt),
        wanted: &mut Wanted<'_>,
    ) -> Result<(), Why> {
        let mut references = self.kind(one).into_iter().flat_map(|kind| kind.references());
        let Some((attribute, _)) = references.find(|(_, kind)| *kind == KindName::Trunk) else {
            return Ok(());
        };
        let trunk = attributes.get(attribute.name).and_then(Value::as_ref_address).cloned();
        let Some(trunk) = trunk.filter(|trunk| is_nowhere(trunk, (live, learnt))) else { return Ok(()) };
        wanted.homeless.entry(trunk).or_default().push(one.target.clone());
        let number = live.observed.get(&one.target);
        match number.and_then(|number| number.attributes.get(attribute.name)) {
            Some(is) => {
                attributes.set_at(attribute.name, is.clone(), one.origin.span);
                wanted.in_use.extend(is.as_ref_address().cloned());
            }
            None if attribute.vital => return Err(Why::Homeless),
            None => _ = attributes.remove(attribute.name),
        }
        Ok(())
    }

    /// Of a thing that was changed in place: what changed, and whether it was switched on, which other changes may have put an end to. Of any other: all.
    fn attributes(&self, one: &Recorded, lent: bool) -> Attributes {
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
        // With an update they are sent only where the platform wants them again.
        for (name, place) in one.secrets.iter().filter(|_| lent || one.action == Action::Update) {
            attributes.set_at(name, Value::Secret(place.clone()), one.origin.span);
        }
        if one.target.kind == KindName::Number {
            attributes.set_at(kind.identity, Value::Text((&*one.target.name).into()), one.origin.span);
        }
        attributes
    }
}

/// Whether a trunk is left out, and no live one is it.
fn is_nowhere(trunk: &Address, (live, learnt): (&Live<'_>, &Learnt)) -> bool {
    learnt.left.get(trunk).is_some_and(|why| matches!(why, Why::Twin) || !live.has(trunk))
}

/// What a trunk is called while it is made anew: all that is left of it goes, whatever it was to become.
fn meanwhile(one: &Recorded) -> Option<Address> {
    let address = &one.address;
    let is_remade = one.action == Action::Replace && address.kind == KindName::Trunk;
    is_remade
        .then(|| Address::new(&address.account, address.kind, &format!("{}{REPLACEMENT_MARK}", address.name)))
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
