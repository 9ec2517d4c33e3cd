//! Changes of numbers and the requests that they become.

use serde_json::{Value as Json, json};

use super::made_up::{Attributes, NULL, change, live, lower_all, reference, shown, text, trunk};
use crate::model::{Action, Change, Gap, Id, Ids, Value};
use crate::provider::{Provider, bolna::Bolna};

const SETUP: &str = "/inbound/setup";
const UNLINK: &str = "/inbound/unlink";
const ITSELF: &str = "${bolna.number.+15551234567}";

fn known() -> Ids {
    let mut ids = Ids::default();
    ids.insert(trunk("Old"), Id::Text("OLD".into()));
    ids.insert(trunk("Other"), Id::Text("a/b".into()));
    ids.insert("bolna.agent.Sales".parse().unwrap(), Id::Text("A1".into()));
    ids.insert("bolna.agent.Odd".parse().unwrap(), Id::Text("${env:HOME}".into()));
    ids.insert("bolna.agent.12".parse().unwrap(), Id::Int(12));
    ids
}

fn number(action: Action, before: Attributes<'_>, after: Attributes<'_>, differs: &[&'static str]) -> Change {
    change("bolna.number.+15551234567".parse().unwrap(), action, (before, after), differs)
}

fn lower(change: &Change, gap: Gap) -> Json {
    let drafts = Bolna.lower(change, &known());
    assert!(drafts.iter().all(|draft| draft.gap == gap));
    shown(&drafts)
}

fn on(trunk: &str) -> (&'static str, Value) {
    ("trunk", reference(&format!("bolna.trunk.{trunk}")))
}

fn agent(agent: &str) -> (&'static str, Value) {
    ("agent", reference(&format!("bolna.agent.{agent}")))
}

fn itself() -> (&'static str, Value) {
    ("number", text("+15551234567"))
}

#[test]
fn a_number_is_added_waited_for_and_given_to_its_agent() {
    let wait = |list: &str| json!(["wait", "GET", list, null]);
    let create = |list: &str, body: Json| json!(["create", "POST", list, body]);
    let bare = json!({"phone_number": "+15551234567"});
    let named = json!({"phone_number": "+15551234567", "name": "$${x}"});
    let assign =
        |agent: &str| json!(["assign", "POST", SETUP, {"agent_id": agent, "phone_number_id": ITSELF}]);
    let (old, new) = ("/sip-trunks/trunks/OLD/numbers", "/sip-trunks/trunks/${bolna.trunk.New%2F1}/numbers");
    for (attributes, expected) in [
        (vec![itself(), on("Old")], json!([create(old, bare.clone()), wait(old)])),
        (
            vec![itself(), on("Old"), agent("Sales")],
            json!([create(old, bare.clone()), wait(old), assign("A1")]),
        ),
        (
            vec![itself(), on("New/1"), agent("Odd"), ("name", text("${x}"))],
            json!([create(new, named), wait(new), assign("$${env:HOME}")]),
        ),
        (vec![itself(), on("Old"), ("agent", NULL), ("name", NULL)], json!([create(old, bare), wait(old)])),
    ] {
        assert_eq!(lower(&number(Action::Create, &[], &attributes, &[]), Gap::None), expected);
    }
}

#[test]
fn what_was_added_is_looked_for_where_it_was_added() {
    let drafts = Bolna.lower(&number(Action::Create, &[], &[itself(), on("New")], &[]), &known());
    let list = "/sip-trunks/trunks/${bolna.trunk.New}/numbers";
    let lookup = drafts[0].expect.lookup.clone().unwrap();
    assert_eq!((&*lookup.path, lookup.entry.within), (list, 10));
    assert_eq!(Json::from(lookup.entry.fields), json!({"phone_number": "+15551234567", "deleted": false}));
    let shows = drafts[1].expect.shows.clone().unwrap();
    assert_eq!((Json::from(shows.fields), shows.within), (json!({"id": ITSELF}), 10));
    assert!(drafts[1].expect.lookup.is_none() && drafts[0].expect.shows.is_none());
}

#[test]
fn an_agent_is_changed_in_place() {
    let sales = json!([["assign", "POST", SETUP, {"agent_id": "A1", "phone_number_id": "01HX"}]]);
    let update = |before: Value, after: Value| {
        number(Action::Update, &[on("Old"), ("agent", before)], &[itself(), ("agent", after)], &["agent"])
    };
    assert_eq!(lower(&update(reference("bolna.agent.Odd"), agent("Sales").1), Gap::None), sales);
    assert_eq!(lower(&update(NULL, agent("Sales").1), Gap::None), sales);
    assert_eq!(lower(&update(NULL, agent("12").1), Gap::None)[0][3]["agent_id"], "12");
    let unlink = json!([["unassign", "POST", UNLINK, {"phone_number_id": "01HX"}]]);
    assert_eq!(lower(&update(agent("Sales").1, NULL), Gap::None), unlink);
}

#[test]
fn a_number_is_removed_from_the_trunk_that_it_is_on() {
    let delete = number(Action::Delete, &[itself(), on("Other"), agent("Sales")], &[], &[]);
    let path = "/sip-trunks/trunks/a%2Fb/numbers/01HX";
    assert_eq!(lower(&delete, Gap::None), json!([["delete", "DELETE", path, null]]));
}

#[test]
fn a_moved_number_is_removed_added_and_given_to_its_agent_again() {
    let before = [itself(), on("Old"), ("name", text("Desk")), agent("Sales")];
    let expected =
        |list: &str, body: Json, agent: Option<&str>| {
            let list = format!("/sip-trunks/trunks/{list}/numbers");
            let mut drafts = vec![
                json!(["delete", "DELETE", "/sip-trunks/trunks/OLD/numbers/01HX", null]),
                json!(["create", "POST", list, body]),
                json!(["wait", "GET", list, null]),
            ];
            drafts.extend(agent.map(
                |agent| json!(["assign", "POST", SETUP, {"agent_id": agent, "phone_number_id": ITSELF}]),
            ));
            Json::from(drafts)
        };
    let desk = json!({"phone_number": "+15551234567", "name": "Desk"});
    let bare = json!({"phone_number": "+15551234567"});
    for (after, expected) in [
        // To a trunk that is made, with all that the diff carried along.
        (
            vec![itself(), on("New"), ("name", text("Desk")), agent("Sales")],
            expected("${bolna.trunk.New}", desk.clone(), Some("A1")),
        ),
        // To a live one; whatever was not carried along is taken from the live number all the same.
        (vec![itself(), on("Other")], expected("a%2Fb", bare.clone(), Some("A1"))),
        (vec![itself(), on("Other"), agent("Odd")], expected("a%2Fb", bare.clone(), Some("$${env:HOME}"))),
        (vec![itself(), on("Other"), ("agent", NULL)], expected("a%2Fb", bare.clone(), None)),
        // Another label on the same trunk, which the file need not name.
        (vec![itself(), ("name", NULL)], expected("OLD", bare, Some("A1"))),
    ] {
        assert_eq!(lower(&number(Action::Replace, &before, &after, &[]), Gap::Brief), expected);
    }
}

#[test]
fn a_number_leaves_a_trunk_that_goes_or_is_made_anew_by_the_id_that_this_has_now() {
    let address: crate::model::Address = "bolna.number.+15551234567".parse().unwrap();
    // Neither trunk has an id that is kept: the first is made anew, the second goes.
    let resources = || {
        vec![live(&trunk("Anew"), "T1", &[]), live(&trunk("Left#T2"), "T2", &[]), live(&address, "01HX", &[])]
    };
    for (from, segment) in [("Anew", "T1"), ("Left#T2", "T2")] {
        let path = format!("/sip-trunks/trunks/{segment}/numbers/01HX");
        let delete = number(Action::Delete, &[itself(), on(from)], &[], &[]);
        let drafts = lower_all(vec![delete], resources(), &Ids::default());
        assert_eq!(shown(&drafts[0]), json!([["delete", "DELETE", path, null]]));
        let replace = number(Action::Replace, &[itself(), on(from)], &[itself(), on("Anew")], &["trunk"]);
        let drafts = &lower_all(vec![replace], resources(), &Ids::default())[0];
        let list = "/sip-trunks/trunks/${bolna.trunk.Anew}/numbers";
        assert_eq!(
            shown(drafts),
            json!([
                ["delete", "DELETE", path, null],
                ["create", "POST", list, {"phone_number": "+15551234567"}],
                ["wait", "GET", list, null],
            ])
        );
    }
}

#[test]
fn nothing_is_sent_where_no_trunk_is_known() {
    for change in [
        number(Action::Create, &[], &[itself()], &[]),
        number(Action::Create, &[], &[itself(), ("trunk", NULL)], &[]),
        number(Action::Delete, &[itself()], &[], &[]),
        number(Action::Delete, &[itself(), ("trunk", NULL)], &[], &[]),
        number(Action::Delete, &[itself(), on("Nowhere")], &[], &[]),
        number(Action::Replace, &[itself()], &[itself(), on("Old")], &["trunk"]),
        number(Action::Replace, &[itself(), on("Nowhere")], &[itself(), on("Old")], &["trunk"]),
        number(Action::Replace, &[itself(), on("Old")], &[itself(), ("trunk", NULL)], &["trunk"]),
    ] {
        assert_eq!(lower(&change, Gap::None), json!([]), "{change:?}");
    }
}
