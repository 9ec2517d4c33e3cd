//! The agents' sets in the requests of several changes.

use serde_json::{Value as Json, json};

use super::world::{agent, change, live, lower_all, number, reference, shown, trunk};
use crate::model::{Action, Change, Drafted, Gap, Id, State, Value};

/// Where a number is: its trunk and its agent.
fn at(on: &str, with: Option<&str>) -> Vec<(&'static str, Value)> {
    vec![
        ("trunk", reference(&trunk(on))),
        ("agent", with.map_or(Value::Null, |with| reference(&agent(with)))),
    ]
}

fn moves(digits: &str, with: Option<&str>) -> Change {
    change(&number(digits), Action::Replace, (&at("A", with), &at("B", with)))
}

fn passes(digits: &str, from: Option<&str>, to: Option<&str>) -> Change {
    change(&number(digits), Action::Update, (&at("A", from), &at("A", to)))
}

fn goes(digits: &str, with: Option<&str>) -> Change {
    change(&number(digits), Action::Delete, (&at("A", with), &[]))
}

fn comes(digits: &str, with: Option<&str>) -> Change {
    change(&number(digits), Action::Create, (&[], &at("A", with)))
}

/// Every draft as `[name of what it is about, verb, method, path, body]`.
fn requests(drafted: &[Drafted]) -> Vec<Json> {
    let of = |one: &Drafted| {
        let name = one.change.address.name.to_string();
        let with_name = move |draft: Json| {
            let draft = draft.as_array().unwrap().clone();
            Json::from_iter([json!(name)].into_iter().chain(draft))
        };
        one.drafts.iter().map(shown).map(with_name).collect::<Vec<_>>()
    };
    drafted.iter().flat_map(of).collect()
}

fn set(name: &str, verb: &str, agent: &str, numbers: &[&str]) -> Json {
    let body = json!({"direction": "inbound", "phone_number_ids": numbers});
    json!([name, verb, "PUT", format!("/agents/ag{agent}/calling"), body])
}

/// Which drafts wait for which by words, as `(waiting, awaited)` numbers of drafts.
fn waits(drafted: &[Drafted]) -> Vec<(usize, usize)> {
    let drafts: Vec<_> = drafted.iter().flat_map(|one| &one.drafts).collect();
    let reached = |word: &String| drafts.iter().position(|draft| draft.reaches.contains(word));
    let of = |(at, draft): (usize, &&crate::model::Draft)| {
        draft.after.iter().map(move |word| (at, reached(word).unwrap())).collect::<Vec<_>>()
    };
    drafts.iter().enumerate().flat_map(of).collect()
}

#[test]
fn a_number_moves_and_its_agent_has_it_again() {
    let mut live = live(&[("X", &["rented", "id7"])]);
    live.agents[0].direction = Some("outbound".into());
    let drafted = lower_all(&live, vec![moves("7", Some("X"))]);
    let body = |numbers: Json| json!({"direction": "outbound", "phone_number_ids": numbers});
    let name = "+12125550007";
    assert_eq!(
        requests(&drafted),
        [
            json!([name, "unassign", "PUT", "/agents/agX/calling", body(json!(["rented"]))]),
            json!([name, "delete", "DELETE", "/sip-trunks/ta/dids/id7", null]),
            json!([name, "create", "POST", "/sip-trunks/tb/dids", {"number": name, "country_code": "US"}]),
            json!([
                name,
                "assign",
                "PUT",
                "/agents/agX/calling",
                body(json!(["rented", "${t.number.+12125550007}"]))
            ]),
        ]
    );
    let drafts = &drafted[0].drafts;
    assert!(drafts.iter().all(|draft| draft.gap == Gap::Brief));
    assert!(drafts.iter().all(|draft| draft.expect.agrees["/success"] == true));
}

#[test]
fn numbers_of_one_agent_move_one_after_the_other() {
    let live = live(&[("X", &["id1", "id2"]), ("Y", &["id3"])]);
    let drafted = lower_all(
        &live,
        vec![moves("1", Some("X")), moves("2", Some("X")), moves("3", Some("Y")), moves("4", None)],
    );
    let sets: Vec<_> = requests(&drafted).into_iter().filter(|request| request[2] == "PUT").collect();
    let (one, two, three) = ("+12125550001", "+12125550002", "+12125550003");
    assert_eq!(
        sets,
        [
            set(one, "unassign", "X", &["id2"]),
            set(one, "assign", "X", &["id2", "${t.number.+12125550001}"]),
            set(two, "unassign", "X", &["${t.number.+12125550001}"]),
            set(two, "assign", "X", &["${t.number.+12125550001}", "${t.number.+12125550002}"]),
            set(three, "unassign", "Y", &[]),
            set(three, "assign", "Y", &["${t.number.+12125550003}"]),
        ]
    );
    // The second chain begins when the first has ended; those of other agents wait for nobody.
    assert_eq!(waits(&drafted), [(4, 3)]);
}

#[test]
fn a_number_that_moves_to_another_agent_too_ends_there() {
    let live = live(&[("X", &["id1"]), ("Y", &["rented", "id2"])]);
    let both = change(&number("1"), Action::Replace, (&at("A", Some("X")), &at("B", Some("Y"))));
    let drafted = lower_all(&live, vec![both, moves("2", Some("Y"))]);
    let sets: Vec<_> = requests(&drafted).into_iter().filter(|request| request[2] == "PUT").collect();
    let (one, two) = ("+12125550001", "+12125550002");
    assert_eq!(
        sets,
        [
            set(one, "unassign", "X", &[]),
            set(one, "assign", "Y", &["rented", "id2", "${t.number.+12125550001}"]),
            set(two, "unassign", "Y", &["rented", "${t.number.+12125550001}"]),
            set(two, "assign", "Y", &["rented", "${t.number.+12125550001}", "${t.number.+12125550002}"]),
        ]
    );
    assert_eq!(waits(&drafted), [(4, 3)]);
}

