//! Names that go round among declared trunks, or on from one to another: "a was b, b was a".
//! In: what no `id:` and no mark of a rename has settled. Out: claims of live trunks by their former names, before any is claimed by its own.
//! Never swaps a second time: where the names alone do not tell whether it was done, what the trunks are like does, unless the numbers say otherwise, and in doubt it was.

use std::borrow::Cow;
use std::collections::HashMap;

use super::complaints;
use super::matcher::Matcher;
use super::names::{former_name, pinned_id};
use crate::model::{Address, Diagnostic, KindName, REPLACEMENT_MARK, Resource, normalise};

/// A declared trunk, and the live one that it would be.
type Pair<'a> = (&'a Resource, &'a Resource);

/// Matcher for declared trunks the live ones whose names other declared trunks have now.
pub(super) fn claim<'a>(
    matcher: &mut Matcher<'a>,
    declared: &[&'a Resource],
    alone: impl Fn(&Resource) -> bool,
    diagnostics: &mut Vec<Diagnostic>,
) {
    if !declared.iter().any(|trunk| former_name(trunk).is_some()) {
        return;
    }
    let called: HashMap<Cow<'a, str>, &'a Resource> =
        declared.iter().map(|&trunk| (normalise::name(&trunk.address.name), trunk)).collect();
    let heir = |trunk: &'a Resource| {
        let name = former_name(trunk).filter(|_| pinned_id(trunk).is_none() && !alone(trunk))?;
        called.get(&*normalise::name(name)).copied().filter(|other| other.address != trunk.address)
    };
    let handed: Vec<_> = declared.iter().filter_map(|&trunk| Some((trunk, heir(trunk)?))).collect();
    let by_name = handed.iter().map(|&pair| (&*pair.0.address.name, pair)).collect();
    handed.iter().for_each(|(first, _)| hand_on(matcher, &by_name, first, diagnostics));
    let mut open: HashMap<&str, &Resource> =
        handed.iter().map(|(one, heir)| (&*one.address.name, *heir)).collect();
    for &(first, _) in &handed {
        let circle = circle(first, &mut open);
        if let Some((own, former)) = both_ways(matcher, &circle) {
            settle(matcher, (own, former), diagnostics);
        }
    }
}

/// A chain whose first new name is not live: no run has begun to hand its names on, whatever the trunks are like, since that name is the first to be taken.
fn hand_on<'a>(
    matcher: &mut Matcher<'a>,
    handed: &HashMap<&'a str, (&'a Resource, &'a Resource)>,
    first: &'a Resource,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let is_live = !matcher.free(&first.address, &first.address.name).is_empty();
    let is_settled = !matcher.is_missing(&first.address) || is_replaced(matcher, first);
    if is_live || is_settled || comes_round(matcher, handed, first) {
        return;
    }
    let mut next = Some(first);
    while let Some((trunk, live)) = next.and_then(|trunk| Some((trunk, was(matcher, trunk)?))) {
        matcher.claim(&trunk.address, live);
        let heir = handed.get(&*trunk.address.name).map(|(_, heir)| *heir);
        let rival = heir.filter(|heir| differing(matcher, (heir, live)) < differing(matcher, (trunk, live)));
        diagnostics.extend(rival.map(|rival| complaints::perhaps_deleted(trunk, live, rival)));
        // Of one that is made anew and stands already, the names tell how far that has come.
        next = heir.filter(|heir| matcher.is_missing(&heir.address) && !is_replaced(matcher, heir));
    }
}

/// Whether the names go round: then a run that hands them on begins with a mark, and without one it was done, or they are all being made.
fn comes_round<'a>(
    matcher: &Matcher<'a>,
    handed: &HashMap<&'a str, (&'a Resource, &'a Resource)>,
    first: &'a Resource,
) -> bool {
    let heir = |trunk: &&'a Resource| handed.get(&*trunk.address.name).map(|(_, heir)| *heir);
    let open = |trunk: &&Resource| matcher.is_missing(&trunk.address);
    let mut heirs = std::iter::successors(heir(&first), heir).take_while(open).take(handed.len());
    heirs.any(|heir| heir.address == first.address)
}

/// Whether a replacement of a trunk is live under its mark.
fn is_replaced(matcher: &Matcher<'_>, trunk: &Resource) -> bool {
    !matcher.free(&trunk.address, &format!("{}{REPLACEMENT_MARK}", trunk.address.name)).is_empty()
}

