//! Talkover: trunks are verified before they are active, agents hold whole sets of numbers, names of trunks may repeat.

use serde_json::{Value as Json, json};

use super::{password, rotated, scenario};
use crate::scenario::Scenario;
use crate::worlds::Platform;

fn trunk(name: &str) -> Json {
    json!({"name": name, "provider_name": "Carrier Ltd", "domain": "sip.example.com", "username": "user"})
}

fn live() -> Json {
    let number = |digits: u32| json!({"id": format!("d-{digits}"), "number": format!("+1415555{digits}"), "country_code": "US"});
    let agent = |id: &str, name: &str, held: Json| json!({"id": id, "name": name, "label": name, "direction": "inbound", "current_status": "published", "phone_number_ids": held});
    let (mut main, mut spare) = (trunk("Main"), trunk("Spare"));
    for (trunk, id, dids) in
        [(&mut main, "t-1", json!([number(2670), number(2671)])), (&mut spare, "t-2", json!([number(2672)]))]
    {
        (trunk["id"], trunk["dids"]) = (json!(id), dids);
        (trunk["is_active"], trunk["is_verified"]) = (true.into(), true.into());
    }
    json!({
        "agents": [agent("a-1", "Sales Agent", json!(["d-2670", "d-2671", "r-1"])), agent("a-2", "Support Agent", json!(["d-2672"]))],
        "trunks": [main, spare],
        "phone_numbers": [{"id": "r-1", "number": "+14155559000", "country_code": "US"}],
    })
}

fn declared(name: &str) -> Json {
    let mut trunk = trunk(name);
    (trunk["password"], trunk["is_active"]) = (password(), true.into());
    trunk
}

pub fn talkover() -> Vec<Scenario> {
    let of = |name, file| scenario(Platform::Talkover, name, (live(), file));
    let number = |digits: u32, trunk: &str| json!({"number": format!("+1415555{digits}"), "trunk": trunk});
    let with = |digits: u32, trunk: &str, agent: &str| {
        let mut number = number(digits, trunk);
        number["agent"] = agent.into();
        number
    };
    let (mut connected, mut renamed) = (declared("Main"), declared("Main"));
    (connected["domain"], connected["transport"], connected["port"]) =
        ("new.example.com".into(), "udp".into(), 5080.into());
    (renamed["name"], renamed["renamed_from"]) = ("Front".into(), "Main".into());
    vec![
        of("connection", json!({"trunks": [connected], "numbers": [number(2670, "Main")]})),
        of(
            "agents",
            json!({"numbers": [with(2670, "Main", "Support Agent"), with(2671, "Main", "Support Agent"), with(2672, "Spare", "Sales Agent")]}),
        ),
        of(
            "deletion",
            json!({"unlisted": {"trunks": "delete"}, "trunks": [declared("Spare")], "numbers": [number(2670, "Spare"), with(2671, "Spare", "Support Agent")]}),
        ),
        of(
            "unlisted",
            json!({"unlisted": "delete", "trunks": [declared("Main")], "numbers": [number(2670, "Main")]}),
        ),
        of("rename", json!({"trunks": [renamed], "numbers": [number(2672, "Front")]})),
        of(
            "new-numbers",
            json!({"trunks": [declared("Third")], "numbers": [with(2680, "Third", "Sales Agent"), with(2681, "Main", "Sales Agent")]}),
        ),
        rotated(of("rotation", json!({"trunks": [declared("Main")]})), "talkover.trunk.Main"),
    ]
}
