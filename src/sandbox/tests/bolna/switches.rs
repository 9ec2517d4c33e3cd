//! In: agents and their numbers, bodies of the wrong shape, states, and each switch.
//! Out: what Bolna answers then.
//! Never more than one client.

use std::time::Instant;

use serde_json::{Value, json};

use super::super::super::{Options, Sandbox};
use super::super::{PASSWORD, TOKEN, read};
use super::{SALES, SUPPORT, TRUNKS, bolna, carrier, error, keys, texts};

#[tokio::test]
async fn agents_have_numbers() {
    let bolna =
        bolna(json!({"phone_numbers": [{"id": "h", "phone_number": "+14150000001", "rented": true}]}), &[])
            .await;
    let agents = bolna.get("/v2/agent/all").await;
    assert_eq!((&agents[0]["id"], &agents[1]["agent_name"]), (&json!(SALES), &json!("Support Agent")));
    assert_eq!(bolna.get(&format!("/v2/agent/{SALES}")).await, agents[0]);
    let no_agent = error(404, "Agent not found");
    assert_eq!(bolna.send("GET", "/v2/agent/x", json!({})).await, no_agent);
    let trunk = bolna.trunk("A").await;
    let id = bolna.number(&trunk, "+15550000001").await;
    let map = |agent: &str, number: &str| json!({"agent_id": agent, "phone_number_id": number});
    let mapped = (200, json!({"message": "SIP trunk number successfully mapped to agent"}));
    for agent in [SALES, SUPPORT] {
        assert_eq!(bolna.send("POST", "/inbound/setup", map(agent, &id)).await, mapped);
        let all = bolna.get("/phone-numbers/all").await;
        let row = all.as_array().unwrap().iter().find(|row| row["id"] == json!(id)).unwrap();
        assert_eq!((&row["agent_id"], &row["rented"]), (&json!(agent), &json!(false)));
    }
    assert!(bolna.get(&trunk).await["phone_numbers"][0].get("agent_id").is_none());
    let (status, hosted) = bolna.send("POST", "/inbound/setup", map(SALES, "h")).await;
    assert_eq!((status, &hosted["phone_number"], &hosted["id"]), (200, &json!("+14150000001"), &json!("h")));
    assert!(hosted["url"].as_str().unwrap().contains(SALES));
    let unlink = json!({"phone_number_id": id, "agent_id": SALES});
    let unlinked = json!({"url": null, "phone_number": "+15550000001", "id": id});
    assert_eq!(bolna.send("POST", "/inbound/unlink", unlink.clone()).await, (200, unlinked));
    assert_eq!(bolna.get("/phone-numbers/all").await[1]["agent_id"], json!(null));
    assert_eq!(bolna.send("POST", "/inbound/setup", map("x", &id)).await, no_agent);
    let unknown = error(404, "Phone number doesn't exist.");
    assert_eq!(bolna.send("POST", "/inbound/setup", map(SALES, "x")).await, unknown);
    assert_eq!(bolna.send("POST", "/inbound/unlink", map(SALES, "x")).await, unknown);
    assert_eq!(bolna.delete(&format!("{trunk}/numbers/{id}")).await.0, 200);
    let gone = error(404, "SIP trunk phone number not found in database");
    assert_eq!(bolna.send("POST", "/inbound/setup", map(SALES, &id)).await, gone);
}

