//! Lets the JSON Schema validator walk the tree where it stands.
//! In: a node. Out: what the validator asks of it, borrowed.
//! The validator never gets a copy of a value into its errors: those carry `null`, and the words are ours.

use std::borrow::Cow;

use jsonschema::JsonType;
use jsonschema::json::{Array, Json, Node as JsonNode, NodeIdentity, Object};
use serde_json::{Number, Value};

use super::{Content, Key, Node};
use crate::model::Span;

/// Our tree, as a representation of JSON.
pub(in crate::config) struct Yaml;

impl Json for Yaml {
    type Node<'a> = &'a Node<'a>;
    type PreparedKey = Box<str>;
    type StringBuffer = Option<Node<'static>>;

    fn prepare_key(key: &str) -> Box<str> {
        key.into()
    }

    fn with_string_node<T>(
        buffer: &mut Option<Node<'static>>,
        string: &str,
        f: impl for<'a> FnOnce(&'a Node<'a>) -> T,
    ) -> T {
        let content = Content::Text(Cow::Owned(string.to_owned()));
        f(buffer.insert(Node { span: Span::default(), plain: false, content }))
    }
}

impl<'a> JsonNode<'a, Yaml> for &'a Node<'a> {
    type Object = &'a [(Key<'a>, Node<'a>)];
    type Array = &'a [Node<'a>];
    type Number = Number;

    fn as_object(&self) -> Option<Self::Object> {
        match &self.content {
            Content::Map(pairs) => Some(pairs),
            _ => None,
        }
    }

    fn as_array(&self) -> Option<Self::Array> {
        match &self.content {
            Content::List(items) => Some(items),
            _ => None,
        }
    }

    fn as_string(&self) -> Option<Cow<'a, str>> {
        self.text().map(Cow::Borrowed)
    }

    fn as_number(&self) -> Option<Number> {
        match self.content {
            Content::Int(n) => Some(n.into()),
            Content::Float(f) => Number::from_f64(f),
            _ => None,
        }
    }

    fn as_boolean(&self) -> Option<bool> {
        match self.content {
            Content::Bool(b) => Some(b),
            _ => None,
        }
    }

    fn is_null(&self) -> bool {
        matches!(self.content, Content::Null)
    }

    fn is_number(&self) -> bool {
        matches!(self.content, Content::Int(_) | Content::Float(_))
    }

    fn json_type(&self) -> JsonType {
        match self.content {
            Content::Null => JsonType::Null,
            Content::Bool(_) => JsonType::Boolean,
            Content::Int(_) | Content::Float(_) => JsonType::Number,
            Content::Text(_) | Content::Withheld => JsonType::String,
            Content::List(_) => JsonType::Array,
            Content::Map(_) => JsonType::Object,
        }
    }

    fn equals_value(&self, expected: &Value) -> bool {
        match (&self.content, expected) {
            (Content::Text(text), Value::String(other)) => text == other,
            (Content::Text(_), _) | (_, Value::String(_)) => false,
            _ => jsonschema::json::cmp::equal(&copy(self), expected),
        }
    }

    /// Only errors ask for it, and nobody reads it there: a copy would cost time and could hold a secret.
    fn to_value(&self) -> Cow<'a, Value> {
        Cow::Owned(Value::Null)
    }

    fn identity(&self) -> Option<NodeIdentity> {
        Some(NodeIdentity::new(std::ptr::from_ref::<Node<'a>>(self) as usize))
    }
}

impl<'a> Object<'a, Yaml> for &'a [(Key<'a>, Node<'a>)] {
    type Node = &'a Node<'a>;
    type MemberName = &'a str;
    type MembersIter = Members<'a>;

    fn len(&self) -> usize {
        <[_]>::len(self)
    }

    fn get(&self, key: &Box<str>) -> Option<&'a Node<'a>> {
        self.iter().find(|(name, _)| *name.text == **key).map(|(_, value)| value)
    }

    fn members(&self) -> Members<'a> {
        Members(self.iter())
    }
}

/// The pairs of a mapping, one by one.
pub(in crate::config) struct Members<'a>(std::slice::Iter<'a, (Key<'a>, Node<'a>)>);

impl<'a> Iterator for Members<'a> {
    type Item = (&'a str, &'a Node<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        self.0.next().map(|(name, value)| (&*name.text, value))
    }
}

impl<'a> Array<'a, Yaml> for &'a [Node<'a>] {
    type Node = &'a Node<'a>;
    type ElementsIter = std::slice::Iter<'a, Node<'a>>;

    fn len(&self) -> usize {
        <[_]>::len(self)
    }

    fn elements(&self) -> Self::ElementsIter {
        self.iter()
    }

    fn is_unique(&self) -> bool {
        let values: Vec<_> = self.iter().map(|item| Cow::Owned(copy(item))).collect();
        jsonschema::json::unique::is_unique(&values)
    }
}

fn copy(node: &Node<'_>) -> Value {
    match &node.content {
        Content::Null | Content::Withheld => Value::Null,
        Content::Bool(b) => (*b).into(),
        Content::Int(n) => (*n).into(),
        Content::Float(f) => (*f).into(),
        Content::Text(text) => (&**text).into(),
        Content::List(items) => items.iter().map(copy).collect(),
        Content::Map(pairs) => {
            Value::Object(pairs.iter().map(|(k, v)| (k.text.to_string(), copy(v))).collect())
        }
    }
}
