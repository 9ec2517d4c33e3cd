//! Which requests make a change, in which order.
//! In: a change and the ids that are known. Out: literal requests; ids that the plan makes and secrets are placeholders.
//! Pure; never looks at other changes: the planner orders the requests of several.

use serde_json::{Map, Value as Json, json};

use crate::model::{
    Action, Address, Attribute, Change, Draft, Expect, Gap, Id, Ids, Kind, KindName, Kinds, REPLACEMENT_MARK,
    Request, Resource, Value,
};

use super::{CREATED_ID, NUMBERS, TRUNKS};

/// Switches a number on, by its text; <https://kalem.me/docs/api/numbers>.
const ACTIVATE: &str = "/numbers/activate";
/// Switches a number off, by its text.
const DEACTIVATE: &str = "/numbers/deactivate";
/// The attribute that no creation and no update takes: it has the two requests above.
const STATUS: &str = "status";
/// The value of [`STATUS`] that [`ACTIVATE`] leads to; any other is reached by [`DEACTIVATE`].
const ACTIVE: &str = "active";

/// The requests of one change, in order.
pub(super) fn lower(kinds: &Kinds, change: &Change, ids: &Ids) -> Vec<Draft> {
    match (change.address.kind, change.action) {
        (KindName::Trunk, action) => Writer { kind: &kinds.trunk, change, ids }.trunk(action),
        (KindName::Number, action) => Writer { kind: &kinds.number, change, ids }.number(action),
        // Agents are only referred to.
        (KindName::Agent | KindName::VoiceAgent | KindName::TextAgent, _) => Vec::new(),
    }
}

/// Writes the requests of one change.
struct Writer<'a> {
    kind: &'a Kind,
    change: &'a Change,
    ids: &'a Ids,
}

