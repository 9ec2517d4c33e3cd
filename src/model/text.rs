//! Hostile text made visible: what an API or a file said, safe to print.
//! In: any text. Out: the same text with what could move a cursor, reorder a line, hide or command a CI job written as `\u{…}`.
//! Takes nothing away: what was there can be read back.

use std::borrow::Cow;
use std::net::Ipv6Addr;

/// Characters of a text that people are shown; no name that means something is longer.
const BRIEF: usize = 1000;

/// What begins a fold of the logs of GitLab and Travis, wherever on a line it stands.
const FOLDS: [&str; 4] = ["section_start:", "section_end:", "travis_fold:", "travis_time:"];
/// What begins a group of Buildkite's log at the first column of a line.
const GROUPS: [&str; 4] = ["--- ", "+++ ", "~~~ ", "^^^ +++"];

/// Every Default_Ignorable_Code_Point of Unicode, the ends of a line beside LF, and the marks of annotations: nothing of it has a shape.
const SHAPELESS: [(char, char); 18] = [
    ('\u{ad}', '\u{ad}'),
    ('\u{34f}', '\u{34f}'),
    ('\u{61c}', '\u{61c}'),
    ('\u{115f}', '\u{1160}'),
    ('\u{17b4}', '\u{17b5}'),
    ('\u{180b}', '\u{180f}'),
    ('\u{200b}', '\u{200f}'),
    ('\u{2028}', '\u{202e}'),
    ('\u{2060}', '\u{206f}'),
    ('\u{3164}', '\u{3164}'),
    ('\u{fe00}', '\u{fe0f}'),
    ('\u{feff}', '\u{feff}'),
    ('\u{ffa0}', '\u{ffa0}'),
    ('\u{fff0}', '\u{fffb}'),
    ('\u{1bca0}', '\u{1bca3}'),
    ('\u{1d173}', '\u{1d17a}'),
    ('\u{e0000}', '\u{e0fff}'),
    ('\u{7f}', '\u{9f}'),
];

/// Whether a character is one that a terminal obeys or nobody can see.
pub fn is_hidden(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_control();
    }
    SHAPELESS.iter().any(|&(first, last)| (first..=last).contains(&c))
}

/// The text with every hidden character escaped, and what a CI job would obey; no line break survives.
pub fn visible(text: &str) -> Cow<'_, str> {
    // A line break is written out: nothing begins a line behind it.
    let blank = |before: &str| before.chars().next_back().is_none_or(|c| c.is_whitespace() && !is_hidden(c));
    written(text, is_unseen, &blank, &|c| c.escape_unicode().to_string())
}

/// Whether a reader can't tell a character from nothing or from a space.
fn is_unseen(c: char) -> bool {
    is_hidden(c)
        || matches!(c, '\u{a0}' | '\u{1680}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{2800}')
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
    // Only inside of a text can a command stand: behind its quote, a blank or an escape.
    let blank = |before: &str| {
        let escape = before.len() >= 2 && before.as_bytes()[before.len() - 2] == b'\\';
        escape || before.chars().next_back().is_none_or(|c| c == '"' || c.is_whitespace())
    };
    let escaped = |c: char| c.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}")).collect();
    match written(&json, is_hidden, &blank, &escaped) {
        Cow::Borrowed(_) => json,
        Cow::Owned(shown) => shown,
    }
}

/// A text for a place where hidden characters and commands have an escape of another form, such as YAML.
pub fn escaped<'t>(text: &'t str, hidden: fn(char) -> bool, escape: &dyn Fn(char) -> String) -> Cow<'t, str> {
    let blank = |before: &str| before.chars().next_back().is_none_or(|c| c == '"' || c.is_whitespace());
    written(text, hidden, &blank, escape)
}

/// Whether a CI job's log would take something in the text for a command.
pub fn has_log_command(text: &str) -> bool {
    matches!(escaped(text, |_| false, &|_| String::new()), Cow::Owned(_))
}

/// Finished lines, the last look before they are printed: whatever a writer forgot. Styles of a terminal stay.
pub fn harmless(lines: &str) -> Cow<'_, str> {
    last_look(lines, false)
}

