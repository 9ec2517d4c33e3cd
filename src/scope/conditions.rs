//! What the live account shows of declared things beside differences: bad health, agents that do not fit, and what does not go with what the file leaves open.
//! In: both sides, names resolved. Out: complaints, those of one sort at one place made one.
//! Never plans anything, and speaks only of what a file declares and does not ignore.

use std::collections::HashMap;
use std::sync::Arc;

use super::complaints;
use crate::model::{
    Address, Agent, Code, Diagnostic, Id, Kind, KindName, Kinds, Resource, Span, State, Value,
};

/// The word of a platform for an agent that takes no calls.
const ONLY_OUT: &str = "outbound";
/// The attribute that says how messages travel.
const TRANSPORT: &str = "transport";
/// The attribute that says how audio is encrypted.
const ENCRYPTION: &str = "media_encryption";
/// The encryption whose keys stand in the messages.
const KEYS_IN_MESSAGES: &str = "sdes";
/// The transport that encrypts messages, or how its name ends.
const TLS: &str = "tls";

/// LIV004, LIV005, LIV006, LIV008, NUM012 and TRK005.
pub(super) fn check(
    desired: &State,
    observed: &State,
    kinds: &'static Kinds,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let agents = Agents::new(&observed.agents);
    let mut found = Found::default();
    let declared = desired.beside(observed).filter(|(r, _)| r.origin.is_some() && !r.is_ignored());
    for (declared, live) in declared {
        match declared.address.kind {
            KindName::Trunk => {
                unhealthy(declared, live, &mut found);
                readable_keys(declared, live, &mut found);
            }
            _ => {
                match live.is_none() && observed.elsewhere.contains(&declared.address) {
                    true => found.push(complaints::rented(declared)),
                    false => homeless(&kinds.number, declared, live, &mut found),
                }
                agents.check(&kinds.number, (declared, live), &mut found);
            }
        }
    }
    diagnostics.extend(found.finish());
}

fn unhealthy(declared: &Resource, live: Option<&Resource>, found: &mut Found) {
    if let Some(condition) = live.and_then(|live| live.settings.as_ref()?.condition.as_deref()) {
        found.push(complaints::unhealthy(declared, condition));
    }
}

/// Audio whose keys everyone could read, since only the live side says that it is encrypted: what the file says of that is the rules' to judge.
fn readable_keys(declared: &Resource, live: Option<&Resource>, found: &mut Found) {
    let (Some(transport), None) = (declared.attributes.entry(TRANSPORT), declared.attributes.get(ENCRYPTION))
    else {
        return;
    };
    let encrypted =
        live.and_then(|live| live.attributes.get(ENCRYPTION)?.as_text()) == Some(KEYS_IN_MESSAGES);
    let Some(text) = transport.value.as_text().filter(|text| encrypted && !text.ends_with(TLS)) else {
        return;
    };
    // `tcp` is `tls` elsewhere, and `PREFIX-tcp` is `PREFIX-tls`.
    let tls = text.rsplit_once('-').map_or(TLS.to_owned(), |(prefix, _)| format!("{prefix}-{TLS}"));
    found.push(complaints::readable_keys(declared, transport, (text, &tls)));
}

/// A number that is to be made, and is on no trunk although it can't be without one.
fn homeless(kind: &Kind, declared: &Resource, live: Option<&Resource>, found: &mut Found) {
    let on_none = |name: &str| declared.attributes.get(name).and_then(Value::as_ref_address).is_none();
    let missing = kind.attributes.iter().find(|attribute| attribute.vital && on_none(attribute.name));
    if let (None, Some(missing)) = (live, missing) {
        found.push(complaints::homeless(declared, missing.name));
    }
}

/// The live agents by address, and by the numbers that they have.
struct Agents<'a> {
    known: HashMap<&'a Address, &'a Agent>,
    having: HashMap<&'a Id, Vec<&'a Agent>>,
}

impl<'a> Agents<'a> {
    fn new(agents: &'a [Agent]) -> Self {
        let known = agents.iter().map(|agent| (&agent.address, agent)).collect();
        let mut having: HashMap<_, Vec<_>> = HashMap::new();
        for agent in agents {
            let mut numbers: Vec<_> = agent.numbers.iter().flatten().collect();
            numbers.sort_unstable();
            numbers.dedup();
            numbers.into_iter().for_each(|number| having.entry(number).or_default().push(agent));
        }
        Self { known, having }
    }

    fn check(&self, kind: &Kind, (declared, live): (&Resource, Option<&Resource>), found: &mut Found) {
        for (attribute, _) in kind.references().filter(|(_, k)| *k != KindName::Trunk) {
            let Some(entry) = declared.attributes.entry(attribute.name) else { continue };
            let named = entry.value.as_ref_address().and_then(|address| self.known.get(address));
            if let Some(agent) = named.filter(|agent| agent.direction.as_deref() == Some(ONLY_OUT)) {
                found.push(complaints::only_out(declared, entry, agent));
            }
            let having = live.and_then(|live| self.having.get(live.id.as_ref()?));
            if let Some(several) = having.filter(|having| having.len() > 1) {
                found.push(complaints::several_agents(declared, entry, several));
            }
        }
    }
}

/// Complaints in the order in which they come; one of a range of numbers stands for all of the range.
#[derive(Default)]
struct Found {
    list: Vec<(Diagnostic, usize)>,
    places: HashMap<(Code, Arc<str>, Span), usize>,
}

impl Found {
    fn push(&mut self, complaint: Diagnostic) {
        let place = complaint.labels.first().map(|at| (complaint.code, at.file.clone(), at.span));
        let next = self.list.len();
        let at = place.map_or(next, |place| *self.places.entry(place).or_insert(next));
        match self.list.get_mut(at) {
            Some((_, more)) => *more += 1,
            None => self.list.push((complaint, 0)),
        }
    }

    fn finish(self) -> impl Iterator<Item = Diagnostic> {
        self.list.into_iter().map(|(mut complaint, more)| {
            if more > 0 {
                let numbers = if more == 1 { "number" } else { "numbers" };
                complaint.message += &format!("; so is it with {more} more {numbers} from this place");
            }
            complaint
        })
    }
}
