//! What was made and nobody heard of: looked for by what it is known by, before anything is sent again.

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::json;

use super::looking::{create, scripted, sent};
use super::sending::sender;
use super::step;
use crate::api::Writer;
use crate::apply::{Secrets, Sender, Sent};
use crate::model::{Account, Id, Lookup, Outcome, Request, Step};

/// A step whose answer may be lost, looked up in a way of its own.
fn looked_up(within: u32, change: impl FnOnce(&mut Lookup)) -> Step {
    let mut step = create(within);
    change(step.expect.lookup.as_mut().unwrap());
    step
}

#[tokio::test]
async fn what_was_made_is_found_when_the_answer_was_lost_or_says_that_it_is_there() {
    let row = json!({"name": "T1", "id": "9"});
    let (lost, there) = ("the answer was lost; it was found", "it was there already");
    let exists = json!({"message": "Phone number already exists"});
    for (status, body, because, unique) in [
        (500, json!({}), lost, false),
        (201, json!({"nothing": "here"}), lost, false),
        (500, json!({}), lost, true),
        (409, exists.clone(), there, true),
        (422, exists, there, true),
    ] {
        let answers = vec![
            ("POST /v1/trunks", status, body),
            ("GET /v1/list", 200, json!({"data": []})),
            ("GET /v1/list", 200, json!({"data": [row, {"name": "T2", "id": 1}]})),
            ("PUT /v1/trunks/9", 200, json!({})),
        ];
        let (api, seen) = scripted(answers).await;
        let sender = sender(api, Secrets::default());
        let found = sender.clone().send(looked_up(5, |lookup| lookup.unique = unique)).await;
        let wanted = Sent {
            status: Some(status),
            because: Some(because.into()),
            id: Some(Id::Int(9)),
            ..Sent::done(status)
        };
        assert_eq!(found, wanted);
        let mut next = step(2, &[1]);
        next.request.path = format!("/trunks/{}", Request::path_placeholder(&step(1, &[]).address));
        assert_eq!(sender.send(next).await.outcome, Outcome::Done);
        assert_eq!(seen.lock().unwrap().len(), 4);
    }
}

#[tokio::test]
async fn what_is_not_found_stays_what_it_was_and_says_so() {
    let twice = json!([{"name": "T1", "id": 1}, {"name": "T1", "id": "x"}, {"name": "T2", "id": 3}]);
    let lists = [
        (
            200,
            json!([]),
            "it was looked for during 0 s and is not listed, but may still come: plan again before you apply again",
        ),
        (
            200,
            twice,
            "2 that may be it are listed (ids: `1`, `x`): delete what is not wanted, then plan again",
        ),
        (200, json!([{"name": "T1"}]), "it is listed without an id: plan again before you apply again"),
        (404, json!({"message": "Gone."}), "and whether it is listed is not known: GET http://"),
        (200, json!({"success": false, "data": []}), "and whether it is listed is not known: GET http://"),
        (200, json!({"data": [], "total": 1}), "0 of 1 rows came"),
        (200, json!({"data": [{"name": "T1", "id": 1}], "has_more": true}), "says that another follows"),
    ];
    for (status, outcome) in [(500, Outcome::Uncertain), (409, Outcome::Failed), (422, Outcome::Failed)] {
        for (list, body, said) in lists.clone() {
            let unique = status != 500;
            let nothing = unique && list == 200 && body == json!([]);
            let answers =
                vec![("POST /v1/trunks", status, json!({"message": "No."})), ("GET /v1/list", list, body)];
            let (sent, seen) = sent(looked_up(0, |lookup| lookup.unique = unique), answers).await;
            assert_eq!((sent.outcome, sent.status, sent.id), (outcome, Some(status), None));
            let error = sent.error.unwrap();
            let refused = format!("/v1/trunks: {status} No.");
            assert!(error.contains(&refused) && (nothing || error.contains(said)), "{error}");
            assert_eq!((seen.len(), error.ends_with(&refused)), (2, nothing), "{error}");
        }
    }
}

