//! Reads from a server of canned lists; what it lists and how is each test's own.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Json as Body;
use axum::extract::Query;
use axum::http::{StatusCode, Uri};
use serde_json::{Value as Json, json};

use crate::api::{Api, ApiError, Bounds, Connection, Problem};
use crate::model::{Account, KindName, State, Value};
use crate::provider::{Provider, kalem::Kalem};

/// One request for a list: its path, its page, and how many of this path came before.
struct Ask<'a> {
    path: &'a str,
    page: usize,
    nth: usize,
}

async fn observe(
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
    let connection = Connection { account: account.clone(), base, token: "t".to_owned().into() };
    let bounds = Bounds { backoff: Duration::from_millis(1), ..Bounds::default() };
    let api = Api::with_bounds(connection, bounds).unwrap();
    let state = Kalem.observe(&api, &account).await;
    let counts = counts.lock().unwrap().clone();
    assert_eq!(api.requests(), counts.values().sum::<usize>());
    (state, counts)
}

fn slice(rows: &[Json], page: usize) -> &[Json] {
    rows.chunks(100).nth(page - 1).unwrap_or_default()
}

fn wrapped(rows: &[Json], page: usize) -> (u16, Json) {
    let last = rows.len().div_ceil(100).max(1);
    let meta = json!({"current_page": page, "last_page": last, "per_page": 100, "total": rows.len()});
    let next = (page < last).then_some("http://elsewhere.example/?page=2");
    (200, json!({"data": slice(rows, page), "links": {"next": next}, "meta": meta}))
}

fn flat(rows: &[Json], page: usize) -> (u16, Json) {
    let total = rows.len();
    (200, json!({"data": slice(rows, page), "current_page": page, "per_page": 100, "total": total}))
}

fn bare(rows: &[Json], page: usize) -> (u16, Json) {
    (200, json!(slice(rows, page)))
}

fn linked(rows: &[Json], page: usize) -> (u16, Json) {
    let next = (page * 100 < rows.len()).then_some("x");
    (200, json!({"data": slice(rows, page), "links": {"next": next}, "meta": {"current_page": page}}))
}

fn numbers(count: usize) -> Vec<Json> {
    (0..count).map(|i| json!({"id": i + 1, "number": format!("+1555{i:07}"), "trunk_id": null})).collect()
}

fn trunks(count: usize) -> Vec<Json> {
    (0..count).map(|i| json!({"id": i + 1, "name": format!("T{i}")})).collect()
}

