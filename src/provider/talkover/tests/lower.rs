//! Changes of trunks and numbers and the requests that they become.

use serde_json::{Value as Json, json};

use super::world::{self, Known, change, number, reference, secret, text, trunk};
use crate::model::{Action, Draft, Gap, Id, Value};

fn requests(drafts: &[Draft]) -> Json {
    drafts.iter().map(world::shown).collect()
}

/// The requests of a live trunk that becomes another, and the gap, which all of them have.
fn updated(before: Known<'_>, after: Known<'_>) -> (Json, Gap) {
    let drafts = world::lower(&change(&trunk("A"), Action::Update, (before, after)));
    let gap = drafts[0].gap;
    for draft in &drafts {
        let mut agrees = json!({"/success": true});
        if draft.verb == "verify" {
            agrees["/data/is_verified"] = json!(true);
        }
        assert_eq!(Json::from(draft.expect.agrees.clone()), agrees);
        assert!(draft.gap == gap && !draft.irreversible && !draft.expect.makes(), "{draft:?}");
    }
    (requests(&drafts), gap)
}

fn put(verb: &str, body: Json) -> Json {
    json!([verb, "PUT", "/sip-trunks/idA", body])
}

fn verify() -> Json {
    json!(["verify", "POST", "/sip-trunks/idA/verify", null])
}

fn activate() -> Json {
    put("activate", json!({"is_active": true}))
}

const ON: (&str, Value) = ("is_active", Value::Bool(true));
const OFF: (&str, Value) = ("is_active", Value::Bool(false));

#[test]
fn a_trunk_is_made_switched_off_then_verified_then_switched_on() {
    let common = [
        ("name", text("${Carrier}")),
        ("provider_name", text("Carrier Ltd")),
        ("domain", text("sip.example.com")),
        ("username", text("u")),
        ("password", secret()),
        ("outbound_proxy", Value::Null),
    ];
    let udp = ("transport", text("udp"));
    for (more, transport, port, on) in [
        (vec![], "tls", 5061, false),
        (vec![OFF], "tls", 5061, false),
        (vec![ON, udp.clone()], "udp", 5060, true),
        (vec![("transport", text("tcp"))], "tcp", 5060, false),
        (vec![("transport", text("tls")), ("port", Value::Int(5099))], "tls", 5099, false),
        (vec![("port", Value::Int(5099))], "tls", 5099, false),
    ] {
        let after: Vec<_> = common.iter().cloned().chain(more).collect();
        let drafts = world::lower(&change(&trunk("${Carrier}"), Action::Create, (&[], &after)));
        let body = json!({"name": "$${Carrier}", "provider_name": "Carrier Ltd", "domain": "sip.example.com", "username": "u",
            "password": "${env:CARRIER_PASSWORD}", "transport": transport, "port": port});
        let path = "/sip-trunks/${t.trunk.${Carrier%7D}";
        let mut expected = vec![json!(["create", "POST", "/sip-trunks", body])];
        if on {
            expected.push(json!(["verify", "POST", format!("{path}/verify"), null]));
            expected.push(json!(["activate", "PUT", path, {"is_active": true}]));
        }
        assert_eq!(requests(&drafts), json!(expected));
        assert!(drafts.iter().all(|draft| draft.gap == Gap::None), "nothing was up that could go down");
        let expect = json!({"id": ["/data/id", "/id"], "agrees": {"/success": true},
            "lookup": {"path": "/sip-trunks", "entry": {"fields": {"name": "$${Carrier}", "domain": "sip.example.com"}, "within": 5}}});
        assert_eq!(json!(drafts[0].expect), expect);
        if on {
            let agrees = json!({"/success": true, "/data/is_verified": true});
            assert_eq!(json!(drafts[1].expect), json!({"agrees": agrees, "repeats": true}));
        }
    }
}

#[test]
fn what_does_not_touch_the_connection_is_one_request() {
    let before = [("name", text("A")), ("provider_name", text("x")), ON];
    let after = [("name", text("A")), ("provider_name", text("y"))];
    let expected = json!([put("update", json!({"provider_name": "y"}))]);
    assert_eq!(updated(&before, &after), (expected, Gap::None));
}

