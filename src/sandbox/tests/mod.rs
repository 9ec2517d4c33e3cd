//! In: a running sandbox.
//! Out: what a client sees over HTTP, endpoint by endpoint, message by message, fault by fault.
//! Never looks inside.

mod bolna;
mod faults;
mod hosts;
mod kalem;
mod lists;
mod talkover;
mod worlds;

use std::time::Duration;

use reqwest::{Client, Method, Response};
use serde_json::{Value, json};

use super::{Options, Sandbox};

pub(super) const TOKEN: &str = "kal_planted-token-7f3a";
pub(super) const PASSWORD: &str = "planted-Passw0rd-91c2";

/// A sandbox and a client that does what a careful client does, unless told otherwise.
pub(super) struct Bench {
    pub(super) sandbox: Sandbox,
    pub(super) client: Client,
}

pub(super) fn client() -> Client {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none());
    client.timeout(Duration::from_secs(10)).build().unwrap()
}

pub(super) async fn bench(seed: Value, faults: &[&str]) -> Bench {
    let faults = faults.iter().map(|spec| spec.parse().unwrap()).collect();
    let options = Options { seed: Some(json!({ "kalem": seed })), faults, ..Options::default() };
    Bench { sandbox: Sandbox::start(options).await.unwrap(), client: client() }
}

impl Bench {
    pub(super) fn request(&self, method: &str, path: &str) -> reqwest::RequestBuilder {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        let url = format!("{}/kalem/api/v1{path}", self.sandbox.base());
        self.client.request(method, url).bearer_auth(TOKEN).header("accept", "application/json")
    }

    pub(super) async fn send(&self, method: &str, path: &str, body: Value) -> (u16, Value) {
        read(self.request(method, path).json(&body).send().await.unwrap()).await
    }

    pub(super) async fn get(&self, path: &str) -> (u16, Value) {
        read(self.request("GET", path).send().await.unwrap()).await
    }

    pub(super) async fn delete(&self, path: &str) -> (u16, Value) {
        read(self.request("DELETE", path).send().await.unwrap()).await
    }

    pub(super) fn set_faults(&self, specs: &[&str]) {
        self.sandbox.set_faults(specs.iter().map(|spec| spec.parse().unwrap()).collect());
    }
}

pub(super) async fn read(response: Response) -> (u16, Value) {
    let status = response.status().as_u16();
    let text = response.text().await.unwrap();
    (status, serde_json::from_str(&text).unwrap_or(Value::String(text)))
}

pub(super) fn office() -> Value {
    json!({"name": "Office PBX", "direction": "inbound", "auth_type": "ip", "host": "203.0.113.50"})
}

pub(super) fn numbers(count: usize) -> Value {
    let row = |at: usize| json!({"number": format!("+1555{at:07}")});
    json!({ "numbers": (1..=count).map(row).collect::<Vec<_>>() })
}
