//! Which two spellings mean the same, one function a pair.
//! In: an attribute's rules and two values. Out: whether a platform could tell them apart.
//! Never changes what is sent: what was written is what goes out.

use std::borrow::Cow;
use std::net::{IpAddr, Ipv6Addr};

use ipnet::IpNet;
use unicode_normalization::{UnicodeNormalization, is_nfc_quick};

use super::{Attribute, Compare, Value};

mod matching;
#[cfg(test)]
mod tests;

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
    if let (Compare::Codecs, Value::Text(a), Value::Text(b)) = (attribute.compare, a, b) {
        return codecs(a, attribute.set) == codecs(b, attribute.set);
    }
    if is_empty(a) || is_empty(b) {
        return is_empty(a) && is_empty(b);
    }
    match (a, b) {
        (Value::Text(a), Value::Text(b)) if attribute.compare == Compare::Host => host(a) == host(b),
        (Value::Text(a), Value::Text(b)) if attribute.compare == Compare::Number => number(a) == number(b),
        (Value::Text(a), Value::Text(b)) => name(a) == name(b),
        (Value::Text(text), other) | (other, Value::Text(text)) => scalar_as_text(other, text),
        (Value::List(a), Value::List(b)) if attribute.set && a.iter().chain(b).any(is_map) => {
            a.len() == b.len() && matching::one_to_one(a, b, |a, b| same(attribute, a, b))
        }
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

/// Codecs in one spelling, each once; in a set `all` is every other one as well.
pub fn codecs(text: &str, set: bool) -> Vec<String> {
    let mut named: Vec<String> = Vec::new();
    for word in text.split(',').map(|word| word.trim().to_ascii_lowercase()).filter(|word| !word.is_empty()) {
        let word = match &*word {
            "pcmu" | "g711u" | "g711mu" => "ulaw".into(),
            "pcma" | "g711a" => "alaw".into(),
            _ => word,
        };
        if !named.contains(&word) {
            named.push(word);
        }
    }
    if set {
        if named.iter().any(|word| word == "all") {
            return vec!["all".into()];
        }
        named.sort_unstable();
    }
    named
}

fn is_map(value: &Value) -> bool {
    matches!(value, Value::Map(_))
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
