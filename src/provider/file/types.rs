//! The shape of a configuration file: what every platform's file shares, as types whose JSON Schema is the published one.
//! In: a platform's trunk and number type. Out: types with the annotations (`x-…`) that validation, diff, planner and redaction read.
//! The types are never filled: values stay in the spanned tree, so that every complaint has its place.

use schemars::{JsonSchema, Schema, json_schema};

use super::nullability::not_null;
use super::shared::{Defaults, Inventories};

/// One file describes one account on one platform; files of one account are merged.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct File<T, N> {
    /// The platform that the account is on.
    pub provider: String,
    /// The name of the account: the first part of every address, and the end of the names of its environment variables. Default: the platform's name.
    #[schemars(
        regex(pattern = r"^[a-z][a-z0-9-]*$"),
        extend("x-pattern-error" = "write lower-case letters, digits and hyphens, a letter first"),
        transform = not_null
    )]
    pub account: Option<String>,
    /// What happens to live things that no file of this account lists. Default: `keep`.
    #[schemars(transform = not_null)]
    pub unlisted: Option<Unlisted>,
    /// How much one apply may take away: at most the larger of the two, unless `--allow-removals` says otherwise.
    #[schemars(transform = not_null)]
    pub limits: Option<Limits>,
    /// Addresses that are left alone, such as `number.+1800*`; `*` and `?` as in a shell.
    #[schemars(inner(length(min = 1)), transform = not_null)]
    pub ignore: Option<Vec<String>>,
    /// What the entries of this file have that they do not state themselves.
    #[schemars(transform = not_null)]
    pub defaults: Option<Defaults>,
    /// The SIP trunks of the account. A trunk is known by its `name`.
    #[schemars(transform = not_null)]
    pub trunks: Option<Vec<T>>,
    /// The phone numbers of the account. A number is known by its E.164 form.
    #[schemars(transform = not_null)]
    pub numbers: Option<Vec<N>>,
    /// Inventories of numbers: tables whose rows stand beside the entries of `numbers`.
    #[schemars(transform = not_null)]
    pub numbers_from: Option<Inventories>,
}

/// `unlisted`: one word for everything, or one for each kind.
#[derive(JsonSchema)]
#[schemars(untagged, inline)]
pub enum Unlisted {
    /// One word for trunks and numbers.
    All(Fate),
    /// A word for each kind.
    Each(UnlistedKinds),
}

/// What happens to unlisted things.
#[derive(JsonSchema)]
#[schemars(rename_all = "lowercase", inline)]
pub enum Fate {
    /// They stay as they are; the plan says what it kept.
    Keep,
    /// They are deleted.
    Delete,
}

/// What happens to unlisted things, kind by kind.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, inline)]
pub struct UnlistedKinds {
    /// What happens to trunks that no file lists. Default: `keep`.
    #[schemars(transform = not_null)]
    pub trunks: Option<Fate>,
    /// What happens to numbers that no file lists. Default: `keep`.
    #[schemars(transform = not_null)]
    pub numbers: Option<NumberFate>,
}

/// What happens to unlisted numbers.
#[derive(JsonSchema)]
#[schemars(rename_all = "lowercase", inline)]
pub enum NumberFate {
    /// They stay as they are; the plan says what it kept.
    Keep,
    /// They lose their trunk.
    Unassign,
    /// They stop taking and making calls.
    Deactivate,
    /// They are deleted: on most platforms the number is released for good.
    Delete,
}

/// How much one apply may take away.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, inline)]
pub struct Limits {
    /// A share of the account's live trunks and numbers such as `10%`, or a count. Default: `10%`.
    #[schemars(transform = not_null)]
    pub removals: Option<Removals>,
    /// This many removals are always allowed. Default: 3.
    #[schemars(extend("default" = 3), transform = not_null)]
    pub free: Option<u32>,
}

/// `limits.removals`.
#[derive(JsonSchema)]
#[schemars(untagged, inline)]
pub enum Removals {
    /// A share, in percent.
    Share(
        #[schemars(
            regex(pattern = r"^(100|[0-9]{1,2})%$"),
            extend("x-pattern-error" = "write a share such as `10%`, from `0%` to `100%`")
        )]
        String,
    ),
    /// A count.
    Count(u32),
}

