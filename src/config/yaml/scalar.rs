//! What a scalar without quotes is: the core schema of YAML 1.2, with two exceptions that keep telephone numbers whole.
//! In: the text. Out: null, a truth value, a number or text; and whether other readers would take the text for something else.
//! Text that begins with `+` or has a redundant leading zero stays text; so does `.inf` and `.nan`, which JSON does not know.

use std::borrow::Cow;

use super::Content;

/// What a plain scalar is.
pub(super) fn resolve(text: Cow<'_, str>) -> Content<'_> {
    match &*text {
        "" | "~" | "null" | "Null" | "NULL" => return Content::Null,
        "true" | "True" | "TRUE" => return Content::Bool(true),
        "false" | "False" | "FALSE" => return Content::Bool(false),
        _ => {}
    }
    number(&text).unwrap_or(Content::Text(text))
}

/// Whether a plain scalar is text.
pub(crate) fn is_text(text: &str) -> bool {
    matches!(resolve(text.into()), Content::Text(_))
}

fn number<'s>(text: &str) -> Option<Content<'s>> {
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    if !unsigned.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
        return None;
    }
    let based = |prefix: &str, radix| {
        let digits = text.strip_prefix(prefix)?;
        let fit = !digits.is_empty() && digits.chars().all(|c| c.is_digit(radix));
        fit.then(|| i64::from_str_radix(digits, radix).ok()).flatten().map(Content::Int)
    };
    if let Some(found) = based("0x", 16).or_else(|| based("0o", 8)) {
        return Some(found);
    }
    let whole = unsigned.bytes().take_while(u8::is_ascii_digit).count();
    if whole > 1 && unsigned.starts_with('0') {
        return None;
    }
    if whole == unsigned.len()
        && let Ok(int) = text.parse()
    {
        return Some(Content::Int(int));
    }
    let only = unsigned.bytes().all(|b| b.is_ascii_digit() || b".eE+-".contains(&b));
    text.parse::<f64>().ok().filter(|float| only && float.is_finite()).map(Content::Float)
}

/// What readers of YAML 1.1 take a plain text for, where they do not take it for text.
pub(crate) fn trap(text: &str) -> Option<&'static str> {
    const WORDS: [&str; 6] = ["y", "n", "yes", "no", "on", "off"];
    let first = text.bytes().next()?;
    if first.is_ascii_alphabetic() {
        let cased = text.bytes().skip(1).all(|b| b.is_ascii_lowercase())
            || text.bytes().all(|b| b.is_ascii_uppercase());
        return (text.len() <= 3 && cased && WORDS.iter().any(|w| w.eq_ignore_ascii_case(text)))
            .then_some("a truth value");
    }
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    if !unsigned.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
        return None;
    }
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit() || b == b'_');
    let mut parts = unsigned.split(':');
    let sixty = |part: &str| digits(part) && part.len() <= 2 && part < "60";
    if parts.next().is_some_and(digits) && unsigned.contains(':') && parts.all(sixty) {
        return Some("a number in base sixty");
    }
    let binary =
        unsigned.strip_prefix("0b").is_some_and(|d| digits(d) && !d.contains(|c| c > '1' && c != '_'));
    let float = unsigned.parse::<f64>().is_ok() || unsigned.replace('_', "").parse::<f64>().is_ok();
    (binary || float || matches!(unsigned, ".inf" | ".Inf" | ".INF" | ".nan" | ".NaN" | ".NAN"))
        .then_some("a number")
}

/// Whether a text is text to every reader without quotes, as far as its words go: what it would be as syntax is another question.
pub(crate) fn reads_plain(text: &str) -> bool {
    matches!(resolve(text.into()), Content::Text(_)) && trap(text).is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(text: &str) -> String {
        match resolve(text.into()) {
            Content::Null => "null".into(),
            Content::Bool(b) => format!("bool {b}"),
            Content::Int(n) => format!("int {n}"),
            Content::Float(f) => format!("float {f}"),
            Content::Text(text) => format!("text {text}"),
            _ => "?".into(),
        }
    }

    #[test]
    fn the_core_schema_is_read() {
        for (text, expected) in [
            ("", "null"),
            ("~", "null"),
            ("True", "bool true"),
            ("5060", "int 5060"),
            ("-1", "int -1"),
            ("0", "int 0"),
            ("0x1F", "int 31"),
            ("0o17", "int 15"),
            ("1.50", "float 1.5"),
            ("1e3", "float 1000"),
            ("203.0.113.50", "text 203.0.113.50"),
            ("infinity", "text infinity"),
            (".inf", "text .inf"),
            ("-", "text -"),
        ] {
            assert_eq!(kind(text), expected, "{text}");
        }
    }

    #[test]
    fn telephone_numbers_words_and_times_keep_every_character() {
        for text in ["+15551234567", "0044123", "00.5", "no", "off", "y", "12:30", "1_000", "2027-01-31"] {
            assert_eq!(kind(text), format!("text {text}"));
        }
    }

    #[test]
    fn what_other_readers_misread_is_known() {
        for text in
            ["no", "No", "NO", "off", "Y", "12:30", "1:30:00", "+1555", "0123", "1_000", "0b10", ".inf"]
        {
            assert!(trap(text).is_some(), "{text}");
        }
        for text in [
            "nO",
            "none",
            "Office",
            "2027-01-31",
            "203.0.113.50",
            "a:b",
            "12:75",
            "1.2.3",
            "+1-555",
            "-",
            "+",
        ] {
            assert!(trap(text).is_none(), "{text}");
        }
    }
}
