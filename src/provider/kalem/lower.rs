//! Which requests make a change, in which order.
//! In: a change and the ids that are known. Out: literal requests; ids that the plan makes and secrets are placeholders.
//! Pure; never looks at other changes: the planner orders the requests of several.

use serde_json::{Map, Value as Json, json};

use crate::model::step::Entry;
use crate::model::{
    Action, Attribute, Change, Draft, Expect, Id, Ids, Immutable, KindName, Kinds, Lookup, REPLACEMENT_MARK,
    Request, Value,
};
use crate::provider::write::Writer;

use super::{CREATED_ID, NUMBERS, TRUNKS};

/// Switches a number on, by its text; <https://kalem.me/docs/api/numbers>.
const ACTIVATE: &str = "/numbers/activate";
/// Switches a number off, by its text.
const DEACTIVATE: &str = "/numbers/deactivate";
/// The attribute that no creation and no update takes: it has the two requests above.
const STATUS: &str = "status";
/// The value of [`STATUS`] that [`ACTIVATE`] leads to; any other is reached by [`DEACTIVATE`].
const ACTIVE: &str = "active";

/// As many rows as a page may have; <https://kalem.me/docs/api>.
const PER_PAGE: u32 = 100;
/// How many seconds a list may take to show what was made; no lag is documented.
const SHOWN_WITHIN: u32 = 5;
/// Why nothing can undo the deletion of a trunk.
const TRUNK_GOES: &str = "made again it gets another id; a password can't be read back";
/// Why nothing can undo the deletion of a number.
const NUMBER_GOES: &str = "made again it gets another id, and what the plan does not show of it is lost";

/// The requests of one change, in order.
pub(super) fn lower(kinds: &Kinds, change: &Change, ids: &Ids) -> Vec<Draft> {
    let writer = |kind| Lowering(Writer { kind, change, ids, id_as: id_as_number });
    match (change.address.kind, change.action) {
        (KindName::Trunk, action) => writer(&kinds.trunk).trunk(action),
        (KindName::Number, action) => writer(&kinds.number).number(action),
        // Agents are only referred to.
        (KindName::Agent | KindName::VoiceAgent | KindName::TextAgent, _) => Vec::new(),
    }
}

/// One change on its way to requests.
struct Lowering<'a>(Writer<'a>);

impl Lowering<'_> {
    fn trunk(&self, action: Action) -> Vec<Draft> {
        match action {
            Action::Create => vec![self.create(TRUNKS, &self.0.name())],
            Action::Update => {
                let body = self.0.differing(|_| true);
                vec![Draft::new("update", "PUT", self.0.path(TRUNKS), Some(body.into()))]
            }
            Action::Delete => vec![self.delete(TRUNKS)],
            Action::Replace => self.replace_trunk(),
        }
    }

    /// The new trunk under a name that tells what it is, the end of the old one, the right name. The planner moves the numbers between the first two.
    fn replace_trunk(&self) -> Vec<Draft> {
        let name = self.0.name();
        vec![
            self.create(TRUNKS, &format!("{name}{REPLACEMENT_MARK}")),
            self.delete(TRUNKS),
            Draft::new(
                "rename",
                "PUT",
                self.0.new_path(TRUNKS),
                Some(json!({(self.0.kind.identity): Request::literal(&name)})),
            ),
        ]
    }

    fn number(&self, action: Action) -> Vec<Draft> {
        match action {
            Action::Create => {
                let mut drafts = vec![self.create(NUMBERS, &self.0.name())];
                let after = self.0.change.after.as_ref().and_then(|after| after.attributes.get(STATUS));
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
        let body = self.0.differing(|attribute| attribute.name != STATUS);
        let put = (!body.is_empty())
            .then(|| Draft::new(self.verb(), "PUT", self.0.path(NUMBERS), Some(body.into())));
        let switch = self.0.change.after(STATUS).and_then(|status| self.switch(status));
        let loses =
            self.0.differing_attributes().any(|(a, after)| a.reference.is_some() && *after == Value::Null);
        let off = switch.as_ref().is_some_and(|draft| draft.request.path == DEACTIVATE);
        if loses && off { [switch, put] } else { [put, switch] }.into_iter().flatten().collect()
    }

    fn verb(&self) -> &'static str {
        let trunk = self.0.differing_attributes().find(|(a, _)| a.reference == Some(KindName::Trunk));
        match trunk {
            Some((_, Value::Null)) => "unassign",
            Some(_) => "assign",
            None => "update",
        }
    }

    /// The request that leads to a status; none for a status that says nothing.
    fn switch(&self, status: &Value) -> Option<Draft> {
        let live = self
            .0
            .change
            .before
            .as_ref()
            .and_then(|live| live.attributes.get(self.0.kind.identity)?.as_text());
        // A live number is known by the text that the platform has for it, which need not be the file's.
        let number = live.map_or_else(|| self.0.name(), str::to_owned);
        let body = Some(json!({"number": Request::literal(&number)}));
        match status.as_text()? {
            ACTIVE => Some(Draft::new("activate", "POST", ACTIVATE.into(), body).repeats()),
            _ => Some(Draft::new("deactivate", "POST", DEACTIVATE.into(), body).repeats()),
        }
    }

    /// A POST with all that is managed under this name.
    fn create(&self, list: &str, name: &str) -> Draft {
        let mut body = self.0.managed(|attribute| attribute.name != STATUS);
        body.insert(self.0.kind.identity.to_owned(), Request::literal(name));
        let lookup = Some(self.lookup(list, &body));
        let expect = Expect { lookup, ..Expect::id(&CREATED_ID) };
        Draft::new("create", "POST", list.to_owned(), Some(body.into())).expect(expect)
    }

    /// By name and by what can't be changed in place, among all that Kalem finds for the name. That no second one can be made is on none of its pages, not even
    /// of a number: what is not found is not sent again.
    fn lookup(&self, list: &str, body: &Map<String, Json>) -> Lookup {
        let name = self.0.kind.identity;
        let known_by = |a: &&Attribute| a.name == name || (a.immutable == Immutable::Replace);
        let fields = self.0.kind.attributes.iter().filter(known_by);
        let fields = fields.filter_map(|a| Some((a.field.to_owned(), body.get(a.field)?.clone()))).collect();
        let search = [("search", body.get(name).cloned()), ("per_page", Some(PER_PAGE.into()))];
        Lookup {
            path: list.to_owned(),
            query: search.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?))).collect(),
            page: Some("page".to_owned()),
            entry: Entry { fields, within: SHOWN_WITHIN },
            known: Vec::new(),
            unique: false,
        }
    }

    fn delete(&self, list: &str) -> Draft {
        let because = if list == TRUNKS { TRUNK_GOES } else { NUMBER_GOES };
        Draft::new("delete", "DELETE", self.0.path(list), None).irreversible(because)
    }
}

/// An id as the whole number that Kalem wants.
fn id_as_number(id: &Id) -> Json {
    match id {
        Id::Int(n) => (*n).into(),
        Id::Text(text) => text.parse::<i64>().map_or_else(|_| Request::literal(text), Json::from),
    }
}
