//! Accounts as large as one may be, and files that say the same.
//! In: how many trunks and numbers. Out: the seed of a sandbox, the file that leaves nothing to do, and others about as many numbers.
//! Made up by counting: the same on every machine.

use std::fmt::Write as _;

use serde_json::{Value as Json, json};

/// How large an account is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shape {
    pub(crate) trunks: usize,
    pub(crate) numbers: usize,
}

/// An account of a platform.
pub(crate) struct Estate {
    pub(crate) platform: &'static str,
    pub(crate) mount: &'static str,
    pub(crate) shape: Shape,
    /// The fewest requests that can read it all.
    pub(crate) requests: usize,
    pub(crate) live: Json,
    words: Words,
}

/// What the files of a platform say.
struct Words {
    trunk: fn(usize) -> String,
    /// The attribute that names an agent.
    agent: &'static str,
    /// Further attributes of each number.
    more: &'static [(&'static str, &'static str)],
}

/// The ways in which a file can speak of the numbers.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Says {
    /// What is live, number by number.
    Live,
    /// Something else of every hundredth number.
    Changed,
    /// An inventory of as many rows.
    Table,
    /// One range of as many numbers.
    Range,
}

/// The two agents of each account.
const AGENTS: [&str; 2] = ["Sales Agent", "Support Agent"];

pub(crate) fn number(at: usize) -> String {
    format!("+1415{:07}", 2_000_000 + at)
}

impl Estate {
    /// The configuration file.
    pub(crate) fn file(&self, says: Says) -> String {
        let mut text = format!("provider: {}\ntrunks:\n", self.platform);
        for at in 0..self.shape.trunks {
            let _ = write!(text, "  - name: Trunk {at}\n{}", (self.words.trunk)(at));
        }
        if says == Says::Table {
            return text + "numbers_from: {csv: numbers.csv}\n";
        }
        text += "numbers:\n";
        let last = number(self.shape.numbers - 1);
        let entries = if says == Says::Range { 1 } else { self.shape.numbers };
        for at in 0..entries {
            let number = if says == Says::Range { format!("{}..{last}", number(at)) } else { number(at) };
            let _ = writeln!(text, "  - number: \"{number}\"");
            for (name, value) in self.attributes(at, says) {
                let _ = writeln!(text, "    {name}: {value}");
            }
        }
        text
    }

    /// The inventory.
    pub(crate) fn table(&self) -> String {
        let names: Vec<_> = self.attributes(0, Says::Table).map(|(name, _)| name).collect();
        let mut text = format!("number,{}\n", names.join(","));
        for at in 0..self.shape.numbers {
            let values: Vec<_> = self.attributes(at, Says::Table).map(|(_, value)| value).collect();
            let _ = writeln!(text, "{},{}", number(at), values.join(","));
        }
        text
    }

    /// The numbers are on the trunks in turn.
    fn attributes(&self, at: usize, says: Says) -> impl Iterator<Item = (&'static str, String)> + use<'_> {
        let second = says == Says::Changed && at.is_multiple_of(100);
        let trunk = ("trunk", format!("Trunk {}", at % self.shape.trunks));
        let more = self.words.more.iter().map(|&(name, value)| (name, value.to_owned()));
        [trunk, (self.words.agent, AGENTS[usize::from(second)].to_owned())].into_iter().chain(more)
    }
}

/// Trunks and numbers page by page, the trunks of outbound calls first.
pub(crate) fn kalem(shape: Shape) -> Estate {
    let Shape { trunks, numbers } = shape;
    let says = |at| {
        format!("    direction: inbound\n    auth_type: ip\n    host: pbx{at}.example.com\n    port: 5060\n")
    };
    let trunk = |at: usize| json!({"id": at + 1, "name": format!("Trunk {at}"), "direction": "inbound", "auth_type": "ip", "host": format!("pbx{at}.example.com"), "port": 5060});
    let row = |at: usize| json!({"id": at + 1, "number": number(at), "status": "active", "voice_agent_id": 1, "trunk_id": at % trunks + 1});
    Estate {
        platform: "kalem",
        mount: "/kalem/api/v1",
        shape,
        requests: trunks.div_ceil(100) + numbers.div_ceil(100) + 1,
        words: Words { trunk: says, agent: "voice_agent", more: &[("status", "active")] },
        live: json!({
            "agents": [{"id": 1, "name": AGENTS[0], "type": "voice"}, {"id": 2, "name": AGENTS[1], "type": "voice"}],
            "trunks": (0..trunks).map(trunk).collect::<Vec<_>>(),
            "numbers": (0..numbers).map(row).collect::<Vec<_>>(),
        }),
    }
}

/// One list of trunks with their numbers, one of all numbers, one of agents.
pub(crate) fn bolna(shape: Shape) -> Estate {
    const IDS: [&str; 2] = ["5d0f1b7e-3c2a-4b8e-9a41-0c6d2e7f1a01", "5d0f1b7e-3c2a-4b8e-9a41-0c6d2e7f1a02"];
    let Shape { trunks, numbers } = shape;
    let says = |at| {
        format!(
            "    provider: twilio\n    auth_type: userpass\n    auth_username: user{at}\n    auth_password: {{env: PASSWORD}}\n    gateways:\n      - gateway_address: sip{at}.example.com\n"
        )
    };
    let row = |at: usize| json!({"phone_number": number(at), "agent_id": IDS[0]});
    let trunk = |at: usize| {
        let rows: Vec<Json> = (at..numbers).step_by(trunks).map(row).collect();
        json!({"name": format!("Trunk {at}"), "provider": "twilio", "auth_type": "userpass", "auth_username": format!("user{at}"), "gateways": [{"gateway_address": format!("sip{at}.example.com")}], "phone_numbers": rows})
    };
    Estate {
        platform: "bolna",
        mount: "/bolna",
        shape,
        requests: 3,
        words: Words { trunk: says, agent: "agent", more: &[] },
        live: json!({
            "agents": [{"id": IDS[0], "agent_name": AGENTS[0]}, {"id": IDS[1], "agent_name": AGENTS[1]}],
            "trunks": (0..trunks).map(trunk).collect::<Vec<_>>(),
        }),
    }
}

/// One list of trunks, each trunk, the numbers of each trunk, one page of agents.
pub(crate) fn talkover(shape: Shape) -> Estate {
    let Shape { trunks, numbers } = shape;
    let says = |at| {
        format!(
            "    provider_name: Carrier\n    domain: sip{at}.example.com\n    username: user{at}\n    password: {{env: PASSWORD}}\n    is_active: true\n"
        )
    };
    let row = |at: usize| json!({"id": format!("d-{at}"), "number": number(at), "country_code": "US"});
    let trunk = |at: usize| {
        let rows: Vec<Json> = (at..numbers).step_by(trunks).map(row).collect();
        json!({"name": format!("Trunk {at}"), "provider_name": "Carrier", "domain": format!("sip{at}.example.com"), "username": format!("user{at}"), "is_active": true, "dids": rows})
    };
    let held: Vec<String> = (0..numbers).map(|at| format!("d-{at}")).collect();
    Estate {
        platform: "talkover",
        mount: "/talkover/api/v1",
        shape,
        requests: 1 + trunks * 2 + 1,
        words: Words { trunk: says, agent: "agent", more: &[] },
        live: json!({
            "agents": [
                {"name": AGENTS[0], "direction": "inbound", "phone_number_ids": held},
                {"name": AGENTS[1], "direction": "inbound", "phone_number_ids": []},
            ],
            "trunks": (0..trunks).map(trunk).collect::<Vec<_>>(),
        }),
    }
}
