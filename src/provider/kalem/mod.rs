//! Kalem: trunks and numbers side by side, a number points to its trunk.
//! `types` says what a trunk and a number are, `observe` reads them page by page, `lower` writes the requests of a change.
//! Whatever is assumed of Kalem and not documented stands here, in one place.
//!
//! # What Kalem's pages say
//! <https://kalem.me/docs/api/trunks>, <https://kalem.me/docs/api/numbers>: partial updates by PUT; a trunk with numbers can't be deleted (409); the password
//! of a trunk is never returned; a number is switched on and off by its text, not by its id; 15 rows a page, at most 100.
//!
//! # What is assumed
//! | assumption | where it shows |
//! |---|---|
//! | `direction` and `auth_type` of a trunk can't be changed in place | `types` (`x-immutable`) |
//! | `number` and `provider` of a number can't be changed at all | `types` (`x-immutable`) |
//! | the other fields of a trunk can be changed, and `null` clears them as it clears the references of a number | `lower` |
//! | two trunks may have one name, so that a replacement can be made beside the old one | `lower`, [`crate::model::REPLACEMENT_MARK`] |
//! | a new number may be active or not, so a named `status` is always set after it is made | `lower` |
//! | an answer to a creation holds the id, in `data` or bare | `CREATED_ID` |
//! | `search` finds at least what has exactly this name or number, among others; what it does not find may be there all the same | `lower` (`lookup`) |
//! | a second trunk of one name can be made, and perhaps a second number: neither is sent again where its answer was lost and it is not found | `lower` (`lookup`) |
//! | lists come with `data` and `meta`, with the same keys in one object, or bare | `provider::pages` |
//! | `GET /agents` lists agents with `id`, `name` and perhaps `type`; it is on no page, so it may as well be missing | `AGENTS` |
//! | the ids of trunks, numbers and agents are whole numbers, sometimes as text | `rows` |

mod lower;
mod observe;
mod rows;
#[cfg(test)]
mod tests;
pub mod types;

use async_trait::async_trait;

use super::Provider;
use crate::api::{Api, ApiError};
use crate::model::{Account, Budget, Change, Draft, Ids, Kinds, Reading, State};

/// The list of trunks, and what one is made with.
const TRUNKS: &str = "/trunks";
/// The list of numbers, and what one is made with.
const NUMBERS: &str = "/numbers";
/// The list of agents, where there is one.
const AGENTS: &str = "/agents";
/// Where an answer to a creation holds the id.
const CREATED_ID: [&str; 2] = ["/data/id", "/id"];

/// Kalem: trunks and numbers side by side, a number points to its trunk.
pub struct Kalem;

#[async_trait]
impl Provider for Kalem {
    fn name(&self) -> &'static str {
        "kalem"
    }

    fn base_url(&self) -> &'static str {
        "https://kalem.me/api/v1"
    }

    /// <https://kalem.me/docs/api>.
    fn edges(&self) -> &'static [&'static str] {
        &["kalem.me"]
    }

    fn kinds(&self) -> &'static Kinds {
        types::kinds()
    }

    fn schema(&self) -> &'static serde_json::Value {
        types::schema()
    }

    fn starter(&self) -> &'static str {
        include_str!("starter.yaml")
    }

    /// The pages of an earlier generation: 1000 requests an hour with the standard plan (<https://kalem.me/docs/api>).
    fn budget(&self) -> Option<Budget> {
        Some(Budget { requests: 1000, seconds: 3600 })
    }

    fn pages(&self) -> bool {
        true
    }

    /// A list of numbers costs a page for a hundred of them: everything is always read.
    async fn observe(&self, api: &Api, account: &Account, _: Reading) -> Result<State, ApiError> {
        observe::observe(self.kinds(), api, account).await
    }

    fn lower(&self, change: &Change, ids: &Ids) -> Vec<Draft> {
        lower::lower(self.kinds(), change, ids)
    }
}
