//! A saved plan with all forms of a step, and what somebody could make of it.

use serde_json::{Map, Value as Json, json};

use crate::model::step::Entry;
use crate::model::{Expect, Gap, Holding, Id, Kind, KindName, Kinds, Lookup, Notes, Plan, Request, Step};
use crate::render::document::Document;
use crate::render::fixture::{number, plan, trunk};

pub(super) fn kinds(_: &str) -> Option<&'static Kinds> {
    let schema: &'static Json = Box::leak(Box::new(json!({"properties": {
        "name": {"x-identity": true, "type": "string"},
        "password": {"writeOnly": true},
        "trunk": {"x-ref": "trunk", "x-field": "trunk_id"},
    }})));
    let kind = |name| Kind::from_schema(name, schema);
    Some(Box::leak(Box::new(Kinds { trunk: kind(KindName::Trunk), number: kind(KindName::Number) })))
}

fn fields(json: Json) -> Map<String, Json> {
    json.as_object().cloned().unwrap()
}

/// A trunk that is looked up when its answer is lost (2) and verified (5), a number that a list must show (6), an agent that gets it (7), a trunk that has lost
/// all its numbers (8).
pub(super) fn with_all_forms() -> Plan {
    let mut plan = plan(1);
    let made = "${kalem.trunk.Office PBX}";
    let mut add = |address: &str, (method, path, body): (&str, String, Option<Json>), expect| {
        let id = plan.steps.len() as u32 + 1;
        let step = Step {
            id,
            address: address.parse().unwrap(),
            verb: "wait".into(),
            request: Request { method: method.into(), path, body },
            expect,
            waits_on: vec![2],
            gap: Gap::None,
            irreversible: false,
            reason: "because".into(),
            source: None,
            notes: Notes::default(),
        };
        plan.steps.push(step);
    };
    let agrees = fields(json!({"/data/is_verified": true}));
    let verify = ("POST", format!("/trunks/{made}/verify"), None);
    add("kalem.trunk.Office PBX", verify, Expect { agrees, ..Expect::default() });
    let entry = Entry { fields: fields(json!({"trunk_id": made, "id": 70, "deleted": false})), within: 10 };
    let wait = ("GET", format!("/trunks/{made}/numbers"), None);
    add(&number(0).to_string(), wait, Expect { shows: Some(entry), ..Expect::default() });
    let body = json!({"direction": "inbound", "phone_number_ids": ["70", "71"]});
    add("kalem.agent.Sales", ("PUT", "/agents/7/calling".into(), Some(body)), Expect::default());
    let gone = plan.changes[2].address.to_string();
    let lacks = Some(Entry { fields: fields(json!({"deleted": false})), within: 10 });
    add(&gone, ("GET", "/trunks/1/numbers".into(), None), Expect { lacks, ..Expect::default() });
    let entry = Entry { fields: fields(json!({"name": "Office PBX"})), within: 60 };
    plan.steps[1].expect.lookup = Some(Lookup {
        path: "/trunks".into(),
        query: fields(json!({"search": "Office PBX", "per_page": 100})),
        page: Some("page".into()),
        entry,
        known: vec![Id::Int(3), Id::Text("x".into())],
        unique: true,
    });
    let agent = "kalem.agent.Sales".parse().unwrap();
    plan.accounts[0].fingerprints.push((agent, "sha256:00".into()));
    plan.summary.steps = plan.steps.len();
    plan
}

#[test]
fn all_forms_of_a_step_are_read_back() {
    let plan = with_all_forms();
    let line = Document::from(&plan).to_line();
    let reopened = Document::parse(&line).unwrap().plan(&kinds).unwrap();
    assert_eq!(reopened.steps, plan.steps);
}

