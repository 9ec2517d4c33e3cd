//! What entries share, and what changes it for some of them.

use super::*;

const TRUNKS: &str = "trunks:\n  - name: A\n  - {name: B, host: b.example.com, port: null}\n";

fn attribute(checked: &Checked, address: &str, name: &str) -> String {
    match resource(checked, address).attributes.get(name) {
        None => "-".to_owned(),
        Some(value) => value.to_json().to_string(),
    }
}

#[test]
fn entries_have_what_the_defaults_of_their_file_say() {
    let defaults = "defaults:\n  trunks: {direction: inbound, auth_type: ip, host: 203.0.113.50, port: 5080, protect: true}\n  numbers: {trunk: A, status: active}\n";
    let one = kalem(&format!(
        "{defaults}{TRUNKS}numbers:\n  - number: \"+15550100001\"\n  - {{number: \"+15550100002\", trunk: null}}\n"
    ));
    let two = kalem("numbers:\n  - number: \"+15550100003\"\n");
    let (checked, _dir) = read(&[("1.yaml", &one), ("2.yaml", &two)]);
    assert_eq!(said_of(&checked), [""; 0]);
    let get = |address, name| attribute(&checked, address, name);
    assert_eq!(get("kalem.trunk.A", "host"), "\"203.0.113.50\"");
    assert_eq!(
        (get("kalem.trunk.B", "host"), get("kalem.trunk.B", "port")),
        ("\"b.example.com\"".into(), "null".into())
    );
    assert!(resource(&checked, "kalem.trunk.B").is_protected());
    assert_eq!(get("kalem.number.+15550100001", "trunk"), "\"A\"");
    assert_eq!(get("kalem.number.+15550100002", "trunk"), "null");
    assert_eq!(get("kalem.number.+15550100003", "trunk"), "-", "the other file has none");
    let number = resource(&checked, "kalem.number.+15550100001");
    let place = number.attributes.entry("status").unwrap().span;
    assert_eq!(&one[place.start as usize..place.end as usize], "active");
}

#[test]
fn what_is_wrong_with_a_default_is_said_once_and_there() {
    let many: String = (0..50).map(|n| format!("  - number: \"+155501000{n:02}\"\n")).collect();
    let with = |defaults: &str| kalem(&format!("defaults:\n  numbers: {{{defaults}}}\nnumbers:\n{many}"));
    assert_said(&with("status: activ"), &["CFG008 3:21 `activ` is not allowed"]);
    assert_said(&with("trunc: A"), &["CFG005 3:13 the key `trunc` is not known here"]);
    for own in ["number: \"+15550100001\"", "id: 7", "waive: []", "override: true"] {
        assert_said(&with(own), &["CFG005 3:13 the key"]);
    }
    assert_said(&with("trunk: no"), &["CFG011 3:20 `no` is text here"]);
    assert_said(&kalem("defaults: {trunks: {renamed_from: x}}\n"), &["CFG005 2:21"]);
    assert_said(
        &kalem(
            "defaults: {trunks: {password: hunter2}}\ntrunks:\n  - {name: A, direction: inbound, auth_type: digest, username: u}\n",
        ),
        &["SEC001 2:31", "SEC002 2:31"],
    );
    assert_said(&kalem("defaults: null\n"), &["CFG007 2:11"]);
    assert_said(
        &kalem("defaults: {trunks: {direction: inbound, auth_type: ip}}\ntrunks:\n  - name: A\n"),
        &["TRK009 4:5 `host` is missing"],
    );
}

#[test]
fn anchors_and_merge_keys_work_in_defaults() {
    let text = "provider: kalem\ndefaults:\n  numbers: &n {trunk: PBX, status: active}\n  trunks: {<<: {direction: inbound}, auth_type: ip}\n\
        trunks:\n  - {name: PBX, host: a.example.com}\nnumbers:\n  - {number: \"+15550100001\", <<: *n, status: inactive}\n  - {number: \"+15550100002\"}\n";
    let (checked, _dir) = read(&[("t.yaml", text)]);
    assert_eq!(said_of(&checked), [""; 0]);
    assert_eq!(attribute(&checked, "kalem.trunk.PBX", "direction"), "\"inbound\"");
    assert_eq!(attribute(&checked, "kalem.number.+15550100001", "status"), "\"inactive\"");
}

#[test]
fn the_order_is_file_inventory_row_override() {
    let file = "provider: kalem\ndefaults: {numbers: {status: active, trunk: File, voice_agent: File, text_agent: File, provider: manual, protect: true}}\n\
        numbers_from:\n  - {csv: n.csv, defaults: {trunk: Inventory, voice_agent: Inventory, text_agent: Inventory}}\n\
        numbers:\n  - number: +15550100001..+15550100003\n    override: true\n    text_agent: Override\n    protect: false\n";
    let table = "number,voice_agent,text_agent\n+15550100001,Row,Row\n+15550100002,,\n+15550100003,null,\n+15550100004,,Row\n";
    let (checked, _dir) = read(&[("t.yaml", file), ("n.csv", table)]);
    assert_eq!(said_of(&checked), [""; 0]);
    let all = |last: u32| {
        let address = format!("kalem.number.+1555010000{last}");
        let names = ["status", "trunk", "voice_agent", "text_agent"];
        let values = names.map(|name| attribute(&checked, &address, name).replace('"', ""));
        format!("{} {}", values.join(" "), resource(&checked, &address).is_protected())
    };
    assert_eq!(all(1), "active Inventory Row Override false");
    assert_eq!(all(2), "active Inventory Inventory Override false");
    assert_eq!(all(3), "active Inventory null Override false");
    assert_eq!(all(4), "active Inventory Inventory Row true");
    let place =
        |last: u32| resource(&checked, &format!("kalem.number.+1555010000{last}")).origin.clone().unwrap();
    assert!(place(1).to_string().ends_with("t.yaml:6:5"), "{}", place(1));
    assert!(place(4).to_string().ends_with("n.csv:5:1"), "{}", place(4));
    let changed = resource(&checked, "kalem.number.+15550100001");
    let span = |name| changed.attributes.entry(name).unwrap().span;
    assert_eq!(span("trunk"), place(1).span, "what another file says has no place in this one");
    assert_eq!(&file[span("text_agent").start as usize..span("text_agent").end as usize], "Override");
}

