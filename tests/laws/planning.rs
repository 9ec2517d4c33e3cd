//! Which requests, in which order, and what the plan says of itself.

use trunkform::engine::PlanArgs;
use trunkform::engine::staleness::stale_addresses;
use trunkform::model::{
    Account, AccountConfig, Action, Address, Code, Pattern, Plan, REPLACEMENT_MARK, State, Summary,
    UnlistedNumbers, Value,
};

use crate::accounts::{self, plan, plan_choosing, plan_vital};
use crate::fake::{account, address, deleting_trunks, file, lines, live, number, platforms, trunk};

fn targeting(pattern: &str) -> PlanArgs {
    PlanArgs { targets: vec![Pattern::new(pattern)], ..PlanArgs::default() }
}

fn cutover() -> (AccountConfig, State) {
    let config = deleting_trunks(file([trunk("New"), number("+1").on("New"), number("+2").on("New")]));
    let observed = live([trunk("Old").id(1), number("+1").id(11).on("Old"), number("+2").id(12).on("Old")]);
    (config, observed)
}

#[test]
fn numbers_move_to_the_new_trunk_before_the_old_one_goes() {
    let (config, observed) = cutover();
    let plan = plan(&config, observed);
    assert_eq!(
        lines(&plan),
        [
            "1 POST /trunks <-",
            "2 PUT /numbers/11 <- 1",
            "3 PUT /numbers/12 <- 1",
            "4 DELETE /trunks/1 <- 2 3"
        ]
    );
    assert_eq!(plan.steps[1].request.body, Some(serde_json::json!({"trunk_id": "${fake.trunk.New}"})));
    assert_eq!(plan.steps[1].reason, "`trunk` differs");
    assert_eq!(plan.steps[1].source.as_deref(), Some("trunkform.yaml:2:5"));
    assert_eq!(plan.steps[3].source, None);
    let summary = Summary { create: 1, update: 2, delete: 1, steps: 4, removals: 1, ..Summary::default() };
    assert_eq!(plan.summary, summary);
    assert_eq!(
        (plan.impact.numbers_moved, plan.impact.trunks_deleted, plan.impact.numbers_unassigned),
        (2, 1, 0)
    );
    assert_eq!(plan.accounts[0].observed.trunks + plan.accounts[0].observed.numbers, 3);
}

#[test]
fn a_trunk_made_anew_takes_its_numbers_along_kept_ones_too() {
    let config =
        file([trunk("A").text("direction", "outbound").password(), number("+1").on("A"), number("+3")]);
    let numbers = [11, 12, 13].map(|id| number(&format!("+{}", id - 10)).id(id).on("A"));
    let [one, two, three] = numbers;
    let observed = live([trunk("A").id(1).text("direction", "inbound"), one, two, three]);
    let plan = plan(&config, observed);
    assert_eq!(
        lines(&plan),
        [
            "1 POST /trunks <-",
            "2 PUT /numbers/11 <- 1",
            "3 PUT /numbers/12 <- 1",
            "4 PUT /numbers/13 <- 1",
            "5 DELETE /trunks/1 <- 2 3 4",
            "6 PUT /trunks/${fake.trunk.A} <- 5"
        ]
    );
    assert_eq!(plan.steps[2].reason, "`trunk` is made anew");
    assert_eq!((plan.summary.replace, plan.summary.removals, plan.summary.unlisted), (1, 1, 1));
    assert_eq!((plan.impact.numbers_moved, plan.impact.trunks_deleted, plan.impact.secrets_sent), (3, 1, 1));
    assert!(plan.refusals.is_empty());
}

#[test]
fn a_name_is_taken_only_when_it_is_free() {
    let config = file([trunk("A").text("direction", "outbound")]);
    let old = trunk("A").id(1).text("direction", "inbound");
    let new = trunk(&format!("A{REPLACEMENT_MARK}")).id(2).text("direction", "outbound");
    let plan = plan(&config, live([old, new, number("+1").id(3).on("A")]));
    assert_eq!(lines(&plan), ["1 PUT /numbers/3 <-", "2 DELETE /trunks/1 <- 1", "3 PUT /trunks/2 <- 2"]);
    assert_eq!((plan.summary.removals, plan.impact.trunks_deleted, plan.impact.numbers_moved), (1, 1, 1));
}

#[test]
fn what_is_lost_is_counted() {
    let config = file([
        number("+1").set("trunk", Value::Null).set("agent", Value::Null),
        number("+2").text("status", "inactive"),
        number("+3").text("agent", "Support"),
    ]);
    let full = |n: i64| {
        let row = number(&format!("+{n}")).id(n).on("A").text("status", "active");
        row.set("agent", Value::Ref(address("agent.Sales")))
    };
    let plan = plan(&config, live([trunk("A").id(9), full(1), full(2), full(3)]));
    let impact = plan.impact;
    assert_eq!(plan.summary.removals, 2);
    assert_eq!((impact.numbers_unassigned, impact.numbers_deactivated, impact.agents_changed), (1, 1, 2));
}

