//! One request of a plan, as a provider drafts it and as the plan orders it.
//! A literal HTTP request but for ids that the plan itself makes, and for secrets.
//! Nothing is left to decide when it is sent.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use super::address::Address;
use super::change::Change;
use super::notes::Notes;
use super::resource::Id;

/// How long the thing that a step touches can't take calls.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Gap {
    /// Not at all.
    #[default]
    None,
    /// For the few requests until a later step of the same change.
    Brief,
    /// Until the platform has verified the new connection.
    UntilVerified,
}

impl Gap {
    /// The words for a reader.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Brief => "brief",
            Self::UntilVerified => "until verified",
        }
    }
}

/// One HTTP request, literal but for two kinds of placeholders.
///
/// A text in the body that is as a whole `${ADDRESS}` stands for the id that an earlier step makes, `${env:NAME}` and `${file:PATH}` for a secret.
/// A literal text that begins with `${` is written with one more `$` in front. In a path a placeholder may stand anywhere; `%`, `/` and `}` inside it are
/// percent-encoded. See [`Request::literal`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Request {
    /// `POST`, `PUT`, `PATCH` or `DELETE`; `GET` where something is waited for or made sure of.
    pub method: String,
    /// Below the platform's base URL, with a leading slash.
    pub path: String,
    /// The JSON body, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<Json>,
}

impl Request {
    /// All texts of a value as it stands in a body, at any depth.
    pub fn texts(json: &Json) -> Vec<&str> {
        let (mut texts, mut pending) = (Vec::new(), vec![json]);
        while let Some(next) = pending.pop() {
            match next {
                Json::String(text) => texts.push(text.as_str()),
                Json::Array(items) => pending.extend(items),
                Json::Object(parts) => pending.extend(parts.values()),
                Json::Null | Json::Bool(_) | Json::Number(_) => {}
            }
        }
        texts
    }

    /// A literal text as it stands in a body: never taken for a placeholder.
    pub fn literal(text: &str) -> Json {
        let escaped = text.trim_start_matches('$').starts_with('{') && text.starts_with('$');
        if escaped { format!("${text}").into() } else { text.into() }
    }

    /// The text that stands in a body as this literal.
    pub fn text_of(literal: &str) -> &str {
        let escaped = literal.starts_with("$$") && literal.trim_start_matches('$').starts_with('{');
        if escaped { &literal[1..] } else { literal }
    }

    /// The placeholder of an address in a body.
    pub fn placeholder(address: &Address) -> String {
        format!("${{{address}}}")
    }

    /// The placeholder of an address in a path.
    pub fn path_placeholder(address: &Address) -> String {
        let inner = address.to_string().replace('%', "%25").replace('/', "%2F").replace('}', "%7D");
        format!("${{{inner}}}")
    }
}

/// What the executor looks for in an answer beside its status.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Expect {
    /// Where the id of what was made stands: JSON pointers, the first that is there. Empty where nothing is made.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub id: Vec<String>,
    /// What must stand at these JSON pointers, whatever the status says; a place that the answer does not have says nothing.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub agrees: Map<String, Json>,
    /// Of a step whose method is `GET`: it is repeated until the list that it reads has this entry.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shows: Option<Entry>,
    /// Of a step whose method is `GET`: the list that it reads must not have such an entry; it is read again until it has none, at most `within` seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lacks: Option<Entry>,
    /// Of a step that makes something: where to look for it when the answer leaves open whether it was made, or says that it is there already.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lookup: Option<Lookup>,
    /// Of a step whose method is `POST`: sent twice it does no more than once, so it may be sent again where its answer was lost.
    #[serde(default, skip_serializing_if = "is_false")]
    pub repeats: bool,
    /// A list in its body may lack what should have been made and was not: such ids are left out, and the step waits only for the end of the steps that make them.
    #[serde(default, skip_serializing_if = "is_false")]
    pub partial: bool,
}

fn is_false(flag: &bool) -> bool {
    !flag
}

impl Expect {
    /// Nothing but the id of what is made, at the first of these JSON pointers.
    pub fn id(pointers: &[&str]) -> Self {
        Self { id: pointers.iter().map(|&pointer| pointer.to_owned()).collect(), ..Self::default() }
    }

    /// Whether there is nothing to look for.
    pub fn is_nothing(&self) -> bool {
        *self == Self::default()
    }

    /// Whether the step makes something that has an id from then on.
    pub fn makes(&self) -> bool {
        !self.id.is_empty()
    }
}

/// One entry of a list that a platform answers with, known by some of its fields.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Entry {
    /// What its fields are; texts may be placeholders as in a request's body.
    pub fields: Map<String, Json>,
    /// How many seconds the platform may take to show it.
    pub within: u32,
}

