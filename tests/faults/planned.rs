//! Every write that the sandbox received is a step of a plan, and was done once.
//! In: the plans of runs, what the sandbox logged, what was live before and after each write. Out: nothing, or the write that nobody planned.
//! Fills placeholders with the ids that the sandbox gave, never with what the code under test has read.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use serde_json::Value as Json;
use trunkform::model::{KindName, Plan, Request, Step};
use trunkform::sandbox::Logged;

use crate::ground::Sight;
use crate::scenario::Scenario;
use crate::worlds::seen::Seen;

/// What the sandbox writes down in the place of a secret.
const HIDDEN: &str = "(sensitive value)";

/// Ids by the text of an address.
type Ids = BTreeMap<String, BTreeSet<String>>;

/// The writes of a run, or of several that went on at the same time, against what was planned.
pub struct Ledger<'a> {
    scenario: &'a Scenario,
    steps: Vec<&'a Step>,
    /// How often each step took effect.
    done: Vec<usize>,
    made: Ids,
    /// What is live under a name: what a step found instead of making it.
    named: Ids,
}

impl<'a> Ledger<'a> {
    pub fn new(scenario: &'a Scenario, plans: &[&'a Plan]) -> Self {
        let steps: Vec<&Step> = plans.iter().flat_map(|plan| &plan.steps).collect();
        let done = vec![0; steps.len()];
        Self { scenario, steps, done, made: Ids::new(), named: Ids::new() }
    }

    /// Looks at all writes: first at those that took effect, in the order in which they did.
    pub fn check(mut self, sights: &[Sight], requests: &[Logged]) -> Result<(), TestCaseError> {
        for pair in sights.windows(2) {
            self.learn_names(&pair[0].live);
            if let Some(write) = &pair[1].write {
                self.took_effect(write, pair)?;
            }
        }
        self.learn_names(&sights[sights.len() - 1].live);
        for write in requests.iter().filter(|request| request.method != "GET" && !request.effect) {
            let is_planned = self.steps.iter().any(|step| self.is(step, write));
            prop_assert!(is_planned, "sent in vain, and not planned: {write:?}");
        }
        Ok(())
    }

    fn took_effect(&mut self, write: &Logged, pair: &[Sight]) -> Result<(), TestCaseError> {
        let fitting: Vec<usize> =
            (0..self.steps.len()).filter(|&at| self.is(self.steps[at], write)).collect();
        prop_assert!(!fitting.is_empty(), "not planned: {write:?}, with {:?}", self.made);
        let fresh = fitting.iter().copied().find(|&at| self.done[at] == 0);
        let again = fitting.iter().copied().find(|&at| is_harmless_twice(self.steps[at]));
        let Some(at) = fresh.or(again) else {
            return Err(TestCaseError::fail(format!("took effect twice: {write:?}")));
        };
        self.done[at] += 1;
        let step = self.steps[at];
        if step.expect.makes() {
            let new = self.new_ids(step, pair);
            prop_assert!(new.len() <= 1, "{write:?} made {new:?}");
            self.made.entry(step.address.to_string()).or_default().extend(new);
        }
        Ok(())
    }

    /// The ids that a write gave to things of its kind.
    fn new_ids(&self, step: &Step, pair: &[Sight]) -> BTreeSet<String> {
        let case = self.scenario.case(&step.address.account);
        let ids = |sight: &Sight| -> BTreeSet<String> {
            let Seen { trunks, numbers, .. } = Seen::of(case, &sight.live);
            let things = if step.address.kind == KindName::Trunk { trunks } else { numbers };
            things.into_iter().map(|thing| thing.id).collect()
        };
        ids(&pair[1]).difference(&ids(&pair[0])).cloned().collect()
    }

    fn learn_names(&mut self, live: &Json) {
        for (case, seen) in self.scenario.cases.iter().zip(self.scenario.seen(live)) {
            for (kind, things) in [("trunk", &seen.trunks), ("number", &seen.numbers)] {
                for thing in things {
                    let address = format!("{}.{kind}.{}", case.account, thing.name);
                    self.named.entry(address).or_default().insert(thing.id.clone());
                }
            }
        }
    }

    fn is(&self, step: &Step, write: &Logged) -> bool {
        let Request { method, path, body } = &step.request;
        let mount = self.scenario.case(&step.address.account).mounted();
        let below = write.path.strip_prefix(&mount);
        *method == write.method
            && below.is_some_and(|below| self.is_path(path, below))
            && match (body, &write.body) {
                (Some(body), Some(sent)) => self.is_value(step, body, sent),
                (body, sent) => body.is_none() && sent.is_none(),
            }
    }

    /// The ids that a placeholder may stand for.
    fn ids_of(&self, address: &str) -> impl Iterator<Item = &String> {
        let made = self.made.get(address).filter(|made| !made.is_empty());
        made.or_else(|| self.named.get(address)).into_iter().flatten()
    }

    fn is_path(&self, template: &str, path: &str) -> bool {
        let Some((before, rest)) = template.split_once("${") else { return template == path };
        let Some((inside, after)) = rest.split_once('}') else { return false };
        let address = inside.replace("%7D", "}").replace("%2F", "/").replace("%25", "%");
        let Some(rest) = path.strip_prefix(before) else { return false };
        self.ids_of(&address)
            .any(|id| rest.strip_prefix(id.as_str()).is_some_and(|rest| self.is_path(after, rest)))
    }

    fn is_value(&self, step: &Step, template: &Json, sent: &Json) -> bool {
        match (template, sent) {
            (Json::String(text), sent) => self.is_text(text, sent),
            (Json::Object(parts), Json::Object(sent)) => {
                parts.len() == sent.len()
                    && parts
                        .iter()
                        .all(|(key, part)| sent.get(key).is_some_and(|sent| self.is_value(step, part, sent)))
            }
            (Json::Array(items), Json::Array(sent)) => self.is_list(step, items, sent),
            _ => template == sent,
        }
    }

    /// A list may lack what was not made, where the step says so.
    fn is_list(&self, step: &Step, items: &[Json], sent: &[Json]) -> bool {
        let mut sent = sent.iter().peekable();
        for item in items {
            if sent.peek().is_some_and(|sent| self.is_value(step, item, sent)) {
                sent.next();
            } else if !(step.expect.partial && item.as_str().is_some_and(|text| text.starts_with("${"))) {
                return false;
            }
        }
        sent.next().is_none()
    }

    fn is_text(&self, text: &str, sent: &Json) -> bool {
        if text.starts_with("$$") && text.trim_start_matches('$').starts_with('{') {
            return *sent == text[1..];
        }
        let Some(inside) = text.strip_prefix("${").and_then(|rest| rest.strip_suffix('}')) else {
            return *sent == *text;
        };
        if inside.starts_with("env:") || inside.starts_with("file:") {
            return *sent == HIDDEN;
        }
        let sent = sent.as_str().map_or_else(|| sent.to_string(), str::to_owned);
        self.ids_of(inside).any(|id| *id == sent)
    }
}

/// Whether a step does no more when it is sent twice.
fn is_harmless_twice(step: &Step) -> bool {
    step.request.method != "POST" || step.expect.repeats
}
