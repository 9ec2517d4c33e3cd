//! Every sentence of the manual that concerns reading, on whole files.

use std::path::PathBuf;

use super::*;
use crate::model::config::Removals;
use crate::model::{Address, SecretSource, Severity, UnlistedNumbers, Value};

const TRUNK: &str = "  - {name: PBX, direction: inbound, auth_type: ip, host: 203.0.113.50}\n";

/// A folder with these files, and what was read of it.
fn read(files: &[(&str, &str)]) -> (Checked, tempfile::TempDir) {
    let dir = tempfile::tempdir().unwrap();
    let bytes: Vec<_> = files.iter().map(|(name, text)| (*name, text.as_bytes())).collect();
    (read_bytes(&bytes, &dir), dir)
}

fn read_bytes(files: &[(&str, &[u8])], dir: &tempfile::TempDir) -> Checked {
    for (name, bytes) in files {
        std::fs::write(dir.path().join(name), bytes).unwrap();
    }
    load(&[dir.path().to_owned()], jiff::civil::date(2026, 11, 21))
}

/// `CODE line:column message` of every complaint about one file.
fn said(text: &str) -> Vec<String> {
    said_of(&read(&[("t.yaml", text)]).0)
}

fn said_of(checked: &Checked) -> Vec<String> {
    let line = |d: &Diagnostic| {
        let place =
            d.labels.first().and_then(|l| Some(checked.sources.get(&l.file)?.line_column(l.span.start)));
        let (line, column) = place.unwrap_or_default();
        format!("{} {line}:{column} {}", d.code, d.message)
    };
    checked.diagnostics.iter().map(line).collect()
}

fn kalem(body: &str) -> String {
    format!("provider: kalem\n{body}")
}

fn resource<'c>(checked: &'c Checked, address: &str) -> &'c crate::model::Resource {
    let address: Address = address.parse().unwrap();
    let account = checked.config.accounts.iter().find(|a| a.account == address.account).unwrap();
    account.desired.get(&address).unwrap()
}

fn assert_said(text: &str, expected: &[&str]) {
    let said = said(text);
    let fits = said.len() == expected.len() && said.iter().zip(expected).all(|(s, e)| s.starts_with(e));
    assert!(fits, "{said:#?}\nexpected {expected:#?}\nfor {text}");
}

#[test]
fn a_whole_file_becomes_an_account() {
    let text = "provider: kalem\naccount: eu\nunlisted: {trunks: delete, numbers: unassign}\nlimits: {removals: 12, free: 1}\n\
        ignore: [number.+1800*]\ntrunks:\n  - name: Carrier\n    direction: outbound\n    auth_type: digest\n    username: u\n\
        \x20   password: {env: CARRIER_PASSWORD}\n    outbound_server: sip.example.com\n    port: 5061\n    id: 7\n    renamed_from: Old\n    protect: true\n\
        numbers:\n  - number: \"+15551234567\"\n    trunk: Carrier\n    voice_agent: 12\n    text_agent: null\n    status: active\n";
    let (checked, _dir) = read(&[("t.yaml", text)]);
    assert_eq!(said_of(&checked), [""; 0]);
    let account = &checked.config.accounts[0];
    assert!(account.unlisted.delete_trunks && account.unlisted.numbers == UnlistedNumbers::Unassign);
    assert_eq!((account.limits.removals, account.limits.free), (Removals::Count(12), 1));
    assert_eq!(account.ignore[0].as_str(), "number.+1800*");
    let trunk = resource(&checked, "eu.trunk.Carrier");
    let secret = Value::Secret(SecretSource::Env("CARRIER_PASSWORD".into()));
    assert_eq!(trunk.attributes.get("password"), Some(&secret));
    assert_eq!(trunk.attributes.get("port"), Some(&Value::Int(5061)));
    let settings = trunk.settings.as_ref().unwrap();
    assert!(settings.protect && settings.pin == Some(crate::model::Id::Int(7)));
    assert_eq!(settings.renamed_from.as_deref(), Some("Old"));
    assert_eq!(trunk.attributes.len(), 7, "settings are no attributes");
    let number = resource(&checked, "eu.number.+15551234567");
    assert_eq!(number.attributes.get("trunk"), Some(&Value::Ref(trunk.address.clone())));
    assert_eq!(number.attributes.get("voice_agent"), Some(&Value::Text("12".into())));
    assert_eq!(number.attributes.get("text_agent"), Some(&Value::Null));
    assert_eq!(number.attributes.get("number"), Some(&Value::Text("+15551234567".into())));
    let (entry, source) = (
        number.attributes.entry("status").unwrap(),
        checked.sources.get(&number.origin.as_ref().unwrap().file),
    );
    assert_eq!(&source.unwrap().text()[entry.span.start as usize..entry.span.end as usize], "active");
    assert_eq!((number.origin.as_ref().unwrap().line, number.origin.as_ref().unwrap().column), (18, 5));
}

