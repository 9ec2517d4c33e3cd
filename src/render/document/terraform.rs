//! The part of the document that readers of Terraform's plans know.
//! Names and nesting are Terraform's; keys that begin with `trunkform_`, and `source`, are added.
//! Facts: Terraform 1.11.4's JSON output format, `format_version` 1.2.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use crate::model::Id;

/// Every declared resource as it will be.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PlannedValues {
    /// There is only one module.
    pub root_module: Module<ResourceValues>,
}

/// A module; Trunkform knows only one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Module_of_{T}")]
pub struct Module<T> {
    /// What is in it.
    pub resources: Vec<T>,
}

/// Values that the plan and its document share: of every declared resource there is only one copy.
mod shared {
    use super::{Arc, Json, Map};
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(super) fn serialize<S: Serializer>(
        values: &Arc<Map<String, Json>>,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        values.as_ref().serialize(to)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Arc<Map<String, Json>>, D::Error> {
        Map::deserialize(from).map(Arc::new)
    }
}

/// One declared resource.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ResourceValues {
    /// `{provider}_{kind}.{account}["{identity}"]`.
    pub address: String,
    /// Always `managed`.
    pub mode: String,
    /// `{provider}_{kind}`.
    #[serde(rename = "type")]
    pub type_name: String,
    /// The account.
    pub name: String,
    /// The identity: a trunk's name, a number's E.164 form.
    pub index: String,
    /// `trunkform/{provider}`.
    pub provider_name: String,
    /// Always 0.
    pub schema_version: u32,
    /// The managed attributes; secrets masked, references by name.
    #[serde(with = "shared")]
    #[schemars(with = "Map<String, Json>")]
    pub values: Arc<Map<String, Json>>,
    /// `true` at the place of each secret.
    pub sensitive_values: Map<String, Json>,
}

/// One resource that differs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ResourceChange {
    /// `{provider}_{kind}.{account}["{identity}"]`.
    pub address: String,
    /// Always `managed`.
    pub mode: String,
    /// `{provider}_{kind}`.
    #[serde(rename = "type")]
    pub type_name: String,
    /// The account.
    pub name: String,
    /// The identity: a trunk's name, a number's E.164 form.
    pub index: String,
    /// `trunkform/{provider}`.
    pub provider_name: String,
    /// `{account}.{kind}.{identity}`.
    pub trunkform_address: String,
    /// The same as it was when the account was read, where that is another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trunkform_read_as: Option<String>,
    /// What the platform called it when the account was read; not there for a creation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<Json>")]
    pub trunkform_id: Option<Id>,
    /// What differs.
    pub change: Change,
    /// Terraform's word for why it is replaced or deleted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub action_reason: Option<String>,
    /// The attributes that differ, in the order of the kind; of a creation all that are sent.
    pub trunkform_changed: Vec<String>,
    /// Why, in a few words.
    pub trunkform_reason: String,
    /// Who is behind it, of a plan that is compared with a revision: `yours` (the file), `drift` (what is live), `both`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trunkform_cause: Option<String>,
    /// `file:line:column`, if a file declares it.
    pub source: Option<String>,
}

/// Both sides of a difference.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Change {
    /// `["create"]`, `["update"]`, `["delete"]`, `["create","delete"]` (replaced, the new one first), `["delete","create"]` (replaced, the old one first).
    pub actions: Vec<String>,
    /// As it is; null where it is created.
    pub before: Option<Map<String, Json>>,
    /// As it will be; null where it is deleted.
    pub after: Option<Map<String, Json>>,
    /// What only the platform can say.
    pub after_unknown: Map<String, Json>,
    /// `true` at the place of each secret; `false` where that side is null.
    pub before_sensitive: Marks,
    /// `true` at the place of each secret; `false` where that side is null.
    pub after_sensitive: Marks,
    /// The attributes that differ in a resource that is replaced.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replace_paths: Option<Vec<Vec<String>>>,
}

/// Where secrets stand.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Marks {
    /// `false`: that side is null.
    Nothing(bool),
    /// `true` at each place.
    Places(Map<String, Json>),
}

/// The platforms of a plan.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Configuration {
    /// By name.
    pub provider_config: std::collections::BTreeMap<String, ProviderConfig>,
    /// Always without resources.
    pub root_module: Module<Json>,
}

/// One platform.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ProviderConfig {
    /// The word in `provider:`.
    pub name: String,
    /// `trunkform/{provider}`.
    pub full_name: String,
}
