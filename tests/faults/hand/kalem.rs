//! Kalem: numbers can be without a trunk, names may repeat.

use serde_json::{Value as Json, json};

use super::{password, rotated, scenario};
use crate::scenario::Scenario;
use crate::worlds::Platform;

fn live() -> Json {
    json!({
        "agents": [{"id": 1, "name": "Sales Agent", "type": "voice"}, {"id": 2, "name": "Support Agent", "type": "voice"}],
        "trunks": [
            {"id": 1, "name": "Main", "direction": "inbound", "auth_type": "ip", "host": "a.example.com", "port": 5060},
            {"id": 2, "name": "Spare", "direction": "inbound", "auth_type": "digest", "username": "user", "host": "b.example.com", "port": 5060},
        ],
        "numbers": [
            {"id": 11, "number": "+14155552670", "status": "active", "voice_agent_id": 1, "trunk_id": 1},
            {"id": 12, "number": "+14155552671", "status": "active", "voice_agent_id": 1, "trunk_id": 1},
            {"id": 13, "number": "+14155552672", "status": "inactive", "voice_agent_id": 2, "trunk_id": 2},
        ],
    })
}

fn main() -> Json {
    json!({"name": "Main", "direction": "inbound", "auth_type": "ip", "host": "a.example.com"})
}

fn spare() -> Json {
    json!({"name": "Spare", "direction": "inbound", "auth_type": "digest", "username": "user", "password": password(), "host": "b.example.com"})
}

pub fn kalem() -> Vec<Scenario> {
    let of = |name, file| scenario(Platform::Kalem, name, (live(), file));
    let number = |digits: &str, trunk: &str| json!({"number": format!("+1415555{digits}"), "trunk": trunk});
    let mut anew = main();
    (anew["auth_type"], anew["username"], anew["password"]) = ("digest".into(), "user".into(), password());
    let mut agents = json!([{"number": "+14155552670"}, {"number": "+14155552671"}, {"number": "+14155552672", "status": "active"}]);
    for (at, agent) in [(0, "Support Agent"), (1, "Support Agent"), (2, "Sales Agent")] {
        agents[at]["voice_agent"] = json!(agent);
    }
    let mut renamed = main();
    (renamed["name"], renamed["renamed_from"]) = ("Front".into(), "Main".into());
    vec![
        of("replacement", json!({"trunks": [anew], "numbers": [number("2670", "Main")]})),
        of("agents", json!({"numbers": agents})),
        of(
            "deletion",
            json!({"unlisted": {"trunks": "delete"}, "trunks": [spare()], "numbers": [number("2670", "Spare")]}),
        ),
        of(
            "unlisted",
            json!({"unlisted": "delete", "trunks": [main()], "numbers": [number("2670", "Main")]}),
        ),
        of("rename", json!({"trunks": [renamed], "numbers": [number("2672", "Front")]})),
        of(
            "new-numbers",
            json!({"trunks": [main(), spare()], "numbers": [
            {"number": "+14155552680", "trunk": "Main", "status": "active", "voice_agent": "Sales Agent"},
            {"number": "+14155552681", "trunk": "Spare", "status": "inactive"}]}),
        ),
        rotated(of("rotation", json!({"trunks": [spare()]})), "kalem.trunk.Spare"),
    ]
}