#[test]
fn a_number_without_quotes_is_kept_with_a_warning() {
    let (checked, _dir) =
        read(&[("t.yaml", &kalem("numbers:\n  - number: +15551234567\n  - number: 0044\n"))]);
    assert_eq!(
        said_of(&checked),
        ["NUM002 3:13 `+15551234567` has no quotes", "NUM002 4:13 `0044` has no quotes"]
    );
    assert_eq!(checked.diagnostics[0].help.as_deref(), Some("write `\"+15551234567\"`"));
    assert_eq!(checked.diagnostics[0].severity, Severity::Warning);
    resource(&checked, "kalem.number.+15551234567");
    resource(&checked, "kalem.number.0044");
}

#[test]
fn words_that_others_read_as_something_else_are_text_with_a_warning() {
    let text = kalem(
        "numbers:\n  - {number: \"+15551234567\", trunk: no, voice_agent: 12:30, text_agent: \"off\"}\n",
    );
    let (checked, _dir) = read(&[("t.yaml", &text)]);
    assert_eq!(
        said_of(&checked),
        [
            "CFG011 3:37 `no` is text here and a truth value to other YAML readers",
            "CFG011 3:54 `12:30` is text here and a number in base sixty to other YAML readers"
        ]
    );
    let number = resource(&checked, "kalem.number.+15551234567");
    assert_eq!(
        number.attributes.get("trunk").unwrap().as_ref_address().unwrap().to_string(),
        "kalem.trunk.no"
    );
}

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
    assert_said("- provider: kalem\n", &["CFG007 1:3 expected a mapping, found a list"]);
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
fn a_bad_number_is_left_to_the_rules() {
    let (checked, _dir) = read(&[("t.yaml", &kalem("numbers:\n  - number: \"+1 (555) 123\"\n"))]);
    assert!(said_of(&checked).iter().all(|s| !s.starts_with("CFG")));
    resource(&checked, "kalem.number.+1 (555) 123");
}

#[test]
fn anchors_aliases_and_merge_keys_work() {
    let text = kalem(
        "numbers:\n  - &first\n    number: \"+15551234567\"\n    status: active\n    trunk: &t PBX\n  - <<: *first\n    number: \"+15551234568\"\n    status: inactive\n\
         \x20 - <<: [{status: active}, *first]\n    number: \"+15551234569\"\n    trunk: *t\n",
    );
    let (checked, _dir) = read(&[("t.yaml", &text)]);
    assert_eq!(said_of(&checked), [""; 0]);
    let second = resource(&checked, "kalem.number.+15551234568");
    assert_eq!(second.attributes.get("status"), Some(&Value::Text("inactive".into())));
    assert_eq!(
        second.attributes.get("trunk").unwrap().as_ref_address().unwrap().to_string(),
        "kalem.trunk.PBX"
    );
    let third = resource(&checked, "kalem.number.+15551234569");
    assert_eq!((third.attributes.len(), third.origin.as_ref().unwrap().line), (3, 10));
    assert_said(
        &kalem("numbers:\n  - {<<: x, number: '+15551234567'}\n"),
        &["CFG008 3:6 `<<` takes over a mapping"],
    );
}

