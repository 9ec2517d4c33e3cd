//! The sender before something goes: nothing is lost that nobody meant to lose.

use std::time::{Duration, Instant};

use serde_json::json;

use super::looking::{entry, scripted, sent};
use super::sending::{plan_with, resolve, sender};
use super::step;
use crate::apply::Sent;
use crate::model::{Outcome, Request, Step};

/// A look, for a second, that a trunk has no numbers any more.
fn check() -> Step {
    let mut check = step(1, &[]);
    check.request = Request { method: "GET".into(), path: "/trunks/1/numbers".into(), body: None };
    check.expect.lacks = Some(entry(json!({"deleted": false}), 1));
    check
}

#[tokio::test]
async fn a_step_that_makes_sure_reads_until_nothing_is_left() {
    let line = "GET /v1/trunks/1/numbers";
    let (there, gone) = (json!({"phone_number": "+1"}), json!({"phone_number": "+2", "deleted": true}));
    for last in [json!([]), json!([gone.clone()]), json!({"data": [gone]})] {
        let lagging = json!([there.clone(), {"phone_number": "+2", "deleted": false}]);
        let (done, seen) = sent(check(), vec![(line, 200, lagging), (line, 200, last)]).await;
        assert_eq!((done, seen.len()), (Sent::done(200), 2));
    }
    let (done, seen) = sent(check(), vec![(line, 404, json!({"message": "No such trunk"}))]).await;
    let wanted = Sent { because: Some("it was gone already".into()), ..Sent::done(404) };
    assert_eq!((done, seen.len()), (wanted, 1));
}

#[tokio::test]
async fn what_would_be_lost_is_named_and_what_can_not_be_read_is_not_taken_for_nothing() {
    let line = "GET /v1/trunks/1/numbers";
    for (rows, lost) in [
        (json!([{"id": "a", "phone_number": "+19999999999"}]), "1 entry that would be lost: +19999999999"),
        (json!([null]), "1 entry that would be lost"),
        (
            json!([{"number": "+1", "deleted": false}, {"number": "+2", "deleted": true},
                {"name": "\u{1b}[2J a-token-of-its-own"}, {"id": 7}, {"id": 8}]),
            r"4 entries that would be lost: +1, \u{1b}[2J (sensitive value), 7 and 1 more",
        ),
    ] {
        let started = Instant::now();
        let (failed, seen) = sent(check(), vec![(line, 200, rows)]).await;
        assert_eq!(failed, Sent::failed(format!("`/trunks/1/numbers` still shows {lost}")));
        assert!(seen.len() >= 3 && started.elapsed() >= Duration::from_secs(1), "{seen:?}");
    }
    let some = json!({"data": [{"deleted": true}], "has_more": true});
    for (status, body, why) in [
        (200, json!({"numbers": []}), "holds no list"),
        (200, json!({"data": [], "success": false, "message": "Busy."}), "holds no list: Busy."),
        (200, json!({"data": [], "total": 3}), "0 of 3 rows came"),
        (200, some, "says that another follows"),
        (403, json!({"message": "Not yours"}), "403 Not yours"),
    ] {
        let (failed, _) = sent(check(), vec![(line, status, body)]).await;
        assert_eq!(failed.outcome, Outcome::Failed);
        assert!(failed.error.as_deref().unwrap().contains(why), "{failed:?}");
    }
    let plan = plan_with(json!({"password": "${env:PBX}"}));
    let secrets = resolve(&plan, &|_| Some("planted 7e2".into())).unwrap();
    let (api, _) = scripted(vec![(line, 200, json!([{"name": "Desk planted 7e2"}]))]).await;
    let error = sender(api, secrets).send(check()).await.error.unwrap();
    assert!(error.contains("Desk (sensitive value)") && !error.contains("7e2"), "{error}");
}
