//! Bolna, begun: what its files may say. Nothing is read or sent yet.

pub mod types;

use async_trait::async_trait;

use super::Provider;
use crate::api::{Api, ApiError};
use crate::model::{Account, Budget, Change, Draft, Ids, Kinds, Reading, State};

/// Bolna.
pub struct Bolna;

#[async_trait]
impl Provider for Bolna {
    fn name(&self) -> &'static str {
        "bolna"
    }

    fn base_url(&self) -> &'static str {
        "https://api.bolna.ai"
    }

    /// <https://www.bolna.ai/docs/migrating-to-sip-trunks/overview.md>: `sip.bolna.ai` and `trunk.bolna.ai` are its SIP edges, the addresses are theirs.
    fn edges(&self) -> &'static [&'static str] {
        &["bolna.ai", "13.200.45.61", "15.252.21.46", "13.206.230.198"]
    }

    fn kinds(&self) -> &'static Kinds {
        types::kinds()
    }

    fn schema(&self) -> &'static serde_json::Value {
        types::schema()
    }

    fn budget(&self) -> Option<Budget> {
        Some(Budget { requests: 1000, seconds: 60 })
    }

    async fn observe(&self, _: &Api, _: &Account, _: Reading) -> Result<State, ApiError> {
        Ok(State::default())
    }

    fn lower(&self, _: &Change, _: &Ids) -> Vec<Draft> {
        Vec::new()
    }
}
