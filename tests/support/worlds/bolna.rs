//! Random Bolna accounts with random files for them.
//! A trunk whose immutable attributes differ is made anew; what is soft-deleted and what is rented is in most worlds.

use serde_json::{Value as Json, json};

use super::{Case, Dice, Frame, Platform, password, perhaps_say};

const AGENTS: [&str; 3] = ["Sales Agent", "Support Agent", "Night Agent"];
/// A number of the account that is on no trunk: nobody may touch it.
pub const RENTED: &str = "+14155559000";

fn unlisted() -> [Json; 5] {
    [
        json!("keep"),
        json!("delete"),
        json!({"trunks": "delete"}),
        json!({"trunks": "keep", "numbers": "delete"}),
        json!({"trunks": "keep", "numbers": "unassign"}),
    ]
}

fn agent_id(at: usize) -> String {
    format!("5d0f1b7e-3c2a-4b8e-9a41-0c6d2e7f1a{:02}", at + 1)
}

/// An account and a file.
pub fn throw(dice: &mut Dice, pool: usize) -> Case {
    let frame = Frame::throw(dice, pool, &unlisted());
    let mut trunks: Vec<Json> = frame.live.iter().map(|name| live_trunk(dice, name)).collect();
    let mut on_trunk = Vec::new();
    for number in dice.some_of(&frame.numbers) {
        if !trunks.is_empty() {
            let at = dice.below(trunks.len());
            put(&mut trunks[at], live_number(dice, number));
            on_trunk.push(number);
        }
    }
    // What was deleted long ago: of a number that is live again, or of one that is no more.
    for number in dice.some_of(&frame.numbers[..2]) {
        if !trunks.is_empty() {
            let at = dice.below(trunks.len());
            put(&mut trunks[at], json!({"phone_number": number, "deleted": true}));
        }
    }
    let live = json!({
        "agents": AGENTS.iter().enumerate().map(|(at, name)| json!({"id": agent_id(at), "agent_name": name})).collect::<Vec<_>>(),
        "trunks": trunks,
        "phone_numbers": [{"phone_number": RENTED, "telephony_provider": "plivo", "rented": true, "agent_id": dice.perhaps(&[agent_id(0), agent_id(2)])}],
    });
    let trunks = frame.declared.iter().map(|name| declared_trunk(dice, name)).collect();
    let numbers = dice.some_of(&frame.numbers);
    let numbers = numbers.iter().filter_map(|n| declared_number(dice, &frame, (n, on_trunk.contains(n))));
    let numbers = numbers.collect();
    Case::new(Platform::Bolna, live, frame.file(Platform::Bolna, trunks, numbers))
}

fn put(trunk: &mut Json, number: Json) {
    trunk["phone_numbers"].as_array_mut().expect("a live trunk has a list of numbers").push(number);
}

fn gateways(dice: &mut Dice) -> Json {
    dice.one_of(&[
        json!([{"gateway_address": "sip0.example.com"}]),
        json!([{"gateway_address": "sip1.example.com", "port": 5070}]),
        json!([{"gateway_address": "sip0.example.com", "port": 5060, "priority": 1}, {"gateway_address": "sip2.example.com", "priority": 2}]),
        json!([{"gateway_address": "SIP2.example.com", "priority": 2}, {"gateway_address": "sip0.example.com"}]),
    ])
}

fn identifiers(dice: &mut Dice) -> Json {
    dice.one_of(&[
        json!([{"ip_address": "192.31.196.1"}]),
        json!([{"ip_address": "192.31.196.16/28"}, {"ip_address": "192.31.196.1/32"}]),
        json!([{"ip_address": "192.31.196.1"}, {"ip_address": "192.31.196.16/28"}]),
    ])
}

