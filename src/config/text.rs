//! Bytes become text that everyone sees the same way.
//! In: what a file holds, or a text that escapes may have made. Out: the text, or one complaint at the first bad place.
//! Line breaks and tabs are the only characters without a shape that are let through.

use std::borrow::Cow;
use std::sync::Arc;

use crate::model::text::is_hidden;
use crate::model::{Code, Diagnostic, Span};

/// Whether a reader could not see it, or would see it somewhere else.
pub(super) fn is_invisible(c: char) -> bool {
    is_hidden(c) && !matches!(c, '\n' | '\r' | '\t')
}

/// Whether words are spelled with it: Persian and Indic scripts, and emoji. As an escape everyone sees it.
fn is_spelling(c: char) -> bool {
    matches!(c, '\u{200c}' | '\u{200d}' | '\u{fe0e}' | '\u{fe0f}')
}

/// Whether a file can't have a character, not even as an escape.
pub(crate) fn is_refused(c: char) -> bool {
    is_invisible(c) && !is_spelling(c)
}

/// Whether nothing in it is a sign of something else than text: no byte that was not UTF-8, and no NUL.
pub(super) fn is_text(text: &str) -> bool {
    !text.contains(['\0', char::REPLACEMENT_CHARACTER])
}

/// The text of a file; where it is not clean, as much of it as can be shown.
pub(super) fn decode<'b>(file: &Arc<str>, bytes: &'b [u8]) -> (Cow<'b, str>, Option<Diagnostic>) {
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            let at = error.valid_up_to() as u32;
            let message = format!("the byte 0x{:02X} is not UTF-8", bytes[at as usize]);
            let complaint = Diagnostic::new(Code::CFG002, message)
                .at(file, Span::new(at, at), "")
                .help("save the file as UTF-8");
            return (String::from_utf8_lossy(bytes), Some(complaint));
        }
    };
    (Cow::Borrowed(text), invisible(file, text))
}

fn invisible(file: &Arc<str>, text: &str) -> Option<Diagnostic> {
    // Nearly every file is plain, and that is soon seen.
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~' | b'\n' | b'\r' | b'\t')) {
        return None;
    }
    // A byte order mark is allowed where it belongs.
    let mut hidden = text.char_indices().filter(|&(at, c)| is_invisible(c) && !(at == 0 && c == '\u{feff}'));
    let (at, first) = hidden.next()?;
    let more = match hidden.count() {
        0 => String::new(),
        more => format!(", and {more} more like it"),
    };
    let message = format!("the character {} can't be seen{more}", name(first));
    let help = match is_spelling(first) {
        true => {
            format!("in a name, write it as `\\u{:04X}` in double quotes; elsewhere delete it", first as u32)
        }
        false => "delete it".to_owned(),
    };
    let span = Span::new(at as u32, (at + first.len_utf8()) as u32);
    Some(Diagnostic::new(Code::CFG002, message).at(file, span, "").help(help))
}

/// The complaint about a quoted text whose escapes make what nobody can see.
pub(super) fn escaped(file: &Arc<str>, text: &str, span: Span) -> Option<Diagnostic> {
    let bad = text.chars().find(|&c| is_refused(c))?;
    let message = format!("an escape makes the character {}, which can't be seen", name(bad));
    Some(Diagnostic::new(Code::CFG002, message).at(file, span, "").help("leave the escape out"))
}

fn name(c: char) -> String {
    format!("U+{:04X}", c as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn complaint(bytes: &[u8]) -> Option<(String, Span)> {
        let (_, found) = decode(&"f".into(), bytes);
        found.map(|d| (d.message.clone(), d.labels[0].span))
    }

    #[test]
    fn bad_bytes_and_hidden_characters_have_a_place() {
        assert_eq!(complaint(b"a: \xff"), Some(("the byte 0xFF is not UTF-8".into(), Span::new(3, 3))));
        let bidi = complaint("a: \u{202e}x\nb: \u{200b}".as_bytes());
        assert_eq!(
            bidi,
            Some(("the character U+202E can't be seen, and 1 more like it".into(), Span::new(3, 6)))
        );
        assert!(complaint(b"a: \0").unwrap().0.contains("U+0000"));
        assert!(complaint(b"a: \x1b[31m").unwrap().0.contains("U+001B"));
    }

    #[test]
    fn what_words_are_spelled_with_is_allowed_as_an_escape_alone() {
        for c in ['\u{200c}', '\u{200d}', '\u{fe0f}'] {
            let raw = decode(&"f".into(), format!("a: {c}").as_bytes()).1.unwrap();
            assert!(raw.help.unwrap().contains(&format!("`\\u{:04X}`", c as u32)));
            assert!(escaped(&"f".into(), &format!("a{c}b"), Span::default()).is_none());
        }
        for c in "\u{200b}\u{ad}\u{3164}\u{115f}\u{e0100}\u{202e}\u{0}\u{34f}".chars() {
            assert!(escaped(&"f".into(), &format!("a{c}b"), Span::default()).is_some(), "{c:?}");
            assert_eq!(complaint(format!("a: {c}").as_bytes()).unwrap().1.start, 3);
        }
    }

    #[test]
    fn ordinary_text_passes() {
        assert_eq!(complaint("\u{feff}a:\t\u{e9} \u{2014} \u{6f22}\r\n".as_bytes()), None);
        assert!(complaint("a: \u{feff}".as_bytes()).is_some());
    }
}
