//! A client against a server that misbehaves on purpose.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::json;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::*;

mod compressed;
mod http2;
mod rate;
mod tree;
mod writes;

/// What the server does with one request.
#[derive(Clone)]
enum Reply {
    /// Status line, further headers and body, sent as they are.
    Raw(String),
    /// The same, where the body is no text.
    Bytes(Vec<u8>),
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

fn client(base: &str) -> Api {
    let connection = Connection {
        platform: "kalem",
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

async fn serve(mut stream: impl AsyncRead + AsyncWrite + Unpin, replies: Vec<Reply>, seen: Seen) {
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
        Reply::Bytes(bytes) => stream.write_all(bytes).await.unwrap(),
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
async fn the_token_is_in_no_text() {
    let echo = r#"{"message":"bad token Bearer tok-hunter2"}"#;
    let (api, _) = server(vec![status("422 No", "", echo)]).await;
    let error = api.get("/trunks", &[]).await.unwrap_err();
    let all = format!("{api:?} {error} {error:?} {:?}", error.problem());
    assert!(!all.contains("hunter2") && all.contains("bad token Bearer (sensitive value)"), "{all}");
}
