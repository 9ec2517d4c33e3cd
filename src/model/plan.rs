//! A plan: the literal list of requests, in order, with what each waits for and why it is there.
//! Immutable and complete: render and apply read the same value, so what was shown is what is sent.
//! Never holds a secret, only the places where secrets can be found.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use super::address::{Account, Address};
use super::change::Action;
use super::diagnostic::{Code, Diagnostic};

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
    /// `POST`, `PUT`, `PATCH` or `DELETE`.
    pub method: String,
    /// Below the platform's base URL, with a leading slash.
    pub path: String,
    /// The JSON body, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<Json>,
}

impl Request {
    /// A literal text as it stands in a body: never taken for a placeholder.
    pub fn literal(text: &str) -> Json {
        let escaped = text.trim_start_matches('$').starts_with('{') && text.starts_with('$');
        if escaped { format!("${text}").into() } else { text.into() }
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
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Expect {
    /// Where the id of what was made stands: JSON pointers, the first that is there. Empty where nothing is made.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub id: Vec<String>,
}

impl Expect {
    /// Whether there is nothing to look for.
    pub fn is_nothing(&self) -> bool {
        self.id.is_empty()
    }
}

/// One request as a provider drafts it, before the plan has an order.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    /// One word for what it does: `create`, `update`, `assign`, `unassign`, `activate`, `deactivate`, `rename`, `delete`.
    pub verb: &'static str,
    /// The request.
    pub request: Request,
    /// What its answer must hold.
    pub expect: Expect,
    /// How long the thing is down.
    pub gap: Gap,
    /// Whether nothing can bring back what it takes away.
    pub irreversible: bool,
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
}

/// One change as the plan shows it: JSON values with secrets masked, references by name.
#[derive(Clone, Debug, PartialEq)]
pub struct PlannedChange {
    /// Which resource.
    pub address: Address,
    /// Of which platform.
    pub provider: String,
    /// What happens to it.
    pub action: Action,
    /// All that is known of it; none for a create.
    pub before: Option<Map<String, Json>>,
    /// `before` with what is managed laid on top; none for a delete.
    pub after: Option<Map<String, Json>>,
    /// The attributes that differ, in the order of the kind. Of a create: all that are sent.
    pub changed: Vec<String>,
    /// The attributes that hold a secret.
    pub sensitive: Vec<String>,
    /// Why.
    pub reason: String,
    /// `file:line:column`, if it is in a file.
    pub source: Option<String>,
}

/// One declared resource as it will be.
#[derive(Clone, Debug, PartialEq)]
pub struct PlannedResource {
    /// Which.
    pub address: Address,
    /// Of which platform.
    pub provider: String,
    /// Its managed values, secrets masked.
    pub values: Map<String, Json>,
    /// The attributes that hold a secret.
    pub sensitive: Vec<String>,
}

/// What was read of an account.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Observed {
    /// Live trunks.
    pub trunks: usize,
    /// Live numbers.
    pub numbers: usize,
    /// Requests that it took to read them.
    pub requests: usize,
}

/// One account of a plan.
#[derive(Clone, Debug, PartialEq)]
pub struct PlannedAccount {
    /// Its name.
    pub account: Account,
    /// Its platform.
    pub provider: String,
    /// What was read.
    pub observed: Observed,
    /// For each thing that the plan touches, `sha256:…` of how it was read. A plan is stale when one of them differs.
    pub fingerprints: Vec<(Address, String)>,
    /// Removals in this account.
    pub removals: usize,
    /// How many its limits allow.
    pub allowed: usize,
}

/// The plan in numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Summary {
    /// Resources that are made.
    pub create: usize,
    /// Resources that are changed in place.
    pub update: usize,
    /// Resources that are made anew.
    pub replace: usize,
    /// Resources that go.
    pub delete: usize,
    /// Declared resources that are as they should be.
    pub unchanged: usize,
    /// Live things that no file lists and that stay.
    pub unlisted: usize,
    /// Requests to be sent.
    pub steps: usize,
    /// Resources deleted, and numbers that lose their trunk, agent or active status.
    pub removals: usize,
}

impl Summary {
    /// N of the sentence "N to add": a replacement counts as one added.
    pub fn to_add(&self) -> usize {
        self.create + self.replace
    }

    /// N of the sentence "N to destroy": a replacement counts as one destroyed.
    pub fn to_destroy(&self) -> usize {
        self.delete + self.replace
    }
}

/// What the plan means for callers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Impact {
    /// Numbers that lose their trunk.
    pub numbers_unassigned: usize,
    /// Numbers that go from one trunk to another (or to the trunk made anew).
    pub numbers_moved: usize,
    /// Numbers whose agent changes or goes.
    pub agents_changed: usize,
    /// Numbers that stop taking and making calls.
    pub numbers_deactivated: usize,
    /// Numbers that are deleted.
    pub numbers_deleted: usize,
    /// Trunks that are deleted, replaced ones included.
    pub trunks_deleted: usize,
    /// Secrets that are sent.
    pub secrets_sent: usize,
}

/// Why apply will not, or must not, do this plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Its code (`PLN…`).
    pub code: Code,
    /// What is refused.
    pub message: String,
    /// What to do instead.
    pub help: String,
    /// The things that it is about, most important first.
    pub addresses: Vec<Address>,
    /// Whether no flag can make it safe: then `plan` itself ends with exit 3.
    pub no_safe_plan: bool,
}

/// A complete plan over all accounts of a run.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// When it was made, RFC 3339; given from outside, since planning reads no clock.
    pub timestamp: String,
    /// The accounts, by name.
    pub accounts: Vec<PlannedAccount>,
    /// What differs, by address.
    pub changes: Vec<PlannedChange>,
    /// The requests, in order.
    pub steps: Vec<Step>,
    /// Every declared resource as it will be, by address.
    pub planned: Vec<PlannedResource>,
    /// Live things that no file lists and that stay, by address.
    pub unlisted: Vec<Address>,
    /// The plan in numbers.
    pub summary: Summary,
    /// What it means for callers.
    pub impact: Impact,
    /// Why apply will not do it; empty where it will.
    pub refusals: Vec<Refusal>,
    /// What the live account showed beside differences.
    pub diagnostics: Vec<Diagnostic>,
    /// The patterns of `--target`: the plan is partial where there are any.
    pub targets: Vec<String>,
    /// What else kept the plan from being complete: an account that could not be read, a token that is missing.
    pub errors: Vec<String>,
}

impl Plan {
    /// Whether there is nothing to send.
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    /// Whether it could not be completed: something could not be read, or no plan is safe.
    pub fn errored(&self) -> bool {
        self.has_errors() || self.refusals.iter().any(|r| r.no_safe_plan)
    }

    /// Whether the files, the live account or the way to it showed an error.
    pub fn has_errors(&self) -> bool {
        !self.errors.is_empty() || self.diagnostics.iter().any(Diagnostic::is_error)
    }
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
    }

    #[test]
    fn a_name_cannot_break_out_of_a_path() {
        let address: Address = "kalem.trunk.a}/b%".parse().unwrap();
        assert_eq!(Request::path_placeholder(&address), "${kalem.trunk.a%7D%2Fb%25}");
    }
}
