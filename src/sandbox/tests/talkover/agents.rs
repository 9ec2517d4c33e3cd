//! In: requests about agents.
//! Out: lists, one agent, its numbers set as a whole, and publishing.
//! Never a trunk.

use serde_json::{Value, json};

use super::{Desk, desk, keys};

const SALES: &str = "a6e00000-0000-4000-8000-000000000001";

fn seed() -> Value {
    json!({
        "agents": [{"id": "a-1", "name": "Sales Agent", "label": "Front desk", "current_status": "published"},
                   {"id": "a-2", "name": "Support Agent", "direction": "outbound", "is_ready_to_publish": false},
                   {"id": "a-3", "name": "Night Agent", "phone_number_ids": ["r-1"]}],
        "phone_numbers": [{"id": "r-1", "number": "+15550000001", "country_code": "US"},
                          {"id": "r-2", "number": "+15550000002"}, {"id": "r-3", "number": "+15550000003"}]
    })
}

async fn ids(desk: &Desk, query: &str) -> Vec<String> {
    let rows = desk.data(&format!("/agents{query}")).await;
    rows.as_array().unwrap().iter().map(|row| row["id"].as_str().unwrap().to_owned()).collect()
}

async fn numbers(desk: &Desk, agent: &str) -> Vec<String> {
    let agent = desk.data(&format!("/agents/{agent}")).await;
    let numbers = agent["phone_numbers"].as_array().unwrap();
    numbers.iter().map(|number| number["id"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_fresh_environment_has_two_agents() {
    let desk = desk(json!({}), &[]).await;
    let (status, body) = desk.get("/agents").await;
    assert_eq!(status, 200);
    assert_eq!(body["meta"], json!({"current_page": 1, "per_page": 20, "total": 2, "last_page": 1}));
    let rows = &body["data"];
    let documented = "id name label direction current_status is_ready_to_publish phone_numbers updated_at";
    assert_eq!(keys(&rows[0]), documented);
    let said = |row: &Value| ["id", "name", "direction", "current_status"].map(|key| row[key].clone());
    assert_eq!(json!(said(&rows[0])), json!([SALES, "Sales Agent", "inbound", "published"]));
    let support = "a6e00000-0000-4000-8000-000000000002";
    assert_eq!(json!(said(&rows[1])), json!([support, "Support Agent", "inbound", "draft"]));
}

#[tokio::test]
async fn agents_are_paged_searched_and_filtered() {
    let desk = desk(seed(), &[]).await;
    for (query, expected) in [
        ("", &["a-1", "a-2", "a-3"][..]),
        ("?search=AGENT&per_page=2", &["a-1", "a-2"]),
        ("?per_page=2&page=2", &["a-3"]),
        ("?search=front", &["a-1"]),
        ("?status=draft", &["a-2", "a-3"]),
        ("?direction=outbound", &["a-2"]),
        ("?direction=inbound&status=published", &["a-1"]),
    ] {
        assert_eq!(ids(&desk, query).await, expected, "{query}");
    }
    for query in ["status=live", "direction=both", "per_page=101", "per_page=x", "page=0"] {
        assert_eq!(desk.get(&format!("/agents?{query}")).await.0, 422, "{query}");
    }
    let lost = json!({"success": false, "message": "Agent not found"});
    assert_eq!(desk.get("/agents/a-9").await, (404, lost.clone()));
    assert_eq!(desk.send("PUT", "/agents/a-9/calling", json!({})).await, (404, lost));
    desk.0.set_faults(&["shift-page,keep-total"]);
    assert_eq!(ids(&desk, "?per_page=1&page=2").await, ["a-1"]);
    assert_eq!(ids(&desk, "").await, [SALES, "a-1", "a-3"], "none with numbers goes");
}

#[tokio::test]
async fn numbers_of_an_agent_are_set_as_a_whole() {
    let desk = desk(seed(), &[]).await;
    let put = async |body: Value| desk.send("PUT", "/agents/a-3/calling", body).await;
    let (status, answer) =
        put(json!({"direction": "inbound", "phone_number_ids": ["r-2", "r-3", "r-2"]})).await;
    assert_eq!((status, keys(&answer).as_str()), (200, "success message data"));
    assert_eq!(keys(&answer["data"]), "id name direction current_status phone_numbers updated_at");
    assert_eq!(numbers(&desk, "a-3").await, ["r-2", "r-3"], "what was there is gone");
    put(json!({"direction": "outbound"})).await;
    assert_eq!(numbers(&desk, "a-3").await, ["r-2", "r-3"], "left out is left alone");
    assert_eq!(desk.data("/agents/a-3").await["direction"], "outbound", "but the direction is taken");
    let other = json!({"direction": "inbound", "phone_number_ids": ["r-2"]});
    assert_eq!(desk.send("PUT", "/agents/a-1/calling", other).await.0, 200);
    assert_eq!(numbers(&desk, "a-3").await, ["r-2", "r-3"], "a number may be on two agents");
    put(json!({"direction": "inbound", "phone_number_ids": []})).await;
    assert_eq!(numbers(&desk, "a-3").await, [""; 0]);
    for (body, field, text) in [
        (json!({"phone_number_ids": ["r-1"]}), "direction", "The direction field is required."),
        (json!({"direction": "both"}), "direction", "The selected direction is invalid."),
        (
            json!({"direction": "inbound", "phone_number_ids": ["r-1", "r-9"]}),
            "phone_number_ids.1",
            "The selected phone number ids.1 is invalid.",
        ),
        (
            json!({"direction": "inbound", "phone_number_ids": null}),
            "phone_number_ids",
            "The phone number ids field must be an array.",
        ),
    ] {
        let (status, answer) = put(body.clone()).await;
        assert_eq!((status, &answer["errors"]), (422, &json!({ field: [text] })), "{body}");
    }
    assert_eq!(numbers(&desk, "a-3").await, [""; 0]);
}

#[tokio::test]
async fn an_agent_is_published_when_it_is_ready() {
    let desk = desk(seed(), &[]).await;
    for (path, code, status) in [
        ("/agents/a-3/publish", 200, "published"),
        ("/agents/a-3/unpublish", 200, "draft"),
        ("/agents/a-2/publish", 422, "draft"),
    ] {
        assert_eq!(desk.ask("POST", path).await.0, code, "{path}");
        assert_eq!(desk.data(&path[..11]).await["current_status"], status, "{path}");
    }
    assert_eq!(numbers(&desk, "a-3").await, ["r-1"], "unpublishing keeps the numbers");
    assert_eq!(desk.ask("POST", "/agents/a-9/publish").await.0, 404);
}