#[test]
fn a_new_connection_of_a_trunk_that_is_on_is_verified_before_it_is_on_again() {
    for (name, before, after, body) in [
        ("domain", text("a.example"), text("b.example"), json!({"domain": "b.example"})),
        ("username", text("a"), text("b"), json!({"username": "b"})),
        ("outbound_proxy", text("a"), Value::Null, json!({"outbound_proxy": null})),
        ("auth_realm", Value::Null, text("b"), json!({"auth_realm": "b"})),
        ("password", secret(), secret(), json!({"password": "${env:CARRIER_PASSWORD}"})),
        ("port", Value::Int(5061), Value::Int(5071), json!({"port": 5071, "transport": "tls"})),
        ("transport", text("udp"), text("tls"), json!({"port": 5061, "transport": "tls"})),
    ] {
        let live = |on| match name {
            "port" => vec![on, ("transport", text("tls")), (name, before.clone())],
            "transport" => vec![on, ("port", Value::Int(5060)), (name, before.clone())],
            _ => vec![on, (name, before.clone())],
        };
        let mut off = body.clone();
        off["is_active"] = json!(false);
        let whole = json!([put("update", off.clone()), verify(), activate()]);
        // The file is silent, or says the same.
        assert_eq!(
            updated(&live(ON), &[(name, after.clone())]),
            (whole.clone(), Gap::UntilVerified),
            "{name}"
        );
        assert_eq!(updated(&live(ON), &[(name, after.clone()), ON]), (whole.clone(), Gap::UntilVerified));
        // It was off and will be on: nothing was up.
        assert_eq!(updated(&live(OFF), &[(name, after.clone()), ON]), (whole, Gap::None));
        // It will be off.
        let plain = json!([put("update", body)]);
        assert_eq!(updated(&live(OFF), &[(name, after.clone())]), (plain, Gap::None));
        assert_eq!(updated(&live(ON), &[(name, after), OFF]), (json!([put("update", off)]), Gap::None));
    }
}

#[test]
fn a_switch_alone_is_a_verification_or_one_request() {
    assert_eq!(updated(&[OFF], &[ON]), (json!([verify(), activate()]), Gap::None));
    let label = |to: &str| ("provider_name", text(to));
    let renamed = put("update", json!({"provider_name": "y"}));
    let expected = (json!([renamed, verify(), activate()]), Gap::None);
    assert_eq!(updated(&[OFF, label("x")], &[ON, label("y")]), expected);
    assert_eq!(updated(&[ON], &[OFF]), (json!([put("deactivate", json!({"is_active": false}))]), Gap::None));
}

#[test]
fn a_port_goes_with_its_transport() {
    let (tls, udp, tcp) = (text("tls"), text("udp"), text("tcp"));
    let port = |port| ("port", Value::Int(port));
    for (before, after, expected) in [
        // The usual port of the old transport becomes that of the new one.
        (vec![("transport", udp.clone()), port(5060)], vec![("transport", tls.clone())], 5061),
        (vec![("transport", tls.clone()), port(5061)], vec![("transport", tcp.clone())], 5060),
        // An unusual port stays.
        (vec![("transport", udp.clone()), port(5061)], vec![("transport", tls.clone())], 5061),
        (vec![("transport", udp.clone()), port(5090)], vec![("transport", tls.clone())], 5090),
        // The file's port is the file's.
        (vec![("transport", udp.clone()), port(5060)], vec![("transport", tls.clone()), port(5060)], 5060),
        (vec![("transport", udp), port(5060)], vec![("transport", tls.clone()), port(5070)], 5070),
        // A port that nobody told.
        (vec![("transport", tcp)], vec![("transport", tls)], 5061),
    ] {
        let (requests, _) = updated(&before, &after);
        let transport = after[0].1.as_text().unwrap();
        assert_eq!(requests, json!([put("update", json!({"transport": transport, "port": expected}))]));
    }
    let before = [port(5060), ("transport", text("udp"))];
    let expected = json!([put("update", json!({"transport": "udp", "port": 5062}))]);
    assert_eq!(updated(&before, &[port(5062)]).0, expected);
}

