//! What a trunk and a number of Bolna are: <https://www.bolna.ai/docs/api-reference/sip-trunks/create>, <https://www.bolna.ai/docs/api-reference/sip-trunks/update>.
//! In: nothing. Out: the JSON Schema of a Bolna file and the table of its kinds; both are read from the types below.
//! The types are never filled; their documentation is what editors show.

use std::sync::OnceLock;

use schemars::{JsonSchema, Schema};
use serde_json::Value as Json;

use crate::model::Kinds;
use crate::provider::file::generate::{kinds_of, requires, schema_of};
use crate::provider::file::nullability::not_null;
use crate::provider::file::types::{NameOrId, NumberSettings, PhoneNumber, Secret, TrunkName, TrunkSettings};

/// A SIP trunk: the way to a carrier, for calls in and out. Bolna can't change `provider` and `auth_type` of a live trunk; it is made anew and its numbers move over, each with a short gap.
#[derive(JsonSchema)]
#[schemars(
    rename = "BolnaTrunk",
    title = "Bolna trunk",
    deny_unknown_fields,
    transform = requirements,
    extend("x-snippets" = [
        {
            "label": "trunk with a password",
            "description": "The carrier asks for a user name and a password.",
            "body": {
                "name": "${1:Carrier}", "provider": "${2:custom}", "auth_type": "userpass", "auth_username": "${3:user}", "auth_password": {"env": "${4:CARRIER_PASSWORD}"},
                "gateways": [{"gateway_address": "${5:sip.example.com}"}]
            }
        },
        {
            "label": "trunk by address",
            "description": "The carrier is known by the addresses that its calls come from.",
            "body": {
                "name": "${1:Carrier}", "provider": "${2:custom}", "auth_type": "ip-based",
                "gateways": [{"gateway_address": "${3:sip.example.com}"}], "ip_identifiers": [{"ip_address": "${4:198.51.100.7}"}]
            }
        }
    ])
)]
pub struct Trunk {
    /// The name of the trunk, unique in the account; numbers refer to it by this name.
    pub name: TrunkName,
    /// The carrier, as a label: `twilio`, `plivo`, `zadarma`, `telnyx`, `vonage`, `custom` or any other word.
    #[schemars(length(min = 1), extend("x-immutable" = "replace"))]
    pub provider: String,
    /// What the trunk is for.
    pub description: Option<String>,
    /// How the two sides know each other.
    #[schemars(extend("x-immutable" = "replace"))]
    pub auth_type: AuthType,
    /// The user name. Needed where `auth_type` is `userpass`.
    #[schemars(transform = not_null, length(min = 1))]
    pub auth_username: Option<String>,
    /// The password: where it is to be found, never the password itself. Needed where `auth_type` is `userpass`. Bolna never returns it, so it is sent when the trunk is made, with every change of `auth_username`, and with `--rotate`.
    #[schemars(extend("writeOnly" = true, "x-code" = "SEC001"))]
    pub auth_password: Option<Secret>,
    /// Where calls are sent to, the lowest `priority` first. The list is replaced as a whole.
    #[schemars(extend("x-set" = true, "x-compare" = "host", "uniqueItems" = true))]
    pub gateways: Option<Vec<Gateway>>,
    /// Where calls may come from. Needed where `auth_type` is `ip-based`. The list is replaced as a whole.
    #[schemars(extend("x-set" = true, "x-compare" = "host", "uniqueItems" = true))]
    pub ip_identifiers: Option<Vec<Identifier>>,
    /// Codecs in order of preference, with commas between them. Default: `ulaw,alaw`.
    #[schemars(transform = not_null, length(min = 1), extend("x-compare" = "codecs", "default" = "ulaw,alaw"))]
    pub allow: Option<String>,
    /// Codecs that are never used, with commas between them. Default: `all`, which stands for every codec that `allow` does not name.
    #[schemars(transform = not_null, extend("x-compare" = "codecs", "x-set" = true, "default" = "all"))]
    pub disallow: Option<String>,
    /// How SIP messages travel. Default: `transport-udp`.
    #[schemars(transform = not_null, extend("default" = "transport-udp"))]
    pub transport: Option<Transport>,
    /// Whether audio is encrypted; `sdes` needs `transport-tls`. Write `"no"` in quotes: other YAML readers take a bare `no` for `false`. Default: `"no"`.
    #[schemars(transform = not_null, extend("default" = "no", "x-error" = "write `\"no\"` (in quotes) or `sdes`"))]
    pub media_encryption: Option<MediaEncryption>,
    /// Whether a call goes on without encryption where the other side has none. Only with `media_encryption: sdes`. Default: `false`.
    #[schemars(transform = not_null, extend("default" = false))]
    pub media_encryption_optimistic: Option<bool>,
    /// Whether audio goes past Bolna, straight between the two ends. Can't be changed in place. Default: `false`.
    #[schemars(transform = not_null, extend("x-immutable" = "replace", "default" = false))]
    pub direct_media: Option<bool>,
    /// Whether audio is sent back to where it came from. Can't be changed in place. Default: `true`.
    #[schemars(transform = not_null, extend("x-immutable" = "replace", "default" = true))]
    pub rtp_symmetric: Option<bool>,
    /// Whether SIP answers go back to where the request came from. Can't be changed in place. Default: `true`.
    #[schemars(transform = not_null, extend("x-immutable" = "replace", "default" = true))]
    pub force_rport: Option<bool>,
    /// Seconds between two checks of the gateways; 0 is never. Default: 60.
    #[schemars(transform = not_null, extend("default" = 60))]
    pub qualify_frequency: Option<u32>,
    /// Whether calls come in through the trunk. Default: `false`.
    #[schemars(transform = not_null, extend("default" = false, "x-inactive" = false))]
    pub inbound_enabled: Option<bool>,
    /// Whether numbers that are called have a `+` in front. Default: `true`.
    #[schemars(transform = not_null, extend("default" = true))]
    pub outbound_leading_plus_enabled: Option<bool>,
    /// Whether the trunk takes new calls; `false` lets calls that run go on. Default: `true`.
    #[schemars(transform = not_null, extend("default" = true, "x-inactive" = false))]
    pub is_active: Option<bool>,
    /// What is said of the trunk beside its attributes.
    #[schemars(flatten)]
    pub settings: TrunkSettings,
}