/// The two must fit each other, so that the file and what it leaves unmanaged never contradict: both are said, or neither.
fn security(dice: &mut Dice) -> [(&'static str, Json); 2] {
    let (transport, encryption) =
        dice.one_of(&[("transport-udp", "no"), ("transport-tls", "no"), ("transport-tls", "sdes")]);
    [("transport", json!(transport)), ("media_encryption", json!(encryption))]
}

fn live_trunk(dice: &mut Dice, name: &str) -> Json {
    let mut trunk = json!({
        "name": name, "provider": dice.one_of(&["twilio", "plivo"]), "description": dice.perhaps(&["An old one"]),
        "gateways": gateways(dice), "allow": dice.one_of(&["ulaw,alaw", "alaw,ulaw"]), "disallow": dice.one_of(&["all", "g729,gsm"]),
        "direct_media": dice.rarely(6), "rtp_symmetric": !dice.rarely(6), "force_rport": !dice.rarely(6),
        "qualify_frequency": dice.one_of(&[60, 30]), "inbound_enabled": dice.coin(), "outbound_leading_plus_enabled": !dice.rarely(3),
        "is_active": !dice.rarely(4), "phone_numbers": [],
    });
    if dice.rarely(3) {
        trunk["auth_type"] = json!("ip-based");
        trunk["ip_identifiers"] = identifiers(dice);
    } else {
        trunk["auth_type"] = json!("userpass");
        trunk["auth_username"] = json!(dice.one_of(&["user1", "user2"]));
    }
    for (name, value) in security(dice) {
        trunk[name] = value;
    }
    trunk
}

fn declared_trunk(dice: &mut Dice, name: &str) -> Json {
    let provider = dice.one_of(&["twilio", "twilio", "plivo"]);
    let mut trunk = json!({"name": name, "provider": provider, "gateways": gateways(dice)});
    if dice.rarely(3) {
        trunk["auth_type"] = json!("ip-based");
        trunk["ip_identifiers"] = identifiers(dice);
    } else {
        trunk["auth_type"] = json!("userpass");
        trunk["auth_username"] = json!(dice.one_of(&["user1", "user2"]));
        trunk["auth_password"] = password();
    }
    let said = [
        ("description", json!(dice.perhaps(&["An old one", "A new one"]))),
        ("allow", json!(dice.one_of(&["ulaw,alaw", "ulaw, alaw", "alaw,ulaw"]))),
        ("disallow", json!(dice.one_of(&["all", "gsm,g729"]))),
        ("direct_media", json!(dice.rarely(6))),
        ("rtp_symmetric", json!(!dice.rarely(6))),
        ("force_rport", json!(!dice.rarely(6))),
        ("qualify_frequency", json!(dice.one_of(&[60, 45]))),
        ("inbound_enabled", json!(dice.coin())),
        ("outbound_leading_plus_enabled", json!(!dice.rarely(3))),
        ("is_active", json!(!dice.rarely(3))),
    ];
    for (name, value) in said {
        perhaps_say(dice, &mut trunk, name, value);
    }
    if dice.coin() {
        for (name, value) in security(dice) {
            trunk[name] = value;
        }
    }
    trunk
}

fn live_number(dice: &mut Dice, number: &str) -> Json {
    let agent = dice.perhaps(&[agent_id(0), agent_id(1), agent_id(2)]);
    json!({"phone_number": number, "agent_id": agent, "name": dice.perhaps(&["Desk"])})
}

/// Names a random part of the attributes; a new number needs a trunk, and is left out where there is none.
fn declared_number(dice: &mut Dice, frame: &Frame, (text, is_live): (&str, bool)) -> Option<Json> {
    let mut number = json!({"number": text});
    let targets = frame.targets();
    if targets.is_empty() {
        if !is_live {
            return None;
        }
    } else if !is_live || dice.coin() {
        number["trunk"] = json!(dice.one_of(&targets));
    }
    let agent = dice.perhaps(&AGENTS);
    perhaps_say(dice, &mut number, "agent", json!(agent));
    if dice.rarely(4) {
        number["name"] = json!(dice.perhaps(&["Desk", "Hall"]));
    }
    Some(number)
}