#[test]
fn hostile_structures_are_refused_with_a_place() {
    let mut bomb = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
    for n in 1..10 {
        bomb += &format!("a{n}: &a{n} [{}]\n", vec![format!("*a{}", n - 1); 9].join(", "));
    }
    assert_said(&kalem(&bomb), &["CFG004 8:"]);
    let deep = kalem(&format!("trunks: {}", "[".repeat(5000)));
    assert_said(&deep, &["CFG004 2:"]);
    let blocks: String = (0..200).map(|n| format!("{}a:\n", " ".repeat(n))).collect();
    assert_said(&blocks, &["CFG004 "]);
    assert_said(&kalem("trunks: &a [*a]\n"), &["CFG004 2:13 an alias within what it stands for"]);
}

#[test]
fn several_documents_and_tags_are_errors() {
    assert_said("provider: kalem\n---\nprovider: kalem\n", &["CFG009 2:1 a second document begins here"]);
    assert_said(
        &kalem("trunks: !mine []\naccount: !!str eu\n"),
        &["CFG010 2:9 the tag `!mine` is not of the core schema"],
    );
    assert_said("--- # one\nprovider: kalem\n...\n", &[]);
}

#[test]
fn the_common_mistakes_have_a_hint_at_the_right_line() {
    let hint = |body: &str| {
        let (checked, _dir) = read(&[("t.yaml", &kalem(body))]);
        let help = checked.diagnostics[0].help.clone().unwrap();
        format!("{} ({help})", said_of(&checked)[0])
    };
    assert_eq!(
        hint("numbers:\n  - number:+15551234567\n    status: active\n"),
        "CFG001 3:5 a space is missing after the colon (write `key: value`)"
    );
    assert_eq!(
        hint("numbers:\n\t- number: a\n"),
        "CFG001 3:1 a tab where YAML wants spaces (indent with spaces)"
    );
    let quote = hint("account: \"kalem\nunlisted: keep\n");
    assert!(quote.starts_with("CFG001 2:10 a quote is not closed"), "{quote}");
    assert!(hint("account: a: b\n").starts_with("CFG001 2:11 a value with a colon and a space in it"));
    assert!(hint("trunks:\n  - name: a\n   direction: inbound\n").contains("same column"));
    assert!(hint("ignore: [a, b\n").starts_with("CFG001"));
    assert!(hint("trunks: *nothing\n").contains("an alias to an anchor"));
}

#[test]
fn bytes_that_are_no_clean_text_stop_their_file_only() {
    let dir = tempfile::tempdir().unwrap();
    let good = kalem(&format!("trunks:\n{TRUNK}"));
    let checked = read_bytes(
        &[
            ("a.yaml", b"provider: \xffkalem\n"),
            ("b.yaml", b"provider: kalem\0\n"),
            ("c.yaml", "provider: \u{202e}kalem\n".as_bytes()),
            ("d.yaml", b"provider: kalem\naccount: \"a\\e\"\n"),
            ("e.yaml", b"a: b: c\n"),
            ("f.yaml", good.as_bytes()),
        ],
        &dir,
    );
    let codes: Vec<_> = said_of(&checked).iter().map(|s| s[..s.find(' ').unwrap() + 5].to_owned()).collect();
    assert_eq!(
        codes,
        ["CFG002 1:11", "CFG002 1:16", "CFG002 1:11", "CFG002 2:10", "CFG008 2:10", "CFG001 1:5 "]
            .map(|s| s[..11].to_owned())
    );
    resource(&checked, "kalem.trunk.PBX");
}

