//! What a run that stops half way would lose, because no file says it.
//! In: the requests of an account, and both sides of it. Out: warnings (PLN010), one for each attribute.
//! A thing that is taken off the air and put back keeps what is live; but only the file can tell the next run what that was.

use std::collections::BTreeMap;

use crate::model::{
    Action, Attribute, Code, Diagnostic, Drafted, Gap, Kind, KindName, Resource, Value, World, normalise,
};

/// The attributes that such a run would lose, with how many things it is about; the first stands for all.
pub(super) fn warnings(world: &World, drafted: &[Drafted]) -> Vec<Diagnostic> {
    let mut found: BTreeMap<&str, (Diagnostic, usize)> = BTreeMap::new();
    for one in drafted.iter().filter(|one| is_put_back(one)) {
        let Some(declared) = world.desired.get(&one.change.address).filter(|r| r.origin.is_some()) else {
            continue;
        };
        for (attribute, live) in unsaid(world, declared, one) {
            let (_, others) =
                found.entry(attribute.name).or_insert_with(|| (warning(declared, attribute, live), 0));
            *others += 1;
        }
    }
    let counted = |(warning, things): (Diagnostic, usize)| match things {
        1 => warning,
        _ => Diagnostic {
            message: format!("{} (and {} more like it)", warning.message, things - 1),
            ..warning
        },
    };
    found.into_values().map(counted).collect()
}

/// Whether something live can't take calls between its first and its last request.
fn is_put_back(one: &Drafted) -> bool {
    let live = matches!(one.change.action, Action::Update | Action::Replace);
    live && one.drafts.iter().any(|draft| draft.gap != Gap::None)
}

/// What is live, would be lost, and is not in the file.
fn unsaid<'a>(
    world: &'a World,
    declared: &'a Resource,
    one: &'a Drafted,
) -> impl Iterator<Item = (&'a Attribute, &'a Value)> {
    let attributes = world.kinds.get(declared.address.kind).into_iter();
    let attributes =
        attributes.flat_map(|kind| kind.attributes.iter().map(move |attribute| (kind, attribute)));
    let anew = one.change.action == Action::Replace;
    attributes.filter_map(move |(kind, attribute)| {
        let live = one.change.before.as_ref()?.attributes.get(attribute.name)?;
        let silent = declared.attributes.get(attribute.name).is_none();
        let lost = if anew { made_without(kind, attribute, live) } else { left_behind(attribute, live) };
        (silent && lost).then_some((attribute, live))
    })
}

/// Of a thing that is changed: whom a number reaches, and that it is switched on.
fn left_behind(attribute: &Attribute, live: &Value) -> bool {
    match attribute.reference {
        Some(to) => to != KindName::Trunk && live.as_ref_address().is_some(),
        None => attribute.inactive.as_ref().is_some_and(|inactive| inactive != live),
    }
}

/// Of a thing that is made anew: all that the platform does not fill in by itself. Without what is vital there is no such plan.
fn made_without(kind: &Kind, attribute: &Attribute, live: &Value) -> bool {
    let filled_in = attribute.default.as_ref() == Some(live);
    !attribute.vital && attribute.name != kind.identity && !filled_in && !normalise::is_empty(live)
}

fn warning(declared: &Resource, attribute: &Attribute, live: &Value) -> Diagnostic {
    let (address, name) = (&declared.address, attribute.name);
    let message = format!(
        "`{address}` is taken off the air and put back, and the file does not say its `{name}`: should the run stop in between, no later one would know it"
    );
    let value = match live {
        Value::Bool(on) => on.to_string(),
        other => other.as_ref_address().map_or_else(|| other.to_json().to_string(), |to| to.name.to_string()),
    };
    let warning =
        Diagnostic::new(Code::PLN010, message).help(format!("write `{name}: {value}`")).about(address);
    match &declared.origin {
        Some(origin) => warning.at(&origin.file, origin.span, ""),
        None => warning,
    }
}
