//! Lists in every form, whole and broken.

use serde_json::{Value as Json, json};

use super::observe::{Ask, lists, numbers, observe, slice, trunks, wrapped};

fn flat(rows: &[Json], page: usize) -> (u16, Json) {
    let total = rows.len();
    (200, json!({"data": slice(rows, page), "current_page": page, "per_page": 100, "total": total}))
}

fn bare(rows: &[Json], page: usize) -> (u16, Json) {
    (200, json!(slice(rows, page)))
}

fn linked(rows: &[Json], page: usize) -> (u16, Json) {
    let next = (page * 100 < rows.len()).then_some("x");
    (200, json!({"data": slice(rows, page), "links": {"next": next}, "meta": {"current_page": page}}))
}

#[tokio::test]
async fn each_page_is_read_once() {
    let (state, counts) = observe(lists(trunks(500), numbers(10_000))).await;
    let state = state.unwrap();
    assert_eq!((state.resources.len(), state.requests), (10_500, 106));
    assert_eq!((counts["/trunks"], counts["/numbers"], counts["/agents"]), (5, 100, 1));
}

#[tokio::test]
async fn every_form_of_a_list_is_read_to_its_end() {
    for form in [wrapped, flat, bare, linked] {
        for count in [0, 1, 100, 101, 250] {
            let rows = numbers(count);
            let (state, counts) = observe(move |ask| match ask.path {
                "/numbers" => form(&rows, ask.page),
                _ => form(&[], 1),
            })
            .await;
            assert_eq!(state.unwrap().resources.len(), count);
            // A bare list does not say that it ended.
            assert!(counts["/numbers"] <= count / 100 + 2, "{counts:?} for {count}");
        }
    }
    let rows = numbers(150);
    let (state, _) =
        observe(move |ask| (200, if ask.path == "/numbers" { json!(rows) } else { json!([]) })).await;
    assert_eq!(state.unwrap().resources.len(), 150, "more than asked for: nobody pages");
}

#[tokio::test]
async fn a_list_that_says_nothing_is_asked_for_its_second_page() {
    // Fifteen a page, whatever was asked for.
    let rows = numbers(40);
    let (state, counts) = observe(move |ask| match ask.path {
        "/numbers" => (200, json!(rows.chunks(15).nth(ask.page - 1).unwrap_or_default())),
        _ => (200, json!([])),
    })
    .await;
    assert_eq!((state.unwrap().resources.len(), counts["/numbers"]), (40, 3));
}

#[tokio::test]
async fn a_list_that_shifts_is_read_again() {
    // The first reading loses a row between two pages; the second is sound.
    let (before, after) = (numbers(150), numbers(149));
    let (state, counts) = observe(move |ask| match (ask.path, ask.nth) {
        ("/numbers", 0) => wrapped(&before, 1),
        ("/numbers", _) => wrapped(&after, ask.page),
        _ => wrapped(&[], 1),
    })
    .await;
    assert_eq!((state.unwrap().resources.len(), counts["/numbers"]), (149, 4));
}

#[tokio::test]
async fn a_list_that_keeps_shifting_is_an_error() {
    let twice: Vec<_> = numbers(150).into_iter().chain(numbers(1)).collect();
    let short = (200, json!({"data": numbers(3), "meta": {"total": 4, "last_page": 1}}));
    let growing = |ask: &Ask<'_>| wrapped(&numbers(150 + ask.page), ask.page);
    let pages = |ask: &Ask<'_>, rows: &[Json], last: usize| {
        (200, json!({"data": slice(rows, ask.page), "meta": {"last_page": last}}))
    };
    let ever = |rows: &[Json]| (200, json!({"data": rows, "links": {"next": "x"}}));
    for (case, expected) in [
        ("twice", "id 1 came twice"),
        ("short", "3 of 4 rows came"),
        ("growing", "it had 151 rows, then 152"),
        // Nobody says how many rows there are.
        ("longer", "it had 2 pages, then 3"),
        ("a gap", "page 2 has 0 rows, page 1 has 100"),
        ("again and again", "id 1 came twice"),
        ("a gap before more", "page 2 has 99 rows, page 1 has 100"),
        ("more than all", "its last page says that another follows"),
    ] {
        let (twice, short) = (twice.clone(), short.clone());
        let (state, counts) = observe(move |ask| match (ask.path, case) {
            ("/numbers", "twice") => wrapped(&twice, ask.page),
            ("/numbers", "short") => short.clone(),
            ("/numbers", "growing") => growing(&ask),
            ("/numbers", "longer") => pages(&ask, &numbers(250), 1 + ask.page),
            ("/numbers", "a gap") => pages(&ask, &numbers(if ask.page == 2 { 100 } else { 300 }), 3),
            ("/numbers", "again and again") => ever(&numbers(100)),
            ("/numbers", "a gap before more") => ever(slice(&numbers(199), ask.page)),
            ("/numbers", _) => {
                (200, json!({"data": numbers(1), "links": {"next": "x"}, "meta": {"total": 1}}))
            }
            _ => wrapped(&[], 1),
        })
        .await;
        let error = state.unwrap_err().to_string();
        let expected = format!("/numbers: the list kept changing while it was read: {expected}");
        assert!(error.ends_with(&expected), "{error}");
        // Four readings; the pages of "a gap" and "longer" may be asked for at the same time.
        let most = match case {
            "short" | "more than all" => 4,
            "a gap" => 12,
            _ => 8,
        };
        assert!(counts["/numbers"] == most || (case == "a gap" && counts["/numbers"] >= 8), "{counts:?}");
    }
}

