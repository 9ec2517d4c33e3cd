//! In: each kind of fault.
//! Out: what a client sees of it, what the log says, and whether the request took effect.
//! Never more than one client.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::{bench, numbers, office};

async fn total(bench: &super::Bench, path: &str) -> u64 {
    bench.get(path).await.1["meta"]["total"].as_u64().unwrap()
}

fn last(bench: &super::Bench) -> (Option<u16>, bool) {
    let request = bench.sandbox.requests().pop().unwrap();
    (request.status, request.effect)
}

#[tokio::test]
async fn a_status_has_no_effect_unless_told() {
    let bench = bench(json!({}), &["status=503,method=POST,nth=2"]).await;
    assert_eq!(bench.send("POST", "/trunks", office()).await.0, 201);
    let (status, body) = bench.send("POST", "/trunks", office()).await;
    assert_eq!((status, &body["message"]), (503, &json!("Service Unavailable")));
    assert_eq!(last(&bench), (Some(503), false));
    assert_eq!(total(&bench, "/trunks").await, 1);
    bench.set_faults(&["status=500,effect=after,times=1"]);
    let (status, body) = bench.send("POST", "/trunks", office()).await;
    assert_eq!((status, &body["message"]), (500, &json!("Server Error")));
    assert_eq!(last(&bench), (Some(500), true));
    assert_eq!(total(&bench, "/trunks").await, 2);
}

#[tokio::test]
async fn too_many_attempts_say_when_to_come_back() {
    let bench = bench(
        json!({}),
        &["429,retry-after=2,request=0", "429,retry-after=date,request=1", "429,retry-after=none"],
    )
    .await;
    let mut waits = Vec::new();
    for _ in 0..3 {
        let response = bench.request("GET", "/trunks").send().await.unwrap();
        assert_eq!(response.status().as_u16(), 429);
        assert_eq!(response.headers()["x-ratelimit-remaining"], "0");
        assert!(response.headers().contains_key("x-ratelimit-reset"));
        waits.push(response.headers().get("retry-after").map(|value| value.to_str().unwrap().to_owned()));
        assert_eq!(response.json::<Value>().await.unwrap(), json!({"message": "Too Many Attempts."}));
    }
    assert_eq!(waits[0].as_deref(), Some("2"));
    assert!(httpdate::parse_http_date(waits[1].as_deref().unwrap()).is_ok());
    assert_eq!(waits[2], None);
}

#[tokio::test]
async fn a_reset_is_a_broken_connection() {
    let bench = bench(json!({}), &["reset-before,request=0", "reset-after,request=1"]).await;
    for (effect, trunks) in [(false, 0), (true, 1)] {
        let error = bench.request("POST", "/trunks").json(&office()).send().await.unwrap_err();
        let mut source: &dyn std::error::Error = &error;
        let mut text = String::new();
        while let Some(inner) = source.source() {
            source = inner;
            text.push_str(&format!(" {source}"));
        }
        assert!(error.is_request() && text.contains("reset"), "{text}");
        assert_eq!(last(&bench), (None, effect));
        let made = bench.sandbox.snapshot()["kalem"]["trunks"].as_array().unwrap().len();
        assert_eq!(made, trunks);
    }
    assert_eq!(bench.get("/trunks").await.0, 200);
}

#[tokio::test]
async fn a_truncated_answer_is_an_incomplete_body() {
    let bench = bench(json!({}), &["truncate,times=1"]).await;
    let response = bench.request("POST", "/trunks").json(&office()).send().await.unwrap();
    assert_eq!(response.status().as_u16(), 201);
    let promised = response.content_length().unwrap();
    let mut response = response;
    let mut came = 0;
    let error = loop {
        match response.chunk().await {
            Ok(Some(bytes)) => came += bytes.len() as u64,
            Ok(None) => panic!("the body is whole"),
            Err(error) => break error,
        }
    };
    assert!(error.is_body() || error.is_decode(), "{error:?}");
    assert_eq!(came, promised / 2);
    assert_eq!(last(&bench), (Some(201), true));
    assert_eq!(total(&bench, "/trunks").await, 1);
}

#[tokio::test]
async fn answers_that_are_not_json() {
    let bench = bench(json!({}), &["malformed,request=0", "html,request=1", "redirect,request=2"]).await;
    let response = bench.request("POST", "/trunks").json(&office()).send().await.unwrap();
    assert_eq!(
        (response.status().as_u16(), &response.headers()["content-type"]),
        (201, &"application/json".parse().unwrap())
    );
    assert!(serde_json::from_str::<Value>(&response.text().await.unwrap()).is_err());
    assert_eq!(last(&bench), (Some(201), true));
    let response = bench.request("POST", "/trunks").json(&office()).send().await.unwrap();
    assert_eq!((response.status().as_u16(), response.text().await.unwrap().contains("<html>")), (200, true));
    assert_eq!(last(&bench), (Some(200), false));
    let response = bench.request("POST", "/trunks").json(&office()).send().await.unwrap();
    let elsewhere = format!("{}/elsewhere", bench.sandbox.base());
    assert_eq!(
        (response.status().as_u16(), response.headers()["location"].to_str().unwrap()),
        (302, elsewhere.as_str())
    );
    assert_eq!(total(&bench, "/trunks").await, 1);
}

