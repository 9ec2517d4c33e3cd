//! In: requests to each of Kalem's endpoints.
//! Out: the documented answers and Laravel's messages.
//! Never a fault.

use serde_json::{Value, json};

use super::{PASSWORD, bench, client, office, read};

fn message(answer: &(u16, Value)) -> (u16, &str) {
    (answer.0, answer.1["message"].as_str().unwrap_or_default())
}

#[tokio::test]
async fn a_trunk_lives_and_dies() {
    let bench = bench(json!({}), &[]).await;
    let (status, made) = bench.send("POST", "/trunks", office()).await;
    assert_eq!(status, 201);
    let trunk = &made["data"];
    let keys: Vec<_> = trunk.as_object().unwrap().keys().map(String::as_str).collect();
    let documented = "id name direction auth_type sip_uri host port username outbound_server registered created_at \
                      updated_at";
    assert_eq!(keys.join(" "), documented);
    assert_eq!(
        (&trunk["id"], &trunk["port"], &trunk["registered"]),
        (&json!(1), &json!(5060), &json!(false))
    );
    assert_eq!(
        (&trunk["username"], &trunk["sip_uri"]),
        (&json!("kalem_trunk"), &json!("sip:203.0.113.50@kalem.me"))
    );
    let (status, changed) = bench.send("PUT", "/trunks/1", json!({"name": " Renamed ", "port": 5080})).await;
    assert_eq!(status, 200);
    assert_eq!(changed["data"]["name"], "Renamed");
    assert_eq!(changed["data"]["host"], "203.0.113.50");
    assert_eq!(bench.get("/trunks/1").await, (200, changed));
    assert_eq!(bench.delete("/trunks/1").await.0, 200);
    let gone = "No query results for model [App\\Models\\Trunk] 1";
    assert_eq!(message(&bench.get("/trunks/1").await), (404, gone));
    assert_eq!(message(&bench.delete("/trunks/1").await), (404, gone));
    assert_eq!(message(&bench.send("PUT", "/trunks/1", json!({})).await), (404, gone));
    let (_, next) = bench.send("POST", "/trunks", office()).await;
    assert_eq!(next["data"]["id"], 2, "an id is not given twice");
}

#[tokio::test]
async fn a_trunk_has_conditional_requirements() {
    let bench = bench(json!({}), &[]).await;
    let cases = [
        (json!({}), "The name field is required. (and 2 more errors)"),
        (
            json!({"name": "  ", "direction": "inbound", "auth_type": "ip", "host": "h"}),
            "The name field is required.",
        ),
        (json!({"name": "T", "direction": "inbound", "auth_type": "ip"}), "The host field is required."),
        (json!({"name": "T", "direction": "up", "auth_type": "ip"}), "The selected direction is invalid."),
        (json!({"name": "T", "direction": "inbound", "auth_type": 1}), "The selected auth type is invalid."),
        (
            json!({"name": "T", "direction": "inbound", "auth_type": "digest"}),
            "The username field is required when auth type is digest. (and 1 more error)",
        ),
        (
            json!({"name": "T", "direction": "inbound", "auth_type": "digest", "username": "u", "password": "short"}),
            "The password field must be at least 8 characters.",
        ),
        (
            json!({"name": "T", "direction": "outbound", "auth_type": "ip"}),
            "The outbound server field is required when direction is outbound.",
        ),
        (
            json!({"name": 5, "direction": "outbound", "auth_type": "ip", "outbound_server": "s"}),
            "The name field must be a string.",
        ),
    ];
    for (body, text) in cases {
        assert_eq!(message(&bench.send("POST", "/trunks", body.clone()).await), (422, text), "{body}");
    }
    for (port, text) in [
        (json!("x"), "The port field must be an integer."),
        (json!(0), "The port field must be between 1 and 65535."),
        (json!(70000), "The port field must be between 1 and 65535."),
    ] {
        let mut body = office();
        body["port"] = port;
        assert_eq!(message(&bench.send("POST", "/trunks", body).await), (422, text));
    }
    let mut long = office();
    long["name"] = "x".repeat(256).into();
    let text = "The name field must not be greater than 255 characters.";
    assert_eq!(message(&bench.send("POST", "/trunks", long).await), (422, text));
    assert_eq!(bench.get("/trunks").await.1["meta"]["total"], 0);
}

