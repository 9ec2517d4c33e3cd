//! The code that knows one platform, behind two questions: what is there, and which requests make a change?
//! A new platform is one folder here, one under `sandbox`, one example and one line in [`ALL`].
//! Providers never learn of plans, journals or output.

pub mod file;
pub mod kalem;

use async_trait::async_trait;

use crate::api::{Api, ApiError};
use crate::model::{Account, Change, Draft, Ids, Kinds, State};

/// Every platform.
pub const ALL: &[&dyn Provider] = &[&kalem::Kalem];

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

    /// What its kinds allow, read from the schema of the Rust types.
    fn kinds(&self) -> &'static Kinds;

    /// The JSON Schema (draft-07, self-contained with `definitions`) of a file of this platform, our annotations included.
    fn schema(&self) -> &'static serde_json::Value;

    /// What is there? Reads only; complete or an error.
    async fn observe(&self, api: &Api, account: &Account) -> Result<State, ApiError>;

    /// Which requests make this change, in which order? Pure.
    ///
    /// `ids` knows everything that is live and keeps its id; what is not in it is made by the plan and referred to by placeholder. The old id of a resource that
    /// is replaced or deleted stands in `change.before`.
    fn lower(&self, change: &Change, ids: &Ids) -> Vec<Draft>;
}