/// What a trunk may say beside its attributes.
#[derive(JsonSchema)]
pub struct TrunkSettings {
    /// The id of the live object that is meant, where its name alone is ambiguous.
    #[schemars(extend("x-setting" = true), transform = not_null)]
    pub id: Option<NameOrId>,
    /// The name under which the trunk may still be live: it is renamed instead of made anew.
    #[schemars(length(min = 1), extend("x-setting" = true), transform = not_null)]
    pub renamed_from: Option<String>,
    /// Whether to refuse every apply that would delete it or take anything from it. Default: `false`.
    #[schemars(extend("x-setting" = true), transform = not_null)]
    pub protect: Option<bool>,
    /// Diagnostics that are silenced here, each with a reason and a last day.
    #[schemars(extend("x-setting" = true), transform = not_null)]
    pub waive: Option<Vec<Waiver>>,
}

/// What a number may say beside its attributes.
#[derive(JsonSchema)]
pub struct NumberSettings {
    /// Whether this entry changes what another one, a range or an inventory says of the number: attribute by attribute, and only what is written here. Default: `false`.
    #[schemars(rename = "override", extend("x-setting" = true), transform = not_null)]
    pub overrides: Option<bool>,
    /// The id of the live object that is meant.
    #[schemars(extend("x-setting" = true), transform = not_null)]
    pub id: Option<NameOrId>,
    /// Whether to refuse every apply that would delete it or take anything from it. Default: `false`.
    #[schemars(extend("x-setting" = true), transform = not_null)]
    pub protect: Option<bool>,
    /// Diagnostics that are silenced here, each with a reason and a last day.
    #[schemars(extend("x-setting" = true), transform = not_null)]
    pub waive: Option<Vec<Waiver>>,
}

/// Silences one diagnostic of one resource until a date.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Waiver {
    /// The code of the diagnostic, such as `NUM006`.
    #[schemars(
        regex(pattern = r"^[A-Z]{3}[0-9]{3}$"),
        extend("x-pattern-error" = "write a code such as `NUM006`; `trunkform explain` lists them")
    )]
    pub code: String,
    /// Why it is acceptable, for those who read the file later.
    #[schemars(length(min = 1))]
    pub reason: String,
    /// The last day on which it is silenced, `YYYY-MM-DD`.
    #[schemars(
        regex(pattern = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"),
        extend("x-pattern-error" = "write a date such as `2027-01-31`")
    )]
    pub until: String,
}

/// A thing of the account by its name, or by the platform's id.
#[derive(JsonSchema)]
#[schemars(untagged, inline)]
pub enum NameOrId {
    /// Its name, or an id that is text.
    Text(#[schemars(length(min = 1))] String),
    /// Its id.
    Id(i64),
}

/// The name of a trunk: what numbers refer to.
pub struct TrunkName;

impl JsonSchema for TrunkName {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "TrunkName".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "minLength": 1,
            "maxLength": 255,
            "pattern": r"^([^\t\n\r]*\S[^\t\n\r]*)?$",
            "x-identity": true,
            "x-pattern-error": "write a name on one line that shows something, without tabs"
        })
    }
}

/// A phone number, or a range of them.
pub struct PhoneNumber;

impl JsonSchema for PhoneNumber {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "PhoneNumber".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "pattern": r"^\+[1-9][0-9]{6,14}(\.\.\+[1-9][0-9]{6,14})?$",
            "x-identity": true,
            "x-compare": "number",
            "x-code": "NUM001",
            "x-error": "write the number as text, in quotes: \"+15551234567\"",
            "x-pattern-error": "write the number in E.164 form, such as \"+15551234567\""
        })
    }
}

/// Where a secret is found when it is sent; never the secret itself.
pub struct Secret;

impl JsonSchema for Secret {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Secret".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> Schema {
        json_schema!({
            "type": "object",
            "properties": {
                "env": {
                    "title": "Environment variable",
                    "description": "The name of the environment variable that holds the secret when `apply` runs.",
                    "type": "string",
                    "pattern": "^[A-Za-z_][A-Za-z0-9_]*$",
                    "x-pattern-error": "write the name of an environment variable, such as `CARRIER_PASSWORD`"
                },
                "file": {
                    "title": "File",
                    "description": "The path of the file that holds the secret, relative to this file and inside its folder.",
                    "type": "string",
                    "minLength": 1
                }
            },
            "additionalProperties": false,
            "minProperties": 1,
            "maxProperties": 1,
            "x-error": "write where the secret is, never the secret itself: `{env: NAME}` or `{file: PATH}`",
            "x-snippets": [
                {"label": "from the environment", "description": "The secret is in an environment variable.", "body": {"env": "${1:NAME}"}},
                {"label": "from a file", "description": "The secret is in a file.", "body": {"file": "${1:PATH}"}}
            ]
        })
    }
}
