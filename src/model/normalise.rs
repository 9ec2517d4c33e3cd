//! Which two spellings mean the same, one function a pair.
//! In: an attribute's rules and two values. Out: whether a platform could tell them apart.
//! Never changes what is sent: what was written is what goes out.

use std::borrow::Cow;
use std::net::{IpAddr, Ipv6Addr};

use ipnet::IpNet;
use unicode_normalization::{UnicodeNormalization, is_nfc_quick};

use super::{Attribute, Compare, Value};

/// Whether two values of an attribute are the same to the platform.
pub fn equal(attribute: &Attribute, a: &Value, b: &Value) -> bool {
    a == b || (is_default(attribute, a) && is_default(attribute, b)) || same(attribute, a, b)
}

/// Null, and what the platform fills in for it.
fn is_default(attribute: &Attribute, value: &Value) -> bool {
    let fills_in = |default: &Value| is_empty(value) || same(attribute, value, default);
    attribute.default.as_ref().is_some_and(fills_in)
}

fn same(attribute: &Attribute, a: &Value, b: &Value) -> bool {
    if is_empty(a) || is_empty(b) {
        return is_empty(a) && is_empty(b);
    }
    match (a, b) {
        (Value::Text(a), Value::Text(b)) if attribute.compare == Compare::Host => host(a) == host(b),
        (Value::Text(a), Value::Text(b)) if attribute.compare == Compare::Number => number(a) == number(b),
        (Value::Text(a), Value::Text(b)) => name(a) == name(b),
        (Value::Text(text), other) | (other, Value::Text(text)) => scalar_as_text(other, text),
        (Value::List(a), Value::List(b)) if attribute.set => {
            contains(attribute, a, b) && contains(attribute, b, a)
        }
        (Value::List(a), Value::List(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(attribute, a, b))
        }
        (Value::Map(a), Value::Map(b)) => parts(attribute, a, b),
        _ => a == b,
    }
}

/// `null`, `""`, `[]` and a text of spaces all say "nothing".
pub fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Text(text) => text.trim().is_empty(),
        Value::List(items) => items.is_empty(),
        Value::Map(parts) => parts.is_empty(),
        Value::Bool(_) | Value::Int(_) | Value::Ref(_) | Value::Secret(_) => false,
    }
}

/// Surrounding space and the Unicode composition (NFC) of a text do not matter; case does.
pub fn name(text: &str) -> Cow<'_, str> {
    let text = text.trim();
    match is_nfc_quick(text.chars()) {
        unicode_normalization::IsNormalized::Yes => text.into(),
        _ => text.nfc().collect::<String>().into(),
    }
}

/// `"5060"` is 5060 and `"true"` is true: some platforms answer so.
fn scalar_as_text(scalar: &Value, text: &str) -> bool {
    match scalar {
        Value::Int(n) => text.trim().parse() == Ok(*n),
        Value::Bool(b) => text.trim().eq_ignore_ascii_case(if *b { "true" } else { "false" }),
        _ => false,
    }
}

/// A phone number in E.164 form, whether or not it came with a `+` and with separators; what is no number is a name.
pub fn number(text: &str) -> Cow<'_, str> {
    let bare: String = text.trim().chars().filter(|c| !" -.()\u{a0}".contains(*c)).collect();
    let digits = bare.strip_prefix('+').unwrap_or(&bare);
    if !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()) {
        format!("+{digits}").into()
    } else {
        name(text)
    }
}

/// A host name without regard to case, one trailing dot and its IDN form; an address or a network in one spelling.
pub fn host(text: &str) -> String {
    let text = text.trim();
    let bare = text.strip_prefix('[').and_then(|t| t.strip_suffix(']')).unwrap_or(text);
    if let Ok(address) = bare.parse::<IpAddr>() {
        return unmapped(address).to_string();
    }
    if let Ok(network) = bare.parse::<IpNet>() {
        return self::network(network);
    }
    let rooted = text.strip_suffix('.').unwrap_or(text);
    idna::domain_to_ascii(rooted).unwrap_or_else(|_| name(rooted).to_lowercase())
}

/// A network without its host bits; one that is a single address is that address.
fn network(network: IpNet) -> String {
    let network = network.trunc();
    if network.prefix_len() == network.max_prefix_len() {
        return unmapped(network.addr()).to_string();
    }
    match (network.addr(), network.prefix_len().checked_sub(96)) {
        (IpAddr::V6(v6), Some(prefix)) if v6.to_ipv4_mapped().is_some() => {
            format!("{}/{prefix}", unmapped(v6.into()))
        }
        _ => network.to_string(),
    }
}

/// `::ffff:203.0.113.5` is `203.0.113.5`.
fn unmapped(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V6(v6) => Ipv6Addr::to_ipv4_mapped(&v6).map_or(address, IpAddr::V4),
        IpAddr::V4(_) => address,
    }
}

/// Whether every item of `few` is the same as one of `many`.
fn contains(attribute: &Attribute, many: &[Value], few: &[Value]) -> bool {
    few.iter().all(|item| many.iter().any(|other| same(attribute, item, other)))
}

/// Only what both sides name is compared: a part that one side does not know can't differ.
fn parts(attribute: &Attribute, a: &[(Box<str>, Value)], b: &[(Box<str>, Value)]) -> bool {
    a.iter().all(|(key, value)| {
        b.iter().find(|(other, _)| other == key).is_none_or(|(_, other)| same(attribute, value, other))
    })
}

#[cfg(test)]
mod tests {
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
}
