//! The sender where an answer alone does not say it: answers that contradict themselves, lists that lag.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::{Map, Value as Json, json};

use super::sending::{plan_with, resolve, sender, serve};
use super::step;
use crate::api::Api;
use crate::apply::{Secrets, Sent};
use crate::model::step::Entry;
use crate::model::{Lookup, Outcome, Request, Step};

/// One answer to a request of this line.
pub(super) type Answer = (&'static str, u16, Json);

/// Gives each line its answers in their order, the last one again and again; remembers what came.
pub(super) async fn scripted(answers: Vec<Answer>) -> (Api, Arc<Mutex<Vec<String>>>) {
    let (left, seen) = (Arc::new(Mutex::new(answers)), Arc::<Mutex<Vec<String>>>::default());
    let kept = seen.clone();
    let answer = move |request: axum::extract::Request| {
        let (left, kept) = (left.clone(), kept.clone());
        async move {
            let line = format!("{} {}", request.method(), request.uri());
            let mut left = left.lock().unwrap();
            let mut matching = (0..left.len()).filter(|&at| left[at].0 == line);
            let at = matching.next().unwrap_or_else(|| panic!("{line} was not to come"));
            let again = matching.next().is_none();
            let (_, status, body) = if again { left[at].clone() } else { left.remove(at) };
            kept.lock().unwrap().push(line);
            (axum::http::StatusCode::from_u16(status).unwrap(), axum::Json(body))
        }
    };
    (serve(axum::Router::new().fallback(answer)).await, seen)
}

pub(super) fn entry(fields: Json, within: u32) -> Entry {
    let Json::Object(fields) = fields else { panic!("fields are an object") };
    Entry { fields, within }
}

pub(super) fn create(within: u32) -> Step {
    let mut create = step(1, &[]);
    create.request.method = "POST".into();
    create.request.path = "/trunks".into();
    create.expect.id = vec!["/id".into()];
    let entry = entry(json!({"name": "T1"}), within);
    create.expect.lookup = Some(Lookup { path: "/list".into(), entry, ..Lookup::default() });
    create
}

pub(super) async fn sent(step: Step, answers: Vec<Answer>) -> (Sent, Vec<String>) {
    let (api, seen) = scripted(answers).await;
    let sent = sender(api, Secrets::default()).send(step).await;
    let seen = seen.lock().unwrap().clone();
    (sent, seen)
}

#[tokio::test]
async fn a_good_status_does_not_hide_what_the_body_says() {
    let mut verify = step(1, &[]);
    verify.request = Request { method: "POST".into(), path: "/trunks/1/verify".into(), body: None };
    verify.expect.agrees =
        Map::from_iter([("/data/is_verified".into(), json!(true)), ("/success".into(), json!(true))]);
    let line = "POST /v1/trunks/1/verify";
    for body in [json!({"success": true, "data": {"is_verified": true}}), json!({"success": true}), json!({})]
    {
        assert_eq!(sent(verify.clone(), vec![(line, 200, body)]).await.0, Sent::done(200));
    }
    let why = "planted a-token-of-its-own failed (401)";
    for (status, body) in [
        (200, json!({"success": false, "data": {"is_verified": false, "error": why}})),
        (202, json!({"message": why, "data": {"is_verified": "true"}})),
        (200, json!({"error": {"message": why}, "success": null})),
    ] {
        let (sent, _) = sent(verify.clone(), vec![(line, status, body.clone())]).await;
        assert_eq!((sent.outcome, sent.status), (Outcome::Failed, Some(status)), "{body}");
        let error = sent.error.unwrap();
        assert!(
            error.starts_with("POST http://127.0.0.1:")
                && error.contains(&format!("/v1/trunks/1/verify: {status}, but `")),
            "{error}"
        );
        assert!(error.contains("planted (sensitive value) failed (401)"), "{error}");
    }
}

#[tokio::test]
async fn what_contradicts_repeats_no_secret() {
    let plan = plan_with(json!({"password": "${env:PBX}"}));
    let secrets = resolve(&plan, &|_| Some("planted 7e2".into())).unwrap();
    let mut verify = plan.steps[0].clone();
    verify.expect.agrees = Map::from_iter([("/ok".into(), json!(true))]);
    let (api, _) = scripted(vec![(
        "PUT /v1/trunks/1",
        200,
        json!({"ok": "planted 7e2", "message": "planted 7e2 is weak"}),
    )])
    .await;
    let error = sender(api, secrets).send(verify).await.error.unwrap();
    assert!(error.contains("is weak") && !error.contains("7e2"), "{error}");
}

#[tokio::test]
async fn a_step_that_waits_reads_until_the_list_shows_it() {
    let mut wait = step(2, &[1]);
    wait.request = Request {
        method: "GET".into(),
        path: format!("/trunks/{}/numbers", Request::path_placeholder(&step(1, &[]).address)),
        body: None,
    };
    let placeholder = Request::placeholder(&step(1, &[]).address);
    wait.expect.shows = Some(entry(json!({"number": "+1", "trunk": placeholder, "deleted": false}), 5));
    let line = "GET /v1/trunks/7/numbers";
    let gone = json!({"number": "+1", "trunk": "7", "deleted": true});
    let other = json!({"number": "+2", "trunk": "7"});
    let there = json!({"number": "+1", "trunk": "7"});
    for last in [json!([other.clone(), there.clone()]), json!({"data": [there]})] {
        let (api, seen) = scripted(vec![
            ("POST /v1/trunks", 201, json!({"id": 7})),
            (line, 200, json!([])),
            (line, 200, json!([gone, other])),
            (line, 200, last),
        ])
        .await;
        let sender = sender(api, Secrets::default());
        assert_eq!(sender.clone().send(create(1)).await.outcome, Outcome::Done);
        assert_eq!(sender.send(wait.clone()).await, Sent::done(200));
        assert_eq!(seen.lock().unwrap()[1..], [line; 3]);
    }
}

#[tokio::test]
async fn what_is_never_shown_fails_in_time_and_so_does_a_list_that_is_none() {
    let mut wait = step(1, &[]);
    wait.request = Request { method: "GET".into(), path: "/list".into(), body: None };
    wait.expect.shows = Some(entry(json!({"id": 7}), 1));
    let started = Instant::now();
    let (failed, seen) = sent(wait.clone(), vec![("GET /v1/list", 200, json!([{"id": 8}, "x", null]))]).await;
    assert_eq!(failed, Sent::failed("`/list` does not show it after 1 s"));
    assert!(
        seen.len() >= 3 && (Duration::from_secs(1)..Duration::from_secs(5)).contains(&started.elapsed()),
        "{seen:?}"
    );
    for (status, body, why) in [
        (200, json!({"id": 7}), "holds no list"),
        (404, json!({"message": "No such list"}), "404 No such list"),
    ] {
        let (failed, seen) = sent(wait.clone(), vec![("GET /v1/list", status, body)]).await;
        assert_eq!((failed.outcome, seen.len()), (Outcome::Failed, 1));
        assert!(failed.error.as_deref().unwrap().contains(why), "{failed:?}");
    }
    wait.expect.shows = Some(entry(json!({"id": "${env:PBX}"}), 1));
    assert_eq!(sent(wait, vec![]).await.0, Sent::failed("the secret `env:PBX` was not read"));
}

#[tokio::test]
async fn a_post_that_does_no_more_when_it_is_sent_twice_is_sent_again() {
    let mut assign = step(1, &[]);
    assign.request = Request { method: "POST".into(), path: "/setup".into(), body: Some(json!({"id": 1})) };
    let answers = || vec![("POST /v1/setup", 502, json!({})), ("POST /v1/setup", 200, json!({}))];
    let (lost, seen) = sent(assign.clone(), answers()).await;
    assert_eq!((lost.outcome, seen.len()), (Outcome::Uncertain, 1));
    assign.expect.repeats = true;
    let (done, seen) = sent(assign, answers()).await;
    assert_eq!((done, seen.len()), (Sent::done(200), 2));
}