#[tokio::test]
async fn what_was_not_made_is_made_once_more_where_the_platform_refuses_a_second_one() {
    let unique = looked_up(0, |lookup| lookup.unique = true);
    let (post, list) = ("POST /v1/trunks", "GET /v1/list");
    let answers = vec![(post, 502, json!({})), (list, 200, json!([])), (post, 201, json!({"id": 4}))];
    let (made, seen) = sent(unique.clone(), answers).await;
    assert_eq!((made.outcome, made.id), (Outcome::Done, Some(Id::Int(4))));
    assert_eq!(seen, [post, list, post]);
    // The first one came through late.
    let late = json!([{"name": "T1", "id": 5}]);
    let answers =
        vec![(post, 502, json!({})), (list, 200, json!([])), (post, 409, json!({})), (list, 200, late)];
    assert_eq!(sent(unique.clone(), answers).await.0.id, Some(Id::Int(5)));
    // Never a third time, never where the list can't be read, and never after a plain refusal.
    let (lost, seen) = sent(unique.clone(), vec![(post, 502, json!({})), (list, 200, json!([]))]).await;
    assert_eq!(
        (lost.outcome, seen),
        (Outcome::Uncertain, vec![post.to_owned(), list.into(), post.into(), list.into()])
    );
    let (lost, seen) = sent(unique.clone(), vec![(post, 502, json!({})), (list, 404, json!({}))]).await;
    assert_eq!((lost.outcome, seen.len()), (Outcome::Uncertain, 2));
    let (refused, seen) = sent(unique, vec![(post, 409, json!({})), (list, 200, json!([]))]).await;
    assert_eq!((refused.outcome, seen.len()), (Outcome::Failed, 2));
    let (lost, seen) = sent(create(0), vec![(post, 502, json!({})), (list, 200, json!([]))]).await;
    assert_eq!((lost.outcome, seen.len()), (Outcome::Uncertain, 2));
}

#[tokio::test]
async fn what_comes_too_late_is_not_sent_a_second_time() {
    let answers = vec![("POST /v1/trunks", 502, json!({})), ("GET /v1/list", 200, json!([]))];
    let (api, seen) = scripted(answers).await;
    let apis = [(Account::new("kalem"), Writer::over(api.into()))].into();
    let mut sender = Sender::new(apis, Secrets::default());
    sender.latest = Duration::ZERO;
    let lost = Arc::new(sender).send(looked_up(0, |lookup| lookup.unique = true)).await;
    assert_eq!((lost.outcome, seen.lock().unwrap().len()), (Outcome::Uncertain, 2));
    assert!(lost.error.as_deref().unwrap().contains("is not listed, but may still come"), "{lost:?}");
}

#[tokio::test]
async fn where_a_second_one_could_be_made_a_refusal_is_not_looked_into() {
    // What is listed under its name would be somebody else's.
    for status in [409, 422] {
        let (refused, seen) =
            sent(create(5), vec![("POST /v1/trunks", status, json!({"message": "No."}))]).await;
        assert_eq!((refused.outcome, seen.len()), (Outcome::Failed, 1));
    }
}

#[tokio::test]
async fn what_was_there_before_was_not_made_now() {
    let old = json!([{"name": "T1", "id": "7"}, {"name": "T1", "id": "x"}]);
    let both = json!([{"name": "T1", "id": "7"}, {"name": "T1", "id": 8}]);
    let known = || looked_up(0, |lookup| lookup.known = vec![Id::Int(7), Id::Text("x".into())]);
    let answers = |list| vec![("POST /v1/trunks", 502, json!({})), ("GET /v1/list", 200, list)];
    let (lost, seen) = sent(known(), answers(old)).await;
    assert_eq!((lost.outcome, lost.id, seen.len()), (Outcome::Uncertain, None, 2));
    let (found, _) = sent(known(), answers(both)).await;
    assert_eq!((found.outcome, found.id), (Outcome::Done, Some(Id::Int(8))));
}

/// A list of 100 rows a page that is searched for a name, as the lines of its pages.
const PAGES: [&str; 3] = [
    "GET /v1/list?search=T1+%26+%22x%22&per_page=100&page=1",
    "GET /v1/list?search=T1+%26+%22x%22&per_page=100&page=2",
    "GET /v1/list?search=T1+%26+%22x%22&per_page=100&page=3",
];

fn searched() -> Step {
    looked_up(0, |lookup| {
        let query = json!({"search": "T1 & \"x\"", "per_page": 100});
        lookup.query = query.as_object().unwrap().clone();
        lookup.page = Some("page".into());
    })
}

