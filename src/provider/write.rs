//! What the requests of every platform are made of: names, ids, values, bodies.
//! In: a change, the table of its kind, the ids that are known. Out: pieces of literal requests; ids that the plan makes and secrets are placeholders.
//! Pure; knows no path and no order.

use serde_json::{Map, Value as Json};

use crate::model::{Address, Attribute, Change, Id, Ids, Kind, Request, Resource, Value};

/// Writes the requests of one change.
#[derive(Clone, Copy)]
pub(super) struct Writer<'a> {
    pub(super) kind: &'a Kind,
    pub(super) change: &'a Change,
    pub(super) ids: &'a Ids,
    /// How the platform wants ids in a body.
    pub(super) id_as: fn(&Id) -> Json,
}

/// An id as a text, never to be taken for a placeholder.
pub(super) fn id_as_text(id: &Id) -> Json {
    Request::literal(&id.to_string())
}

impl Writer<'_> {
    /// The identity as it should be: what the file writes, else what is live, else the last part of the address.
    pub(super) fn name(&self) -> String {
        let sides = [&self.change.after, &self.change.before];
        let written =
            sides.into_iter().flatten().find_map(|r| r.attributes.get(self.kind.identity)?.as_text());
        written.unwrap_or(&self.change.address.name).to_owned()
    }

    /// The live thing below a list; the one that the plan makes where none is live.
    pub(super) fn path(&self, list: &str) -> String {
        match self.live_id() {
            Some(id) => format!("{list}/{}", id.to_segment()),
            None => format!("{list}/{}", Request::path_placeholder(&self.change.address)),
        }
    }

    /// The one that the plan makes, below a list.
    pub(super) fn new_path(&self, list: &str) -> String {
        format!("{list}/{}", Request::path_placeholder(&self.change.address))
    }

    /// The id of the live thing.
    pub(super) fn live_id(&self) -> Option<&Id> {
        self.change.before.as_ref().and_then(|before: &Resource| before.id.as_ref())
    }

    /// All that is managed, under the names that the platform uses; what is null needs no clearing in what is made.
    pub(super) fn managed(&self, sent: impl Fn(&Attribute) -> bool) -> Map<String, Json> {
        let after = self.change.after.as_ref();
        let value = |attribute: &Attribute| match after?.attributes.get(attribute.name)? {
            Value::Null => None,
            value => Some((attribute.field.to_owned(), self.wire(value))),
        };
        self.kind.attributes.iter().filter(|attribute| sent(attribute)).filter_map(value).collect()
    }

    /// What differs, under the names that the platform uses; null clears.
    pub(super) fn differing(&self, sent: impl Fn(&Attribute) -> bool) -> Map<String, Json> {
        let fields = self.differing_attributes().filter(|(attribute, _)| sent(attribute));
        fields.map(|(a, after)| (a.field.to_owned(), self.wire(after))).collect()
    }

    /// The attributes that differ, with what they should be.
    pub(super) fn differing_attributes(&self) -> impl Iterator<Item = (&Attribute, &Value)> {
        self.change.attributes.iter().filter_map(|a| Some((self.kind.attribute(a.name)?, &a.after)))
    }

    /// What an attribute will be: as the file says, else as it is live.
    pub(super) fn will_be(&self, name: &str) -> Option<&Value> {
        let sides = [&self.change.after, &self.change.before];
        sides.into_iter().flatten().find_map(|resource| resource.attributes.get(name))
    }

    /// What an attribute is live.
    pub(super) fn is(&self, name: &str) -> Option<&Value> {
        self.change.before.as_ref()?.attributes.get(name)
    }

    /// A value as it stands in a body.
    pub(super) fn wire(&self, value: &Value) -> Json {
        match value {
            Value::Null => Json::Null,
            Value::Bool(b) => (*b).into(),
            Value::Int(n) => (*n).into(),
            Value::Text(text) => Request::literal(text),
            Value::List(items) => items.iter().map(|item| self.wire(item)).collect(),
            Value::Map(parts) => {
                parts.iter().map(|(k, v)| (k.to_string(), self.wire(v))).collect::<Map<_, _>>().into()
            }
            Value::Ref(address) => self.id(address),
            Value::Secret(source) => source.placeholder().into(),
        }
    }

    /// The id of what is referred to; a placeholder where the plan makes it.
    pub(super) fn id(&self, address: &Address) -> Json {
        match self.ids.get(address) {
            Some(id) => (self.id_as)(id),
            None => Request::placeholder(address).into(),
        }
    }

    /// The same as one segment of a path.
    pub(super) fn segment(&self, address: &Address) -> String {
        self.ids.get(address).map_or_else(|| Request::path_placeholder(address), Id::to_segment)
    }
}