/// Each a place in a step, a value that is put there, and a word of the answer.
pub(super) fn refused(cases: &[(&str, Json, &str)]) {
    let line = Document::from(&with_all_forms()).to_line();
    for &(place, ref value, says) in cases {
        let mut document: Json = serde_json::from_str(&line).unwrap();
        let (step, place) = place.split_once('/').unwrap();
        let (above, key) = place.rsplit_once('/').unwrap_or(("", place));
        let above = if above.is_empty() { String::new() } else { format!("/{above}") };
        let pointer = format!("/trunkform/steps/{step}{above}");
        // What is not there is added: not every step expects something.
        if key != "expect" && place.starts_with("expect") {
            let expect = &mut document["trunkform"]["steps"][step.parse::<usize>().unwrap()]["expect"];
            if expect.is_null() {
                *expect = json!({});
            }
        }
        let part = document.pointer_mut(&pointer).unwrap_or_else(|| panic!("{pointer}"));
        part[key] = value.clone();
        let refused = Document::parse(&document.to_string()).and_then(|document| document.plan(&kinds));
        let why = refused.err().unwrap_or_else(|| panic!("{step}/{place} {value}: accepted"));
        assert!(why.contains(says), "{step}/{place} {value}: {why}");
    }
}

#[test]
fn what_waits_and_compares_reads_no_more_than_that() {
    let shows = json!({"fields": {"id": 1}, "within": 1});
    refused(&[
        ("4/expect/agrees", json!({"/data/x": "${env:HOME}"}), "can't be compared"),
        ("4/expect/agrees", json!({"data": true}), "no place in an answer"),
        ("4/expect/agrees", json!({"/data": [true]}), "can't be compared"),
        ("4/expect/shows", shows.clone(), "does not read"),
        ("5/expect", json!({}), "`GET` is not one of"),
        ("5/request/body", json!({"a": 1}), "do more than that"),
        ("5/irreversible", json!(true), "do more than that"),
        ("5/expect/agrees", json!({"/data": true}), "do more than that"),
        ("5/expect/id", json!(["/id"]), "it makes something"),
        ("5/request/method", json!("POST"), "does not read"),
        ("5/request/path", json!("/trunks/${kalem.trunk.Nowhere}/numbers"), "no earlier step"),
        ("5/request/path", json!("/../numbers"), "climbs"),
        ("5/expect/shows/within", json!(61), "more than 60"),
        ("5/expect/shows/fields", json!({}), "any entry"),
        ("5/expect/shows/fields", json!({"id": "${env:HOME}"}), "no plain value"),
        ("5/expect/shows/fields", json!({"id": "${file:/etc/passwd}"}), "no plain value"),
        ("5/expect/shows/fields", json!({"id": "${kalem.trunk.Nowhere}"}), "no plain value"),
        ("5/expect/shows/fields", json!({"id": {"a": "${env:HOME}"}}), "no plain value"),
        ("5/expect/shows/fields", json!({"password": "guessed"}), "is a secret"),
        ("5/expect/lacks", shows.clone(), "what is to go"),
        ("4/expect/lacks", shows.clone(), "does not read"),
        ("7/expect/lacks", json!(null), "`GET` is not one of"),
        ("7/request/method", json!("POST"), "does not read"),
        ("7/request/body", json!({"a": 1}), "do more than that"),
        ("7/irreversible", json!(true), "do more than that"),
        ("7/expect/lacks/within", json!(61), "more than 60"),
        ("7/expect/lacks/fields", json!({}), "any entry"),
        ("7/expect/lacks/fields", json!({"id": "${env:HOME}"}), "no plain value"),
        ("7/expect/lacks/fields", json!({"password": "guessed"}), "is a secret"),
        ("7/address", json!("kalem.agent.Sales"), "no more than its numbers"),
        ("5/address", json!("kalem.number.+1999"), "not among what changes"),
        ("5/address", json!("kalem.agent.Sales"), "no more than its numbers"),
    ]);
}

