//! Reads from a server of canned lists; what it lists and how is each test's own.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Json as Body;
use axum::extract::Query;
use axum::http::{StatusCode, Uri};
use serde_json::{Value as Json, json};

use crate::api::{Api, ApiError, Bounds, Connection, Problem};
use crate::model::{Account, KindName, Reading, State, Value};
use crate::provider::{Provider, kalem::Kalem};

/// One request for a list: its path, its page, and how many of this path came before.
pub(super) struct Ask<'a> {
    pub(super) path: &'a str,
    pub(super) page: usize,
    pub(super) nth: usize,
}

pub(super) async fn observe(
    answer: impl Fn(Ask<'_>) -> (u16, Json) + Send + Sync + 'static,
) -> (Result<State, ApiError>, HashMap<String, usize>) {
    let (answer, counts) = (Arc::new(answer), Arc::new(Mutex::new(HashMap::<String, usize>::new())));
    let log = counts.clone();
    let handler = move |uri: Uri, Query(query): Query<HashMap<String, usize>>| async move {
        assert_eq!(query["per_page"], 100);
        let nth = {
            let mut counts = log.lock().unwrap();
            let count = counts.entry(uri.path().to_owned()).or_default();
            *count += 1;
            *count - 1
        };
        let (status, body) = answer(Ask { path: uri.path(), page: query["page"], nth });
        (StatusCode::from_u16(status).unwrap(), Body(body))
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}/", listener.local_addr().unwrap()).parse().unwrap();
    let app = axum::Router::new().fallback(handler);
    tokio::spawn(async move { axum::serve(listener, app).await });
    let account = Account::new("kalem");
    let connection =
        Connection { platform: "kalem", account: account.clone(), base, token: "t".to_owned().into() };
    let bounds = Bounds { backoff: Duration::from_millis(1), ..Bounds::default() };
    let api = Api::with_bounds(connection, bounds).unwrap();
    let state = Kalem.observe(&api, &account, Reading::Everything).await;
    let counts = counts.lock().unwrap().clone();
    assert_eq!(api.requests(), counts.values().sum::<usize>());
    (state, counts)
}

pub(super) fn slice(rows: &[Json], page: usize) -> &[Json] {
    rows.chunks(100).nth(page - 1).unwrap_or_default()
}

pub(super) fn wrapped(rows: &[Json], page: usize) -> (u16, Json) {
    let last = rows.len().div_ceil(100).max(1);
    let meta = json!({"current_page": page, "last_page": last, "per_page": 100, "total": rows.len()});
    let next = (page < last).then_some("http://elsewhere.example/?page=2");
    (200, json!({"data": slice(rows, page), "links": {"next": next}, "meta": meta}))
}

pub(super) fn numbers(count: usize) -> Vec<Json> {
    (0..count).map(|i| json!({"id": i + 1, "number": format!("+1555{i:07}"), "trunk_id": null})).collect()
}

pub(super) fn trunks(count: usize) -> Vec<Json> {
    (0..count).map(|i| json!({"id": i + 1, "name": format!("T{i}")})).collect()
}

/// A server with these rows and no list of agents.
pub(super) fn lists(trunks: Vec<Json>, numbers: Vec<Json>) -> impl Fn(Ask<'_>) -> (u16, Json) {
    move |ask| match ask.path {
        "/trunks" => wrapped(&trunks, ask.page),
        "/numbers" => wrapped(&numbers, ask.page),
        _ => (404, json!({"message": "Not Found"})),
    }
}

fn get<'a>(state: &'a State, address: &str, attribute: &str) -> Option<&'a Value> {
    state.get(&address.parse().unwrap()).unwrap_or_else(|| panic!("no {address}")).attributes.get(attribute)
}

fn names(state: &State, kind: KindName) -> Vec<&str> {
    state.resources.keys().filter(|a| a.kind == kind).map(|a| &*a.name).collect()
}

fn text(text: &str) -> Value {
    Value::Text(text.into())
}

fn reference(address: &str) -> Value {
    Value::Ref(address.parse().unwrap())
}

#[tokio::test]
async fn a_row_becomes_attributes() {
    let trunk = json!({"id": "7", "name": " Cafe\u{301} ", "port": "5060", "host": null, "registered": true,
        "username": 12, "password": "never", "new": {"x": 1}, "auth_type": ["?"]});
    let number = json!({"id": 1, "number": "1 (555) 123-4567", "trunk_id": "7", "voice_agent_id": 3,
        "voice_agent_name": "Sales", "text_agent_id": null, "text_agent_name": null, "status": "active"});
    let (state, _) = observe(lists(vec![trunk], vec![number])).await;
    let state = state.unwrap();
    let trunk = state.get(&"kalem.trunk.Café".parse().unwrap()).unwrap();
    assert_eq!(trunk.id.as_ref().map(ToString::to_string).as_deref(), Some("7"));
    let expected = [
        ("host", Value::Null),
        ("name", text(" Cafe\u{301} ")),
        ("port", Value::Int(5060)),
        ("username", text("12")),
    ];
    assert_eq!(trunk.attributes, expected.into_iter().collect());
    let expected = [
        ("number", text("1 (555) 123-4567")),
        ("status", text("active")),
        ("text_agent", Value::Null),
        ("trunk", reference("kalem.trunk.Café")),
        ("voice_agent", reference("kalem.voice_agent.Sales")),
    ];
    let number = state.get(&"kalem.number.+15551234567".parse().unwrap()).unwrap();
    assert_eq!(number.attributes, expected.into_iter().collect());
}

