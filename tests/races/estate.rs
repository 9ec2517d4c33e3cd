//! An account with a plan that was made for it, and what is done to it before the plan is applied.

use std::fs;

use serde_json::{Value as Json, json};

use super::support::{Live, Run};

/// What somebody else does to the state of the account.
pub(crate) type Edit<'a> = &'a dyn Fn(&mut Json);

/// One account with a file that differs from it in several ways.
pub(crate) struct Estate {
    pub(crate) platform: &'static str,
    file: &'static str,
    pub(crate) seed: Json,
    /// Every request of the plan, as `ID VERB KIND NAME`.
    pub(crate) steps: &'static [&'static str],
}

/// Two numbers move to a new trunk, a third also to another agent, the old trunk goes; a fax and a number have nothing to do with that.
pub(crate) fn kalem() -> Estate {
    let number = |id: u32, trunk: Json| json!({"id": id, "number": format!("+141555526{id}"), "provider": "manual", "status": "active", "voice_agent_id": 1, "trunk_id": trunk});
    let trunk = |id: u32, name: &str| json!({"id": id, "name": name, "direction": "inbound", "auth_type": "ip", "host": "sip.example.com", "port": 5060});
    let agent = |id: u32, name: &str| json!({"id": id, "name": name, "type": "voice"});
    Estate {
        platform: "kalem",
        file: r#"
provider: kalem
unlisted: {trunks: delete}
ignore: [trunk.Foreign]
trunks:
  - {name: Carrier B, direction: inbound, auth_type: ip, host: sip.carrier-b.example}
  - {name: Fax, direction: inbound, auth_type: ip, host: sip.example.com, port: 5080}
numbers:
  - {number: "+14155552611", provider: manual, trunk: Carrier B}
  - {number: "+14155552612", provider: manual, trunk: Carrier B}
  - {number: "+14155552613", provider: manual, trunk: Carrier B, voice_agent: Support Agent}
  - {number: "+14155552614", provider: manual, status: inactive}
"#,
        seed: json!({"kalem": {
            "agents": [agent(1, "Sales Agent"), agent(2, "Support Agent")],
            "trunks": [trunk(1, "Carrier A"), trunk(2, "Fax"), trunk(3, "Foreign")],
            "numbers": [
                number(11, json!(1)), number(12, json!(1)), number(13, json!(1)),
                number(14, Json::Null), number(15, json!(3)),
            ],
        }}),
        steps: &[
            "1 create trunk Carrier B",
            "2 update trunk Fax",
            "3 assign number +14155552611",
            "4 assign number +14155552612",
            "5 assign number +14155552613",
            "6 delete trunk Carrier A",
            "7 deactivate number +14155552614",
        ],
    }
}

/// Two numbers are taken off one trunk and made on another; a third trunk is changed and gets a new number.
pub(crate) fn bolna() -> Estate {
    let agent = |n: u32, name: &str| json!({"id": format!("8d1c2f0a-52a4-4f6e-9a60-0d6b0a4c1e0{n}"), "agent_name": name});
    let number = |n: u32| json!({"id": format!("01JMOVE00000000000000000N{n}"), "phone_number": format!("+1415555260{n}"), "agent_id": "8d1c2f0a-52a4-4f6e-9a60-0d6b0a4c1e01"});
    let trunk = |letter: &str, numbers: Json| {
        json!({
            "id": format!("01JMOVE00000000000000000T{letter}"), "name": format!("Carrier {letter}"), "provider": "custom",
            "auth_type": "ip-based", "transport": "transport-tcp", "inbound_enabled": true,
            "gateways": [{"id": format!("01JMOVE00000000000000000G{letter}"), "gateway_address": "sip.example.com", "port": 5060, "priority": 1}],
            "ip_identifiers": [{"ip_address": "192.76.120.10"}], "phone_numbers": numbers,
        })
    };
    Estate {
        platform: "bolna",
        file: r#"
provider: bolna
trunks:
  - {name: Carrier B, provider: custom, auth_type: ip-based, inbound_enabled: true, gateways: [{gateway_address: sip.example.com}], ip_identifiers: [{ip_address: 192.76.120.10}]}
  - {name: Carrier C, provider: custom, auth_type: ip-based, inbound_enabled: true, description: fax, gateways: [{gateway_address: sip.example.com}], ip_identifiers: [{ip_address: 192.76.120.10}]}
numbers:
  - {number: "+14155552601", trunk: Carrier B, agent: Sales Agent}
  - {number: "+14155552602", trunk: Carrier B, agent: Support Agent}
  - {number: "+14155552604", trunk: Carrier C, agent: Sales Agent}
"#,
        seed: json!({"bolna": {
            "agents": [agent(1, "Sales Agent"), agent(2, "Support Agent")],
            "trunks": [trunk("A", json!([number(1), number(2), number(3)])), trunk("B", json!([])), trunk("C", json!([]))],
        }}),
        steps: &[
            "1 update trunk Carrier C",
            "2 delete number +14155552601",
            "3 create number +14155552601",
            "4 wait number +14155552601",
            "5 assign number +14155552601",
            "6 delete number +14155552602",
            "7 create number +14155552602",
            "8 wait number +14155552602",
            "9 assign number +14155552602",
            "10 create number +14155552604",
            "11 wait number +14155552604",
            "12 assign number +14155552604",
        ],
    }
}

