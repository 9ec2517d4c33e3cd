//! In: requests that are refused, with each switch that says in which form.
//! Out: the six bodies of error that Talkover's pages show.
//! Never a request that succeeds, but to prepare one.

use serde_json::{Value, json};

use super::{UDP, carrier, desk, read};

const HELD: &str = "Trunk still has DIDs attached. Delete DIDs before deleting the trunk.";

fn seed() -> Value {
    json!({"trunks": [{"id": UDP, "name": "T", "domain": "d", "dids": [{"number": "+15550000001"}]}]})
}

#[tokio::test]
async fn each_form_carries_a_conflict() {
    let nested = json!({"code": "TRUNK_HAS_DIDS", "message": HELD, "details": {}});
    for (switches, expected) in [
        (&[][..], json!({"success": false, "message": HELD, "code": "TRUNK_HAS_DIDS"})),
        (&["errors-coded"], json!({"success": false, "message": HELD, "code": "TRUNK_HAS_DIDS"})),
        (
            &["errors-fielded"],
            json!({"success": false, "message": "The given data was invalid.", "errors": {"trunk": [HELD]}}),
        ),
        (&["errors-nested"], json!({"success": false, "error": nested})),
        (&["errors-unwrapped"], json!({ "error": nested })),
        (&["errors-flat"], json!({"error": "TRUNK_HAS_DIDS", "message": HELD, "status_code": 409})),
        (&["errors-message"], json!({"success": false, "message": HELD})),
    ] {
        let desk = desk(seed(), switches).await;
        let answer = desk.ask("DELETE", &format!("/sip-trunks/{UDP}")).await;
        assert_eq!(answer, (409, expected), "{switches:?}");
    }
}

#[tokio::test]
async fn each_form_carries_what_is_wrong_with_a_field() {
    let text = "The port field must be an integer.";
    let errors = json!({ "port": [text] });
    let invalid = "The given data was invalid.";
    let nested = json!({"code": "VALIDATION_ERROR", "message": invalid, "details": errors});
    for (switches, expected) in [
        (&[][..], json!({"success": false, "message": invalid, "errors": errors})),
        (&["errors-coded"], json!({"success": false, "message": text})),
        (&["errors-nested"], json!({"success": false, "error": nested})),
        (&["errors-unwrapped"], json!({ "error": nested })),
        (&["errors-flat"], json!({"error": "VALIDATION_ERROR", "message": text, "status_code": 422})),
        (&["errors-message"], json!({"success": false, "message": text})),
    ] {
        let desk = desk(seed(), switches).await;
        let answer = desk.send("PUT", &format!("/sip-trunks/{UDP}"), json!({"port": "x"})).await;
        assert_eq!(answer, (422, expected), "{switches:?}");
    }
}

#[tokio::test]
async fn a_missing_token_and_a_refused_one() {
    let desk = desk(json!({}), &[]).await;
    let url = format!("{}/talkover/api/v1/agents", desk.0.sandbox.base());
    let without = async || read(desk.0.client.get(&url).send().await.unwrap()).await;
    let message = json!({"success": false, "message": "Unauthenticated."});
    assert_eq!(without().await, (401, message.clone()));
    desk.0.set_faults(&["errors-flat"]);
    let flat = json!({"error": "MISSING_TOKEN", "message": "Unauthenticated.", "status_code": 401});
    assert_eq!(without().await, (401, flat));
    desk.0.set_faults(&["status=401"]);
    assert_eq!(desk.get("/agents").await, (401, message));
    desk.0.set_faults(&["status=403"]);
    let forbidden = json!({"success": false, "message": "You are not authorized to perform this action."});
    assert_eq!(desk.get("/agents").await, (403, forbidden));
}

#[tokio::test]
async fn a_plan_without_trunks_has_numbers_and_agents_all_the_same() {
    let desk = desk(json!({}), &["no-custom-trunks"]).await;
    let refused = json!({"success": false, "message": "Your plan does not include custom SIP trunks."});
    assert_eq!(desk.get("/sip-trunks").await, (403, refused.clone()));
    assert_eq!(desk.send("POST", "/sip-trunks", carrier()).await, (403, refused));
    assert_eq!((desk.get("/agents").await.0, desk.get("/phone-numbers").await.0), (200, 200));
}

#[tokio::test]
async fn what_is_not_there_and_what_is_not_allowed() {
    let desk = desk(seed(), &[]).await;
    let (status, lost) = desk.get("/trunks").await;
    assert_eq!((status, &lost["message"]), (404, &json!("The route api/v1/trunks could not be found.")));
    for (method, path) in [
        ("DELETE", "/sip-trunks"),
        ("PATCH", "/sip-trunks/x"),
        ("GET", "/sip-trunks/x/verify"),
        ("POST", "/sip-trunks/x/health"),
        ("PUT", "/sip-trunks/x/dids/y"),
        ("POST", "/phone-numbers"),
        ("DELETE", "/agents/x"),
        ("GET", "/agents/x/calling"),
    ] {
        assert_eq!(desk.ask(method, path).await.0, 405, "{method} {path}");
    }
}