/// The same of lines that are nothing but words for people, where no line is a header or a rule.
pub fn harmless_words(lines: &str) -> Cow<'_, str> {
    last_look(lines, true)
}

fn last_look(lines: &str, words: bool) -> Cow<'_, str> {
    let kept = |c: char| is_hidden(c) && !matches!(c, '\n' | '\t' | '\u{1b}');
    let escape = |c: char| c.escape_unicode().to_string();
    let mut shown = match written(lines, kept, &|_| false, &escape) {
        Cow::Borrowed(_) if !lines.split('\n').any(|line| begins_command(line, words)) => {
            return Cow::Borrowed(lines);
        }
        shown => shown.into_owned(),
    };
    let mut out = String::with_capacity(shown.len() + 16);
    for line in std::mem::take(&mut shown).split_inclusive('\n') {
        if begins_command(line, words) {
            let (styles, rest) = line.split_at(line.len() - unstyled(line).len());
            let first = rest.chars().next().unwrap_or_default();
            out.extend([styles, &escape(first), &rest[first.len_utf8()..]]);
        } else {
            out.push_str(line);
        }
    }
    Cow::Owned(out)
}

/// Whether a log would take a line for a command because of how it begins.
fn begins_command(line: &str, words: bool) -> bool {
    // Most lines begin with a letter, and that is soon seen.
    let Some(first) = line.bytes().next() else { return false };
    if first.is_ascii_alphanumeric() {
        return false;
    }
    unstyled(line).starts_with("::") || (words && GROUPS.iter().any(|group| line.starts_with(group)))
}

/// A line without the blanks and styles before its first character.
fn unstyled(line: &str) -> &str {
    let mut rest = line.trim_start();
    while let Some((_, after)) = rest.strip_prefix("\u{1b}[").and_then(|style| style.split_once('m')) {
        rest = after.trim_start();
    }
    rest
}

/// The text with these characters escaped, and the first character of each command.
fn written<'t>(
    text: &'t str,
    hidden: impl Fn(char) -> bool,
    blank: &dyn Fn(&str) -> bool,
    escape: &dyn Fn(char) -> String,
) -> Cow<'t, str> {
    let mut shown = String::new();
    let mut done = 0;
    for (at, c) in text.char_indices() {
        let command = matches!(c, '#' | ':') && is_command(text, at, blank);
        if command || hidden(c) {
            shown.push_str(&text[done..at]);
            shown.push_str(&escape(c));
            done = at + c.len_utf8();
        }
    }
    if done == 0 {
        return Cow::Borrowed(text);
    }
    shown.push_str(&text[done..]);
    Cow::Owned(shown)
}

/// Whether the character at a place is the one without which a log takes nothing there for a command:
/// the first of `##word` and `##[` (Azure, GitHub, TeamCity), the first of `::word` where a line may begin (GitHub), or the colon of a fold.
fn is_command(text: &str, at: usize, blank: &dyn Fn(&str) -> bool) -> bool {
    let (before, after) = (&text[..at], &text.as_bytes()[at + 1..]);
    match (text.as_bytes()[at], after) {
        (b'#', [b'#', next, ..]) => next.is_ascii_alphabetic() || *next == b'[',
        (b':', [b':', next, ..]) if next.is_ascii_alphabetic() => {
            blank(before) && !begins_address(&text[at..])
        }
        (b':', _) => FOLDS.iter().any(|fold| before.ends_with(&fold[..fold.len() - 1])),
        _ => false,
    }
}

/// Whether a text begins with an IPv6 address and not with a longer word.
fn begins_address(text: &str) -> bool {
    let end = text.find(|c: char| !c.is_ascii_hexdigit() && c != ':' && c != '.').unwrap_or(text.len());
    let word = text[end..].starts_with(|c: char| c.is_alphanumeric() || matches!(c, '-' | '_'));
    !word && text[..end].trim_end_matches(['.', ':']).parse::<Ipv6Addr>().is_ok()
}

#[cfg(test)]
mod tests;