/// How the two sides know each other.
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case", inline)]
pub enum AuthType {
    /// By user name and password.
    Userpass,
    /// By the IP addresses that calls come from.
    IpBased,
}

/// One server of the carrier.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, inline)]
pub struct Gateway {
    /// Its host name or IP address, without port.
    #[schemars(length(min = 1))]
    pub gateway_address: String,
    /// Its SIP port. Default: 5060.
    #[schemars(transform = not_null, range(min = 1, max = 65535), extend("default" = 5060, "x-code" = "TRK001"))]
    pub port: Option<u16>,
    /// The lowest is tried first. Default: 1.
    #[schemars(transform = not_null, extend("default" = 1))]
    pub priority: Option<u32>,
}

/// One address, or a network of them.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, inline)]
pub struct Identifier {
    /// An IPv4 address or a network such as `198.51.100.0/28`.
    #[schemars(length(min = 1))]
    pub ip_address: String,
}

/// How SIP messages travel.
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case", inline)]
pub enum Transport {
    /// Over UDP.
    TransportUdp,
    /// Over TCP.
    TransportTcp,
    /// Encrypted, over TLS.
    TransportTls,
}

/// Whether audio is encrypted.
#[derive(JsonSchema)]
#[schemars(rename_all = "lowercase", inline)]
pub enum MediaEncryption {
    /// It is not.
    No,
    /// With keys that travel in the SIP messages (SDES).
    Sdes,
}

/// A phone number that comes in through a trunk. Bolna can't change or move it: it is removed, added again and given to its agent again, with a short gap.
#[derive(JsonSchema)]
#[schemars(
    rename = "BolnaNumber",
    title = "Bolna number",
    deny_unknown_fields,
    extend("x-snippets" = [{
        "label": "number",
        "description": "A number that comes in through a trunk and is answered by an agent.",
        "body": {"number": "\"${1:+15551234567}\"", "trunk": "${2:Carrier}", "agent": "${3:Sales Agent}"}
    }])
)]
pub struct Number {
    /// The number in E.164 form, in quotes: `"+15551234567"`. A range stands for its numbers: `+15550100000..+15550100999`.
    #[schemars(extend("x-field" = "phone_number"))]
    pub number: PhoneNumber,
    /// A label. Can't be changed in place.
    #[schemars(extend("x-immutable" = "replace"))]
    pub name: Option<String>,
    /// The trunk of this account that the number is on, by name, in the file or live. A number can't be without one, and a move has a short gap.
    #[schemars(transform = not_null, length(min = 1), extend("x-ref" = "trunk", "x-field" = "byot_trunk_id", "x-vital" = true, "x-immutable" = "replace"))]
    pub trunk: Option<String>,
    /// The agent that answers this number, by name or id.
    #[schemars(extend("x-ref" = "agent", "x-field" = "agent_id"))]
    pub agent: Option<NameOrId>,
    /// What is said of the number beside its attributes.
    #[schemars(flatten)]
    pub settings: NumberSettings,
}

/// "At least one gateway is required", "auth_username and auth_password are required for userpass auth", "ip_identifiers are required for ip-based auth": its 400s.
fn requirements(schema: &mut Schema) {
    requires(schema, "TRK011", &[], &["gateways"], "every trunk needs at least one");
    let password = [("auth_type", "userpass")];
    let both = ["auth_username", "auth_password"];
    requires(schema, "TRK011", &password, &both, "a trunk with `auth_type: userpass` needs it");
    let address = [("auth_type", "ip-based")];
    requires(schema, "TRK011", &address, &["ip_identifiers"], "a trunk with `auth_type: ip-based` needs one");
}

/// The JSON Schema of a Bolna file, our annotations included.
pub fn schema() -> &'static Json {
    static SCHEMA: OnceLock<Json> = OnceLock::new();
    SCHEMA.get_or_init(|| schema_of::<Trunk, Number>("bolna", "Bolna account"))
}

/// What the kinds of Bolna allow.
pub fn kinds() -> &'static Kinds {
    static KINDS: OnceLock<Kinds> = OnceLock::new();
    KINDS.get_or_init(|| kinds_of(schema()))
}
