//! The lines of a journal, as `apply` writes them.
//! In: the text of one line. Out: what it says, of the right types.
//! Keys that are not known are passed over: they may be added within a version.

use serde::Deserialize;
use serde_json::{Map, Value as Json};

use crate::model::{Id, Outcome};

/// The version that is read here.
pub(super) const VERSION: u32 = 1;

/// One line.
#[derive(Debug, Deserialize)]
#[serde(tag = "event", rename_all = "lowercase")]
pub(super) enum Line {
    /// A run begins.
    Plan(Heading),
    /// The run will change something.
    Change(Box<Change>),
    /// A request is about to be sent.
    Begin(Begin),
    /// A request has its outcome.
    End(End),
}

#[derive(Debug, Deserialize)]
pub(super) struct Heading {
    pub(super) journal_version: u32,
    pub(super) at: String,
    pub(super) accounts: Vec<AccountLine>,
}

#[derive(Debug, Deserialize)]
pub(super) struct AccountLine {
    pub(super) account: String,
    pub(super) provider: String,
    pub(super) allowed: usize,
}

#[derive(Debug, Deserialize)]
pub(super) struct Change {
    pub(super) address: String,
    pub(super) provider: String,
    pub(super) action: Action,
    pub(super) read_as: Option<String>,
    pub(super) id: Option<Id>,
    pub(super) before: Option<Map<String, Json>>,
    pub(super) changed: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Action {
    Create,
    Update,
    Replace,
    Delete,
}

#[derive(Debug, Deserialize)]
pub(super) struct Begin {
    pub(super) step: u32,
    pub(super) address: String,
    pub(super) body: Option<Json>,
}

#[derive(Debug, Deserialize)]
pub(super) struct End {
    pub(super) step: u32,
    pub(super) outcome: Outcome,
    pub(super) id: Option<Id>,
}

impl From<Action> for crate::model::Action {
    fn from(action: Action) -> Self {
        match action {
            Action::Create => Self::Create,
            Action::Update => Self::Update,
            Action::Replace => Self::Replace,
            Action::Delete => Self::Delete,
        }
    }
}