/// A server with these rows and no list of agents.
fn lists(trunks: Vec<Json>, numbers: Vec<Json>) -> impl Fn(Ask<'_>) -> (u16, Json) {
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
async fn each_page_is_read_once() {
    let (state, counts) = observe(lists(trunks(500), numbers(10_000))).await;
    let state = state.unwrap();
    assert_eq!((state.resources.len(), state.requests), (10_500, 106));
    assert_eq!((counts["/trunks"], counts["/numbers"], counts["/agents"]), (5, 100, 1));
}

#[tokio::test]
async fn every_form_of_a_list_is_read_to_its_end() {
    for form in [wrapped, flat, bare, linked] {
        for count in [0, 1, 100, 101, 250] {
            let rows = numbers(count);
            let (state, counts) = observe(move |ask| match ask.path {
                "/numbers" => form(&rows, ask.page),
                _ => form(&[], 1),
            })
            .await;
            assert_eq!(state.unwrap().resources.len(), count);
            // A bare list does not say that it ended.
            assert!(counts["/numbers"] <= count / 100 + 2, "{counts:?} for {count}");
        }
    }
    let rows = numbers(150);
    let (state, _) =
        observe(move |ask| (200, if ask.path == "/numbers" { json!(rows) } else { json!([]) })).await;
    assert_eq!(state.unwrap().resources.len(), 150, "more than asked for: nobody pages");
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
    for at in 1..rows.len() {
        assert_eq!(get(&state, &format!("kalem.trunk.T{at}"), "direction"), None, "{}", rows[at]);
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
async fn a_list_that_says_nothing_is_asked_for_its_second_page() {
    // Fifteen a page, whatever was asked for.
    let rows = numbers(40);
    let (state, counts) = observe(move |ask| match ask.path {
        "/numbers" => (200, json!(rows.chunks(15).nth(ask.page - 1).unwrap_or_default())),
        _ => (200, json!([])),
    })
    .await;
    assert_eq!((state.unwrap().resources.len(), counts["/numbers"]), (40, 3));
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

#[tokio::test]
async fn a_list_that_shifts_is_read_again() {
    // The first reading loses a row between two pages; the second is sound.
    let (before, after) = (numbers(150), numbers(149));
    let (state, counts) = observe(move |ask| match (ask.path, ask.nth) {
        ("/numbers", 0) => wrapped(&before, 1),
        ("/numbers", _) => wrapped(&after, ask.page),
        _ => wrapped(&[], 1),
    })
    .await;
    assert_eq!((state.unwrap().resources.len(), counts["/numbers"]), (149, 4));
}

#[tokio::test]
async fn a_list_that_keeps_shifting_is_an_error() {
    let twice: Vec<_> = numbers(150).into_iter().chain(numbers(1)).collect();
    let short = (200, json!({"data": numbers(3), "meta": {"total": 4, "last_page": 1}}));
    let growing = |ask: &Ask<'_>| wrapped(&numbers(150 + ask.page), ask.page);
    for (case, expected) in [
        ("twice", "id 1 came twice"),
        ("short", "3 of 4 rows came"),
        ("growing", "it had 151 rows, then 152"),
    ] {
        let (twice, short) = (twice.clone(), short.clone());
        let (state, counts) = observe(move |ask| match (ask.path, case) {
            ("/numbers", "twice") => wrapped(&twice, ask.page),
            ("/numbers", "short") => short.clone(),
            ("/numbers", _) => growing(&ask),
            _ => wrapped(&[], 1),
        })
        .await;
        let error = state.unwrap_err().to_string();
        let expected = format!("/numbers: the list kept changing while it was read: {expected}");
        assert!(error.ends_with(&expected), "{error}");
        assert_eq!(counts["/numbers"], if case == "short" { 4 } else { 8 });
    }
}

#[tokio::test]
async fn what_is_no_list_is_an_error_that_names_the_page() {
    let mut nameless = numbers(150);
    nameless[120]["number"] = json!(" ");
    let mut anonymous = numbers(2);
    anonymous[1]["id"] = json!(null);
    let deep = json!({"data": numbers(1), "meta": {"last_page": 900_000, "total": 90_000_000}});
    for (answer, expected) in [
        (json!(nameless), "page=1: row 121 of this page (id 121) has no `number`"),
        (json!(anonymous), "page=1: row 2 of this page has no `id`"),
        (json!({"message": "hi"}), "page=1: the answer holds no list"),
        (deep, "/numbers: the list has more than 20000 pages"),
        (json!({"data": [], "error": "try later"}), "page=1: the answer holds no list"),
        (json!({"data": [], "meta": {"total": -1}}), "page=1: the total of the list is no count"),
        (json!({"data": [], "total": "many"}), "page=1: the total of the list is no count"),
        (
            json!({"data": numbers(1), "meta": {"total": 1, "per_page": 100, "last_page": 2}}),
            "the list says that it has 2 pages, and rows for 1",
        ),
        (json!({"data": [], "links": {"next": "x"}}), "a page is empty, and says that another follows"),
    ] {
        let (state, _) = observe(move |ask| match ask.path {
            "/numbers" => (200, answer.clone()),
            _ => (200, json!([])),
        })
        .await;
        let error = state.unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    }
}

#[tokio::test]
async fn an_error_of_one_list_is_the_error_of_all() {
    let (state, _) = observe(|ask| match ask.path {
        "/agents" => (500, json!({"message": "Server Error"})),
        _ => (200, json!([])),
    })
    .await;
    assert!(state.unwrap_err().to_string().contains("/agents?per_page=100&page=1: 500 Server Error"));
    let (state, _) = observe(|_| (401, json!({"message": "Unauthenticated."}))).await;
    assert!(state.unwrap_err().to_string().contains("TRUNKFORM_TOKEN_KALEM"));
}
