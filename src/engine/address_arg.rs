//! The one resource that somebody means by an address.
//! In: what was written, and what is declared, live or in a plan. Out: that resource, or a sentence that says why none is meant.
//! Decides nothing about it.

use std::collections::BTreeSet;

use crate::model::{Address, KindName, Pattern, Plan};
use crate::render::why::Subject;

use super::patterns;
use super::stable_read::AccountDiff;

/// What was asked about, or why that can't be said.
pub type ResolvedSubject = Result<Subject, String>;

/// So many are named where an address fits several.
const MAX_ADDRESSES_LISTED: usize = 3;

/// Among all that is declared or live.
pub(super) fn find_live(text: &str, diffs: &[AccountDiff]) -> ResolvedSubject {
    let sides = diffs.iter().flat_map(|(world, _)| [&world.desired, &world.observed]);
    let resources = sides.flat_map(|side| side.resources.keys().cloned());
    let agents = diffs.iter().flat_map(|(world, _)| &world.observed.agents);
    let known = resources.chain(agents.map(|agent| agent.address.clone())).collect();
    let address = find(text, &known, "neither declared nor live")?;
    let Some((world, _)) = diffs.iter().find(|(world, _)| world.account == address.account) else {
        return Ok(Subject::of_plan(address));
    };
    Ok(Subject {
        desired: world.desired.get(&address).cloned(),
        observed: world.observed.get(&address).cloned(),
        kind: world.kinds.get(address.kind),
        address,
    })
}

/// Among all that a saved plan names.
pub fn find_in_plan(text: &str, plan: &Plan) -> ResolvedSubject {
    let changes = plan.changes.iter().map(|change| &change.address);
    let planned = plan.planned.iter().map(|planned| &planned.address);
    let steps = plan.steps.iter().map(|step| &step.address);
    let known = changes.chain(planned).chain(steps).chain(&plan.unlisted).cloned().collect();
    find(text, &known, "not in the plan").map(Subject::of_plan)
}

/// The only thing that the text names: a whole address, one without its account, or a pattern.
fn find(text: &str, known: &BTreeSet<Address>, unknown: &str) -> Result<Address, String> {
    if let Some(exact) = text.parse().ok().filter(|address| known.contains(address)) {
        return Ok(exact);
    }
    let pattern = Pattern::new(text);
    let mut found: Vec<_> = known.iter().filter(|address| pattern.matches(address)).collect();
    if found.is_empty() {
        let resources = |address: &&Address| matches!(address.kind, KindName::Trunk | KindName::Number);
        found = known.iter().filter(resources).filter(|address| *address.name == *text).collect();
    }
    match found.as_slice() {
        [one] => Ok((*one).clone()),
        [] => Err(match patterns::similar(text, known) {
            Some(near) => format!("`{text}` is {unknown}; did you mean `{near}`?"),
            None => format!("`{text}` is {unknown}"),
        }),
        several => {
            let names: Vec<_> =
                several.iter().take(MAX_ADDRESSES_LISTED).map(|address| format!("`{address}`")).collect();
            let more = if several.len() > MAX_ADDRESSES_LISTED { ", …" } else { "" };
            Err(format!(
                "`{text}` names {} things; write one of them: {}{more}",
                several.len(),
                names.join(", ")
            ))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_found_however_it_is_written() {
        let known = ["a.trunk.Main", "b.trunk.Main", "a.number.+14155550100", "a.agent.Sales"];
        let known = known.map(|text| text.parse().unwrap()).into();
        let found = |text: &str| find(text, &known, "not there").map(|address| address.to_string());
        for good in ["a.number.+14155550100", "number.+14155550100", "+14155550100", "number.*"] {
            assert_eq!(found(good).as_deref(), Ok("a.number.+14155550100"), "{good}");
        }
        assert_eq!(found("a.agent.Sales").as_deref(), Ok("a.agent.Sales"));
        assert_eq!(
            found("trunk.Main").unwrap_err(),
            "`trunk.Main` names 2 things; write one of them: `a.trunk.Main`, `b.trunk.Main`"
        );
        assert_eq!(
            found("a.trunk.Mian").unwrap_err(),
            "`a.trunk.Mian` is not there; did you mean `a.trunk.Main`?"
        );
        assert_eq!(found("zzzzzzzzzzzz").unwrap_err(), "`zzzzzzzzzzzz` is not there");
    }
}
