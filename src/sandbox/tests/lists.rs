//! In: lists of all three kinds.
//! Out: pages, filters, and the forms that Kalem leaves open.
//! Never a write.

use serde_json::{Value, json};

use super::{bench, numbers, office};

fn ids(body: &Value) -> Vec<u64> {
    body["data"].as_array().unwrap().iter().map(|row| row["id"].as_u64().unwrap()).collect()
}

#[tokio::test]
async fn pages_of_fifteen_unless_asked() {
    let bench = bench(numbers(40), &[]).await;
    let url = format!("{}/kalem/api/v1/numbers", bench.sandbox.base());
    let (status, first) = bench.get("/numbers?status=active&page=1").await;
    assert_eq!((status, ids(&first)), (200, (1..=15).collect()));
    assert_eq!(first["links"]["next"], format!("{url}?page=2"), "the other parameters are dropped");
    assert_eq!(first["meta"]["path"], url);
    let (_, last) = bench.get("/numbers?page=3").await;
    assert_eq!(
        (ids(&last), &last["meta"]["to"], &last["links"]["next"]),
        ((31..=40).collect(), &json!(40), &json!(null))
    );
    let (_, large) = bench.get("/numbers?per_page=100").await;
    assert_eq!((ids(&large).len(), &large["meta"]["last_page"]), (40, &json!(1)));
    let (status, past) = bench.get("/numbers?page=9").await;
    assert_eq!(
        (status, ids(&past), &past["meta"]["current_page"], &past["meta"]["from"]),
        (200, vec![], &json!(9), &json!(null))
    );
    for query in ["page=0", "page=x", "page=-1", "per_page=0", "per_page="] {
        let (status, body) = bench.get(&format!("/numbers?{query}")).await;
        let meta = &body["meta"];
        assert_eq!(
            (status, &meta["current_page"], &meta["per_page"]),
            (200, &json!(1), &json!(15)),
            "{query}"
        );
    }
    let (status, refused) = bench.get("/numbers?per_page=101").await;
    assert_eq!(
        (status, &refused["message"]),
        (422, &json!("The per page field must not be greater than 100."))
    );
    let (_, refused) = bench.get("/numbers?per_page=x").await;
    assert_eq!(refused["message"], "The per page field must be an integer.");
}

#[tokio::test]
async fn numbers_are_filtered() {
    let seed = json!({"trunks": [office()], "numbers": [
        {"number": "+15550000001", "trunk_id": 1, "voice_agent_id": 2},
        {"number": "+15550000002", "status": "inactive", "text_agent_id": 3},
        {"number": "+4930000003", "trunk_id": 1}]});
    let bench = bench(seed, &[]).await;
    for (query, expected) in [
        ("search=5555", vec![]),
        ("search=%2B1555", vec![1, 2]),
        ("search=+4930", vec![3]),
        ("status=inactive", vec![2]),
        ("voice_agent_id=2", vec![1]),
        ("trunk_id=1", vec![1, 3]),
        ("trunk_id=1&search=493", vec![3]),
        ("trunk_id=99", vec![]),
    ] {
        assert_eq!(ids(&bench.get(&format!("/numbers?{query}")).await.1), expected, "{query}");
    }
    let (status, refused) = bench.get("/numbers?status=on").await;
    assert_eq!((status, &refused["message"]), (422, &json!("The selected status is invalid.")));
}

#[tokio::test]
async fn trunks_and_agents_are_filtered() {
    let out = json!({"name": "Out", "direction": "outbound", "auth_type": "ip", "outbound_server": "s"});
    let bench = bench(json!({"trunks": [office(), out]}), &[]).await;
    for (path, expected) in [
        ("/trunks?direction=outbound", vec![2]),
        ("/trunks?search=pbx", vec![1]),
        ("/trunks?search=o", vec![1, 2]),
        ("/agents", vec![1, 2, 3]),
        ("/agents?search=chat&per_page=100", vec![3]),
    ] {
        assert_eq!(ids(&bench.get(path).await.1), expected, "{path}");
    }
    let agent = json!({"data": {"id": 3, "name": "Chat Agent", "type": "text"}});
    assert_eq!(bench.get("/agents/3").await, (200, agent));
    let (status, lost) = bench.get("/agents/9").await;
    assert_eq!(
        (status, &lost["message"]),
        (404, &json!("No query results for model [App\\Models\\Agent] 9"))
    );
    assert_eq!(bench.send("POST", "/agents", json!({})).await.0, 405);
    let (status, refused) = bench.get("/trunks?direction=sideways").await;
    assert_eq!((status, &refused["message"]), (422, &json!("The selected direction is invalid.")));
}

#[tokio::test]
async fn switches_change_the_forms() {
    let specs = ["bare", "flat-paginator", "no-agents", "created-inactive", "delete-204"];
    let bench = bench(json!({}), &specs).await;
    let (status, made) = bench.send("POST", "/numbers", json!({"number": "+15550000001"})).await;
    assert_eq!((status, &made["id"], &made["status"]), (201, &json!(1), &json!("inactive")));
    let (_, page) = bench.get("/numbers").await;
    assert_eq!((&page["total"], ids(&page), page.get("meta")), (&json!(1), vec![1], None));
    let (status, lost) = bench.get("/agents?search=x").await;
    assert_eq!((status, &lost["message"]), (404, &json!("The route api/v1/agents could not be found.")));
    assert_eq!(bench.get("/agents/1").await.0, 404);
    assert_eq!(bench.delete("/numbers/1").await, (204, json!("")));
}
