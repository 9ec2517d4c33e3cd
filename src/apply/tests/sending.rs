//! The sender over a server that answers whatever it is told to, and the secrets that it is given.

use std::path::Path;
use std::sync::{Arc, Mutex};

use serde_json::{Value as Json, json};

use super::step;
use crate::api::{Api, Connection, Writer};
use crate::apply::{SecretFiles, Secrets, Sender};
use crate::folder::FolderPath;
use crate::model::{
    Account, Code, Diagnostic, Id, Kind, KindName, Kinds, Outcome, Plan, PlannedAccount, Request, SecretNames,
};

/// Answers every request with one status and body; remembers what came.
async fn server(status: u16, body: Json) -> (Api, Arc<Mutex<Vec<(String, Json)>>>) {
    let seen: Arc<Mutex<Vec<(String, Json)>>> = Arc::default();
    let kept = seen.clone();
    let answer = move |request: axum::extract::Request| {
        let (kept, body) = (kept.clone(), body.clone());
        async move {
            let line = format!("{} {}", request.method(), request.uri());
            let bytes = axum::body::to_bytes(request.into_body(), 1 << 20).await.unwrap();
            kept.lock().unwrap().push((line, serde_json::from_slice(&bytes).unwrap_or_default()));
            (axum::http::StatusCode::from_u16(status).unwrap(), axum::Json(body))
        }
    };
    (serve(axum::Router::new().fallback(answer)).await, seen)
}

pub(in crate::apply) async fn serve(router: axum::Router) -> Api {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}/v1", listener.local_addr().unwrap()).parse().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    let account = Account::new("kalem");
    Api::new(Connection { platform: "kalem", account, base, token: "a-token-of-its-own".to_owned().into() })
        .unwrap()
}

pub(super) fn sender(api: Api, secrets: Secrets) -> Arc<Sender> {
    Arc::new(Sender::new([(Account::new("kalem"), Writer::over(Arc::new(api)))].into(), secrets))
}

pub(super) fn kinds(_: &str) -> Option<&'static Kinds> {
    let schema: &'static Json = Box::leak(Box::new(json!({"properties": {
        "name": {"x-identity": true}, "password": {"writeOnly": true, "x-min-length": 8},
    }})));
    let kind = |name| Kind::from_schema(name, schema);
    Some(Box::leak(Box::new(Kinds { trunk: kind(KindName::Trunk), number: kind(KindName::Number) })))
}

pub(super) fn plan_with(body: Json) -> Plan {
    let mut only = step(1, &[]);
    only.request.body = Some(body);
    let account = PlannedAccount {
        budget: None,
        account: Account::new("kalem"),
        provider: "kalem".into(),
        observed: Default::default(),
        fingerprints: vec![],
        removals: 0,
        allowed: 0,
    };
    Plan { accounts: vec![account], steps: vec![only], ..Plan::default() }
}

/// The secrets of a plan that names no file.
pub(super) fn resolve(plan: &Plan, env: &dyn Fn(&str) -> Option<String>) -> Result<Secrets, Vec<Diagnostic>> {
    Secrets::resolve(plan, &kinds, &SecretNames::default(), env, &SecretFiles::default())
}

#[tokio::test]
async fn a_new_id_and_a_secret_reach_the_wire_and_only_the_wire() {
    let (api, seen) = server(201, json!({"data": {"id": "a b"}, "message": "made"})).await;
    let plan = plan_with(json!({"name": "T1", "password": "${env:PBX}"}));
    let secrets = resolve(&plan, &|name| (name == "PBX").then(|| "planted-7e2".into())).unwrap();
    let sender = sender(api, secrets);
    let mut create = plan.steps[0].clone();
    create.expect.id = vec!["/id".into(), "/data/id".into()];
    let sent = sender.clone().send(create.clone()).await;
    assert_eq!((sent.outcome, &sent.id), (Outcome::Done, &Id::from_json(&json!("a b"))));
    let mut next = step(2, &[1]);
    next.request.path = format!("/trunks/{}", Request::path_placeholder(&create.address));
    next.request.body = Some(json!({"trunk_id": Request::placeholder(&create.address)}));
    sender.send(next).await;
    let seen = seen.lock().unwrap();
    assert_eq!(seen[0].1, json!({"name": "T1", "password": "planted-7e2"}));
    assert_eq!(seen[1], ("PUT /v1/trunks/a%20b".into(), json!({"trunk_id": "a b"})));
}

