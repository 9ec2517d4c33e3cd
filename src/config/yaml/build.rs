//! The parser's events become a tree.
//! In: one text. Out: the first document's root, if there is one, and every complaint on the way; after a syntax error there is no root.
//! Aliases are expanded within a budget, so no file costs more than it is worth.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use granit_parser::{Event, Parser, ScalarStyle, Span as Marks, StructureStyle, Tag};

use super::{Content, Key, Node, error, merge, options, scalar};
use crate::config::text;
use crate::config::wording::shown;
use crate::model::{Code, Diagnostic, Span};

/// Nodes that anchors and aliases may add, over and above what is written.
const COPIES: usize = 2_000_000;

/// Reads one text; `file` is what complaints name.
pub(in crate::config) fn parse<'s>(
    file: &Arc<str>,
    source: &'s str,
    found: &mut Vec<Diagnostic>,
) -> Option<Node<'s>> {
    let mut builder =
        Builder { file, found, open: Vec::new(), root: None, anchors: HashMap::new(), copies: 0 };
    let mut documents = 0;
    for event in Parser::new_from_str_with_options(source, options(false)) {
        let (event, marks) = match event {
            Ok(event) => event,
            Err(scan) => {
                builder.found.push(error::explain(file, source, &scan));
                return None;
            }
        };
        if matches!(event, Event::DocumentStart(..)) {
            documents += 1;
            if documents > 1 {
                builder.found.push(second_document(file, span(&marks)));
                return builder.root;
            }
        }
        if builder.take(event, &marks).is_err() {
            return None;
        }
    }
    builder.root
}

/// The complaint about a text that is not YAML, whatever it says.
pub(in crate::config) fn syntax(file: &Arc<str>, source: &str) -> Option<Diagnostic> {
    let wrong = Parser::new_from_str_with_options(source, options(false)).find_map(Result::err)?;
    Some(error::explain(file, source, &wrong))
}

fn second_document(file: &Arc<str>, at: Span) -> Diagnostic {
    Diagnostic::new(Code::CFG009, "a second document begins here").at(file, at, "").help(
        "write one document a file, and give several files to the command: those of one account are merged",
    )
}

fn span(marks: &Marks) -> Span {
    let range = marks.byte_range().unwrap_or_default();
    Span::new(range.start as u32, range.end as u32)
}

/// A list or mapping whose end was not seen yet.
struct Open<'s> {
    span: Span,
    flow: bool,
    anchor: usize,
    /// A mapping's key that waits for its value.
    key: Option<Key<'s>>,
    /// Whether a `<<` without quotes is among the keys.
    merges: bool,
    content: Content<'s>,
}

/// Nothing more can be said of this file.
struct Stop;

struct Builder<'a, 's> {
    file: &'a Arc<str>,
    found: &'a mut Vec<Diagnostic>,
    open: Vec<Open<'s>>,
    root: Option<Node<'s>>,
    anchors: HashMap<usize, Node<'s>>,
    copies: usize,
}