/// Where something can be found that may have been made.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Lookup {
    /// The list, with placeholders as in a request's path.
    pub path: String,
    /// What the list is asked for: at least all that the entry may be. Texts may be placeholders as in a request's body.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub query: Map<String, Json>,
    /// The part of the query that counts the pages from 1, where the list has pages: it is read to its end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<String>,
    /// Its entry; the id stands in its field `id`.
    pub entry: Entry,
    /// What was there before, and may look the same: it was not made by this step.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub known: Vec<Id>,
    /// Whether the platform refuses a second one like it: then it may be made once more where the list does not show it.
    #[serde(default, skip_serializing_if = "is_false")]
    pub unique: bool,
}

/// One request as a provider drafts it, before the plan has an order.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    /// One word for what it does: `create`, `update`, `assign`, `unassign`, `activate`, `deactivate`, `verify`, `wait`, `check`, `rename`, `delete`.
    pub verb: &'static str,
    /// The request.
    pub request: Request,
    /// What its answer must hold.
    pub expect: Expect,
    /// How long the thing is down.
    pub gap: Gap,
    /// Whether nothing can bring back what it takes away.
    pub irreversible: bool,
    /// What is true once it is done, in words that only the drafts of one account share.
    pub reaches: Vec<String>,
    /// What must be true before, where the order of the changes does not say it: drafts that reach one of these come first.
    pub after: Vec<String>,
    /// What a reviewer should know of it.
    pub notes: Notes,
}

impl Draft {
    /// A request that nothing is expected of but a good status.
    pub fn new(verb: &'static str, method: &str, path: String, body: Option<Json>) -> Self {
        let request = Request { method: method.into(), path, body };
        let (reaches, after, notes) = Default::default();
        let (expect, gap) = Default::default();
        Self { verb, request, expect, gap, irreversible: false, reaches, after, notes }
    }

    /// The same with a gap.
    #[must_use]
    pub fn gap(self, gap: Gap) -> Self {
        Self { gap, ..self }
    }

    /// The same, and harmless when it is sent twice.
    #[must_use]
    pub fn repeats(mut self) -> Self {
        self.expect.repeats = true;
        self
    }

    /// The same, and nothing can bring back what it takes away, because of this.
    #[must_use]
    pub fn irreversible(mut self, because: &'static str) -> Self {
        self.irreversible = true;
        self.notes.irreversible = Some(because.into());
        self
    }

    /// The same with what the platform does beside it.
    #[must_use]
    pub fn side_effect(mut self, words: &'static str) -> Self {
        self.notes.side_effect = Some(words.into());
        self
    }

    /// The same with what its answer must hold.
    #[must_use]
    pub fn expect(self, expect: Expect) -> Self {
        Self { expect, ..self }
    }
}

/// One change with its requests, in the order in which they must run.
#[derive(Clone, Debug)]
pub struct Drafted {
    /// What the requests are for. One about an agent is no change of the plan: it stands for the requests that several changes share.
    pub change: Change,
    /// The requests.
    pub drafts: Vec<Draft>,
}

/// One request of a plan.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// From 1, in the order of the plan.
    pub id: u32,
    /// What it is about.
    pub address: Address,
    /// See [`Draft::verb`].
    pub verb: String,
    /// The request.
    pub request: Request,
    /// What its answer must hold.
    pub expect: Expect,
    /// The steps that must be done before; all have smaller ids.
    pub waits_on: Vec<u32>,
    /// How long the thing is down.
    pub gap: Gap,
    /// Whether nothing can bring back what it takes away.
    pub irreversible: bool,
    /// Why it is there.
    pub reason: String,
    /// `file:line:column` of the resource, if it is in a file.
    pub source: Option<String>,
    /// What a reviewer should know of it.
    pub notes: Notes,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_literal_is_never_taken_for_a_placeholder() {
        assert_eq!(Request::literal("${env:HOME}"), "$${env:HOME}");
        assert_eq!(Request::literal("$${x}"), "$$${x}");
        assert_eq!(Request::literal("$5 trunk"), "$5 trunk");
        assert_eq!(Request::literal("a ${b}"), "a ${b}");
        assert_eq!(Request::literal("{x}"), "{x}");
        for text in ["${env:HOME}", "$${x}", "$5 trunk", "$$5", "a ${b}", "{x}", "$", ""] {
            assert_eq!(Request::literal(text).as_str().map(Request::text_of), Some(text));
        }
    }

    #[test]
    fn a_name_cannot_break_out_of_a_path() {
        let address: Address = "kalem.trunk.a}/b%".parse().unwrap();
        assert_eq!(Request::path_placeholder(&address), "${kalem.trunk.a%7D%2Fb%25}");
    }
}
