//! How the JSON of an answer becomes a tree.
//! In: whatever a deserializer tells. Out: the entries of a [`Tree`], each before what it holds.
//! Keeps every field and every row, wanted or not: what is broken must be noticed wherever it stands.

use std::fmt;

use serde::de::{self, Deserialize, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::Value as Json;

use super::tree::{Entry, Tree};

impl From<Json> for Tree {
    fn from(json: Json) -> Self {
        Self::deserialize(json).expect("what was read once can be read again")
    }
}

impl<'de> Deserialize<'de> for Tree {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let mut tree = Self { entries: Vec::new(), text: String::new() };
        Reader(&mut tree).deserialize(from)?;
        Ok(tree)
    }
}

/// Adds a value, and all that it holds, to a tree.
struct Reader<'t>(&'t mut Tree);

impl Reader<'_> {
    fn add<E>(self, entry: Entry) -> Result<(), E> {
        self.0.entries.push(entry);
        Ok(())
    }
}

/// A place in a tree. No answer is as long as this allows.
fn place<E: de::Error>(at: usize) -> Result<u32, E> {
    at.try_into().map_err(|_| E::custom("too long"))
}

impl<'de> DeserializeSeed<'de> for Reader<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Reader<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        self.add(Entry::Null)
    }

    fn visit_bool<E>(self, b: bool) -> Result<(), E> {
        self.add(Entry::Bool(b))
    }

    fn visit_i64<E>(self, n: i64) -> Result<(), E> {
        self.add(Entry::Int(n))
    }

    fn visit_u64<E>(self, n: u64) -> Result<(), E> {
        self.add(i64::try_from(n).map_or(Entry::Count(n), Entry::Int))
    }

    fn visit_f64<E>(self, n: f64) -> Result<(), E> {
        self.add(if n.is_finite() { Entry::Float(n) } else { Entry::Null })
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<(), E> {
        let (at, bytes) = (place(self.0.text.len())?, place(text.len())?);
        self.0.text.push_str(text);
        self.add(Entry::Text { at, bytes })
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut values: A) -> Result<(), A::Error> {
        let (at, mut holds) = (self.0.entries.len(), 0);
        self.0.entries.push(Entry::Null);
        while values.next_element_seed(Reader(self.0))?.is_some() {
            holds += 1;
        }
        self.0.entries[at] = Entry::List { holds, end: place(self.0.entries.len())? };
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<(), A::Error> {
        let at = self.0.entries.len();
        self.0.entries.push(Entry::Null);
        while fields.next_key_seed(Reader(self.0))?.is_some() {
            fields.next_value_seed(Reader(self.0))?;
        }
        self.0.entries[at] = Entry::Map { end: place(self.0.entries.len())? };
        Ok(())
    }
}