#[tokio::test]
async fn an_update_of_a_trunk_is_partial_and_bounded() {
    let bench = bench(json!({}), &[]).await;
    let digest = json!({"name": "Out", "direction": "outbound", "auth_type": "digest", "username": "u",
                        "password": PASSWORD, "outbound_server": "sip.carrier.com"});
    let (status, made) = bench.send("POST", "/trunks", digest).await;
    assert_eq!((status, &made["data"]["sip_uri"]), (201, &json!("sip:u@kalem.me")));
    assert!(made["data"].get("password").is_none());
    let both = json!({"direction": "outbound", "auth_type": "ip"});
    let text = "The direction field is prohibited. (and 1 more error)";
    assert_eq!(message(&bench.send("PUT", "/trunks/1", both).await), (422, text));
    for (field, text) in [
        ("name", "The name field is required."),
        ("username", "The username field is required."),
        ("password", "The password field is required."),
        ("outbound_server", "The outbound server field is required."),
    ] {
        assert_eq!(message(&bench.send("PUT", "/trunks/1", json!({field: null})).await), (422, text));
    }
    let (status, changed) = bench.send("PUT", "/trunks/1", json!({"host": "h", "port": null})).await;
    assert_eq!(
        (status, &changed["data"]["host"], &changed["data"]["port"]),
        (200, &json!("h"), &json!(5060))
    );
    assert_eq!(bench.send("PUT", "/trunks/1", json!({"host": ""})).await.1["data"]["host"], json!(null));
    assert_eq!(bench.send("PUT", "/trunks/1", json!({"password": "another-one"})).await.0, 200);
    let spaced = bench.send("PUT", "/trunks/1", json!({"password": "  12345  "})).await;
    assert_eq!(spaced.0, 200, "a password is not trimmed");
    assert_eq!(bench.sandbox.snapshot()["kalem"]["trunks"][0]["password_changes"], 3);
}

#[tokio::test]
async fn a_number_lives_and_dies() {
    let bench = bench(json!({"trunks": [office()]}), &[]).await;
    let body = json!({"number": "+15551234567", "voice_agent_id": 1, "trunk_id": 1});
    let (status, made) = bench.send("POST", "/numbers", body).await;
    assert_eq!(status, 201);
    let mut number = made["data"].clone();
    let fields = number.as_object_mut().unwrap();
    assert!(fields.remove("created_at").unwrap().as_str().unwrap().ends_with("+00:00"));
    fields.remove("updated_at").unwrap();
    let expected = json!({"id": 1, "number": "+15551234567", "provider": "manual", "status": "active",
        "voice_agent_id": 1, "voice_agent_name": "Sales Agent", "text_agent_id": null, "text_agent_name": null,
        "trunk_id": 1, "trunk_name": "Office PBX"});
    assert_eq!(number, expected);
    let refused = bench.delete("/trunks/1").await;
    let text = "Cannot delete trunk with assigned numbers. Remove numbers first.";
    assert_eq!(message(&refused), (409, text));
    let (_, changed) = bench.send("PUT", "/numbers/1", json!({"trunk_id": null, "text_agent_id": "3"})).await;
    let changed = &changed["data"];
    assert_eq!((&changed["trunk_id"], &changed["voice_agent_id"]), (&json!(null), &json!(1)));
    assert_eq!(changed["text_agent_name"], "Chat Agent");
    assert_eq!(bench.delete("/trunks/1").await.0, 200);
    assert_eq!(bench.get("/numbers/1").await.1["data"]["number"], "+15551234567");
    assert_eq!(bench.delete("/numbers/1").await.0, 200);
    let gone = "No query results for model [App\\Models\\Number] 1";
    assert_eq!(message(&bench.get("/numbers/1").await), (404, gone));
    assert_eq!(message(&bench.delete("/numbers/1").await), (404, gone));
    assert_eq!(message(&bench.send("PUT", "/numbers/1", json!({})).await), (404, gone));
}

#[tokio::test]
async fn a_wrong_number_is_refused() {
    let bench = bench(json!({"numbers": [{"number": "+15551234567"}]}), &[]).await;
    let good = "+15550000001";
    for (body, text) in [
        (json!({}), "The number field is required."),
        (json!({"number": "+15551234567"}), "The number has already been taken."),
        (json!({"number": "555-123"}), "The number field format is invalid."),
        (json!({"number": 15551234567_i64}), "The number field must be a string. (and 1 more error)"),
        (json!({"number": good, "provider": "telnyx"}), "The selected provider is invalid."),
        (json!({"number": good, "voice_agent_id": 99}), "The selected voice agent id is invalid."),
        (json!({"number": good, "voice_agent_id": 3}), "The selected voice agent id is invalid."),
        (json!({"number": good, "text_agent_id": 1}), "The selected text agent id is invalid."),
        (json!({"number": good, "trunk_id": 7}), "The selected trunk id is invalid."),
        (json!({"number": good, "trunk_id": "x"}), "The trunk id field must be an integer."),
    ] {
        assert_eq!(message(&bench.send("POST", "/numbers", body.clone()).await), (422, text), "{body}");
    }
    for (body, text) in [
        (json!({"number": good}), "The number field is prohibited."),
        (json!({"provider": "twilio"}), "The provider field is prohibited."),
        (json!({"trunk_id": 7}), "The selected trunk id is invalid."),
    ] {
        assert_eq!(message(&bench.send("PUT", "/numbers/1", body.clone()).await), (422, text), "{body}");
    }
}

