//! Hostile text made visible: what an API or a file said, safe to print.
//! In: any text. Out: the same text with what could move a cursor or reorder a line written as `\u{…}`.
//! Takes nothing away: what was there can be read back.

use std::borrow::Cow;

/// The text with control, bidirectional, zero-width and tag characters escaped; no line break survives.
pub fn visible(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_hidden) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if is_hidden(c) { shown.extend(c.escape_unicode()) } else { shown.push(c) }
    }
    Cow::Owned(shown)
}

/// Whether a character is one that a terminal obeys or nobody can see.
pub fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_obeys_is_written_out() {
        assert_eq!(
            visible("evil \x1b[31mred\x07 \u{202e}rtl\n"),
            r"evil \u{1b}[31mred\u{7} \u{202e}rtl\u{a}"
        );
        assert_eq!(visible("\u{9b}2J \u{e0041}"), r"\u{9b}2J \u{e0041}");
    }

    #[test]
    fn what_people_write_is_left_alone() {
        let text = "Primary Carrier — Büro 東京 `+15551234567`";
        assert!(matches!(visible(text), Cow::Borrowed(same) if same == text));
    }
}
