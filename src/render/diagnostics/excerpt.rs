//! The lines around the places of one diagnostic, safe to print and small whatever the size of the file.
//! In: a file and labels into it. Out: a source for miette, with the labels moved to where their text now stands.
//! The file itself is never scanned: its table of lines says where to look.

use std::collections::BTreeSet;
use std::ops::Range;

use miette::{MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};

use crate::model::{Label, SourceFile, visible};

/// Longer lines are cut around the label.
const WIDTH: usize = 160;
/// So much is left before the label in a line that is cut.
const BEFORE: usize = 40;
/// Lines shown above and below a label.
const AROUND: u32 = 1;

/// What miette is given instead of the file.
#[derive(Debug)]
pub(super) struct Excerpt {
    name: String,
    text: String,
    blocks: Vec<Block>,
    /// Where each label is now, in the order in which they were given.
    pub(super) spots: Vec<Spot>,
}

/// Lines that follow each other in the file.
#[derive(Debug)]
struct Block {
    range: Range<usize>,
    line: u32,
    lines: usize,
}

/// A label: its bytes in the excerpt, its line and column in the file.
#[derive(Debug)]
pub(super) struct Spot {
    pub(super) range: Range<usize>,
    line: u32,
    column: u32,
}

impl Excerpt {
    /// Cuts the excerpt.
    pub(super) fn new(name: &str, file: &SourceFile, labels: &[&Label]) -> Self {
        let last = file.line_column(file.text().len() as u32).0;
        let places: Vec<_> = labels.iter().map(|label| file.line_column(label.span.start)).collect();
        let wanted: BTreeSet<u32> = places
            .iter()
            .flat_map(|(line, _)| line.saturating_sub(AROUND).max(1)..=(line + AROUND).min(last))
            .filter(|line| {
                *line < last || !file.line(*line).is_empty() || places.iter().any(|p| p.0 == *line)
            })
            .collect();
        let spots = places.iter().map(|&(line, column)| Spot { range: 0..0, line, column }).collect();
        let mut excerpt =
            Self { name: visible(name).into_owned(), text: String::new(), blocks: Vec::new(), spots };
        for line in wanted {
            excerpt.push_line(line, file.line(line), labels);
        }
        excerpt
    }

    fn push_line(&mut self, line: u32, text: &str, labels: &[&Label]) {
        let start = self.text.len();
        let first =
            self.spots.iter().filter(|spot| spot.line == line).map(|spot| byte_of(text, spot.column)).min();
        let window = window(text, first.unwrap_or(0));
        if window.start > 0 {
            self.text.push('…');
        }
        let shown = self.text.len();
        let moved = |byte: usize| {
            let byte = text.floor_char_boundary(byte).clamp(window.start, window.end);
            shown + visible(&text[window.start..byte]).len()
        };
        for (spot, label) in self.spots.iter_mut().zip(labels).filter(|(spot, _)| spot.line == line) {
            let from = byte_of(text, spot.column);
            let length = label.span.end.saturating_sub(label.span.start) as usize;
            spot.range = moved(from)..moved((from + length).min(text.len()));
        }
        self.text.push_str(&visible(&text[window.clone()]));
        if window.end < text.len() {
            self.text.push('…');
        }
        self.text.push('\n');
        let end = self.text.len();
        match self.blocks.last_mut().filter(|block| block.line + block.lines as u32 == line) {
            Some(block) => {
                block.range.end = end;
                block.lines += 1;
            }
            None => self.blocks.push(Block { range: start..end, line, lines: 1 }),
        }
    }
}

/// The byte of a column that counts characters from 1.
fn byte_of(line: &str, column: u32) -> usize {
    line.char_indices().nth(column as usize - 1).map_or(line.len(), |(byte, _)| byte)
}

fn window(line: &str, label: usize) -> Range<usize> {
    if line.len() <= WIDTH {
        return 0..line.len();
    }
    let start = line.floor_char_boundary(label.saturating_sub(BEFORE));
    start..line.floor_char_boundary((start + WIDTH).min(line.len()))
}

impl SourceCode for Excerpt {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        lines_before: usize,
        _lines_after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let (from, to) = (span.offset(), span.offset() + span.len());
        let contents = |range: Range<usize>, line: u32, column: u32, lines: usize| {
            let data = &self.text.as_bytes()[range.clone()];
            let (name, span) = (self.name.clone(), (range.start, range.len()).into());
            let contents = MietteSpanContents::new_named(
                name,
                data,
                span,
                line as usize - 1,
                column as usize - 1,
                lines,
            );
            Box::new(contents) as Box<dyn SpanContents<'a> + 'a>
        };
        // Without lines around it, miette only asks for the place to print.
        if lines_before == 0
            && let Some(spot) = self.spots.iter().find(|spot| spot.range == (from..to))
        {
            return Ok(contents(spot.range.clone(), spot.line, spot.column, 1));
        }
        let holds = |block: &&Block| block.range.start <= from && to <= block.range.end;
        let block = self.blocks.iter().find(holds).ok_or(MietteError::OutOfBounds)?;
        Ok(contents(block.range.clone(), block.line, 1, block.lines))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Span;
    use std::sync::Arc;

    fn label(text: &str, of: &str) -> Label {
        let at = text.find(of).unwrap() as u32;
        Label { file: Arc::from("f"), span: Span::new(at, at + of.len() as u32), text: String::new() }
    }

    #[test]
    fn only_the_lines_around_the_labels_are_kept_and_labels_keep_their_text() {
        let text: String = (1..=1000).map(|n| format!("key{n}: value\u{1b}{n}é\n")).collect();
        let labels = [label(&text, "500é"), label(&text, "502é"), label(&text, "key900:")];
        let excerpt = Excerpt::new("f", &SourceFile::new(&text), &labels.iter().collect::<Vec<_>>());
        let lines: Vec<_> = excerpt.blocks.iter().map(|block| (block.line, block.lines)).collect();
        assert_eq!(lines, [(499, 5), (899, 3)]);
        let texts: Vec<_> = excerpt.spots.iter().map(|spot| &excerpt.text[spot.range.clone()]).collect();
        assert_eq!(texts, ["500é", "502é", "key900:"]);
        assert!(!excerpt.text.contains('\u{1b}'));
    }

    #[test]
    fn a_long_line_is_cut_around_its_label_and_a_long_label_at_its_line() {
        let text = format!("{}needle{}\nnext\n", "é".repeat(5000), "x".repeat(5000));
        let mut needle = label(&text, "needle");
        let excerpt = Excerpt::new("f", &SourceFile::new(&text), &[&needle]);
        assert_eq!(&excerpt.text[excerpt.spots[0].range.clone()], "needle");
        assert!(excerpt.text.len() < 300, "{}", excerpt.text.len());
        needle.span.end = text.len() as u32;
        let excerpt = Excerpt::new("f", &SourceFile::new(&text), &[&needle]);
        assert!(!excerpt.text[excerpt.spots[0].range.clone()].contains('\n'));
    }

    #[test]
    fn the_end_of_a_file_and_an_empty_file_can_be_pointed_at() {
        for text in ["", "a: 1", "a: 1\n"] {
            let end = text.len() as u32;
            let label = Label { file: Arc::from("f"), span: Span::new(end, end), text: String::new() };
            let excerpt = Excerpt::new("f", &SourceFile::new(text), &[&label]);
            assert!(excerpt.read_span(&(excerpt.spots[0].range.start, 0).into(), 1, 1).is_ok(), "{text:?}");
        }
    }
}
