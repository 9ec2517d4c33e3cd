//! Lists in every form, whole and broken.

use serde_json::{Value as Json, json};

use super::observe::{AGENTS, Counts, PHONES, TRUNKS, lists, observe};

fn trunk(at: usize) -> Json {
    json!({"id": format!("T{at}"), "name": format!("T{at}"), "phone_numbers": []})
}

/// One page of trunks, as an answer to a question with or without `page_number`.
fn page(asked: &str, rows: &[Json], total: Option<usize>) -> Json {
    let value = |key: &str| asked.split(key).nth(1)?.split('&').next()?.parse::<usize>().ok();
    let (number, size) = (value("page_number=").unwrap_or(1), value("page_size=").unwrap_or(20));
    let slice = rows.chunks(size).nth(number - 1).unwrap_or_default();
    let mut page =
        json!({"data": slice, "page": number, "page_size": size, "has_more": number * size < rows.len()});
    if let Some(total) = total {
        page["total"] = total.into();
    }
    page
}

#[tokio::test]
async fn three_requests_are_enough_for_any_account() {
    let number =
        |n: usize| json!({"id": format!("N{n}"), "phone_number": format!("+1555{n:07}"), "deleted": false});
    let trunk = |at: usize| {
        let numbers: Vec<_> = (at * 50..at * 50 + 50).map(number).collect();
        json!({"id": format!("T{at}"), "name": format!("T{at}"), "phone_numbers": numbers})
    };
    let trunks: Vec<_> = (0..200).map(trunk).collect();
    let phone = |n: usize| json!({"id": format!("N{n}"), "agent_id": format!("A{}", n % 3), "phone_number": format!("+1555{n:07}")});
    let phones: Vec<_> = (0..10_000).map(phone).collect();
    let (state, counts) = observe(lists(json!(trunks), json!(phones), json!([]))).await;
    let state = state.unwrap();
    assert_eq!((state.resources.len(), state.agents.len(), state.requests), (10_200, 3, 3));
    let asked: Vec<_> = counts.iter().map(|(asked, count)| (&**asked, *count)).collect();
    assert_eq!(asked, [(PHONES, 1), (TRUNKS, 1), (AGENTS, 1)]);
}

#[tokio::test]
async fn lists_may_be_wrapped() {
    for wrap in [
        |rows: Json| rows,
        |rows| json!({"data": rows}),
        |rows: Json| json!({"total": rows.as_array().map(Vec::len), "page": 1, "page_size": 20, "has_more": false, "data": rows}),
    ] {
        let rows = json!([{"id": "T1", "name": "A", "phone_numbers": [{"id": "N1", "phone_number": "+15551234567"}]}]);
        let phones = json!([{"id": "N1", "phone_number": "+15551234567", "agent_id": "A1"}]);
        let (state, _) =
            observe(lists(wrap(rows), wrap(phones), wrap(json!([{"id": "A1", "agent_name": "Sales"}]))))
                .await;
        let state = state.unwrap();
        assert_eq!((state.resources.len(), state.agents.len(), state.requests), (2, 1, 3));
        assert_eq!(&*state.agents[0].address.name, "Sales");
    }
}

#[tokio::test]
async fn pages_are_read_to_the_end() {
    let rows: Vec<_> = (0..120).map(trunk).collect();
    for total in [Some(120), None] {
        let rows = rows.clone();
        let (state, counts) = observe(move |asked, _| match asked {
            PHONES | AGENTS => (200, json!([])),
            _ => (200, page(asked, &rows, total)),
        })
        .await;
        assert_eq!(state.unwrap().resources.len(), 120);
        let asked: Vec<_> = counts.keys().filter(|asked| asked.starts_with(TRUNKS)).collect();
        let page = |n: usize| format!("{TRUNKS}?page_number={n}&page_size=50");
        assert_eq!(asked, [TRUNKS, &page(1), &page(2), &page(3)]);
    }
    // Part of a list that says only how long it is.
    let (state, _) = observe(move |asked, _| match asked {
        PHONES | AGENTS => (200, json!([])),
        _ => {
            let mut page = page(asked, &rows, Some(120));
            page.as_object_mut().unwrap().remove("has_more");
            (200, page)
        }
    })
    .await;
    assert_eq!(state.unwrap().resources.len(), 120);
}