#[tokio::test]
async fn an_answer_without_the_id_is_uncertain_and_a_refusal_repeats_no_secret() {
    let plan = plan_with(json!({"password": "${env:PBX}"}));
    let secrets = || resolve(&plan, &|_| Some("planted \"7e2\"".into())).unwrap();
    let mut create = plan.steps[0].clone();
    create.expect.id = vec!["/id".into()];
    for body in [json!({}), json!({"id": ""}), json!({"id": " "}), json!({"id": -3}), json!({"id": "0"})] {
        let (api, _) = server(201, body.clone()).await;
        let sent = sender(api, secrets()).send(create.clone()).await;
        assert_eq!((sent.outcome, sent.id), (Outcome::Uncertain, None), "{body}");
    }
    let (api, _) = server(201, json!({"id": "12"})).await;
    assert_eq!(sender(api, secrets()).send(create.clone()).await.id, Some(Id::Int(12)));
    let (api, _) = server(422, json!({"message": "planted \"7e2\" is weak"})).await;
    let sent = sender(api, secrets()).send(create).await;
    assert_eq!((sent.outcome, sent.status), (Outcome::Failed, Some(422)));
    assert!(
        sent.error.as_deref().is_some_and(|why| why.contains("is weak") && !why.contains("7e2")),
        "{sent:?}"
    );
}

#[tokio::test]
async fn what_is_gone_already_is_deleted() {
    let (api, _) = server(404, json!({"message": "No such trunk"})).await;
    let mut delete = step(1, &[]);
    (delete.request.method, delete.request.body) = ("DELETE".into(), None);
    let sent = sender(api, Secrets::default()).send(delete.clone()).await;
    assert_eq!((sent.outcome, sent.because.as_deref()), (Outcome::Done, Some("it was gone already")));
    let page =
        || async { (axum::http::StatusCode::NOT_FOUND, axum::response::Html("<html>Not here</html>")) };
    let api = serve(axum::Router::new().fallback(page)).await;
    let sent = sender(api, Secrets::default()).send(delete).await;
    assert_eq!(
        (sent.outcome, sent.status),
        (Outcome::Failed, Some(404)),
        "a web page does not speak for the platform"
    );
}

#[tokio::test]
async fn no_secret_is_written_down_as_an_id() {
    let plan = plan_with(json!({"password": "${env:PBX}"}));
    let secrets = resolve(&plan, &|_| Some("planted 7e2".into())).unwrap();
    let (api, _) = server(201, json!({"id": "x-planted 7e2-a-token-of-its-own"})).await;
    let mut create = plan.steps[0].clone();
    create.expect.id = vec!["/id".into()];
    let sent = sender(api, secrets).send(create).await;
    assert_eq!(sent.id, Some(Id::Text("x-(sensitive value)-(sensitive value)".into())));
}

#[test]
fn a_token_is_no_secret_to_be_sent() {
    let plan = plan_with(json!({"password": "${env:TRUNKFORM_TOKEN_KALEM}"}));
    let refused = resolve(&plan, &|_| Some("long enough".into())).unwrap_err();
    assert_eq!((refused.len(), refused[0].code), (1, Code::SEC009));
    assert!(refused[0].message.contains("a variable of Trunkform itself"), "{}", refused[0].message);
}

/// The files of secrets of a configuration in this folder.
fn beneath(folder: &Path) -> SecretFiles {
    SecretFiles::new([FolderPath::trusted(folder)].into())
}

