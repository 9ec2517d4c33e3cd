//! Reads from a server of canned answers; what it answers is each test's own.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Json as Body;
use axum::http::{StatusCode, Uri};
use serde_json::{Value as Json, json};

use crate::api::{Api, ApiError, Bounds, Connection, Problem};
use crate::model::{Account, KindName, Reading, State, Value};
use crate::provider::{Provider, bolna::Bolna};

/// What was asked for, path and query, and how often.
pub(super) type Counts = BTreeMap<String, usize>;

pub(super) const TRUNKS: &str = "/sip-trunks/trunks";
pub(super) const PHONES: &str = "/phone-numbers/all";
pub(super) const AGENTS: &str = "/v2/agent/all";

/// `answer` is told the path with its query, and how often that was asked for before.
pub(super) async fn observe(
    answer: impl Fn(&str, usize) -> (u16, Json) + Send + Sync + 'static,
) -> (Result<State, ApiError>, Counts) {
    let (answer, counts) = (Arc::new(answer), Arc::new(Mutex::new(Counts::new())));
    let log = counts.clone();
    let handler = move |uri: Uri| async move {
        let asked = uri.to_string();
        let nth = {
            let mut counts = log.lock().unwrap();
            let count = counts.entry(asked.clone()).or_default();
            *count += 1;
            *count - 1
        };
        let (status, body) = answer(&asked, nth);
        (StatusCode::from_u16(status).unwrap(), Body(body))
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}/", listener.local_addr().unwrap()).parse().unwrap();
    let app = axum::Router::new().fallback(handler);
    tokio::spawn(async move { axum::serve(listener, app).await });
    let account = Account::new("bolna");
    let connection =
        Connection { platform: "bolna", account: account.clone(), base, token: "t".to_owned().into() };
    let bounds = Bounds { backoff: Duration::from_millis(1), ..Bounds::default() };
    let api = Api::with_bounds(connection, bounds).unwrap();
    let state = Bolna.observe(&api, &account, Reading::Everything).await;
    let counts = counts.lock().unwrap().clone();
    assert_eq!(api.requests(), counts.values().sum::<usize>());
    (state, counts)
}

/// The three lists.
pub(super) fn lists(trunks: Json, phones: Json, agents: Json) -> impl Fn(&str, usize) -> (u16, Json) {
    move |asked, _| match asked {
        TRUNKS => (200, trunks.clone()),
        PHONES => (200, phones.clone()),
        AGENTS => (200, agents.clone()),
        _ => (404, json!({"error": 404, "message": "Not found"})),
    }
}

async fn read(trunks: Json, phones: Json, agents: Json) -> State {
    let (state, counts) = observe(lists(trunks, phones, agents)).await;
    let state = state.unwrap();
    assert_eq!((state.requests, counts.len()), (3, 3));
    state
}

fn get<'a>(state: &'a State, address: &str, attribute: &str) -> Option<&'a Value> {
    state.get(&address.parse().unwrap()).unwrap_or_else(|| panic!("no {address}")).attributes.get(attribute)
}

fn names(state: &State, kind: KindName) -> Vec<&str> {
    state.resources.keys().filter(|a| a.kind == kind).map(|a| &*a.name).collect()
}

fn agents(state: &State) -> Vec<String> {
    state.agents.iter().map(|a| format!("{}={}", a.address, a.id)).collect()
}

fn text(text: &str) -> Value {
    Value::Text(text.into())
}

fn reference(address: &str) -> Value {
    Value::Ref(address.parse().unwrap())
}

fn parts(parts: &[(&str, Value)]) -> Value {
    Value::Map(parts.iter().map(|(part, value)| ((*part).into(), value.clone())).collect())
}

/// A trunk with these numbers, each an id and its text.
fn trunk(id: &str, name: &str, numbers: &[(&str, &str)]) -> Json {
    let number = |(id, number): &(&str, &str)| json!({"id": id, "phone_number": number, "deleted": false});
    json!({"id": id, "name": name, "phone_numbers": numbers.iter().map(number).collect::<Vec<_>>()})
}

