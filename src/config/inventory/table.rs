//! A text becomes a table whose cells know their places.
//! In: the text of a CSV file (commas, semicolons or tabs, told from its first line). Out: its header, then row after row, or what is wrong with a row.
//! Knows nothing of numbers; blank rows are passed over.

use std::borrow::Cow;

use crate::model::Span;

/// One cell without the blanks and quotes around it.
pub(super) struct Cell<'t> {
    pub text: Cow<'t, str>,
    /// The place of what is in it, quotes included.
    pub span: Span,
}

/// One row that has something in it.
pub(super) struct Row<'t> {
    /// Without its line break.
    pub span: Span,
    /// The cells, or the place and the sort of a mistake with quotes.
    pub cells: Result<Vec<Cell<'t>>, (Span, Quotes)>,
}

/// What can be wrong with quotes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Quotes {
    /// The last cell has no end.
    Open,
    /// There is something between the quotes and the separator.
    Beside,
}

/// The rows of a text, one by one; the first is the header.
pub(super) struct Table<'t> {
    text: &'t str,
    separator: u8,
    /// How many bytes a byte order mark takes.
    skipped: usize,
    reader: csv::Reader<&'t [u8]>,
    record: csv::StringRecord,
}

impl<'t> Table<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        let rest = text.strip_prefix('\u{feff}').unwrap_or(text);
        let separator = separator(rest);
        let reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(separator)
            .from_reader(rest.as_bytes());
        Self { text, separator, skipped: text.len() - rest.len(), reader, record: csv::StringRecord::new() }
    }

    /// What stands between two cells.
    pub(super) fn separator(&self) -> char {
        char::from(self.separator)
    }

    /// Cuts a row into its cells: the reader knows what they hold, and not where they stand.
    fn cells(&self, row: &'t str, start: usize) -> Result<Vec<Cell<'t>>, (Span, Quotes)> {
        let mut cells = Vec::with_capacity(self.record.len());
        let mut at = 0;
        loop {
            let length = length(&row[at..], self.separator)
                .map_err(|(from, to, sort)| (span(start + at + from, start + at + to), sort))?;
            let raw = &row[at..at + length];
            let trimmed = raw.trim();
            let from = start + at + (raw.len() - raw.trim_start().len());
            let text = match trimmed.starts_with('"') {
                false => Cow::Borrowed(trimmed),
                true => {
                    let inner = self.record.get(cells.len()).unwrap_or_default();
                    Cow::Owned(inner.trim().to_owned())
                }
            };
            cells.push(Cell { text, span: span(from, from + trimmed.len()) });
            at += length;
            if at >= row.len() {
                // Where the two of them disagree, nothing is guessed.
                let agreed = cells.len() == self.record.len();
                return if agreed {
                    Ok(cells)
                } else {
                    Err((span(start, start + row.len()), Quotes::Beside))
                };
            }
            at += 1;
        }
    }
}

impl<'t> Iterator for Table<'t> {
    type Item = Row<'t>;

    fn next(&mut self) -> Option<Row<'t>> {
        let text = self.text;
        loop {
            let from = self.skipped + self.reader.position().byte() as usize;
            // A text was read before: it can't be anything but text, and its rows may be of any length.
            if !self.reader.read_record(&mut self.record).unwrap_or(false) {
                return None;
            }
            let to = (self.skipped + self.reader.position().byte() as usize).min(text.len());
            let breaks = ['\r', '\n'];
            let raw = text.get(from..to).unwrap_or_default();
            let start = from + (raw.len() - raw.trim_start_matches(breaks).len());
            let row = raw.trim_matches(breaks);
            if self.record.iter().all(|cell| cell.trim().is_empty()) {
                continue;
            }
            return Some(Row { span: span(start, start + row.len()), cells: self.cells(row, start) });
        }
    }
}

fn span(from: usize, to: usize) -> Span {
    Span::new(from as u32, to as u32)
}