#[tokio::test]
async fn bodies_of_the_wrong_shape_are_listed() {
    let bolna = bolna(json!({}), &[]).await;
    let mut body = carrier();
    body["auth_password"] = json!({ "x": PASSWORD });
    body["gateways"] = json!([{"port": 70000}]);
    body["media_encryption"] = json!(false);
    body["ip_identifiers"] = json!([{"ip_address": "sip.example.com"}]);
    body["phone_numbers"] = json!([{}]);
    let (status, refused) = bolna.send("POST", TRUNKS, body).await;
    assert!(!refused.to_string().contains(PASSWORD));
    let list = refused["detail"].as_array().unwrap();
    assert_eq!((status, keys(&list[0]).as_str()), (422, "loc msg type"));
    let places: Vec<String> = list.iter().map(|problem| problem["loc"].to_string()).collect();
    let expected = [
        r#"["body","auth_password"]"#,
        r#"["body","gateways",0,"gateway_address"]"#,
        r#"["body","gateways",0,"port"]"#,
        r#"["body","ip_identifiers",0,"ip_address"]"#,
        r#"["body","media_encryption"]"#,
        r#"["body","phone_numbers",0,"phone_number"]"#,
    ];
    assert_eq!(places, expected);
    for (path, field) in [("setup", "agent_id"), ("unlink", "phone_number_id")] {
        let (status, refused) = bolna.send("POST", &format!("/inbound/{path}"), json!({})).await;
        assert_eq!((status, &refused["detail"][0]["loc"]), (422, &json!(["body", field])));
    }
    let json = |body: &'static str| {
        bolna.request("POST", TRUNKS).header("content-type", "application/json").body(body).send()
    };
    for (body, kind) in [("{", "json_invalid"), ("[]", "dict_type"), ("", "missing")] {
        let (status, refused) = read(json(body).await.unwrap()).await;
        assert_eq!((status, &refused["detail"][0]["type"]), (422, &json!(kind)));
    }
    assert_eq!(bolna.send("GET", "/trunk/trunks", json!({})).await, (404, json!({"detail": "Not Found"})));
    let put = bolna.request("PUT", TRUNKS).send().await.unwrap();
    assert_eq!((put.status().as_u16(), &put.headers()["allow"]), (405, &"GET, POST".parse().unwrap()));
}

#[tokio::test]
async fn a_new_number_is_hidden_for_a_while() {
    let bolna = bolna(json!({}), &["number-lag=3"]).await;
    let trunk = bolna.trunk("A").await;
    let id = bolna.number(&trunk, "+15550000001").await;
    let path = format!("{trunk}/numbers");
    assert_eq!(bolna.get(&path).await, json!([]));
    let refused = bolna.delete(&format!("{path}/{id}")).await;
    assert_eq!(refused, error(500, "Internal server error"));
    assert_eq!(bolna.get("/phone-numbers/all").await, json!([]));
    assert_eq!(texts(&bolna.get(&path).await), ["+15550000001"]);
    let second = bolna.number(&trunk, "+15550000002").await;
    assert_eq!(texts(&bolna.get(TRUNKS).await[0]["phone_numbers"]), ["+15550000001"]);
    let state = bolna.0.sandbox.snapshot();
    bolna.0.sandbox.replace_state(state).unwrap();
    assert_eq!(texts(&bolna.get(&trunk).await["phone_numbers"]), ["+15550000001"]);
    assert_eq!(bolna.delete(&format!("{path}/{second}")).await.0, 500);
    assert_eq!(bolna.delete(&format!("{path}/{second}")).await.0, 200);
    bolna.0.set_faults(&["number-stuck=1"]);
    let third = bolna.number(&trunk, "+15550000003").await;
    assert_eq!(texts(&bolna.get(&path).await), ["+15550000001", "+15550000003"]);
    assert_eq!(bolna.delete(&format!("{path}/{third}")).await.0, 500);
    assert_eq!(bolna.get(&path).await.as_array().unwrap().len(), 2);
    assert_eq!(bolna.delete(&format!("{path}/{third}")).await.0, 200);
}

