//! Kalem.

pub mod types;

use async_trait::async_trait;

use super::Provider;
use crate::api::{Api, ApiError};
use crate::model::{Account, Change, Draft, Ids, Kinds, State};

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
    fn kinds(&self) -> &'static Kinds {
        types::kinds()
    }
    fn schema(&self) -> &'static serde_json::Value {
        types::schema()
    }
    async fn observe(&self, _: &Api, _: &Account) -> Result<State, ApiError> {
        todo!()
    }
    fn lower(&self, _: &Change, _: &Ids) -> Vec<Draft> {
        todo!()
    }
}
