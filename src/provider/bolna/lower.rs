//! Which requests make a change, in which order.
//! In: a change, the ids that are known and what is live. Out: literal requests; ids that the plan makes and secrets are placeholders.
//! Pure; never relies on what Bolna deletes along with a trunk (and has it looked at first), and never writes a path to a thing whose trunk it does not know.

use serde_json::{Map, Value as Json, json};

use crate::model::step::Entry;
use crate::model::{
    Action, Address, Attribute, Change, Draft, Expect, Gap, Id, Ids, KindName, Kinds, Lookup, Request, State,
    Value,
};
use crate::provider::write::{Writer, id_as_text};

use super::names::Names;
use super::{CREATED_ID, SHOWN_WITHIN, TRUNKS, lists, numbers_of};

/// Gives a number to an agent; who had it before loses it. <https://www.bolna.ai/docs/api-reference/inbound/agent>
const SETUP: &str = "/inbound/setup";
/// Takes a number from its agent. <https://www.bolna.ai/docs/api-reference/inbound/unlink>
const UNLINK: &str = "/inbound/unlink";
/// The attribute of a trunk that no creation takes.
const IS_ACTIVE: &str = "is_active";
/// Attributes that go into one request where either of them changes: half a pair is refused, or is not what was meant.
const PAIRS: [[&str; 2]; 2] = [["auth_username", "auth_password"], ["transport", "media_encryption"]];
/// The attribute of a number that refers to its trunk.
const TRUNK: &str = "trunk";
/// The attribute of a number that refers to its agent; it has requests of its own.
const AGENT: &str = "agent";

/// What [`SETUP`] does beside; <https://www.bolna.ai/docs/api-reference/inbound/agent>.
const MAPPED: &str = "the agent's audio format becomes `ulaw`, whatever it was";
/// What becomes of calls after [`UNLINK`].
const UNMAPPED: &str = "calls to the number are rejected from then on";
/// Why nothing can undo the deletion of a trunk.
const TRUNK_GOES: &str = "its gateways and IP identifiers go with it; made again it gets another id; a password can't be read back";
/// Why nothing can undo the deletion of a number.
const NUMBER_GOES: &str = "it leaves its agent; made again it gets another id";

/// What is known beside a change.
#[derive(Clone, Copy)]
pub(super) struct Known<'a> {
    pub(super) kinds: &'a Kinds,
    pub(super) ids: &'a Ids,
    /// Everything that is live, what goes included.
    pub(super) live: &'a State,
    pub(super) names: &'a Names,
}

impl Known<'_> {
    /// The requests of one change, in order.
    pub(super) fn lower(self, change: &Change) -> Vec<Draft> {
        let writer = |kind| Writer { kind, change, ids: self.ids, id_as: id_as_text };
        match change.address.kind {
            KindName::Trunk => {
                Trunk { writer: writer(&self.kinds.trunk), names: self.names }.lower(change.action)
            }
            KindName::Number => {
                Number { writer: writer(&self.kinds.number), live: self.live }.lower(change.action)
            }
            // Agents are only referred to.
            KindName::Agent | KindName::VoiceAgent | KindName::TextAgent => Vec::new(),
        }
    }
}

/// A change of a trunk on its way to requests.
struct Trunk<'a> {
    writer: Writer<'a>,
    names: &'a Names,
}

impl Trunk<'_> {
    fn lower(&self, action: Action) -> Vec<Draft> {
        match action {
            Action::Create => self.create(&self.writer.name()),
            Action::Update => self.update(),
            Action::Delete => self.delete().into(),
            Action::Replace => self.replace(),
        }
    }

    /// A POST with all that is managed under this name, and the switch that it does not take.
    fn create(&self, name: &str) -> Vec<Draft> {
        let mut body = self.writer.managed(|attribute| attribute.name != IS_ACTIVE);
        self.complete(&mut body);
        body.insert(self.writer.kind.identity.to_owned(), Request::literal(name));
        let looked_for = json!({(self.writer.kind.identity): Request::literal(name)});
        let create = Draft::new("create", "POST", TRUNKS.to_owned(), Some(body.into()));
        let create = create.expect(made(TRUNKS.to_owned(), looked_for));
        let off = self.after(IS_ACTIVE) == Some(&Value::Bool(false));
        let deactivate = || {
            let body = json!({(IS_ACTIVE): false});
            Draft::new("deactivate", "PATCH", self.writer.new_path(TRUNKS), Some(body))
        };
        std::iter::once(create).chain(off.then(deactivate)).collect()
    }

    /// One PATCH with all that differs.
    fn update(&self) -> Vec<Draft> {
        let mut body = self.writer.differing(|_| true);
        for [one, other] in PAIRS {
            for (one, other) in [(one, other), (other, one)] {
                if body.contains_key(one)
                    && !body.contains_key(other)
                    && let Some(value) = self.writer.will_be(other).filter(|value| **value != Value::Null)
                {
                    body.insert(other.to_owned(), self.writer.wire(value));
                }
            }
        }
        self.complete(&mut body);
        if body.is_empty() {
            return Vec::new();
        }
        vec![Draft::new("update", "PATCH", self.writer.path(TRUNKS), Some(body.into()))]
    }

    /// Bolna deletes the numbers of a trunk along with it, and does not say so: a look that there are none, as late as can be, then the end.
    /// <https://www.bolna.ai/docs/api-reference/sip-trunks/delete>
    fn delete(&self) -> [Draft; 2] {
        let path = self.writer.path(TRUNKS);
        let lacks = Some(entry(json!({"deleted": false})));
        let check = Draft::new("check", "GET", format!("{path}/numbers"), None);
        let delete = Draft::new("delete", "DELETE", path, None);
        let delete = delete.irreversible(TRUNK_GOES).side_effect("calls that are running on it may be cut");
        [check.expect(Expect { lacks, ..Expect::default() }), delete]
    }

    /// The new trunk under a name that tells what it is, the end of the old one, the right name. The planner moves the numbers in between: no name is there twice.
    fn replace(&self) -> Vec<Draft> {
        let name = self.writer.name();
        let meanwhile = self.names.for_a_replacement(&name);
        let body = json!({(self.writer.kind.identity): Request::literal(&name)});
        let rename = Draft::new("rename", "PATCH", self.writer.new_path(TRUNKS), Some(body));
        self.create(&meanwhile).into_iter().chain(self.delete()).chain([rename]).collect()
    }

    fn after(&self, attribute: &str) -> Option<&Value> {
        self.writer.change.after.as_ref()?.attributes.get(attribute)
    }

    /// Lists are replaced as a whole: what the file leaves open in them is sent as it is live.
    fn complete(&self, body: &mut Map<String, Json>) {
        let listed = |attribute: &&Attribute| !attribute.parts.is_empty();
        for attribute in self.writer.kind.attributes.iter().filter(listed) {
            if let (Some(sent), Some(wanted)) = (body.get_mut(attribute.field), self.after(attribute.name)) {
                let whole = lists::complete(attribute, wanted, self.writer.is(attribute.name));
                *sent = self.writer.wire(&whole);
            }
        }
    }
}

