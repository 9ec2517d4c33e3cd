//! The code that knows one platform, behind two questions: what is there, and which requests make a change?
//! A new platform is one folder here, one under `sandbox`, one example and one line in [`ALL`].
//! Providers never learn of plans, journals or output.

pub mod bolna;
pub mod countries;
pub mod file;
pub mod kalem;
mod pages;
mod read;
pub mod talkover;
mod write;

use async_trait::async_trait;

use crate::api::{Api, ApiError};
use crate::model::{Account, Budget, Change, Draft, Drafted, Ids, Kinds, Reading, State};

/// A table of platforms, by name: [`get`], or a test's own.
pub type Platforms = fn(&str) -> Option<&'static dyn Provider>;

/// Every platform.
pub const ALL: &[&dyn Provider] = &[&kalem::Kalem, &bolna::Bolna, &talkover::Talkover];

/// Names of platforms, of some to come as well: no account of another platform may have one of them.
pub const RESERVED: &[&str] = &["kalem", "bolna", "talkover"];

/// The platform of a name.
pub fn get(name: &str) -> Option<&'static dyn Provider> {
    ALL.iter().copied().find(|provider| provider.name() == name)
}

/// One platform.
#[async_trait]
pub trait Provider: Send + Sync {
    /// The word in `provider:`.
    fn name(&self) -> &'static str;

    /// The platform's own base URL, without a slash at the end.
    fn base_url(&self) -> &'static str;

    /// The hosts of the platform itself, each name with all names below it, and addresses: a trunk that sends its calls there sends them in a circle.
    fn edges(&self) -> &'static [&'static str] {
        &[]
    }

    /// The country of a number in E.164 form, two capital letters; none where the platform has no attribute for it, or the digits do not say.
    fn country(&self, number: &str) -> Option<&'static str> {
        let _ = number;
        None
    }

    /// What its kinds allow, read from the schema of the Rust types.
    fn kinds(&self) -> &'static Kinds;

    /// The JSON Schema (draft-07, self-contained with `definitions`) of a file of this platform, our annotations included.
    fn schema(&self) -> &'static serde_json::Value;

    /// A first configuration file for such an account, to be edited.
    fn starter(&self) -> &'static str;

    /// How many requests its pages allow in which time; none where they say nothing.
    fn budget(&self) -> Option<Budget>;

    /// Whether trunks or numbers come page by page, so that a list may shift while it is read.
    fn pages(&self) -> bool {
        true
    }

    /// What is there? Reads only; complete as far as was asked, or an error.
    async fn observe(&self, api: &Api, account: &Account, reading: Reading) -> Result<State, ApiError>;

    /// Which requests make this change, in which order? Pure.
    ///
    /// `ids` knows everything that is live and keeps its id; what is not in it is made by the plan and referred to by placeholder. The old id of a resource that
    /// is replaced or deleted stands in `change.before`.
    fn lower(&self, change: &Change, ids: &Ids) -> Vec<Draft>;

    /// The requests of all changes of an account. Pure.
    ///
    /// Where a platform keeps a set on something that is no resource (the numbers of an agent), its requests are those of several changes; they stand under a
    /// change of that thing, which is in no plan.
    fn lower_all(&self, changes: Vec<Change>, live: &State, ids: &Ids) -> Vec<Drafted> {
        let _ = live;
        changes.into_iter().map(|change| Drafted { drafts: self.lower(&change, ids), change }).collect()
    }
}

/// Ids of a hostile answer, for the tests of each platform.
#[cfg(test)]
const UNSAFE_IDS: [&str; 10] = [
    ".",
    "..",
    "../numbers",
    "a/b",
    "a\\b",
    "a?b",
    "a#b",
    "a%2Fb",
    "a\nb",
    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
];
