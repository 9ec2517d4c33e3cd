//! YAML with places: a text becomes a tree in which every key and value knows its bytes.
//! In: one text. Out: one tree, aliases expanded and merge keys merged, or the complaints that say why there is none.
//! Knows nothing of trunks and numbers. No node has a `Debug` form: a tree may hold a secret until it is withheld.

mod build;
mod error;
mod json;
mod merge;
mod scalar;

use std::borrow::Cow;

use granit_parser::Options;

use crate::model::Span;

pub(super) use build::{parse, syntax};
pub(super) use json::Yaml;
pub(crate) use scalar::{is_text, reads_plain, trap};

/// Lists and mappings within each other.
const DEPTH: usize = 64;

/// What every reading of a text goes by, whatever it is read for.
pub(crate) fn options(comments: bool) -> Options {
    granit_parser::options! {
        emit_comments: comments,
        // A text with more comments is no other text.
        max_buffered_comment_events: usize::MAX,
        flow_nesting_limit: DEPTH,
        block_nesting_limit: DEPTH,
    }
}

/// One value with its place.
#[derive(Clone)]
pub(super) struct Node<'s> {
    /// From its first byte (quotes and brackets included) to its last. Where an alias stands for it: of a list or mapping the alias, of a scalar the original.
    pub span: Span,
    /// Whether it is written without quotes.
    pub plain: bool,
    /// What it holds.
    pub content: Content<'s>,
}

/// What a node holds.
#[derive(Clone)]
pub(super) enum Content<'s> {
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(Cow<'s, str>),
    List(Vec<Node<'s>>),
    Map(Vec<(Key<'s>, Node<'s>)>),
    /// A secret stood here; nothing of it is left.
    Withheld,
}

/// A key of a mapping, as it is written.
#[derive(Clone)]
pub(super) struct Key<'s> {
    pub text: Cow<'s, str>,
    pub span: Span,
}

impl<'s> Node<'s> {
    /// The pairs of a mapping; none of anything else.
    pub(super) fn pairs(&self) -> &[(Key<'s>, Node<'s>)] {
        match &self.content {
            Content::Map(pairs) => pairs,
            _ => &[],
        }
    }

    /// The items of a list; none of anything else.
    pub(super) fn items(&self) -> &[Node<'s>] {
        match &self.content {
            Content::List(items) => items,
            _ => &[],
        }
    }

    /// The value of a key.
    pub(super) fn get(&self, key: &str) -> Option<&Node<'s>> {
        self.pair(key).map(|(_, value)| value)
    }

    /// A key with its value.
    pub(super) fn pair(&self, key: &str) -> Option<&(Key<'s>, Node<'s>)> {
        self.pairs().iter().find(|(k, _)| k.text == key)
    }

    /// The value of a key, to be changed in place.
    pub(super) fn get_mut(&mut self, key: &str) -> Option<&mut Node<'s>> {
        let Content::Map(pairs) = &mut self.content else { return None };
        pairs.iter_mut().find(|(k, _)| k.text == key).map(|(_, value)| value)
    }

    /// The text of a text.
    pub(super) fn text(&self) -> Option<&str> {
        match &self.content {
            Content::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The first key that is written in a mapping: what a message about the whole mapping points at. Where there is none, its own place.
    pub(super) fn head(&self) -> Span {
        let own = |key: &Span| (self.span.start..self.span.end).contains(&key.start);
        self.pairs().iter().map(|(key, _)| key.span).filter(own).min().unwrap_or(self.span)
    }

    /// Calls `visit` for this node and all below it.
    pub(super) fn each(&self, visit: &mut impl FnMut(&Node<'s>)) {
        visit(self);
        self.items().iter().for_each(|item| item.each(visit));
        self.pairs().iter().for_each(|(_, value)| value.each(visit));
    }

    /// As [`Node::each`], to change them in place.
    pub(super) fn each_mut(&mut self, visit: &mut impl FnMut(&mut Node<'s>)) {
        visit(self);
        match &mut self.content {
            Content::List(items) => items.iter_mut().for_each(|item| item.each_mut(visit)),
            Content::Map(pairs) => pairs.iter_mut().for_each(|(_, value)| value.each_mut(visit)),
            _ => {}
        }
    }
}
