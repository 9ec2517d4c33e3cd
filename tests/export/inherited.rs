//! An addition to a file that has `defaults`: nothing is read from it that is not live, and nothing is left out that a file without them would say.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use serde_json::{Map, Value as Json, json};
use trunkform::config::File;
use trunkform::export::{self, Beside, Exported, Inherited};
use trunkform::layout;
use trunkform::model::{Address, Change, KindName, Resource, Value};

use crate::TODAY;
use crate::account::{Read, checked, file, left_out, validates};
use crate::estate::Estate;
use crate::hostile::spiced;
use crate::laws::{any_case, cases, spices};
use crate::worlds::{Case, Platform};

/// What defaults may say, by section.
fn possible(platform: Platform) -> [Json; 2] {
    let secret = json!([{"env": "SHARED_PASSWORD"}]);
    match platform {
        Platform::Kalem => [
            json!({
                "direction": ["inbound", "outbound"], "auth_type": ["ip", "digest"], "host": ["host0.example.com", null], "port": [5060, 5061, null],
                "username": ["user", "other"], "password": secret, "outbound_server": ["host1.example.com", null], "protect": [true, false],
            }),
            json!({
                "provider": ["manual", "twilio"], "trunk": ["Alpha", "Delta", null], "voice_agent": ["Sales Agent", 2, "#1", null],
                "text_agent": ["Chat Agent", null], "status": ["active", "inactive"], "protect": [true],
            }),
        ],
        Platform::Bolna => [
            json!({
                "provider": ["twilio", "plivo"], "description": ["a \"word\": #1", null], "auth_type": ["userpass", "ip-based"],
                "auth_username": ["user"], "auth_password": secret, "gateways": [[{"gateway_address": "host0.example.com", "port": 5061}]],
                "ip_identifiers": [[{"ip_address": "192.76.120.10"}], null], "allow": ["ulaw", "alaw,ulaw"], "disallow": ["gsm"],
                "transport": ["transport-tcp", "transport-udp"], "media_encryption": ["no"], "direct_media": [true, false], "rtp_symmetric": [true, false],
                "qualify_frequency": [30, 60], "inbound_enabled": [true, false], "is_active": [true, false], "protect": [true],
            }),
            json!({"name": ["Front desk", null], "trunk": ["Alpha", "Delta"], "agent": ["Sales Agent", null], "protect": [true]}),
        ],
        Platform::Talkover => [
            json!({
                "provider_name": ["Carrier"], "domain": ["host0.example.com"], "username": ["user"], "password": secret, "port": [5060, 5061],
                "transport": ["udp", "tls"], "outbound_proxy": ["host1.example.com", null], "auth_realm": ["realm", null], "is_active": [true, false],
            }),
            json!({"country_code": ["US", "GB"], "trunk": ["Alpha", "Delta"], "agent": ["Sales Agent", null], "protect": [true]}),
        ],
    }
}

/// Some of them; each pair of bytes says of one attribute whether it is there and which value it has.
fn chosen(possible: &Json, dice: &[(bool, u8)]) -> Json {
    let all = possible.as_object().unwrap().iter().zip(dice.iter().cycle());
    let some = all.filter(|(_, (there, _))| *there).map(|((name, values), (_, which))| {
        let values = values.as_array().unwrap();
        (name.clone(), values[usize::from(*which) % values.len()].clone())
    });
    Json::Object(some.collect::<Map<_, _>>())
}

/// The file of a case as people write it, with these defaults; without what it lists where it would be wrong with them.
fn before(case: &Case, defaults: &[Json; 2]) -> File {
    let written = |lists: bool| {
        let mut text = format!("provider: {}\n", case.platform.name());
        if case.account != case.platform.name() {
            text.push_str(&format!("account: {}\n", case.account));
        }
        text.push_str(&format!("defaults: {}\n", json!({"trunks": defaults[0], "numbers": defaults[1]})));
        for section in ["trunks", "numbers"] {
            let all: Vec<_> = case.declared(section).filter(|_| lists).collect();
            let lines = all.iter().map(|one| format!("- {}\n", Json::Object((*one).clone())));
            text.extend((!all.is_empty()).then(|| format!("{section}:\n")).into_iter().chain(lines));
        }
        file("account.yaml", &text)
    };
    let whole = written(true);
    if validates(std::slice::from_ref(&whole)) { whole } else { written(false) }
}

fn added(read: &Read, (file, unlisted): (&File, &[Resource]), inherited: &Inherited) -> Exported {
    let (files, variables) = (std::slice::from_ref(file), &BTreeSet::new());
    let policy = TODAY.into();
    let beside = Beside { files, tables: &|_, _| Err(Vec::new()), inherited, variables, policy: &policy };
    export::addition(read.live(), unlisted, beside).unwrap()
}

/// The same file with the entries at the end of its lists.
fn longer(before: &File, exported: &Exported) -> File {
    let mut text = String::from_utf8(before.bytes.clone()).unwrap();
    for (section, items) in [("trunks", &exported.trunks), ("numbers", &exported.numbers)] {
        if !items.is_empty() {
            text = layout::append(&text, section, items).unwrap();
        }
    }
    file("account.yaml", &text)
}

