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

    /// Whether this text stands at a place.
    fn is(&self, at: usize, text: &str) -> bool {
        let Entry::Text { at, bytes } = self.entries[at] else { return false };
        bytes as usize == text.len() && self.text.as_bytes()[at as usize..][..text.len()] == *text.as_bytes()
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
        let Self::Map(Map(Values { tree, mut at, end })) = self else { return None };
        let mut found = None;
        while at < end {
            if tree.is(at, field) {
                found = Some(at + 1);
            }
            at = tree.after(at + 1);
        }
        found.map(|at| tree.node(at).0)
    }

    /// The last field of an object whose name is meant.
    pub fn find(self, meant: impl Fn(&str) -> bool) -> Option<Self> {
        let Self::Map(map) = self else { return None };
        map.fields().filter(|(name, _)| meant(name)).last().map(|(_, value)| value)
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Texts that are JSON, almost JSON, and JSON at its limits.
    fn texts() -> impl Strategy<Value = String> {
        let scalars = prop_oneof![
            Just("null".to_owned()),
            any::<bool>().prop_map(|b| b.to_string()),
            any::<i64>().prop_map(|n| n.to_string()),
            any::<u64>().prop_map(|n| n.to_string()),
            any::<f64>().prop_map(|n| n.to_string()),
            "-?[0-9]{1,25}(\\.[0-9]{1,3})?([eE][+-]?[0-9]{1,3})?",
            any::<String>().prop_map(|text| Json::from(text).to_string()),
            r#""(\\u[0-9a-dA-D]{4}|\\[nrt"\\/x]|[a-z\x00\x7fäß]){0,6}"?"#,
        ];
        scalars.prop_recursive(4, 40, 6, |inner| {
            let field = ("\"[a-c]\"", inner.clone()).prop_map(|(name, value)| format!("{name}:{value}"));
            prop_oneof![
                prop::collection::vec(inner, 0..6).prop_map(|items| format!("[{}]", items.join(", "))),
                prop::collection::vec(field, 0..6).prop_map(|fields| format!("{{{}}}", fields.join(","))),
            ]
        })
    }

    proptest! {
        #[test]
        fn nothing_is_read_otherwise_than_usual(text in texts(), cut in 0.0..1.5f64) {
            let text = &text.as_bytes()[..((text.len() as f64 * cut) as usize).min(text.len())];
            let tree: Result<Tree, _> = serde_json::from_slice(text);
            let usual: Result<Json, _> = serde_json::from_slice(text);
            prop_assert_eq!(
                tree.as_ref().map(|tree| tree.root().to_json()).map_err(ToString::to_string),
                usual.as_ref().map(Json::clone).map_err(ToString::to_string)
            );
            if let Ok(usual) = usual {
                prop_assert_eq!(Tree::from(usual.clone()).root().to_json(), usual);
            }
        }
    }

    #[test]
    fn what_is_too_deep_is_too_deep() {
        let deep = "[".repeat(200) + &"]".repeat(200);
        let usual = serde_json::from_str::<Json>(&deep).unwrap_err().to_string();
        assert_eq!(serde_json::from_str::<Tree>(&deep).unwrap_err().to_string(), usual);
    }

    #[test]
    fn the_last_of_two_fields_counts_and_what_is_not_there_is_null() {
        let tree: Tree = serde_json::from_str(r#"{"a": [{"x": 1}, 2], "b": 1, "a": {"c": "7"}}"#).unwrap();
        let root = tree.root();
        assert_eq!(root.at("a").at("c").as_id(), Some(Id::Int(7)));
        assert!(
            root.at("b").at("c").is_null() && root.get("z").is_none() && root.at("b").as_list().is_none()
        );
    }
}
