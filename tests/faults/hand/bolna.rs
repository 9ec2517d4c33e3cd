//! Bolna: a trunk takes its numbers along, a number moves by being made anew, names are unique, lists lag.

use serde_json::{Value as Json, json};

use super::{password, rotated, scenario};
use crate::scenario::Scenario;
use crate::worlds::Platform;

const AGENTS: [(&str, &str); 2] = [
    ("5d0f1b7e-3c2a-4b8e-9a41-0c6d2e7f1a01", "Sales Agent"),
    ("5d0f1b7e-3c2a-4b8e-9a41-0c6d2e7f1a02", "Support Agent"),
];

fn main() -> Json {
    json!({"name": "Main", "provider": "custom", "auth_type": "userpass", "auth_username": "user", "transport": "transport-tcp",
        "gateways": [{"gateway_address": "a.example.com", "port": 5060}]})
}

fn spare() -> Json {
    json!({"name": "Spare", "provider": "custom", "auth_type": "ip-based", "ip_identifiers": [{"ip_address": "192.76.120.10"}],
        "gateways": [{"gateway_address": "b.example.com", "port": 5060}]})
}

fn live() -> Json {
    let number = |digits: u32, agent: Option<usize>| json!({"id": format!("N{digits}"), "phone_number": format!("+1415555{digits}"), "agent_id": agent.map(|at| AGENTS[at].0)});
    let (mut main, mut spare) = (main(), spare());
    (main["id"], main["phone_numbers"]) = ("TM".into(), json!([number(2670, Some(0)), number(2671, None)]));
    (spare["id"], spare["phone_numbers"]) = ("TS".into(), json!([number(2672, Some(1))]));
    json!({"agents": AGENTS.map(|(id, name)| json!({"id": id, "agent_name": name})), "trunks": [main, spare]})
}

/// The same trunk as a file declares it.
fn declared(mut trunk: Json) -> Json {
    if trunk["auth_type"] == "userpass" {
        trunk["auth_password"] = password();
    }
    trunk
}

pub fn bolna() -> Vec<Scenario> {
    let of = |name, file| scenario(Platform::Bolna, name, (live(), file));
    let number = |digits: u32, trunk: &str| json!({"number": format!("+1415555{digits}"), "trunk": trunk});
    let with = |mut number: Json, agent: Json| {
        number["agent"] = agent;
        number
    };
    let sales = || json!("Sales Agent");
    let (mut anew, mut renamed, mut lists) = (spare(), declared(main()), spare());
    anew["provider"] = "twilio".into();
    (renamed["name"], renamed["renamed_from"]) = ("Front".into(), "Main".into());
    lists["gateways"] = json!([{"gateway_address": "c.example.com", "priority": 1}, {"gateway_address": "b.example.com", "priority": 2}]);
    lists["ip_identifiers"] = json!([{"ip_address": "192.76.120.10"}, {"ip_address": "192.31.196.16/28"}]);
    let moves = || {
        json!({"unlisted": {"trunks": "delete"}, "trunks": [spare()], "numbers": [
        with(number(2670, "Spare"), json!("Support Agent")), number(2671, "Spare")]})
    };
    let new_numbers = || {
        json!({"trunks": [declared(main()), {"name": "Third", "provider": "custom", "auth_type": "ip-based",
            "ip_identifiers": [{"ip_address": "192.76.120.11"}], "gateways": [{"gateway_address": "d.example.com"}]}],
        "numbers": [with(number(2680, "Main"), sales()), with(number(2681, "Third"), sales())]})
    };
    let lagging = |scenario: Scenario| Scenario {
        name: format!("{}-lag", scenario.name),
        switches: vec!["number-lag=2"],
        ..scenario
    };
    vec![
        of("replacement", json!({"trunks": [anew], "numbers": [number(2672, "Spare")]})),
        of(
            "agents",
            json!({"numbers": [with(number(2670, "Main"), json!(null)), with(number(2671, "Main"), sales()), with(number(2672, "Spare"), sales())]}),
        ),
        of("deletion", moves()),
        of(
            "unlisted",
            json!({"unlisted": "delete", "trunks": [declared(main())], "numbers": [number(2670, "Main")]}),
        ),
        of("rename", json!({"trunks": [renamed], "numbers": [number(2672, "Front")]})),
        of("lists", json!({"trunks": [lists]})),
        of("new-numbers", new_numbers()),
        rotated(of("rotation", json!({"trunks": [declared(main())]})), "bolna.trunk.Main"),
        lagging(of("deletion", moves())),
        lagging(of("new-numbers", new_numbers())),
    ]
}
