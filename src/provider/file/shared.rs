//! What a file says of many numbers or trunks at once, as types whose JSON Schema is the published one.
//! In: nothing. Out: the shape of `defaults` and `numbers_from`.
//! Which attributes may be shared is the platform's to say: `generate` puts them in.

use schemars::JsonSchema;

use super::nullability::not_null;

/// What the entries of a file have that they do not state themselves: an explicit `null` in an entry clears what stands here.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, inline)]
pub struct Defaults {
    /// What every trunk of this file has, unless its entry says otherwise.
    #[schemars(transform = not_null)]
    pub trunks: Option<Shared>,
    /// What every number of this file and its inventories has, unless its entry or row says otherwise.
    #[schemars(transform = not_null)]
    pub numbers: Option<Shared>,
}

/// Stands for the attributes of a kind, which the platform's types say.
#[derive(JsonSchema)]
#[schemars(inline)]
pub struct Shared {}

/// `numbers_from`: one inventory, or several.
#[derive(JsonSchema)]
#[schemars(untagged, inline)]
pub enum Inventories {
    /// One.
    One(Inventory),
    /// Several.
    Several(Vec<Inventory>),
}

/// A table of numbers beside the file.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, inline)]
pub struct Inventory {
    /// The path of a CSV file, relative to this file and inside its folder. Its first line names the columns: `number`, and any other attributes.
    #[schemars(length(min = 1))]
    pub csv: String,
    /// What every row of this inventory has, unless it says otherwise; goes before the `defaults` of the file.
    #[schemars(transform = not_null)]
    pub defaults: Option<Shared>,
}
