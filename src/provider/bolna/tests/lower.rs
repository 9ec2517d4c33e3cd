//! Changes of trunks become literal requests.

use serde_json::{Value as Json, json};

use super::made_up::*;
use crate::model::{Action, Id, Ids, Value};
use crate::provider::{Provider, bolna::Bolna};

#[test]
fn a_trunk_is_made_with_all_that_is_named() {
    let mut attributes = vec![
        ("name", text("${Carrier}")),
        ("provider", text("custom")),
        ("description", NULL),
        ("auth_type", text("userpass")),
        ("auth_username", text("user")),
        ("auth_password", secret()),
        (
            "gateways",
            value(
                &json!([{"gateway_address": "sip.a.example"}, {"gateway_address": "b.example", "port": 5080}]),
            ),
        ),
        ("media_encryption", text("no")),
        ("is_active", Value::Bool(true)),
    ];
    let body = json!({"name": "$${Carrier}", "provider": "custom", "auth_type": "userpass", "auth_username": "user",
        "auth_password": "${env:CARRIER_PASSWORD}",
        "gateways": [{"gateway_address": "sip.a.example"}, {"gateway_address": "b.example", "port": 5080}], "media_encryption": "no"});
    let create = json!(["create", "POST", "/sip-trunks/trunks", body]);
    let made = change(trunk("${Carrier}"), Action::Create, (&[], &attributes), &[]);
    assert_eq!(lower(&made), json!([create]));
    let lookup = Bolna.lower(&made, &Ids::default())[0].expect.lookup.clone().unwrap();
    assert_eq!((&*lookup.path, lookup.entry.within), ("/sip-trunks/trunks", 10));
    assert_eq!(Json::from(lookup.entry.fields), json!({"name": "$${Carrier}"}));

    attributes.pop();
    attributes.push(("is_active", Value::Bool(false)));
    let off = json!(["deactivate", "PATCH", "/sip-trunks/trunks/${bolna.trunk.${Carrier%7D}", {"is_active": false}]);
    assert_eq!(
        lower(&change(trunk("${Carrier}"), Action::Create, (&[], &attributes), &[])),
        json!([create, off])
    );
}

#[test]
fn a_trunk_is_changed_by_what_differs_alone() {
    let before = [("allow", text("ulaw")), ("is_active", Value::Bool(true)), ("description", text("x"))];
    let after = [
        ("allow", text("PCMU,alaw")),
        ("is_active", Value::Bool(false)),
        ("description", NULL),
        ("disallow", text("all")),
    ];
    let differs = ["allow", "is_active", "description"];
    assert_eq!(
        patch(&before, &after, &differs),
        json!({"allow": "PCMU,alaw", "is_active": false, "description": null})
    );
    assert_eq!(lower(&change(trunk("Old"), Action::Update, (&before, &after), &[])), json!([]));
}

#[test]
fn user_name_and_password_are_sent_together() {
    let before = [("auth_username", text("old"))];
    let both = [("auth_username", text("new")), ("auth_password", secret())];
    let expected = json!({"auth_username": "new", "auth_password": "${env:CARRIER_PASSWORD}"});
    assert_eq!(patch(&before, &both, &["auth_username"]), expected);
    assert_eq!(patch(&before, &both, &["auth_username", "auth_password"]), expected);
    assert_eq!(patch(&before, &both, &["auth_password"]), expected);
    let live = json!({"auth_username": "old", "auth_password": "${env:CARRIER_PASSWORD}"});
    assert_eq!(patch(&before, &both[1..], &["auth_password"]), live, "the file leaves the user name open");
    assert_eq!(patch(&before, &both[..1], &["auth_username"]), json!({"auth_username": "new"}));
    assert_eq!(
        patch(&[], &both[1..], &["auth_password"]),
        json!({"auth_password": "${env:CARRIER_PASSWORD}"})
    );
}

#[test]
fn transport_and_encryption_are_sent_together() {
    let before = [("transport", text("transport-tls")), ("media_encryption", text("no"))];
    let tls = ("transport", text("transport-tls"));
    let sdes = ("media_encryption", text("sdes"));
    let expected = json!({"media_encryption": "sdes", "transport": "transport-tls"});
    assert_eq!(patch(&before, &[tls.clone(), sdes.clone()], &["media_encryption"]), expected);
    assert_eq!(patch(&before, std::slice::from_ref(&sdes), &["media_encryption"]), expected, "as it is live");
    assert_eq!(
        patch(&[], std::slice::from_ref(&sdes), &["media_encryption"]),
        json!({"media_encryption": "sdes"})
    );
    let udp = [("transport", text("transport-udp"))];
    assert_eq!(
        patch(&before, &udp, &["transport"]),
        json!({"transport": "transport-udp", "media_encryption": "no"})
    );
}

