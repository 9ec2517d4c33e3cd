//! Reads from a server of canned answers; what it answers is each test's own.

use serde_json::{Value as Json, json};

use super::server::{account, agent, missing, number, observe, ok, trunk};
use crate::api::Problem;
use crate::model::{Id, KindName, Reading, State, Value};

fn get<'a>(state: &'a State, address: &str, attribute: &str) -> Option<&'a Value> {
    state.get(&address.parse().unwrap()).unwrap_or_else(|| panic!("no {address}")).attributes.get(attribute)
}

fn text(text: &str) -> Value {
    Value::Text(text.into())
}

fn reference(address: &str) -> Value {
    Value::Ref(address.parse().unwrap())
}

#[tokio::test]
async fn a_trunk_is_read_from_its_own_answer() {
    let mut whole = trunk("t-1");
    for (field, value) in [
        ("port", json!(5061)),
        ("transport", json!("tls")),
        ("outbound_proxy", json!(null)),
        ("auth_realm", json!("carrier")),
        ("username", json!("u")),
        ("provider_name", json!("Carrier")),
        ("password", json!("never")),
        ("is_verified", json!(true)),
        ("new", json!({"x": 1})),
    ] {
        whole[field] = value;
    }
    let (state, _) = observe(Reading::Everything, account(vec![(whole, vec![])], vec![])).await;
    let state = state.unwrap();
    let trunk = state.get(&"talkover.trunk.Trunk t-1".parse().unwrap()).unwrap();
    let expected = [
        ("auth_realm", text("carrier")),
        ("domain", text("sip.example.com")),
        ("is_active", Value::Bool(false)),
        ("name", text("Trunk t-1")),
        ("outbound_proxy", Value::Null),
        ("port", Value::Int(5061)),
        ("provider_name", text("Carrier")),
        ("transport", text("tls")),
        ("username", text("u")),
    ];
    assert_eq!(trunk.attributes, expected.into_iter().collect());
    assert_eq!(trunk.id, Some(Id::Text("t-1".into())));
    assert!(trunk.settings.is_none() && state.agents_listed);
}

#[tokio::test]
async fn a_number_is_on_the_trunk_that_lists_it_and_with_the_agent_that_has_it() {
    let mut first = number(1);
    (first["trunk_id"], first["agent"], first["country_code"]) = (json!("other"), json!("x"), json!(" us "));
    let mut third = number(3);
    third["country_code"] = json!(null);
    let trunks = vec![(trunk("a"), vec![first, number(2)]), (trunk("b"), vec![third])];
    // `r` is rented: on no trunk.
    let agents = vec![agent("x", &["d1", "r", "d3"]), agent("y", &["d3"])];
    let (state, _) = observe(Reading::Everything, account(trunks, agents)).await;
    let state = state.unwrap();
    let numbers = state.resources.values().filter(|r| r.address.kind == KindName::Number);
    let read: Vec<_> = numbers.map(|r| (&*r.address.name, r.attributes.clone())).collect();
    let on = |trunk: &str| ("trunk", reference(&format!("talkover.trunk.Trunk {trunk}")));
    let with = |number: &str, more: Vec<(&'static str, Value)>| {
        [("number", text(number))].into_iter().chain(more).collect::<crate::model::Attributes>()
    };
    let us = || ("country_code", text("US"));
    let first = with("+15550000001", vec![us(), on("a"), ("agent", reference("talkover.agent.Agent x"))]);
    let second = with("+15550000002", vec![us(), on("a"), ("agent", Value::Null)]);
    // Two agents have the third: neither is *the* agent.
    let third = with("+15550000003", vec![on("b")]);
    assert_eq!(read, [("+15550000001", first), ("+15550000002", second), ("+15550000003", third)]);
    let held: Vec<_> = state.agents.iter().map(|a| (&*a.address.name, a.numbers.clone().unwrap())).collect();
    let ids = |ids: &[&str]| ids.iter().map(|&id| Id::Text(id.into())).collect::<Vec<_>>();
    assert_eq!(held, [("Agent x", ids(&["d1", "r", "d3"])), ("Agent y", ids(&["d3"]))]);
    assert!(state.agents.iter().all(|agent| agent.direction.as_deref() == Some("inbound")));
}

#[tokio::test]
async fn each_thing_is_asked_for_once() {
    let trunks: Vec<_> = (0..20).map(|i| (trunk(&format!("t{i}")), vec![number(i)])).collect();
    let agents: Vec<_> = (0..250).map(|i| agent(&format!("a{i}"), &[])).collect();
    let (state, counts) = observe(Reading::Everything, account(trunks.clone(), agents.clone())).await;
    let state = state.unwrap();
    assert_eq!((state.resources.len(), state.agents.len(), state.requests), (40, 250, 1 + 2 * 20 + 3));
    assert!(counts.values().all(|count| *count == 1), "{counts:?}");
    let (state, counts) = observe(Reading::Trunks, account(trunks, agents)).await;
    let state = state.unwrap();
    assert_eq!((state.resources.len(), state.agents.len(), state.requests), (20, 0, 1 + 20));
    assert!(!state.agents_listed && !counts.keys().any(|path| path.contains("dids")), "{counts:?}");
}