#[tokio::test]
async fn a_number_is_switched_by_its_text() {
    let bench = bench(json!({"numbers": [{"number": "+15551234567"}]}), &[]).await;
    let body = json!({"number": "+15551234567"});
    assert_eq!(bench.send("POST", "/numbers/deactivate", body.clone()).await.0, 200);
    assert_eq!(bench.get("/numbers/1").await.1["data"]["status"], "inactive");
    assert_eq!(bench.send("POST", "/numbers/activate", body).await.0, 200);
    assert_eq!(bench.get("/numbers/1").await.1["data"]["status"], "active");
    let unknown = bench.send("POST", "/numbers/activate", json!({"number": "+1555"})).await;
    assert_eq!(message(&unknown), (404, "No query results for model [App\\Models\\Number]."));
    let missing = bench.send("POST", "/numbers/activate", json!({})).await;
    assert_eq!(message(&missing), (422, "The number field is required."));
    let as_id = bench.get("/numbers/activate").await;
    assert_eq!(message(&as_id), (404, "No query results for model [App\\Models\\Number] activate"));
}

#[tokio::test]
async fn routes_methods_and_bodies_that_are_not_there() {
    let bench = bench(json!({}), &[]).await;
    let text = "The route api/v1/tools could not be found.";
    assert_eq!(message(&bench.get("/tools").await), (404, text));
    let text = "The PATCH method is not supported for route api/v1/trunks/1. \
                Supported methods: GET, HEAD, PUT, DELETE.";
    assert_eq!(message(&bench.send("PATCH", "/trunks/1", json!({})).await), (405, text));
    let response = bench.request("DELETE", "/trunks").send().await.unwrap();
    assert_eq!(
        (response.status().as_u16(), &response.headers()["allow"]),
        (405, &"GET, HEAD, POST".parse().unwrap())
    );
    let malformed =
        bench.request("POST", "/trunks").header("content-type", "application/json").body("{\"name\":");
    assert_eq!(read(malformed.send().await.unwrap()).await.0, 400);
    let untyped = bench.request("POST", "/trunks").body(office().to_string());
    let answer = read(untyped.send().await.unwrap()).await;
    assert_eq!(message(&answer), (422, "The name field is required. (and 2 more errors)"));
    let head = bench.request("HEAD", "/trunks").send().await.unwrap();
    assert_eq!((head.status().as_u16(), head.text().await.unwrap().len()), (200, 0));
}

#[tokio::test]
async fn who_does_not_accept_json_is_sent_to_pages() {
    let bench = bench(json!({}), &[]).await;
    let url = format!("{}/kalem/api/v1/trunks", bench.sandbox.base());
    let plain = client().get(&url).send().await.unwrap();
    let login = format!("{}/login", bench.sandbox.base());
    assert_eq!(
        (plain.status().as_u16(), plain.headers()["location"].to_str().unwrap()),
        (302, login.as_str())
    );
    let page = client().get(login).send().await.unwrap();
    assert_eq!(page.headers()["content-type"], "text/html; charset=UTF-8");
    assert!(page.text().await.unwrap().starts_with("<!DOCTYPE html>"));
    let unknown = client().get(&url).header("accept", "application/json").send().await.unwrap();
    assert_eq!(message(&read(unknown).await), (401, "Unauthenticated."));
    let empty = client().get(&url).header("accept", "application/json").header("authorization", "Bearer ");
    assert_eq!(read(empty.send().await.unwrap()).await.0, 401);
    let invalid = client().post(&url).bearer_auth("t").json(&json!({})).send().await.unwrap();
    assert_eq!(invalid.status().as_u16(), 302);
    let lost = client().get(format!("{url}/9")).bearer_auth("t").send().await.unwrap();
    assert_eq!(
        (lost.status().as_u16(), lost.text().await.unwrap().contains("<h1>Not Found</h1>")),
        (404, true)
    );
}

#[tokio::test]
async fn every_reply_tells_the_rate_limit() {
    let bench = bench(json!({}), &[]).await;
    for path in ["/trunks", "/trunks/9", "/nothing"] {
        let response = bench.request("GET", path).send().await.unwrap();
        assert_eq!(
            (&response.headers()["x-ratelimit-limit"], &response.headers()["x-ratelimit-remaining"]),
            (&"1000".parse().unwrap(), &"999".parse().unwrap()),
            "{path}"
        );
        assert!(!response.headers().contains_key("x-ratelimit-reset"));
    }
}