#[test]
fn what_comes_and_goes_is_one_request_an_agent() {
    let live = live(&[("X", &["id1", "rented", "id2", "id3", "id9"])]);
    let drafted = lower_all(
        &live,
        vec![
            goes("1", Some("X")),
            passes("2", Some("X"), None),
            passes("4", None, Some("X")),
            comes("5", Some("X")),
            comes("6", Some("X")),
            moves("9", Some("X")),
            comes("8", None),
        ],
    );
    let about = drafted.last().unwrap();
    assert_eq!((&about.change.address, about.drafts.len()), (&agent("X"), 1));
    assert_eq!(about.change.reason, "`+12125550004` and 2 more come, `+12125550001` and 1 more go");
    assert!(
        about.change.before.is_none() && about.change.after.is_none() && about.drafts[0].gap == Gap::None
    );
    let whole = [
        "rented",
        "id3",
        "${t.number.+12125550009}",
        "id4",
        "${t.number.+12125550005}",
        "${t.number.+12125550006}",
    ];
    assert_eq!(requests(&drafted).last().unwrap(), &set("X", "update", "X", &whole));
    // The deletion waits for the agent, the agent for the move of its ninth number.
    assert_eq!(waits(&drafted), [(0, 8), (8, 6)]);
    assert!(drafted[1].drafts.is_empty() && drafted[2].drafts.is_empty());
}

#[test]
fn who_gets_a_number_writes_before_who_gives_it() {
    let live = live(&[("X", &["id1"]), ("Y", &["id2"]), ("Z", &[])]);
    let drafted =
        lower_all(&live, vec![passes("1", Some("X"), Some("Y")), passes("2", Some("Y"), Some("Z"))]);
    assert_eq!(
        requests(&drafted),
        [
            set("X", "unassign", "X", &[]),
            set("Y", "update", "Y", &["id1"]),
            set("Z", "assign", "Z", &["id2"])
        ]
    );
    assert_eq!(waits(&drafted), [(0, 1), (1, 2)]);
    let reasons: Vec<_> = drafted.iter().map(|one| one.change.reason.as_str()).skip(2).collect();
    assert_eq!(
        reasons,
        ["`+12125550001` goes", "`+12125550001` comes, `+12125550002` goes", "`+12125550002` comes"]
    );
}

#[test]
fn agents_that_swap_numbers_never_leave_one_without_an_agent() {
    let live = live(&[("X", &["id1"]), ("Y", &["id2"])]);
    let drafted =
        lower_all(&live, vec![passes("1", Some("X"), Some("Y")), passes("2", Some("Y"), Some("X"))]);
    assert_eq!(
        requests(&drafted),
        [
            set("X", "assign", "X", &["id1", "id2"]),
            set("X", "unassign", "X", &["id2"]),
            set("Y", "update", "Y", &["id1"]),
        ]
    );
    assert_eq!(waits(&drafted), [(1, 2), (2, 0)]);
}

#[test]
fn a_number_of_several_agents_leaves_all_and_returns_to_all() {
    let live = live(&[("X", &["id1", "id2"]), ("Y", &["id2", "id1"])]);
    let on = |name: &str| vec![("trunk", reference(&trunk(name)))];
    let moved = change(&number("1"), Action::Replace, (&on("A"), &on("B")));
    let gone = change(&number("2"), Action::Delete, (&on("A"), &[]));
    let drafted = lower_all(&live, vec![moved, gone]);
    let one = "+12125550001";
    assert_eq!(
        requests(&drafted),
        [
            set(one, "unassign", "X", &["id2"]),
            set(one, "unassign", "Y", &["id2"]),
            json!([one, "delete", "DELETE", "/sip-trunks/ta/dids/id1", null]),
            json!([one, "create", "POST", "/sip-trunks/tb/dids", {"number": one, "country_code": "US"}]),
            set(one, "assign", "X", &["id2", "${t.number.+12125550001}"]),
            set(one, "assign", "Y", &["id2", "${t.number.+12125550001}"]),
            json!(["+12125550002", "delete", "DELETE", "/sip-trunks/ta/dids/id2", null]),
            set("X", "unassign", "X", &["${t.number.+12125550001}"]),
            set("Y", "unassign", "Y", &["${t.number.+12125550001}"]),
        ]
    );
    assert_eq!(waits(&drafted), [(6, 7), (6, 8), (7, 5), (8, 5)]);
}

#[test]
fn an_agent_of_which_nothing_is_known_is_never_turned_by_a_guess() {
    let mut state: State = live(&[("X", &[])]);
    (state.agents[0].direction, state.agents[0].numbers) = (None, None);
    state.agents[0].id = Id::Text("../${x}".into());
    let drafted = lower_all(&state, vec![comes("1", Some("X"))]);
    let body = json!({"direction": null, "phone_number_ids": ["${t.number.+12125550001}"]});
    assert_eq!(requests(&drafted)[1], json!(["X", "assign", "PUT", "/agents/..%2F%24%7Bx%7D/calling", body]));
}

#[test]
fn what_no_change_is_about_is_no_reason_to_write_a_set() {
    let live = live(&[("X", &["id1", "id2"])]);
    assert!(lower_all(&live, vec![]).is_empty());
    let label = change(
        &trunk("A"),
        Action::Update,
        (&[("provider_name", Value::Null)], &[("provider_name", reference(&trunk("A")))]),
    );
    assert_eq!(lower_all(&live, vec![label, comes("3", None), goes("4", None)]).len(), 3);
}
