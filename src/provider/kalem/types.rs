//! What a trunk and a number of Kalem are: <https://kalem.me/docs/api/trunks>, <https://kalem.me/docs/api/numbers>.
//! In: nothing. Out: the JSON Schema of a Kalem file and the table of its kinds; both are read from the types below.
//! The types are never filled; their documentation is what editors show.

use std::sync::OnceLock;

use schemars::{JsonSchema, Schema};
use serde_json::Value as Json;

use crate::model::Kinds;
use crate::provider::file::generate::{kinds_of, requires, schema_of};
use crate::provider::file::nullability::not_null;
use crate::provider::file::types::{NameOrId, NumberSettings, PhoneNumber, Secret, TrunkName, TrunkSettings};

/// A SIP trunk: it connects agents to a phone network. Kalem can't change `direction` and `auth_type` of a live trunk; it is made anew and its numbers move over.
#[derive(JsonSchema)]
#[schemars(
    rename = "KalemTrunk",
    title = "Kalem trunk",
    deny_unknown_fields,
    transform = requirements,
    extend("x-snippets" = [
        {
            "label": "inbound trunk",
            "description": "Calls come in from the address of your own telephone system.",
            "body": {"name": "${1:Office PBX}", "direction": "inbound", "auth_type": "ip", "host": "${2:pbx.example.com}"}
        },
        {
            "label": "outbound trunk",
            "description": "Calls go out through a carrier that asks for a user name and a password.",
            "body": {"name": "${1:Carrier}", "direction": "outbound", "auth_type": "digest", "username": "${2:user}", "password": {"env": "${3:CARRIER_PASSWORD}"}, "outbound_server": "${4:sip.example.com}"}
        }
    ])
)]
pub struct Trunk {
    /// The name of the trunk; numbers refer to it by this name.
    pub name: TrunkName,
    /// Whether calls come in through the trunk or go out.
    #[schemars(extend("x-immutable" = "replace"))]
    pub direction: Direction,
    /// How the two sides know each other.
    #[schemars(extend("x-immutable" = "replace"))]
    pub auth_type: AuthType,
    /// The IP address or host name of the telephone system that calls come from, without port. Needed where `direction` is `inbound` and `auth_type` is `ip`.
    #[schemars(length(min = 1), extend("x-compare" = "host"))]
    pub host: Option<String>,
    /// The SIP port. Default: 5060.
    #[schemars(range(min = 1, max = 65535), extend("default" = 5060, "x-code" = "TRK001"))]
    pub port: Option<u16>,
    /// The user name of digest authentication. Needed where `auth_type` is `digest`.
    #[schemars(transform = not_null, length(min = 1))]
    pub username: Option<String>,
    /// The password of digest authentication, at least 8 characters: where it is to be found, never the password itself. Needed where `auth_type` is `digest`. Kalem never returns it, so it is sent when the trunk is made, and with `--rotate`.
    #[schemars(extend("writeOnly" = true, "x-min-length" = 8, "x-code" = "SEC001"))]
    pub password: Option<Secret>,
    /// The address of the carrier's SIP server that calls go out to. Needed where `direction` is `outbound`.
    #[schemars(length(min = 1), extend("x-compare" = "host"))]
    pub outbound_server: Option<String>,
    /// What is said of the trunk beside its attributes.
    #[schemars(flatten)]
    pub settings: TrunkSettings,
}

/// The way of the calls.
#[derive(JsonSchema)]
#[schemars(rename_all = "lowercase", inline)]
pub enum Direction {
    /// Calls come in from your telephone system or carrier.
    Inbound,
    /// Agents call out through a carrier.
    Outbound,
}

/// How the two sides know each other.
#[derive(JsonSchema)]
#[schemars(rename_all = "lowercase", inline)]
pub enum AuthType {
    /// By the IP address that calls come from.
    Ip,
    /// By user name and password (SIP digest).
    Digest,
}

/// A phone number that agents take and make calls with.
#[derive(JsonSchema)]
#[schemars(
    rename = "KalemNumber",
    title = "Kalem number",
    deny_unknown_fields,
    extend("x-snippets" = [{
        "label": "number",
        "description": "A number that comes in through a trunk and is answered by an agent.",
        "body": {"number": "\"${1:+15551234567}\"", "trunk": "${2:Office PBX}", "voice_agent": "${3:Sales Agent}"}
    }])
)]
pub struct Number {
    /// The number in E.164 form, in quotes: `"+15551234567"`. A range stands for its numbers: `+15550100000..+15550100999`.
    pub number: PhoneNumber,
    /// Where the number comes from. Kalem takes it only when the number is made; a live number is never made anew, so a difference is refused.
    #[schemars(extend("x-immutable" = "refuse"), transform = not_null)]
    pub provider: Option<Source>,
    /// The trunk of this account that the number uses, by name, in the file or live.
    #[schemars(length(min = 1), extend("x-ref" = "trunk", "x-field" = "trunk_id"))]
    pub trunk: Option<String>,
    /// The agent that speaks on this number, by name or id.
    #[schemars(extend("x-ref" = "voice_agent", "x-field" = "voice_agent_id"))]
    pub voice_agent: Option<NameOrId>,
    /// The agent that writes on this number, by name or id.
    #[schemars(extend("x-ref" = "text_agent", "x-field" = "text_agent_id"))]
    pub text_agent: Option<NameOrId>,
    /// Whether the number takes and makes calls.
    #[schemars(transform = not_null, extend("x-inactive" = "inactive"))]
    pub status: Option<Status>,
    /// What is said of the number beside its attributes.
    #[schemars(flatten)]
    pub settings: NumberSettings,
}

/// Where a number comes from.
#[derive(JsonSchema)]
#[schemars(rename_all = "lowercase", inline)]
pub enum Source {
    /// Brought along from any carrier.
    Manual,
    /// A number at Twilio.
    Twilio,
}

/// Whether a number takes and makes calls.
#[derive(JsonSchema)]
#[schemars(rename_all = "lowercase", inline)]
pub enum Status {
    /// It takes and makes calls.
    Active,
    /// It does neither.
    Inactive,
}

fn requirements(schema: &mut Schema) {
    let inbound_ip = [("direction", "inbound"), ("auth_type", "ip")];
    requires(schema, "TRK009", &inbound_ip, &["host"], "an inbound trunk with `auth_type: ip` needs it");
    let digest = [("auth_type", "digest")];
    requires(
        schema,
        "TRK009",
        &digest,
        &["username", "password"],
        "a trunk with `auth_type: digest` needs it",
    );
    let outbound = [("direction", "outbound")];
    requires(schema, "TRK009", &outbound, &["outbound_server"], "an outbound trunk needs it");
}

/// The JSON Schema of a Kalem file, our annotations included.
pub fn schema() -> &'static Json {
    static SCHEMA: OnceLock<Json> = OnceLock::new();
    SCHEMA.get_or_init(|| schema_of::<Trunk, Number>("kalem", "Kalem account"))
}

/// What the kinds of Kalem allow.
pub fn kinds() -> &'static Kinds {
    static KINDS: OnceLock<Kinds> = OnceLock::new();
    KINDS.get_or_init(|| kinds_of(schema()))
}