#[tokio::test]
async fn a_row_becomes_attributes_and_its_numbers_resources() {
    let number = json!({"id": "N1", "phone_number": "1 (555) 123-4567", "name": "Desk", "byot_trunk_id": "other",
        "telephony_provider": "sip-trunk", "deleted": false, "user_id": "u", "created_at": "2023-11-07T05:31:56Z"});
    let row = json!({"id": "01HX", "name": " Cafe\u{301} ", "provider": "custom", "description": null, "auth_type": "ip-based",
        "gateways": [{"id": 3, "gateway_address": "sip.a.example", "port": "5080", "priority": null, "created_at": "x"}],
        "ip_identifiers": [{"id": 4, "ip_address": "15.207.90.192/31"}], "allow": "ulaw,alaw", "disallow": "all",
        "transport": "transport-udp", "direct_media": false, "ice_support": true, "qualify_frequency": 60, "user_id": "u",
        "is_active": true, "auth_password": "never", "new": {"x": 1}, "phone_numbers": [number]});
    let agent = json!({"id": "A1", "agent_name": "Sales", "agent_type": "other", "tasks": []});
    let phone = json!({"id": "N1", "phone_number": "+15551234567", "agent_id": "A1", "rented": false, "price": "$5.0"});
    let state = read(json!([row]), json!([phone]), json!([agent])).await;
    let trunk = state.get(&"bolna.trunk.Café".parse().unwrap()).unwrap();
    assert_eq!(trunk.id.as_ref().map(ToString::to_string).as_deref(), Some("01HX"));
    let gateway = parts(&[
        ("gateway_address", text("sip.a.example")),
        ("port", Value::Int(5080)),
        ("priority", Value::Int(1)),
    ]);
    let expected = [
        ("allow", text("ulaw,alaw")),
        ("auth_type", text("ip-based")),
        ("description", Value::Null),
        ("direct_media", Value::Bool(false)),
        ("disallow", text("all")),
        ("gateways", Value::List(vec![gateway])),
        ("ip_identifiers", Value::List(vec![parts(&[("ip_address", text("15.207.90.192/31"))])])),
        ("is_active", Value::Bool(true)),
        ("name", text(" Cafe\u{301} ")),
        ("provider", text("custom")),
        ("qualify_frequency", Value::Int(60)),
        ("transport", text("transport-udp")),
    ];
    assert_eq!(trunk.attributes, expected.into_iter().collect());
    let number = state.get(&"bolna.number.+15551234567".parse().unwrap()).unwrap();
    let expected = [
        ("agent", reference("bolna.agent.Sales")),
        ("name", text("Desk")),
        ("number", text("1 (555) 123-4567")),
        ("trunk", reference("bolna.trunk.Café")),
    ];
    assert_eq!(number.attributes, expected.into_iter().collect());
    assert_eq!(number.id.as_ref().map(ToString::to_string).as_deref(), Some("N1"));
}

#[tokio::test]
async fn no_encryption_has_many_spellings_and_silence_is_none_of_them() {
    let told = [json!("no"), json!(false), json!(null), json!("No "), json!("sdes"), json!(true), json!(7)];
    let row = |(at, told): (usize, &Json)| {
        let mut row = trunk(&format!("T{at}"), &format!("T{at}"), &[]);
        row["media_encryption"] = told.clone();
        row
    };
    let mut rows: Vec<_> = told.iter().enumerate().map(row).collect();
    rows.push(trunk("T7", "T7", &[]));
    let state = read(json!(rows), json!([]), json!([])).await;
    let expected = [Some("no"), Some("no"), Some("no"), Some("no"), Some("sdes"), None, None, None];
    for (at, expected) in expected.into_iter().enumerate() {
        let is = get(&state, &format!("bolna.trunk.T{at}"), "media_encryption");
        assert_eq!(is, expected.map(text).as_ref(), "T{at}");
    }
}

#[tokio::test]
async fn what_was_deleted_is_not_there() {
    let mut rows = json!([
        trunk("T1", "Office", &[("N1", "+15550000001"), ("N2", "+15550000002"), ("N4", "+15550000002")]),
        trunk("T2", "Gone", &[("N3", "+15550000003")])
    ]);
    rows[0]["phone_numbers"][1]["deleted"] = json!(true);
    rows[1]["deleted"] = json!(true);
    let phones = json!([
        {"id": "P1", "phone_number": "+15550000001", "agent_id": "A9", "deleted": true},
        {"id": "N2", "phone_number": "+15550000002", "agent_id": "A9"},
    ]);
    let state = read(rows, phones, json!([])).await;
    assert_eq!(names(&state, KindName::Trunk), ["Office"]);
    assert_eq!(names(&state, KindName::Number), ["+15550000001", "+15550000002"]);
    // The second was removed and added again, and the list still has the agent of the one that was removed.
    for number in ["bolna.number.+15550000001", "bolna.number.+15550000002"] {
        assert_eq!(get(&state, number, "agent"), Some(&Value::Null), "{number}");
    }
    assert!(state.agents.is_empty());
}

