//! In: requests about the numbers of trunks and of the whole environment.
//! Out: DIDs made, listed and deleted, the list of all numbers, and the state that outlives a sandbox.
//! Never an agent, but as what holds a number.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::{Desk, UDP, active, carrier, desk, keys};

const DID: &str = "d1d00000-0000-4000-8000-000000000001";
const SALES: &str = "a6e00000-0000-4000-8000-000000000001";

async fn texts(desk: &Desk, query: &str) -> Vec<String> {
    let rows = desk.data(&format!("/phone-numbers{query}")).await;
    rows.as_array().unwrap().iter().map(|row| row["number"].as_str().unwrap().to_owned()).collect()
}

fn seed() -> Value {
    json!({
        "trunks": [{"id": "t-1", "name": "A", "domain": "a.example.com",
                    "dids": [{"id": "d-1", "number": "+15550000002", "country_code": "US"}, {"number": "+4930000001"}]}],
        "phone_numbers": [{"id": "r-1", "number": "+15550000001", "type": "whatsapp", "has_whatsapp": true,
                           "has_voice": false, "current_status": "pending"}],
        "agents": [{"id": "a-1", "name": "Sales Agent", "phone_number_ids": ["d-1", "r-1"]}]
    })
}

#[tokio::test]
async fn a_did_lives_and_dies() {
    let desk = desk(active(), &[]).await;
    let path = format!("/sip-trunks/{UDP}/dids");
    let number = json!({"country_code": "US", "number": "+15551234567"});
    let (status, made) = desk.send("POST", &path, number.clone()).await;
    let shown = json!({"id": DID, "number": "+15551234567", "country_code": "US", "formatted_number": "(555) 123-4567"});
    let mut expected = shown.clone();
    expected["trunk_id"] = json!(UDP);
    assert_eq!((status, &made["data"]), (201, &expected));
    assert_eq!(desk.data(&path).await, json!([shown]));
    assert_eq!(texts(&desk, "").await, ["+15551234567"], "it is in the environment's pool as well");
    let taken = json!({"success": false, "code": "DID_ALREADY_EXISTS",
                       "message": "This number is already registered in your environment"});
    assert_eq!(desk.send("POST", &path, number).await, (409, taken));
    let held = json!({"success": false, "code": "TRUNK_HAS_DIDS",
                      "message": "Trunk still has DIDs attached. Delete DIDs before deleting the trunk."});
    assert_eq!(desk.ask("DELETE", &format!("/sip-trunks/{UDP}")).await, (409, held));
    let calling = format!("/agents/{SALES}/calling");
    let assign = json!({"direction": "inbound", "phone_number_ids": [DID]});
    assert_eq!(desk.send("PUT", &calling, assign).await.0, 200);
    let used =
        json!({"success": false, "code": "DID_IN_USE", "message": "DID is still assigned to active agents"});
    assert_eq!(desk.ask("DELETE", &format!("{path}/{DID}")).await, (409, used));
    desk.send("PUT", &calling, json!({"direction": "inbound", "phone_number_ids": []})).await;
    let removed = json!({"success": true, "message": "DID removed"});
    assert_eq!(desk.ask("DELETE", &format!("{path}/{DID}")).await, (200, removed));
    assert_eq!(texts(&desk, "").await, [""; 0]);
    let lost = json!({"success": false, "message": "DID not found"});
    assert_eq!(desk.ask("DELETE", &format!("{path}/{DID}")).await, (404, lost));
    assert_eq!(desk.ask("DELETE", &format!("/sip-trunks/{UDP}")).await.0, 200);
}

#[tokio::test]
async fn a_did_of_another_trunk_or_a_rented_number_cannot_be_deleted_here() {
    let desk = desk(seed(), &[]).await;
    let (_, other) = desk.send("POST", "/sip-trunks", carrier()).await;
    let other = other["data"]["id"].as_str().unwrap().to_owned();
    for path in [format!("/sip-trunks/{other}/dids/d-1"), "/sip-trunks/t-1/dids/r-1".to_owned()] {
        assert_eq!(desk.ask("DELETE", &path).await.0, 404, "{path}");
    }
    let rented = json!({"country_code": "US", "number": "+15550000001"});
    assert_eq!(desk.send("POST", "/sip-trunks/t-1/dids", rented).await.0, 409);
}

#[tokio::test]
async fn a_did_has_rules() {
    let desk = desk(active(), &[]).await;
    for (body, field, text) in [
        (json!({"number": "+15551234567"}), "country_code", "The country code field is required."),
        (json!({"country_code": "US"}), "number", "The number field is required."),
        (
            json!({"country_code": "USA", "number": "+15551234567"}),
            "country_code",
            "The selected country code is invalid.",
        ),
        (
            json!({"country_code": "US", "number": "15551234567"}),
            "number",
            "The number field format is invalid.",
        ),
        (json!({"country_code": "US", "number": "+0155"}), "number", "The number field format is invalid."),
        (
            json!({"country_code": "US", "number": 15551234567_i64}),
            "number",
            "The number field must be a string.",
        ),
    ] {
        let (status, answer) = desk.send("POST", &format!("/sip-trunks/{UDP}/dids"), body.clone()).await;
        assert_eq!((status, &answer["errors"]), (422, &json!({ field: [text] })), "{body}");
    }
}