/// The one live trunk of a former name.
fn was<'a>(matcher: &Matcher<'a>, trunk: &'a Resource) -> Option<&'a Resource> {
    let live = matcher.free(&trunk.address, former_name(trunk).filter(|_| pinned_id(trunk).is_none())?);
    if let [one] = live[..] { Some(one) } else { None }
}

/// The trunks that had each other's names, from one of them on; none where the names do not come round to it. None is met twice.
fn circle<'a>(first: &'a Resource, open: &mut HashMap<&str, &'a Resource>) -> Vec<&'a Resource> {
    let (mut circle, mut next) = (vec![first], open.remove(&*first.address.name));
    while let Some(trunk) = next {
        if trunk.address == first.address {
            return circle;
        }
        circle.push(trunk);
        next = open.remove(&*trunk.address.name);
    }
    Vec::new()
}

/// The live trunks that those of a circle are as things stand, and those that they were by their former names. None where one of the names is not live just once,
/// or settled already.
fn both_ways<'a>(matcher: &Matcher<'a>, circle: &[&'a Resource]) -> Option<(Vec<Pair<'a>>, Vec<Pair<'a>>)> {
    let one = |trunk: &'a Resource, name: &str| match matcher.free(&trunk.address, name)[..] {
        [live] if matcher.is_missing(&trunk.address) => Some((trunk, live)),
        _ => None,
    };
    let own: Option<Vec<_>> = circle.iter().map(|trunk| one(trunk, &trunk.address.name)).collect();
    let former: Option<Vec<_>> = circle.iter().map(|trunk| one(trunk, former_name(trunk)?)).collect();
    own.zip(former).filter(|(own, _)| !own.is_empty())
}

/// Takes the names as still to be exchanged only where the trunks are more like that and no more numbers are where the file has them as things stand. Numbers alone
/// never tell that it was not done: of a run that stopped they may still be to move.
fn settle<'a>(
    matcher: &mut Matcher<'a>,
    (own, former): (Vec<Pair<'a>>, Vec<Pair<'a>>),
    diagnostics: &mut Vec<Diagnostic>,
) {
    let differing = |pairs: &[Pair<'a>]| pairs.iter().map(|pair| differing(matcher, *pair)).sum::<usize>();
    let (done, not_done) = (differing(&own), differing(&former));
    if not_done < done && in_place(matcher, &own) <= in_place(matcher, &former) {
        former.into_iter().for_each(|(trunk, live)| matcher.claim(&trunk.address, live));
    } else if not_done <= done && done > 0 {
        diagnostics.extend(former.iter().map(|(trunk, was)| complaints::perhaps_exchanged(trunk, was)));
    }
}

/// How many numbers are on the live trunk that is the one which the file says.
fn in_place(matcher: &Matcher<'_>, pairs: &[Pair<'_>]) -> usize {
    let (config, observed, kinds) = matcher.sides;
    let pairs: HashMap<&Address, &Address> =
        pairs.iter().map(|(t, live)| (&t.address, &live.address)).collect();
    let trunk = |number: &'_ Resource| {
        let (attribute, _) = kinds.number.references().find(|(_, kind)| *kind == KindName::Trunk)?;
        number.attributes.get(attribute.name)?.as_ref_address().cloned()
    };
    let numbers = config.desired.resources.values().filter(|r| r.address.kind == KindName::Number);
    let stays = |number: &&Resource| {
        let (wanted, is) = (trunk(number), observed.get(&number.address).and_then(trunk));
        wanted.zip(is).is_some_and(|(wanted, is)| pairs.get(&wanted) == Some(&&is))
    };
    numbers.filter(stays).count()
}

/// In how many attributes a live trunk is not what the file says, but for its name and for what can't be compared.
fn differing(matcher: &Matcher<'_>, (declared, live): Pair<'_>) -> usize {
    let compared = matcher.kind.attributes.iter().filter(|a| a.name != matcher.kind.identity && !a.secret);
    let differs = compared.filter(|attribute| {
        let pair = (declared.attributes.get(attribute.name), live.attributes.get(attribute.name));
        matches!(pair, (Some(wanted), Some(is)) if !normalise::equal(attribute, wanted, is))
    });
    differs.count()
}
