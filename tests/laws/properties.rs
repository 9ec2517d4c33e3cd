//! The laws over random worlds, in random linear extensions, cut off anywhere.

use std::collections::{BTreeMap, BTreeSet};

use proptest::collection::btree_map;
use proptest::option;
use proptest::prelude::*;
use proptest::test_runner::FileFailurePersistence;
use trunkform::engine::{PlanArgs, staleness::stale_addresses};
use trunkform::model::{AccountConfig, Plan, REPLACEMENT_MARK, State, Unlisted, UnlistedNumbers, Value};

use crate::accounts::{changes, compare, plan, plan_choosing};
use crate::fake::{Row, address, config, number, platforms, state, trunk};
use crate::simulator::Platform;

/// Direction and port.
pub(crate) type TrunkSpec = (bool, Option<i64>);
/// Which trunk of those there are, agent, active; none = not named.
pub(crate) type NumberSpec = (Option<Option<usize>>, Option<Option<bool>>, Option<bool>);

#[derive(Clone, Debug)]
pub(crate) struct Spec {
    pub(crate) live_trunks: BTreeMap<usize, TrunkSpec>,
    pub(crate) live_numbers: BTreeMap<usize, NumberSpec>,
    pub(crate) trunks: BTreeMap<usize, (TrunkSpec, Option<usize>)>,
    pub(crate) numbers: BTreeMap<usize, NumberSpec>,
    pub(crate) unlisted: (bool, u8),
}

pub(crate) fn specs() -> impl Strategy<Value = Spec> {
    let trunk = || (any::<bool>(), option::of(5060i64..5062));
    let number = || {
        let trunk = option::weighted(0.8, option::weighted(0.9, 0usize..5));
        (trunk, option::of(option::of(any::<bool>())), option::of(any::<bool>()))
    };
    let live = (btree_map(0usize..5, trunk(), 0..5), btree_map(0usize..8, number(), 0..8));
    let wanted = (
        btree_map(0usize..5, (trunk(), option::weighted(0.3, 0usize..5)), 0..5),
        btree_map(0usize..8, number(), 0..8),
    );
    (live, wanted, (any::<bool>(), 0u8..4)).prop_map(
        |((live_trunks, live_numbers), (trunks, numbers), unlisted)| Spec {
            live_trunks,
            live_numbers,
            trunks,
            numbers,
            unlisted,
        },
    )
}

fn trunk_row(name: usize, (inbound, port): TrunkSpec) -> Row {
    let row = trunk(&format!("T{name}")).text("direction", if inbound { "inbound" } else { "outbound" });
    port.into_iter().fold(row, Row::port)
}

fn number_row(
    name: usize,
    (on, agent, active): NumberSpec,
    trunks: &[usize],
    agents: &dyn Fn(Row, &str) -> Row,
) -> Row {
    let mut row = number(&format!("+1555000000{name}"));
    if let Some(on) = on {
        let on = on.and_then(|at| trunks.get(at % trunks.len().max(1)));
        row = on.map_or(row.clone().set("trunk", Value::Null), |on| row.on(&format!("T{on}")));
    }
    row = match agent {
        None => row,
        Some(None) => row.set("agent", Value::Null),
        Some(Some(sales)) => agents(row, if sales { "Sales" } else { "Support" }),
    };
    match active {
        None => row,
        Some(active) => row.text("status", if active { "active" } else { "inactive" }),
    }
}

impl Spec {
    pub(crate) fn observed(&self) -> State {
        let agent = |row: Row, name: &str| row.set("agent", Value::Ref(address(&format!("agent.{name}"))));
        let names: Vec<_> = self.live_trunks.keys().copied().collect();
        let full = |spec: NumberSpec| (spec.0.or(Some(None)), spec.1.or(Some(None)), spec.2.or(Some(true)));
        let trunks = self.live_trunks.iter().map(|(&name, &(inbound, port))| {
            trunk_row(name, (inbound, port.or(Some(5060)))).id(name as i64 + 1)
        });
        let numbers = self
            .live_numbers
            .iter()
            .map(|(&name, &spec)| number_row(name, full(spec), &names, &agent).id(name as i64 + 11));
        state(trunks.chain(numbers).collect())
    }

    pub(crate) fn config(&self) -> AccountConfig {
        let agent = |row: Row, name: &str| row.text("agent", name);
        let names: Vec<_> = self.trunks.keys().copied().collect();
        let trunks = self.trunks.iter().map(|(&name, &(spec, was))| {
            let row = trunk_row(name, spec);
            was.map_or(row.clone(), |was| row.was(&format!("T{was}")))
        });
        let numbers = self.numbers.iter().map(|(&name, &spec)| number_row(name, spec, &names, &agent));
        let mut config = config(trunks.chain(numbers).collect());
        let policies = [
            UnlistedNumbers::Keep,
            UnlistedNumbers::Unassign,
            UnlistedNumbers::Deactivate,
            UnlistedNumbers::Delete,
        ];
        config.unlisted =
            Unlisted { delete_trunks: self.unlisted.0, numbers: policies[self.unlisted.1 as usize] };
        config
    }
}