/// A number goes to another agent, one to another trunk, one is made for a third agent; a trunk is called otherwise.
pub(crate) fn talkover() -> Estate {
    let did = |n: u32| json!({"id": format!("d1d00000-0000-4000-8000-00000000000{n}"), "number": format!("+1415555260{n}"), "country_code": "US"});
    let agent = |n: u32, name: &str, numbers: &[u32]| {
        let ids: Vec<_> = numbers.iter().map(|n| format!("d1d00000-0000-4000-8000-00000000000{n}")).collect();
        json!({"id": format!("a6e00000-0000-4000-8000-00000000000{n}"), "name": name, "label": name, "direction": "inbound", "current_status": "published", "phone_number_ids": ids})
    };
    let trunk = |n: u32, name: &str, dids: Json| json!({"id": format!("51900000-0000-4000-8000-00000000000{n}"), "name": name, "provider_name": "Carrier Ltd", "domain": "sip.carrier.example", "username": "office", "is_active": true, "dids": dids});
    Estate {
        platform: "talkover",
        file: r#"
provider: talkover
trunks:
  - {name: Office, provider_name: Other Ltd, domain: sip.carrier.example, username: office, password: {env: MAIN_TRUNK_PASSWORD}}
numbers:
  - {number: "+14155552601", trunk: Carrier, agent: Support}
  - {number: "+14155552602", trunk: Backup, agent: Sales}
  - {number: "+14155552605", trunk: Backup, agent: Desk}
"#,
        seed: json!({"talkover": {
            "agents": [agent(1, "Sales", &[1, 2]), agent(2, "Support", &[3]), agent(3, "Desk", &[4])],
            "trunks": [
                trunk(1, "Carrier", json!([did(1), did(2), did(3), did(4)])),
                trunk(2, "Backup", json!([])), trunk(3, "Office", json!([])),
            ],
        }}),
        steps: &[
            "1 update trunk Office",
            "2 unassign number +14155552602",
            "3 delete number +14155552602",
            "4 create number +14155552602",
            "5 assign number +14155552602",
            "6 create number +14155552605",
            "7 assign agent Desk",
            "8 assign agent Support",
            "9 unassign agent Sales",
        ],
    }
}

/// Whether a row of a state is the one of this name.
pub(crate) fn is_called(row: &Json, name: &str) -> bool {
    ["name", "agent_name", "number", "phone_number"].iter().any(|field| row[field] == *name)
}

/// A row of a list.
pub(crate) fn find<'a>(list: &'a mut Json, name: &str) -> &'a mut Json {
    let mut rows = list.as_array_mut().unwrap().iter_mut();
    rows.find(|row| is_called(row, name)).unwrap_or_else(|| panic!("there is no `{name}`"))
}

/// Takes a thing out of a list.
pub(crate) fn take(list: &mut Json, name: &str) -> Json {
    let wanted = find(list, name).clone();
    list.as_array_mut().unwrap().retain(|row| *row != wanted);
    wanted
}

impl Estate {
    /// A sandbox with the account, and a folder with the file and its plan.
    pub(crate) fn planned(&self) -> Planned {
        let (live, work) = (Live::start(self.seed.clone()), tempfile::tempdir().unwrap());
        fs::write(work.path().join("trunkform.yaml"), self.file).unwrap();
        let planned = Planned { live, work };
        planned.run(&["plan", "--out", "saved.plan"]).stdout_of(0);
        planned
    }
}

/// A saved plan and the account that it is for.
pub(crate) struct Planned {
    pub(crate) live: Live,
    pub(crate) work: tempfile::TempDir,
}

impl Planned {
    pub(crate) fn run(&self, args: &[&str]) -> Run {
        self.live.run_in(self.work.path(), args)
    }

    /// The steps of the plan.
    pub(crate) fn steps(&self) -> Vec<String> {
        let plan: Json =
            serde_json::from_str(&fs::read_to_string(self.work.path().join("saved.plan")).unwrap()).unwrap();
        let steps = plan["trunkform"]["steps"].as_array().unwrap();
        steps
            .iter()
            .map(|step| format!("{} {} {}", step["id"], said(&step["verb"]), named(&step["address"])))
            .collect()
    }

    /// Somebody else has changed the account.
    pub(crate) fn edit(&self, edit: Edit<'_>) {
        let mut state = self.live.sandbox.snapshot();
        edit(&mut state);
        self.live.sandbox.replace_state(state).unwrap();
        self.live.forget_requests();
    }
}

pub(crate) fn said(json: &Json) -> &str {
    json.as_str().unwrap()
}

/// `KIND NAME` of an address.
pub(crate) fn named(address: &Json) -> String {
    let (kind, name) = said(address).split_once('.').unwrap().1.split_once('.').unwrap();
    format!("{kind} {name}")
}
