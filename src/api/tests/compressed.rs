//! Answers that come compressed, and connections that are kept.

use std::io::Write as _;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::serve::ListenerExt as _;
use flate2::{Compression, write::GzEncoder};
use futures_util::future::join_all;

use super::*;

fn zipped(text: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(text).unwrap();
    encoder.finish().unwrap()
}

fn gzip(status: &str, body: &[u8]) -> Reply {
    let head = format!(
        "HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-encoding: gzip\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
        body.len()
    );
    Reply::Bytes([head.as_bytes(), body].concat())
}

#[tokio::test]
async fn what_is_read_may_come_compressed_and_what_is_written_is_answered_plainly() {
    let (api, seen) = server(vec![gzip("200 OK", &zipped(br#"{"data":{"id":7}}"#)), ok()]).await;
    let api = Writer::over(api.into());
    assert_eq!(api.get("/trunks", &[]).await.unwrap().body, json!({"data": {"id": 7}}));
    api.send("DELETE", "/trunks/7", None, false).await.unwrap();
    let seen = seen.lock().unwrap();
    assert!(seen[0].contains("accept-encoding: gzip\r\n"), "{}", seen[0]);
    assert!(seen[1].contains("accept-encoding: identity\r\n"), "{}", seen[1]);
}

#[tokio::test]
async fn the_bound_is_on_what_comes_out() {
    let bomb = zipped(&vec![b' '; 20 << 20]);
    assert!(bomb.len() < 30_000, "the answer itself is within the bound");
    let (api, seen) = server(vec![gzip("200 OK", &bomb)]).await;
    let error = api.get("/trunks", &[]).await.unwrap_err();
    assert!(matches!(error.problem(), Problem::TooLarge { .. }), "{error}");
    assert_eq!(count(&seen), 1);
    let (api, _) = server(vec![gzip("422 No", &bomb)]).await;
    assert_eq!(api.get("/trunks", &[]).await.unwrap_err().status(), Some(422));
}

#[tokio::test]
async fn what_is_broken_off_or_garbled_is_asked_for_again() {
    let whole = zipped(br#"{"data":{"id":7,"name":"Office PBX"}}"#);
    let mut garbled = whole.clone();
    garbled[14] ^= 0x55;
    let mut wrong_sum = whole.clone();
    *wrong_sum.last_mut().unwrap() ^= 1;
    for broken in [&whole[..whole.len() - 12], &whole[..5], &garbled, &wrong_sum, b"{}"] {
        let (api, seen) = server(vec![gzip("200 OK", broken), ok()]).await;
        assert!(api.get("/trunks", &[]).await.is_ok());
        assert_eq!(count(&seen), 2, "{broken:?}");
        let (api, seen) = server(vec![gzip("200 OK", broken)]).await;
        let error = api.get("/trunks", &[]).await.unwrap_err();
        assert!(matches!(error.problem(), Problem::Cut { .. }) && count(&seen) == 4, "{error}");
    }
    let (api, _) = server(vec![gzip("500 No", &whole[..12])]).await;
    assert_eq!(api.get("/trunks", &[]).await.unwrap_err().status(), Some(500), "the status has said it");
}

#[tokio::test]
async fn no_more_connections_are_made_than_requests_are_under_way() {
    let made = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&made);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}/", listener.local_addr().unwrap());
    let listener = listener.tap_io(move |_| _ = counter.fetch_add(1, Ordering::Relaxed));
    let app = axum::Router::new().fallback(async || axum::Json(json!({"data": []})));
    tokio::spawn(async move { axum::serve(listener, app).await });
    let api = client(&base);
    for _ in 0..5 {
        let answers = join_all((0..40).map(|_| api.read("/numbers", &[]))).await;
        assert!(answers.into_iter().all(|answer| answer.is_ok()));
    }
    assert_eq!(api.requests(), 200);
    assert!((1..=8).contains(&made.load(Ordering::Relaxed)), "{made:?}");
}
