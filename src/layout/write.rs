//! Writes the marks of a text at their new places.
//! In: the marks, and what stood between them. Out: the new text; each mark is on the line on which it was.
//! Lines are never joined, broken or moved past each other.

use super::Error;
use super::nest::Nest;
use super::scalar;
use super::token::{self, Kind, Token, Tokens};

/// Lays a text out.
pub(super) fn written(text: &str) -> Result<String, Error> {
    let mut writer = Writer {
        text,
        eol: eol(text),
        out: String::with_capacity(text.len() + text.len() / 16),
        at: token::order_mark(text),
        before: None,
        nest: Nest::default(),
        left: Nest::default(),
        comments: Vec::new(),
        beside: None,
        tagged: false,
    };
    for token in Tokens::new(text) {
        writer.take(token?);
    }
    let open = writer.before == Some(Kind::Block) && writer.at == text.len() && writer.out.ends_with(' ');
    if writer.before.is_some() && !open {
        writer.out.push_str(writer.eol);
    }
    writer.out.insert_str(0, &text[..token::order_mark(text)]);
    Ok(writer.out)
}

/// How the lines of a text end: as the first of them does.
pub(super) fn eol(text: &str) -> &'static str {
    match text.find('\n') {
        Some(at) if text[..at].ends_with('\r') => "\r\n",
        _ => "\n",
    }
}

struct Writer<'s> {
    text: &'s str,
    eol: &'static str,
    out: String,
    /// Up to here the text is written.
    at: usize,
    /// What was written last.
    before: Option<Kind>,
    /// What is open at the mark that comes next.
    nest: Nest,
    /// What was open after the last mark that was written.
    left: Nest,
    /// Comments between that mark and the next.
    comments: Vec<Token>,
    /// Where the comment beside the last line stood and where it is now: what stands right below it goes on with it.
    beside: Option<(usize, usize)>,
    /// A tag waits for its value.
    tagged: bool,
}

impl Writer<'_> {
    fn take(&mut self, token: Token) {
        if token.kind == Kind::Comment {
            if token.start >= self.at {
                self.comments.push(token);
            }
            return;
        }
        let at_key = self.nest.at_key();
        let Some(column) = self.nest.pass(token) else { return };
        for comment in std::mem::take(&mut self.comments) {
            let own = match self.beside {
                Some((was, is)) if was == comment.column => is,
                _ => self.left.comment(comment.column, (token.column, column)),
            };
            let breaks = self.gap(comment, own);
            self.beside = self.beside.filter(|_| breaks == 1);
            if breaks == 0 {
                self.beside = Some((comment.column, self.column()));
            }
            self.out.push_str(self.text[comment.start..comment.end].trim_end());
            (self.at, self.before) = (comment.end, Some(Kind::Comment));
        }
        if token.kind != Kind::End {
            self.gap(token, column);
            self.beside = None;
            self.mark(token, at_key);
            self.before = Some(token.kind);
            self.left.clone_from(&self.nest);
        }
    }

    fn begins_line(&self) -> bool {
        self.out.is_empty() || self.out.ends_with('\n')
    }

    /// Characters on the line that is being written, which may be long: asked once a line.
    fn column(&self) -> usize {
        let line = self.out.rfind('\n').map_or(0, |at| at + 1);
        self.out[line..].chars().count()
    }

    /// Writes what stands between the last mark and the next, which gets this column if it begins a line; how many line breaks there were.
    fn gap(&mut self, next: Token, column: usize) -> usize {
        let gap = &self.text[self.at..next.start];
        let Some(before) = self.before else {
            self.indent(column);
            return 1;
        };
        let breaks = scalar::lines(gap).count().saturating_sub(1) + usize::from(gap.ends_with(['\n', '\r']));
        if breaks == 0 {
            let width = space(before, next.kind, gap.chars().count());
            self.indent(width);
            return 0;
        }
        self.out.push_str(self.eol);
        if breaks > 1 {
            self.out.push_str(self.eol);
        }
        self.indent(column);
        breaks
    }

    fn indent(&mut self, width: usize) {
        self.out.extend(std::iter::repeat_n(' ', width));
    }

    /// A block scalar; one that is the whole document stays as it is, since its text may begin in any column.
    fn block(&mut self, raw: &str) {
        let column = self.nest.value();
        let (text, used) = if column == 0 {
            let lines = raw.strip_suffix('\n').unwrap_or(raw);
            let lines = lines.strip_suffix('\r').unwrap_or(lines);
            (scalar::lines(raw).collect::<Vec<_>>().join(self.eol), lines.len())
        } else {
            scalar::block(raw, (self.nest.was(), column.saturating_sub(2), column), self.eol)
        };
        self.out.push_str(&text);
        self.at = self.at - raw.len() + used;
    }

    fn mark(&mut self, token: Token, at_key: bool) {
        let raw = &self.text[token.start..token.end];
        self.at = token.end;
        if token.kind == Kind::Block {
            self.block(raw);
        } else if !token.kind.is_scalar() {
            self.out.push_str(raw.trim_end());
        } else if raw.contains(['\n', '\r']) {
            self.out.push_str(&scalar::many_lines(raw, token.kind, self.nest.further(), self.eol));
        } else if token.kind == Kind::Plain && self.begins_line() {
            self.out.push_str(&scalar::no_mark(raw));
        } else {
            self.out.push_str(&scalar::one_line(raw, token.kind, !at_key && !self.tagged));
        }
        self.tagged = token.kind == Kind::Tag || (self.tagged && token.kind == Kind::Anchor);
    }
}

/// Spaces between two marks on one line, where there were so many.
fn space(before: Kind, next: Kind, were: usize) -> usize {
    use Kind::{Alias, Anchor, Close, Colon, Comma, Comment, Dash, Document, Open, Question, Tag};
    match (before, next) {
        // As far away as its author put it: it may stand in a column with others.
        (_, Comment) => were.max(1),
        (Colon | Dash | Question | Comma, Close) if before == Comma => 0,
        (Colon | Dash | Question | Document, _) => 1,
        (Open, _) => 0,
        // What stands there may be part of a name for other readers.
        (Alias | Anchor | Tag, _) => were.min(1),
        (_, Close | Comma | Colon) if before != Comma => 0,
        (Comma, _) => 1,
        _ => were.min(1),
    }
}
