//! What a trunk and a number of Talkover are: <https://docs.talkover.ai/en/api-reference/endpoints/create-sip-trunk>, <https://docs.talkover.ai/en/api-reference/endpoints/create-sip-trunk-did>.
//! In: nothing. Out: the JSON Schema of a Talkover file and the table of its kinds; both are read from the types below.
//! The types are never filled; their documentation is what editors show.

use std::sync::OnceLock;

use schemars::JsonSchema;
use serde_json::Value as Json;

use crate::model::Kinds;
use crate::provider::file::generate::{kinds_of, schema_of};
use crate::provider::file::nullability::not_null;
use crate::provider::file::types::{NameOrId, NumberSettings, PhoneNumber, Secret, TrunkName, TrunkSettings};

/// A SIP trunk to a carrier. Talkover lets it take calls only after its connection was verified, and forgets that when the connection changes: it is off until it was verified again.
#[derive(JsonSchema)]
#[schemars(
    rename = "TalkoverTrunk",
    title = "Talkover trunk",
    deny_unknown_fields,
    extend("x-snippets" = [{
        "label": "trunk",
        "description": "A carrier that asks for a user name and a password; verified, then switched on.",
        "body": {
            "name": "${1:Carrier}", "provider_name": "${2:Carrier Ltd}", "domain": "${3:sip.example.com}", "username": "${4:user}", "password": {"env": "${5:CARRIER_PASSWORD}"},
            "is_active": true
        }
    }])
)]
pub struct Trunk {
    /// The name of the trunk; numbers refer to it by this name.
    pub name: TrunkName,
    /// The carrier, as a label.
    #[schemars(length(min = 1))]
    pub provider_name: String,
    /// The carrier's SIP server: a host name or IP address, without port.
    #[schemars(length(min = 1), extend("x-compare" = "host"))]
    pub domain: String,
    /// The user name that the carrier asks for.
    #[schemars(length(min = 1))]
    pub username: String,
    /// The password that the carrier asks for: where it is to be found, never the password itself. Talkover never returns it, so it is sent when the trunk is made, and with `--rotate`.
    #[schemars(extend("writeOnly" = true, "x-code" = "SEC001"))]
    pub password: Secret,
    /// The SIP port. Default: 5061 with `transport: tls`, else 5060.
    #[schemars(transform = not_null, range(min = 1, max = 65535), extend("x-code" = "TRK001"))]
    pub port: Option<u16>,
    /// How SIP messages travel. Default: `tls`.
    #[schemars(transform = not_null, extend("default" = "tls"))]
    pub transport: Option<Transport>,
    /// A server that all messages go through.
    #[schemars(length(min = 1), extend("x-compare" = "host"))]
    pub outbound_proxy: Option<String>,
    /// The realm of the carrier's authentication, where it is not the domain.
    #[schemars(length(min = 1))]
    pub auth_realm: Option<String>,
    /// Whether the trunk takes and makes calls; it is verified before it is switched on. Default: `false`.
    #[schemars(transform = not_null, extend("default" = false, "x-inactive" = false))]
    pub is_active: Option<bool>,
    /// What is said of the trunk beside its attributes.
    #[schemars(flatten)]
    pub settings: TrunkSettings,
}

/// How SIP messages travel.
#[derive(JsonSchema)]
#[schemars(rename_all = "lowercase", inline)]
pub enum Transport {
    /// Over UDP.
    Udp,
    /// Over TCP.
    Tcp,
    /// Encrypted, over TLS.
    Tls,
}

/// A phone number on a trunk (a DID). Talkover can't change or move it: it is taken off its agent, deleted, made again and given to its agent again, with a short gap.
#[derive(JsonSchema)]
#[schemars(
    rename = "TalkoverNumber",
    title = "Talkover number",
    deny_unknown_fields,
    extend("x-snippets" = [{
        "label": "number",
        "description": "A number on a trunk that is used by an agent.",
        "body": {"number": "\"${1:+15551234567}\"", "trunk": "${2:Carrier}", "agent": "${3:Sales Agent}"}
    }])
)]
pub struct Number {
    /// The number in E.164 form, in quotes: `"+15551234567"`. A range stands for its numbers: `+15550100000..+15550100999`.
    pub number: PhoneNumber,
    /// The country, two letters such as `US`. Default: the country that the number's first digits say. Can't be changed in place.
    #[schemars(
        transform = not_null,
        regex(pattern = r"^[A-Z]{2}$"),
        extend("x-immutable" = "replace", "x-pattern-error" = "write the two capital letters of the country, such as `US`")
    )]
    pub country_code: Option<String>,
    /// The trunk of this account that the number is on, by name, in the file or live. A number can't be without one, and a move has a short gap.
    #[schemars(transform = not_null, length(min = 1), extend("x-ref" = "trunk", "x-field" = "trunk_id", "x-vital" = true, "x-immutable" = "replace"))]
    pub trunk: Option<String>,
    /// The agent that uses this number, by name or id.
    #[schemars(extend("x-ref" = "agent"))]
    pub agent: Option<NameOrId>,
    /// What is said of the number beside its attributes.
    #[schemars(flatten)]
    pub settings: NumberSettings,
}

/// The JSON Schema of a Talkover file, our annotations included.
pub fn schema() -> &'static Json {
    static SCHEMA: OnceLock<Json> = OnceLock::new();
    SCHEMA.get_or_init(|| schema_of::<Trunk, Number>("talkover", "Talkover account"))
}

/// What the kinds of Talkover allow.
pub fn kinds() -> &'static Kinds {
    static KINDS: OnceLock<Kinds> = OnceLock::new();
    KINDS.get_or_init(|| kinds_of(schema()))
}
