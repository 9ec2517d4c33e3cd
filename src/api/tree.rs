//! The JSON of an answer, read once into two flat buffers.
//! In: a JSON text. Out: values to look at, where each costs sixteen bytes and none an allocation of its own: a page of a list has thousands.
//! Never reads a text otherwise than `serde_json::Value` does: the same parser with the same limits, and of two fields of one name the last one counts.

use serde_json::Value as Json;

use crate::model::Id;

/// JSON that was read.
#[derive(Debug)]
pub struct Tree {
    /// Every value before what it holds; the fields of an object are a text and a value each.
    pub(super) entries: Vec<Entry>,
    /// All texts, one after the other.
    pub(super) text: String,
}

/// One value; what it holds follows it, up to `end`.
#[derive(Clone, Copy, Debug)]
pub(super) enum Entry {
    Null,
    Bool(bool),
    Int(i64),
    Count(u64),
    Float(f64),
    Text { at: u32, bytes: u32 },
    List { holds: u32, end: u32 },
    Map { end: u32 },
}

/// One value of a [`Tree`].
#[derive(Clone, Copy, Debug)]
pub enum Node<'a> {
    /// `null`, and what is not there.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A whole number that is too large for [`Node::Int`].
    Count(u64),
    /// Any other number.
    Float(f64),
    /// A text.
    Text(&'a str),
    /// A list.
    List(List<'a>),
    /// An object.
    Map(Map<'a>),
}

/// The values of a list, in order.
#[derive(Clone, Copy, Debug)]
pub struct List<'a> {
    values: Values<'a>,
    holds: usize,
}

/// An object.
#[derive(Clone, Copy, Debug)]
pub struct Map<'a>(Values<'a>);

/// A part of a tree, as a row of values.
#[derive(Clone, Copy, Debug)]
struct Values<'a> {
    tree: &'a Tree,
    at: usize,
    end: usize,
}

impl Default for Tree {
    fn default() -> Self {
        Self { entries: vec![Entry::Null], text: String::new() }
    }
}

impl Tree {
    /// The whole.
    pub fn root(&self) -> Node<'_> {
        self.node(0).0
    }

    /// Whether a text of these two parts stands at a place.
    fn is(&self, at: usize, head: &str, tail: &str) -> bool {
        let Entry::Text { at, bytes } = self.entries[at] else { return false };
        let text = || &self.text.as_bytes()[at as usize..][..bytes as usize];
        bytes as usize == head.len() + tail.len()
            && text().starts_with(head.as_bytes())
            && text().ends_with(tail.as_bytes())
    }

    /// The place after a value and all that it holds.
    fn after(&self, at: usize) -> usize {
        match self.entries[at] {
            Entry::List { end, .. } | Entry::Map { end } => end as usize,
            _ => at + 1,
        }
    }

    /// The value at a place, and the place after all that it holds.
    fn node(&self, at: usize) -> (Node<'_>, usize) {
        let within = |end: u32| Values { tree: self, at: at + 1, end: end as usize };
        match self.entries[at] {
            Entry::Null => (Node::Null, at + 1),
            Entry::Bool(b) => (Node::Bool(b), at + 1),
            Entry::Int(n) => (Node::Int(n), at + 1),
            Entry::Count(n) => (Node::Count(n), at + 1),
            Entry::Float(n) => (Node::Float(n), at + 1),
            Entry::Text { at: from, bytes } => {
                (Node::Text(&self.text[from as usize..][..bytes as usize]), at + 1)
            }
            Entry::List { holds, end } => {
                (Node::List(List { values: within(end), holds: holds as usize }), end as usize)
            }
            Entry::Map { end } => (Node::Map(Map(within(end))), end as usize),
        }
    }
}

impl<'a> Node<'a> {
    /// A field of an object; null where it has none of this name, or is none.
    pub fn at(self, field: &str) -> Self {
        self.get(field).unwrap_or(Self::Null)
    }