#[tokio::test]
async fn part_of_a_list_is_never_taken_for_all_of_it() {
    let rows: Vec<_> = (0..120).map(trunk).collect();
    for (case, expected) in [
        ("short", "120 of 130 rows came"),
        ("stuck", "id T0 came twice"),
        ("empty", "a page is empty, and says that another follows"),
        ("twice", "id T0 came twice"),
        ("again and again", "id T0 came twice"),
        ("growing", "the number of its rows changed"),
        ("a gap", "page 2 has 49 rows, page 1 has 50"),
    ] {
        let rows = rows.clone();
        let (state, counts) = observe(move |asked, _| match (asked, case) {
            (PHONES | AGENTS, _) => (200, json!([])),
            (_, "short") => (200, page(asked, &rows, Some(130))),
            // The same page whatever was asked for, until all the rows that it promised have come.
            (_, "stuck") => (200, json!({"data": rows[..20], "total": 40})),
            (_, "again and again") => (200, json!({"data": rows[..50], "has_more": true})),
            (_, "growing") => (200, page(asked, &rows, Some(120 + asked.len()))),
            (_, "a gap") if asked.contains("page_number=2") => {
                (200, json!({"data": rows[50..99], "has_more": true}))
            }
            (_, "a gap") => (200, page(asked, &rows, None)),
            (_, "empty") => (200, json!({"data": [], "has_more": true})),
            _ => (200, json!([trunk(0), trunk(0)])),
        })
        .await;
        let error = state.unwrap_err().to_string();
        let expected = format!("{TRUNKS}: the list kept changing while it was read: {expected}");
        assert!(error.ends_with(&expected), "{error}");
        assert_eq!(counts[TRUNKS], 4, "{case}");
    }
    // New rows on every page, and always another page.
    let (state, counts) = observe(|asked, _| match asked {
        PHONES | AGENTS => (200, json!([])),
        _ => (200, json!({"data": [trunk(asked.split(['=', '&']).nth(1).unwrap_or("0").parse().unwrap())], "has_more": true})),
    })
    .await;
    assert!(state.unwrap_err().to_string().ends_with("the list has more than 2000 pages"));
    assert_eq!(counts.values().sum::<usize>(), 2001 + 2);
    let rows: Vec<_> = (0..30).map(trunk).collect();
    let (state, _) = observe(move |asked, nth| match asked {
        PHONES | AGENTS => (200, json!([])),
        TRUNKS if nth == 0 => (200, page(asked, &rows, Some(31))),
        _ => (200, page(asked, &rows, Some(30))),
    })
    .await;
    assert_eq!(state.unwrap().resources.len(), 30, "a list that changed once is read again");
}

