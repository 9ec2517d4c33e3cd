//! In: requests that call the sandbox by several names.
//! Out: an answer to those of this machine, and 403 with a sentence to the others.
//! Never a name of the web.

use std::net::{Ipv4Addr, SocketAddr};

use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::sandbox::{Options, Sandbox};

/// The status and the body that raw bytes get.
async fn ask(sandbox: &Sandbox, request: &str) -> (u16, String) {
    let port = sandbox.base().rsplit_once(':').unwrap().1.to_owned();
    let mut stream = TcpStream::connect(format!("127.0.0.1:{port}")).await.unwrap();
    let request = request.replace("PORT", &port);
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    let status = answer.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
    (status, answer)
}

fn called(host: &str) -> String {
    format!(
        "GET /kalem/api/v1/trunks HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer x\r\nConnection: close\r\n\r\n"
    )
}

#[tokio::test]
async fn a_request_by_another_name_is_refused() {
    let options = Options { seed: Some(json!({"kalem": {}})), ..Options::default() };
    let sandbox = Sandbox::start(options).await.unwrap();
    for host in [
        "127.0.0.1:PORT",
        "localhost:PORT",
        "LOCALHOST",
        "127.0.0.1",
        "127.8.8.8:1",
        "[::1]:PORT",
        "[::ffff:127.0.0.1]",
    ] {
        assert_eq!(ask(&sandbox, &called(host)).await.0, 200, "{host}");
    }
    let served = sandbox.requests().len();
    let hostile = [
        "evil.example:PORT",
        "evil.example",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "evil@127.0.0.1",
        "192.0.2.1:PORT",
        "0.0.0.0:PORT",
        "[::]",
        "2130706433",
        "localhost.",
        "a.localhost",
        "",
    ];
    for host in hostile {
        let (status, answer) = ask(&sandbox, &called(host)).await;
        assert!(status == 403 && answer.contains("by an address of this machine"), "{host}: {answer}");
    }
    for request in [
        "GET /kalem/api/v1/trunks HTTP/1.1\r\nConnection: close\r\n\r\n".to_owned(),
        called("localhost\r\nHost: evil.example"),
        called("localhost").replace("GET /", "GET http://evil.example/"),
        called("evil.example").replace("GET ", "POST "),
    ] {
        assert_eq!(ask(&sandbox, &request).await.0, 403, "{request}");
    }
    assert_eq!(sandbox.requests().len(), served, "what is refused reaches no platform");
}

#[tokio::test]
async fn beyond_loopback_any_address_is_good_and_no_name() {
    let listen = SocketAddr::from((Ipv4Addr::UNSPECIFIED, 0));
    let options = Options { listen, seed: Some(json!({"kalem": {}})), ..Options::default() };
    let sandbox = Sandbox::start(options).await.unwrap();
    for (host, expected) in
        [("192.0.2.1:PORT", 200), ("127.0.0.1:PORT", 200), ("localhost", 200), ("evil.example:PORT", 403)]
    {
        assert_eq!(ask(&sandbox, &called(host)).await.0, expected, "{host}");
    }
}
