//! Random Kalem accounts with random files for them.
//! Small on purpose: four names and five numbers collide, move, vanish and come back in every possible way.
#![allow(unreachable_pub, reason = "shared by tests")]

use proptest::prelude::*;
use serde_json::{Value as Json, json};

const TRUNKS: [&str; 4] = ["Alpha", "Beta trunk", "Gamma.example", "Delta"];
const NUMBERS: [&str; 5] = ["+14155552670", "+14155552671", "+14155552672", "+442079460958", "+4930901820"];
const VOICE: [&str; 2] = ["Sales Agent", "Support Agent"];

/// One account as it is, and the file that says what it should be.
#[derive(Clone, Debug)]
pub struct Case {
    /// The sandbox's seed.
    pub live: Json,
    /// The text of `trunkform.yaml`.
    pub file: String,
}

#[derive(Clone, Debug)]
struct Trunk {
    name: usize,
    direction: bool,
    digest: bool,
    host: u8,
    port: Option<u16>,
}

impl Trunk {
    fn direction(&self) -> &'static str {
        if self.direction { "inbound" } else { "outbound" }
    }

    fn live(&self, id: usize) -> Json {
        let host = format!("host{}.example.com", self.host);
        json!({
            "id": id, "name": TRUNKS[self.name], "direction": self.direction(), "auth_type": if self.digest { "digest" } else { "ip" },
            "host": self.direction.then_some(&host), "port": self.port.unwrap_or(5060),
            "username": if self.digest { "user" } else { "kalem_trunk" }, "outbound_server": (!self.direction).then_some(&host),
        })
    }

    fn declared(&self, renamed_from: Option<&str>) -> String {
        let mut text = format!("  - name: {}\n    direction: {}\n", TRUNKS[self.name], self.direction());
        text += if self.digest {
            "    auth_type: digest\n    username: user\n    password: {env: MAIN_TRUNK_PASSWORD}\n"
        } else {
            "    auth_type: ip\n"
        };
        text += &if self.direction {
            format!("    host: host{}.example.com\n", self.host)
        } else {
            format!("    outbound_server: host{}.example.com\n", self.host)
        };
        if let Some(port) = self.port {
            text += &format!("    port: {port}\n");
        }
        if let Some(old) = renamed_from {
            text += &format!("    renamed_from: {old}\n");
        }
        text
    }
}

#[derive(Clone, Debug)]
struct Number {
    number: usize,
    trunk: Option<usize>,
    voice: Option<usize>,
    text: bool,
    active: bool,
    says: u8,
}

impl Number {
    fn live(&self, id: usize, trunks: &[Trunk]) -> Json {
        let trunk = self.trunk.and_then(|t| trunks.iter().position(|trunk| trunk.name == t)).map(|at| at + 1);
        json!({
            "id": id, "number": NUMBERS[self.number], "provider": "manual", "status": if self.active { "active" } else { "inactive" },
            "voice_agent_id": self.voice.map(|v| v + 1), "text_agent_id": self.text.then_some(3), "trunk_id": trunk,
        })
    }

    /// Names a random part of the attributes; a trunk only where the file declares it.
    fn declared(&self, trunks: &[Trunk]) -> String {
        let mut text = format!("  - number: \"{}\"\n", NUMBERS[self.number]);
        let trunk = self.trunk.filter(|t| trunks.iter().any(|trunk| trunk.name == *t));
        if self.says & 1 != 0 {
            text += &format!("    trunk: {}\n", trunk.map_or("null", |t| TRUNKS[t]));
        }
        if self.says & 2 != 0 {
            text += &format!("    voice_agent: {}\n", self.voice.map_or("null", |v| VOICE[v]));
        }
        if self.says & 4 != 0 {
            text += &format!("    status: {}\n", if self.active { "active" } else { "inactive" });
        }
        if self.says & 8 != 0 {
            text += &format!("    text_agent: {}\n", if self.text { "Chat Agent" } else { "null" });
        }
        text
    }
}

fn trunk(name: usize) -> impl Strategy<Value = Trunk> {
    (any::<bool>(), any::<bool>(), 0u8..2, proptest::option::of(5060u16..5063))
        .prop_map(move |(direction, digest, host, port)| Trunk { name, direction, digest, host, port })
}

fn number(number: usize) -> impl Strategy<Value = Number> {
    (
        proptest::option::of(0..TRUNKS.len()),
        proptest::option::of(0..VOICE.len()),
        any::<bool>(),
        any::<bool>(),
        0u8..16,
    )
        .prop_map(move |(trunk, voice, text, active, says)| Number {
            number,
            trunk,
            voice,
            text,
            active,
            says,
        })
}

fn trunks() -> impl Strategy<Value = Vec<Trunk>> {
    proptest::sample::subsequence((0..TRUNKS.len()).collect::<Vec<_>>(), 0..=TRUNKS.len())
        .prop_flat_map(|names| names.into_iter().map(trunk).collect::<Vec<_>>())
}

fn numbers() -> impl Strategy<Value = Vec<Number>> {
    proptest::sample::subsequence((0..NUMBERS.len()).collect::<Vec<_>>(), 0..=NUMBERS.len())
        .prop_flat_map(|which| which.into_iter().map(number).collect::<Vec<_>>())
}

fn unlisted() -> impl Strategy<Value = &'static str> {
    prop_oneof![
        Just("keep"),
        Just("delete"),
        Just("{trunks: delete}"),
        Just("{trunks: delete, numbers: unassign}"),
        Just("{trunks: keep, numbers: deactivate}"),
        Just("{numbers: delete}"),
    ]
}

/// Any account with any file for it.
pub fn case() -> impl Strategy<Value = Case> {
    (trunks(), numbers(), trunks(), numbers(), unlisted(), any::<bool>()).prop_map(|(live_trunks, live_numbers, trunks, numbers, unlisted, rename)| {
        let live = json!({"kalem": {
            "agents": [{"id": 1, "name": VOICE[0], "type": "voice"}, {"id": 2, "name": VOICE[1], "type": "voice"}, {"id": 3, "name": "Chat Agent", "type": "text"}],
            "trunks": live_trunks.iter().enumerate().map(|(at, t)| t.live(at + 1)).collect::<Vec<_>>(),
            "numbers": live_numbers.iter().enumerate().map(|(at, n)| n.live(at + 11, &live_trunks)).collect::<Vec<_>>(),
        }});
        // One trunk that is not live may be the new name of one that is live and that the file does not list.
        let old = live_trunks.iter().find(|l| trunks.iter().all(|t| t.name != l.name)).map(|l| TRUNKS[l.name]);
        let new = trunks.iter().find(|t| live_trunks.iter().all(|l| l.name != t.name)).map(|t| t.name);
        let mut file = format!("provider: kalem\nunlisted: {unlisted}\nlimits: {{removals: 100%}}\n");
        if !trunks.is_empty() {
            file += "trunks:\n";
            file.extend(trunks.iter().map(|t| t.declared(old.filter(|_| rename && new == Some(t.name)))));
        }
        if !numbers.is_empty() {
            file += "numbers:\n";
            file.extend(numbers.iter().map(|n| n.declared(&trunks)));
        }
        Case { live, file }
    })
}
