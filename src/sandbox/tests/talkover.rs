//! In: requests to Talkover's endpoints.
//! Out: what a client sees: trunks here; numbers, agents, forms of refusal and limits in the modules below.
//! Never looks inside.

mod agents;
mod dids;
mod limits;
mod refusals;

use serde_json::{Value, json};

use super::super::{Options, Sandbox};
use super::{Bench, PASSWORD, TOKEN, client, read};

const UDP: &str = "51900000-0000-4000-8000-000000000001";

/// A client of Talkover.
struct Desk(Bench);

async fn desk(seed: Value, faults: &[&str]) -> Desk {
    let faults = faults.iter().map(|spec| spec.parse().unwrap()).collect();
    let options = Options { seed: Some(json!({ "talkover": seed })), faults, ..Options::default() };
    Desk(Bench { sandbox: Sandbox::start(options).await.unwrap(), client: client() })
}

impl Desk {
    fn request(&self, method: &str, path: &str) -> reqwest::RequestBuilder {
        let url = format!("{}/talkover/api/v1{path}", self.0.sandbox.base());
        self.0.client.request(method.parse().unwrap(), url).bearer_auth(TOKEN)
    }

    async fn send(&self, method: &str, path: &str, body: Value) -> (u16, Value) {
        read(self.request(method, path).json(&body).send().await.unwrap()).await
    }

    async fn ask(&self, method: &str, path: &str) -> (u16, Value) {
        read(self.request(method, path).send().await.unwrap()).await
    }

    async fn get(&self, path: &str) -> (u16, Value) {
        self.ask("GET", path).await
    }

    /// The data of a request that must succeed.
    async fn data(&self, path: &str) -> Value {
        let (status, body) = self.get(path).await;
        assert_eq!((status, &body["success"]), (200, &json!(true)), "{path}: {body}");
        body["data"].clone()
    }
}

fn carrier() -> Value {
    json!({"name": "Carrier", "provider_name": "carrier-x", "domain": "sip.example.com", "username": "user_42",
           "password": PASSWORD})
}

/// A verified and active trunk at the address of [`UDP`].
fn active() -> Value {
    json!({"trunks": [{"name": "Carrier", "domain": "sip.example.com", "username": "user_42", "transport": "udp",
                       "is_active": true}]})
}

fn keys(value: &Value) -> String {
    value.as_object().unwrap().keys().map(String::as_str).collect::<Vec<_>>().join(" ")
}

fn flags(trunk: &Value) -> (bool, bool) {
    (trunk["is_verified"].as_bool().unwrap(), trunk["is_active"].as_bool().unwrap())
}

#[tokio::test]
async fn each_view_of_a_trunk_has_its_own_fields() {
    let desk = desk(json!({}), &[]).await;
    let (status, made) = desk.send("POST", "/sip-trunks", carrier()).await;
    assert_eq!((status, &made["success"]), (201, &json!(true)));
    let made = &made["data"];
    let documented = "id name provider_name domain transport port is_active is_verified created_at";
    assert_eq!(keys(made), documented);
    assert_eq!((&made["id"], &made["transport"], &made["port"]), (&json!(UDP), &json!("tls"), &json!(5061)));
    assert_eq!(flags(made), (false, false));
    let rows = desk.data("/sip-trunks").await;
    let documented = "id name provider_name domain transport is_active is_verified health_status created_at";
    assert_eq!((rows.as_array().unwrap().len(), keys(&rows[0]).as_str()), (1, documented));
    let path = format!("/sip-trunks/{UDP}");
    let whole = desk.data(&path).await;
    let documented = "id name provider_name domain username transport port outbound_proxy auth_realm is_active \
                      is_verified health_status last_health_check_at created_at updated_at";
    assert_eq!((keys(&whole).as_str(), &whole["username"]), (documented, &json!("user_42")));
    let (status, changed) = desk.send("PUT", &path, json!({"name": " Renamed ", "auth_realm": "r"})).await;
    assert_eq!((status, keys(&changed["data"]).as_str()), (200, "id name is_active is_verified updated_at"));
    let whole = desk.data(&path).await;
    assert_eq!(
        (&whole["name"], &whole["auth_realm"], &whole["domain"]),
        (&json!("Renamed"), &json!("r"), &json!("sip.example.com"))
    );
    assert_eq!(desk.send("PUT", &path, json!({"auth_realm": null})).await.0, 200);
    assert_eq!(desk.data(&path).await["auth_realm"], json!(null));
    let gone = json!({"success": true, "message": "SIP trunk deleted"});
    assert_eq!(desk.ask("DELETE", &path).await, (200, gone));
    let lost = (404, json!({"success": false, "message": "SIP trunk not found"}));
    for (method, below) in [
        ("GET", ""),
        ("PUT", ""),
        ("DELETE", ""),
        ("POST", "/verify"),
        ("GET", "/health"),
        ("GET", "/dids"),
        ("POST", "/dids"),
        ("DELETE", "/dids/x"),
    ] {
        assert_eq!(desk.ask(method, &format!("{path}{below}")).await, lost, "{method} {below}");
    }
    let (_, next) = desk.send("POST", "/sip-trunks", carrier()).await;
    assert_ne!(next["data"]["id"], UDP, "an id is not given twice");
}

