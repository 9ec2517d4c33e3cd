//! A client against a server that misbehaves on purpose.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::*;

mod rate;

/// What the server does with one request.
#[derive(Clone)]
enum Reply {
    /// Status line, further headers and body, sent as they are.
    Raw(String),
    /// Closes the connection without a word.
    Reset,
    /// Says nothing for a long time.
    Hang,
    /// Sends a body without end.
    Endless,
}

fn status(status: &str, headers: &str, body: &str) -> Reply {
    Reply::Raw(format!(
        "HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n{headers}\r\n{body}",
        body.len()
    ))
}

fn ok() -> Reply {
    status("200 OK", "", r#"{"data":{"id":7}}"#)
}

/// The requests that a server saw, as text.
type Seen = Arc<Mutex<Vec<String>>>;

/// A server that answers with the replies in turn, then always with the last.
async fn server(replies: Vec<Reply>) -> (Api, Seen) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}/api/v1/", listener.local_addr().unwrap());
    let seen = Seen::default();
    let log = seen.clone();
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            tokio::spawn(serve(stream, replies.clone(), log.clone()));
        }
    });
    (client(&base), seen)
}

fn json_body(json: serde_json::Value) -> Body {
    Body::new(json.to_string().into_bytes().into())
}

fn client(base: &str) -> Api {
    let connection = Connection {
        account: Account::new("kalem"),
        base: base.parse().unwrap(),
        token: "tok-hunter2".to_owned().into(),
    };
    let bounds = Bounds {
        answer: Duration::from_millis(700),
        backoff: Duration::from_millis(2),
        body: 100_000,
        ..Bounds::default()
    };
    Api::with_bounds(connection, bounds).unwrap()
}