#[tokio::test]
async fn all_numbers_are_in_one_list_without_their_trunks_and_agents() {
    let desk = desk(seed(), &[]).await;
    let (_, body) = desk.get("/phone-numbers").await;
    assert_eq!(body["meta"], json!({"current_page": 1, "per_page": 20, "total": 3, "last_page": 1}));
    let documented = "id number country_code formatted_number international_number type has_voice has_whatsapp \
                      current_status is_sandbox current_price currency renewal_date auto_renewal agents";
    let row = &body["data"][1];
    assert_eq!(keys(row), documented);
    assert_eq!(
        (&row["id"], &row["agents"], &row["international_number"]),
        (&json!("d-1"), &json!(null), &json!("+1 555-000-0002"))
    );
    for (query, expected) in [
        ("?search=%2B1555", &["+15550000001", "+15550000002"][..]),
        ("?search=d-1", &["+15550000002"]),
        ("?type=voice", &["+15550000002", "+4930000001"]),
        ("?has_voice=false", &["+15550000001"]),
        ("?has_whatsapp=0", &["+15550000002", "+4930000001"]),
        ("?per_page=2&page=2", &["+4930000001"]),
        ("?page=9", &[]),
    ] {
        assert_eq!(texts(&desk, query).await, expected, "{query}");
    }
    for query in ["type=pager", "per_page=0", "per_page=101", "page=0", "has_voice=maybe"] {
        assert_eq!(desk.get(&format!("/phone-numbers?{query}")).await.0, 422, "{query}");
    }
    desk.0.set_faults(&["unpaged-numbers"]);
    let (_, body) = desk.get("/phone-numbers?per_page=1&page=2").await;
    assert_eq!((body["data"].as_array().unwrap().len(), keys(&body).as_str()), (3, "success data"));
}

#[tokio::test]
async fn the_list_of_numbers_shifts_under_the_reader_and_may_lack_a_row() {
    for (spec, total) in [("shift-page", 4), ("shift-page,keep-total", 3)] {
        let mut seed = seed();
        seed["agents"] = json!([]);
        let desk = desk(seed, &[spec]).await;
        assert_eq!(texts(&desk, "?per_page=1").await, ["+15550000001"]);
        assert_eq!(desk.get("/phone-numbers?per_page=1&page=2").await.1["meta"]["total"], total, "{spec}");
        assert_eq!(texts(&desk, "?per_page=1").await, ["+10000000002"]);
        desk.0.set_faults(&["short-page,nth=1"]);
        assert_eq!(texts(&desk, "").await.len() + 1, texts(&desk, "").await.len());
    }
}

#[tokio::test]
async fn a_state_keeps_ids_trunks_and_agents() {
    let first = desk(seed(), &[]).await;
    let (_, made) = first
        .send("POST", "/sip-trunks/t-1/dids", json!({"country_code": "DE", "number": "+4930000002"}))
        .await;
    let made = made["data"]["id"].as_str().unwrap().to_owned();
    assert_eq!(first.ask("DELETE", &format!("/sip-trunks/t-1/dids/{made}")).await.0, 200);
    let state = first.0.sandbox.snapshot();
    assert_eq!(state["talkover"]["trunks"][0]["dids"][0]["id"], "d-1");
    assert_eq!(state["talkover"]["phone_numbers"][0]["id"], "r-1");
    let second = desk(state["talkover"].clone(), &[]).await;
    assert_eq!(second.0.sandbox.snapshot(), state);
    for path in ["/sip-trunks", "/sip-trunks/t-1", "/sip-trunks/t-1/dids", "/phone-numbers", "/agents"] {
        assert_eq!(second.get(path).await, first.get(path).await, "{path}");
    }
    let again = json!({"country_code": "DE", "number": "+4930000002"});
    assert_ne!(second.send("POST", "/sip-trunks/t-1/dids", again).await.1["data"]["id"], made.as_str());
}

#[tokio::test]
async fn a_wrong_state_says_where() {
    let desk = desk(json!({}), &[]).await;
    for (state, text) in [
        (json!({"trunks": 5}), "talkover.trunks: expected a list"),
        (json!({"trunks": [{"name": "T"}]}), "talkover.trunks[0]: missing field `domain`"),
        (
            json!({"trunks": [{"name": "T", "domain": "d", "dids": [{}]}]}),
            "talkover.trunks[0].dids[0]: missing field `number`",
        ),
        (
            json!({"phone_numbers": [{"number": "+1555"}, {"number": "+1555"}]}),
            "talkover.phone_numbers: +1555 is there twice",
        ),
        (
            json!({"agents": [{"id": "a", "name": "A"}, {"id": "a", "name": "B"}]}),
            "talkover.agents: id a is there twice",
        ),
        (
            json!({"agents": [{"name": "A", "phone_number_ids": ["x"]}]}),
            "talkover.agents: A: no phone number x",
        ),
    ] {
        assert_eq!(desk.0.sandbox.replace_state(json!({ "talkover": state })).unwrap_err(), text);
    }
}

#[tokio::test]
async fn two_hundred_trunks_and_ten_thousand_numbers_are_cheap() {
    let dids =
        |trunk: usize| (0..50).map(move |at| json!({"number": format!("+1555{:07}", trunk * 50 + at)}));
    let trunk =
        |at: usize| json!({"name": format!("T{at}"), "domain": "d", "dids": dids(at).collect::<Vec<_>>()});
    let desk = desk(json!({"trunks": (0..200).map(trunk).collect::<Vec<_>>()}), &[]).await;
    let began = Instant::now();
    let rows = desk.data("/sip-trunks").await;
    for row in rows.as_array().unwrap() {
        let path = format!("/sip-trunks/{}", row["id"].as_str().unwrap());
        desk.data(&path).await;
        assert_eq!(desk.data(&format!("{path}/dids")).await.as_array().unwrap().len(), 50);
    }
    let (_, last) = desk.get("/phone-numbers?per_page=100&page=100").await;
    assert_eq!(last["meta"]["total"], 10_000);
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
}