#[tokio::test]
async fn the_port_follows_the_transport_of_a_new_trunk_only() {
    let desk = desk(json!({}), &["created-200"]).await;
    for (transport, port, expected) in [
        (json!("udp"), json!(null), 5060),
        (json!("tcp"), json!(null), 5060),
        (json!("tls"), json!(null), 5061),
        (json!("udp"), json!(5080), 5080),
    ] {
        let mut body = carrier();
        body["transport"] = transport;
        body["port"] = port;
        let (status, made) = desk.send("POST", "/sip-trunks", body.clone()).await;
        assert_eq!((status, &made["data"]["port"]), (200, &json!(expected)), "{body}");
    }
    let path = format!("/sip-trunks/{UDP}");
    for (body, expected) in [
        (json!({"transport": "tls"}), 5060),
        (json!({"transport": "tls", "port": null}), 5061),
        (json!({"transport": "udp", "port": 5070}), 5070),
    ] {
        desk.send("PUT", &path, body.clone()).await;
        assert_eq!(desk.data(&path).await["port"], expected, "{body}");
    }
}

#[tokio::test]
async fn wrong_fields_are_named() {
    let desk = desk(active(), &[]).await;
    let (status, body) = desk.send("POST", "/sip-trunks", json!({"port": 0, "transport": "sctp"})).await;
    assert_eq!((status, &body["message"]), (422, &json!("The given data was invalid.")));
    let expected = json!({
        "name": ["The name field is required."], "provider_name": ["The provider name field is required."],
        "domain": ["The domain field is required."], "username": ["The username field is required."],
        "password": ["The password field is required."],
        "port": ["The port field must be between 1 and 65535."],
        "transport": ["The selected transport is invalid."],
    });
    assert_eq!((&body["success"], &body["errors"]), (&json!(false), &expected));
    let path = format!("/sip-trunks/{UDP}");
    for (body, field, text) in [
        (json!({"name": "n".repeat(256)}), "name", "The name field must not be greater than 255 characters."),
        (json!({"name": ""}), "name", "The name field is required."),
        (json!({"domain": 5}), "domain", "The domain field must be a string."),
        (json!({"port": "x"}), "port", "The port field must be an integer."),
        (json!({"port": 65536}), "port", "The port field must be between 1 and 65535."),
        (json!({"is_active": "yes"}), "is_active", "The is active field must be true or false."),
        (json!({"password": null}), "password", "The password field is required."),
    ] {
        let (status, answer) = desk.send("PUT", &path, body.clone()).await;
        assert_eq!((status, &answer["errors"][field]), (422, &json!([text])), "{body}");
    }
    assert_eq!(desk.data("/sip-trunks").await.as_array().unwrap().len(), 1);
    let broken = desk.request("PUT", &path).header("content-type", "application/json").body("{");
    assert_eq!(read(broken.send().await.unwrap()).await.0, 400);
}

#[tokio::test]
async fn a_trunk_is_verified_before_it_is_active() {
    let desk = desk(json!({}), &[]).await;
    let mut body = carrier();
    body["is_active"] = json!(true);
    let (status, refused) = desk.send("POST", "/sip-trunks", body).await;
    assert_eq!((status, &refused["code"]), (422, &json!("TRUNK_NOT_VERIFIED")));
    desk.send("POST", "/sip-trunks", carrier()).await;
    let path = format!("/sip-trunks/{UDP}");
    let (status, refused) = desk.send("PUT", &path, json!({"is_active": true, "name": "N"})).await;
    assert_eq!((status, &refused["code"]), (422, &json!("TRUNK_NOT_VERIFIED")));
    let before = desk.data(&path).await;
    assert_eq!((&before["name"], &before["health_status"]), (&json!("Carrier"), &json!("unknown")));
    let (status, verified) = desk.ask("POST", &format!("{path}/verify")).await;
    assert_eq!((status, &verified["success"]), (200, &json!(true)));
    assert_eq!(keys(&verified["data"]), "is_verified health_status last_health_check_at");
    let trunk = desk.data(&path).await;
    assert_eq!((flags(&trunk), &trunk["health_status"]), ((true, false), &json!("healthy")));
    assert_eq!(trunk["last_health_check_at"], verified["data"]["last_health_check_at"]);
    assert_eq!(desk.send("PUT", &path, json!({"is_active": true})).await.0, 200);
    assert_eq!(flags(&desk.data(&path).await), (true, true));
}

