//! What a set of files means.

use super::*;

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
    let pinned = "+15550100000..+15550100009\n    id: 7";
    assert_said(&range(pinned), &["NUM014 3:13 the range has an `id`, and stands for 10 numbers"]);
    let again = range(&format!("+15550100000..+15550100099\n  - number: {pinned}\n    override: true"));
    assert_said(&again, &["NUM014 4:13 the range has an `id`, and stands for 10 numbers"]);
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

#[test]
fn numbers_that_can_not_be_inactive_are_not_deactivated() {
    let unlisted = "unlisted: {numbers: deactivate}\n";
    let (checked, _dir) = read(&[("t.yaml", &format!("provider: bolna\n{unlisted}"))]);
    let [complaint] = checked.diagnostics.as_slice() else { panic!("{:?}", checked.diagnostics) };
    assert_eq!(complaint.code, Code::CFG008);
    assert_eq!(complaint.message, "a number of bolna can't be inactive: `deactivate` would do nothing");
    let source = checked.sources.get(&complaint.labels[0].file).unwrap();
    assert_eq!(source.line_column(complaint.labels[0].span.start), (2, 21));
    let (checked, _dir) = read(&[("t.yaml", &kalem(unlisted))]);
    assert_eq!(said_of(&checked), [""; 0]);
}
