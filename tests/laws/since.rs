//! What a plan says when it is compared with what the files said before: properties over random worlds, and one test a rule.

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::test_runner::FileFailurePersistence;
use trunkform::engine::PlanArgs;
use trunkform::model::{
    AccountConfig, Action, Address, Cause, Code, Config, Limits, Plan, Resource, SecretSource, State,
    Unlisted, Value,
};
use trunkform::since;

use crate::accounts::{self, changes};
use crate::fake::{account, file, ignoring, live, number, platforms, trunk};
use crate::properties::{exported, specs, whole};
use crate::simulator::Platform;

/// The plan of the account now, with what the files said before beside it.
fn plan(now: AccountConfig, before: &AccountConfig, observed: State) -> Plan {
    plan_since(now, vec![before.clone()], observed)
}

fn plan_since(now: AccountConfig, before: Vec<AccountConfig>, observed: State) -> Plan {
    let source = accounts::declared_since(vec![now], before);
    let outcome = accounts::plan_all(platforms, source, PlanArgs::default(), [(account(), observed)]);
    assert!(outcome.notes.is_empty(), "{:?}", outcome.notes);
    outcome.plan
}

/// `action cause` of each change, by its address without the account.
fn causes(plan: &Plan) -> BTreeMap<String, String> {
    let said = plan.changes.iter().map(|change| {
        let cause = change.cause.map_or("-", Cause::as_str);
        (
            format!("{}.{}", change.address.kind, change.address.name),
            format!("{} {cause}", change.action.as_str()),
        )
    });
    said.collect()
}

/// Nothing that no file lists goes by itself.
fn keeping(mut config: AccountConfig) -> AccountConfig {
    config.unlisted = Unlisted::default();
    config
}

fn pointing(row: crate::fake::Row, name: &str) -> crate::fake::Row {
    row.set("password", Value::Secret(SecretSource::Env(name.into())))
}

fn renamed<'a>(config: &'a AccountConfig) -> impl Iterator<Item = Address> + 'a {
    config.desired.resources.values().filter(|one| one.is_renamed()).map(Resource::read_as)
}

/// No two trunks say that they were the same one: such a file is an error before anything is compared (TRK027).
fn claims_are_clear(config: &AccountConfig) -> bool {
    let mut claimed = std::collections::BTreeSet::new();
    renamed(config).all(|name| config.desired.get(&name).is_none() && claimed.insert(name))
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: Some(Box::new(FileFailurePersistence::WithSource("seeds"))), ..ProptestConfig::with_cases(192) })]

    #[test]
    fn where_the_file_has_not_changed_nothing_is_yours(spec in specs()) {
        let plan = plan(spec.config(), &spec.config(), spec.observed());
        for change in &plan.changes {
            prop_assert_eq!(change.cause, Some(Cause::Drift), "{:?}", change);
        }
        let alone = changes(&spec.config(), spec.observed());
        prop_assert!(plan.changes.len() >= alone.len());
    }

    #[test]
    fn where_live_is_as_it_was_declared_nothing_is_drift(spec in specs()) {
        prop_assume!(claims_are_clear(&spec.config()));
        let observed = spec.observed();
        let before = exported(&observed);
        prop_assert!(changes(&before, observed.clone()).is_empty());
        let plan = plan(spec.config(), &before, observed);
        for change in &plan.changes {
            prop_assert_eq!(change.cause, Some(Cause::Yours), "{:?}", change);
        }
    }

    #[test]
    fn what_goes_was_declared_before_and_is_no_longer(now in specs(), then in specs()) {
        let (config, before, observed) = (keeping(now.config()), then.config(), now.observed());
        let plan = plan(config.clone(), &before, observed.clone());
        for change in plan.changes.iter().filter(|change| change.action == Action::Delete) {
            let was = change.live_address();
            prop_assert!(before.desired.get(was).is_some(), "never declared: {:?}", change);
            prop_assert!(config.desired.get(was).is_none(), "still declared: {:?}", change);
        }
        for live in observed.resources.keys() {
            let stays = config.desired.get(live).is_some() || renamed(&config).any(|name| name == *live);
            if before.desired.get(live).is_some() && !stays {
                let goes = plan.changes.iter().any(|c| c.address == *live && c.action == Action::Delete);
                prop_assert!(goes, "{live} stays: {:?}", plan.changes);
            }
        }
    }

    #[test]
    fn once_applied_there_is_nothing_left_to_say(now in specs(), then in specs()) {
        let (config, before, observed) = (keeping(now.config()), then.config(), now.observed());
        let first = plan(config.clone(), &before, observed.clone());
        prop_assert!(!first.errored(), "{:?} {:?}", first.diagnostics, first.refusals);
        let end = whole(&Platform::of(&observed), &first).observe();
        for revision in [&config, &before] {
            let again = plan(config.clone(), revision, end.clone());
            prop_assert!(again.changes.is_empty(), "{:?}", again.changes);
        }
    }
}

