//! Hostile text made visible: what an API or a file said, safe to print.
//! In: any text. Out: the same text with what could move a cursor or reorder a line written as `\u{…}`.
//! Takes nothing away: what was there can be read back.

use std::borrow::Cow;

/// What a CI job's log takes for the beginning of a command, wherever on a line it stands.
const LOG_COMMAND: &str = "##[";
/// Characters of a text that people are shown; no name that means something is longer.
const BRIEF: usize = 1000;

/// The text with control, bidirectional, zero-width and tag characters escaped, and what a CI job would obey; no line break survives.
pub fn visible(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_hidden) && !text.contains(LOG_COMMAND) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if is_hidden(c) { shown.extend(c.escape_unicode()) } else { shown.push(c) }
    }
    Cow::Owned(shown.replace(LOG_COMMAND, r"\u{23}#["))
}

/// The same of a text that may be of any length: cut where nobody reads on, and its length said.
pub fn brief(text: &str) -> Cow<'_, str> {
    match text.char_indices().nth(BRIEF) {
        None => visible(text),
        Some((end, _)) => {
            let length = text.chars().count();
            Cow::Owned(format!("{}… ({length} characters)", visible(&text[..end])))
        }
    }
}

/// The same in JSON, where it can be written as `\u…` and reads as it was.
pub fn visible_json(json: String) -> String {
    if !json.contains(is_hidden) && !json.contains(LOG_COMMAND) {
        return json;
    }
    let mut shown = String::with_capacity(json.len() + 16);
    for c in json.chars() {
        if is_hidden(c) {
            shown.extend(c.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}")));
        } else {
            shown.push(c);
        }
    }
    // Only inside of a text can it stand.
    shown.replace(LOG_COMMAND, "\\u0023#[")
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
    fn what_a_log_obeys_is_written_out() {
        assert_eq!(visible("a ###[add-mask]b"), r"a #\u{23}#[add-mask]b");
        assert_eq!(visible("# [a] #[b] ## c"), "# [a] #[b] ## c");
    }

    #[test]
    fn json_reads_as_it_was() {
        let text = "a\u{202e}b\u{e0041}c\u{7f}##[d]";
        let json = visible_json(serde_json::json!([text]).to_string());
        assert_eq!(json, r#"["a\u202eb\udb40\udc41c\u007f\u0023#[d]"]"#);
        assert_eq!(serde_json::from_str::<Vec<String>>(&json).unwrap(), [text]);
    }

    #[test]
    fn what_is_longer_than_anybody_reads_is_cut() {
        let most = "é".repeat(BRIEF);
        assert_eq!(brief(&most), most);
        assert_eq!(brief(&format!("{most}\n")), format!("{most}… (1001 characters)"));
        assert_eq!(brief("a\n"), r"a\u{a}");
    }

    #[test]
    fn what_people_write_is_left_alone() {
        let text = "Primary Carrier — Büro 東京 `+15551234567`";
        assert!(matches!(visible(text), Cow::Borrowed(same) if same == text));
    }
}