#[tokio::test]
async fn bad_health_is_told_of_a_trunk_that_is_on() {
    let (on, off) = (json!(true), json!(false));
    let checked = json!("2026-11-20T10:00:00Z");
    for (active, verified, health, expected) in [
        (&on, &on, json!("healthy"), None),
        (&on, &on, json!(null), None),
        (&on, &off, json!("healthy"), Some("not verified, last checked 2026-11-20T10:00:00Z")),
        (&on, &on, json!("unhealthy"), Some("unhealthy, last checked 2026-11-20T10:00:00Z")),
        (&on, &off, json!("odd"), Some("not verified, odd, last checked 2026-11-20T10:00:00Z")),
        (&off, &off, json!("unhealthy"), None),
    ] {
        let mut row = trunk("a");
        (row["is_active"], row["is_verified"]) = (active.clone(), verified.clone());
        (row["health_status"], row["last_health_check_at"]) = (health, checked.clone());
        let (state, _) = observe(Reading::Trunks, account(vec![(row, vec![])], vec![])).await;
        let state = state.unwrap();
        let settings = &state.get(&"talkover.trunk.Trunk a".parse().unwrap()).unwrap().settings;
        assert_eq!(settings.as_ref().and_then(|s| s.condition.as_deref()), expected);
    }
}

#[tokio::test]
async fn names_that_several_have_are_told_apart_by_id() {
    let called = |mut row: Json, name: &str| {
        row["name"] = json!(name);
        row
    };
    let trunks = ["a", "b"].map(|id| (called(trunk(id), "Same "), vec![])).to_vec();
    let agents = ["x", "y"].map(|id| called(agent(id, &[]), "Twin")).to_vec();
    let (state, _) = observe(Reading::Everything, account(trunks, agents)).await;
    let state = state.unwrap();
    let trunks: Vec<_> = state.resources.keys().map(|address| &*address.name).collect();
    let agents: Vec<_> = state.agents.iter().map(|agent| &*agent.address.name).collect();
    assert_eq!((&trunks[..], &agents[..]), (&["Same#a", "Same#b"][..], &["Twin#x", "Twin#y"][..]));
}

#[tokio::test]
async fn a_number_that_an_agent_has_and_no_trunk_is_elsewhere() {
    let mut rented = agent("x", &["d1"]);
    let held = json!([{"id": "d1", "number": "+15550000001"}, {"id": "n1", "number": "1 555 000 0009"}, {"id": "n2"}, "n3"]);
    rented["phone_numbers"] = held;
    let answer = account(vec![(trunk("t"), vec![number(1)])], vec![rented]);
    let state = observe(Reading::Everything, answer).await.0.unwrap();
    let elsewhere: Vec<_> = state.elsewhere.iter().map(ToString::to_string).collect();
    assert_eq!(elsewhere, ["talkover.number.+15550000009"], "only what the row tells the digits of");
}

#[tokio::test]
async fn a_trunk_that_goes_meanwhile_is_no_half_state() {
    for (path, lasting) in [("/sip-trunks/b", false), ("/sip-trunks/b/dids", false), ("/sip-trunks/b", true)]
    {
        let both = vec![(trunk("a"), vec![number(1)]), (trunk("b"), vec![number(2)])];
        let (before, after) = (account(both.clone(), vec![]), account(both[..1].to_vec(), vec![]));
        let (state, counts) = observe(Reading::Everything, move |ask| {
            if ask.path == path {
                return missing();
            }
            if lasting || ask.nth == 0 { before(ask) } else { after(ask) }
        })
        .await;
        if lasting {
            let error = state.unwrap_err();
            assert!(matches!(error.problem(), Problem::Incomplete { .. }), "{error}");
            assert!(error.to_string().contains("trunk b is listed, and is not there"), "{error}");
            assert_eq!(counts["/sip-trunks"], 4);
        } else {
            assert_eq!(state.unwrap().resources.len(), 2);
            assert_eq!(counts["/sip-trunks"], 2);
        }
    }
}

#[tokio::test]
async fn an_agent_whose_row_says_no_numbers_is_asked_for() {
    for (whole, expected) in [
        (ok(agent("x", &["d1"])), Ok(())),
        ((200, agent("x", &["d1"])), Ok(())),
        (
            ok(json!({"id": "x", "name": "X"})),
            Err("/agents/x: what is there does not say its `phone_numbers`"),
        ),
        (missing(), Err("/agents: the list of agents has one that is not there")),
    ] {
        let mut row = agent("x", &[]);
        row["phone_numbers"] = json!(null);
        let rest = account(vec![(trunk("a"), vec![number(1)])], vec![row]);
        let (state, _) = observe(Reading::Everything, move |ask| match ask.path {
            "/agents/x" => whole.clone(),
            _ => rest(ask),
        })
        .await;
        match (state, expected) {
            (Ok(state), Ok(())) => assert_eq!(
                get(&state, "talkover.number.+15550000001", "agent"),
                Some(&reference("talkover.agent.Agent x"))
            ),
            (Err(error), Err(expected)) => assert!(error.to_string().ends_with(expected), "{error}"),
            (state, _) => panic!("{:?}", state.map(|_| ())),
        }
    }
}