#[tokio::test]
async fn trunks_without_numbers_in_the_list_are_asked_for_one_by_one() {
    let alone = |id: &str, more: &Json| {
        let mut row = json!({"id": id, "name": format!("Name {id}"), "disallow": "all"});
        row.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        row
    };
    let number = |n: usize| json!([{"id": format!("N{n}"), "phone_number": format!("+1555000000{n}")}]);
    let listed = json!([
        alone("A 1", &json!({"phone_numbers": 1})),
        alone("B", &json!({})),
        alone("C", &json!({"phone_numbers_count": 1})),
        alone("D", &json!({"phone_numbers": number(4)})),
        alone("E", &json!({"phone_numbers": ["+15550000009"]})),
    ]);
    let (state, counts) = observe(move |asked, _| match asked {
        TRUNKS => (200, listed.clone()),
        "/sip-trunks/trunks/A%201" => {
            (200, alone("A 1", &json!({"phone_numbers": number(1), "allow": "ulaw"})))
        }
        "/sip-trunks/trunks/B" => (200, json!({"data": alone("B", &json!({"phone_numbers": number(2)}))})),
        "/sip-trunks/trunks/C" => (200, alone("C", &json!({"phone_numbers": 1}))),
        "/sip-trunks/trunks/C/numbers" => (200, number(3)),
        "/sip-trunks/trunks/E" => (200, alone("E", &json!({"phone_numbers": []}))),
        _ => (200, json!([])),
    })
    .await;
    let state = state.unwrap();
    let on = |n: usize| {
        let number = state.get(&format!("bolna.number.+1555000000{n}").parse().unwrap());
        number.and_then(|n| {
            n.attributes.get("trunk").and_then(|t| t.as_ref_address()).map(|t| t.name.to_string())
        })
    };
    let expected = ["Name A 1", "Name B", "Name C", "Name D"].map(|name| Some(name.to_owned()));
    assert_eq!([1, 2, 3, 4].map(on), expected);
    let first = state.get(&"bolna.trunk.Name A 1".parse().unwrap()).unwrap();
    assert!(first.attributes.get("allow").is_some() && first.attributes.get("disallow").is_some());
    assert_eq!((state.resources.len(), state.requests, counts.len()), (9, 8, 8), "{counts:?}");
}

#[tokio::test]
async fn many_trunks_without_numbers_are_each_asked_for_once() {
    let listed: Vec<_> =
        (0..40).map(|at| json!({"id": format!("T{at}"), "name": format!("T{at}")})).collect();
    let (state, counts): (_, Counts) = observe(move |asked, _| match asked {
        TRUNKS => (200, json!(listed)),
        PHONES | AGENTS => (200, json!([])),
        _ => (200, trunk(asked.rsplit_once('T').unwrap().1.parse().unwrap())),
    })
    .await;
    assert_eq!((state.unwrap().requests, counts.len()), (43, 43));
}

#[tokio::test]
async fn what_is_no_list_is_an_error_that_names_the_place() {
    let number = |number: Json| json!([{"id": "T1", "name": "A", "phone_numbers": [number]}]);
    let twice = json!([
        {"id": "T1", "name": "A", "phone_numbers": [{"id": "N1", "phone_number": "+1555"}]},
        {"id": "T2", "name": "B", "phone_numbers": [{"id": "N1", "phone_number": "+1555"}]},
    ]);
    for (at, answer, expected) in [
        (TRUNKS, json!({"message": "hi"}), "/sip-trunks/trunks: the answer holds no list"),
        (TRUNKS, json!({"data": {"T1": {}}}), "the answer holds no list"),
        (TRUNKS, json!({"data": [], "total": "many"}), "the total of the list is no count"),
        (TRUNKS, json!([{"id": "T1", "name": " ", "phone_numbers": []}]), "row 1 (id T1) has no `name`"),
        (TRUNKS, json!([{"name": "A", "phone_numbers": []}]), "row 1 has no `id`"),
        (TRUNKS, json!([{"name": "A"}]), "a trunk has no `id`"),
        (TRUNKS, json!(["A"]), "a trunk has no `id`"),
        (TRUNKS, number(json!({"id": "N1"})), "a number on trunk T1 (id N1) has no `number`"),
        (TRUNKS, number(json!({"phone_number": "+1"})), "a number on trunk T1 has no `id`"),
        (TRUNKS, twice, "number N1 is on trunk T1 and on trunk T2"),
        (AGENTS, json!([{"agent_name": "Sales"}]), "/v2/agent/all: an agent has no `id`"),
        (PHONES, json!(null), "/phone-numbers/all: the answer holds no list"),
    ] {
        let (state, _) =
            observe(move |asked, _| (200, if asked == at { answer.clone() } else { json!([]) })).await;
        let error = state.unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    }
}