#[tokio::test]
async fn another_connection_has_to_be_verified_again() {
    let changes = [
        (json!({"domain": "sip2.example.com"}), true, true),
        (json!({"transport": "tcp"}), true, true),
        (json!({"username": "other"}), true, true),
        (json!({"password": PASSWORD}), true, true),
        (json!({"port": 5090}), false, true),
        (json!({"outbound_proxy": "proxy.example.com"}), false, true),
        (json!({"auth_realm": "realm"}), false, true),
        (json!({"name": "Other", "provider_name": "other"}), false, false),
        (json!({"domain": "sip.example.com", "transport": "udp", "username": "user_42"}), false, false),
    ];
    for (body, resets, resets_wide) in changes {
        for (switches, resets, keeps) in [
            (&[][..], resets, false),
            (&["reset-keeps-active"], resets, true),
            (&["reset-wide"], resets_wide, false),
        ] {
            let desk = desk(active(), switches).await;
            let path = format!("/sip-trunks/{UDP}");
            let (status, changed) = desk.send("PUT", &path, body.clone()).await;
            let expected = (!resets, !resets || keeps);
            assert_eq!((status, flags(&changed["data"])), (200, expected), "{body} {switches:?}");
            assert_eq!(flags(&desk.data(&path).await), expected);
        }
    }
    let desk = desk(active(), &[]).await;
    let both = json!({"domain": "sip2.example.com", "is_active": true});
    assert_eq!(desk.send("PUT", &format!("/sip-trunks/{UDP}"), both).await.0, 422);
    assert_eq!(desk.data("/sip-trunks").await[0]["domain"], "sip.example.com", "nothing is done by half");
}

#[tokio::test]
async fn a_verification_fails_in_the_body_with_either_status() {
    for (switch, code) in [("verify-fails", 200), ("verify-fails-422", 422)] {
        let desk = desk(active(), &[switch]).await;
        let path = format!("/sip-trunks/{UDP}");
        let (_, healthy) = desk.get(&format!("{path}/health")).await;
        assert_eq!(
            (&healthy["success"], &healthy["data"]["is_healthy"]),
            (&json!(true), &json!(false)),
            "an unhealthy trunk is still an answer"
        );
        assert_eq!(flags(&desk.data(&path).await), (true, true), "looking changes nothing");
        let failure = json!({"success": false, "data": {"is_verified": false, "health_status": "unhealthy",
                             "error": "Authentication failed (401)"}});
        assert_eq!(desk.ask("POST", &format!("{path}/verify")).await, (code, failure));
        let trunk = desk.data(&path).await;
        assert_eq!((flags(&trunk), &trunk["health_status"]), ((false, false), &json!("unhealthy")));
        desk.0.set_faults(&[]);
        assert_eq!(
            keys(&desk.data(&format!("{path}/health")).await),
            "is_healthy response_time_ms checked_at"
        );
        assert_eq!(desk.ask("POST", &format!("{path}/verify")).await.1["success"], true);
    }
}

#[tokio::test]
async fn no_password_and_no_token_is_kept_or_shown() {
    let desk = desk(json!({}), &[]).await;
    let (_, made) = desk.send("POST", "/sip-trunks", carrier()).await;
    let path = format!("/sip-trunks/{UDP}");
    desk.send("PUT", &path, json!({"password": PASSWORD})).await;
    let mut wrong = carrier();
    wrong["name"] = json!(null);
    let (_, refused) = desk.send("POST", "/sip-trunks", wrong).await;
    let sandbox = &desk.0.sandbox;
    let snapshot = sandbox.snapshot();
    assert_eq!(snapshot["talkover"]["trunks"][0]["password_changes"], 2);
    let texts = [made, refused, desk.data(&path).await, snapshot].map(|value| value.to_string());
    for text in texts.into_iter().chain([format!("{:?}", sandbox.requests())]) {
        assert!(!text.contains(PASSWORD) && !text.contains(TOKEN), "{text}");
    }
}
