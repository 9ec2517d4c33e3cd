//! Each pair of spellings that means the same, and each that does not.

use std::sync::LazyLock;

use super::*;
use crate::model::{Kind, KindName};

static KIND: LazyLock<Kind> = LazyLock::new(|| {
    let schema = serde_json::json!({"properties": {
        "name": {"type": "string", "x-identity": true},
        "host": {"type": ["string", "null"], "x-compare": "host"},
        "number": {"type": "string", "x-compare": "number"},
        "port": {"type": ["integer", "null"], "default": 5060},
        "sources": {"type": "array", "x-set": true, "x-compare": "host"},
        "codecs": {"type": "array"},
        "on": {"type": "boolean"},
        "allow": {"type": "string", "x-compare": "codecs", "default": "ulaw,alaw"},
        "disallow": {"type": "string", "x-compare": "codecs", "x-set": true, "default": "all"},
        "gateways": {"type": "array", "x-set": true, "x-compare": "host"},
    }});
    Kind::from_schema(KindName::Trunk, Box::leak(Box::new(schema)))
});

fn eq(attribute: &str, a: impl Into<serde_json::Value>, b: impl Into<serde_json::Value>) -> bool {
    let attribute = KIND.attribute(attribute).unwrap();
    let (a, b) = (value(&a.into()), value(&b.into()));
    assert_eq!(equal(attribute, &a, &b), equal(attribute, &b, &a), "not symmetric: {a:?} {b:?}");
    equal(attribute, &a, &b)
}

fn value(json: &serde_json::Value) -> Value {
    match json {
        serde_json::Value::Null => Value::Null,
        serde_json::Value::Bool(b) => Value::Bool(*b),
        serde_json::Value::Number(n) => Value::Int(n.as_i64().unwrap()),
        serde_json::Value::String(text) => Value::Text(text.as_str().into()),
        serde_json::Value::Array(items) => Value::List(items.iter().map(value).collect()),
        serde_json::Value::Object(map) => {
            Value::Map(map.iter().map(|(k, v)| (k.as_str().into(), value(v))).collect())
        }
    }
}

#[test]
fn texts_are_trimmed_and_composed_but_keep_their_case() {
    assert!(eq("name", "Primary Carrier — US ", "Primary Carrier — US"));
    assert!(eq("name", "Cafe\u{301}", "Café"));
    assert!(!eq("name", "office", "Office"));
}

#[test]
fn a_host_has_many_spellings() {
    for (a, b) in [
        ("SIP.Carrier.com", "sip.carrier.com"),
        ("sip.carrier.com.", "sip.carrier.com"),
        (" sip.carrier.com ", "sip.carrier.com"),
        ("bücher.example", "xn--bcher-kva.example"),
        ("203.0.113.5/32", "203.0.113.5"),
        ("203.0.113.7/24", "203.0.113.0/24"),
        ("2001:DB8:0:0::1", "2001:db8::1"),
        ("2001:db8::1/128", "2001:db8::1"),
        ("[2001:db8::1]", "2001:db8::1"),
        ("::ffff:203.0.113.5", "203.0.113.5"),
        ("::ffff:203.0.113.0/120", "203.0.113.0/24"),
    ] {
        assert!(eq("host", a, b), "{a} and {b}");
    }
    for (a, b) in [
        ("sip:carrier.com", "carrier.com"),
        ("203.0.113.5/31", "203.0.113.5"),
        ("a.example", "b.example"),
        ("carrier.com..", "carrier.com"),
    ] {
        assert!(!eq("host", a, b), "{a} and {b}");
    }
}

#[test]
fn a_phone_number_is_its_digits() {
    for same in ["15551234567", "+1 (555) 123-4567", " +1.555.123.4567", "+15551234567"] {
        assert!(eq("number", same, "+15551234567"), "{same}");
    }
    for other in ["+15551234568", "+15551234567x", "ext. 15551234567", ""] {
        assert!(!eq("number", other, "+15551234567"), "{other}");
    }
}

#[test]
fn numbers_and_truth_may_come_as_text() {
    assert!(eq("port", "5080", 5080) && !eq("port", "5081", 5080));
    assert!(eq("on", "true", true) && eq("on", "False", false) && !eq("on", "yes", true));
    assert!(!eq("name", "1", 2));
}

#[test]
fn a_default_is_null_where_there_is_one() {
    assert!(eq("port", 5060, serde_json::Value::Null) && eq("port", "5060", ""));
    assert!(!eq("port", 5080, serde_json::Value::Null));
    assert!(!eq("on", false, serde_json::Value::Null));
}

#[test]
fn nothing_is_nothing_in_every_form() {
    assert!(eq("host", "", serde_json::Value::Null) && eq("sources", serde_json::json!([]), ""));
    assert!(!eq("host", "a", serde_json::Value::Null));
}