#[test]
fn what_a_file_leaves_open_in_a_list_is_sent_as_it_is_live() {
    let live = json!([
        {"gateway_address": "a.example", "port": 5060, "priority": 7},
        {"gateway_address": "A.example.", "port": 5080, "priority": 8},
        {"gateway_address": "b.example", "port": 5060},
    ]);
    for (file, sent) in [
        // Added at the end: the others keep what they have.
        (
            json!([{"gateway_address": "a.example"}, {"gateway_address": "a.example", "port": 5080}, {"gateway_address": "new.example"}]),
            json!([{"gateway_address": "a.example", "port": 5060, "priority": 7},
                {"gateway_address": "a.example", "port": 5080, "priority": 8}, {"gateway_address": "new.example"}]),
        ),
        // The one that names its port comes last, and has its own all the same.
        (
            json!([{"gateway_address": "a.example"}, {"gateway_address": "a.example", "port": 5060, "priority": 1}]),
            json!([{"gateway_address": "a.example", "port": 5080, "priority": 8}, {"gateway_address": "a.example", "port": 5060, "priority": 1}]),
        ),
        // Another port at an address that is live: its priority stays.
        (
            json!([{"gateway_address": "b.example", "port": 5070}]),
            json!([{"gateway_address": "b.example", "port": 5070}]),
        ),
        (
            json!([{"gateway_address": "a.example", "port": 5090}, {"gateway_address": "a.example", "port": 5060}]),
            json!([{"gateway_address": "a.example", "port": 5090, "priority": 8}, {"gateway_address": "a.example", "port": 5060, "priority": 7}]),
        ),
        // A live one is used once.
        (
            json!([{"gateway_address": "b.example"}, {"gateway_address": "b.example", "priority": 2}]),
            json!([{"gateway_address": "b.example"}, {"gateway_address": "b.example", "priority": 2, "port": 5060}]),
        ),
        // Of two that leave the port open, the one whose priority is live has that one.
        (
            json!([{"gateway_address": "a.example"}, {"gateway_address": "a.example", "priority": 7}]),
            json!([{"gateway_address": "a.example", "port": 5080, "priority": 8}, {"gateway_address": "a.example", "priority": 7, "port": 5060}]),
        ),
        (
            json!([{"gateway_address": "a.example", "priority": 8}]),
            json!([{"gateway_address": "a.example", "priority": 8, "port": 5080}]),
        ),
    ] {
        let (before, after) = ([("gateways", value(&live))], [("gateways", value(&file))]);
        assert_eq!(patch(&before, &after, &["gateways"]), json!({"gateways": sent}), "{file}");
    }
}

#[test]
fn a_list_is_emptied_by_an_empty_one() {
    let before = [("ip_identifiers", value(&json!([{"ip_address": "203.0.113.5"}])))];
    for nothing in [NULL, Value::List(vec![])] {
        let body = patch(&before, &[("ip_identifiers", nothing)], &["ip_identifiers"]);
        assert_eq!(body, json!({"ip_identifiers": []}));
    }
    let other = [(
        "ip_identifiers",
        value(&json!([{"ip_address": "198.51.100.0/28"}, {"ip_address": "203.0.113.5/32"}])),
    )];
    let sent =
        json!({"ip_identifiers": [{"ip_address": "198.51.100.0/28"}, {"ip_address": "203.0.113.5/32"}]});
    assert_eq!(patch(&before, &other, &["ip_identifiers"]), sent, "what was written is what goes out");
}

#[test]
fn a_trunk_is_replaced_under_a_name_that_says_so() {
    let before = [
        ("name", text("A/B")),
        ("gateways", value(&json!([{"gateway_address": "a.example", "port": 5080}]))),
    ];
    let mut after = vec![
        ("name", text("A/B")),
        ("provider", text("telnyx")),
        ("auth_password", secret()),
        ("gateways", value(&json!([{"gateway_address": "a.example"}]))),
    ];
    let body = json!({"name": "A/B [trunkform replacement]", "provider": "telnyx", "auth_password": "${env:CARRIER_PASSWORD}",
        "gateways": [{"gateway_address": "a.example", "port": 5080}]});
    let create = json!(["create", "POST", "/sip-trunks/trunks", body]);
    let check = json!(["check", "GET", "/sip-trunks/trunks/01HX/numbers", null]);
    let delete = json!(["delete", "DELETE", "/sip-trunks/trunks/01HX", null]);
    let new = "/sip-trunks/trunks/${bolna.trunk.A%2FB}";
    let rename = json!(["rename", "PATCH", new, {"name": "A/B"}]);
    let replace = change(trunk("A/B"), Action::Replace, (&before, &after), &["provider"]);
    assert_eq!(lower(&replace), json!([create, check, delete, rename]));
    let fields = Bolna.lower(&replace, &Ids::default())[0].expect.lookup.clone().unwrap().entry.fields;
    assert_eq!(Json::from(fields), json!({"name": "A/B [trunkform replacement]"}));

    after.push(("is_active", Value::Bool(false)));
    let off = json!(["deactivate", "PATCH", new, {"is_active": false}]);
    let replace = change(trunk("A/B"), Action::Replace, (&before, &after), &["provider"]);
    assert_eq!(lower(&replace), json!([create, off, check, delete, rename]));
}

#[test]
fn an_id_from_the_platform_is_only_ever_a_segment() {
    let mut delete = change(trunk("Old"), Action::Delete, (&[], &[]), &[]);
    let check = json!(["check", "GET", "/sip-trunks/trunks/01HX/numbers", null]);
    assert_eq!(lower(&delete), json!([check, ["delete", "DELETE", "/sip-trunks/trunks/01HX", null]]));
    delete.before.as_mut().unwrap().id = Some(Id::Text("../${env:HOME}?x".into()));
    let path = "/sip-trunks/trunks/..%2F%24%7Benv%3AHOME%7D%3Fx";
    assert_eq!([&lower(&delete)[0][2], &lower(&delete)[1][2]], [&format!("{path}/numbers"), path]);
}
