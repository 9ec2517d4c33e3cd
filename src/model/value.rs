//! What an attribute holds, and the attributes of one resource.
//! Compact on purpose: an account may have a hundred thousand numbers, on both sides of a diff.
//! A secret is only ever the place where it can be found, never the secret.

use std::sync::Arc;

use super::address::Address;
use super::source::Span;

/// Where a secret is to be found when it is sent.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SecretSource {
    /// `{env: NAME}`: an environment variable.
    Env(Box<str>),
    /// `{file: PATH}`: a file's text, without its last line break. The path is as the executor will open it.
    File(Box<str>),
}

impl SecretSource {
    /// The placeholder that stands for it in a request: `${env:NAME}`, `${file:PATH}`.
    pub fn placeholder(&self) -> String {
        match self {
            Self::Env(name) => format!("${{env:{name}}}"),
            Self::File(path) => format!("${{file:{path}}}"),
        }
    }
}

/// The value of one attribute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// An explicit `null`: cleared, or to be cleared.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// Any text, exactly as written or as the platform gave it.
    Text(Arc<str>),
    /// A list; whether its order matters is the attribute's to say.
    List(Vec<Value>),
    /// Named parts, in the order in which they were written.
    Map(Vec<(Box<str>, Value)>),
    /// Another thing of the same account.
    Ref(Address),
    /// A secret that can be sent but never read back.
    Secret(SecretSource),
}

impl Value {
    /// What stands for a secret in everything that people and programs read.
    pub const SENSITIVE: &'static str = "(sensitive value)";

    /// The text of a text.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The address of a reference.
    pub fn as_ref_address(&self) -> Option<&Address> {
        match self {
            Self::Ref(address) => Some(address),
            _ => None,
        }
    }

    /// The value for a reader: a reference is its name, a secret is [`Value::SENSITIVE`].
    pub fn to_json(&self) -> serde_json::Value {
        match self {
            Self::Null => serde_json::Value::Null,
            Self::Bool(b) => (*b).into(),
            Self::Int(n) => (*n).into(),
            Self::Text(text) => (&**text).into(),
            Self::List(items) => items.iter().map(Self::to_json).collect(),
            Self::Map(parts) => parts
                .iter()
                .map(|(key, value)| (key.to_string(), value.to_json()))
                .collect::<serde_json::Map<_, _>>()
                .into(),
            Self::Ref(address) => (&*address.name).into(),
            Self::Secret(_) => Self::SENSITIVE.into(),
        }
    }
}

/// One attribute of one resource.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The attribute's name, from its [`super::Kind`].
    pub name: &'static str,
    /// What it holds.
    pub value: Value,
    /// Where it is written, in the file of the resource's origin; empty for what was observed.
    pub span: Span,
}

/// The attributes of one resource, sorted by name. Absent means unmanaged (desired) or unknown (observed).
///
/// Equality ignores where they are written.
#[derive(Clone, Debug, Default)]
pub struct Attributes(Vec<Entry>);

impl Attributes {
    /// The value of an attribute, if it has one.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.entry(name).map(|entry| &entry.value)
    }

    /// The attribute with its place.
    pub fn entry(&self, name: &str) -> Option<&Entry> {
        // They are few, and a name that is asked for mostly is the very one that stands here.
        self.0.iter().find(|entry| std::ptr::eq(entry.name, name) || entry.name == name)
    }

    /// Sets an attribute; one that was there is replaced.
    pub fn set(&mut self, name: &'static str, value: Value) {
        self.set_at(name, value, Span::default());
    }

    /// Sets an attribute together with the place where it is written.
    pub fn set_at(&mut self, name: &'static str, value: Value, span: Span) {
        let entry = Entry { name, value, span };
        match self.0.binary_search_by(|old| old.name.cmp(name)) {
            Ok(at) => self.0[at] = entry,
            Err(at) => {
                // A vector would make room for twice as many: most of it for good, in each of a hundred thousand numbers.
                self.0.reserve_exact(1);
                self.0.insert(at, entry);
            }
        }
    }

    /// Lets the attributes that are this very text have it in common.
    pub fn share(&mut self, text: &Arc<str>) {
        for value in self.values_mut().filter(|value| value.as_text() == Some(text)) {
            *value = Value::Text(text.clone());
        }
    }

    /// Takes an attribute away.
    pub fn remove(&mut self, name: &str) -> Option<Value> {
        let at = self.0.binary_search_by(|entry| entry.name.cmp(name)).ok()?;
        Some(self.0.remove(at).value)
    }

    /// All of them, by name.
    pub fn iter(&self) -> impl Iterator<Item = &Entry> {
        self.0.iter()
    }

    /// All values, to be changed in place.
    pub fn values_mut(&mut self) -> impl Iterator<Item = &mut Value> {
        self.0.iter_mut().map(|entry| &mut entry.value)
    }

    /// These with `over` laid on top.
    pub fn overlaid(&self, over: &Self) -> Self {
        let mut both = self.clone();
        for entry in over.iter() {
            both.set_at(entry.name, entry.value.clone(), entry.span);
        }
        both
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The attributes for a reader; see [`Value::to_json`].
    pub fn to_json(&self) -> serde_json::Map<String, serde_json::Value> {
        self.0.iter().map(|entry| (entry.name.to_owned(), entry.value.to_json())).collect()
    }
}

impl PartialEq for Attributes {
    fn eq(&self, other: &Self) -> bool {
        self.0.len() == other.0.len()
            && self.0.iter().zip(&other.0).all(|(a, b)| a.name == b.name && a.value == b.value)
    }
}

impl FromIterator<(&'static str, Value)> for Attributes {
    fn from_iter<I: IntoIterator<Item = (&'static str, Value)>>(items: I) -> Self {
        let mut all = Self::default();
        for (name, value) in items {
            all.set(name, value);
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_never_printed_but_its_place_is_sent() {
        let secret = Value::Secret(SecretSource::Env("CARRIER_PASSWORD".into()));
        assert_eq!(secret.to_json(), "(sensitive value)");
        assert_eq!(SecretSource::Env("A".into()).placeholder(), "${env:A}");
    }

    #[test]
    fn attributes_stay_sorted_and_overlay() {
        let base: Attributes =
            [("port", Value::Int(5060)), ("host", Value::Text("a".into()))].into_iter().collect();
        let over: Attributes = [("host", Value::Null)].into_iter().collect();
        let both = base.overlaid(&over);
        assert_eq!(both.iter().map(|e| e.name).collect::<Vec<_>>(), ["host", "port"]);
        assert_eq!(both.get("host"), Some(&Value::Null));
        assert_eq!(base.get("host"), Some(&Value::Text("a".into())));
    }
}
