//! Which requests make a change of a trunk or of a number, in which order.
//! In: a change, what is live, and the ids that are known. Out: literal requests; ids that the plan makes and secrets are placeholders.
//! Pure; never touches the agents' sets of numbers, which `agent_sets` writes.

use serde_json::{Map, Value as Json, json};

use crate::model::step::Entry;
use crate::model::{
    Action, Address, Change, Draft, Expect, Gap, Id, Ids, KindName, Kinds, Lookup, Request, State, Value,
};
use crate::provider::countries::country;
use crate::provider::write::{Writer, id_as_text};

use super::{CREATED_ID, DIDS, TRUNKS};

/// The attribute that takes calls or not; only a verified trunk can be switched on.
const IS_ACTIVE: &str = "is_active";
const TRANSPORT: &str = "transport";
const PORT: &str = "port";
/// What un-verifies a trunk: the first four by the documentation, the others perhaps.
const CONNECTIVITY: [&str; 7] =
    ["domain", TRANSPORT, "username", "password", PORT, "outbound_proxy", "auth_realm"];
/// What a change of the connection does beside: of the first four of [`CONNECTIVITY`], and of the others.
const UNVERIFIES: [&str; 2] =
    ["the trunk is no longer verified", "the trunk may no longer be verified: the platform does not say"];
/// Why nothing can undo the deletion of a trunk.
const TRUNK_GOES: &str =
    "made again it gets another id and must be verified anew; its password can't be read back";
/// Why nothing can undo the deletion of a number.
const NUMBER_GOES: &str = "it leaves the account's pool as well; made again it gets another id";
/// What Talkover fills in for a transport that is not named; <https://docs.talkover.ai/en/api-reference/endpoints/create-sip-trunk>.
const DEFAULT_TRANSPORT: &str = "tls";
/// How many seconds a list may take to show what was made; no lag is documented.
const SHOWN_WITHIN: u32 = 5;

/// The requests of one change, in order.
pub(super) fn lower(kinds: &Kinds, change: &Change, live: &State, ids: &Ids) -> Vec<Draft> {
    let lowering = |kind| Lowering { w: Writer { kind, change, ids, id_as: id_as_text }, live };
    match (change.address.kind, change.action) {
        (KindName::Trunk, action) => lowering(&kinds.trunk).trunk(action),
        (KindName::Number, action) => lowering(&kinds.number).number(action),
        // Agents are only referred to.
        (KindName::Agent | KindName::VoiceAgent | KindName::TextAgent, _) => Vec::new(),
    }
}

/// A request of which the answer says `success`, whatever its status.
pub(super) fn draft(verb: &'static str, method: &str, path: String, body: Option<Json>) -> Draft {
    Draft::new(verb, method, path, body).expect(succeeds(Expect::default()))
}

fn succeeds(mut expect: Expect) -> Expect {
    expect.agrees.insert("/success".into(), true.into());
    expect
}

/// One change on its way to requests.
struct Lowering<'a> {
    w: Writer<'a>,
    live: &'a State,
}

