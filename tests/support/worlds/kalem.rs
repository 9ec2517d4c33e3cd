//! Random Kalem accounts with random files for them.

use serde_json::{Value as Json, json};

use super::{Case, Dice, Frame, Platform, password, perhaps_say};

const VOICE: [&str; 2] = ["Sales Agent", "Support Agent"];

fn unlisted() -> [Json; 6] {
    [
        json!("keep"),
        json!("delete"),
        json!({"trunks": "delete"}),
        json!({"trunks": "delete", "numbers": "unassign"}),
        json!({"trunks": "keep", "numbers": "deactivate"}),
        json!({"numbers": "delete"}),
    ]
}

/// An account and a file.
pub fn throw(dice: &mut Dice, pool: usize) -> Case {
    let frame = Frame::throw(dice, pool, &unlisted());
    let live = json!({
        "agents": [{"id": 1, "name": VOICE[0], "type": "voice"}, {"id": 2, "name": VOICE[1], "type": "voice"}, {"id": 3, "name": "Chat Agent", "type": "text"}],
        "trunks": frame.live.iter().enumerate().map(|(at, name)| live_trunk(dice, name, at + 1)).collect::<Vec<_>>(),
        "numbers": dice.some_of(&frame.numbers).iter().enumerate().map(|(at, number)| live_number(dice, number, at + 11, frame.live.len())).collect::<Vec<_>>(),
    });
    let trunks = frame.declared.iter().map(|name| declared_trunk(dice, name)).collect();
    let numbers = dice.some_of(&frame.numbers).iter().map(|n| declared_number(dice, &frame, n)).collect();
    Case::new(Platform::Kalem, live, frame.file(Platform::Kalem, trunks, numbers))
}

/// The same with agents called by their ids.
pub fn by_id(mut case: Case) -> Case {
    for number in case.file.get_mut("numbers").and_then(Json::as_array_mut).into_iter().flatten() {
        for (name, agent, id) in
            [("voice_agent", VOICE[0], 1), ("voice_agent", VOICE[1], 2), ("text_agent", "Chat Agent", 3)]
        {
            if number.get(name).is_some_and(|said| said == agent) {
                number[name] = json!(id);
            }
        }
    }
    case
}

fn live_trunk(dice: &mut Dice, name: &str, id: usize) -> Json {
    let (inbound, digest) = (dice.coin(), dice.coin());
    let host = format!("host{}.example.com", dice.below(2));
    json!({
        "id": id, "name": name, "direction": if inbound { "inbound" } else { "outbound" }, "auth_type": if digest { "digest" } else { "ip" },
        "host": inbound.then_some(&host), "port": dice.one_of(&[5060, 5061, 5062]),
        "username": if digest { "user" } else { "kalem_trunk" }, "outbound_server": (!inbound).then_some(&host),
    })
}

fn declared_trunk(dice: &mut Dice, name: &str) -> Json {
    let mut trunk = json!({"name": name});
    let host = dice.one_of(&["host0.example.com", "host1.example.com", "HOST1.example.com."]);
    if dice.coin() {
        trunk["direction"] = json!("inbound");
        trunk["host"] = json!(host);
    } else {
        trunk["direction"] = json!("outbound");
        trunk["outbound_server"] = json!(host);
    }
    if dice.coin() {
        trunk["auth_type"] = json!("digest");
        trunk["username"] = json!("user");
        trunk["password"] = password();
    } else {
        trunk["auth_type"] = json!("ip");
    }
    let port = json!(dice.one_of(&[5060, 5061, 5062]));
    perhaps_say(dice, &mut trunk, "port", port);
    trunk
}

fn live_number(dice: &mut Dice, number: &str, id: usize, trunks: usize) -> Json {
    let trunk = (trunks > 0 && dice.coin()).then(|| dice.below(trunks) + 1);
    json!({
        "id": id, "number": number, "provider": "manual", "status": dice.one_of(&["active", "inactive"]),
        "voice_agent_id": dice.perhaps(&[1, 2]), "text_agent_id": dice.perhaps(&[3]), "trunk_id": trunk,
    })
}

/// Names a random part of the attributes.
fn declared_number(dice: &mut Dice, frame: &Frame, text: &str) -> Json {
    let mut number = json!({"number": text});
    let targets = frame.targets();
    let trunk = if targets.is_empty() { None } else { dice.perhaps(&targets) };
    perhaps_say(dice, &mut number, "trunk", json!(trunk));
    let voice = dice.perhaps(&VOICE);
    perhaps_say(dice, &mut number, "voice_agent", json!(voice));
    let status = dice.one_of(&["active", "inactive"]);
    perhaps_say(dice, &mut number, "status", json!(status));
    let chat = dice.perhaps(&["Chat Agent"]);
    perhaps_say(dice, &mut number, "text_agent", json!(chat));
    if dice.rarely(16) {
        number["provider"] = json!("twilio");
    }
    number
}
