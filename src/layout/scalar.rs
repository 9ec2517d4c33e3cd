//! How a value is written.
//! In: the value as it stands. Out: its lines at their new columns, with the quotes that all readers understand.
//! What is between the quotes or without them stays as it is, character by character.

use super::token::Kind;
use crate::config::yaml;

/// Blanks within a line.
const BLANK: [char; 2] = [' ', '\t'];

/// A value on one line. Text that other readers would take for something else gets quotes, single quotes become double ones where that needs no escape.
pub(super) fn one_line(raw: &str, kind: Kind, may_quote: bool) -> String {
    match kind {
        Kind::Plain if may_quote && yaml::is_text(raw) && yaml::trap(raw).is_some() => format!("\"{raw}\""),
        Kind::Single if !raw.contains(['"', '\\']) => {
            format!("\"{}\"", raw[1..raw.len() - 1].replace("''", "'"))
        }
        _ => raw.to_owned(),
    }
}

/// A text at the beginning of a line that must not be taken for the mark of a document.
pub(super) fn no_mark(raw: &str) -> String {
    let mark = ["---", "..."].iter().find_map(|mark| raw.strip_prefix(mark));
    match mark {
        Some(rest) if !rest.is_empty() && !rest.starts_with(BLANK) => raw.to_owned(),
        None => raw.to_owned(),
        Some(_) if raw.contains(['"', '\\']) => format!("'{}'", raw.replace('\'', "''")),
        Some(_) => format!("\"{raw}\""),
    }
}

/// A value on several lines, the further ones at a column. What folds into one space may be any run of blanks.
pub(super) fn many_lines(raw: &str, kind: Kind, column: usize, eol: &str) -> String {
    let mut out = String::with_capacity(raw.len());
    for (at, line) in lines(raw).enumerate() {
        let line = if at == 0 { line } else { line.trim_start_matches(BLANK) };
        let bare = line.trim_end_matches(BLANK);
        // `\ ` at the end of a line is a space that was meant.
        let line = if kind == Kind::Double && bare.ends_with('\\') { line } else { bare };
        if at > 0 {
            out.push_str(eol);
            out.extend(std::iter::repeat_n(' ', if line.is_empty() { 0 } else { column }));
        }
        out.push_str(line);
    }
    out
}

/// A block scalar, `raw` from its `|` or `>` to the end of its last line: its text at new columns, and how many bytes of `raw` that was.
///
/// The blocks around it stood at column `was` and will stand at `parent`; text whose indentation is not given goes to `column`.
pub(super) fn block(raw: &str, (was, parent, column): (usize, usize, usize), eol: &str) -> (String, usize) {
    let mut rest = lines(raw);
    let first = rest.next().unwrap_or_default();
    let mark = first.bytes().take_while(|b| b"|>+-0123456789".contains(b)).count();
    let header = &first[..mark];
    let given = header.chars().find_map(|c| c.to_digit(10)).map(|n| n as usize);
    let old = given.map(|n| was + n).or_else(|| rest.clone().find_map(indentation)).unwrap_or(usize::MAX);
    let new = given.map_or(column, |n| parent + n);
    let mut out = first.trim_end_matches(BLANK).to_owned();
    // Empty lines at the end mean something only where all line breaks are kept.
    let (mut used, mut written) = (out.len(), out.len());
    for line in rest {
        out.push_str(eol);
        if let Some(text) = content(line, old) {
            out.extend(std::iter::repeat_n(' ', new));
            out.push_str(text);
        }
        let end = line.as_ptr() as usize - raw.as_ptr() as usize + line.len();
        if end == raw.len() && content(line, old).is_none() {
            // Blanks without a break at the end of the text: what they say hangs on what is before them.
            out.extend(std::iter::repeat_n(' ', new.min(line.len())));
        }
        if content(line, old).is_some() || header.contains('+') {
            used = end;
            written = out.len();
        }
    }
    out.truncate(written);
    (out, used)
}

/// What a line of a block scalar says, if anything.
fn content(line: &str, indentation: usize) -> Option<&str> {
    let blank = line.len() - line.trim_start_matches(' ').len();
    (blank < line.len() || blank > indentation).then(|| &line[indentation.min(blank)..])
}

fn indentation(line: &str) -> Option<usize> {
    let text = line.trim_start_matches(' ');
    (!text.is_empty()).then(|| line.len() - text.len())
}

/// The lines of a text without their breaks; what follows the last break is a line only if there is something.
pub(super) fn lines(text: &str) -> impl Iterator<Item = &str> + Clone {
    text.split_inclusive('\n').flat_map(|piece| {
        let line = piece.strip_suffix('\n').unwrap_or(piece);
        let line = line.strip_suffix('\r').unwrap_or(line);
        // A carriage return alone breaks a line as well.
        line.split('\r')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_are_those_that_all_readers_understand() {
        for (raw, kind, written) in [
            ("+15551234567", Kind::Plain, "\"+15551234567\""),
            ("no", Kind::Plain, "\"no\""),
            ("12:30", Kind::Plain, "\"12:30\""),
            ("5060", Kind::Plain, "5060"),
            ("true", Kind::Plain, "true"),
            ("Office PBX", Kind::Plain, "Office PBX"),
            ("'a b'", Kind::Single, "\"a b\""),
            ("'it''s'", Kind::Single, "\"it's\""),
            ("''''", Kind::Single, "\"'\""),
            ("''", Kind::Single, "\"\""),
            (r"'a\b'", Kind::Single, r"'a\b'"),
            ("'say \"a\"'", Kind::Single, "'say \"a\"'"),
            ("\"a\"", Kind::Double, "\"a\""),
        ] {
            assert_eq!(one_line(raw, kind, true), written, "{raw}");
        }
        assert_eq!(one_line("no", Kind::Plain, false), "no");
    }

    #[test]
    fn a_block_scalar_keeps_its_own_indentation() {
        let (text, used) = block("| # c \n     a\n\n       b\n\n", (0, 0, 2), "\n");
        assert_eq!((text.as_str(), used), ("| # c\n  a\n\n    b", 23));
        assert_eq!(block("|2-\n    a\n", (0, 4, 6), "\n").0, "|2-\n        a");
        assert_eq!(block("|+\n a\n\n\n", (0, 0, 2), "\r\n").0, "|+\r\n  a\r\n\r\n");
        assert_eq!(block(">\n", (0, 0, 2), "\n").0, ">");
    }
}
