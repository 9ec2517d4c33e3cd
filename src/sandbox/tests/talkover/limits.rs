//! In: more requests than may come.
//! Out: the headers on every answer, and each way of saying how long to wait.
//! Never waits longer than a second.

use std::time::Duration;

use reqwest::header::HeaderMap;
use serde_json::{Value, json};

use super::{Desk, desk};

fn number(headers: &HeaderMap, name: &str) -> Option<u64> {
    headers.get(name).map(|value| value.to_str().unwrap().parse().unwrap())
}

fn now() -> u64 {
    std::time::UNIX_EPOCH.elapsed().unwrap().as_secs()
}

/// The answer to a request that is one too many.
async fn refused(desk: &Desk) -> (HeaderMap, Value) {
    let mut response = desk.request("GET", "/agents").send().await.unwrap();
    while response.status().as_u16() == 200 {
        response = desk.request("GET", "/agents").send().await.unwrap();
    }
    assert_eq!(response.status().as_u16(), 429);
    (response.headers().clone(), response.json().await.unwrap())
}

#[tokio::test]
async fn every_answer_says_what_is_left() {
    let desk = desk(json!({}), &[]).await;
    for (method, path) in [("GET", "/agents"), ("GET", "/sip-trunks/x"), ("POST", "/sip-trunks")] {
        let headers = desk.request(method, path).send().await.unwrap().headers().clone();
        assert_eq!(number(&headers, "x-ratelimit-limit"), Some(100));
        assert_eq!(number(&headers, "x-ratelimit-remaining"), Some(99));
        assert!(number(&headers, "x-ratelimit-reset").unwrap() >= now() + 59);
    }
    desk.0.set_faults(&["status=500"]);
    let headers = desk.request("GET", "/agents").send().await.unwrap().headers().clone();
    assert_eq!(number(&headers, "x-ratelimit-limit"), Some(100));
}

#[tokio::test]
async fn a_budget_runs_out_and_comes_back() {
    let desk = desk(json!({}), &["rate-limit=2/1s"]).await;
    let mut left = Vec::new();
    for path in ["/agents", "/phone-numbers"] {
        let response = desk.request("GET", path).send().await.unwrap();
        left.push(number(response.headers(), "x-ratelimit-remaining").unwrap());
    }
    assert_eq!(left, [1, 0]);
    let post = desk.request("POST", "/sip-trunks").json(&super::carrier());
    let response = post.send().await.unwrap();
    assert_eq!(response.status().as_u16(), 429);
    assert_eq!(number(response.headers(), "x-ratelimit-limit"), Some(2));
    assert_eq!(number(response.headers(), "x-ratelimit-remaining"), Some(0));
    let text = "Too many requests. Please try again later.";
    assert_eq!(response.json::<Value>().await.unwrap(), json!({"success": false, "message": text}));
    assert!(!desk.0.sandbox.requests().pop().unwrap().effect);
    let url = format!("{}/talkover/api/v1/health", desk.0.sandbox.base());
    let health = desk.0.client.get(url).send().await.unwrap();
    assert_eq!((health.status().as_u16(), health.headers().get("x-ratelimit-limit")), (200, None));
    assert_eq!(health.json::<Value>().await.unwrap(), json!({"status": "ok"}));
    tokio::time::sleep(Duration::from_millis(1050)).await;
    assert_eq!(desk.data("/sip-trunks").await, json!([]), "what was refused was not carried out");
}

#[tokio::test]
async fn how_long_to_wait_stands_in_one_of_three_places() {
    let limited = async |switch: &str| {
        let desk = desk(json!({}), &["rate-limit=1/30s", switch]).await;
        refused(&desk).await
    };
    let (headers, body) = limited("created-200").await;
    assert!((29..=30).contains(&number(&headers, "retry-after").unwrap()));
    assert_eq!(body.get("error"), None);
    let (headers, body) = limited("limit-in-reset").await;
    assert_eq!((number(&headers, "retry-after"), body.get("error")), (None, None));
    assert!((28..=31).contains(&(number(&headers, "x-ratelimit-reset").unwrap() - now())));
    let (headers, body) = limited("limit-in-body").await;
    assert_eq!((headers.get("retry-after"), headers.get("x-ratelimit-reset")), (None, None));
    assert_eq!(body["error"]["code"], "RATE_LIMIT_EXCEEDED");
    assert!((29..=30).contains(&body["error"]["details"]["retry_after"].as_u64().unwrap()));
}

#[tokio::test]
async fn the_fault_of_too_many_requests_speaks_the_same_words() {
    let desk = desk(json!({}), &["429,retry-after=7"]).await;
    let (headers, body) = refused(&desk).await;
    assert_eq!(number(&headers, "retry-after"), Some(7));
    assert!((6..=8).contains(&(number(&headers, "x-ratelimit-reset").unwrap() - now())));
    assert_eq!(body["message"], "Too many requests. Please try again later.");
}