#[test]
fn deletions_are_for_good() {
    let on_a = [("trunk", reference(&trunk("A")))];
    for (address, before, path) in
        [(trunk("A"), &[][..], "/sip-trunks/idA"), (number("7"), &on_a[..], "/sip-trunks/ta/dids/id7")]
    {
        let drafts = world::lower(&change(&address, Action::Delete, (before, &[])));
        assert_eq!(requests(&drafts), json!([["delete", "DELETE", path, null]]));
        assert!(drafts[0].irreversible && drafts[0].gap == Gap::None);
        assert_eq!(json!(drafts[0].expect), json!({"agrees": {"/success": true}}));
    }
}

#[test]
fn a_number_goes_from_a_trunk_that_goes_too() {
    let on_a = [("trunk", reference(&trunk("A")))];
    let changes = vec![
        change(&trunk("A"), Action::Delete, (&[], &[])),
        change(&number("7"), Action::Delete, (&on_a, &[])),
    ];
    let drafted = world::lower_all(&world::live(&[]), changes);
    assert_eq!(drafted[1].drafts[0].request.path, "/sip-trunks/ta/dids/id7");
}

#[test]
fn a_number_is_made_on_its_trunk() {
    let on = |name: &str| ("trunk", reference(&trunk(name)));
    let written = |text: &str| ("number", world::text(text));
    for (attributes, path, body) in [
        (
            vec![written("+12125550007"), on("A")],
            "ta",
            json!({"number": "+12125550007", "country_code": "US"}),
        ),
        (
            vec![written("+12125550007"), on("New"), ("country_code", text("CA"))],
            "${t.trunk.New}",
            json!({"number": "+12125550007", "country_code": "CA"}),
        ),
        // No one country's: Talkover asks for it.
        (vec![written("+18005550007"), on("A")], "ta", json!({"number": "+18005550007"})),
    ] {
        let drafts = world::lower(&change(&number("7"), Action::Create, (&[], &attributes)));
        let path = format!("/sip-trunks/{path}/dids");
        let shown = body["number"].clone();
        assert_eq!(requests(&drafts), json!([["create", "POST", path, body]]));
        let expect = json!({"id": ["/data/id", "/id"], "agrees": {"/success": true},
            "lookup": {"path": path, "entry": {"fields": {"number": shown}, "within": 5}, "unique": true}});
        assert_eq!(json!(drafts[0].expect), expect);
        assert_eq!(drafts[0].gap, Gap::None);
    }
}

#[test]
fn a_number_moves_by_being_made_anew_and_never_goes_where_it_cannot_come_back() {
    let on = |name: &str| ("trunk", reference(&trunk(name)));
    let drafts = world::lower(&change(&number("7"), Action::Replace, (&[on("A")], &[on("B")])));
    let expected = json!([
        ["delete", "DELETE", "/sip-trunks/ta/dids/id7", null],
        ["create", "POST", "/sip-trunks/tb/dids", {"number": "+12125550007", "country_code": "US"}],
    ]);
    assert_eq!(requests(&drafts), expected);
    assert!(drafts.iter().all(|draft| draft.gap == Gap::Brief));
    assert!(drafts[0].irreversible && !drafts[1].irreversible);
    assert_eq!(world::lower(&change(&number("7"), Action::Replace, (&[on("A")], &[]))), []);
    assert_eq!(world::lower(&change(&trunk("A"), Action::Replace, (&[], &[]))), []);
}

#[test]
fn an_id_from_the_platform_is_only_ever_a_segment() {
    let mut delete = change(&trunk("A"), Action::Delete, (&[], &[]));
    delete.before.as_mut().unwrap().id = Some(Id::Text("../${env:HOME}?x".into()));
    assert_eq!(world::lower(&delete)[0].request.path, "/sip-trunks/..%2F%24%7Benv%3AHOME%7D%3Fx");
}