#[test]
fn each_difference_is_known_by_who_made_it() {
    let row = |name: &str, port| trunk(name).text("direction", "inbound").port(port);
    let before = file([row("File", 1), row("Live", 1), row("Each", 1), row("Lost", 1), row("Gone", 1)]);
    let now = file([row("File", 2), row("Live", 1), row("Each", 2), row("Lost", 1), row("Made", 1)]);
    let observed = live([
        row("File", 1).id(1),
        row("Live", 3).id(2),
        row("Each", 3).id(3),
        row("Gone", 7).id(4),
        row("Stranger", 1).id(5),
    ]);
    let said = causes(&plan(now, &before, observed));
    let said: Vec<_> = said.iter().map(|(what, how)| format!("{what} {how}")).collect();
    assert_eq!(
        said,
        [
            "trunk.Each update both",
            "trunk.File update yours",
            "trunk.Gone delete yours",
            "trunk.Live update drift",
            "trunk.Lost create drift",
            "trunk.Made create yours",
        ]
    );
}

#[test]
fn a_number_that_follows_its_trunk_changes_for_the_trunks_reasons() {
    let row = |direction: &str| trunk("T").text("direction", direction);
    let on = || number("+1").on("T");
    let (inbound, outbound) = (file([row("inbound"), on()]), file([row("outbound"), on()]));
    let observed = || live([row("inbound").id(1), on().id(2)]);
    for (before, cause) in [(&inbound, "yours"), (&outbound, "drift")] {
        let said = causes(&plan(outbound.clone(), before, observed()));
        assert_eq!(said["trunk.T"], format!("replace {cause}"));
        assert_eq!(said["number.+1"], format!("update {cause}"));
    }
}

#[test]
fn a_renamed_trunk_is_the_same_trunk() {
    let before = file([trunk("Old").port(1), number("+1").on("Old")]);
    let now = || file([trunk("New").was("Old").port(1), number("+1").on("New")]);
    let said =
        causes(&plan(now(), &before, live([trunk("Old").port(1).id(1), number("+1").on("Old").id(2)])));
    assert_eq!(said, BTreeMap::from([("trunk.New".into(), "update yours".into())]));
    // A number that somebody took off the trunk is drift, under whatever name the trunk goes.
    let off = number("+1").set("trunk", Value::Null).id(2);
    let said = causes(&plan(now(), &before, live([trunk("Old").port(1).id(1), off])));
    assert_eq!(said["number.+1"], "update drift");
    // Both are live: nothing says that the old one may go.
    let both = live([trunk("Old").id(1), trunk("New").port(1).id(3), number("+1").on("New").id(2)]);
    assert!(!plan(now(), &before, both).changes.iter().any(|change| change.action == Action::Delete));
}

