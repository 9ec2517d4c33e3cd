//! The plan as JSON: what `--format json` prints and `--out` writes, readable by what reads Terraform's plans.
//! In: a plan. Out: one line of JSON; and back again, checked, with nothing lost on the way.
//! The types of this folder are the published schema (`schema/plan.schema.json`). Never holds a secret.

mod check;
mod reopen;
mod seal;
mod terraform;
mod trunkform;
mod write;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

pub use check::KindsOf;
pub use terraform::{
    Change, Configuration, Marks, Module, PlannedValues, ProviderConfig, ResourceChange, ResourceValues,
};
pub use trunkform::{AccountPart, Complaint, HoldingPart, RefusalPart, SecretPart, StepPart, Trunkform};

use crate::model::text::visible_json;

/// What stands in `after` for a secret that an update sends again.
pub const SENSITIVE_CHANGED: &str = "(sensitive value, changed)";

/// The representation of Terraform's that this one can be read as.
pub const FORMAT_VERSION: &str = "1.2";

/// The level of compatibility that Terraform's readers ask for.
pub const TERRAFORM_VERSION: &str = "1.11.4";

/// The version of the part that is our own. Keys may be added within it, never changed.
pub const PLAN_VERSION: u32 = 1;

/// A Trunkform plan: Terraform's plan representation with what Trunkform adds under `trunkform`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(title = "Trunkform plan")]
pub struct Document {
    /// Of Terraform's representation.
    pub format_version: String,
    /// A level of compatibility, not a program that ran.
    pub terraform_version: String,
    /// Whether there is something to do that `apply` will do.
    pub applyable: bool,
    /// Whether everything is in it: not narrowed by `--target`, nothing unread.
    pub complete: bool,
    /// Whether something kept the plan from being made, or no plan is safe.
    pub errored: bool,
    /// Every declared resource as it will be.
    pub planned_values: PlannedValues,
    /// What differs.
    pub resource_changes: Vec<ResourceChange>,
    /// Always empty.
    pub variables: Map<String, Json>,
    /// Always empty.
    pub output_changes: Map<String, Json>,
    /// When the plan was made, RFC 3339.
    pub timestamp: String,
    /// The platforms.
    pub configuration: Configuration,
    /// What Terraform's representation has no place for.
    pub trunkform: Trunkform,
}

impl Document {
    /// One line of JSON and a newline.
    pub fn to_line(&self) -> String {
        one_line(self)
    }
}

/// One line of JSON and a newline, pure of what a terminal or a CI job's log obeys and of what nobody can see: it is written as `\u…`.
pub fn one_line(value: &impl Serialize) -> String {
    let text = serde_json::to_string(value).expect("the documents have text keys only");
    visible_json(text) + "\n"
}

/// The JSON Schema of the document, draft-07, standard keywords only.
pub fn schema() -> Json {
    let generator = schemars::generate::SchemaSettings::draft07().into_generator();
    let mut made = generator.into_root_schema_for::<Document>().to_value();
    without_sizes(&mut made);
    let mut schema = Map::new();
    for first in ["$schema", "title", "description"] {
        schema.extend(made.as_object_mut().and_then(|made| made.remove_entry(first)));
    }
    schema.insert("$id".into(), "https://trunkform.dev/schema/plan.schema.json".into());
    schema.extend(made.as_object().cloned().unwrap_or_default());
    schema.into()
}

/// Takes away formats that are Rust's, such as `uint32`: a strict checker does not know them.
fn without_sizes(schema: &mut Json) {
    match schema {
        Json::Object(parts) => {
            parts.retain(|key, value| {
                !(key == "format" && value.as_str().is_some_and(|f| f.starts_with("uint")))
            });
            parts.values_mut().for_each(without_sizes);
        }
        Json::Array(items) => items.iter_mut().for_each(without_sizes),
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => {}
    }
}
