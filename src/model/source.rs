//! The texts that were read, and places in them.
//! Offsets are bytes; lines and columns count from 1 and columns in characters, as editors do.
//! Holds texts that somebody else read; opens nothing itself.

use std::collections::BTreeMap;
use std::sync::Arc;

/// Bytes `start..end` of one file. The empty span at 0 means "nowhere".
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The first byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// Bytes `start..end`.
    pub fn new(start: u32, end: u32) -> Self {
        Self { start, end }
    }

    /// Whether it points at nothing.
    pub fn is_nowhere(self) -> bool {
        self == Self::default()
    }
}

/// One text with a table of its lines.
#[derive(Clone, Debug)]
pub struct SourceFile {
    text: Arc<str>,
    line_starts: Arc<[u32]>,
    hidden: bool,
}

impl SourceFile {
    /// Counts the lines of a text. A byte order mark is no part of the first: no editor shows it.
    pub fn new(text: &str) -> Self {
        let first = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() as u32 } else { 0 };
        let starts =
            std::iter::once(first).chain(text.match_indices('\n').map(|(at, _)| at as u32 + 1)).collect();
        Self { text: text.into(), line_starts: starts, hidden: false }
    }

    /// The whole text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether places in it have a line and a column, but no line of it is shown.
    pub fn is_hidden(&self) -> bool {
        self.hidden
    }

    /// The line and column of a byte, both from 1, the column in characters.
    pub fn line_column(&self, byte: u32) -> (u32, u32) {
        let line = self.line_starts.partition_point(|&start| start <= byte).max(1);
        let start = self.line_starts[line - 1] as usize;
        let end = (byte as usize).min(self.text.len());
        (line as u32, self.text.get(start..end).map_or(0, |s| s.chars().count()) as u32 + 1)
    }

    /// The bytes of a line (from 1), without its line break.
    pub fn line(&self, line: u32) -> &str {
        let Some(&start) = self.line_starts.get(line as usize - 1) else { return "" };
        let end = self.line_starts.get(line as usize).map_or(self.text.len(), |&next| next as usize);
        self.text[start as usize..end].trim_end_matches(['\n', '\r'])
    }
}

/// The texts of a run by path, as they were when they were read.
#[derive(Clone, Debug, Default)]
pub struct Sources(BTreeMap<Arc<str>, SourceFile>);

impl Sources {
    /// Adds a text under the path that messages will name.
    pub fn insert(&mut self, path: &Arc<str>, text: &str) {
        self.0.insert(path.clone(), SourceFile::new(text));
    }

    /// Adds the texts of others; no two have a path in common.
    pub fn extend(&mut self, others: Self) {
        self.0.extend(others.0);
    }

    /// Hides what stands at these places from everyone who reads the text later. Bytes, characters and lines keep their places.
    pub fn mask(&mut self, path: &str, spans: &[Span]) {
        if let Some(file) = self.0.get_mut(path).filter(|_| !spans.is_empty()) {
            file.text = masked(&file.text, spans).into();
        }
    }

    /// Hides a whole text: it keeps its places, and nobody is shown any of its lines.
    pub fn hide(&mut self, path: &str) {
        if let Some(file) = self.0.get_mut(path) {
            file.hidden = true;
            file.text = masked(&file.text, &[Span::new(0, file.text.len() as u32)]).into();
        }
    }

    /// The text that was read from a path.
    pub fn get(&self, path: &str) -> Option<&SourceFile> {
        self.0.get(path)
    }
}

/// A text in which every character of these places is another one of the same length in bytes; line breaks stay.
fn masked(text: &str, spans: &[Span]) -> String {
    let mut hidden = String::with_capacity(text.len());
    let mut sorted = spans.to_vec();
    sorted.sort_unstable();
    let mut at = 0;
    for span in sorted {
        let start = (span.start as usize).clamp(at, text.len());
        let end = (span.end as usize).clamp(start, text.len());
        let (Some(before), Some(secret)) = (text.get(at..start), text.get(start..end)) else { continue };
        hidden.push_str(before);
        hidden.extend(secret.chars().map(|c| match (c, c.len_utf8()) {
            ('\n' | '\r', _) => c,
            (_, 1) => '*',
            (_, 2) => '\u{b7}',
            (_, 3) => '\u{2022}',
            _ => '\u{1f784}',
        }));
        at = end;
    }
    hidden.push_str(&text[at..]);
    hidden
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_masked_place_keeps_its_size_and_nothing_else() {
        let (path, mut sources) = ("f".into(), Sources::default());
        sources.insert(&path, "a: p\u{e9}\u{20ac}\u{1f600}w\nb: 2\n");
        sources.mask("f", &[Span::new(8, 13), Span::new(3, 9)]);
        let text = sources.get("f").unwrap().text();
        assert_eq!(text, "a: *\u{b7}\u{2022}\u{1f784}w\nb: 2\n");
        assert!(!format!("{sources:?}").contains('\u{20ac}'));
    }

    #[test]
    fn lines_and_columns_count_from_one_in_characters() {
        let file = SourceFile::new("é: 1\r\nb: 2\n");
        assert_eq!(file.line_column(0), (1, 1));
        assert_eq!(file.line_column(2), (1, 2));
        assert_eq!(file.line_column(7), (2, 1));
        assert_eq!(file.line(1), "é: 1");
        assert_eq!(file.line(9), "");
        let marked = SourceFile::new("\u{feff}é: 1\nb: 2\n");
        let places: Vec<_> = [0, 3, 5, 8, 10].map(|byte| marked.line_column(byte)).into();
        assert_eq!(places, [(1, 1), (1, 1), (1, 2), (1, 5), (2, 2)]);
        assert_eq!((marked.line(1), marked.line(2)), ("é: 1", "b: 2"));
    }
}
