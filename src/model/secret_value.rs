//! Checks the value of a secret or a token before anything is sent.
//! In: what a variable or a file holds. Out: the secret without its final line break, or what is wrong with it.
//! Never repeats any part of the value.

use std::fmt;

/// Pairs of quotation marks that a shell, a file of settings or an editor may leave around a value.
const QUOTES: [(char, char); 5] = [('"', '"'), ('\'', '\''), ('`', '`'), ('“', '”'), ('‘', '’')];

/// What is wrong with the value of a secret, as the end of a sentence that begins with its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ValueFlaw(&'static str);

impl fmt::Display for ValueFlaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

/// The secret that a variable or a file holds: its text without one final line break.
///
/// # Errors
/// What is wrong: a platform would take the value as it is, and nobody could read from it why calls fail.
pub fn secret_value(text: &str) -> Result<&str, ValueFlaw> {
    let line = text.strip_suffix('\n').map_or(text, |line| line.strip_suffix('\r').unwrap_or(line));
    flaw(line).map_or(Ok(line), |what| Err(ValueFlaw(what)))
}

fn flaw(line: &str) -> Option<&'static str> {
    let (mut rest, mut chars) = (line.chars(), line.chars());
    let (Some(first), Some(last)) = (chars.next(), rest.next_back()) else { return Some("is empty") };
    let only_blanks = line.chars().all(char::is_whitespace);
    Some(match () {
        () if line.contains('\u{feff}') => "has a byte order mark",
        () if line.contains('\u{fffd}') => "is not UTF-8",
        () if line.contains('\0') => "has a NUL character",
        () if only_blanks => "has nothing but blanks",
        () if line.contains(['\n', '\r', '\u{2028}', '\u{2029}', '\u{85}']) => "has more than one line",
        () if first.is_whitespace() => {
            blank(first, "has a space at its beginning", "has a blank at its beginning")
        }
        () if last.is_whitespace() => blank(last, "has a space at its end", "has a blank at its end"),
        () if line.contains(char::is_control) => "has a control character",
        () if line.contains(super::text::is_hidden) => "has a character that nobody can see",
        () if line.chars().count() > 1 && QUOTES.contains(&(first, last)) => "has quotation marks around it",
        () => return None,
    })
}

fn blank(c: char, space: &'static str, other: &'static str) -> &'static str {
    if c == ' ' { space } else { other }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_final_line_break_is_taken_off() {
        for (text, secret) in [
            ("hunter2", "hunter2"),
            ("hunter2\n", "hunter2"),
            ("hunter2\r\n", "hunter2"),
            ("hun ter\"2", "hun ter\"2"),
            ("\"hunter2", "\"hunter2"),
            ("hünter=2\"", "hünter=2\""),
            ("\"", "\""),
        ] {
            assert_eq!(secret_value(text), Ok(secret), "{text:?}");
        }
    }

    #[test]
    fn what_nobody_means_is_refused_and_not_repeated() {
        for (text, what) in [
            ("", "is empty"),
            ("\n", "is empty"),
            ("\r\n", "is empty"),
            (" \t ", "has nothing but blanks"),
            ("\n\n", "has nothing but blanks"),
            ("hunter2 ", "has a space at its end"),
            ("hunter2 \n", "has a space at its end"),
            (" hunter2", "has a space at its beginning"),
            ("\thunter2", "has a blank at its beginning"),
            ("hunter2\u{a0}", "has a blank at its end"),
            ("hunter2\n\n", "has more than one line"),
            ("hunter2\r", "has more than one line"),
            ("hunter2\nhunter3\n", "has more than one line"),
            ("\nhunter2", "has more than one line"),
            ("hunter2\0", "has a NUL character"),
            ("hun\u{1b}ter2", "has a control character"),
            ("hun\tter2", "has a control character"),
            ("hunter2\u{7f}", "has a control character"),
            ("\u{feff}hunter2", "has a byte order mark"),
            ("hunter2\u{fffd}", "is not UTF-8"),
            ("hunter2\u{200b}", "has a character that nobody can see"),
            ("\"hunter2\"", "has quotation marks around it"),
            ("'hunter2'\n", "has quotation marks around it"),
            ("“hunter2”", "has quotation marks around it"),
            ("\"\"", "has quotation marks around it"),
        ] {
            let flaw = secret_value(text).unwrap_err().to_string();
            assert_eq!(flaw, what, "{text:?}");
        }
    }
}
