//! What has become of the things of a saved plan, in words, and which steps are held for it.

use trunkform::engine::staleness::{StaleReason, StaleResource, blocked_steps, stale_resources};
use trunkform::model::{Id, Kinds, Plan, State, UnlistedNumbers, Value};

use crate::accounts::plan;
use crate::fake::{KINDS, address, deleting_trunks, file, lines, live, number, trunk};

fn kinds(_: &str) -> Option<&'static Kinds> {
    Some(&KINDS)
}

/// What is told after a change of the live account.
fn told(plan: &Plan, observed: &State, change: &dyn Fn(&mut State)) -> Vec<String> {
    let mut fresh = observed.clone();
    change(&mut fresh);
    stale_resources(plan, &[State::default(), fresh]).iter().map(ToString::to_string).collect()
}

/// The steps that are held for these things.
fn held_for(plan: &Plan, observed: &State, names: &[&str]) -> Vec<u32> {
    let deleted = |name: &&str| StaleResource { address: address(name), reason: StaleReason::Deleted };
    let stale: Vec<_> = names.iter().map(deleted).collect();
    blocked_steps(plan, &stale, std::slice::from_ref(observed), &kinds).into_keys().collect()
}

#[test]
fn attributes_are_named_and_values_are_not() {
    let config = deleting_trunks(file([
        trunk("New").was("Old").port(5070).password(),
        trunk("Made"),
        number("+1").on("New").text("status", "inactive"),
        number("+2").on("Made"),
    ]));
    let observed = live([
        trunk("Old").id(1).text("host", "a.example").port(5060),
        trunk("Gone").id(2),
        number("+1").id(11).on("Old").text("status", "active"),
        number("+2").id(12).on("Gone"),
    ]);
    let plan = plan(&config, observed.clone());
    let told = |change: &dyn Fn(&mut State)| told(&plan, &observed, change);
    assert!(told(&|_| {}).is_empty());
    let set = |s: &mut State, at: &str, name: &'static str, value: Value| {
        s.resources.get_mut(&address(at)).unwrap().attributes.set(name, value);
    };
    let both = |s: &mut State| {
        set(s, "trunk.Old", "host", Value::Text("secret.example".into()));
        set(s, "trunk.Old", "direction", Value::Text("outbound".into()));
        set(s, "trunk.Old", "password", Value::Text("planted".into()));
    };
    assert_eq!(told(&both), ["`fake.trunk.Old` has changed (`host`, `direction`)"]);
    // It is called otherwise in the plan; that is no difference.
    let agent = |s: &mut State| set(s, "number.+1", "agent", Value::Ref(address("agent.Sales")));
    assert_eq!(told(&agent), ["`fake.number.+1` has changed (`agent`)"]);
    assert_eq!(told(&|s| drop(s.resources.remove(&address("number.+1")))), ["`fake.number.+1` is gone"]);
    assert_eq!(told(&|s| drop(s.insert(trunk("Made").id(3).0))), ["`fake.trunk.Made` was made"]);
    assert_eq!(told(&|s| drop(s.insert(trunk("New").id(3).0))), ["`fake.trunk.New` was made"]);
    let joined = |s: &mut State| drop(s.insert(number("+3").id(13).on("Gone").0));
    assert_eq!(told(&joined), ["`fake.trunk.Gone` has changed, or other numbers are on it"]);
    let another = |s: &mut State| s.resources.get_mut(&address("number.+2")).unwrap().id = Some(Id::Int(99));
    assert!(told(&another).contains(&"`fake.number.+2` has changed".to_owned()));
}

#[test]
fn what_points_to_a_thing_or_waits_for_it_is_held_with_it() {
    let config = deleting_trunks(file([
        trunk("New"),
        number("+1").on("New"),
        number("+2").on("New"),
        trunk("Fax").port(5070),
    ]));
    let observed = live([
        trunk("Old").id(1),
        trunk("Fax").id(2).port(5060),
        number("+1").id(11).on("Old"),
        number("+2").id(12).on("Old"),
    ]);
    let plan = plan(&config, observed.clone());
    assert_eq!(
        lines(&plan),
        [
            "1 PUT /trunks/2 <-",
            "2 POST /trunks <-",
            "3 PUT /numbers/11 <- 2",
            "4 PUT /numbers/12 <- 2",
            "5 DELETE /trunks/1 <- 3 4"
        ]
    );
    let held_for = |names: &[&str]| held_for(&plan, &observed, names);
    assert_eq!(held_for(&["number.+1"]), [3, 5]);
    assert_eq!(held_for(&["trunk.New"]), [2, 3, 4, 5]);
    assert_eq!(held_for(&["trunk.Old"]), [5]);
    assert_eq!(held_for(&["trunk.Fax"]), [1]);
    assert_eq!(held_for(&["trunk.Fax", "number.+2"]), [1, 4, 5]);
    assert_eq!(held_for(&["trunk.Nobody knows"]), [1, 2, 3, 4, 5], "what it is about nobody can tell");
    assert!(held_for(&[]).is_empty());
}

/// Nothing else would give it back its trunk.
#[test]
fn a_number_keeps_its_trunk_as_long_as_that_does_not_go() {
    let mut config = deleting_trunks(file([trunk("New"), number("+1").on("New")]));
    config.unlisted.numbers = UnlistedNumbers::Keep;
    let observed = live([trunk("Old").id(1), number("+1").id(11).on("Old"), number("+2").id(12).on("Old")]);
    let plan = plan(&config, observed.clone());
    assert_eq!(
        lines(&plan),
        ["1 POST /trunks <-", "2 PUT /numbers/11 <- 1", "3 PUT /numbers/12 <-", "4 DELETE /trunks/1 <- 2 3"]
    );
    assert_eq!(held_for(&plan, &observed, &["trunk.Old"]), [3, 4]);
    assert_eq!(held_for(&plan, &observed, &["number.+1"]), [2, 3, 4]);
}