/// A change of a number on its way to requests.
struct Number<'a> {
    writer: Writer<'a>,
    live: &'a State,
}

impl Number<'_> {
    fn lower(&self, action: Action) -> Vec<Draft> {
        match action {
            Action::Create => self.create().unwrap_or_default(),
            Action::Update => {
                self.writer.change.after(AGENT).map(|agent| self.map(agent)).into_iter().collect()
            }
            Action::Delete => self.delete().into_iter().collect(),
            // Nothing is taken down that can't be put up again.
            Action::Replace => match (self.delete(), self.create()) {
                (Some(delete), Some(create)) => {
                    std::iter::once(delete).chain(create).map(|draft| draft.gap(Gap::Brief)).collect()
                }
                _ => Vec::new(),
            },
        }
    }

    /// On its trunk, then shown by the platform, whose lists lag, then given to its agent. None where no trunk is known: a number is made nowhere else.
    fn create(&self) -> Option<Vec<Draft>> {
        let trunk = self.writer.will_be(TRUNK)?.as_ref_address()?;
        let list = numbers_of(&self.writer.segment(trunk));
        let mut body = self.writer.managed(|attribute| attribute.reference.is_none());
        let identity = self.writer.kind.attribute(self.writer.kind.identity)?.field;
        let text = Request::literal(&self.writer.name());
        body.insert(identity.to_owned(), text.clone());
        // One that was removed may still be listed with the same text.
        let looked_for = json!({(identity): text, "deleted": false});
        let create = Draft::new("create", "POST", list.clone(), Some(body.into()));
        let create = create.expect(made(list.clone(), looked_for));
        let shown = entry(json!({"id": Request::placeholder(&self.writer.change.address)}));
        let wait =
            Draft::new("wait", "GET", list, None).expect(Expect { shows: Some(shown), ..Expect::default() });
        let agent = self.writer.will_be(AGENT).filter(|agent| **agent != Value::Null);
        let assign = agent.map(|agent| self.map(agent));
        Some([create, wait].into_iter().chain(assign).collect())
    }

    /// Gives the number to an agent, or takes it from the one that it has.
    fn map(&self, agent: &Value) -> Draft {
        let id = match (self.writer.change.action, self.writer.live_id()) {
            (Action::Update, Some(id)) => id_as_text(id),
            _ => Request::placeholder(&self.writer.change.address).into(),
        };
        match agent.as_ref_address() {
            Some(agent) => {
                let body = json!({"agent_id": self.writer.id(agent), "phone_number_id": id});
                Draft::new("assign", "POST", SETUP.into(), Some(body)).repeats().side_effect(MAPPED)
            }
            None => {
                let body = Some(json!({"phone_number_id": id}));
                Draft::new("unassign", "POST", UNLINK.into(), body).repeats().side_effect(UNMAPPED)
            }
        }
    }

    /// From the trunk that it is on, by the id that this trunk has now: it may be about to get another one, or to go. None where that is not known.
    fn delete(&self) -> Option<Draft> {
        let trunk = self.id_of(self.writer.is(TRUNK)?.as_ref_address()?)?;
        let path = format!("{}/{}", numbers_of(&trunk.to_segment()), self.writer.live_id()?.to_segment());
        Some(Draft::new("delete", "DELETE", path, None).irreversible(NUMBER_GOES))
    }

    fn id_of(&self, trunk: &Address) -> Option<&Id> {
        let live = self.live.get(trunk).and_then(|trunk| trunk.id.as_ref());
        live.or_else(|| self.writer.ids.get(trunk))
    }
}

/// What is expected of a step that makes something: its id, and where to look for it when the answer leaves that open.
fn made(path: String, fields: Json) -> Expect {
    let lookup = Lookup { path, entry: entry(fields), unique: true, ..Lookup::default() };
    Expect { lookup: Some(lookup), ..Expect::id(&CREATED_ID) }
}

fn entry(fields: Json) -> Entry {
    let fields = match fields {
        Json::Object(fields) => fields,
        _ => Map::new(),
    };
    Entry { fields, within: SHOWN_WITHIN }
}