#[tokio::test]
async fn the_agent_of_a_number_stands_in_a_list_of_its_own() {
    let numbers: Vec<_> = (1..=8).map(|n| (format!("N{n}"), format!("+1555000000{n}"))).collect();
    let numbers: Vec<_> = numbers.iter().map(|(id, number)| (&**id, &**number)).collect();
    let mut rows = json!([trunk("T1", "Office", &numbers)]);
    for (at, own) in
        [(0, json!("A2")), (1, json!("A2")), (2, json!("A2")), (6, json!(null)), (7, json!(["?"]))]
    {
        rows[0]["phone_numbers"][at]["agent_id"] = own;
    }
    let phones = json!([
        {"id": "N1", "phone_number": "whatever", "agent_id": "A1"},
        {"id": "N2", "phone_number": "+15550000002", "agent_id": null},
        // 3 is told of by its own row alone. 4 has another id here, 5 is a rented number, 6 is somebody else's id.
        {"id": "P4", "phone_number": "1 555 000-0004", "agent_id": "A4", "rented": false},
        {"id": "P5", "phone_number": "+15550000005", "agent_id": "A5", "rented": true},
        {"id": "N8", "phone_number": "+15550000006", "agent_id": {"id": 1}},
    ]);
    let listed = json!([{"id": "A1", "agent_name": "Sales"}, {"id": "A2", "agent_name": "Twin"}, {"id": "A3", "agent_name": "Twin "},
        {"id": "A6", "agent_name": null}]);
    let state = read(rows, phones, listed).await;
    let expected = [
        Some(reference("bolna.agent.Sales")),
        Some(Value::Null),
        Some(reference("bolna.agent.Twin#A2")),
        Some(reference("bolna.agent.A4")),
        Some(Value::Null),
        Some(Value::Null),
        Some(Value::Null),
        None,
    ];
    for (at, expected) in expected.iter().enumerate() {
        let address = format!("bolna.number.+1555000000{}", at + 1);
        assert_eq!(get(&state, &address, "agent"), expected.as_ref(), "{address}");
    }
    assert_eq!(
        agents(&state),
        [
            "bolna.agent.A4=A4",
            "bolna.agent.A6=A6",
            "bolna.agent.Sales=A1",
            "bolna.agent.Twin#A2=A2",
            "bolna.agent.Twin#A3=A3"
        ]
    );
    assert!(state.agents_listed);
}

#[tokio::test]
async fn a_number_on_two_trunks_is_the_one_that_takes_calls() {
    let mut off = trunk("T1", "Off", &[("N1", "15551234567")]);
    off["is_active"] = json!(false);
    let state = read(json!([off, trunk("T2", "On", &[("N2", "+15551234567")])]), json!([]), json!([])).await;
    assert_eq!(names(&state, KindName::Number), ["+15551234567", "+15551234567#N1"]);
    assert_eq!(get(&state, "bolna.number.+15551234567", "trunk"), Some(&reference("bolna.trunk.On")));
}

#[tokio::test]
async fn what_is_rented_is_elsewhere() {
    let phone = |id, number, rented| json!({"id": id, "phone_number": number, "rented": rented});
    let phones = json!([
        phone("P1", "1 555 000-0001", true),
        {"id": "P2", "phone_number": "+15550000002", "rented": false, "telephony_provider": "twilio"},
        phone("N3", "+15550000003", true),
        {"id": "P4", "phone_number": "+15550000004", "rented": true, "deleted": true},
    ]);
    let state = read(json!([trunk("T1", "Office", &[("N3", "+15550000003")])]), phones, json!([])).await;
    let elsewhere: Vec<_> = state.elsewhere.iter().map(ToString::to_string).collect();
    assert_eq!(elsewhere, ["bolna.number.+15550000001"]);
}

#[tokio::test]
async fn a_token_that_is_not_taken_says_so() {
    let (state, _) = observe(|_, _| (403, json!({"detail": "Unrecognized access token"}))).await;
    let error = state.unwrap_err();
    assert!(matches!(error.problem(), Problem::Unauthorized { status: 403 }));
    let line = error.to_string();
    assert!(line.contains("403 Unrecognized access token — set TRUNKFORM_TOKEN_BOLNA"), "{line}");
}