#[test]
fn a_secret_file_is_a_regular_small_file_of_exactly_that_name() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("pw}");
    let resolve = |path: &str| {
        let plan = plan_with(json!({"password": format!("${{file:{path}}}")}));
        let files = beneath(Path::new(path).parent().unwrap());
        Secrets::resolve(&plan, &kinds, &SecretNames::default(), &|_| None, &files)
    };
    std::fs::write(&path, "12345678").unwrap();
    assert!(resolve(path.to_str().unwrap()).is_ok());
    std::fs::write(&path, "x".repeat(64 << 10)).unwrap();
    assert!(resolve(path.to_str().unwrap()).is_ok());
    std::fs::write(&path, "x".repeat((64 << 10) + 1)).unwrap();
    for (bad, why) in [(path.to_str().unwrap(), "larger than 64 KiB"), ("/dev/zero", "no regular file")] {
        let refused = resolve(bad).unwrap_err();
        assert!(
            refused[0].code == Code::SEC008 && refused[0].message.contains(why),
            "{}",
            refused[0].message
        );
    }
}

#[test]
fn secrets_that_are_missing_or_too_short_are_named_and_not_shown() {
    let plan = plan_with(json!({"password": "${env:PBX}"}));
    let codes = |value: Option<&str>| {
        let found = resolve(&plan, &|_| value.map(str::to_owned)).err().unwrap_or_default();
        assert!(
            found.iter().all(|d| !d.message.contains("short77") && d.message.contains("kalem.trunk.T1")),
            "{found:?}"
        );
        found.iter().map(|d| d.code).collect::<Vec<_>>()
    };
    assert_eq!(codes(None), [Code::SEC008]);
    assert_eq!(codes(Some("")), [Code::SEC008]);
    assert_eq!(codes(Some("short77")), [Code::SEC002]);
    assert_eq!(codes(Some("long enough")), []);
}

#[test]
fn a_secret_file_loses_its_last_line_break_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("secret");
    let plan = plan_with(json!({"password": format!("${{file:{}}}", path.display())}));
    let resolve =
        || Secrets::resolve(&plan, &kinds, &SecretNames::default(), &|_| None, &beneath(folder.path()));
    assert_eq!(resolve().unwrap_err()[0].code, Code::SEC008);
    std::fs::write(&path, "12345678\n").unwrap();
    assert!(resolve().is_ok());
    std::fs::write(&path, "1234567\n").unwrap();
    assert_eq!(
        resolve().unwrap_err()[0].code,
        Code::SEC002,
        "the line break is not a character of the secret"
    );
    assert_eq!(format!("{:?}", resolve().unwrap_err()).matches("1234567").count(), 0);
}

#[tokio::test]
async fn nothing_that_holds_a_secret_shows_it() {
    let plan = plan_with(json!({"password": "${env:PBX}"}));
    let secrets = resolve(&plan, &|_| Some("planted-7e2".into())).unwrap();
    let filled = crate::apply::fill::fill(&plan.steps[0], &Default::default(), &secrets).ok().unwrap();
    let body = filled.body.unwrap();
    assert_eq!(body.as_bytes(), br#"{"password":"planted-7e2"}"#);
    let (api, _) = server(422, json!({"message": "planted-7e2, a-token-of-its-own"})).await;
    let api = Writer::over(api.into());
    let error = secrets.hidden(api.send("POST", "/trunks", Some(&body), false).await.unwrap_err());
    let base = "http://127.0.0.1".parse().unwrap();
    let token = "a-token-of-its-own".into();
    let connection = Connection { platform: "kalem", account: Account::new("kalem"), base, token };
    let shown = format!("{secrets:?} {body:?} {api:?} {error:?} {error} {connection:?}");
    assert!(!shown.contains("7e2") && !shown.contains("of-its-own"), "{shown}");
    assert!(shown.contains("REDACTED") && shown.contains("(sensitive value)"), "{shown}");
}