impl<'s> Builder<'_, 's> {
    fn take(&mut self, event: Event<'s>, marks: &Marks) -> Result<(), Stop> {
        let span = span(marks);
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let node = self.scalar(text, style, tag.as_deref(), marks);
                self.anchor(anchor, &node, span)?;
                self.place(node, span)
            }
            Event::SequenceStart(style, anchor, tag) => {
                self.collection_tag(tag.as_deref(), "seq", marks);
                self.begin(span, style, anchor, Content::List(Vec::new()));
                Ok(())
            }
            Event::MappingStart(style, anchor, tag) => {
                self.collection_tag(tag.as_deref(), "map", marks);
                self.begin(span, style, anchor, Content::Map(Vec::new()));
                Ok(())
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(span),
            Event::Alias(id) => {
                let Some(node) = self.anchors.get(&id) else { return self.refuse_recursion(span) };
                let mut node = node.clone();
                if matches!(node.content, Content::List(_) | Content::Map(_)) {
                    node.span = span;
                }
                self.spend(&node, span)?;
                self.place(node, span)
            }
            _ => Ok(()),
        }
    }

    fn begin(&mut self, span: Span, style: StructureStyle, anchor: usize, content: Content<'s>) {
        let flow = style == StructureStyle::Flow;
        self.open.push(Open { span, flow, anchor, key: None, merges: false, content });
    }

    fn end(&mut self, end: Span) -> Result<(), Stop> {
        let Some(Open { mut span, flow, anchor, merges, content, .. }) = self.open.pop() else {
            return Ok(());
        };
        if flow {
            span.end = end.end;
        }
        let content = match content {
            Content::Map(pairs) => {
                let pairs = merge::unique(pairs, self.file, self.found);
                Content::Map(merge::merged(pairs, merges, self.file, self.found))
            }
            other => other,
        };
        let node = Node { span, plain: true, content };
        self.anchor(anchor, &node, span)?;
        self.place(node, span)
    }

    /// Puts a finished node where it belongs; `site` is where it stands, also when an alias stands for it.
    fn place(&mut self, node: Node<'s>, site: Span) -> Result<(), Stop> {
        let Some(open) = self.open.last_mut() else {
            self.root = Some(node);
            return Ok(());
        };
        if !open.flow {
            let empty = matches!(&open.content, Content::List(items) if items.is_empty())
                || matches!(&open.content, Content::Map(pairs) if pairs.is_empty() && open.key.is_none());
            open.span =
                Span::new(if empty { site.start } else { open.span.start }, site.end.max(open.span.end));
        }
        match &mut open.content {
            Content::List(items) => items.push(node),
            Content::Map(pairs) => match open.key.take() {
                Some(key) => pairs.push((key, node)),
                None => {
                    let (plain, key) = self.key(node, site);
                    if let (Some(open), Some(key)) = (self.open.last_mut(), key) {
                        open.merges |= plain && key.text == "<<";
                        open.key = Some(key);
                    }
                }
            },
            _ => {}
        }
        Ok(())
    }

    fn key(&mut self, node: Node<'s>, site: Span) -> (bool, Option<Key<'s>>) {
        let text = match node.content {
            Content::Text(text) => text,
            Content::Null => "null".into(),
            Content::Bool(b) => b.to_string().into(),
            Content::Int(n) => n.to_string().into(),
            Content::Float(f) => f.to_string().into(),
            Content::List(_) | Content::Map(_) | Content::Withheld => {
                let complaint = Diagnostic::new(Code::CFG001, "a key has to be text")
                    .at(self.file, site, "")
                    .help("write the key as a word, followed by a colon and a space");
                if !self.is_reported(&complaint, site) {
                    self.found.push(complaint);
                }
                "".into()
            }
        };
        (node.plain, Some(Key { text, span: site }))
    }

    /// Whether the same was just reported of the same place: a key within a key begins where that one does.
    fn is_reported(&self, complaint: &Diagnostic, site: Span) -> bool {
        let last = self.found.last().filter(|last| last.message == complaint.message);
        last.and_then(|last| last.labels.first()).is_some_and(|label| label.span.start == site.start)
    }

    fn scalar(
        &mut self,
        text: Cow<'s, str>,
        style: ScalarStyle,
        tag: Option<&Tag>,
        marks: &Marks,
    ) -> Node<'s> {
        let span = span(marks);
        if style == ScalarStyle::DoubleQuoted && matches!(text, Cow::Owned(_)) {
            self.found.extend(text::escaped(self.file, &text, span));
        }
        let plain = style == ScalarStyle::Plain;
        let content = match tag.map(|tag| (tag, tag.core_suffix())) {
            None if plain => scalar::resolve(text),
            None | Some((_, Some("str"))) => Content::Text(text),
            Some((_, Some("null" | "bool" | "int" | "float"))) => scalar::resolve(text),
            Some((tag, _)) => {
                self.refuse_tag(tag, marks);
                Content::Text(text)
            }
        };
        Node { span, plain: plain && tag.is_none(), content }
    }

    fn collection_tag(&mut self, tag: Option<&Tag>, core: &str, marks: &Marks) {
        if let Some(tag) = tag.filter(|tag| tag.core_suffix() != Some(core)) {
            self.refuse_tag(tag, marks);
        }
    }

    fn refuse_tag(&mut self, tag: &Tag, marks: &Marks) {
        let at = marks.tag_span().map_or_else(|| span(marks), |tag| span(&tag));
        let written = format!("{}{}", tag.original_handle(), tag.suffix());
        self.found.push(
            Diagnostic::new(Code::CFG010, format!("the tag {} is not of the core schema", shown(&written)))
                .at(self.file, at, "")
                .help("leave the tag out; a secret is written `{env: NAME}` or `{file: PATH}`"),
        );
    }

    fn refuse_recursion(&mut self, at: Span) -> Result<(), Stop> {
        self.found.push(
            Diagnostic::new(Code::CFG004, "an alias within what it stands for")
                .at(self.file, at, "")
                .help("write out what is meant; a thing can't contain itself"),
        );
        Err(Stop)
    }

    fn anchor(&mut self, id: usize, node: &Node<'s>, site: Span) -> Result<(), Stop> {
        if id > 0 {
            self.spend(node, site)?;
            self.anchors.insert(id, node.clone());
        }
        Ok(())
    }

    /// Counts what a copy of this node costs.
    fn spend(&mut self, node: &Node<'s>, at: Span) -> Result<(), Stop> {
        node.each(&mut |n| {
            self.copies += match &n.content {
                Content::Text(Cow::Owned(text)) => 1 + text.len() / 64,
                _ => 1,
            };
        });
        if self.copies <= COPIES {
            return Ok(());
        }
        let message = format!("anchors and aliases stand for more than {COPIES} values");
        self.found.push(
            Diagnostic::new(Code::CFG004, message)
                .at(self.file, at, "too much from here on")
                .help("write out what is meant, or use a range for many numbers"),
        );
        Err(Stop)
    }
}
