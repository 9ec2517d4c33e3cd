//! Text in HTML.
//! In: a text of any content, of any length. Out: the same as text, never as markup; and the digest by which a browser knows our own script.
//! What is cut says how much.

use sha2::{Digest, Sha256};

use crate::model::text::visible;
use crate::render::fold::clipped;

/// So many characters of one text are shown; names and values are cut long before.
const TEXT: usize = 8000;

/// A text between tags, or in an attribute between quotes.
pub(super) fn escaped(text: &str) -> String {
    let text = clipped(&visible(text), TEXT);
    let mut html = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            c => html.push(c),
        }
    }
    html
}

/// A sentence, what stands between its backticks set as code; left as it is where they don't come in pairs.
pub(super) fn prose(text: &str) -> String {
    let text = clipped(text, TEXT);
    let parts: Vec<&str> = text.split('`').collect();
    if parts.len().is_multiple_of(2) {
        return escaped(&text);
    }
    let set = parts.iter().enumerate().map(|(at, part)| match at % 2 {
        0 => escaped(part),
        _ => format!("<code>{}</code>", escaped(part)),
    });
    set.collect()
}

/// `sha256-…` as a content security policy wants it.
pub(super) fn digest(text: &str) -> String {
    format!("sha256-{}", base64(&Sha256::digest(text)))
}

fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let letters = bytes.chunks(3).flat_map(|chunk| {
        let bits = (0..3).fold(0, |bits, at| bits << 8 | usize::from(chunk.get(at).copied().unwrap_or(0)));
        (0..4).map(move |at| match at {
            at if at > chunk.len() => '=',
            at => char::from(LETTERS[bits >> (18 - 6 * at) & 63]),
        })
    });
    letters.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_never_markup() {
        assert_eq!(escaped("</script>&\"'\u{202e}\n"), "&lt;/script&gt;&amp;&quot;&#39;\\u{202e}\\u{a}");
        assert_eq!(prose("`trunk` and `<b>` differ"), "<code>trunk</code> and <code>&lt;b&gt;</code> differ");
        assert_eq!(prose("a ` b"), "a ` b");
        assert!(escaped(&"x".repeat(TEXT + 7)).ends_with("x… (7 more characters)"));
        assert!(prose(&"`x` ".repeat(TEXT)).ends_with(&format!(" … ({} more characters)", 3 * TEXT)));
    }

    /// RFC 4648, section 10; the digest of nothing is FIPS 180's.
    #[test]
    fn a_digest_is_what_browsers_expect() {
        let cases = [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")];
        for (text, expected) in cases {
            assert_eq!(base64(text.as_bytes()), expected);
        }
        assert_eq!(digest(""), "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
    }
}