    /// A field of an object, if it is there.
    pub fn get(self, field: &str) -> Option<Self> {
        self.named(field, "")
    }

    /// A field of an object by its name in two parts, if it is there.
    pub fn named(self, head: &str, tail: &str) -> Option<Self> {
        let Self::Map(Map(Values { tree, mut at, end })) = self else { return None };
        let mut found = None;
        while at < end {
            if tree.is(at, head, tail) {
                found = Some(at + 1);
            }
            at = tree.after(at + 1);
        }
        found.map(|at| tree.node(at).0)
    }

    /// The values of a list.
    pub fn as_list(self) -> Option<List<'a>> {
        if let Self::List(list) = self { Some(list) } else { None }
    }

    /// The values of a list, none where it is no list.
    pub fn items(self) -> impl Iterator<Item = Self> {
        self.as_list().into_iter().flatten()
    }

    /// A text.
    pub fn as_str(self) -> Option<&'a str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    /// A truth value.
    pub fn as_bool(self) -> Option<bool> {
        if let Self::Bool(b) = self { Some(b) } else { None }
    }

    /// A whole number that is not below zero.
    pub fn as_u64(self) -> Option<u64> {
        match self {
            Self::Int(n) => n.try_into().ok(),
            Self::Count(n) => Some(n),
            _ => None,
        }
    }

    /// Whether it is nothing, or not there.
    pub fn is_null(self) -> bool {
        matches!(self, Self::Null)
    }

    /// Whether it is an object.
    pub fn is_map(self) -> bool {
        matches!(self, Self::Map(_))
    }

    /// An id; see [`Id::from_json`].
    pub fn as_id(self) -> Option<Id> {
        match self {
            Self::Int(_) | Self::Text(_) => Id::from_json(&self.to_json()),
            _ => None,
        }
    }

    /// Whether it is a text in the place of an id, and can't be one; see [`Id::is_unsafe`]. A blank text is nothing.
    pub fn is_unsafe_id(self) -> bool {
        self.as_str().is_some_and(|text| !text.trim().is_empty() && Id::is_unsafe(text))
    }

    /// The same in the usual form, for what is rare.
    pub fn to_json(self) -> Json {
        match self {
            Self::Null => Json::Null,
            Self::Bool(b) => b.into(),
            Self::Int(n) => n.into(),
            Self::Count(n) => n.into(),
            Self::Float(n) => n.into(),
            Self::Text(text) => text.into(),
            Self::List(list) => list.into_iter().map(Self::to_json).collect(),
            Self::Map(map) => map.fields().map(|(name, value)| (name.to_owned(), value.to_json())).collect(),
        }
    }
}

impl<'a> Map<'a> {
    /// The same in the usual form but for one field.
    pub fn without(self, field: &str) -> Json {
        self.fields()
            .filter(|(name, _)| *name != field)
            .map(|(name, value)| (name.to_owned(), value.to_json()))
            .collect()
    }

    fn fields(self) -> impl Iterator<Item = (&'a str, Node<'a>)> {
        let mut nodes = Nodes(self.0);
        std::iter::from_fn(move || Some((nodes.next()?.as_str()?, nodes.next()?)))
    }
}

impl List<'_> {
    /// How many there are.
    pub fn len(self) -> usize {
        self.holds
    }

    /// Whether there are none.
    pub fn is_empty(self) -> bool {
        self.holds == 0
    }
}

impl<'a> IntoIterator for List<'a> {
    type Item = Node<'a>;
    type IntoIter = Nodes<'a>;

    fn into_iter(self) -> Nodes<'a> {
        Nodes(self.values)
    }
}

/// Walks over values.
#[derive(Clone, Debug)]
pub struct Nodes<'a>(Values<'a>);

impl<'a> Iterator for Nodes<'a> {
    type Item = Node<'a>;

    fn next(&mut self) -> Option<Node<'a>> {
        let Values { tree, at, end } = self.0;
        (at < end).then(|| {
            let (node, next) = tree.node(at);
            self.0.at = next;
            node
        })
    }
}
