//! Servers that offer HTTP/2, and do not.

use axum::http::{HeaderValue, Response, Version};
use futures_util::future::join_all;
use h2::Reason;
use h2::server::SendResponse;
use rustls::ServerConfig;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject};
use tokio_rustls::{TlsAcceptor, server::TlsStream};

use super::*;

const PEM: &[u8] = include_bytes!("loopback.pem");
/// Streams that the server takes at one time, fewer than there are lanes.
const STREAMS: u32 = 3;

/// What an HTTP/2 server does with one request.
#[derive(Clone, Copy)]
enum Does {
    /// Answers with a status, and after how many seconds to come again.
    Says(u16, &'static str),
    /// Ends the stream.
    Resets(Reason),
    /// Answers, and takes no more requests on this connection.
    SaysGoodbye,
    /// Ends the connection.
    GoesAway(Reason),
}

/// The requests that came over HTTP/2: on which connection, and the method.
type Over = Arc<Mutex<Vec<(usize, String)>>>;

/// A server that speaks these protocols over TLS, and what it saw over each.
async fn server(protocols: &[&str], does: Vec<Does>) -> (Api, Over, Seen) {
    tls::provide_tls();
    let key = PrivateKeyDer::from_pem_slice(PEM).unwrap();
    let config = ServerConfig::builder().with_no_client_auth();
    let mut config =
        config.with_single_cert(vec![CertificateDer::from_pem_slice(PEM).unwrap()], key).unwrap();
    config.alpn_protocols = protocols.iter().map(|name| name.as_bytes().to_vec()).collect();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("https://{}/", listener.local_addr().unwrap());
    let (over, seen) = (Over::default(), Seen::default());
    let (log, plain) = (over.clone(), seen.clone());
    tokio::spawn(async move {
        for connection in 0.. {
            let (stream, _) = listener.accept().await.unwrap();
            let Ok(stream) = acceptor.accept(stream).await else { continue };
            if stream.get_ref().1.alpn_protocol() == Some(b"h2") {
                tokio::spawn(speak(stream, connection, does.clone(), log.clone()));
            } else {
                tokio::spawn(serve(stream, vec![ok()], plain.clone()));
            }
        }
    });
    let mut api = client(&base);
    let trusted = reqwest::Certificate::from_pem(PEM).unwrap();
    api.client =
        client::builder(&base.parse().unwrap(), api.bounds).tls_certs_only([trusted]).build().unwrap();
    (api, over, seen)
}

async fn speak(stream: TlsStream<TcpStream>, number: usize, does: Vec<Does>, over: Over) -> Option<()> {
    let mut connection =
        h2::server::Builder::new().max_concurrent_streams(STREAMS).handshake(stream).await.ok()?;
    while let Some(Ok((request, mut respond))) = connection.accept().await {
        assert_eq!(request.version(), Version::HTTP_2);
        let turn = {
            let mut over = over.lock().unwrap();
            over.push((number, request.method().to_string()));
            over.len() - 1
        };
        match does[turn.min(does.len() - 1)] {
            Does::Says(status, wait) => says(&mut respond, status, wait),
            Does::Resets(reason) => respond.send_reset(reason),
            Does::SaysGoodbye => {
                says(&mut respond, 200, "");
                connection.graceful_shutdown();
            }
            Does::GoesAway(reason) => connection.abrupt_shutdown(reason),
        }
    }
    Some(())
}

fn says(respond: &mut SendResponse<axum::body::Bytes>, status: u16, wait: &'static str) {
    let mut head = Response::new(());
    *head.status_mut() = status.try_into().unwrap();
    if !wait.is_empty() {
        head.headers_mut().insert("retry-after", HeaderValue::from_static(wait));
    }
    let mut body = respond.send_response(head, false).unwrap();
    body.send_data(r#"{"data":{"id":7}}"#.into(), true).unwrap();
}

const OK: Does = Does::Says(200, "");

#[tokio::test]
async fn where_it_is_offered_all_requests_share_a_connection() {
    let (api, over, seen) = server(&["h2", "http/1.1"], vec![OK]).await;
    api.get("/trunks", &[]).await.unwrap();
    let answers = join_all((0..40).map(|_| api.read("/numbers", &[]))).await;
    assert!(answers.into_iter().all(|answer| answer.is_ok()), "no more at a time than the server takes");
    let over = over.lock().unwrap();
    assert!(over.len() == 41 && over.iter().all(|(connection, _)| *connection == over[0].0), "{over:?}");
    assert_eq!(count(&seen), 0);
}

#[tokio::test]
async fn where_it_is_not_offered_nobody_speaks_it() {
    for protocols in [&["http/1.1"][..], &[]] {
        let (api, over, seen) = server(protocols, vec![OK]).await;
        api.get("/trunks", &[]).await.unwrap();
        assert!(over.lock().unwrap().is_empty());
        assert!(seen.lock().unwrap()[0].starts_with("GET /trunks HTTP/1.1\r\n"));
    }
}

#[tokio::test]
async fn what_an_answer_says_counts_as_ever() {
    let (api, over, _) = server(&["h2"], vec![Does::Says(401, "")]).await;
    let error = api.get("/trunks", &[]).await.unwrap_err();
    assert_eq!((over.lock().unwrap().len(), error.status()), (1, Some(401)));
    let (api, over, _) = server(&["h2"], vec![Does::Says(429, "1"), OK]).await;
    let start = Instant::now();
    api.get("/trunks", &[]).await.unwrap();
    assert!(over.lock().unwrap().len() == 2 && start.elapsed() >= Duration::from_secs(1));
}

#[tokio::test]
async fn what_was_not_answered_is_sent_again_only_where_twice_is_once() {
    for broken in [
        Does::Resets(Reason::REFUSED_STREAM),
        Does::Resets(Reason::INTERNAL_ERROR),
        Does::GoesAway(Reason::NO_ERROR),
        Does::GoesAway(Reason::ENHANCE_YOUR_CALM),
    ] {
        let (api, over, _) = server(&["h2"], vec![broken, broken, OK]).await;
        api.get("/trunks", &[]).await.unwrap();
        assert_eq!((over.lock().unwrap().len(), api.requests()), (3, 3), "each try is counted");
        let (api, over, _) = server(&["h2"], vec![broken, OK]).await;
        let api = Writer::over(api.into());
        let error = api.send("POST", "/trunks", None, false).await.unwrap_err();
        assert!(error.is_uncertain() && matches!(error.problem(), Problem::Lost { .. }), "{error}");
        assert_eq!((over.lock().unwrap().len(), api.requests()), (1, 1));
    }
}

#[tokio::test]
async fn a_server_may_say_goodbye_after_any_answer() {
    let (api, over, _) = server(&["h2"], vec![Does::SaysGoodbye]).await;
    for _ in 0..4 {
        api.get("/trunks", &[]).await.unwrap();
        // Nothing tells a client when it has taken in that a connection is over.
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let over = over.lock().unwrap();
    assert!(over.len() >= 4 && over.iter().any(|(connection, _)| *connection != over[0].0), "{over:?}");
}