#[tokio::test]
async fn a_hanging_request_is_never_answered_and_does_not_hold_up_the_end() {
    let bench = bench(json!({}), &["hang,request=0", "timeout,effect=before,request=1"]).await;
    for _ in 0..2 {
        let request = bench.request("POST", "/trunks").json(&office()).timeout(Duration::from_millis(150));
        assert!(request.send().await.unwrap_err().is_timeout());
    }
    let ended: Vec<_> =
        bench.sandbox.requests().iter().map(|request| (request.status, request.effect)).collect();
    assert_eq!(ended, [(None, true), (None, false)]);
    assert_eq!(total(&bench, "/trunks").await, 1);
    bench.set_faults(&["hang"]);
    let waiting = tokio::spawn(bench.request("GET", "/trunks").send());
    tokio::time::sleep(Duration::from_millis(50)).await;
    let began = Instant::now();
    bench.sandbox.stop().await.unwrap();
    assert!(began.elapsed() < Duration::from_secs(1));
    assert!(waiting.await.unwrap().is_err());
}

#[tokio::test]
async fn a_late_answer_takes_effect_although_the_client_has_gone() {
    let bench = bench(json!({}), &["latency=200ms,request=0"]).await;
    let request = bench.request("POST", "/trunks").json(&office()).timeout(Duration::from_millis(50));
    assert!(request.send().await.unwrap_err().is_timeout());
    assert_eq!(total(&bench, "/trunks").await, 0);
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(total(&bench, "/trunks").await, 1);
}

#[tokio::test]
async fn pages_shift_under_the_reader() {
    for (spec, total) in [("shift-page", 31), ("shift-page,keep-total", 30)] {
        let bench = bench(numbers(30), &[spec]).await;
        let first = bench.get("/numbers").await.1;
        let second = bench.get("/numbers?page=2").await.1;
        assert_eq!(
            (&first["meta"]["total"], &second["meta"]["total"]),
            (&json!(30), &json!(total)),
            "{spec}"
        );
        let rows = |page: &Value| page["data"].as_array().unwrap().clone();
        assert_eq!(rows(&first).last().unwrap()["id"], rows(&second)[0]["id"], "a row is there twice");
        let mut seen: Vec<u64> =
            rows(&first).iter().chain(&rows(&second)).map(|row| row["id"].as_u64().unwrap()).collect();
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), 29, "rows are missing");
        let again = bench.get("/numbers").await.1;
        assert_eq!(rows(&again)[0]["number"], "+19990000031");
        assert_eq!(again["meta"]["total"], total);
    }
}

#[tokio::test]
async fn trunks_shift_too_but_none_with_numbers_goes() {
    let seed =
        json!({"trunks": [office(), office()], "numbers": [{"number": "+15550000001", "trunk_id": 2}]});
    let bench = bench(seed, &["shift-page,keep-total"]).await;
    let page = bench.get("/trunks?page=2&per_page=1").await.1;
    assert_eq!((&page["meta"]["total"], &page["data"][0]["id"]), (&json!(2), &json!(2)));
    assert_eq!(bench.get("/trunks").await.1["data"][0]["name"], "Appeared 3");
}

#[tokio::test]
async fn a_short_page_lacks_its_last_row() {
    let bench = bench(numbers(20), &["short-page,path=/numbers,nth=1"]).await;
    let rows = |page: &Value| page["data"].as_array().unwrap().len();
    let short = bench.get("/numbers").await.1;
    assert_eq!((rows(&short), &short["meta"]["total"]), (14, &json!(20)));
    assert_eq!(rows(&bench.get("/numbers").await.1), 15);
}

#[tokio::test]
async fn faults_meet_requests_before_the_token_is_looked_at_and_anywhere() {
    let bench = bench(json!({}), &["status=418"]).await;
    let base = bench.sandbox.base();
    let response = bench.client.get(format!("{base}/kalem/api/v1/trunks")).send().await.unwrap();
    assert_eq!(response.status().as_u16(), 418);
    assert_eq!(bench.client.get(format!("{base}/elsewhere")).send().await.unwrap().status().as_u16(), 418);
    bench.set_faults(&[]);
    assert_eq!(bench.client.get(format!("{base}/elsewhere")).send().await.unwrap().status().as_u16(), 404);
}