#[test]
fn a_request_stays_at_its_platform_and_says_what_it_does() {
    refused(&[
        ("0/request/path", json!("//evil.example/trunks/3"), "has `//` in it"),
        ("0/request/path", json!("https://evil.example/trunks/3"), "does not begin with `/`"),
        ("0/request/path", json!("/\\evil.example/trunks/3"), "a character that no path has"),
        ("0/request/path", json!("/@evil.example/trunks/3"), "a part that no list is called"),
        ("0/request/path", json!("/../trunks/3"), "climbs"),
        ("0/request/path", json!("/trunks/%2E%2e/3"), "climbs"),
        ("0/request/path", json!("/trunks/..%2Fnumbers%2F3"), "can't be an id"),
        ("0/request/path", json!("/trunks/3%3Fto=evil"), "can't be an id"),
        ("0/request/path", json!("/trunks/%252e%252e"), "can't be an id"),
        ("0/request/path", json!("/trunks/a%5Cb"), "can't be an id"),
        ("0/request/path", json!("/trunks/a%0D%0Ab"), "can't be an id"),
        ("0/request/path", json!(format!("/trunks/{}", "3".repeat(129))), "can't be an id"),
        ("0/request/path", json!("/trunks/3?to=evil"), "a character that no path has"),
        ("0/request/path", json!("/trunks/\u{202e}3"), "nobody can see"),
        ("0/request/method", json!("CONNECT"), "`CONNECT` is not one of"),
        ("0/request/method", json!("put"), "`put` is not one of"),
        ("0/request/method", json!("DELETE"), "not marked as irreversible"),
        ("3/request/method", json!("PUT"), "`delete` is not what `PUT` does"),
        ("0/verb", json!("release"), "`release` is nothing that a step does"),
        ("0/verb", json!("delete"), "`delete` is not what `PUT` does"),
        ("0/waits_on", json!([2]), "waits on 2, which is not before it"),
        ("0/waits_on", json!([1]), "waits on 1, which is not before it"),
        ("0/waits_on", json!([0]), "waits on 0, which is not before it"),
        ("0/id", json!(2), "step 2: its id does not follow 2"),
        ("1/address", json!("kalem.trunk.Other"), "not among what changes"),
        ("1/address", json!("other.trunk.Office PBX"), "has not read"),
    ]);
}

#[test]
fn what_is_shown_as_changed_is_changed() {
    let mut plan = with_all_forms();
    // The number whose steps are these; an agent that is written could be its only step.
    plan.steps.retain(|step| step.address == trunk("Main"));
    plan.changes.truncate(2);
    (plan.summary.update, plan.summary.delete) = (1, 0);
    plan.accounts[0].removals = 0;
    plan.summary.removals = 0;
    plan.summary.steps = plan.steps.len();
    plan.holdings.clear();
    let why = Document::from(&plan).plan(&kinds).unwrap_err();
    assert!(why.contains("`kalem.trunk.Office PBX` is shown as changed, and no step does it"), "{why}");
}

#[test]
fn what_is_looked_up_is_what_the_step_makes() {
    let shows = json!({"fields": {"id": 1}, "within": 1});
    refused(&[
        ("4/expect/lookup", json!({"path": "/trunks", "entry": shows.clone()}), "does not make"),
        ("1/expect/lookup/path", json!("//evil.example/trunks"), "path of its list has `//`"),
        ("1/expect/lookup/path", json!("/trunks/${kalem.trunk.Office PBX}"), "no earlier step"),
        ("1/expect/lookup/entry/fields", json!({}), "any entry"),
        ("1/expect/lookup/entry/fields", json!({"name": "${env:HOME}"}), "no plain value"),
        ("1/expect/lookup/entry/fields", json!({"id": "${kalem.trunk.Office PBX}"}), "no plain value"),
        ("1/expect/lookup/entry/within", json!(3600), "more than 60"),
        ("1/expect/lookup/query", json!({"search": "${env:HOME}"}), "no plain value"),
        ("1/expect/lookup/query", json!({"search": "${kalem.trunk.Office PBX}"}), "no plain value"),
        ("1/expect/lookup/query", json!({"search": ["a"]}), "no plain value"),
        ("1/expect/lookup/query", json!({"password": "guessed"}), "is a secret"),
        ("1/expect/lookup/query", json!({"se\u{202e}arch": "a"}), "no part of a query"),
        ("1/expect/lookup/query", json!({"": "a"}), "no part of a query"),
        ("1/expect/lookup/page", json!(""), "no part of a query"),
        ("1/expect/lookup/page", json!("per_page"), "is fixed"),
        ("1/expect/id", json!([]), "does not make"),
        ("0/expect/id", json!(["/id"]), "shown as update"),
    ]);
}

