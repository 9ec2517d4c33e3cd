//! Changes and the requests that they become, as JSON.

use serde_json::{Value as Json, json};

use crate::model::{
    Account, Action, Address, AttributeChange, Attributes, Change, Draft, Gap, Id, Ids, KindName, Resource,
    SecretSource, Value,
};
use crate::provider::{Provider, kalem::Kalem};

fn text(text: &str) -> Value {
    Value::Text(text.into())
}

fn reference(address: &str) -> Value {
    Value::Ref(address.parse().unwrap())
}

fn secret() -> Value {
    Value::Secret(SecretSource::Env("CARRIER_PASSWORD".into()))
}

fn trunk(name: &str) -> Address {
    Address::new(&Account::new("kalem"), KindName::Trunk, name)
}

fn number() -> Address {
    "kalem.number.+15551234567".parse().unwrap()
}

fn known() -> Ids {
    let mut ids = Ids::default();
    ids.insert("kalem.trunk.Old".parse().unwrap(), Id::Int(1));
    ids.insert("kalem.voice_agent.Sales".parse().unwrap(), Id::Text("12".into()));
    ids.insert("kalem.text_agent.Chat".parse().unwrap(), Id::Text("${env:HOME}".into()));
    ids
}

/// A change to a thing with these attributes; a live one has the id 9.
fn change(address: Address, action: Action, attributes: &[(&'static str, Value)]) -> Change {
    let resource = |id| Resource {
        id,
        ..Resource::new(address.clone(), attributes.iter().cloned().collect::<Attributes>())
    };
    let differs =
        attributes.iter().map(|(name, after)| AttributeChange { name, before: None, after: after.clone() });
    Change {
        before: (action != Action::Create).then(|| resource(Some(Id::Int(9)))),
        after: (action != Action::Delete).then(|| resource(None)),
        attributes: if action == Action::Delete { Vec::new() } else { differs.collect() },
        address: address.clone(),
        action,
        reason: String::new(),
    }
}

/// `[verb, method, path, body, irreversible]` of each draft.
fn lower(change: &Change) -> Json {
    let drafts = Kalem.lower(change, &known());
    for Draft { verb, expect, gap, .. } in &drafts {
        assert_eq!(*gap, Gap::None);
        let makes: &[&str] = if *verb == "create" { &["/data/id", "/id"] } else { &[] };
        assert_eq!(expect.id, makes);
    }
    let shown = |d: &Draft| json!([d.verb, d.request.method, d.request.path, d.request.body, d.irreversible]);
    drafts.iter().map(shown).collect()
}

#[test]
fn a_trunk_is_made_with_all_that_is_named() {
    let attributes = [
        ("name", text("${Carrier}")),
        ("direction", text("outbound")),
        ("auth_type", text("digest")),
        ("host", Value::Null),
        ("port", Value::Int(5080)),
        ("password", secret()),
    ];
    let body = json!({"name": "$${Carrier}", "direction": "outbound", "auth_type": "digest", "port": 5080,
        "password": "${env:CARRIER_PASSWORD}"});
    let expected = json!([["create", "POST", "/trunks", body, false]]);
    assert_eq!(lower(&change(trunk("${Carrier}"), Action::Create, &attributes)), expected);
}

#[test]
fn a_trunk_is_changed_by_what_differs_alone() {
    let mut update = change(trunk("Old"), Action::Update, &[("host", Value::Null), ("password", secret())]);
    update.after.as_mut().unwrap().attributes.set("port", Value::Int(5060));
    let body = json!({"host": null, "password": "${env:CARRIER_PASSWORD}"});
    assert_eq!(lower(&update), json!([["update", "PUT", "/trunks/9", body, false]]));
}

#[test]
fn deletions_are_for_good() {
    for (address, path) in [(trunk("Old"), "/trunks/9"), (number(), "/numbers/9")] {
        assert_eq!(
            lower(&change(address, Action::Delete, &[])),
            json!([["delete", "DELETE", path, null, true]])
        );
    }
}

#[test]
fn a_trunk_is_replaced_under_a_name_that_says_so() {
    let attributes = [
        ("name", text("A/B")),
        ("direction", text("outbound")),
        ("auth_type", text("digest")),
        ("password", secret()),
    ];
    let body = json!({"name": "A/B [trunkform replacement]", "direction": "outbound", "auth_type": "digest",
        "password": "${env:CARRIER_PASSWORD}"});
    let expected = json!([
        ["create", "POST", "/trunks", body, false],
        ["delete", "DELETE", "/trunks/9", null, true],
        ["rename", "PUT", "/trunks/${kalem.trunk.A%2FB}", {"name": "A/B"}, false],
    ]);
    assert_eq!(lower(&change(trunk("A/B"), Action::Replace, &attributes)), expected);
}

#[test]
fn a_number_is_made_and_then_switched() {
    let mut attributes = vec![
        ("number", text("+15551234567")),
        ("provider", text("manual")),
        ("trunk", reference("kalem.trunk.New")),
        ("voice_agent", reference("kalem.voice_agent.Sales")),
        ("text_agent", Value::Null),
    ];
    let body = json!({"number": "+15551234567", "provider": "manual", "trunk_id": "${kalem.trunk.New}", "voice_agent_id": 12});
    let create = json!(["create", "POST", "/numbers", body, false]);
    assert_eq!(lower(&change(number(), Action::Create, &attributes)), json!([create]));
    for (status, verb) in [("active", "activate"), ("inactive", "deactivate")] {
        attributes.retain(|(name, _)| *name != "status");
        attributes.push(("status", text(status)));
        let switch = json!([verb, "POST", format!("/numbers/{verb}"), {"number": "+15551234567"}, false]);
        assert_eq!(lower(&change(number(), Action::Create, &attributes)), json!([create, switch]));
    }
}

#[test]
fn a_number_is_changed_by_one_put_and_the_switch() {
    let put = |verb: &str, body: Json| json!([verb, "PUT", "/numbers/9", body, false]);
    let switch =
        |verb: &str| json!([verb, "POST", format!("/numbers/{verb}"), {"number": "+15551234567"}, false]);
    let (old, null) = (reference("kalem.trunk.Old"), Value::Null);
    let text_agent = reference("kalem.text_agent.Chat");
    for (attributes, expected) in [
        (vec![("trunk", old.clone())], json!([put("assign", json!({"trunk_id": 1}))])),
        (vec![("trunk", null.clone())], json!([put("unassign", json!({"trunk_id": null}))])),
        (vec![("text_agent", text_agent)], json!([put("update", json!({"text_agent_id": "$${env:HOME}"}))])),
        (vec![("status", text("inactive"))], json!([switch("deactivate")])),
        (
            vec![("trunk", old.clone()), ("status", text("active"))],
            json!([put("assign", json!({"trunk_id": 1})), switch("activate")]),
        ),
        (
            vec![("trunk", null.clone()), ("status", text("active"))],
            json!([put("unassign", json!({"trunk_id": null})), switch("activate")]),
        ),
        (
            vec![("voice_agent", null), ("status", text("inactive"))],
            json!([switch("deactivate"), put("update", json!({"voice_agent_id": null}))]),
        ),
        (
            vec![("trunk", old), ("status", text("inactive"))],
            json!([put("assign", json!({"trunk_id": 1})), switch("deactivate")]),
        ),
    ] {
        assert_eq!(lower(&change(number(), Action::Update, &attributes)), expected);
    }
}

#[test]
fn a_number_is_never_made_anew() {
    assert_eq!(lower(&change(number(), Action::Replace, &[("provider", text("twilio"))])), json!([]));
}

#[test]
fn an_id_from_the_platform_is_only_ever_a_segment() {
    let mut delete = change(trunk("Old"), Action::Delete, &[]);
    delete.before.as_mut().unwrap().id = Some(Id::Text("../${env:HOME}?x".into()));
    assert_eq!(lower(&delete)[0][2], "/trunks/..%2F%24%7Benv%3AHOME%7D%3Fx");
}

#[test]
fn a_live_number_is_switched_by_the_platforms_own_text() {
    let mut off = change(number(), Action::Update, &[("status", text("inactive"))]);
    let live = &mut off.before.as_mut().unwrap().attributes;
    live.set("number", text("1555 123 4567"));
    off.after.as_mut().unwrap().attributes.set("number", text("+15551234567"));
    assert_eq!(
        lower(&off),
        json!([["deactivate", "POST", "/numbers/deactivate", {"number": "1555 123 4567"}, false]])
    );
}

#[test]
fn what_is_made_is_looked_for_on_every_page_and_never_made_twice() {
    let attributes = [
        ("name", text("${Carrier}")),
        ("direction", text("outbound")),
        ("auth_type", text("digest")),
        ("username", text("u")),
        ("password", secret()),
    ];
    let lookup = |change: &Change| {
        let drafts = Kalem.lower(change, &known());
        serde_json::to_value(drafts[0].expect.lookup.as_ref().unwrap()).unwrap()
    };
    let by = |fields: Json| json!({"fields": fields, "within": 5});
    assert_eq!(
        lookup(&change(trunk("${Carrier}"), Action::Create, &attributes)),
        json!({"path": "/trunks", "query": {"search": "$${Carrier}", "per_page": 100}, "page": "page",
            "entry": by(json!({"name": "$${Carrier}", "direction": "outbound", "auth_type": "digest"}))})
    );
    let name = "${Carrier} [trunkform replacement]";
    let replaced = lookup(&change(trunk("${Carrier}"), Action::Replace, &attributes));
    assert_eq!(replaced["query"]["search"], format!("${name}"));
    assert_eq!(replaced["entry"]["fields"]["name"], format!("${name}"));
    let attributes =
        [("trunk", reference("kalem.trunk.Old")), ("provider", text("manual")), ("status", text("active"))];
    assert_eq!(
        lookup(&change(number(), Action::Create, &attributes)),
        json!({"path": "/numbers", "query": {"search": "+15551234567", "per_page": 100}, "page": "page",
            "entry": by(json!({"number": "+15551234567"}))})
    );
}