#[tokio::test]
async fn what_is_no_list_is_an_error_that_names_the_page() {
    let mut nameless = numbers(150);
    nameless[120]["number"] = json!(" ");
    let mut anonymous = numbers(2);
    anonymous[1]["id"] = json!(null);
    let deep = json!({"data": numbers(1), "meta": {"last_page": 900_000, "total": 90_000_000}});
    for (answer, expected) in [
        (json!(nameless), "page=1: row 121 of this page (id 121) has no `number`"),
        (json!(anonymous), "page=1: row 2 of this page has no `id`"),
        (json!({"message": "hi"}), "page=1: the answer holds no list"),
        (deep, "/numbers: the list has more than 20000 pages"),
        (json!({"data": [], "error": "try later"}), "page=1: the answer holds no list"),
        (json!({"data": [], "meta": {"total": -1}}), "page=1: the total of the list is no count"),
        (json!({"data": [], "total": "many"}), "page=1: the total of the list is no count"),
        (
            json!({"data": numbers(1), "meta": {"total": 1, "per_page": 100, "last_page": 2}}),
            "the list says that it has 2 pages, and rows for 1",
        ),
        (json!({"data": [], "links": {"next": "x"}}), "a page is empty, and says that another follows"),
    ] {
        let (state, _) = observe(move |ask| match ask.path {
            "/numbers" => (200, answer.clone()),
            _ => (200, json!([])),
        })
        .await;
        let error = state.unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    }
}

#[tokio::test]
async fn an_error_of_one_list_is_the_error_of_all() {
    let (state, _) = observe(|ask| match ask.path {
        "/agents" => (500, json!({"message": "Server Error"})),
        _ => (200, json!([])),
    })
    .await;
    assert!(state.unwrap_err().to_string().contains("/agents?per_page=100&page=1: 500 Server Error"));
    let (state, _) = observe(|_| (401, json!({"message": "Unauthenticated."}))).await;
    assert!(state.unwrap_err().to_string().contains("TRUNKFORM_TOKEN_KALEM"));
}

#[tokio::test]
async fn a_list_that_never_ends_is_given_up() {
    // New rows on every page, and always another page.
    let (state, counts) = observe(|ask| match ask.path {
        "/numbers" => (200, json!({"data": [{"id": ask.page, "number": format!("+1555{:07}", ask.page)}], "links": {"next": "x"}})),
        _ => wrapped(&[], 1),
    })
    .await;
    assert!(state.unwrap_err().to_string().ends_with("/numbers: the list has more than 2000 pages"));
    assert_eq!(counts["/numbers"], 2000);
}

#[tokio::test]
async fn a_page_that_fails_is_the_failure_of_the_list() {
    let rows = numbers(150);
    for (status, body, expected) in [
        (403, json!({"message": "Not yours"}), "page=2: 403 Not yours"),
        (404, json!({"message": "No such page"}), "page=2: 404 No such page"),
        (429, json!({"message": "Too Many Attempts.", "retry_after": 0}), "page=2: 429 Too Many Attempts."),
        (200, json!({"success": false, "data": []}), "page=2: the answer holds no list"),
    ] {
        let rows = rows.clone();
        let (state, _) = observe(move |ask| match (ask.path, ask.page) {
            ("/numbers", 2) => (status, body.clone()),
            ("/numbers", page) => wrapped(&rows, page),
            _ => wrapped(&[], 1),
        })
        .await;
        let error = state.unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    }
}