#[tokio::test]
async fn deleted_numbers_can_be_shown() {
    let bolna = bolna(json!({}), &["show-deleted"]).await;
    let (a, b) = (bolna.trunk("A").await, bolna.trunk("B").await);
    let id = bolna.number(&a, "+15550000001").await;
    let map = json!({"agent_id": SALES, "phone_number_id": id});
    assert_eq!(bolna.send("POST", "/inbound/setup", map).await.0, 200);
    assert_eq!(bolna.delete(&format!("{a}/numbers/{id}")).await.0, 200);
    assert_ne!(bolna.number(&a, "+15550000001").await, id);
    let rows = bolna.get(&format!("{a}/numbers")).await;
    assert_eq!((&rows[0]["deleted"], &rows[1]["deleted"]), (&json!(true), &json!(false)));
    assert_eq!(bolna.get(&a).await["phone_numbers"], rows);
    bolna.number(&b, "+15550000002").await;
    let text = "Trunk deleted successfully. 1 phone number(s) removed.";
    assert_eq!(bolna.delete(&b).await.1["message"], text);
    let state = bolna.0.sandbox.snapshot();
    bolna.0.sandbox.replace_state(state.clone()).unwrap();
    assert_eq!(bolna.0.sandbox.snapshot(), state);
    let all = bolna.get("/phone-numbers/all").await;
    let deleted: Vec<bool> = all.as_array().unwrap().iter().map(|row| row["deleted"] == true).collect();
    assert_eq!((deleted, &all[0]["agent_id"]), (vec![true, false, true], &json!(null)));
    bolna.0.set_faults(&[]);
    assert_eq!(texts(&bolna.get("/phone-numbers/all").await), ["+15550000001"]);
}

#[tokio::test]
async fn the_list_of_trunks_has_less() {
    let bolna = bolna(json!({}), &[]).await;
    let trunk = bolna.trunk("A").await;
    bolna.number(&trunk, "+15550000001").await;
    bolna.0.set_faults(&["list-no-numbers,request=0", "list-number-count"]);
    let row = &bolna.get(TRUNKS).await[0];
    assert_eq!((row.get("phone_numbers"), &row["name"]), (None, &json!("A")));
    assert_eq!(bolna.get(TRUNKS).await[0]["phone_numbers"], 1);
    assert_eq!(texts(&bolna.get(&trunk).await["phone_numbers"]), ["+15550000001"]);
}

#[tokio::test]
async fn fields_differ_between_pages() {
    let bolna = bolna(json!({}), &["drop-patch-fields"]).await;
    let trunk = bolna.trunk("A").await;
    bolna.number(&trunk, "+15550000001").await;
    let change = json!({"direct_media": true, "rtp_symmetric": "?", "force_rport": false, "allow": "ulaw"});
    let (status, changed) = bolna.send("PATCH", &trunk, change.clone()).await;
    assert_eq!((status, &changed["allow"]), (200, &json!("ulaw")));
    assert_eq!((&changed["direct_media"], &changed["force_rport"]), (&json!(false), &json!(true)));
    bolna.0.set_faults(&["older-trunks"]);
    let older = bolna.get(&trunk).await;
    assert_eq!((&older["ice_support"], older.get("media_encryption")), (&json!(true), None));
    assert!(older["user_id"].is_string() && older["phone_numbers"][0].get("agent_id").is_some());
    bolna.0.set_faults(&["encryption-false"]);
    assert_eq!(bolna.get(&trunk).await["media_encryption"], false);
    let sdes = json!({"media_encryption": "sdes", "transport": "transport-tls"});
    assert_eq!(bolna.send("PATCH", &trunk, sdes).await.1["media_encryption"], "sdes");
    bolna.0.set_faults(&[]);
    assert_eq!(bolna.send("PATCH", &trunk, change).await.0, 422);
}

#[tokio::test]
async fn errors_have_several_forms() {
    let bolna = bolna(json!({}), &[]).await;
    let url = format!("{}/bolna{TRUNKS}", bolna.0.sandbox.base());
    let text = "Unrecognized access token";
    let keyless = async || read(bolna.0.client.get(&url).send().await.unwrap()).await;
    assert_eq!(keyless().await, (403, json!({ "detail": text })));
    bolna.0.set_faults(&["key-401"]);
    assert_eq!(keyless().await, error(401, text));
    let lost = async || bolna.send("GET", &format!("{TRUNKS}/x"), json!({})).await;
    let text = "Trunk not found";
    for (form, body) in
        [("error-detail", json!({ "detail": text })), ("error-string", json!({"error": text}))]
    {
        bolna.0.set_faults(&[form]);
        assert_eq!(lost().await, (404, body));
    }
    for (spec, expected) in [
        ("status=403", (403, json!({"detail": "Unrecognized access token"}))),
        ("status=503,platform=bolna", error(503, "Service unavailable")),
        ("429", error(429, "Rate limit exceeded")),
    ] {
        bolna.0.set_faults(&[spec]);
        assert_eq!(lost().await, expected, "{spec}");
    }
}

