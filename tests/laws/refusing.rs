//! Plans that are not safe, and the flag that lifts one of the reasons.

use trunkform::engine::PlanArgs;
use trunkform::model::limits::Removals;
use trunkform::model::{AccountConfig, Code, Limits, Plan, State, UnlistedNumbers, Value};

use crate::accounts::{plan, plan_choosing, plan_vital};
use crate::fake::{Row, deleting_trunks, file, ignoring, live, number, state, trunk};

/// The one refusal of a plan for which there is no safe way, and what it names.
fn refused(plan: &Plan) -> (Code, Vec<String>) {
    let [refusal] = plan.refusals.as_slice() else { panic!("{:?}", plan.refusals) };
    assert!(refusal.no_safe_plan && plan.errored());
    assert!(plan.steps.is_empty(), "{:?}", plan.steps);
    (refusal.code, refusal.addresses.iter().map(ToString::to_string).collect())
}

fn deleting_ten() -> (AccountConfig, State) {
    let mut config = file([]);
    config.unlisted.numbers = UnlistedNumbers::Delete;
    (config, state((10..20).map(|n| number(&format!("+{n}")).id(n)).collect::<Vec<Row>>()))
}

#[test]
fn too_many_removals_are_refused_until_the_count_is_allowed() {
    let (config, observed) = deleting_ten();
    let allowing = |allow_removals| {
        plan_choosing(&config, observed.clone(), &PlanArgs { allow_removals, ..PlanArgs::default() })
    };
    let plan = allowing(None);
    let [refusal] = plan.refusals.as_slice() else { panic!() };
    assert_eq!((refusal.code, refusal.no_safe_plan, plan.steps.len()), (Code::PLN001, false, 10));
    assert_eq!(refusal.message, "`fake` would lose 10 of 10 live things; its limits allow 3");
    assert!(refusal.help.contains("`--allow-removals 10`"));
    assert_eq!((plan.accounts[0].removals, plan.accounts[0].allowed), (10, 3));
    assert_eq!(allowing(Some(9)).refusals.len(), 1);
    assert!(allowing(Some(10)).refusals.is_empty());
}

#[test]
fn limits_are_those_of_the_file() {
    let (mut config, observed) = deleting_ten();
    config.limits = Limits { removals: Removals::Percent(100), free: 0 };
    assert!(plan(&config, observed.clone()).refusals.is_empty());
    config.limits = Limits { removals: Removals::Count(9), free: 0 };
    assert_eq!(plan(&config, observed).refusals[0].code, Code::PLN001);
}

#[test]
fn a_protected_thing_loses_nothing() {
    let observed = || {
        let number = number("+1").id(2).on("A").text("status", "active");
        live([trunk("A").id(1).text("direction", "inbound"), trunk("B").id(3), number])
    };
    let protected = |row: Row| plan(&file([row.protect(), trunk("B")]), observed());
    let number_1 = vec!["fake.number.+1".to_owned()];
    assert_eq!(refused(&protected(number("+1").set("trunk", Value::Null))), (Code::PLN007, number_1.clone()));
    assert_eq!(
        refused(&protected(number("+1").text("status", "inactive"))),
        (Code::PLN007, number_1.clone())
    );
    let anew = protected(trunk("A").text("direction", "outbound"));
    assert_eq!(refused(&anew), (Code::PLN007, vec!["fake.trunk.A".to_owned()]));
    assert!(protected(number("+1").on("B")).refusals.is_empty());
    let gone = plan(&deleting_trunks(file([number("+1").protect()])), observed());
    assert_eq!(refused(&gone), (Code::PLN007, number_1));
}

#[test]
fn a_protected_trunk_stays_on_the_air() {
    let on = |active| trunk("A").port(5060).set("is_active", Value::Bool(active));
    let from = |before, after: Row| plan(&file([after.protect()]), live([on(before).id(1)]));
    let off = from(true, on(false));
    assert_eq!(refused(&off), (Code::PLN007, vec!["fake.trunk.A".to_owned()]));
    let message = "`fake.trunk.A` is protected and would be switched off: `is_active: false`";
    assert_eq!(off.refusals[0].message, message);
    assert_eq!(plan(&file([on(false)]), live([on(true).id(1)])).steps.len(), 1, "nothing protects it");
    for (before, after) in [(true, on(true).port(5061)), (false, on(true)), (false, on(false).port(5061))] {
        let allowed = from(before, after);
        assert_eq!((allowed.refusals.len(), allowed.steps.len()), (0, 1), "{:?}", allowed.refusals);
    }
}

#[test]
fn no_edit_of_a_number_becomes_its_release() {
    let config = file([number("+1").text("provider", "twilio")]);
    let plan = plan(&config, live([number("+1").id(1).text("provider", "manual")]));
    assert_eq!(refused(&plan), (Code::PLN008, vec!["fake.number.+1".to_owned()]));
}

#[test]
fn a_number_that_can_not_live_without_its_trunk_holds_it() {
    let with =
        |config: &AccountConfig| plan_vital(config, live([trunk("A").id(1), number("+1").id(2).on("A")]));
    let both = vec!["fake.trunk.A".to_owned(), "fake.number.+1".to_owned()];
    assert_eq!(refused(&with(&deleting_trunks(file([])))), (Code::PLN009, both));
    let cleared = with(&file([trunk("A"), number("+1").set("trunk", Value::Null)]));
    assert_eq!(refused(&cleared).0, Code::PLN008);
}

#[test]
fn what_is_ignored_or_declared_holds_its_trunk() {
    let observed = || {
        live([trunk("A").id(1).text("direction", "inbound"), number("+1").id(2).on("A"), number("+2").id(3)])
    };
    let names = vec!["fake.trunk.A".to_owned(), "fake.number.+1".to_owned()];
    let going = plan(&ignoring(deleting_trunks(file([])), "number.*"), observed());
    assert_eq!(refused(&going), (Code::PLN009, names.clone()));
    let anew = plan(&ignoring(file([trunk("A").text("direction", "outbound")]), "number.+1"), observed());
    assert_eq!(refused(&anew), (Code::PLN009, names.clone()));
    let declared = plan(&deleting_trunks(file([number("+1").on("A")])), observed());
    assert_eq!(refused(&declared), (Code::PLN009, names));
    assert!(declared.refusals[0].help.contains("list the trunk"));
}