/// The file that says what is live.
pub(crate) fn exported(observed: &State) -> AccountConfig {
    let rows = observed.resources.values().cloned().map(|mut resource| {
        resource.id = None;
        let agent = resource.attributes.get("agent").and_then(Value::as_ref_address).map(|a| a.name.clone());
        match agent {
            Some(name) => Row(resource).text("agent", &name),
            None => Row(resource),
        }
    });
    config(rows.collect())
}

/// No number that had a trunk and keeps one is ever without.
fn never_between(start: &Platform, end: &Platform) -> impl Fn(&Platform) -> Result<(), String> + use<> {
    let on_a_trunk = |platform: &Platform| -> BTreeSet<i64> {
        let on = platform.numbers.iter().filter(|(_, n)| n.get("trunk_id").is_some_and(|id| !id.is_null()));
        on.map(|(&id, _)| id).collect()
    };
    let always: BTreeSet<_> = on_a_trunk(start).intersection(&on_a_trunk(end)).copied().collect();
    move |now| {
        let now = on_a_trunk(now);
        always
            .iter()
            .find(|id| !now.contains(id))
            .map_or(Ok(()), |id| Err(format!("number {id} is without a trunk")))
    }
}

/// What the file says is so, read without the diff.
pub(crate) fn is_as_declared(config: &AccountConfig, live: &State) -> Result<(), String> {
    for (address, wanted) in &config.desired.resources {
        let is = live.get(address).ok_or(format!("{address} is not live"))?;
        for entry in wanted.attributes.iter() {
            let same = match (entry.name, &entry.value, is.attributes.get(entry.name)) {
                ("agent", Value::Text(name), Some(Value::Ref(agent))) => *name.as_ref() == *agent.name,
                (_, wanted, Some(is)) => wanted == is,
                (_, wanted, None) => *wanted == Value::Null,
            };
            if !same {
                return Err(format!("{address}: {entry:?} but {:?}", is.attributes));
            }
        }
    }
    Ok(())
}

fn converged(config: &AccountConfig, platform: &Platform) -> Result<(), String> {
    let live = platform.observe();
    is_as_declared(config, &live)?;
    let again = changes(config, live);
    if !again.is_empty() {
        return Err(format!("the next plan is not empty: {again:#?}"));
    }
    let marked = platform.trunks.values().find(|t| t["name"].as_str().unwrap().ends_with(REPLACEMENT_MARK));
    marked.map_or(Ok(()), |trunk| Err(format!("left: {trunk:?}")))
}

/// Every number that was live and is not deleted on purpose is still there under its id.
fn nothing_lost(config: &AccountConfig, before: &Platform, after: &Platform) -> Result<(), String> {
    let listed = |number: &str| config.desired.get(&address(&format!("number.{number}"))).is_some();
    for (id, fields) in &before.numbers {
        let meant =
            config.unlisted.numbers == UnlistedNumbers::Delete && !listed(fields["number"].as_str().unwrap());
        if !meant && !after.numbers.contains_key(id) {
            return Err(format!("number {fields:?} is lost"));
        }
    }
    Ok(())
}

pub(crate) fn whole(platform: &Platform, plan: &Plan) -> Platform {
    let mut end = platform.clone();
    end.run(plan, (0, usize::MAX), |_| Ok(())).unwrap();
    end
}

