//! The least that a client can do: the same requests, the same file.
//! In: the requests that a command sent, in a file, and the YAML. Out: nothing; what it costs is measured from outside.
//! Looks into no answer and makes nothing of the YAML.

use std::path::Path;

use futures_util::{StreamExt, stream};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

/// Requests that are sent at the same time, as the tool does.
const AT_ONCE: usize = 8;

/// One request of the bare client.
#[derive(Serialize, Deserialize)]
pub(crate) struct Sent {
    pub(crate) method: String,
    pub(crate) url: String,
    pub(crate) body: Option<Json>,
}

/// `REQUESTS YAML`: paths of files, either of which may be `-` for none.
pub(crate) fn run(args: &[String]) {
    if let Some(requests) = given(&args[0]) {
        let sent: Vec<Sent> = serde_json::from_str(&requests).expect("requests");
        // As the library does before its first client.
        let _ = rustls::crypto::ring::default_provider().install_default();
        // What writes waits for what reads.
        let (reads, writes): (Vec<_>, Vec<_>) = sent.into_iter().partition(|one| one.method == "GET");
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async {
            let client = reqwest::Client::builder().no_proxy().http1_only().tls_certs_only([]).build();
            let client = client.expect("a client");
            all(&client, reads).await;
            all(&client, writes).await;
        });
    }
    if let Some(text) = given(&args[1]) {
        let mut events = 0_usize;
        for event in granit_parser::Parser::new_from_str(&text) {
            event.expect("the file is YAML");
            events += 1;
        }
        assert!(std::hint::black_box(events) > 0);
    }
}

fn given(path: &str) -> Option<String> {
    (path != "-").then(|| std::fs::read_to_string(Path::new(path)).expect("the file can be read"))
}

async fn all(client: &reqwest::Client, requests: Vec<Sent>) {
    let send = |one: Sent| async move {
        let method = one.method.parse().expect("a method");
        let mut request = client.request(method, one.url).bearer_auth("bench");
        if let Some(body) = &one.body {
            request = request.json(body);
        }
        let answer = request.send().await.expect("an answer");
        assert!(answer.status().is_success(), "{}", answer.status());
        std::hint::black_box(answer.bytes().await.expect("a body"));
    };
    stream::iter(requests).map(send).buffer_unordered(AT_ONCE).collect::<()>().await;
}