#[test]
fn a_target_brings_what_it_needs_and_no_more() {
    let (mut config, observed) = cutover();
    config.unlisted.numbers = UnlistedNumbers::Keep;
    let of = |pattern: &str| plan_choosing(&config, observed.clone(), &targeting(pattern));
    assert_eq!(lines(&of("number.+1")), ["1 POST /trunks <-", "2 PUT /numbers/11 <- 1"]);
    assert_eq!(lines(&of("trunk.New")), ["1 POST /trunks <-"]);
    let whole = of("trunk.Old");
    assert_eq!(whole.steps.len(), 4);
    assert_eq!(whole.targets, ["trunk.Old"]);
    assert_eq!(of("number.+2").summary.unchanged, 0);
}

#[test]
fn a_target_does_not_pull_in_what_it_can_do_without() {
    let config = file([
        trunk("A").text("direction", "outbound"),
        number("+1").on("A").text("status", "active"),
        number("+2").on("A"),
    ]);
    let one = number("+1").id(1).on("A").text("status", "inactive");
    let observed = live([trunk("A").id(9).text("direction", "inbound"), one, number("+2").id(2).on("A")]);
    let plan = plan_choosing(&config, observed, &targeting("number.+1"));
    assert_eq!(lines(&plan), ["1 PUT /numbers/1 <-"]);
}

#[test]
fn a_target_that_takes_a_name_brings_the_rename_that_frees_it() {
    let config = file([trunk("A").pin(2), trunk("B").pin(3), trunk("C").pin(1), trunk("D").pin(4)]);
    let observed = live([trunk("A").id(1), trunk("B").id(2), trunk("X").id(3), trunk("E").id(4)]);
    let of = |pattern: &str| lines(&plan_choosing(&config, observed.clone(), &targeting(pattern)));
    assert_eq!(of("trunk.C"), ["1 PUT /trunks/1 <-"], "its name is free");
    assert_eq!(of("trunk.A"), ["1 PUT /trunks/1 <-", "2 PUT /trunks/2 <- 1"]);
    assert_eq!(of("trunk.B"), ["1 PUT /trunks/1 <-", "2 PUT /trunks/2 <- 1", "3 PUT /trunks/3 <- 2"]);
    assert_eq!(of("trunk.D"), ["1 PUT /trunks/4 <-"]);
}

#[test]
fn a_target_loses_nothing_for_a_deletion_that_is_left_out() {
    let (mut config, observed) = cutover();
    config.unlisted.numbers = UnlistedNumbers::Keep;
    config.desired.resources.retain(|address, _| &*address.name != "+1");
    let of = |pattern: &str| plan_choosing(&config, observed.clone(), &targeting(pattern));
    assert!(of("number.+1").is_empty() && of("number.+1").changes.is_empty());
    assert!(lines(&of("trunk.Old")).iter().any(|line| line.contains("PUT /numbers/11")));
}

#[test]
fn a_plan_is_stale_when_a_trunk_that_a_number_moves_to_is_no_longer_the_same() {
    let config = file([trunk("A"), number("+1").on("A")]);
    let observed = live([trunk("A").id(1), trunk("B").id(2), number("+1").id(3).on("B")]);
    let plan = plan(&config, observed.clone());
    let mut fresh = observed;
    fresh.insert(trunk("A").id(1).text("direction", "outbound").0);
    assert_eq!(
        stale_addresses(&plan, &[fresh]).iter().map(ToString::to_string).collect::<Vec<_>>(),
        ["fake.trunk.A"]
    );
}

#[test]
fn a_plan_is_stale_for_what_it_touches_and_nothing_else() {
    let (config, observed) = cutover();
    let plan = plan(&config, observed.clone());
    let touched: Vec<_> = plan.accounts[0].fingerprints.iter().map(|(a, _)| a.to_string()).collect();
    assert_eq!(touched, ["fake.trunk.New", "fake.trunk.Old", "fake.number.+1", "fake.number.+2"]);
    let stale_when = |change: &dyn Fn(&mut State)| {
        let mut fresh = observed.clone();
        change(&mut fresh);
        stale_addresses(&plan, &[State::default(), fresh]).iter().map(|a| a.to_string()).collect::<Vec<_>>()
    };
    assert!(stale_when(&|_| {}).is_empty());
    assert!(stale_when(&|s| drop(s.insert(trunk("Fax").id(5).0))).is_empty());
    assert_eq!(stale_when(&|s| drop(s.insert(trunk("New").id(5).0))), ["fake.trunk.New"]);
    assert_eq!(stale_when(&|s| drop(s.insert(number("+9").id(19).on("Old").0))), ["fake.trunk.Old"]);
    assert_eq!(stale_when(&|s| drop(s.insert(number("+1").id(11).0))), ["fake.trunk.Old", "fake.number.+1"]);
}