async fn serve(mut stream: TcpStream, replies: Vec<Reply>, seen: Seen) {
    let mut request = Vec::new();
    while !complete(&request) {
        let mut part = [0; 4096];
        match stream.read(&mut part).await {
            Ok(0) | Err(_) => return,
            Ok(n) => request.extend_from_slice(&part[..n]),
        }
    }
    let turn = {
        let mut seen = seen.lock().unwrap();
        seen.push(String::from_utf8(request).unwrap());
        seen.len() - 1
    };
    match &replies[turn.min(replies.len() - 1)] {
        Reply::Raw(text) => stream.write_all(text.as_bytes()).await.unwrap(),
        Reply::Reset => {}
        Reply::Hang => tokio::time::sleep(Duration::from_secs(60)).await,
        Reply::Endless => {
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n[").await;
            while stream.write_all(&[b' '; 8192]).await.is_ok() {}
        }
    }
}

fn complete(request: &[u8]) -> bool {
    let text = String::from_utf8_lossy(request);
    let Some((head, body)) = text.split_once("\r\n\r\n") else { return false };
    let length =
        head.lines().find_map(|l| l.to_ascii_lowercase().strip_prefix("content-length: ")?.parse().ok());
    body.len() >= length.unwrap_or(0)
}

fn count(seen: &Seen) -> usize {
    seen.lock().unwrap().len()
}

#[tokio::test]
async fn every_request_says_who_asks_for_what() {
    let (api, seen) = server(vec![ok()]).await;
    let answer = api.get("/trunks", &[("per_page", "100".into()), ("search", "a b&c".into())]).await.unwrap();
    assert_eq!((answer.status, answer.body), (200, json!({"data": {"id": 7}})));
    api.send("PUT", "/trunks/7", Some(&json_body(json!({"name": "x"}))), false).await.unwrap();
    let seen = seen.lock().unwrap();
    assert!(
        seen[0].starts_with("GET /api/v1/trunks?per_page=100&search=a+b%26c HTTP/1.1\r\n"),
        "{}",
        seen[0]
    );
    assert!(seen[1].starts_with("PUT /api/v1/trunks/7 HTTP/1.1\r\n") && seen[1].ends_with(r#"{"name":"x"}"#));
    for request in seen.iter() {
        for header in
            ["accept: application/json", "authorization: Bearer tok-hunter2", "user-agent: trunkform/"]
        {
            assert!(request.contains(header), "{header} in {request}");
        }
    }
    assert_eq!(api.requests(), 2);
}

#[tokio::test]
async fn a_wrong_token_is_tried_once_and_explained() {
    let (api, seen) = server(vec![status("401 Unauthorized", "", r#"{"message":"Unauthenticated."}"#)]).await;
    let error = api.get("/trunks", &[]).await.unwrap_err();
    assert_eq!((count(&seen), error.status(), error.is_uncertain()), (1, Some(401), false));
    assert!(
        error.to_string().contains("/api/v1/trunks: 401 Unauthenticated. — set TRUNKFORM_TOKEN_KALEM"),
        "{error}"
    );
}

#[tokio::test]
async fn what_may_pass_is_tried_again() {
    let bad = || status("500 Internal Server Error", "", r#"{"message":"Server Error"}"#);
    let cut = || status("200 OK", "", r#"{"data":["#);
    let short = || Reply::Raw("HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{}".into());
    for first in [bad(), cut(), short(), Reply::Reset, Reply::Hang, status("429 Slow", "", "{}")] {
        let (api, seen) = server(vec![first.clone(), first, ok()]).await;
        assert!(api.get("/trunks", &[]).await.is_ok());
        assert_eq!((count(&seen), api.requests()), (3, 3));
    }
    let (api, seen) = server(vec![bad()]).await;
    let error = api.get("/trunks", &[]).await.unwrap_err();
    assert_eq!((count(&seen), error.status(), error.is_uncertain()), (4, Some(500), false));
}

#[tokio::test]
async fn a_post_is_never_sent_twice_when_it_may_have_been_done() {
    let lost = [
        Reply::Reset,
        Reply::Hang,
        Reply::Endless,
        status("503 Service Unavailable", "retry-after: 0\r\n", "{}"),
        status("201 Created", "", r#"{"data":{"id""#),
        status("200 OK", "", "<html>"),
    ];
    for reply in lost {
        let (api, seen) = server(vec![reply, ok()]).await;
        let error = api.send("POST", "/trunks", Some(&json_body(json!({}))), false).await.unwrap_err();
        assert_eq!((count(&seen), error.is_uncertain()), (1, true), "{error}");
    }
    let (api, seen) = server(vec![status("429 Slow", "retry-after: 0\r\n", "{}"), ok()]).await;
    assert!(api.send("POST", "/trunks", Some(&json_body(json!({}))), false).await.is_ok());
    assert_eq!(count(&seen), 2);
    let (api, seen) = server(vec![status("422 No", "", r#"{"message":"Bad."}"#)]).await;
    let error = api.send("POST", "/trunks", Some(&json_body(json!({}))), false).await.unwrap_err();
    assert_eq!((count(&seen), error.is_uncertain(), error.status()), (1, false, Some(422)));
}

#[tokio::test]
async fn a_refused_connection_is_certain_and_tried_again() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}/", listener.local_addr().unwrap());
    drop(listener);
    let api = client(&base);
    let error = api.send("POST", "/trunks", None, false).await.unwrap_err();
    assert_eq!((api.requests(), error.is_uncertain()), (4, false));
    assert!(
        error.to_string().contains("no connection") && error.to_string().contains("TRUNKFORM_URL_KALEM"),
        "{error}"
    );
}

#[tokio::test]
async fn a_deletion_that_was_done_unseen_is_done() {
    let gone = || status("404 Not Found", "", r#"{"message":"No query results"}"#);
    let (api, _) = server(vec![Reply::Reset, gone()]).await;
    let answer = api.send("DELETE", "/trunks/1", None, false).await.unwrap();
    assert_eq!((answer.status, answer.after_uncertain), (404, true));

    let (api, _) = server(vec![gone()]).await;
    let error = api.send("DELETE", "/trunks/1", None, false).await.unwrap_err();
    assert_eq!((error.status(), error.is_uncertain()), (Some(404), false));

    let (api, _) = server(vec![Reply::Reset, gone()]).await;
    let error = api.send("PUT", "/trunks/1", Some(&json_body(json!({}))), false).await.unwrap_err();
    assert_eq!((error.status(), error.is_uncertain()), (Some(404), true), "an earlier try may stand");

    // A web page that says 404 does not speak for the platform.
    let (api, _) = server(vec![Reply::Reset, status("404 Not Found", "", "<html>")]).await;
    let error = api.send("DELETE", "/trunks/1", None, false).await.unwrap_err();
    assert_eq!((error.status(), error.is_uncertain(), error.is_gone()), (Some(404), true, false));

    let (api, _) =
        server(vec![Reply::Raw("HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n".into())]).await;
    let answer = api.send("DELETE", "/trunks/1", None, false).await.unwrap();
    assert_eq!((answer.status, answer.body, answer.after_uncertain), (204, json!(null), false));
}

#[tokio::test]
async fn a_redirect_is_an_error_and_is_not_followed() {
    let reply = status("302 Found", "location: /login?next=x\r\n", "");
    let (api, seen) = server(vec![reply]).await;
    let error = api.send("PUT", "/trunks/1", Some(&json_body(json!({}))), false).await.unwrap_err();
    assert_eq!((count(&seen), error.status()), (1, Some(302)));
    assert!(error.to_string().contains("302 redirects to http://127.0.0.1:"), "{error}");
    assert!(!error.to_string().contains("next=x"), "{error}");
}

#[tokio::test]
async fn what_is_not_json_is_named_for_what_it_is() {
    let html = Reply::Raw(
        "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\nconnection: close\r\n\r\n<!DOCTYPE html><title>\x1b[31mHi</title>".into(),
    );
    let (api, seen) = server(vec![html]).await;
    let error = api.get("/trunks", &[]).await.unwrap_err().to_string();
    assert_eq!(count(&seen), 1);
    assert!(
        error.contains("an HTML page (text/html) instead of JSON <!DOCTYPE html><title>\\u{1b}[31mHi"),
        "{error}"
    );
    assert!(error.ends_with("is TRUNKFORM_URL_KALEM right?"), "{error}");
    let (api, _) = server(vec![status("200 OK", "", "")]).await;
    assert!(api.get("/trunks", &[]).await.unwrap_err().to_string().contains("an empty body"));
}

#[tokio::test]
async fn an_endless_body_ends() {
    let (api, seen) = server(vec![Reply::Endless]).await;
    let error = api.get("/trunks", &[]).await.unwrap_err();
    assert!(matches!(error.problem(), Problem::TooLarge { .. }), "{error}");
    assert_eq!(count(&seen), 1);
}

#[tokio::test]
async fn one_429_stops_every_worker() {
    let (api, seen) = server(vec![status("429 Slow", "retry-after: 1\r\n", "{}"), ok()]).await;
    let start = Instant::now();
    let first = api.get("/trunks", &[]);
    let second = async {
        tokio::time::sleep(Duration::from_millis(100)).await;
        assert_eq!(count(&seen), 1);
        api.get("/numbers", &[]).await
    };
    let quiet = async {
        tokio::time::sleep(Duration::from_millis(600)).await;
        assert_eq!(count(&seen), 1, "the second worker did not wait for the first one's pause");
    };
    let (first, second, ()) = tokio::join!(first, second, quiet);
    assert!(first.is_ok() && second.is_ok());
    assert!(start.elapsed() >= Duration::from_secs(1) && count(&seen) == 3, "{:?}", start.elapsed());
}

#[tokio::test]
async fn no_id_can_lead_elsewhere() {
    let (api, seen) = server(vec![ok()]).await;
    for path in
        ["trunks", "@evil.example/", "/trunks/", "/trunks/..", "/trunks/%2E%2e/x", "//evil.example", "/."]
    {
        assert!(api.send("DELETE", path, None, false).await.is_err(), "{path}");
    }
    assert!(api.send("GET", "/trunks", None, false).await.is_err());
    assert_eq!(count(&seen), 0);
    api.send("DELETE", "/trunks/a?b#c%2Fd", None, false).await.unwrap();
    assert!(seen.lock().unwrap()[0].starts_with("DELETE /api/v1/trunks/a%3Fb%23c%2Fd HTTP"));
}

#[tokio::test]
async fn the_token_is_in_no_text() {
    let echo = r#"{"message":"bad token Bearer tok-hunter2"}"#;
    let (api, _) = server(vec![status("422 No", "", echo)]).await;
    let error = api.get("/trunks", &[]).await.unwrap_err();
    let all = format!("{api:?} {error} {error:?} {:?}", error.problem());
    assert!(!all.contains("hunter2") && all.contains("bad token Bearer (sensitive value)"), "{all}");
}
