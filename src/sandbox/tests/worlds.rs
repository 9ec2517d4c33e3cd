//! In: worlds, state files, and secrets that were planted.
//! Out: what is kept apart, what is kept, and that no secret is.
//! Never reads a file that the sandbox did not write, but for wrong ones.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};

use super::super::{Options, Sandbox, routes};
use super::{Bench, PASSWORD, TOKEN, bench, client, office, read};

async fn start(options: Options) -> Bench {
    Bench { sandbox: Sandbox::start(options).await.unwrap(), client: client() }
}

#[tokio::test]
async fn a_world_is_separate() {
    let bench = bench(json!({"trunks": [office()]}), &[]).await;
    let base = bench.sandbox.base();
    let get = async |path: &str| {
        let request =
            bench.client.get(format!("{base}{path}")).bearer_auth("t").header("accept", "application/json");
        read(request.send().await.unwrap()).await.1
    };
    let other = get("/@kalem-eu/kalem/api/v1/trunks").await;
    assert_eq!(
        (&other["meta"]["total"], &other["meta"]["path"]),
        (&json!(0), &json!(format!("{base}/@kalem-eu/kalem/api/v1/trunks")))
    );
    assert_eq!(get("/kalem/api/v1/trunks").await["meta"]["total"], 1);
    let snapshot = bench.sandbox.snapshot();
    assert_eq!(snapshot["@kalem-eu"]["kalem"]["trunks"], json!([]));
    assert!(routes().any(|route| route == ("kalem", "/kalem/api/v1")));
}

#[tokio::test]
async fn the_state_file_outlives_the_sandbox_and_wins_over_the_seed() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("new/state.json");
    let options = || Options {
        state: Some(file.clone()),
        seed: Some(json!({"kalem": {"trunks": [office()]}, "@b": {"kalem": {}}})),
        ..Options::default()
    };
    let first = start(options()).await;
    assert_eq!(first.send("POST", "/numbers", json!({"number": "+15550000001", "trunk_id": 1})).await.0, 201);
    assert_eq!(first.delete("/numbers/1").await.0, 200);
    tokio::time::sleep(Duration::from_millis(600)).await;
    let written: Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
    assert_eq!(written, first.sandbox.snapshot(), "written while running");
    assert_eq!(first.send("POST", "/numbers", json!({"number": "+15550000002"})).await.0, 201);
    let left = first.sandbox.snapshot();
    first.sandbox.stop().await.unwrap();
    let second = start(options()).await;
    assert_eq!(second.sandbox.snapshot(), left);
    assert_eq!(second.get("/numbers/2").await.0, 200);
    assert_eq!(second.get("/numbers/1").await.0, 404);
    second.sandbox.stop().await.unwrap();
}

#[tokio::test]
async fn a_wrong_state_file_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("state.json");
    for (text, part) in [
        ("{", "not JSON"),
        ("{\"kalem\": {\"trunks\": [{\"name\": \"T\"}]}}", "kalem.trunks[0]: missing field `direction`"),
        ("{\"kalem\": {\"numbers\": [{\"number\": \"+15550000001\", \"trunk_id\": 7}]}}", "no trunk_id 7"),
    ] {
        std::fs::write(&file, text).unwrap();
        let error =
            Sandbox::start(Options { state: Some(file.clone()), ..Options::default() }).await.err().unwrap();
        let error = error.to_string();
        assert!(error.contains("state.json") && error.contains(part), "{error}");
        assert_eq!(std::fs::read_to_string(&file).unwrap(), text, "left alone");
    }
    let seed = Some(json!({"kalem": {"trunks": 5}}));
    let error = Sandbox::start(Options { seed, ..Options::default() }).await.err().unwrap();
    assert_eq!(error.to_string(), "seed: kalem.trunks: expected a list");
}

#[tokio::test]
async fn somebody_works_in_the_dashboard() {
    let bench = bench(json!({}), &[]).await;
    bench.sandbox.replace_state(json!({"kalem": {"agents": [], "trunks": [office()]}})).unwrap();
    assert_eq!(bench.get("/trunks/1").await.1["data"]["created_at"], "2025-01-15T10:30:00+00:00");
    assert_eq!(bench.get("/agents").await.1["meta"]["total"], 0);
    let wrong = bench.sandbox.replace_state(json!({"kalem": {"trunks": [{"id": 1}]}}));
    assert!(wrong.unwrap_err().starts_with("kalem.trunks[0]: missing field `name`"));
    assert_eq!(bench.get("/trunks/1").await.0, 200);
}

#[tokio::test]
async fn no_secret_is_kept_anywhere() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("state.json");
    let heard = Arc::new(Mutex::new(String::new()));
    let ear = Arc::clone(&heard);
    let options = Options {
        state: Some(file.clone()),
        on_request: Some(Arc::new(move |request| ear.lock().unwrap().push_str(&format!("{request:?}\n")))),
        ..Options::default()
    };
    let bench = start(options).await;
    let digest = json!({"name": "D", "direction": "inbound", "auth_type": "digest", "username": "u",
                        "password": PASSWORD});
    let (status, made) = bench.send("POST", "/trunks", digest.clone()).await;
    assert_eq!(status, 201);
    assert_eq!(bench.send("PUT", "/trunks/1", json!({"password": PASSWORD})).await.0, 200);
    let mut short = digest;
    short["name"] = json!(null);
    let (_, refused) = bench.send("POST", "/trunks", short).await;
    let broken = bench.request("POST", "/trunks").header("content-type", "application/json");
    let (_, broken) =
        read(broken.body(format!("{{\"password\": \"{PASSWORD}\"")).send().await.unwrap()).await;
    let requests = bench.sandbox.requests();
    assert_eq!(requests[0].body.as_ref().unwrap()["password"], "(sensitive value)");
    assert_eq!((requests[0].method.as_str(), requests[0].path.as_str()), ("POST", "/kalem/api/v1/trunks"));
    let snapshot = bench.sandbox.snapshot();
    bench.sandbox.stop().await.unwrap();
    let kept = std::fs::read_to_string(&file).unwrap();
    let heard = heard.lock().unwrap().clone();
    assert_eq!(heard.lines().count(), 4);
    for text in [
        format!("{requests:?}"),
        snapshot.to_string(),
        kept,
        heard,
        made.to_string(),
        refused.to_string(),
        broken.to_string(),
    ] {
        assert!(!text.contains(PASSWORD) && !text.contains(TOKEN), "{text}");
    }
}

#[tokio::test]
async fn the_log_can_be_cleared() {
    let bench = bench(json!({}), &[]).await;
    bench.get("/trunks?page=2").await;
    bench.sandbox.clear_requests();
    assert_eq!(bench.sandbox.requests(), []);
    bench.get("/numbers?trunk_id=1").await;
    assert_eq!(bench.sandbox.requests()[0].path, "/kalem/api/v1/numbers?trunk_id=1");
}

/// The sandbox must not share the client's reading of a platform, so it may not share its code.
#[test]
fn nothing_else_of_the_crate_is_imported() {
    let mut folders = vec![std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/sandbox")];
    let outside = ["crate", "::"].concat();
    let mut files = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            files += 1;
            let text = std::fs::read_to_string(&path).unwrap();
            let foreign = text.replace(&format!("{outside}sandbox"), "").contains(&outside);
            assert!(!foreign && !text.contains(&["trunkform", "::"].concat()), "{}", path.display());
        }
    }
    assert!(files > 15);
}