#[test]
fn fingerprints_are_those_of_the_names_that_were_read() {
    let observed = live([trunk("Old").id(7), number("+1").id(1).on("Old").text("status", "active")]);
    let config = file([trunk("New").was("Old"), number("+1").text("status", "inactive")]);
    let plan = plan(&config, observed.clone());
    assert_eq!(lines(&plan).len(), 2);
    assert!(stale_addresses(&plan, std::slice::from_ref(&observed)).is_empty());
    let mut taken = observed;
    taken.insert(trunk("New").id(8).0);
    assert_eq!(stale_addresses(&plan, &[taken]), [address("trunk.New")]);
}

#[test]
fn a_name_that_another_thing_has_is_no_reason_to_be_stale() {
    let observed = live([trunk("Old").id(7), trunk("New").id(8)]);
    let plan = plan(&file([trunk("New").pin(7)]), observed.clone());
    assert_eq!(lines(&plan), ["1 PUT /trunks/7 <-"]);
    assert!(stale_addresses(&plan, &[observed]).is_empty());
}

#[test]
fn one_account_in_error_has_no_steps_and_the_others_keep_theirs() {
    let broken = file([number("+1").on("Nowhere"), trunk("A")]);
    let another = Account::new("another");
    let mut fine = AccountConfig { account: another.clone(), ..file([]) };
    let mut row = trunk("B").0;
    row.address = Address::new(&another, row.address.kind, &row.address.name);
    fine.desired.insert(row);
    let source = accounts::declared(vec![broken, fine]);
    let observed = [(account(), live([])), (another, live([]))];
    let plan = accounts::plan_all(platforms, source, PlanArgs::default(), observed).plan;
    assert!(plan.errored());
    assert_eq!(lines(&plan), ["1 POST /trunks <-"]);
    let names: Vec<_> = plan.accounts.iter().map(|account| account.account.as_str()).collect();
    assert_eq!(names, ["another", "fake"]);
    assert_eq!(plan.diagnostics.len(), 1);
}

#[test]
fn a_plan_shows_values_with_secrets_masked_and_names_for_references() {
    let config = file([trunk("A").password().port(5080), number("+1").on("A")]);
    let observed = live([trunk("A").id(1).port(5060).text("host", "a.example"), number("+1").id(2).on("A")]);
    let plan: Plan = plan(&config, observed);
    let [change] = plan.changes.as_slice() else { panic!() };
    assert_eq!((change.action, change.changed.as_slice()), (Action::Update, ["port".to_owned()].as_slice()));
    let after = serde_json::Value::from(change.after.clone().unwrap());
    let wanted =
        serde_json::json!({"name": "A", "host": "a.example", "port": 5080, "password": "(sensitive value)"});
    assert_eq!((after, change.sensitive.as_slice()), (wanted, ["password".to_owned()].as_slice()));
    assert_eq!(plan.planned[1].values["trunk"], "A");
    assert_eq!(plan.summary.unchanged, 1);
}

/// What is deleted and made again knows only what the file says, should the run stop in between.
#[test]
fn what_a_number_made_anew_could_lose_is_told() {
    let observed = || {
        let number = number("+1").id(3).on("A").set("agent", Value::Ref(address("agent.Sales")));
        let number = number.text("label", "Desk").text("tone", "low").text("note", " ");
        live([trunk("A").id(1), trunk("B").id(2), number])
    };
    let said = |row: crate::fake::Row| {
        let plan = plan_vital(&file([trunk("A"), trunk("B"), row]), observed());
        let found = plan.diagnostics.into_iter();
        found.map(|d| (d.code, d.message, d.help.unwrap_or_default())).collect::<Vec<_>>()
    };
    let told = |name: &str, help: &str| {
        let message = format!(
            "`fake.number.+1` is taken off the air and put back, and the file does not say its `{name}`: should the run stop in between, no later one would know it"
        );
        (Code::PLN010, message, help.to_owned())
    };
    let moved = || number("+1").on("B");
    assert_eq!(
        said(moved()),
        [told("agent", "write `agent: Sales`"), told("label", "write `label: \"Desk\"`")]
    );
    assert_eq!(said(moved().text("agent", "Sales")), [told("label", "write `label: \"Desk\"`")]);
    assert!(said(moved().text("agent", "Sales").text("label", "Desk")).is_empty());
    assert!(said(number("+1").on("A").text("agent", "Support")).is_empty(), "it stays where it is");
}