#[tokio::test]
async fn what_is_on_a_later_page_is_found_and_so_is_a_second_one() {
    let others: Vec<_> = (1..=100).map(|id| json!({"name": "T1 too", "id": id})).collect();
    let one = |id| json!({"name": "T1", "id": id});
    let lost = ("POST /v1/trunks", 502, json!({}));
    // In every form in which a list may go on: a total, a link, nothing at all.
    for (first, last) in [
        (
            json!({"data": others, "meta": {"total": 101, "per_page": 100}}),
            json!({"data": [one(200)], "meta": {"total": 101, "per_page": 100}}),
        ),
        (
            json!({"data": others, "links": {"next": "x"}}),
            json!({"data": [one(200)], "links": {"next": null}}),
        ),
        (json!(others), json!([one(200)])),
    ] {
        let answers = vec![lost.clone(), (PAGES[0], 200, first), (PAGES[1], 200, last)];
        let (found, seen) = sent(searched(), answers).await;
        assert_eq!((found.outcome, found.id, seen.len()), (Outcome::Done, Some(Id::Int(200)), 3));
    }
    let page = |rows, next| json!({"data": rows, "links": {"next": next}});
    let answers = vec![
        lost.clone(),
        (PAGES[0], 200, page(json!([one(1)]), Some("x"))),
        (PAGES[1], 200, page(json!([one(2)]), None)),
    ];
    let (twice, _) = sent(searched(), answers).await;
    assert_eq!((twice.outcome, &twice.id), (Outcome::Uncertain, &None));
    assert!(twice.error.as_deref().unwrap().contains("(ids: `1`, `2`)"), "{twice:?}");
}

#[tokio::test]
async fn part_of_a_list_is_no_list_without_it() {
    let lost = ("POST /v1/trunks", 502, json!({}));
    let page = |id, next: &str| json!({"data": [{"name": "T1", "id": id}], "links": {"next": next}});
    for (second, status, why) in [
        (page(1, "x"), 200, "its last page says that another follows"),
        (json!({"message": "Server Error"}), 500, "500 Server Error"),
        (json!({"data": []}), 403, "403"),
    ] {
        let answers = vec![lost.clone(), (PAGES[0], 200, page(1, "x")), (PAGES[1], status, second)];
        let (sent, _) = sent(searched(), answers).await;
        assert_eq!((sent.outcome, &sent.id), (Outcome::Uncertain, &None));
        assert!(sent.error.as_deref().unwrap().contains(why), "{sent:?}");
    }
    // A list that nobody pages is the first page once more.
    let bare = json!([{"name": "T1", "id": 4}]);
    let answers = vec![lost, (PAGES[0], 200, bare.clone()), (PAGES[1], 200, bare)];
    assert_eq!(sent(searched(), answers).await.0.id, Some(Id::Int(4)));
}

#[tokio::test]
async fn only_a_post_that_may_have_made_it_is_looked_up() {
    let (done, seen) = sent(create(5), vec![("POST /v1/trunks", 201, json!({"id": 3}))]).await;
    assert_eq!((done.id, seen.len()), (Some(Id::Int(3)), 1));
    let (refused, seen) = sent(create(5), vec![("POST /v1/trunks", 400, json!({}))]).await;
    assert_eq!((refused.outcome, seen.len()), (Outcome::Failed, 1));
    let mut put = create(5);
    put.request.method = "PUT".into();
    let (refused, seen) = sent(put, vec![("PUT /v1/trunks", 409, json!({}))]).await;
    assert_eq!((refused.outcome, seen.len()), (Outcome::Failed, 1));
}

#[tokio::test]
async fn a_refusal_is_not_waited_for_as_long_as_a_lost_answer() {
    let started = Instant::now();
    let answers = vec![("POST /v1/trunks", 422, json!({"message": "No."})), ("GET /v1/list", 200, json!([]))];
    let (refused, seen) = sent(looked_up(60, |lookup| lookup.unique = true), answers).await;
    assert_eq!(refused.outcome, Outcome::Failed);
    assert!(seen.len() > 3 && started.elapsed() < Duration::from_secs(8), "{:?}", started.elapsed());
}
