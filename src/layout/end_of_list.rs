//! Where a list at the top of a text ends.
//! In: a text and the name of the list. Out: the byte before which further entries go, and their column; or why there is no such place.
//! A comment that stands as far in as the entries is the list's; one further out belongs to what comes next.

use super::Error;
use super::error::line;
use super::token::{Kind, Token, Tokens};

/// Where entries go.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    /// Before this byte, on lines of their own.
    pub(super) at: usize,
    /// The column of their `-`.
    pub(super) column: usize,
    /// The list has to be made.
    pub(super) new: bool,
    /// An empty line after what stands before it would be a part of that.
    pub(super) keeps: bool,
}

/// What is known on the way through the text.
#[derive(Default)]
struct Search<'s> {
    text: &'s str,
    section: &'s str,
    /// Open lists, mappings and brackets.
    depth: usize,
    /// The next value is a key at the top.
    at_key: bool,
    /// The key at the top is the one that is looked for.
    inside: bool,
    /// The mark of the key at the top was seen; without one, a `:` begins an entry.
    keyed: bool,
    /// What the document begins with.
    root: Option<Kind>,
    /// The column of the keys at the top.
    margin: Option<usize>,
    /// The end of what is the section's, once its key was seen.
    end: Option<usize>,
    /// The column of its `-`.
    dash: Option<usize>,
    /// A value to which nothing can be added.
    value: Option<usize>,
    /// An anchor or a tag that a list would get.
    name: Option<usize>,
    /// The end of the last block scalar that keeps the empty lines after it, the section's and any.
    kept: (Option<usize>, Option<usize>),
    /// Begun by `---`.
    begun: bool,
    /// Where `...` stands.
    closed: Option<usize>,
}

/// Finds the place.
pub(super) fn find(text: &str, section: &str) -> Result<Place, Error> {
    let mut search = Search { text, section, ..Search::default() };
    for token in Tokens::new(text) {
        search.pass(token?)?;
    }
    search.place()
}

impl Search<'_> {
    fn pass(&mut self, token: Token) -> Result<(), Error> {
        match token.kind {
            Kind::Comment => self.comment(token),
            Kind::Document => return self.document(token),
            Kind::End => {}
            _ if self.closed.is_some() => {
                return Err(Error::Documents { line: line(self.text, token.start) });
            }
            _ => self.mark(token),
        }
        Ok(())
    }

    fn comment(&mut self, token: Token) {
        let least = self.dash.unwrap_or_default().max(self.margin() + 1);
        if let Some(end) = self.end.filter(|_| self.inside) {
            let beside = !self.text[end.min(token.start)..token.start].contains(['\n', '\r']);
            if beside || token.column >= least {
                self.end = Some(end.max(token.end));
            }
        }
    }

    fn mark(&mut self, token: Token) {
        let Token { kind, start, end, column } = token;
        let names = matches!(kind, Kind::Anchor | Kind::Tag);
        if !names {
            self.root.get_or_insert(kind);
        }
        match kind {
            Kind::Key | Kind::Question if self.depth == 1 => {
                (self.at_key, self.inside, self.keyed) = (true, false, true);
            }
            Kind::Colon if self.depth == 1 => {
                self.inside &= self.keyed;
                self.keyed = false;
            }
            Kind::Map | Kind::List | Kind::Open => {
                self.depth += 1;
                self.at_key = false;
            }
            Kind::BlockEnd | Kind::Close => self.depth = self.depth.saturating_sub(1),
            _ => {}
        }
        if kind.is_virtual() {
            return;
        }
        if self.root == Some(Kind::Map) {
            self.margin.get_or_insert(column);
        }
        if kind == Kind::Question {
            return;
        }
        let raw = &self.text[start..end];
        let keeps = kind == Kind::Block && raw.lines().next().is_some_and(|header| header.contains('+'));
        self.kept.1 = keeps.then_some(end);
        if self.at_key && !names {
            self.at_key = false;
            // A key that stands twice is for the reader to complain about.
            self.inside = self.end.is_none() && raw.trim_matches(['"', '\'']) == self.section;
        } else if self.inside {
            match kind {
                Kind::Dash => _ = self.dash.get_or_insert(column),
                Kind::Colon => {}
                _ if self.dash.is_some() => {}
                _ if names => _ = self.name.get_or_insert(start),
                _ => _ = self.value.get_or_insert(start),
            }
            self.end = Some(end);
            self.kept.0 = self.kept.1;
        }
    }

    fn margin(&self) -> usize {
        self.margin.unwrap_or_default()
    }

    fn document(&mut self, token: Token) -> Result<(), Error> {
        match &self.text[token.start..token.end] {
            "---" if self.begun || self.root.is_some() || self.closed.is_some() => {
                return Err(Error::Documents { line: line(self.text, token.start) });
            }
            "---" => self.begun = true,
            "..." => _ = self.closed.get_or_insert(token.start),
            _ => {}
        }
        Ok(())
    }

    fn place(&self) -> Result<Place, Error> {
        let text = self.text;
        if self.root.is_some_and(|kind| kind != Kind::Map) {
            return Err(Error::NoBlock { line: line(text, text.len() - text.trim_start().len()) });
        }
        let value = self.value.or(self.name.filter(|_| self.dash.is_none()));
        if let Some(value) = value {
            return Err(Error::Inline { section: self.section.to_owned(), line: line(text, value) });
        }
        let Some(end) = self.end else {
            let at = self.closed.unwrap_or(text.len());
            return Ok(Place { at, column: self.margin() + 2, new: true, keeps: self.kept.1.is_some() });
        };
        // A block scalar ends where the next line begins, and the empty lines before that may be its own.
        let from = if self.kept.0 == Some(end) {
            end
        } else {
            text[..end].trim_end_matches([' ', '\t', '\r', '\n']).len()
        };
        let begins = text[..from].ends_with(['\n', '\r']);
        let (line, rest) = text[from..].split_once(['\n', '\r']).unwrap_or((&text[from..], ""));
        let next = text.len() - rest.len() + usize::from(text[from + line.len()..].starts_with("\r\n"));
        let at = if begins { from } else { next };
        Ok(Place { at, column: self.dash.unwrap_or(self.margin() + 2), new: false, keeps: false })
    }
}
