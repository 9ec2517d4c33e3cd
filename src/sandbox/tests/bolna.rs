//! In: requests to each of Bolna's endpoints.
//! Out: the documented answers, texts and rules.
//! Never a fault; the variations are in `switches`.

mod switches;

use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use super::super::{Options, Sandbox, routes};
use super::{Bench, PASSWORD, TOKEN, client, read};

const SALES: &str = "5d0f1b7e-3c2a-4b8e-9a41-0c6d2e7f1a01";
const SUPPORT: &str = "5d0f1b7e-3c2a-4b8e-9a41-0c6d2e7f1a02";
const TRUNKS: &str = "/sip-trunks/trunks";

/// A sandbox in which Bolna has this state.
struct Bolna(Bench);

async fn bolna(seed: Value, faults: &[&str]) -> Bolna {
    let options = Options { seed: Some(json!({ "bolna": seed })), ..Options::default() };
    let bolna = Bolna(Bench { sandbox: Sandbox::start(options).await.unwrap(), client: client() });
    bolna.0.set_faults(faults);
    bolna
}

impl Bolna {
    fn request(&self, method: &str, path: &str) -> RequestBuilder {
        let url = format!("{}/bolna{path}", self.0.sandbox.base());
        self.0.client.request(Method::from_bytes(method.as_bytes()).unwrap(), url).bearer_auth(TOKEN)
    }

    async fn send(&self, method: &str, path: &str, body: Value) -> (u16, Value) {
        read(self.request(method, path).json(&body).send().await.unwrap()).await
    }

    async fn get(&self, path: &str) -> Value {
        let (status, body) = read(self.request("GET", path).send().await.unwrap()).await;
        assert_eq!(status, 200, "{path}: {body}");
        body
    }

    async fn delete(&self, path: &str) -> (u16, Value) {
        read(self.request("DELETE", path).send().await.unwrap()).await
    }

    /// Makes a trunk and says where it is.
    async fn trunk(&self, name: &str) -> String {
        let mut body = carrier();
        body["name"] = json!(name);
        let (status, made) = self.send("POST", TRUNKS, body).await;
        assert_eq!(status, 201, "{made}");
        format!("{TRUNKS}/{}", made["id"].as_str().unwrap())
    }

    /// Adds a number to a trunk and says its id.
    async fn number(&self, trunk: &str, text: &str) -> String {
        let (status, made) =
            self.send("POST", &format!("{trunk}/numbers"), json!({ "phone_number": text })).await;
        assert_eq!(status, 201, "{made}");
        made["id"].as_str().unwrap().to_owned()
    }
}

fn carrier() -> Value {
    json!({"name": "Carrier", "provider": "twilio", "auth_type": "userpass", "auth_username": "u",
           "auth_password": PASSWORD, "gateways": [{"gateway_address": "sip.carrier.example"}]})
}

/// As the documentation writes an error.
fn error(status: u16, text: &str) -> (u16, Value) {
    (status, json!({"error": status, "message": text}))
}

fn keys(value: &Value) -> String {
    value.as_object().unwrap().keys().map(String::as_str).collect::<Vec<_>>().join(" ")
}