#[tokio::test]
async fn a_garbled_word_is_unknown_and_another_spelling_is_the_word() {
    let rows = [json!("Inbound "), json!("sideways"), json!(""), json!(null), json!(7), json!(["inbound"])];
    let trunk = |(i, direction): (usize, &Json)| json!({"id": i + 1, "name": format!("T{i}"), "direction": direction});
    let number = json!({"id": 1, "number": "+15551234567", "status": null, "trunk_id": {"id": 1}, "voice_agent_id": -1});
    let (state, _) = observe(lists(rows.iter().enumerate().map(trunk).collect(), vec![number])).await;
    let state = state.unwrap();
    assert_eq!(get(&state, "kalem.trunk.T0", "direction"), Some(&text("inbound")));
    for (at, row) in rows.iter().enumerate().skip(1) {
        assert_eq!(get(&state, &format!("kalem.trunk.T{at}"), "direction"), None, "{row}");
    }
    for unknown in ["status", "trunk", "voice_agent"] {
        assert_eq!(get(&state, "kalem.number.+15551234567", unknown), None, "{unknown}");
    }
}

#[tokio::test]
async fn a_trunk_that_is_not_listed_is_no_reason_to_act() {
    let number = json!([{"id": 1, "number": "+15551234567", "trunk_id": 2}]);
    for late in [1, 9] {
        let number = number.clone();
        let (state, counts) = observe(move |ask| match ask.path {
            "/numbers" => wrapped(number.as_array().unwrap(), 1),
            "/trunks" => wrapped(&trunks(if ask.nth < late { 1 } else { 2 }), 1),
            _ => (404, json!({})),
        })
        .await;
        if late == 1 {
            assert_eq!(
                get(&state.unwrap(), "kalem.number.+15551234567", "trunk"),
                Some(&reference("kalem.trunk.T1"))
            );
            assert_eq!((counts["/trunks"], counts["/numbers"], counts["/agents"]), (2, 2, 1));
        } else {
            let error = state.unwrap_err();
            assert!(matches!(error.problem(), Problem::Incomplete { .. }), "{error}");
            assert!(
                error.to_string().contains("`+15551234567` refers to trunk 2, which is not listed"),
                "{error}"
            );
            assert_eq!((counts["/trunks"], counts["/numbers"]), (4, 4));
        }
    }
}

#[tokio::test]
async fn names_that_several_have_are_told_apart_by_id() {
    let trunks = [(9, "Office"), (4, "Office "), (1, "Office#4"), (2, "Fax")];
    let trunks = trunks.map(|(id, name)| json!({"id": id, "name": name})).to_vec();
    let numbers = [(5, "15551234567", 9), (3, "+15551234567", 2)];
    let numbers = numbers.map(|(id, n, t)| json!({"id": id, "number": n, "trunk_id": t})).to_vec();
    let (state, _) = observe(lists(trunks, numbers)).await;
    let state = state.unwrap();
    assert_eq!(names(&state, KindName::Trunk), ["Fax", "Office#4", "Office#4#4", "Office#9"]);
    assert_eq!(get(&state, "kalem.trunk.Office#4", "name"), Some(&text("Office#4")));
    assert_eq!(names(&state, KindName::Number), ["+15551234567", "+15551234567#5"]);
    assert_eq!(get(&state, "kalem.number.+15551234567", "trunk"), Some(&reference("kalem.trunk.Fax")));
    assert_eq!(get(&state, "kalem.number.+15551234567#5", "trunk"), Some(&reference("kalem.trunk.Office#9")));
}

#[tokio::test]
async fn agents_are_listed_or_seen_on_numbers() {
    let number = |id: usize, voice: Json, name: Json, text_agent: Json| {
        json!({"id": id, "number": format!("+1555000000{id}"), "voice_agent_id": voice, "voice_agent_name": name,
            "text_agent_id": text_agent})
    };
    let numbers =
        vec![number(1, json!(3), json!("Sales"), json!(8)), number(2, json!(4), json!(null), json!(null))];
    let agents = |state: &State| {
        let show = |a: &crate::model::Agent| format!("{}.{}={}", a.address.kind, a.address.name, a.id);
        state.agents.iter().map(show).collect::<Vec<_>>()
    };
    let seen = numbers.clone();
    for status in [403, 404, 405] {
        let rows = numbers.clone();
        let (state, counts) = observe(move |ask| match ask.path {
            "/numbers" => wrapped(&rows, 1),
            "/trunks" => wrapped(&[], 1),
            _ => (status, json!({"message": "no"})),
        })
        .await;
        assert_eq!(agents(&state.unwrap()), ["voice_agent.4=4", "voice_agent.Sales=3", "text_agent.8=8"]);
        assert_eq!(counts["/agents"], 1);
    }
    let list = json!([{"id": 3, "name": "Sales", "type": "voice"}, {"id": 5, "name": "Both"},
        {"id": 6, "name": "Both", "type": "text"}, {"id": 4, "name": " ", "type": "Voice"}]);
    let (state, _) = observe(move |ask| match ask.path {
        "/numbers" => wrapped(&seen, 1),
        "/trunks" => wrapped(&[], 1),
        _ => (200, json!({"data": list})),
    })
    .await;
    let expected = ["voice_agent.4=4", "voice_agent.Both=5", "voice_agent.Sales=3", "text_agent.8=8"];
    assert_eq!(
        agents(&state.unwrap()),
        [&expected[..], &["text_agent.Both#5=5", "text_agent.Both#6=6"]].concat()
    );
}