#[test]
fn an_override_changes_what_any_file_says_and_only_that() {
    let one = kalem("numbers:\n  - {number: +15550100000..+15550100009, trunk: A, status: active}\n");
    let two =
        |entries: &str| kalem(&format!("defaults: {{numbers: {{voice_agent: Never}}}}\nnumbers:\n{entries}"));
    let said = |entries: &str| {
        let (checked, dir) = read(&[("1.yaml", &one), ("2.yaml", &two(entries))]);
        let folder = format!("{}/", dir.path().display());
        (said_of(&checked).iter().map(|s| s.replace(&folder, "")).collect::<Vec<_>>(), checked)
    };
    let (none, checked) = said("  - {number: \"+15550100004\", override: true, trunk: null, id: 9}\n");
    assert_eq!(none, [""; 0]);
    assert_eq!(attribute(&checked, "kalem.number.+15550100004", "trunk"), "null");
    assert_eq!(attribute(&checked, "kalem.number.+15550100004", "status"), "\"active\"");
    assert_eq!(
        attribute(&checked, "kalem.number.+15550100004", "voice_agent"),
        "-",
        "an override has no defaults"
    );
    assert_eq!(
        resource(&checked, "kalem.number.+15550100004").settings.as_ref().unwrap().pin,
        Some(crate::model::Id::Int(9))
    );

    let (twice, _) = said(
        "  - {number: \"+15550100004\", override: true}\n  - {number: +15550100003..+15550100005, override: true}\n",
    );
    assert_eq!(twice, ["NUM005 5:14 `+15550100004` stands twice: 2.yaml:4 and 2.yaml:5"]);
    let (plain, checked) = said("  - {number: \"+15550100004\", override: false}\n");
    assert_eq!(plain, ["NUM005 4:14 `+15550100004` stands twice: 1.yaml:3 and 2.yaml:4"]);
    assert!(checked.diagnostics[0].help.as_ref().unwrap().contains("`override: true`"));
    let (slip, checked) = said(
        "  - {number: \"+15550100014\", override: true}\n  - {number: +15550100008..+15550100011, override: true}\n",
    );
    assert_eq!(
        slip,
        [
            "NUM016 4:14 `+15550100014` is overridden here and declared nowhere",
            "NUM016 5:14 `+15550100010` and 1 more number are overridden here and declared nowhere"
        ]
    );
    assert!(
        checked.diagnostics[0].help.as_ref().unwrap().starts_with("did you mean `+15550100004`?"),
        "{:?}",
        checked.diagnostics[0]
    );
    let (wrong, _) = said("  - {number: \"+15550100004\", override: maybe}\n");
    assert!(wrong.iter().any(|said| said.starts_with("CFG007 4:40")), "{wrong:?}");
    let (waived, _) = said(
        "  - {number: \"+15550100004\", override: true, waive: [{code: NUM999, reason: r, until: 2027-01-01}]}\n",
    );
    assert_eq!(waived, ["CFG014 4:61 there is no diagnostic `NUM999`"]);
}

#[test]
fn a_rule_speaks_once_of_what_many_inherit() {
    let rows: String = (0..300).map(|n| format!("+1415555{n:04}\n")).collect();
    let file = "provider: kalem\ntrunks:\n  - {name: PBX, direction: inbound, auth_type: ip, host: a.example.com}\n\
        defaults: {numbers: {trunk: PBXX}}\nnumbers_from: {csv: n.csv}\nnumbers:\n  - number: \"+14155560000\"\n  - number: \"+14155560001\"\n";
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("t.yaml"), file).unwrap();
    std::fs::write(dir.path().join("n.csv"), format!("number\n{rows}")).unwrap();
    let mut checked = load(&[dir.path().to_owned()], jiff::civil::date(2026, 11, 21));
    checked.diagnostics.retain(|d| d.code == Code::NUM009);
    let said = said_of(&checked);
    assert_eq!(
        said,
        [
            "NUM009 1:1 there is no trunk `PBXX` in the files; so is it with 299 more numbers from this place",
            "NUM009 4:29 there is no trunk `PBXX` in the files; so is it with 1 more number from this place"
        ]
    );
}

#[test]
fn an_override_needs_nothing_but_its_number() {
    for provider in crate::provider::ALL {
        let name = crate::provider::file::generate::entries(provider.schema(), "numbers").unwrap();
        let kind = &provider.schema()["definitions"][name];
        assert_eq!(kind["required"], serde_json::json!(["number"]), "{}", provider.name());
        assert!(kind.get("allOf").is_none(), "{}", provider.name());
    }
}