#[test]
fn files_of_one_account_are_merged() {
    let one = kalem(&format!("unlisted: keep\nlimits: {{free: 3}}\nignore: [a]\ntrunks:\n{TRUNK}"));
    let two = kalem("unlisted: keep\nignore: [b]\nnumbers:\n  - {number: \"+15551234567\", trunk: PBX}\n");
    let (checked, _dir) = read(&[("1.yaml", &one), ("2.yml", &two)]);
    assert_eq!(said_of(&checked), [""; 0]);
    assert_eq!(checked.config.accounts.len(), 1);
    assert_eq!(checked.config.accounts[0].desired.resources.len(), 2);
    assert_eq!(checked.config.accounts[0].ignore.len(), 2);

    let three = kalem("unlisted: delete\nlimits: {free: 4}\n");
    let (checked, _dir) = read(&[("1.yaml", &one), ("3.yaml", &three)]);
    assert_eq!(checked.diagnostics.iter().map(|d| d.code).collect::<Vec<_>>(), [Code::CFG013; 2]);
    let files: Vec<_> = checked.diagnostics[0].labels.iter().map(|l| l.file.ends_with("1.yaml")).collect();
    assert_eq!(files, [false, true], "both places");

    let other = kalem(&format!("account: other\ntrunks:\n{TRUNK}"));
    let (checked, _dir) = read(&[("1.yaml", &one), ("2.yaml", &other)]);
    let names: Vec<_> = checked.config.accounts.iter().map(|a| a.account.as_str()).collect();
    assert_eq!((names, said_of(&checked).len()), (vec!["kalem", "other"], 0));
}

#[test]
fn a_resource_given_twice_names_both_places() {
    let one = kalem(&format!("trunks:\n{TRUNK}{TRUNK}numbers:\n  - number: \"+15550100001\"\n"));
    let two = kalem("numbers:\n  - number: +15550100000..+15550100009\n  - number: \"+15550100009\"\n");
    let (checked, dir) = read(&[("1.yaml", &one), ("2.yaml", &two)]);
    let folder = format!("{}/", dir.path().display());
    let said: Vec<_> = said_of(&checked).iter().map(|s| s.replace(&folder, "")).collect();
    assert_eq!(
        said,
        [
            "TRK027 4:12 `PBX` stands twice: 1.yaml:3 and 1.yaml:4",
            "NUM005 3:13 `+15550100001` stands twice: 1.yaml:6 and 2.yaml:3",
            "NUM005 4:13 `+15550100009` stands twice: 2.yaml:3 and 2.yaml:4",
        ]
    );
    assert_eq!(checked.config.accounts[0].desired.resources.len(), 11);
}

#[test]
fn a_range_stands_for_its_numbers() {
    let text = kalem("numbers:\n  - number: +15550100000..+15550100999\n    trunk: PBX\n    protect: true\n");
    let (checked, _dir) = read(&[("t.yaml", &text)]);
    assert_eq!(said_of(&checked), [""; 0]);
    assert_eq!(checked.config.accounts[0].desired.resources.len(), 1000);
    let one = resource(&checked, "kalem.number.+15550100500");
    assert_eq!(one.attributes.get("number"), Some(&Value::Text("+15550100500".into())));
    assert!(one.is_protected() && one.origin.as_ref().unwrap().line == 3);
    let range = |text: &str| kalem(&format!("numbers:\n  - number: {text}\n"));
    assert_said(&range("+15550100009..+15550100000"), &["NUM014 3:13 `+15550100009` comes after"]);
    assert_said(&range("+15550100000..+15550110000"), &["NUM014 3:13 the range stands for 10001 numbers"]);
    let (checked, _dir) = read(&[("t.yaml", &range("+15550100000..+15550110000"))]);
    assert_eq!(checked.diagnostics[0].severity, Severity::Warning);
}

#[test]
fn waivers_silence_what_they_name() {
    let trunk = "  - {name: A, direction: inbound, auth_type: ip, host: a.example, port: 0, waive: [{code: TRK001, reason: r, until: ";
    let text = |day: &str| kalem(&format!("trunks:\n{trunk}{day}}}]}}\n"));
    assert_said(&text("2026-11-21"), &[]);
    assert_said(
        &text("2026-11-20"),
        &["TRK001 3:", "CFG014 3:91 the waiver of `TRK001` expired on 2026-11-20"],
    );
    assert_said(&text("2026-02-30"), &["TRK001 3:", "CFG008 3:"]);
    assert_said(&text("soon"), &["TRK001 3:", "CFG008 3:"]);
    assert_said(
        &kalem("numbers:\n  - {number: '+15551234567', waive: [{code: NUM006}]}\n"),
        &["CFG006 3:39 `reason` is missing", "CFG006 3:39 `until` is missing"],
    );
}