/// What only the account's own list shows is on some trunk all the same: one that seems empty is not.
#[tokio::test]
async fn a_trunk_is_asked_for_numbers_that_its_row_does_not_show() {
    let number = |n: usize| json!({"id": format!("N{n}"), "phone_number": format!("+1555000000{n}"), "deleted": false});
    let with = |at: usize, numbers: Json| json!({"id": format!("T {at}"), "name": format!("T{at}"), "phone_numbers": numbers});
    let trunks = json!([with(1, json!([])), with(2, json!([number(2), number(5)]))]);
    let phone = |n: usize, provider: Json| json!({"id": format!("N{n}"), "phone_number": format!("+1555000000{n}"), "agent_id": "A1", "telephony_provider": provider, "rented": false});
    let mut phones = vec![phone(2, json!("sip-trunk")), phone(5, json!("sip-trunk"))];
    for (row, asks) in [
        (phone(1, json!("sip-trunk")), true),
        (phone(1, json!(null)), true),
        (phone(1, json!(" ")), true),
        // One that shares its digits with a number that has its own row.
        (json!({"id": "N1", "phone_number": "+15550000002"}), true),
        (phone(1, json!("twilio")), false),
        (json!({"id": "N1", "phone_number": "+15550000001", "rented": true}), false),
        (json!({"id": "N1", "phone_number": "+15550000001", "deleted": true}), false),
    ] {
        phones.push(row.clone());
        let (trunks, all) = (trunks.clone(), json!(phones));
        phones.pop();
        let (state, counts) = observe(move |asked, _| match asked {
            TRUNKS => (200, trunks.clone()),
            PHONES => (200, all.clone()),
            "/sip-trunks/trunks/T%201/numbers" => (200, json!([number(1)])),
            // The second was removed meanwhile, and the fifth can't be seen yet.
            "/sip-trunks/trunks/T%202/numbers" => {
                (200, json!([{"id": "N2", "phone_number": "+15550000002", "deleted": true}]))
            }
            _ => (200, json!([])),
        })
        .await;
        let state = state.unwrap();
        let live: Vec<_> = state.resources.keys().map(ToString::to_string).collect();
        let expected: &[_] = if asks {
            &["bolna.trunk.T1", "bolna.trunk.T2", "bolna.number.+15550000001", "bolna.number.+15550000005"]
        } else {
            &["bolna.trunk.T1", "bolna.trunk.T2", "bolna.number.+15550000002", "bolna.number.+15550000005"]
        };
        assert_eq!(live, expected, "{row}");
        assert_eq!(counts.len(), if asks { 5 } else { 3 }, "{row}");
        assert!(counts.values().all(|count| *count == 1), "{counts:?}");
        if asks {
            let first = state.get(&"bolna.number.+15550000001".parse().unwrap()).unwrap();
            let on = first.attributes.get("trunk").and_then(|on| on.as_ref_address());
            assert_eq!(on.map(ToString::to_string).as_deref(), Some("bolna.trunk.T1"));
        }
    }
}

#[tokio::test]
async fn a_number_that_no_trunk_has_is_no_error() {
    let phones = json!([{"id": "N9", "phone_number": "+15550000009", "telephony_provider": "sip-trunk", "agent_id": null}]);
    let (state, counts) = observe(lists(json!([]), phones.clone(), json!([]))).await;
    assert_eq!((state.unwrap().resources.len(), counts.len()), (0, 3), "there is nobody to be asked");
    let (state, counts) = observe(move |asked, _| match asked {
        TRUNKS => (200, json!([trunk(1), trunk(2)])),
        PHONES => (200, phones.clone()),
        _ => (200, json!([])),
    })
    .await;
    let state = state.unwrap();
    assert_eq!((state.resources.len(), state.requests, counts.len()), (2, 5, 5));
    // Another id, the same digits, and no row of its own: that is the number of the trunk.
    let trunks =
        json!([{"id": "T1", "name": "A", "phone_numbers": [{"id": "N1", "phone_number": "15550000009"}]}]);
    let phones = json!([{"id": "P1", "phone_number": "+15550000009", "telephony_provider": "sip-trunk"}]);
    let (state, counts) = observe(lists(trunks, phones, json!([]))).await;
    assert_eq!((state.unwrap().resources.len(), counts.len()), (2, 3));
}
