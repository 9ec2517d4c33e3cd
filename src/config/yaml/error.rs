//! A syntax error becomes a sentence that says what to write instead.
//! In: the parser's error and the text. Out: one complaint at the line where the mistake is, which is not always where the parser stopped.
//! Shows no value of the file: the line may hold a secret.

use std::sync::Arc;

use granit_parser::{ErrorKind, ScanError};

use crate::model::{Code, Diagnostic, Span};

/// The complaint about a text that is not YAML.
pub(super) fn explain(file: &Arc<str>, source: &str, error: &ScanError) -> Diagnostic {
    let at = error.marker().byte_offset().unwrap_or(source.len()).min(source.len());
    let here = Span::new(at as u32, at as u32);
    let not_yaml = |message: &str, place: Span| Diagnostic::new(Code::CFG001, message).at(file, place, "");
    match error.kind() {
        ErrorKind::RecursionLimitExceeded => {
            return Diagnostic::new(Code::CFG004, "lists and mappings nested too deep")
                .at(file, here, "")
                .help("a configuration needs no more than six levels");
        }
        ErrorKind::UnknownAnchor => {
            return not_yaml("an alias to an anchor that does not stand above it", here).help(
                "write `&name` before the value that is meant, or put a text that begins with `*` in quotes",
            );
        }
        ErrorKind::UnclosedQuotedScalar
        | ErrorKind::DocumentIndicatorInQuotedScalar
        | ErrorKind::InvalidQuotedScalarIndent
        | ErrorKind::InvalidTrailingSingleQuotedScalar
        | ErrorKind::InvalidTrailingDoubleQuotedScalar => {
            let place = open_quote(source, at).unwrap_or(here);
            return not_yaml("a quote is not closed", place).help("close the quote on the same line");
        }
        _ => {}
    }
    if let Some(tab) = tab(source, at) {
        return not_yaml("a tab where YAML wants spaces", tab).help("indent with spaces");
    }
    if let Some(place) = missing_space(source, at) {
        return not_yaml("a space is missing after the colon", place).help("write `key: value`");
    }
    if let Some(place) = second_colon(source, at) {
        return not_yaml("a value with a colon and a space in it", place)
            .help("put the value in quotes, or begin a new line for the next key");
    }
    let bracket = matches!(error.kind(), ErrorKind::UnclosedFlowCollection { .. });
    let help = match bracket {
        true => "close the bracket",
        false => "begin all keys of one mapping in the same column, and all `-` of one list",
    };
    not_yaml(&format!("not YAML from here: {}", error.info().to_lowercase()), here).help(help)
}

/// The line of a byte and those above it, nearest first, each with its first byte; empty ones left out.
fn lines(source: &str, at: usize) -> impl Iterator<Item = (usize, &str)> {
    let end = source[at..].find('\n').map_or(source.len(), |n| at + n);
    let mut next = end + 1;
    let upwards = source[..end].rsplit('\n').map(move |line| {
        next -= line.len() + 1;
        (next, line)
    });
    upwards.filter(|(_, line)| !line.trim().is_empty())
}

/// The nearest quote above that begins a value and does not end on its line.
fn open_quote(source: &str, at: usize) -> Option<Span> {
    lines(source, at).find_map(|(start, line)| {
        let opens = |quote| line.find(quote).filter(|_| line.matches(quote).count() % 2 == 1);
        let quote = opens('"').or_else(|| opens('\''))? + start;
        Some(Span::new(quote as u32, quote as u32 + 1))
    })
}

fn tab(source: &str, at: usize) -> Option<Span> {
    let (start, line) = lines(source, at).next()?;
    let blank = line.len() - line.trim_start().len();
    let tab = start + line[..blank].find('\t')?;
    Some(Span::new(tab as u32, tab as u32 + 1))
}

/// `number:+1555`: a word, a colon, and no space.
fn missing_space(source: &str, at: usize) -> Option<Span> {
    lines(source, at).take(2).find_map(|(start, line)| {
        let entry = line.trim_start().trim_start_matches("- ").trim_start();
        let word = entry.bytes().take_while(|b| b.is_ascii_alphanumeric() || *b == b'_').count();
        let rest = entry[word..].strip_prefix(':')?;
        let wrong = word > 0 && rest.starts_with(|c: char| !c.is_whitespace());
        let from = start + (line.len() - entry.len());
        wrong.then(|| Span::new(from as u32, (from + word + 1) as u32))
    })
}

/// `key: value: value`: where the second colon stands.
fn second_colon(source: &str, at: usize) -> Option<Span> {
    let (start, line) = lines(source, at).next()?;
    let first = line.find(": ")?;
    let value = line[first + 1..].trim_start();
    if value.starts_with(['"', '\'', '{', '[', '#']) {
        return None;
    }
    let second = first + 1 + line[first + 1..].find(": ")?;
    Some(Span::new((start + second) as u32, (start + second + 1) as u32))
}