#[tokio::test]
async fn a_state_is_kept_without_secrets() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("state.json");
    let options = || Options { state: Some(file.clone()), ..Options::default() };
    let mut bolna = bolna(json!({}), &[]).await;
    bolna.0.sandbox = Sandbox::start(options()).await.unwrap();
    let trunk = bolna.trunk("A").await;
    bolna.number(&trunk, "+15550000001").await;
    assert_eq!(bolna.send("PATCH", &trunk, json!({"auth_password": PASSWORD})).await.0, 200);
    let (log, left) = (format!("{:?}", bolna.0.sandbox.requests()), bolna.0.sandbox.snapshot());
    assert_eq!(left["bolna"]["trunks"][0]["password_changes"], 2);
    let shown = bolna.get(&trunk).await;
    bolna.0.sandbox.stop().await.unwrap();
    let kept = std::fs::read_to_string(&file).unwrap();
    for text in [&log, &kept, &shown.to_string()] {
        assert!(!text.contains(PASSWORD) && !text.contains(TOKEN), "{text}");
    }
    assert!(shown.get("password_changes").is_none());
    let again = Sandbox::start(options()).await.unwrap();
    assert_eq!(again.snapshot(), left);
    let wrong = |state: Value| again.replace_state(json!({ "bolna": state })).unwrap_err();
    let lost = json!({"trunks": [{"name": "T", "phone_numbers": [{"phone_number": "+1", "agent_id": "x"}]}]});
    assert_eq!(wrong(lost), "bolna.trunks[0]: phone_numbers: +1: no agent x");
    assert_eq!(
        wrong(json!({"trunks": [{"name": "T"}, {"name": "T"}]})),
        "bolna.trunks[1]: another trunk has this name"
    );
    assert_eq!(wrong(json!({"trunks": [{}]})), "bolna.trunks[0]: missing field `name`");
    assert_eq!(wrong(json!({"phone_numbers": 5})), "bolna.phone_numbers: expected a list");
}

#[tokio::test]
async fn a_large_account_is_cheap() {
    let number = |at: usize| json!({"phone_number": format!("+1555{at:07}"), "agent_id": SALES});
    let trunk = |at: usize| {
        json!({"name": format!("T{at}"), "gateways": [{"gateway_address": "g.example"}],
                "phone_numbers": (at * 50..at * 50 + 50).map(number).collect::<Vec<_>>()})
    };
    let seed = json!({"trunks": (0..200).map(trunk).collect::<Vec<_>>()});
    let bolna = bolna(seed, &["number-lag=1"]).await;
    let rows = bolna.get(TRUNKS).await;
    assert_eq!((rows.as_array().unwrap().len(), texts(&rows[199]["phone_numbers"]).len()), (200, 50));
    assert_eq!(bolna.get("/phone-numbers/all").await.as_array().unwrap().len(), 10_000);
    let path = format!("{TRUNKS}/{}", rows[7]["id"].as_str().unwrap());
    let began = Instant::now();
    for at in 0..200 {
        let id = bolna.number(&path, &format!("+1999{at:07}")).await;
        let map = json!({"agent_id": SUPPORT, "phone_number_id": id});
        assert_eq!(bolna.send("POST", "/inbound/setup", map).await.0, 200);
    }
    // 400 writes, none of which may go through 10,000 numbers: even a busy machine is far below this.
    assert!(began.elapsed().as_secs() < 3, "{:?}", began.elapsed());
}
