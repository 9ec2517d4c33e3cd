//! Texts as YAML that every reader reads as they are.
//! In: any text. Out: the same plain where nobody could misread it, else in double quotes on one line; or a comment.
//! Nothing that moves a cursor, hides, or breaks a line is written as it is.

use crate::config::reads_plain;
use crate::model::text::{escaped, has_log_command, is_hidden, visible};

/// A text as a value.
pub(super) fn scalar(text: &str) -> String {
    if is_plain(text) { text.to_owned() } else { quoted(text) }
}

/// A text in double quotes.
pub(super) fn quoted(text: &str) -> String {
    let special = |c: char| is_unfit(c) || matches!(c, '"' | '\\' | '\n' | '\r' | '\t');
    format!("\"{}\"", escaped(text, special, &escape))
}

fn escape(c: char) -> String {
    let code = c as u32;
    match c {
        '"' | '\\' => format!("\\{c}"),
        '\n' => "\\n".to_owned(),
        '\r' => "\\r".to_owned(),
        '\t' => "\\t".to_owned(),
        _ => match code {
            0..=0xff => format!("\\x{code:02X}"),
            0x100..=0xffff => format!("\\u{code:04X}"),
            _ => format!("\\U{code:08X}"),
        },
    }
}

/// A text behind `#`.
pub(super) fn comment(text: &str) -> String {
    let fit = |c: char| if is_unfit(c) { c.escape_unicode().to_string() } else { c.to_string() };
    visible(text).chars().map(fit).collect()
}

/// What nobody can see, and what YAML 1.2 (5.1) does not count among printable characters.
fn is_unfit(c: char) -> bool {
    is_hidden(c) || matches!(c, '\u{fffe}' | '\u{ffff}')
}

/// Whether a text needs no quotes, wherever a value may stand in block style, for readers of YAML 1.1 and 1.2.
fn is_plain(text: &str) -> bool {
    let (Some(first), Some(last)) = (text.chars().next(), text.chars().next_back()) else { return false };
    let begins_well = first.is_alphanumeric() || matches!(first, '/' | '_' | '(');
    let ends_well = !last.is_whitespace() && last != ':';
    let inside = !text.contains(": ") && !text.contains(" #") && !has_log_command(text);
    let blanks = text.chars().all(|c| !is_unfit(c) && (c == ' ' || !c.is_whitespace()));
    begins_well && ends_well && inside && blanks && reads_plain(text) && !looks_dated(text)
}

/// What YAML 1.1 has for dates, numbers in base sixty and old notations of integers, taken broadly.
fn looks_dated(text: &str) -> bool {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let next = text.as_bytes().get(digits);
    match next {
        Some(b':') => digits > 0,
        Some(b'-') => digits == 4,
        Some(b'x' | b'X' | b'o' | b'b' | b'_') => digits > 0,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_misreads_is_plain() {
        for text in [
            "Office PBX",
            "203.0.113.50",
            "54.172.60.0/30",
            "sip.carrier.com",
            "ulaw,alaw",
            "Büro 東京",
            "transport-udp",
            "O'Neil & Sons",
            "5d0f1b7e-3c2a-4b8e-9a41-0c6d2e7f1a01",
            "a:b",
            "a#b",
        ] {
            assert_eq!(scalar(text), text);
        }
    }

    #[test]
    fn what_somebody_misreads_has_quotes() {
        for text in [
            "",
            " ",
            "no",
            "on",
            "Yes",
            "null",
            "~",
            "true",
            "1.10",
            "5060",
            "0x1F",
            "0x_1",
            "1_000",
            "017",
            "12:30",
            "190:20:30.15",
            "2027-01-31",
            "+15551234567",
            "1e3",
            ".inf",
            "-",
            "- a",
            "? a",
            "a: b",
            "a #b",
            "a:",
            " a",
            "a ",
            "#a",
            "[a]",
            "{a",
            "&a",
            "*a",
            "!a",
            "|",
            ">",
            "@a",
            "`a",
            "%a",
            "\"a",
            "'a",
            "---",
            "...",
            "=",
            "<<",
            ",a",
        ] {
            assert_eq!(scalar(text), format!("\"{}\"", text.replace('"', "\\\"")), "{text}");
        }
        assert_eq!(scalar("a\nb\u{202e}\u{7}\u{e0041}\u{fffe}\t"), r#""a\nb\u202E\x07\U000E0041\uFFFE\t""#);
        assert_eq!(scalar("a ##[error] b"), r#""a \x23#[error] b""#);
        assert_eq!(scalar("a ##vso[b]"), r#""a \x23#vso[b]""#);
        assert_eq!(scalar("::error::a"), r#""\x3A:error::a""#);
    }

    #[test]
    fn a_comment_stays_on_its_line() {
        assert_eq!(comment("a\nb: c\u{202e}\u{ffff}"), r"a\u{a}b: c\u{202e}\u{ffff}");
    }
}
