//! Writes: what is sent, what is sent again, and what is not known afterwards.

use super::*;

/// The same with a client that writes.
async fn writing(replies: Vec<Reply>) -> (Writer, Seen) {
    let (api, seen) = server(replies).await;
    (Writer::over(api.into()), seen)
}

fn json_body(json: serde_json::Value) -> Body {
    Body::new(json.to_string().into_bytes().into())
}

#[tokio::test]
async fn every_request_says_who_asks_for_what() {
    let (api, seen) = writing(vec![ok()]).await;
    let answer = api.get("/trunks", &[("per_page", "100".into()), ("search", "a b&c".into())]).await.unwrap();
    assert_eq!((answer.status, answer.body), (200, json!({"data": {"id": 7}})));
    api.send("PUT", "/trunks/7", Some(&json_body(json!({"name": "x"}))), false).await.unwrap();
    let seen = seen.lock().unwrap();
    assert!(
        seen[0].starts_with("GET /api/v1/trunks?per_page=100&search=a+b%26c HTTP/1.1\r\n"),
        "{}",
        seen[0]
    );
    assert!(seen[1].starts_with("PUT /api/v1/trunks/7 HTTP/1.1\r\n") && seen[1].ends_with(r#"{"name":"x"}"#));
    for request in seen.iter() {
        for header in
            ["accept: application/json", "authorization: Bearer tok-hunter2", "user-agent: trunkform/"]
        {
            assert!(request.contains(header), "{header} in {request}");
        }
    }
    assert_eq!(api.requests(), 2);
}

#[tokio::test]
async fn a_post_is_never_sent_twice_when_it_may_have_been_done() {
    let lost = [
        Reply::Reset,
        Reply::Hang,
        Reply::Endless,
        status("503 Service Unavailable", "retry-after: 0\r\n", "{}"),
        status("201 Created", "", r#"{"data":{"id""#),
        status("200 OK", "", "<html>"),
    ];
    for reply in lost {
        let (api, seen) = writing(vec![reply, ok()]).await;
        let error = api.send("POST", "/trunks", Some(&json_body(json!({}))), false).await.unwrap_err();
        assert_eq!((count(&seen), error.is_uncertain()), (1, true), "{error}");
    }
    let (api, seen) = writing(vec![status("429 Slow", "retry-after: 0\r\n", "{}"), ok()]).await;
    assert!(api.send("POST", "/trunks", Some(&json_body(json!({}))), false).await.is_ok());
    assert_eq!(count(&seen), 2);
    let (api, seen) = writing(vec![status("422 No", "", r#"{"message":"Bad."}"#)]).await;
    let error = api.send("POST", "/trunks", Some(&json_body(json!({}))), false).await.unwrap_err();
    assert_eq!((count(&seen), error.is_uncertain(), error.status()), (1, false, Some(422)));
}

#[tokio::test]
async fn a_refused_connection_is_certain_and_tried_again() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}/", listener.local_addr().unwrap());
    drop(listener);
    let api = Writer::over(client(&base).into());
    let error = api.send("POST", "/trunks", None, false).await.unwrap_err();
    assert_eq!((api.requests(), error.is_uncertain()), (4, false));
    assert!(
        error.to_string().contains("no connection") && error.to_string().contains("TRUNKFORM_URL_KALEM"),
        "{error}"
    );
}

#[tokio::test]
async fn a_deletion_that_was_done_unseen_is_done() {
    let gone = || status("404 Not Found", "", r#"{"message":"No query results"}"#);
    let (api, _) = writing(vec![Reply::Reset, gone()]).await;
    let answer = api.send("DELETE", "/trunks/1", None, false).await.unwrap();
    assert_eq!((answer.status, answer.after_uncertain), (404, true));

    let (api, _) = writing(vec![gone()]).await;
    let error = api.send("DELETE", "/trunks/1", None, false).await.unwrap_err();
    assert_eq!((error.status(), error.is_uncertain()), (Some(404), false));

    let (api, _) = writing(vec![Reply::Reset, gone()]).await;
    let error = api.send("PUT", "/trunks/1", Some(&json_body(json!({}))), false).await.unwrap_err();
    assert_eq!((error.status(), error.is_uncertain()), (Some(404), true), "an earlier try may stand");

    // A web page that says 404 does not speak for the platform.
    let (api, _) = writing(vec![Reply::Reset, status("404 Not Found", "", "<html>")]).await;
    let error = api.send("DELETE", "/trunks/1", None, false).await.unwrap_err();
    assert_eq!((error.status(), error.is_uncertain(), error.is_gone()), (Some(404), true, false));

    let (api, _) =
        writing(vec![Reply::Raw("HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n".into())]).await;
    let answer = api.send("DELETE", "/trunks/1", None, false).await.unwrap();
    assert_eq!((answer.status, answer.body, answer.after_uncertain), (204, json!(null), false));
}

#[tokio::test]
async fn a_redirect_is_an_error_and_is_not_followed() {
    let reply = status("302 Found", "location: /login?next=x\r\n", "");
    let (api, seen) = writing(vec![reply]).await;
    let error = api.send("PUT", "/trunks/1", Some(&json_body(json!({}))), false).await.unwrap_err();
    assert_eq!((count(&seen), error.status()), (1, Some(302)));
    assert!(error.to_string().contains("302 redirects to http://127.0.0.1:"), "{error}");
    assert!(!error.to_string().contains("next=x"), "{error}");
}

#[tokio::test]
async fn no_id_can_lead_elsewhere() {
    let (api, seen) = writing(vec![ok()]).await;
    let long = format!("/trunks/{}", "x".repeat(200));
    for path in [
        "trunks",
        "@evil.example/",
        "/trunks/",
        "/trunks/..",
        "/trunks/%2E%2e/x",
        "//evil.example",
        "/.",
        "/trunks/a?b",
        "/trunks/a#b",
        "/trunks/a%2Fd",
        "/trunks/..%2f..",
        "/trunks/a\\b",
        "/trunks/a%5cb",
        "/trunks/%252e",
        "/trunks/a%0D%0Ab",
        "/trunks/%20",
        &long,
    ] {
        assert!(api.send("DELETE", path, None, false).await.is_err(), "{path}");
    }
    assert!(api.send("GET", "/trunks", None, false).await.is_err());
    assert_eq!(count(&seen), 0);
    api.send("DELETE", "/trunks/a b${c}", None, false).await.unwrap();
    assert!(seen.lock().unwrap()[0].starts_with("DELETE /api/v1/trunks/a%20b$%7Bc%7D HTTP"));
}
