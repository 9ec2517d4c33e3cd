//! The part of the document that is our own.
//! Steps, fingerprints and refusals: what `apply --plan` needs, and what no reader of Terraform's plans would look for.
//! Within one `plan_version` keys may be added, never changed.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use crate::model::{Budget, Expect, Gap, Impact, Notes, Observed, Request, Summary};

/// What Terraform's representation has no place for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Trunkform {
    /// 1.
    pub plan_version: u32,
    /// The plan in numbers.
    pub summary: Summary,
    /// The accounts, by name.
    pub accounts: Vec<AccountPart>,
    /// The requests, in order.
    pub steps: Vec<StepPart>,
    /// Live things that no file lists and that stay, as `{account}.{kind}.{identity}`.
    pub unlisted: Vec<String>,
    /// What `drift --ignore` names of what differs or is not listed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ignored: Vec<String>,
    /// Every declared secret with its source, by address and attribute. No platform gives one back: none of them is compared.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub secrets: Vec<SecretPart>,
    /// What it means for callers.
    pub impact: Impact,
    /// The trunks and agents whose count of numbers changes; those of which it is known.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub holdings: Vec<HoldingPart>,
    /// Why apply will not do it; empty where it will.
    #[serde(default)]
    pub refusals: Vec<RefusalPart>,
    /// The patterns of `--target`.
    #[serde(default)]
    pub targets: Vec<String>,
    /// The revision of the files that it is compared with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<String>,
    /// The number of `--allow-removals`, if it was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub allow_removals: Option<usize>,
    /// What the files and the live account showed beside differences.
    #[serde(default)]
    pub diagnostics: Vec<Complaint>,
    /// What else kept the plan from being complete.
    #[serde(default)]
    pub errors: Vec<String>,
    /// The accounts that could not be read: the plan is that of the others.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unread: Vec<String>,
    /// `sha256:…` of the whole document without this: `show` and `apply --plan` refuse one that was edited.
    #[serde(default)]
    pub seal: String,
}

/// One account.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AccountPart {
    /// Its name.
    pub account: String,
    /// Its platform.
    pub provider: String,
    /// What was read.
    pub observed: Observed,
    /// By address, `sha256:…` of how each thing that the plan touches was read.
    #[schemars(with = "std::collections::BTreeMap<String, String>")]
    pub fingerprints: Map<String, Json>,
    /// Removals in this account.
    #[serde(default)]
    pub removals: usize,
    /// How many its limits allow.
    #[serde(default)]
    pub allowed: usize,
    /// What its platform allows, where its pages say so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub budget: Option<Budget>,
    /// The steps of this account, each one request.
    #[serde(default)]
    pub requests: usize,
    /// The seconds that they take at most where the budget alone bounds them; null without a budget.
    #[serde(default)]
    pub eta_seconds: Option<u64>,
}

/// One request.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct StepPart {
    /// From 1.
    pub id: u32,
    /// `{account}.{kind}.{identity}`.
    pub address: String,
    /// One word for what it does.
    pub verb: String,
    /// The request.
    pub request: Request,
    /// The steps that must be done before.
    pub waits_on: Vec<u32>,
    /// How long the thing is down.
    pub gap: Gap,
    /// Whether nothing can bring back what it takes away.
    pub irreversible: bool,
    /// Why it is there.
    pub reason: String,
    /// `file:line:column`, if a file declares the resource.
    pub source: Option<String>,
    /// What the answer must hold.
    #[serde(default, skip_serializing_if = "Expect::is_nothing")]
    pub expect: Expect,
    /// What a reviewer should know of it; what is sent is the same without.
    #[serde(default, skip_serializing_if = "Notes::is_nothing")]
    pub notes: Notes,
}

/// A trunk or an agent whose count of numbers changes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct HoldingPart {
    /// `{account}.{kind}.{identity}`.
    pub address: String,
    /// How many numbers it has.
    pub before: usize,
    /// How many it will have.
    pub after: usize,
}

/// An attribute that holds a secret.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SecretPart {
    /// `{account}.{kind}.{identity}`.
    pub address: String,
    /// The attribute.
    pub attribute: String,
    /// `env NAME` or `file PATH`.
    pub from: String,
}

/// Why apply will not, or must not, do the plan.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RefusalPart {
    /// Its code.
    pub code: String,
    /// What is refused.
    pub message: String,
    /// What to do instead.
    pub help: String,
    /// The things that it is about.
    pub addresses: Vec<String>,
    /// Whether no flag can make it safe.
    pub no_safe_plan: bool,
}

/// One diagnostic, as `validate --format json` prints it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Complaint {
    /// Its code.
    pub code: String,
    /// How bad it is: `error`, `warning`, `info`.
    pub severity: String,
    /// What is wrong.
    pub message: String,
    /// Where, if it has a place.
    pub file: Option<String>,
    /// From 1.
    pub line: Option<u32>,
    /// From 1, in characters.
    pub column: Option<u32>,
    /// From 1.
    pub end_line: Option<u32>,
    /// From 1, in characters.
    pub end_column: Option<u32>,
    /// What to write instead.
    pub help: Option<String>,
    /// `{account}.{kind}.{identity}` of what it is about.
    pub address: Option<String>,
}