#[test]
fn a_literal_secret_is_an_error_and_is_never_seen_again() {
    let trunk = "  - name: A\n    direction: inbound\n    auth_type: digest\n    username: u\n    password: ";
    for (value, codes) in [
        ("hunter2", vec!["SEC001", "SEC002"]),
        ("hunter2-and-more", vec!["SEC001"]),
        ("&p hunter2\n  - {name: *p, password: *p}", vec!["CFG006", "CFG006", "SEC001", "SEC002"]),
        ("hunter2: x", vec!["CFG001"]),
        ("\"hunter2", vec!["CFG001"]),
        ("{env: hunter2!}", vec!["SEC001"]),
        ("{file: a, hunter2: b}", vec!["SEC001"]),
        ("|\n      hunter2hunter2\n", vec!["SEC001"]),
        ("hunter2\n    password: hunter2", vec!["CFG003", "SEC001", "SEC002"]),
        ("hunter2\n---\npassword: hunter2", vec!["CFG009", "SEC001", "SEC002"]),
        ("hunter2\u{7}", vec!["CFG002"]),
    ] {
        for provider in ["kalem", "nobody"] {
            let text = format!("provider: {provider}\ntrunks:\n{trunk}{value}\n");
            let (checked, _dir) = read(&[("t.yaml", &text)]);
            let dump = format!("{checked:?}");
            assert!(!dump.contains("hunter2"), "{value}: {dump}");
            let mut found: Vec<_> = checked.diagnostics.iter().map(|d| d.code.as_str()).collect();
            found.sort_unstable();
            assert!(provider != "kalem" || found == codes, "{value}: {found:?}");
        }
    }
}

#[test]
fn the_file_of_a_secret_is_in_the_folder_of_the_configuration() {
    let text = |path: &str| {
        kalem(&format!(
            "trunks:\n  - {{name: A, direction: inbound, auth_type: digest, username: u, password: {{file: {path}}}}}\n"
        ))
    };
    let (checked, dir) = read(&[("t.yaml", &text("secrets/a"))]);
    let path = dir.path().join("secrets/a").display().to_string();
    let trunk = resource(&checked, "kalem.trunk.A");
    assert_eq!(trunk.attributes.get("password"), Some(&Value::Secret(SecretSource::File(path.into()))));
    for outside in ["/etc/passwd", "../a", "a/../../b"] {
        assert_said(&text(outside), &["CFG008 3:84 the path of a secret leads out"]);
    }
}

#[test]
fn complaints_are_sorted_and_said_once() {
    let text = kalem("account: no\nnumbers:\n  - &n {number: \"+15551234567\", x: 1}\n  - *n\n");
    assert_said(&text, &["NUM005 4:17", "CFG005 4:33 the key `x`", "CFG011 2:10"]);
    let missing = load(&[PathBuf::from("/nowhere/at/all.yaml")], jiff::civil::date(2026, 11, 21));
    assert_eq!(missing.diagnostics[0].code, Code::CFG012);
}

#[test]
fn ten_thousand_numbers_are_read_in_reasonable_time() {
    let mut text = String::from("provider: kalem\nnumbers:\n");
    for n in 0..10_000 {
        text += &format!(
            "  - number: \"+1555{n:07}\"\n    provider: manual\n    trunk: PBX\n    voice_agent: Sales\n    text_agent: null\n    status: active\n    protect: true\n"
        );
    }
    let start = std::time::Instant::now();
    let (checked, _dir) = read(&[("t.yaml", &text)]);
    assert_eq!((checked.diagnostics.len(), checked.config.accounts[0].desired.resources.len()), (0, 10_000));
    // Without optimisation, on a busy machine; what grows with the square of the numbers takes minutes.
    assert!(start.elapsed().as_secs() < 20, "{:?}", start.elapsed());
    println!("{:?}", start.elapsed());
}