#[test]
fn of_an_agent_only_the_numbers_are_written() {
    refused(&[
        ("6/request/method", json!("DELETE"), "no more than its numbers"),
        ("6/request/method", json!("POST"), "no more than its numbers"),
        ("6/irreversible", json!(true), "no more than its numbers"),
        ("6/expect/id", json!(["/id"]), "no more than its numbers"),
        ("6/address", json!("kalem.agent.Other"), "no fingerprint"),
        ("6/address", json!("other.agent.Sales"), "has not read"),
        ("6/request/path", json!("/agents/7"), "not one below"),
        ("6/request/path", json!("/agents/7/calling/x"), "not one below"),
        ("6/request/path", json!("/agents/${kalem.trunk.Office PBX}/calling"), "not one below"),
        ("6/request/path", json!("/agents/../calling"), "climbs"),
        ("6/request/body", json!({"name": "Evil"}), "no agent has that"),
        ("6/request/body", json!({"password": "${env:HOME}"}), "no agent has that"),
        ("6/request/body", json!({"token": "${env:HOME}"}), "no secret"),
        ("6/request/body", json!({"phone_number_ids": ["${env:HOME}"]}), "no secret"),
        ("6/request/body", json!({"phone_number_ids": ["${kalem.number.+1}"]}), "no earlier step"),
        ("6/request/body", json!(null), "writes nothing"),
        ("6/request/body", json!([1]), "writes nothing"),
    ]);
}

#[test]
fn notes_say_no_more_than_the_steps() {
    refused(&[
        ("1/notes", json!({"waits": ["row", "name"]}), "2 reasons to wait"),
        ("0/notes", json!({"irreversible": "so it is"}), "not marked as irreversible"),
        ("0/notes", json!({"side_effect": "x".repeat(301)}), "longer than 300"),
        ("2/notes", json!({"waits": ["because"]}), "it is not a plan"),
    ]);
}

#[test]
fn who_has_how_many_numbers_is_counted_again() {
    let says = |address: &str, before, after| {
        let mut plan = with_all_forms();
        plan.holdings[0] = Holding { address: address.parse().unwrap(), before, after };
        Document::from(&plan).plan(&kinds).map(|_| ()).unwrap_err()
    };
    assert!(says("kalem.trunk.Office PBX", 0, 2).contains("1 come and 0 go"));
    assert!(says("kalem.trunk.Office PBX", 9, 10).contains("can't have 9"));
    assert!(says("kalem.trunk.Elsewhere", 0, 1).contains("0 come and 0 go"));
    assert!(says("other.trunk.Office PBX", 0, 1).contains("has not read"));
}

#[test]
fn an_agent_is_written_only_where_a_number_changes() {
    let mut plan = with_all_forms();
    plan.changes.retain(|change| change.address.kind != KindName::Number);
    plan.steps.retain(|step| step.address.kind != KindName::Number);
    plan.summary.update -= 1;
    plan.holdings.clear();
    plan.summary.steps = plan.steps.len();
    plan.steps.iter_mut().for_each(|step| step.waits_on.retain(|&id| id == 2));
    let why = Document::from(&plan).plan(&kinds).unwrap_err();
    assert!(why.contains("no number changes"), "{why}");
    plan.steps.retain(|step| step.address.kind == KindName::Trunk);
    plan.summary.steps = plan.steps.len();
    assert!(Document::from(&plan).plan(&kinds).is_ok());
}
