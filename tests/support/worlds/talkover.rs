//! Random Talkover accounts with random files for them.
//! Trunks are verified and active or not; agents of both directions hold numbers that are nobody's business.

use serde_json::{Value as Json, json};

use super::{Case, Dice, Frame, Platform, password, perhaps_say};

/// Two agents that files name, and one that calls out.
const AGENTS: [(&str, &str, &str); 3] =
    [("a-1", "Sales Agent", "inbound"), ("a-2", "Support Agent", "inbound"), ("a-3", "Dialler", "outbound")];
/// Rented numbers: on agents, and on no trunk.
const RENTED: [&str; 2] = ["+14155559000", "+14155559001"];

fn unlisted() -> [Json; 5] {
    [
        json!("keep"),
        json!("delete"),
        json!({"trunks": "delete"}),
        json!({"trunks": "keep", "numbers": "delete"}),
        json!({"trunks": "keep", "numbers": "unassign"}),
    ]
}

/// The country that the digits say.
fn country(number: &str) -> &'static str {
    match &number[..3] {
        "+44" => "GB",
        "+49" => "DE",
        _ => "US",
    }
}

/// An account and a file.
pub fn throw(dice: &mut Dice, pool: usize) -> Case {
    let frame = Frame::throw(dice, pool, &unlisted());
    let mut trunks: Vec<Json> = frame.live.iter().map(|name| live_trunk(dice, name)).collect();
    let declared = dice.some_of(&frame.numbers);
    let mut held: [Vec<String>; 3] = Default::default();
    let mut on_trunk = Vec::new();
    for (at, number) in dice.some_of(&frame.numbers).into_iter().enumerate() {
        if trunks.is_empty() {
            continue;
        }
        let (trunk, id) = (dice.below(trunks.len()), format!("d-{at}"));
        let country = if dice.rarely(8) { "CA" } else { country(number) };
        let dids = trunks[trunk]["dids"].as_array_mut().expect("a live trunk has a list of numbers");
        dids.push(json!({"id": id, "number": number, "country_code": country}));
        on_trunk.push(number);
        hold(dice, &mut held, &id, !declared.contains(&number));
    }
    for at in 0..RENTED.len() {
        hold(dice, &mut held, &format!("r-{at}"), true);
    }
    let live = json!({
        "agents": AGENTS.iter().zip(held).map(|((id, name, direction), held)| json!({
            "id": id, "name": name, "label": name, "direction": direction, "current_status": dice.one_of(&["draft", "published"]), "phone_number_ids": held,
        })).collect::<Vec<_>>(),
        "trunks": trunks,
        "phone_numbers": RENTED.iter().enumerate().map(|(at, number)| json!({"id": format!("r-{at}"), "number": number, "country_code": "US"})).collect::<Vec<_>>(),
    });
    let trunks = frame.declared.iter().map(|name| declared_trunk(dice, name)).collect();
    let numbers = declared.iter().filter_map(|n| declared_number(dice, &frame, (n, on_trunk.contains(n))));
    let numbers = numbers.collect();
    Case::new(Platform::Talkover, live, frame.file(Platform::Talkover, trunks, numbers))
}

/// Gives a number to an agent or to none; to two only where no file speaks of it: no page says whether that can be.
fn hold(dice: &mut Dice, held: &mut [Vec<String>; 3], id: &str, is_foreign: bool) {
    let most = if is_foreign && dice.rarely(4) { 2 } else { usize::from(dice.coin()) };
    let first = dice.below(held.len());
    for at in 0..most {
        held[(first + at) % 3].push(id.to_owned());
    }
}

fn live_trunk(dice: &mut Dice, name: &str) -> Json {
    let (is_active, is_verified) =
        dice.one_of(&[(true, true), (false, true), (false, false), (true, true), (true, false)]);
    let mut trunk = json!({
        "name": name, "provider_name": dice.one_of(&["Carrier Ltd", "Other Ltd"]), "domain": dice.one_of(&["sip0.example.com", "sip1.example.com"]),
        "username": dice.one_of(&["user1", "user2"]), "transport": dice.one_of(&["tls", "udp"]), "outbound_proxy": dice.perhaps(&["proxy.example.com"]),
        "auth_realm": dice.perhaps(&["realm"]), "is_active": is_active, "is_verified": is_verified, "dids": [],
    });
    perhaps_say(dice, &mut trunk, "port", json!(5070));
    trunk
}

fn declared_trunk(dice: &mut Dice, name: &str) -> Json {
    let mut trunk = json!({
        "name": name, "provider_name": dice.one_of(&["Carrier Ltd", "New Ltd"]), "username": dice.one_of(&["user1", "user2"]),
        "domain": dice.one_of(&["sip0.example.com", "sip1.example.com", "SIP1.example.com"]), "password": password(),
    });
    let said = [
        ("transport", json!(dice.one_of(&["tls", "udp", "tcp"]))),
        ("port", json!(dice.one_of(&[5070, 5080]))),
        ("outbound_proxy", json!(dice.perhaps(&["proxy.example.com", "proxy2.example.com"]))),
        ("auth_realm", json!(dice.perhaps(&["realm", "realm2"]))),
        ("is_active", json!(!dice.rarely(3))),
    ];
    for (name, value) in said {
        perhaps_say(dice, &mut trunk, name, value);
    }
    trunk
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
    let agent = dice.perhaps(&[AGENTS[0].1, AGENTS[1].1]);
    perhaps_say(dice, &mut number, "agent", json!(agent));
    if dice.rarely(3) {
        number["country_code"] = json!(country(text));
    }
    Some(number)
}
