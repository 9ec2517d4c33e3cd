//! Every envelope that Talkover's pages show, good and bad.

use serde_json::{Value as Json, json};

use crate::model::Reading;

use super::server::{missing, observe, ok, page};

/// What is said of an account whose list of trunks is answered like this.
async fn said(status: u16, body: Json) -> String {
    let (state, _) = observe(Reading::Everything, move |ask| match ask.path {
        "/sip-trunks" => (status, body.clone()),
        _ => page(&[], 1),
    })
    .await;
    state.unwrap_err().to_string()
}

#[tokio::test]
async fn each_error_envelope_is_told_in_its_own_words() {
    for (status, body, expected) in [
        (
            409,
            json!({"success": false, "message": "Trunk still has DIDs", "code": "TRUNK_HAS_DIDS"}),
            "409 Trunk still has DIDs (TRUNK_HAS_DIDS)",
        ),
        (
            422,
            json!({"success": false, "message": "The given data was invalid.", "errors": {"page": ["Too far."]}}),
            "422 The given data was invalid. [page: Too far.]",
        ),
        (
            400,
            json!({"success": false, "error": {"code": "X", "message": "No such call.", "details": {}}}),
            "400 No such call.",
        ),
        (400, json!({"error": {"code": "X", "message": "No such call."}}), "400 No such call."),
        (
            401,
            json!({"error": "TOKEN_EXPIRED", "message": "The token has expired.", "status_code": 401}),
            "401 The token has expired. (TOKEN_EXPIRED) — set TRUNKFORM_TOKEN_TALKOVER to a token that may do this",
        ),
        (401, json!({"success": false, "message": "Unauthenticated."}), "401 Unauthenticated."),
        (
            403,
            json!({"success": false, "message": "You are not authorized to perform this action."}),
            "403 You are not authorized",
        ),
        (
            200,
            json!({"success": false, "message": "Not on your plan."}),
            "the answer holds no list: Not on your plan.",
        ),
        (
            200,
            json!({"success": false, "data": [], "error": {"message": "Busy."}}),
            "the answer holds no list: Busy.",
        ),
        (200, json!({"success": true}), "the answer holds no list"),
        (200, json!({"success": true, "data": [], "meta": {"total": 2}}), "0 of 2 rows came"),
        (
            200,
            json!({"success": true, "data": [{"id": "a"}], "links": {"next": "x"}}),
            "its last page says that another follows",
        ),
        (200, json!({"success": true, "data": [{"name": "A"}]}), "row 1 has no `id`"),
    ] {
        let line = said(status, body).await;
        assert!(line.contains(&format!("/sip-trunks: {expected}")), "{line}");
    }
}

#[tokio::test]
async fn a_refusal_with_a_good_status_is_an_error_everywhere() {
    let no = || (200, json!({"success": false, "message": "Out of order."}));
    for path in ["/sip-trunks", "/sip-trunks/a", "/sip-trunks/a/dids", "/agents"] {
        let (state, _) = observe(Reading::Everything, move |ask| match ask.path {
            asked if asked == path => no(),
            "/sip-trunks" => ok(json!([{"id": "a"}])),
            "/sip-trunks/a" => ok(json!({"id": "a", "name": "A"})),
            "/sip-trunks/a/dids" => ok(json!([])),
            "/agents" => page(&[], 1),
            _ => missing(),
        })
        .await;
        let line = state.unwrap_err().to_string();
        assert!(line.contains(path) && line.ends_with(": Out of order."), "{line}");
    }
}

#[tokio::test]
async fn things_may_come_bare() {
    let (state, _) = observe(Reading::Everything, |ask| match ask.path {
        "/sip-trunks" => (200, json!([{"id": "a"}])),
        "/sip-trunks/a" => (200, json!({"id": "a", "name": "A"})),
        "/sip-trunks/a/dids" => (200, json!([{"id": "d", "number": "+15550000001"}])),
        _ => (200, json!([])),
    })
    .await;
    assert_eq!(state.unwrap().resources.len(), 2);
}

#[tokio::test]
async fn agents_are_read_to_the_last_page_or_not_at_all() {
    let agents: Vec<_> = (0..150)
        .map(|i| json!({"id": format!("a{i}"), "name": format!("A{i}"), "phone_numbers": []}))
        .collect();
    for (case, expected) in [
        ("whole", Ok(150)),
        ("silent", Ok(150)),
        ("short", Err("150 of 151 rows came")),
        ("shifts", Err("it had 150 rows, then 149")),
    ] {
        let agents = agents.clone();
        let (state, _) = observe(Reading::Everything, move |ask| match (ask.path, case) {
            ("/sip-trunks", _) => ok(json!([])),
            ("/agents", "silent") => ok(json!(agents.chunks(100).nth(ask.page - 1).unwrap_or_default())),
            ("/agents", _) => {
                let (status, mut body) = page(&agents, ask.page);
                match (case, ask.page) {
                    ("short", _) => body["meta"]["total"] = json!(151),
                    ("shifts", 2) => body["meta"]["total"] = json!(149),
                    _ => {}
                }
                (status, body)
            }
            _ => missing(),
        })
        .await;
        match (state, expected) {
            (Ok(state), Ok(count)) => assert_eq!(state.agents.len(), count),
            (Err(error), Err(expected)) => assert!(error.to_string().ends_with(expected), "{error}"),
            (state, _) => panic!("{case}: {:?}", state.map(|state| state.agents.len())),
        }
    }
}

#[tokio::test]
async fn a_trunk_is_the_one_that_was_asked_for() {
    let (state, _) = observe(Reading::Trunks, |ask| match ask.path {
        "/sip-trunks" => ok(json!([{"id": "a"}])),
        _ => ok(json!({"id": "b", "name": "B"})),
    })
    .await;
    let line = state.unwrap_err().to_string();
    assert!(line.ends_with("/sip-trunks/a: what is there is another trunk (b)"), "{line}");
}
