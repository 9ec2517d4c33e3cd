//! What the schema refuses, and how it is said.

use super::*;

#[test]
fn unknown_missing_and_duplicate_keys_are_errors_with_a_place() {
    assert_said(
        &kalem(
            "trunks:\n  - nam: PBX\n    direction: inbund\n    direction: inbound\n    auth_type: ip\n    codec: x\n",
        ),
        &[
            "CFG005 3:5 the key `nam` is not known here",
            "CFG006 3:5 `name` is missing",
            "CFG008 4:16 `inbund` is not allowed here",
            "CFG003 5:5 the key `direction` stands twice",
            "CFG005 7:5 the key `codec` is not known here",
        ],
    );
    let (checked, _dir) = read(&[("t.yaml", &kalem("acount: a\n"))]);
    assert_eq!(checked.diagnostics[0].help.as_deref(), Some("did you mean `account`?"));
}

#[test]
fn the_platform_is_asked_for_first() {
    assert_said("", &["CFG006 1:1 the file is empty"]);
    assert_said("# nothing\n", &["CFG006 1:1 the file is empty"]);
    assert_said("trunks: []\n", &["CFG006 1:1 `provider` is missing"]);
    assert_said("provider: kalm\n", &["CFG008 1:11 there is no platform `kalm`"]);
    assert_said("provider: 7\n", &["CFG007 1:11 expected text"]);
    let list = said("- provider: kalem\n");
    assert!(list[0].contains("t.yaml` is no configuration of Trunkform: expected a mapping"), "{list:?}");
}

#[test]
fn a_name_shows_something_and_stands_on_one_line() {
    let name = |name: &str| {
        kalem(&format!("trunks:\n  - {{direction: inbound, auth_type: ip, host: a.example, name: {name}}}\n"))
    };
    for bad in ["\"  \"", "\"\\u00a0\"", "\"\u{3000} \"", "\"a\\tb\"", "\"a\\nb\"", "\"a\\n\"", "\"\\r\""] {
        let (checked, _dir) = read(&[("t.yaml", &name(bad))]);
        assert_eq!(checked.diagnostics.len(), 1, "{bad}: {:?}", checked.diagnostics);
        let complaint = &checked.diagnostics[0];
        assert_eq!(complaint.code, Code::CFG008, "{bad}");
        assert!(complaint.help.as_deref().unwrap().starts_with("write a name on one line"), "{complaint:?}");
    }
    assert_said(&name("''"), &["CFG008 3:64 the text is empty"]);
    for good in ["Office PBX", "\" a\u{3000}b \"", "\u{6f22}", "\"#\""] {
        assert_said(&name(good), &[]);
    }
}

#[test]
fn no_account_has_the_name_of_another_platform() {
    assert_said(&kalem("account: bolna\n"), &["CFG008 2:10 `bolna` is the name of another platform"]);
    for good in ["kalem", "bolna-old"] {
        assert_said(&kalem(&format!("account: {good}\n")), &[]);
    }
}

#[test]
fn types_and_limits_are_told_once_each() {
    assert_said(
        &kalem("unlisted: {trunks: remove}\nlimits: {removals: ten, free: many}\nignore: x\n"),
        &[
            "CFG008 2:20 `remove`",
            "CFG008 3:20 the text `ten` does not have the right form",
            "CFG007 3:31 expected a whole number",
            "CFG007 4:9 expected a list",
        ],
    );
    assert_said(&kalem("unlisted: 3\n"), &["CFG007 2:11 expected text or a mapping, found the number `3`"]);
    assert_said(
        &kalem("trunks:\n  - {name: 1, direction: inbound, auth_type: ip, host: a.example, port: 70000}\n"),
        &[
            "CFG007 3:12 expected text, found the number `1`",
            "TRK001 3:73 the number `70000` is out of range",
        ],
    );
    let number = |rest: &str| kalem(&format!("numbers:\n  - {{number: \"+15551234567\", {rest}}}\n"));
    assert_said(&number("voice_agent: true"), &["CFG007 3:43 expected text or a whole number, found `true`"]);
    assert_said(&number("status: null"), &["CFG00"]);
    assert_said(&number("trunk: ''"), &["CFG008 3:37 the text is empty"]);
}

#[test]
fn what_a_sort_of_trunk_needs_is_asked_for_at_the_trunk() {
    let trunk = |rest: &str| kalem(&format!("trunks:\n  - name: A\n    {rest}\n"));
    let needs = |key: &str, why: &str| format!("TRK009 3:5 `{key}` is missing: {why} needs it");
    let digest = "a trunk with `auth_type: digest`";
    assert_eq!(
        said(&trunk("direction: outbound\n    auth_type: digest")),
        [needs("outbound_server", "an outbound trunk"), needs("password", digest), needs("username", digest)]
    );
    assert_eq!(
        said(&trunk("direction: inbound\n    auth_type: ip")),
        [needs("host", "an inbound trunk with `auth_type: ip`")]
    );
    assert_said(
        &trunk("direction: inbound\n    auth_type: ip\n    host: null"),
        &["TRK009 6:11 `host` is null: an inbound trunk"],
    );
    assert_said(&trunk("direction: inbound\n    auth_type: ip\n    host: a.example"), &[]);
}

#[test]
fn a_list_that_is_needed_is_neither_missing_nor_null_nor_empty() {
    let trunk = |rest: &str| {
        format!(
            "provider: bolna\ntrunks:\n  - name: A\n    provider: custom\n    auth_type: ip-based\n{rest}"
        )
    };
    let (gateways, identifiers) = (
        "    gateways: [{gateway_address: a.example}]\n",
        "    ip_identifiers: [{ip_address: 192.31.196.7}]\n",
    );
    assert_said(&trunk(&format!("{gateways}{identifiers}")), &[]);
    let why = "every trunk needs at least one";
    assert_eq!(said(&trunk(identifiers)), [format!("TRK011 3:5 `gateways` is missing: {why}")]);
    for (value, how) in [("null", "null"), ("[]", "empty")] {
        let text = trunk(&format!("{identifiers}    gateways: {value}\n"));
        assert_eq!(said(&text), [format!("TRK011 7:15 `gateways` is {how}: {why}")]);
        let text = trunk(&format!("{gateways}    ip_identifiers: {value}\n"));
        assert_said(
            &text,
            &[&format!("TRK011 7:21 `ip_identifiers` is {how}: a trunk with `auth_type: ip-based`")],
        );
    }
    assert_said(&trunk(gateways), &["TRK011 3:5 `ip_identifiers` is missing"]);
    let password = trunk(gateways).replace("ip-based", "userpass");
    assert_said(&password, &["TRK011 3:5 `auth_password`", "TRK011 3:5 `auth_username`"]);
    let part = trunk(&format!("    gateways: [{{port: 5060}}]\n{identifiers}"));
    assert_said(&part, &["CFG006 6:17 `gateway_address` is missing"]);
}

#[test]
fn a_bad_number_is_left_to_the_rules() {
    let (checked, _dir) = read(&[("t.yaml", &kalem("numbers:\n  - number: \"+1 (555) 123\"\n"))]);
    assert!(said_of(&checked).iter().all(|s| !s.starts_with("CFG")));
    resource(&checked, "kalem.number.+1 (555) 123");
}
