//! A plan: the literal list of requests, in order, with what each waits for and why it is there.
//! Immutable and complete: render and apply read the same value, so what was shown is what is sent.
//! Never holds a secret, only the places where secrets can be found.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use super::address::{Account, Address};
use super::change::Action;
use super::declared_secret::DeclaredSecret;
use super::diagnostic::{Code, Diagnostic};
use super::holding::Holding;
use super::resource::Id;
use super::since::Cause;
use super::step::Step;

/// One change as the plan shows it: JSON values with secrets masked, references by name.
#[derive(Clone, Debug, PartialEq)]
pub struct PlannedChange {
    /// Which resource.
    pub address: Address,
    /// The address under which it was read, where that is another (a name that the file changes, a pinned trunk).
    pub read_as: Option<Address>,
    /// What the platform called it when it was read; none for a create.
    pub id: Option<Id>,
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
    /// Who is behind it, where the plan is compared with a revision and that is known.
    pub cause: Option<Cause>,
}

/// One declared resource as it will be.
#[derive(Clone, Debug, PartialEq)]
pub struct PlannedResource {
    /// Which.
    pub address: Address,
    /// Of which platform.
    pub provider: String,
    /// All that is known of it with what is managed laid on top, secrets masked.
    pub values: Arc<Map<String, Json>>,
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

/// How many requests a platform's pages allow in which time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Budget {
    /// So many requests.
    pub requests: u32,
    /// In so many seconds.
    pub seconds: u32,
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
    /// What its platform allows, where its pages say so.
    pub budget: Option<Budget>,
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
    /// The same of only these actions.
    #[must_use]
    pub fn of(&self, actions: impl Iterator<Item = Action>) -> Self {
        let mut summary = Self { create: 0, update: 0, replace: 0, delete: 0, ..*self };
        actions.for_each(|action| *summary.count(action) += 1);
        summary
    }

    /// How many resources this happens to.
    pub fn count(&mut self, action: Action) -> &mut usize {
        match action {
            Action::Create => &mut self.create,
            Action::Update => &mut self.update,
            Action::Replace => &mut self.replace,
            Action::Delete => &mut self.delete,
        }
    }

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
    /// Trunks that stop taking or making calls.
    #[serde(default)]
    pub trunks_deactivated: usize,
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
    /// Every declared resource as it will be, by address; empty where only people are to read the plan.
    pub planned: Vec<PlannedResource>,
    /// Live things that no file lists and that stay, by address.
    pub unlisted: Vec<Address>,
    /// Every declared secret of the plan's scope with its source, by address and attribute.
    pub secrets: Vec<DeclaredSecret>,
    /// The plan in numbers.
    pub summary: Summary,
    /// What it means for callers.
    pub impact: Impact,
    /// The trunks and agents whose count of numbers changes, by address; those of which it is known.
    pub holdings: Vec<Holding>,
    /// Why apply will not do it; empty where it will.
    pub refusals: Vec<Refusal>,
    /// What the live account showed beside differences.
    pub diagnostics: Vec<Diagnostic>,
    /// The patterns of `--target`: the plan is partial where there are any.
    pub targets: Vec<String>,
    /// The revision of the files that it is compared with: `--since`.
    pub since: Option<String>,
    /// `--allow-removals` of the run that made it.
    pub allow_removals: Option<usize>,
    /// What else kept the plan from being complete: an account that could not be read, a token that is missing.
    pub errors: Vec<String>,
    /// The accounts that could not be read, each with the sentence at the same place of `errors`: the plan is that of the others.
    pub unread: Vec<Account>,
}

impl PlannedChange {
    /// Where it stood when the account was read, and where its fingerprint is.
    pub fn live_address(&self) -> &Address {
        self.read_as.as_ref().unwrap_or(&self.address)
    }
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

    /// Whether it is whole but for accounts that could not be read, of which there are some.
    pub fn lacks_only_accounts(&self) -> bool {
        !self.unread.is_empty()
            && self.errors.len() == self.unread.len()
            && !self.diagnostics.iter().any(Diagnostic::is_error)
    }
}