#[test]
fn a_set_has_no_order_and_a_list_has() {
    let json = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap();
    assert!(eq(
        "sources",
        json(r#"["A.example", "203.0.113.5"]"#),
        json(r#"["203.0.113.5/32", "a.example"]"#)
    ));
    assert!(!eq("sources", json(r#"["a.example"]"#), json(r#"["a.example", "b.example"]"#)));
    assert!(!eq("codecs", json(r#"["ulaw", "alaw"]"#), json(r#"["alaw", "ulaw"]"#)));
    assert!(eq("codecs", json(r#"[{"a": 1, "id": 7}]"#), json(r#"[{"a": 1}]"#)));
    assert!(!eq("codecs", json(r#"[{"a": 1}]"#), json(r#"[{"a": 2}]"#)));
}

#[test]
fn codecs_are_words_in_an_order_and_some_have_several_names() {
    for (a, b) in [
        ("ulaw,alaw", " ULAW , alaw,"),
        ("pcmu,pcma", "ulaw,alaw"),
        ("G711u,g711A", "ulaw,alaw"),
        ("g711mu", "PCMU"),
        ("ulaw,pcmu,alaw,ulaw", "ulaw,alaw"),
        (",", ""),
        ("", "PCMU, PCMA"),
    ] {
        assert!(eq("allow", a, b), "{a} and {b}");
    }
    for (a, b) in [
        ("ulaw,alaw", "alaw,ulaw"),
        ("ulaw", "ulaw,alaw"),
        ("g729", "ulaw"),
        ("all", "all,g729"),
        ("ulaw alaw", "ulaw,alaw"),
    ] {
        assert!(!eq("allow", a, b), "{a} and {b}");
    }
    assert!(
        eq("allow", "pcmu,alaw", serde_json::Value::Null) && !eq("allow", "alaw", serde_json::Value::Null)
    );
}

#[test]
fn a_set_of_codecs_has_no_order_and_all_is_every_one() {
    for (a, b) in
        [("g729,gsm", "GSM, g729,gsm"), ("all", "all,g729"), ("gsm,all", "ALL"), ("", "all"), (" , ", ",")]
    {
        assert!(eq("disallow", a, b), "{a} and {b}");
    }
    for (a, b) in [("g729", "g729,gsm"), ("g729", "all"), ("", "g729")] {
        assert!(!eq("disallow", a, b), "{a} and {b}");
    }
}

#[test]
fn parts_that_are_not_named_fit_anything_but_each_item_has_one_of_its_own() {
    let json = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap();
    let (one, two) = (r#"{"host": "A.example", "port": 5060}"#, r#"{"port": 5080, "host": "a.example."}"#);
    let any = r#"{"host": "a.example"}"#;
    for (a, b) in [
        (format!("[{any}]"), format!("[{one}]")),
        (format!("[{any}]"), format!("[{two}]")),
        (format!("[{one}, {two}]"), format!("[{two}, {one}]")),
        (format!("[{any}, {two}]"), format!("[{two}, {one}]")),
        (format!("[{any}, {any}]"), format!("[{two}, {one}]")),
        // The first item fits both and must leave the first to the second item.
        (format!("[{any}, {one}]"), format!("[{one}, {two}]")),
        (r#"[{"host": "203.0.113.5/32"}]"#.into(), r#"[{"host": "203.0.113.5", "id": 7}]"#.into()),
    ] {
        assert!(eq("gateways", json(&a), json(&b)), "{a} and {b}");
    }
    for (a, b) in [
        (format!("[{any}]"), format!("[{one}, {two}]")),
        (format!("[{any}, {any}]"), format!("[{one}]")),
        (format!("[{one}, {any}]"), format!("[{two}, {two}]")),
        (format!("[{one}]"), format!("[{two}]")),
        (r#"[{"host": "b.example"}]"#.into(), format!("[{one}]")),
        (
            r#"[{"host": "a.example", "port": 5060, "priority": 2}]"#.into(),
            r#"[{"host": "a.example", "port": 5060, "priority": 1}]"#.into(),
        ),
        ("[]".into(), format!("[{one}]")),
    ] {
        assert!(!eq("gateways", json(&a), json(&b)), "{a} and {b}");
    }
}

#[test]
fn a_long_set_in_another_order_is_compared_in_time() {
    let addresses = |order: &mut dyn Iterator<Item = usize>| {
        order
            .map(|n| serde_json::json!({"host": format!("10.0.{}.{}", n / 256, n % 256)}))
            .collect::<Vec<_>>()
    };
    let (forwards, backwards) = (addresses(&mut (0..300)), addresses(&mut (0..300).rev()));
    assert!(eq("gateways", forwards, backwards));
}