impl Lowering<'_> {
    fn trunk(&self, action: Action) -> Vec<Draft> {
        match action {
            Action::Create => self.create_trunk(),
            Action::Update => self.update_trunk(),
            Action::Delete => vec![delete(self.w.path(TRUNKS), TRUNK_GOES)],
            // No attribute of a trunk needs it.
            Action::Replace => Vec::new(),
        }
    }

    /// Made switched off, whatever the file says: it can't be verified before.
    fn create_trunk(&self) -> Vec<Draft> {
        let mut body = self.w.managed(|attribute| attribute.name != IS_ACTIVE);
        let transport = self.wanted(TRANSPORT).and_then(Value::as_text).unwrap_or(DEFAULT_TRANSPORT);
        body.insert(TRANSPORT.into(), transport.into());
        body.entry(PORT).or_insert_with(|| usual_port(transport).into());
        let known = |field: &str| Some((field.to_owned(), body.get(field)?.clone()));
        let fields = ["name", "domain"].into_iter().filter_map(known).collect();
        let mut drafts = vec![create(TRUNKS.into(), body, fields)];
        if self.wanted(IS_ACTIVE).is_some_and(is_true) {
            drafts.extend(self.switched_on(self.w.new_path(TRUNKS), Gap::None));
        }
        drafts
    }

    fn update_trunk(&self) -> Vec<Draft> {
        let path = self.w.path(TRUNKS);
        let differs = |name: &str| self.w.change.after(name).is_some();
        let unverifies =
            CONNECTIVITY.into_iter().position(differs).map(|at| UNVERIFIES[usize::from(at >= 4)]);
        let put = |verb, body: Map<String, Json>| {
            let put = draft(verb, "PUT", path.clone(), Some(body.into()));
            unverifies.map_or(put.clone(), |words| put.side_effect(words))
        };
        let switch = self.w.change.after(IS_ACTIVE);
        let on = self.w.will_be(IS_ACTIVE).is_some_and(is_true);
        let mut body = self.w.differing(|attribute| attribute.name != IS_ACTIVE);
        self.complete(&mut body);
        if on && unverifies.is_some() {
            let gap = if self.w.is(IS_ACTIVE).is_some_and(is_off) { Gap::None } else { Gap::UntilVerified };
            body.insert(IS_ACTIVE.into(), false.into());
            let mut drafts = vec![put("update", body).gap(gap)];
            drafts.extend(self.switched_on(path.clone(), gap));
            return drafts;
        }
        match switch {
            Some(_) if on => {
                let others = (!body.is_empty()).then(|| put("update", body));
                others.into_iter().chain(self.switched_on(path.clone(), Gap::None)).collect()
            }
            Some(_) => {
                body.insert(IS_ACTIVE.into(), false.into());
                vec![put(if body.len() == 1 { "deactivate" } else { "update" }, body)]
            }
            None => vec![put("update", body)],
        }
    }

    /// A transport with its port, a port with its transport: whether one follows the other is not documented.
    fn complete(&self, body: &mut Map<String, Json>) {
        let transport = self.w.will_be(TRANSPORT).and_then(Value::as_text);
        if body.contains_key(TRANSPORT) && !body.contains_key(PORT) {
            let usual = |transport: &str| Value::Int(usual_port(transport).into());
            let live = self.w.is(PORT);
            // A port that was only the usual one of the old transport goes with it.
            let live = live.filter(|port| {
                self.w.is(TRANSPORT).and_then(Value::as_text).is_none_or(|old| **port != usual(old))
            });
            let port = self.wanted(PORT).or(live).cloned();
            let port = port.or_else(|| transport.map(usual));
            body.extend(port.map(|port| (PORT.to_owned(), self.w.wire(&port))));
        } else if body.contains_key(PORT) && !body.contains_key(TRANSPORT) {
            body.extend(transport.map(|transport| (TRANSPORT.to_owned(), Request::literal(transport))));
        }
    }

    /// The verification, by what its body says, and the switch.
    fn switched_on(&self, path: String, gap: Gap) -> [Draft; 2] {
        let mut verify = draft("verify", "POST", format!("{path}/verify"), None).gap(gap).repeats();
        verify.expect.agrees.insert("/data/is_verified".into(), true.into());
        [verify, draft("activate", "PUT", path, Some(json!({IS_ACTIVE: true}))).gap(gap)]
    }

    /// What the file says of an attribute.
    fn wanted(&self, name: &str) -> Option<&Value> {
        self.w.change.after.as_ref()?.attributes.get(name).filter(|value| **value != Value::Null)
    }

    fn number(&self, action: Action) -> Vec<Draft> {
        match action {
            Action::Create => self.create_number().into_iter().collect(),
            Action::Delete => self.delete_number().into_iter().collect(),
            // A move: there is none in place.
            Action::Replace => match (self.delete_number(), self.create_number()) {
                (Some(old), Some(new)) => vec![old.gap(Gap::Brief), new.gap(Gap::Brief)],
                // What has nowhere to go stays where it is.
                _ => Vec::new(),
            },
            // Only its agent can change in place, and that is the agent's to say.
            Action::Update => Vec::new(),
        }
    }

    /// Nothing where no trunk is named: no number can be without one.
    fn create_number(&self) -> Option<Draft> {
        let trunk = self.wanted("trunk")?.as_ref_address()?;
        let path = format!("{TRUNKS}/{}{DIDS}", self.w.segment(trunk));
        let number = self.w.name();
        let declared = self.wanted("country_code").map(|code| self.w.wire(code));
        // Where the digits belong to no one country Talkover asks for it, in its own words.
        let country = declared.or_else(|| country(&number).map(Json::from));
        let mut body = Map::from_iter([("number".to_owned(), Request::literal(&number))]);
        let fields = body.clone();
        body.extend(country.map(|country| ("country_code".to_owned(), country)));
        Some(create(path, body, fields))
    }

    fn delete_number(&self) -> Option<Draft> {
        let trunk = self.w.is("trunk")?.as_ref_address()?;
        Some(delete(self.w.path(&format!("{TRUNKS}/{}{DIDS}", self.live_segment(trunk))), NUMBER_GOES))
    }

    /// A live trunk in a path; one that goes in the same plan is not among the ids.
    fn live_segment(&self, trunk: &Address) -> String {
        let id = self.live.get(trunk).and_then(|trunk| trunk.id.as_ref());
        id.map_or_else(|| self.w.segment(trunk), Id::to_segment)
    }
}

/// A POST that makes something, and where to look for it when the answer leaves open whether it did.
fn create(list: String, body: Map<String, Json>, fields: Map<String, Json>) -> Draft {
    // Talkover refuses a number that is there already; a trunk of the same name it may well make.
    let unique = list.ends_with(DIDS);
    let entry = Entry { fields, within: SHOWN_WITHIN };
    let lookup = Some(Lookup { path: list.clone(), entry, unique, ..Lookup::default() });
    let expect = succeeds(Expect { lookup, ..Expect::id(&CREATED_ID) });
    Draft::new("create", "POST", list, Some(body.into())).expect(expect)
}

fn delete(path: String, because: &'static str) -> Draft {
    draft("delete", "DELETE", path, None).irreversible(because)
}

/// The port that goes with a transport where none is named.
fn usual_port(transport: &str) -> u16 {
    if transport == DEFAULT_TRANSPORT { 5061 } else { 5060 }
}

/// A truth value, which may come as text.
fn is_true(value: &Value) -> bool {
    *value == Value::Bool(true)
        || value.as_text().is_some_and(|text| text.trim().eq_ignore_ascii_case("true"))
}

fn is_off(value: &Value) -> bool {
    !is_true(value)
}