pub(crate) fn check(result: Result<(), String>) -> Result<(), TestCaseError> {
    result.map_err(TestCaseError::fail)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: Some(Box::new(FileFailurePersistence::WithSource("seeds"))), ..ProptestConfig::with_cases(64) })]

    #[test]
    fn a_state_does_not_differ_from_itself(spec in specs()) {
        let observed = spec.observed();
        let same = AccountConfig { desired: observed.clone(), ..spec.config() };
        let (world, found) = compare(platforms, &same, observed.clone(), &PlanArgs::default());
        prop_assert_eq!(format!("{:?}", [&world.desired.resources, &world.observed.resources]), format!("{:?}", [&observed.resources; 2]));
        prop_assert!(found.is_empty(), "{:?}", found);
        prop_assert!(changes(&exported(&observed), observed).is_empty());
    }

    #[test]
    fn any_order_that_keeps_the_waits_leads_to_what_the_file_says(spec in specs(), seeds in any::<[u64; 4]>()) {
        let (config, observed) = (spec.config(), spec.observed());
        let plan = plan(&config, observed.clone());
        prop_assert!(!plan.errored(), "{:?} {:?}", plan.diagnostics, plan.refusals);
        let start = Platform::of(&observed);
        let steady = never_between(&start, &whole(&start, &plan));
        for seed in seeds {
            let mut platform = start.clone();
            check(platform.run(&plan, (seed, usize::MAX), &steady))?;
            check(converged(&config, &platform))?;
            check(nothing_lost(&config, &start, &platform))?;
        }
    }

    #[test]
    fn a_run_cut_off_anywhere_converges_when_run_again(spec in specs(), seed: u64, cuts in [0usize..8, 0usize..8]) {
        let (config, observed) = (spec.config(), spec.observed());
        let start = Platform::of(&observed);
        let mut platform = start.clone();
        for (cut, seed) in cuts.into_iter().chain([usize::MAX]).zip(seed..=u64::MAX) {
            let plan = plan(&config, platform.observe());
            prop_assert!(!plan.errored(), "{:?} {:?}", plan.diagnostics, plan.refusals);
            let steady = never_between(&platform, &whole(&platform, &plan));
            check(platform.run(&plan, (seed, cut), steady))?;
        }
        check(converged(&config, &platform))?;
        check(nothing_lost(&config, &start, &platform))?;
        let names: BTreeSet<_> = platform.trunks.values().map(|trunk| trunk["name"].as_str().unwrap()).collect();
        prop_assert_eq!(names.len(), platform.trunks.len(), "a trunk was made twice");
    }

    #[test]
    fn steps_wait_only_on_earlier_ones_and_a_plan_is_the_same_every_time(spec in specs()) {
        let (config, observed) = (spec.config(), spec.observed());
        let first = plan(&config, observed.clone());
        prop_assert_eq!(format!("{first:?}"), format!("{:?}", plan(&config, observed.clone())));
        for (at, step) in (1..).zip(&first.steps) {
            prop_assert_eq!(step.id, at);
            prop_assert!(step.waits_on.iter().all(|&wait| wait < at));
            prop_assert!(step.waits_on.is_sorted());
        }
        let bad = first.steps.iter().find(|step| step.request.body.as_ref().is_some_and(|b| b.as_object().unwrap().is_empty()));
        prop_assert!(bad.is_none(), "an empty request: {:?}", bad);
    }

    #[test]
    fn a_plan_is_stale_exactly_for_what_moved_on(spec in specs(), which: prop::sample::Index) {
        let (config, observed) = (spec.config(), spec.observed());
        let plan = plan(&config, observed.clone());
        prop_assert!(stale_addresses(&plan, std::slice::from_ref(&observed)).is_empty());
        let touched: Vec<_> = plan.accounts[0].fingerprints.iter().map(|(address, _)| address.clone()).collect();
        prop_assume!(!touched.is_empty());
        let address = which.get(&touched);
        let mut fresh = observed;
        match fresh.resources.get_mut(address) {
            Some(resource) => resource.id = Some(trunkform::model::Id::Int(4711)),
            None => { fresh.insert(Row(trunkform::model::Resource::new(address.clone(), Default::default())).id(4711).0); }
        }
        prop_assert!(stale_addresses(&plan, &[fresh]).contains(address));
    }

    #[test]
    fn a_part_of_a_plan_can_be_applied_by_itself(spec in specs(), which in 0usize..8, seed: u64) {
        let (config, observed) = (spec.config(), spec.observed());
        let start = Platform::of(&observed);
        for pattern in [format!("number.+1555000000{which}"), format!("trunk.T{which}")] {
            let args = PlanArgs { targets: vec![trunkform::model::Pattern::new(&pattern)], ..PlanArgs::default() };
            let plan = plan_choosing(&config, observed.clone(), &args);
            let mut platform = start.clone();
            check(platform.run(&plan, (seed, usize::MAX), |_| Ok(())))?;
            let left = changes(&config, platform.observe());
            // What would only follow from a deletion that the pattern does not name is rightly left.
            let follows = |c: &&trunkform::model::Change| c.reason.starts_with("its trunk ");
            let matches = |c: &&trunkform::model::Change| args.targets[0].matches(&c.address) && !follows(c);
            prop_assert!(!left.iter().any(|change| matches(&change)), "{:?}", left);
        }
    }
}

#[test]
fn thirty_thousand_numbers_are_planned_in_linear_time() {
    let rows = |on: &str| {
        let numbers = (0..30_000).map(|n| number(&format!("+1555{n:07}")).id(n + 10).on(on));
        numbers.chain([trunk("Old").id(1), trunk("Other").id(2)]).collect::<Vec<_>>()
    };
    let started = std::time::Instant::now();
    let plan = plan(&config(rows("Other")), state(rows("Old")));
    assert_eq!((plan.summary.update, plan.summary.unchanged, plan.steps.len()), (30_000, 2, 30_000));
    assert_eq!(plan.impact.numbers_moved, 30_000);
    // Far above what it takes, far below what a quadratic step would.
    assert!(started.elapsed().as_secs() < 60, "{:?}", started.elapsed());
}