fn texts(rows: &Value) -> Vec<&str> {
    rows.as_array().unwrap().iter().map(|row| row["phone_number"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_trunk_lives_and_dies() {
    assert!(routes().any(|route| route == ("bolna", "/bolna")));
    let bolna = bolna(json!({}), &[]).await;
    let mut body = carrier();
    body["is_active"] = json!(false);
    body["phone_numbers"] = json!([{"phone_number": "+15550000001", "name": "Desk"}]);
    let (status, made) = bolna.send("POST", TRUNKS, body).await;
    assert_eq!(status, 201);
    let fields = "id name provider description auth_type auth_username gateways ip_identifiers allow disallow \
                  transport media_encryption media_encryption_optimistic direct_media rtp_symmetric force_rport \
                  qualify_frequency inbound_enabled outbound_leading_plus_enabled is_active created_at updated_at \
                  phone_numbers";
    assert_eq!(keys(&made), fields);
    for (field, default) in [
        ("description", json!(null)),
        ("allow", json!("ulaw,alaw")),
        ("disallow", json!("all")),
        ("transport", json!("transport-udp")),
        ("media_encryption", json!("no")),
        ("media_encryption_optimistic", json!(false)),
        ("direct_media", json!(false)),
        ("rtp_symmetric", json!(true)),
        ("force_rport", json!(true)),
        ("qualify_frequency", json!(60)),
        ("inbound_enabled", json!(false)),
        ("outbound_leading_plus_enabled", json!(true)),
        ("is_active", json!(true)),
        ("ip_identifiers", json!([])),
    ] {
        assert_eq!(made[field], default, "{field}");
    }
    let gateway = &made["gateways"][0];
    assert_eq!(keys(gateway), "id gateway_address port priority created_at");
    assert_eq!((&gateway["port"], &gateway["priority"]), (&json!(5060), &json!(1)));
    let number = &made["phone_numbers"][0];
    assert_eq!((&number["name"], &number["byot_trunk_id"]), (&json!("Desk"), &made["id"]));
    let id = made["id"].as_str().unwrap();
    assert_eq!(id.len(), 26);
    let path = format!("{TRUNKS}/{id}");
    assert_eq!(bolna.get(&path).await, made);
    assert_eq!(bolna.get(TRUNKS).await, json!([made]));
    let gone = json!({"message": "Trunk deleted successfully. 1 phone number(s) removed."});
    assert_eq!(bolna.delete(&path).await, (200, gone));
    assert_eq!(bolna.get(TRUNKS).await, json!([]));
    assert_eq!(bolna.get("/phone-numbers/all").await, json!([]));
    let lost = error(404, "Trunk not found");
    assert_eq!(bolna.delete(&path).await, lost);
    assert_eq!(bolna.send("GET", &path, json!({})).await, lost);
    assert_eq!(bolna.send("PATCH", &path, json!({})).await, lost);
    for (method, tail) in [("GET", ""), ("POST", ""), ("DELETE", "/1")] {
        assert_eq!(bolna.send(method, &format!("{path}/numbers{tail}"), json!({})).await, lost);
    }
    assert_ne!(bolna.trunk("Carrier").await, path, "an id is not given twice");
}

#[tokio::test]
async fn what_a_trunk_must_have() {
    let bolna = bolna(json!({}), &[]).await;
    let credentials = "auth_username and auth_password are required for userpass auth";
    let addresses = "ip_identifiers are required for ip-based auth";
    let auth_type = "auth_type must be 'userpass' or 'ip-based'";
    for (field, value, text) in [
        ("name", json!(null), "Trunk name is required"),
        ("name", json!(""), "Trunk name is required"),
        ("provider", json!(null), "Provider is required"),
        ("auth_type", json!(null), auth_type),
        ("auth_type", json!("digest"), auth_type),
        ("gateways", json!([]), "At least one gateway is required"),
        ("auth_username", json!(null), credentials),
        ("auth_password", json!(""), credentials),
        ("auth_type", json!("ip-based"), addresses),
    ] {
        let mut body = carrier();
        body[field] = value;
        assert_eq!(bolna.send("POST", TRUNKS, body).await, error(400, text), "{field}");
    }
    let sdes = error(422, "media_encryption='sdes' requires transport='transport-tls'");
    let mut body = carrier();
    body["media_encryption"] = json!("sdes");
    assert_eq!(bolna.send("POST", TRUNKS, body.clone()).await, sdes);
    body["transport"] = json!("transport-tls");
    let (status, made) = bolna.send("POST", TRUNKS, body).await;
    assert_eq!((status, &made["media_encryption"]), (201, &json!("sdes")));
    let path = format!("{TRUNKS}/{}", made["id"].as_str().unwrap());
    assert_eq!(bolna.send("PATCH", &path, json!({"transport": "transport-tcp"})).await, sdes);
    let both = json!({"transport": "transport-tcp", "media_encryption": "no"});
    assert_eq!(bolna.send("PATCH", &path, both).await.0, 200);
    assert_eq!(bolna.send("PATCH", &path, json!({"auth_username": ""})).await, error(400, credentials));
    let taken = error(409, "Trunk name already exists");
    assert_eq!(bolna.send("POST", TRUNKS, carrier()).await, taken);
    let other = bolna.trunk("Other").await;
    assert_eq!(bolna.send("PATCH", &other, json!({"name": "Carrier"})).await, taken);
    assert_eq!(bolna.send("PATCH", &other, json!({"name": "Third"})).await.0, 200);
    assert_eq!(bolna.send("PATCH", &path, json!({"name": "Other"})).await.0, 200, "the name is free again");
}

#[tokio::test]
async fn an_update_is_partial_and_replaces_lists() {
    let bolna = bolna(json!({}), &[]).await;
    let mut body = carrier();
    body["auth_type"] = json!("ip-based");
    body["ip_identifiers"] = json!([{"ip_address": "192.0.2.0/31"}, {"ip_address": "198.51.100.7"}]);
    let (_, made) = bolna.send("POST", TRUNKS, body).await;
    assert_eq!(made.get("auth_username"), None, "is shown of userpass trunks only");
    let path = format!("{TRUNKS}/{}", made["id"].as_str().unwrap());
    let change = json!({"description": "d", "gateways": [{"gateway_address": "b.example", "port": 5080, "priority": 2}],
        "provider": "plivo", "auth_type": "userpass", "phone_numbers": [{"phone_number": "+15550000009"}],
        "direct_media": true, "is_active": false, "colour": "red", "allow": null});
    let (status, changed) = bolna.send("PATCH", &path, change).await;
    assert_eq!(status, 200);
    let gateways = changed["gateways"].as_array().unwrap();
    assert_eq!((gateways.len(), &gateways[0]["gateway_address"]), (1, &json!("b.example")));
    assert_ne!(gateways[0]["id"], made["gateways"][0]["id"]);
    for (field, value) in [
        ("ip_identifiers", made["ip_identifiers"].clone()),
        ("description", json!("d")),
        ("provider", json!("twilio")),
        ("auth_type", json!("ip-based")),
        ("phone_numbers", json!([])),
        ("direct_media", json!(true)),
        ("is_active", json!(false)),
        ("allow", json!("ulaw,alaw")),
        ("colour", json!(null)),
    ] {
        assert_eq!(changed.get(field).unwrap_or(&json!(null)), &value, "{field}");
    }
    let refused = bolna.send("PATCH", &path, json!({"ip_identifiers": []})).await;
    assert_eq!(refused, error(400, "ip_identifiers are required for ip-based auth"));
    let refused = bolna.send("PATCH", &path, json!({"gateways": []})).await;
    assert_eq!(refused, error(400, "At least one gateway is required"));
    assert_eq!(bolna.get(&path).await, changed, "nothing of what was refused is kept");
    assert_eq!(bolna.send("PATCH", &path, json!({"description": null})).await.1["description"], json!(null));
    bolna.trunk("On").await;
    for (query, expected) in [("true", "On"), ("false", "Carrier")] {
        let rows = bolna.get(&format!("{TRUNKS}?is_active={query}")).await;
        assert_eq!((rows.as_array().unwrap().len(), &rows[0]["name"]), (1, &json!(expected)));
    }
    let refused = bolna.send("GET", &format!("{TRUNKS}?is_active=x"), json!({})).await;
    assert_eq!(refused, error(400, "is_active must be true or false"));
}

#[tokio::test]
async fn numbers_are_added_and_removed() {
    let bolna = bolna(json!({}), &[]).await;
    let (a, b) = (bolna.trunk("A").await, bolna.trunk("B").await);
    let numbers = format!("{a}/numbers");
    let (status, made) = bolna.send("POST", &numbers, json!({"phone_number": "15550000001"})).await;
    let fields = "id phone_number name byot_trunk_id telephony_provider deleted created_at updated_at";
    assert_eq!((status, keys(&made).as_str()), (201, fields));
    assert_eq!(
        (&made["phone_number"], &made["telephony_provider"], &made["deleted"]),
        (&json!("15550000001"), &json!("sip-trunk"), &json!(false))
    );
    assert_eq!(bolna.get(&numbers).await, json!([made]));
    assert_eq!(bolna.get(&a).await["phone_numbers"], json!([made]));
    let taken = error(409, "Phone number already exists on another active trunk");
    let plus = json!({"phone_number": "+15550000001"});
    for path in [&format!("{b}/numbers"), &numbers] {
        assert_eq!(bolna.send("POST", path, plus.clone()).await, taken);
    }
    let mut trunk = carrier();
    trunk["phone_numbers"] = json!([plus]);
    assert_eq!(bolna.send("POST", TRUNKS, trunk.clone()).await, taken);
    trunk["phone_numbers"] = json!([{"phone_number": "+15550000002"}, {"phone_number": "15550000002"}]);
    assert_eq!(bolna.send("POST", TRUNKS, trunk).await, taken);
    let checked = json!({"phone_number": "15550000003", "e164_check_enabled": true});
    let refused = bolna.send("POST", &numbers, checked).await;
    assert_eq!(refused, error(400, "phone_number must be in E.164 format, with a leading +"));
    assert_eq!(bolna.send("PATCH", &a, json!({"is_active": false})).await.0, 200);
    bolna.number(&b, "+15550000001").await;
    let path = format!("{numbers}/{}", made["id"].as_str().unwrap());
    let lost = error(404, "Phone number not found");
    assert_eq!(bolna.delete(&path.replace(&a, &b)).await, lost);
    assert_eq!(bolna.delete(&path).await, (200, json!({"message": "Phone number removed successfully"})));
    assert_eq!(bolna.delete(&path).await, lost);
    assert_eq!(bolna.get(&numbers).await, json!([]));
    assert_eq!(bolna.send("PATCH", &path, json!({})).await.0, 405);
}