impl Writer<'_> {
    fn trunk(&self, action: Action) -> Vec<Draft> {
        match action {
            Action::Create => vec![self.create(TRUNKS, &self.name())],
            Action::Update => {
                let body = self.differing(|_| true);
                vec![draft("update", "PUT", self.path(TRUNKS), Some(body))]
            }
            Action::Delete => vec![self.delete(TRUNKS)],
            Action::Replace => self.replace_trunk(),
        }
    }

    /// The new trunk under a name that tells what it is, the end of the old one, the right name. The planner moves the numbers between the first two.
    fn replace_trunk(&self) -> Vec<Draft> {
        let name = self.name();
        let new = Request::path_placeholder(&self.change.address);
        vec![
            self.create(TRUNKS, &format!("{name}{REPLACEMENT_MARK}")),
            self.delete(TRUNKS),
            draft(
                "rename",
                "PUT",
                format!("{TRUNKS}/{new}"),
                Some(json!({(self.kind.identity): Request::literal(&name)})),
            ),
        ]
    }

    fn number(&self, action: Action) -> Vec<Draft> {
        match action {
            Action::Create => {
                let mut drafts = vec![self.create(NUMBERS, &self.name())];
                let after = self.change.after.as_ref().and_then(|after| after.attributes.get(STATUS));
                drafts.extend(after.and_then(|status| self.switch(status)));
                drafts
            }
            Action::Update => self.update_number(),
            Action::Delete => vec![self.delete(NUMBERS)],
            // To make a number anew is to release it: the planner refuses, and nothing may be sent.
            Action::Replace => Vec::new(),
        }
    }

    /// One PUT for all that differs, and the switch: off before something is taken away, else at the end.
    fn update_number(&self) -> Vec<Draft> {
        let body = self.differing(|attribute| attribute.name != STATUS);
        let put = (body != json!({})).then(|| draft(self.verb(), "PUT", self.path(NUMBERS), Some(body)));
        let switch = self.change.after(STATUS).and_then(|status| self.switch(status));
        let loses =
            self.differing_attributes().any(|(a, after)| a.reference.is_some() && *after == Value::Null);
        let off = switch.as_ref().is_some_and(|draft| draft.request.path == DEACTIVATE);
        if loses && off { [switch, put] } else { [put, switch] }.into_iter().flatten().collect()
    }

    fn verb(&self) -> &'static str {
        let trunk = self.differing_attributes().find(|(a, _)| a.reference == Some(KindName::Trunk));
        match trunk {
            Some((_, Value::Null)) => "unassign",
            Some(_) => "assign",
            None => "update",
        }
    }

    /// The request that leads to a status; none for a status that says nothing.
    fn switch(&self, status: &Value) -> Option<Draft> {
        let live =
            self.change.before.as_ref().and_then(|live| live.attributes.get(self.kind.identity)?.as_text());
        // A live number is known by the text that the platform has for it, which need not be the file's.
        let number = live.map_or_else(|| self.name(), str::to_owned);
        let body = Some(json!({"number": Request::literal(&number)}));
        match status.as_text()? {
            ACTIVE => Some(draft("activate", "POST", ACTIVATE.into(), body)),
            _ => Some(draft("deactivate", "POST", DEACTIVATE.into(), body)),
        }
    }

    /// A POST with all that is managed under this name; what is null needs no clearing.
    fn create(&self, list: &str, name: &str) -> Draft {
        let after = self.change.after.as_ref();
        let mut body = Map::new();
        for attribute in self.kind.attributes.iter().filter(|a| a.name != STATUS) {
            let value = match after.and_then(|after| after.attributes.get(attribute.name)) {
                _ if attribute.name == self.kind.identity => Request::literal(name),
                None | Some(Value::Null) => continue,
                Some(value) => self.wire(value),
            };
            body.insert(attribute.field.to_owned(), value);
        }
        let expect = Expect { id: CREATED_ID.map(str::to_owned).to_vec() };
        Draft { expect, ..draft("create", "POST", list.to_owned(), Some(body.into())) }
    }

    fn delete(&self, list: &str) -> Draft {
        Draft { irreversible: true, ..draft("delete", "DELETE", self.path(list), None) }
    }

    /// What differs, under the names that the platform uses; null clears.
    fn differing(&self, sent: impl Fn(&Attribute) -> bool) -> Json {
        let fields = self.differing_attributes().filter(|(attribute, _)| sent(attribute));
        fields.map(|(a, after)| (a.field.to_owned(), self.wire(after))).collect::<Map<_, _>>().into()
    }

    fn differing_attributes(&self) -> impl Iterator<Item = (&Attribute, &Value)> {
        self.change.attributes.iter().filter_map(|a| Some((self.kind.attribute(a.name)?, &a.after)))
    }

    /// The identity as it should be: what the file writes, else what is live, else the last part of the address.
    fn name(&self) -> String {
        let sides = [&self.change.after, &self.change.before];
        let written =
            sides.into_iter().flatten().find_map(|r| r.attributes.get(self.kind.identity)?.as_text());
        written.unwrap_or(&self.change.address.name).to_owned()
    }

    /// The path of the live thing; of one that the plan makes where none is live.
    fn path(&self, list: &str) -> String {
        let Change { before, address, .. } = self.change;
        match before.as_ref().and_then(|before: &Resource| before.id.as_ref()) {
            Some(id) => format!("{list}/{}", id.to_segment()),
            None => format!("{list}/{}", Request::path_placeholder(address)),
        }
    }

    /// A value as it stands in a body.
    fn wire(&self, value: &Value) -> Json {
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

    /// The id of what is referred to, as the whole number that Kalem wants; a placeholder where the plan makes it.
    fn id(&self, address: &Address) -> Json {
        match self.ids.get(address) {
            Some(Id::Int(n)) => (*n).into(),
            Some(Id::Text(text)) => text.parse::<i64>().map_or_else(|_| Request::literal(text), Json::from),
            None => Request::placeholder(address).into(),
        }
    }
}

/// A request that nothing is expected of but a good status.
fn draft(verb: &'static str, method: &str, path: String, body: Option<Json>) -> Draft {
    let request = Request { method: method.into(), path, body };
    Draft { verb, request, expect: Expect::default(), gap: Gap::None, irreversible: false }
}