#[test]
fn what_was_pinned_goes_by_its_id_alone() {
    let before = file([trunk("Main").pin(7)]);
    let gone = |observed| causes(&plan(file([]), &before, observed));
    assert!(gone(live([trunk("Main").id(8)])).is_empty(), "another trunk of that name");
    assert_eq!(gone(live([trunk("Called otherwise").id(7)]))["trunk.Called otherwise"], "delete yours");
    let twins = live([trunk("Main").id(7).twin(), trunk("Main").id(8).twin()]);
    assert_eq!(gone(twins).keys().collect::<Vec<_>>(), ["trunk.Main#7"]);
}

#[test]
fn protection_outlives_the_declaration_until_it_is_taken_back() {
    let observed = || live([trunk("Main").id(1)]);
    let refused = plan(file([]), &file([trunk("Main").protect()]), observed());
    assert_eq!(refused.refusals[0].code, Code::PLN007);
    assert!(refused.errored() && refused.steps.is_empty());
    assert!(!plan(file([]), &file([trunk("Main")]), observed()).errored());
}

#[test]
fn what_is_ignored_now_or_was_ignored_then_stays() {
    let (before, none) = (file([trunk("Main")]), || file([]));
    let observed = || live([trunk("Main").id(1)]);
    assert!(plan(ignoring(none(), "trunk.Main"), &before, observed()).changes.is_empty());
    assert!(plan(none(), &ignoring(before, "trunk.Main"), observed()).changes.is_empty());
}

#[test]
fn the_limits_hold_for_what_is_no_longer_declared() {
    let rows = || ["A", "B", "C", "D"].map(trunk);
    let observed = live(rows()).resources.into_values().enumerate();
    let observed = observed.map(|(at, one)| crate::fake::Row(one).id(at as i64 + 1)).collect();
    let mut now = file([]);
    now.limits = Limits::default();
    let plan = plan(now, &file(rows()), crate::fake::state(observed));
    assert_eq!((plan.summary.removals, plan.refusals[0].code), (4, Code::PLN001));
}

#[test]
fn a_secret_is_sent_when_the_file_reads_it_from_elsewhere() {
    let observed = || live([trunk("Main").id(1)]);
    let (a, b, none) =
        (file([pointing(trunk("Main"), "A")]), file([pointing(trunk("Main"), "B")]), file([trunk("Main")]));
    for before in [&a, &none] {
        let plan = plan(b.clone(), before, observed());
        let [change] = plan.changes.as_slice() else { panic!("{:?}", plan.changes) };
        assert_eq!(
            (change.cause, &*change.reason),
            (Some(Cause::Yours), "`password` is read from elsewhere")
        );
        assert_eq!((change.changed.as_slice(), plan.impact.secrets_sent), (&["password".to_owned()][..], 1));
        assert!(plan.steps[0].request.body.as_ref().unwrap().to_string().contains("${env:B}"));
    }
    assert!(plan(b.clone(), &b, observed()).changes.is_empty());
    // What the revision did not declare, or left alone, is taken over as it is, as without a revision.
    assert!(plan(b.clone(), &file([]), observed()).changes.is_empty());
    assert!(plan(b.clone(), &ignoring(a, "trunk.*"), observed()).changes.is_empty());
    assert!(plan(none, &b, observed()).changes.is_empty(), "a secret that is no longer named is not sent");
}

#[test]
fn an_account_that_is_no_longer_described_or_elsewhere_now_is_told_and_left_alone() {
    let before = Config { accounts: vec![file([trunk("Main")])] };
    let mut none = Config::default();
    assert_eq!(since::removals(&mut none, &before), [account()]);
    let moved = AccountConfig { provider: "other", ..file([]) };
    let mut moved = Config { accounts: vec![moved] };
    assert_eq!(since::removals(&mut moved, &before), [account()]);
    assert!(moved.accounts[0].removed.is_empty());
    assert!(plan_since(file([]), Vec::new(), live([trunk("Main").id(1)])).changes.is_empty());
}

#[test]
fn twins_of_which_one_was_meant_by_name_stay_both() {
    let twins = live([trunk("Main").id(7).twin(), trunk("Main").id(8).twin()]);
    let plan = plan(file([]), &file([trunk("Main")]), twins);
    assert!(plan.changes.is_empty());
}