/// How many bytes the first cell of the rest of a row has, up to the separator; or where its quotes go wrong.
fn length(rest: &str, separator: u8) -> Result<usize, (usize, usize, Quotes)> {
    let bytes = rest.as_bytes();
    let next =
        |from: usize| bytes[from..].iter().position(|b| *b == separator).map_or(bytes.len(), |at| from + at);
    let blank = |c: char| c.is_whitespace() && c != char::from(separator);
    let blanks = rest.len() - rest.trim_start_matches(blank).len();
    if bytes.get(blanks) != Some(&b'"') {
        return Ok(next(0));
    }
    if blanks > 0 {
        return Err((0, next(0), Quotes::Beside));
    }
    let mut at = 1;
    loop {
        let Some(quote) = bytes[at..].iter().position(|b| *b == b'"') else {
            return Err((0, bytes.len(), Quotes::Open));
        };
        at += quote + 1;
        if bytes.get(at) != Some(&b'"') {
            break;
        }
        at += 1;
    }
    let end = next(at);
    let empty = rest[at..end].trim().is_empty();
    if empty { Ok(end) } else { Err((0, end, Quotes::Beside)) }
}

/// The separator that stands most often in the first line that is not blank, outside quotes.
fn separator(text: &str) -> u8 {
    let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let mut quoted = false;
    let mut counts = [(b',', 0), (b';', 0), (b'\t', 0)];
    for byte in first.bytes() {
        quoted ^= byte == b'"';
        for (_, count) in counts.iter_mut().filter(|(separator, _)| *separator == byte && !quoted) {
            *count += 1;
        }
    }
    // The first of several that stand equally often.
    counts.iter().rev().max_by_key(|(_, count)| *count).map_or(b',', |(separator, _)| *separator)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `cell|cell` of each row, with what the places show.
    fn rows(text: &str) -> Vec<String> {
        let shown = |span: Span| &text[span.start as usize..span.end as usize];
        let row = |row: Row<'_>| match row.cells {
            Ok(cells) => {
                let cell = |cell: &Cell<'_>| match shown(cell.span) == cell.text {
                    true => cell.text.to_string(),
                    false => format!("{} as {}", cell.text, shown(cell.span)),
                };
                cells.iter().map(cell).collect::<Vec<_>>().join("|")
            }
            Err((span, why)) => format!("{why:?} at {}", shown(span)),
        };
        Table::new(text).map(row).collect()
    }

    #[test]
    fn cells_are_trimmed_and_know_their_places() {
        assert_eq!(
            rows("a,b\r\n 1 ,\" x, \"\"y\"\" \"\r\n\r\n,,\n2,\n"),
            ["a|b", "1|x, \"y\" as \" x, \"\"y\"\" \"", "2|"]
        );
        assert_eq!(rows("\u{feff}n;t\n1;a,b\n"), ["n|t", "1|a,b"]);
        assert_eq!(rows("n\tt\n1\ta b\n"), ["n|t", "1|a b"]);
        assert_eq!(rows("\n\n\"a;b\",c\n\"x\ny\",2"), ["a;b as \"a;b\"|c", "x\ny as \"x\ny\"|2"]);
        assert_eq!(rows("n\n1\n   \n2"), ["n", "1", "2"]);
        assert!(rows("").is_empty() && rows("\u{feff}\r\n").is_empty());
    }

    #[test]
    fn quotes_that_go_wrong_have_a_place() {
        assert_eq!(rows("a,b\n1,\"x\n2,y\n"), ["a|b", "Open at \"x\n2,y"]);
        assert_eq!(
            rows("a,b\n1,\"x\"y\n2, \"z\"\n3,5\" pipe\n4,\t\"t\"\n"),
            ["a|b", "Beside at \"x\"y", "Beside at  \"z\"", "3|5\" pipe", "Beside at \t\"t\""]
        );
    }

    proptest::proptest! {
        #[test]
        fn what_is_written_as_csv_is_read_back(
            table in proptest::collection::vec(proptest::collection::vec("[a-z ,;\"\n\té]{0,6}", 3), 1..8),
        ) {
            let mut writer = csv::WriterBuilder::new().quote_style(csv::QuoteStyle::Always).from_writer(Vec::new());
            writer.write_record(["a", "b", "c"]).unwrap();
            table.iter().for_each(|row| writer.write_record(row).unwrap());
            let text = String::from_utf8(writer.into_inner().unwrap()).unwrap();
            let read: Vec<Vec<String>> = Table::new(&text)
                .skip(1)
                .map(|row| row.cells.ok().unwrap().iter().map(|cell| cell.text.to_string()).collect())
                .collect();
            let trimmed = table.iter().map(|row| row.iter().map(|cell| cell.trim().to_owned()).collect::<Vec<_>>());
            let expected: Vec<_> = trimmed.filter(|row| row.iter().any(|cell| !cell.is_empty())).collect();
            proptest::prop_assert_eq!(read, expected);
        }
    }
}
