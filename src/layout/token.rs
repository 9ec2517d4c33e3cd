//! The marks of a YAML text in the order in which they stand in it.
//! In: one text. Out: each mark with its bytes, and between them where blocks begin and end.
//! Between two marks there is nothing but blanks and line breaks.

use granit_parser::{ScalarStyle, ScanError, Scanner, StrInput, Token as Scanned, TokenType};

use super::Error;
use crate::config::yaml;

/// What stands somewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// `%YAML` and its like, `---`, `...`.
    Document,
    /// A list in block style begins; its first `-` comes next.
    List,
    /// A mapping in block style begins.
    Map,
    /// The innermost of them ends.
    BlockEnd,
    /// A key without a mark of its own comes next.
    Key,
    /// `?`
    Question,
    /// `:`
    Colon,
    /// `-`
    Dash,
    /// `[` or `{`
    Open,
    /// `]` or `}`
    Close,
    /// `,`
    Comma,
    Alias,
    Anchor,
    Tag,
    Plain,
    Single,
    Double,
    /// `|` or `>` with all that follows.
    Block,
    Comment,
    /// The end of the text.
    End,
}

impl Kind {
    /// Whether it has no character of its own.
    pub(super) fn is_virtual(self) -> bool {
        matches!(self, Self::List | Self::Map | Self::BlockEnd | Self::Key)
    }

    /// Whether it is a value on one line or several.
    pub(super) fn is_scalar(self) -> bool {
        matches!(self, Self::Plain | Self::Single | Self::Double | Self::Block)
    }
}

/// One mark.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) start: usize,
    pub(super) end: usize,
    /// Characters before it on its line.
    pub(super) column: usize,
}

/// The marks of a text.
pub(super) struct Tokens<'s> {
    text: &'s str,
    scanner: Scanner<'s, StrInput<'s>>,
    /// Up to here the text is known.
    at: usize,
    /// Where the last mark began: the byte, and the characters before it on its line. A line may be as long as the text.
    counted: (usize, usize),
}

impl<'s> Tokens<'s> {
    pub(super) fn new(text: &'s str) -> Self {
        let at = order_mark(text);
        Self {
            text,
            scanner: Scanner::with_options(StrInput::new(text), yaml::options(true)),
            at,
            counted: (at, 0),
        }
    }

    /// The place of a mark: the scanner says of some only what comes after them.
    fn place(&mut self, kind: Kind, scanned: &Scanned<'s>) -> Result<Token, Error> {
        let span = scanned.span();
        let known = span.byte_range().unwrap_or_default();
        if kind.is_virtual() {
            return Ok(Token { kind, start: known.start, end: known.start, column: span.start.col() });
        }
        if kind == Kind::Comment && known.start < self.at {
            // That of a block scalar's first line, which is known already.
            return Ok(Token { kind, start: known.start, end: known.end, column: span.start.col() });
        }
        let rest = &self.text[self.at..];
        let start = self.text.len() - rest.trim_start_matches([' ', '\t', '\r', '\n']).len();
        let one = |mark: &str| self.text[start..].starts_with(mark).then_some(start + 1);
        let end = match kind {
            Kind::Dash => one("-"),
            Kind::Colon => one(":"),
            Kind::Block => one("|").or(one(">")).map(|header| self.whole_lines(known.end).max(header)),
            Kind::End => (start == self.text.len()).then_some(start),
            _ => (known.start == start).then_some(known.end),
        };
        let Some(end) = end else { return Err(Error::unplaced(self.text, start)) };
        let column = if kind == Kind::End { 0 } else { self.column(start) };
        self.at = end;
        Ok(Token { kind, start, end, column })
    }
}

impl Tokens<'_> {
    /// The characters before a byte on its line; bytes come in their order.
    fn column(&mut self, start: usize) -> usize {
        let (from, before) = self.counted;
        let passed = &self.text[from..start];
        let column = match passed.rfind(['\n', '\r']) {
            Some(at) => passed[at + 1..].trim_start_matches('\u{feff}').chars().count(),
            None => before + passed.chars().count(),
        };
        self.counted = (start, column);
        column
    }

    /// The end of a block scalar without the blanks that begin the line after it.
    fn whole_lines(&self, end: usize) -> usize {
        let bare = self.text[..end].trim_end_matches(' ');
        if bare.ends_with(['\n', '\r']) && end < self.text.len() { bare.len() } else { end }
    }
}

impl Iterator for Tokens<'_> {
    type Item = Result<Token, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let scanned = match self.scanner.next()? {
                Ok(scanned) => scanned,
                Err(scan) => return Some(Err(syntax(&scan))),
            };
            if let Some(kind) = kind(&scanned) {
                return Some(self.place(kind, &scanned));
            }
        }
    }
}

/// The bytes of the byte order mark that a text may begin with.
pub(super) fn order_mark(text: &str) -> usize {
    if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 }
}

/// What the parser says of a text that is not YAML.
pub(super) fn syntax(scan: &ScanError) -> Error {
    Error::Syntax { line: scan.marker().line(), why: scan.info().to_lowercase() }
}

fn kind(scanned: &Scanned<'_>) -> Option<Kind> {
    // A pair within `[…]` makes a mapping that has no brackets.
    let written = !scanned.span().is_empty();
    Some(match scanned.token_type() {
        TokenType::VersionDirective(..)
        | TokenType::TagDirective(..)
        | TokenType::ReservedDirective(..)
        | TokenType::DocumentStart
        | TokenType::DocumentEnd => Kind::Document,
        TokenType::BlockSequenceStart => Kind::List,
        TokenType::BlockMappingStart => Kind::Map,
        TokenType::BlockEnd => Kind::BlockEnd,
        TokenType::FlowSequenceStart | TokenType::FlowMappingStart if written => Kind::Open,
        TokenType::FlowSequenceEnd | TokenType::FlowMappingEnd if written => Kind::Close,
        TokenType::BlockEntry => Kind::Dash,
        TokenType::FlowEntry => Kind::Comma,
        TokenType::Key if written => Kind::Question,
        TokenType::Key => Kind::Key,
        TokenType::Value => Kind::Colon,
        TokenType::Alias(_) => Kind::Alias,
        TokenType::Anchor(_) => Kind::Anchor,
        TokenType::Tag(..) => Kind::Tag,
        TokenType::Scalar(ScalarStyle::SingleQuoted, _) => Kind::Single,
        TokenType::Scalar(ScalarStyle::DoubleQuoted, _) => Kind::Double,
        TokenType::Scalar(ScalarStyle::Literal | ScalarStyle::Folded, _) => Kind::Block,
        TokenType::Scalar(..) => Kind::Plain,
        TokenType::Comment(_) => Kind::Comment,
        TokenType::StreamEnd => Kind::End,
        _ => return None,
    })
}