fn adds_under_defaults(case: &Case, defaults: &[Json; 2]) -> Result<(), TestCaseError> {
    let estate = Estate::of(case);
    let (read, before) = (Read::of(&estate, case), before(case, defaults));
    let (world, changes) = read.compared(std::slice::from_ref(&before));
    prop_assume!(!world.diagnostics.iter().any(|found| found.is_error()));
    prop_assume!(!world.observed.resources.values().any(Resource::is_leftover));
    let unlisted: Vec<_> =
        world.unlisted.iter().filter_map(|address| world.observed.get(address)).cloned().collect();
    let inherited = Inherited::of(read.provider, |_| Some(&before));
    let exported = added(&read, (&before, &unlisted), &inherited);
    let after = [longer(&before, &exported)];
    let text = String::from_utf8_lossy(&after[0].bytes);
    checked(&after);
    let (now, differing) = read.compared(&after);
    let left: BTreeSet<_> = now.unlisted.iter().map(ToString::to_string).collect();
    prop_assert_eq!(&left, &left_out(&exported), "{}", text);
    let named = |changes: &[Change]| -> Vec<String> {
        changes.iter().map(|change| format!("{:?} {}", change.action, change.address)).collect()
    };
    prop_assert_eq!(named(&differing), named(&changes), "{}", text);
    // A file of its own says more only where the reason names what would be inherited.
    let alone = left_out(&added(&read, (&before, &unlisted), &Inherited::default()));
    for left in exported.left_out.iter().filter(|left| !alone.contains(&left.address.to_string())) {
        let own = now.unlisted.contains(&left.address) && left.why.contains("the `defaults` of the file");
        prop_assert!(own || takes_along(&exported, &left.address, &read), "{:?}\n{}", left, text);
    }
    Ok(())
}

/// Whether a thing refers to a trunk that is left out, or is what a replacement of such a one left.
fn takes_along(exported: &Exported, address: &Address, read: &Read) -> bool {
    let gone: BTreeMap<_, _> = exported.left_out.iter().map(|left| (&left.address, &left.why)).collect();
    let live = read.state.get(address);
    let mut to = live.into_iter().flat_map(|live| live.attributes.iter());
    to.any(|entry| entry.value.as_ref_address().is_some_and(|to| gone.contains_key(to)))
        || address.name.contains("[trunkform")
}

proptest! {
    #![proptest_config(cases(40))]

    #[test]
    fn an_addition_says_what_it_would_inherit_wrongly(
        case in any_case(),
        spices in spices(),
        dice in prop::collection::vec(any::<(bool, u8)>(), 20),
    ) {
        let [trunks, numbers] = possible(case.platform);
        let defaults = [chosen(&trunks, &dice[..11]), chosen(&numbers, &dice[11..])];
        adds_under_defaults(&spiced(case, &spices), &defaults)?;
    }
}

/// What one kind of trunk has and the other has not, both ways, and what can't be null.
#[test]
fn what_would_be_inherited_is_null_or_the_reason() {
    let live = json!({
        "agents": [{"id": 1, "name": "Sales Agent", "type": "voice"}],
        "trunks": [
            {"id": 1, "name": "In", "direction": "inbound", "auth_type": "ip", "host": "pbx.example.com", "port": 5060},
            {"id": 2, "name": "Out", "direction": "outbound", "auth_type": "digest", "username": "u", "outbound_server": "sip.example.com", "port": 5070},
        ],
        "numbers": [{"id": 11, "number": "+14155552600", "provider": "manual", "status": "active", "trunk_id": 1, "voice_agent_id": null}],
    });
    let case = Case::new(Platform::Kalem, live, json!({"provider": "kalem"}));
    let estate = Estate::of(&case);
    let mut read = Read::of(&estate, &case);
    // The sandbox gives it one, as Kalem does; this one has none.
    for live in read.state.resources.values_mut().filter(|live| &*live.address.name == "In") {
        live.attributes.set("username", Value::Null);
    }
    let unlisted: Vec<_> = read.state.resources.values().cloned().collect();
    let says = |defaults: &str| {
        let before = file("account.yaml", &format!("provider: kalem\ndefaults: {defaults}\n"));
        let inherited = Inherited::of(read.provider, |_| Some(&before));
        let exported = added(&read, (&before, &unlisted), &inherited);
        assert_eq!(inherited.protects(KindName::Trunk), defaults.contains("protect"));
        checked(&[longer(&before, &exported)]);
        exported
    };
    let all = says(
        "{trunks: {host: x.example.com, port: 5090, protect: true}, numbers: {trunk: Out, voice_agent: Sales Agent}}",
    );
    assert!(all.left_out.is_empty(), "{:?}", all.left_out);
    assert!(all.trunks.contains("- name: Out\n") && all.trunks.contains("  host: null\n"), "{}", all.trunks);
    assert_eq!(
        all.numbers,
        "- number: \"+14155552600\"\n  provider: manual\n  trunk: In\n  voice_agent: null\n  status: active"
    );
    let without = says("{trunks: {username: shared}}");
    let [left] = &without.left_out[..] else { panic!("{:?} {}", without.left_out, without.trunks) };
    assert_eq!(
        (&*left.address.name, &*left.why),
        ("In", "the `defaults` of the file would give it `username`, and it can't say that it has none")
    );
}
