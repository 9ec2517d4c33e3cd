//! Serves an account of canned answers, and observes it.
//! In: what to answer to each request. Out: the state that the provider reads, and how often it asked for each path.
//! Never answers by itself: each test says what the platform says.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Json as Body;
use axum::extract::Query;
use axum::http::{StatusCode, Uri};
use serde_json::{Value as Json, json};

use crate::api::{Api, ApiError, Bounds, Connection};
use crate::model::{Account, Reading, State};
use crate::provider::{Provider, talkover::Talkover};

/// One request: its path, its page where it has one, and how many of this path and page came before.
pub(super) struct Ask<'a> {
    pub(super) path: &'a str,
    pub(super) page: usize,
    pub(super) nth: usize,
}

type Counts = BTreeMap<String, usize>;

pub(super) async fn observe(
    reading: Reading,
    answer: impl Fn(Ask<'_>) -> (u16, Json) + Send + Sync + 'static,
) -> (Result<State, ApiError>, Counts) {
    let (answer, counts) = (Arc::new(answer), Arc::new(Mutex::new(Counts::new())));
    let log = counts.clone();
    let handler = move |uri: Uri, Query(query): Query<BTreeMap<String, usize>>| async move {
        let nth = {
            let mut counts = log.lock().unwrap();
            let count = counts.entry(uri.to_string()).or_default();
            *count += 1;
            *count - 1
        };
        let page = query.get("page").copied().unwrap_or_default();
        assert_eq!(query.get("per_page"), (uri.path() == "/agents").then_some(&100));
        let (status, body) = answer(Ask { path: uri.path(), page, nth });
        (StatusCode::from_u16(status).unwrap(), Body(body))
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}/", listener.local_addr().unwrap()).parse().unwrap();
    let app = axum::Router::new().fallback(handler);
    tokio::spawn(async move { axum::serve(listener, app).await });
    let account = Account::new("talkover");
    let connection = Connection {
        platform: "talkover",
        account: account.clone(),
        base,
        token: "talq_1".to_owned().into(),
    };
    let bounds = Bounds { backoff: Duration::from_millis(1), ..Bounds::default() };
    let api = Api::with_bounds(connection, bounds).unwrap();
    let state = Talkover.observe(&api, &account, reading).await;
    let counts = counts.lock().unwrap().clone();
    // After an error some requests may still be on their way.
    assert!(state.is_err() || api.requests() == counts.values().sum::<usize>());
    (state, counts)
}

pub(super) fn ok(data: Json) -> (u16, Json) {
    (200, json!({"success": true, "data": data}))
}

pub(super) fn missing() -> (u16, Json) {
    (404, json!({"success": false, "message": "Not found"}))
}

/// A page of agents, with what Talkover says of the list.
pub(super) fn page(agents: &[Json], page: usize) -> (u16, Json) {
    let last = agents.len().div_ceil(100).max(1);
    let rows = agents.chunks(100).nth(page - 1).unwrap_or_default();
    let meta = json!({"current_page": page, "per_page": 100, "total": agents.len(), "last_page": last});
    (200, json!({"success": true, "data": rows, "meta": meta}))
}

pub(super) fn trunk(id: &str) -> Json {
    json!({"id": id, "name": format!("Trunk {id}"), "domain": "sip.example.com", "is_active": false})
}

pub(super) fn number(id: usize) -> Json {
    json!({"id": format!("d{id}"), "number": format!("+1555000{id:04}"), "country_code": "US"})
}

pub(super) fn agent(id: &str, numbers: &[&str]) -> Json {
    let numbers: Vec<_> = numbers.iter().map(|id| json!({"id": id, "number": "+1"})).collect();
    json!({"id": id, "name": format!("Agent {id}"), "label": "x", "direction": "inbound", "phone_numbers": numbers})
}

/// An account with these trunks, each with the numbers that stand beside it, and these agents.
pub(super) fn account(trunks: Vec<(Json, Vec<Json>)>, agents: Vec<Json>) -> impl Fn(Ask<'_>) -> (u16, Json) {
    move |ask| {
        let parts: Vec<_> = ask.path.trim_start_matches('/').split('/').collect();
        let find = |id: &str| trunks.iter().find(|(trunk, _)| trunk["id"] == id);
        match parts[..] {
            ["agents"] => page(&agents, ask.page),
            ["sip-trunks"] => ok(trunks
                .iter()
                .map(|(trunk, _)| json!({"id": trunk["id"], "name": trunk["name"]}))
                .collect()),
            ["sip-trunks", id] => find(id).map_or_else(missing, |(trunk, _)| ok(trunk.clone())),
            ["sip-trunks", id, "dids"] => find(id).map_or_else(missing, |(_, numbers)| ok(json!(numbers))),
            _ => missing(),
        }
    }
}
