//! Whether two texts mean the same.
//! In: two texts. Out: nothing, or the first place of the old one at which the new one says something else.
//! Values with their kinds, keys in their order, anchors, aliases, tags, documents, and every comment.

use std::borrow::Cow;

use granit_parser::{Event, Parser, ScalarStyle, ScanError};

use super::error::line;
use super::{Error, token};
use crate::config::yaml;

/// What a text says, without its comments.
pub(super) struct Events<'s> {
    parser: Parser<'s, granit_parser::StrInput<'s>>,
    comments: Vec<Cow<'s, str>>,
    /// Where the last event began.
    at: usize,
}

impl<'s> Events<'s> {
    pub(super) fn of(text: &'s str) -> Self {
        let parser = Parser::new_from_str_with_options(text, yaml::options(true));
        Self { parser, comments: Vec::new(), at: 0 }
    }

    /// The comments so far.
    pub(super) fn comments(&self) -> &[Cow<'s, str>] {
        &self.comments
    }
}

impl<'s> Iterator for Events<'s> {
    type Item = Result<Event<'s>, ScanError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            match self.parser.next()? {
                Ok((Event::Comment(text, _), _)) => self.comments.push(text),
                Ok((event, span)) => {
                    self.at = span.byte_range().map_or(self.at, |range| range.start);
                    return Some(Ok(event));
                }
                Err(scan) => return Some(Err(scan)),
            }
        }
    }
}

/// Compares two texts.
pub(super) fn check(before: &str, after: &str) -> Result<(), Error> {
    if before == after {
        return wrong(before).map_or(Ok(()), Err);
    }
    compared(before, after).map_err(|why| wrong(before).unwrap_or(why))
}

/// What keeps a text from being YAML, if anything does.
pub(super) fn wrong(text: &str) -> Option<Error> {
    Events::of(text).find_map(Result::err).map(|scan| token::syntax(&scan))
}

fn compared(before: &str, after: &str) -> Result<(), Error> {
    let (mut old, mut new) = (Events::of(before), Events::of(after));
    loop {
        let left = old.next().transpose().map_err(|scan| token::syntax(&scan))?;
        let right = new.next().transpose();
        let same = match (&left, &right) {
            (Some(left), Ok(Some(right))) => event(left, right),
            (None, Ok(None)) => break,
            _ => false,
        };
        if !same {
            return Err(Error::Changed { line: line(before, old.at) });
        }
    }
    let same = |(a, b): (&Cow<'_, str>, &Cow<'_, str>)| comment(a, b);
    let all = old.comments.len() == new.comments.len() && old.comments.iter().zip(&new.comments).all(same);
    if all { Ok(()) } else { Err(Error::Changed { line: 1 }) }
}

/// Whether two comments say the same.
pub(super) fn comment(left: &str, right: &str) -> bool {
    left.trim_end() == right.trim_end()
}

/// Whether two events say the same. Quotes may differ as long as what they hold does not.
pub(super) fn event(left: &Event<'_>, right: &Event<'_>) -> bool {
    let (Event::Scalar(a, style, anchor, tag), Event::Scalar(b, other, another, label)) = (left, right)
    else {
        return left == right;
    };
    let quoted = |style: &ScalarStyle| matches!(style, ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted);
    let text = |value: &str, style: &ScalarStyle| *style != ScalarStyle::Plain || yaml::is_text(value);
    let like = style == other
        || (quoted(other) && (quoted(style) || (tag.is_none() && text(a, style) && text(b, other))));
    a == b && (anchor, tag) == (another, label) && like
}
