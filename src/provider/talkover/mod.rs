//! Talkover, begun: what its files may say. Nothing is read or sent yet.

pub mod types;

use async_trait::async_trait;

use super::Provider;
use crate::api::{Api, ApiError};
use crate::model::{Account, Budget, Change, Draft, Ids, Kinds, Reading, State};

/// Talkover.
pub struct Talkover;

#[async_trait]
impl Provider for Talkover {
    fn name(&self) -> &'static str {
        "talkover"
    }

    fn base_url(&self) -> &'static str {
        "https://app.talkover.ai/api/v1"
    }

    /// <https://docs.talkover.ai>.
    fn edges(&self) -> &'static [&'static str] {
        &["talkover.ai"]
    }

    fn kinds(&self) -> &'static Kinds {
        types::kinds()
    }

    fn schema(&self) -> &'static serde_json::Value {
        types::schema()
    }

    fn budget(&self) -> Option<Budget> {
        Some(Budget { requests: 100, seconds: 60 })
    }

    async fn observe(&self, _: &Api, _: &Account, _: Reading) -> Result<State, ApiError> {
        Ok(State::default())
    }

    fn lower(&self, _: &Change, _: &Ids) -> Vec<Draft> {
        Vec::new()
    }
}
