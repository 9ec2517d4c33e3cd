//! What is YAML, what is clean, and what is a secret.

use super::*;

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
            ("e.yaml", b"provider: b: c\n"),
            ("f.yaml", good.as_bytes()),
        ],
        &dir,
    );
    let codes: Vec<_> = said_of(&checked).iter().map(|s| s[..s.find(' ').unwrap() + 5].to_owned()).collect();
    assert_eq!(
        codes,
        ["CFG002 1:11", "CFG002 1:16", "CFG002 1:11", "CFG002 2:10", "CFG008 2:10", "CFG001 1:12"]
            .map(|s| s[..11].to_owned())
    );
    resource(&checked, "kalem.trunk.PBX");
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
fn a_secret_under_a_foreign_key_or_in_a_host_is_not_shown() {
    for line in [
        "passwrd: hunter2",
        "Api_Token: [hunter2, {a: hunter2}]",
        "sip-pwd: |\n      hunter2",
        "codec: x # password: hunter2",
        "host: sip:u:hunter2@pbx.example.com",
        "host: \"sip:u:hunter2\\u0040pbx.example.com\"",
        "passwrd: hunter2: x",
    ] {
        let text =
            kalem(&format!("trunks:\n  - name: A\n    direction: up\n    {line}\ncredentials: hunter2\n"));
        let (checked, _dir) = read(&[("t.yaml", &text)]);
        let shown = format!("{:?}{:?}", checked.sources, checked.diagnostics);
        assert!(!checked.diagnostics.is_empty() && !shown.contains("hunter2"), "{line}: {shown}");
    }
    let named = kalem(
        "trunks:\n  - {name: A, direction: inbound, auth_type: digest, username: u, password: {env: hunter2hunter2}}\n",
    );
    assert_said(&named, &[]);
}

#[test]
fn a_token_is_never_a_secret_of_a_trunk() {
    let text = |name: &str| {
        kalem(&format!(
            "trunks:\n  - {{name: A, direction: inbound, auth_type: digest, username: u, password: {{env: {name}}}}}\n"
        ))
    };
    for token in ["TRUNKFORM_TOKEN_KALEM", "trunkform_token_x", "TRUNKFORM_TOKENS", "TRUNKFORM_ENV_FILE"] {
        assert_said(&text(token), &["SEC009 3:83 `"]);
    }
}

#[cfg(unix)]
#[test]
fn a_link_does_not_lead_a_secret_out_of_the_folder() {
    let outside = tempfile::tempdir().unwrap();
    std::fs::write(outside.path().join("key"), "hunter2hunter2").unwrap();
    let dir = tempfile::tempdir().unwrap();
    let link = |to: &Path, name: &str| std::os::unix::fs::symlink(to, dir.path().join(name)).unwrap();
    std::fs::write(dir.path().join("own"), "x").unwrap();
    link(&outside.path().join("key"), "key");
    link(outside.path(), "folder");
    link(Path::new("own"), "near");
    for (file, fits) in
        [("key", false), ("folder/key", false), ("folder/later", false), ("near", true), ("later", true)]
    {
        let text = kalem(&format!(
            "trunks:\n  - {{name: A, direction: inbound, auth_type: digest, username: u, password: {{file: {file}}}}}\n"
        ));
        let checked = read_bytes(&[("t.yaml", text.as_bytes())], &dir);
        let codes: Vec<_> = checked.diagnostics.iter().map(|d| d.code).collect();
        assert_eq!(codes, if fits { vec![] } else { vec![Code::CFG008] }, "{file}");
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
fn no_text_makes_it_panic_or_points_outside() {
    const FRAGMENTS: [&str; 28] = [
        "\"",
        "'",
        "{",
        "}",
        "[",
        "]",
        ": ",
        "- ",
        "\n",
        "\t",
        "&a ",
        "*a",
        "<<: *a",
        "!!int ",
        "!x ",
        "|",
        ">",
        "#",
        "---\n",
        "...",
        "é",
        "\u{1f600}",
        "\0",
        "..",
        "+1555",
        "null",
        "? ",
        "password: ",
    ];
    let seed = kalem(&format!(
        "trunks:\n{TRUNK}  - &a\n    name: C\n    direction: outbound\n    auth_type: digest\n    password: {{env: A}}\n    port: 5060\n\
         numbers:\n  - number: +15550100000..+15550100009\n    waive: [{{code: NUM006, reason: r, until: 2027-01-01}}]\n  - <<: *a\n"
    ));
    let mut random = fastrand::Rng::with_seed(7);
    let policy = jiff::civil::Date::ZERO.into();
    let mut loading = Loading::new(&files::beside, &policy);
    for _ in 0..1500 {
        let mut text = seed.clone();
        for _ in 0..random.usize(1..4) {
            let marks: Vec<_> = text.char_indices().map(|(at, _)| at).collect();
            let at = marks[random.usize(..marks.len())];
            match random.bool() {
                true => text.insert_str(at, FRAGMENTS[random.usize(..FRAGMENTS.len())]),
                false => _ = text.remove(at),
            }
        }
        (loading.accounts, loading.found) = Default::default();
        loading.sources.insert(&"t".into(), &text);
        loading.text((&"t".into(), Some(&FolderPath::default())), &text);
        let labels = loading.found.iter().flat_map(|d| &d.labels);
        for span in labels.map(|l| l.span.start as usize..l.span.end as usize) {
            assert!(text.get(span.clone()).is_some(), "{span:?} in {text:?}");
        }
    }
}
