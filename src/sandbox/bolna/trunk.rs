//! In: what a seed or a request says about one trunk.
//! Out: the trunk, what the API shows of it, and what a trunk must have.
//! Never keeps a password: only how often one was set.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::super::fault::Switch;
use super::super::platform::Call;
use super::fields::Fields;
use super::number::USER;
use super::problem::Problem;
use super::table::{Ids, Row};
use super::{long_ago, now};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum AuthType {
    #[default]
    #[serde(rename = "userpass")]
    UserPass,
    #[serde(rename = "ip-based")]
    IpBased,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
enum Transport {
    #[default]
    #[serde(rename = "transport-udp")]
    Udp,
    #[serde(rename = "transport-tcp")]
    Tcp,
    #[serde(rename = "transport-tls")]
    Tls,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Encryption {
    #[default]
    No,
    Sdes,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default)]
struct Gateway {
    id: String,
    gateway_address: String,
    port: u16,
    priority: u32,
    created_at: String,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Identifier {
    ip_address: String,
}

/// In a state only `name` is needed; what else is missing has the default of a new trunk.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Trunk {
    id: String,
    pub(super) name: String,
    provider: String,
    description: Option<String>,
    auth_type: AuthType,
    #[serde(skip_serializing_if = "Option::is_none")]
    auth_username: Option<String>,
    gateways: Vec<Gateway>,
    ip_identifiers: Vec<Identifier>,
    allow: String,
    disallow: String,
    transport: Transport,
    media_encryption: Encryption,
    media_encryption_optimistic: bool,
    direct_media: bool,
    rtp_symmetric: bool,
    force_rport: bool,
    qualify_frequency: u32,
    inbound_enabled: bool,
    outbound_leading_plus_enabled: bool,
    pub(super) is_active: bool,
    created_at: String,
    updated_at: String,
    password_changes: u64,
}

impl Default for Gateway {
    fn default() -> Self {
        Self {
            id: String::new(),
            gateway_address: String::new(),
            port: 5060,
            priority: 1,
            created_at: long_ago(),
        }
    }
}

impl Default for Trunk {
    fn default() -> Self {
        Self {
            id: String::new(),
            name: String::new(),
            provider: String::new(),
            description: None,
            auth_type: AuthType::UserPass,
            auth_username: None,
            gateways: Vec::new(),
            ip_identifiers: Vec::new(),
            allow: "ulaw,alaw".to_owned(),
            disallow: "all".to_owned(),
            transport: Transport::Udp,
            media_encryption: Encryption::No,
            media_encryption_optimistic: false,
            direct_media: false,
            rtp_symmetric: true,
            force_rport: true,
            qualify_frequency: 60,
            inbound_enabled: false,
            outbound_leading_plus_enabled: true,
            is_active: true,
            created_at: long_ago(),
            updated_at: long_ago(),
            password_changes: 0,
        }
    }
}

impl Row for Trunk {
    const LIST: &'static str = "trunks";

    fn id(&self) -> &str {
        &self.id
    }

    fn set_id(&mut self, id: String) {
        self.id = id;
    }
}

impl Trunk {
    /// A trunk as a request describes it.
    pub(super) fn create(fields: &mut Fields<'_>) -> Self {
        let mut trunk = Self { created_at: now(), ..Self::default() };
        fields.text("provider", &mut trunk.provider);
        trunk.take(fields, false);
        trunk
    }

    /// Takes over what a request may set at any time. `drops`: the pages of today do not name the media fields among
    /// what can be changed, those of before do. `provider` and `auth_type` are in neither, and are ignored like any
    /// other field that the service does not know.
    pub(super) fn update(&mut self, fields: &mut Fields<'_>, drops: bool) {
        self.take(fields, drops);
        fields.flag("is_active", &mut self.is_active);
    }

    fn take(&mut self, fields: &mut Fields<'_>, drops: bool) {
        fields.text("name", &mut self.name);
        if fields.names("description") {
            self.description = fields.given("description").map(str::to_owned);
        }
        self.take_credentials(fields);
        if let Some(gateways) = fields.list("gateways", Gateway::read) {
            self.gateways = gateways;
        }
        if let Some(identifiers) = fields.list("ip_identifiers", Identifier::read) {
            self.ip_identifiers = identifiers;
        }
        fields.text("allow", &mut self.allow);
        fields.text("disallow", &mut self.disallow);
        let transports = "'transport-udp', 'transport-tcp' or 'transport-tls'";
        fields.choice("transport", &mut self.transport, transports);
        fields.choice("media_encryption", &mut self.media_encryption, "'no' or 'sdes'");
        fields.flag("media_encryption_optimistic", &mut self.media_encryption_optimistic);
        fields.integer("qualify_frequency", &mut self.qualify_frequency);
        fields.flag("inbound_enabled", &mut self.inbound_enabled);
        fields.flag("outbound_leading_plus_enabled", &mut self.outbound_leading_plus_enabled);
        if !drops {
            fields.flag("direct_media", &mut self.direct_media);
            fields.flag("rtp_symmetric", &mut self.rtp_symmetric);
            fields.flag("force_rport", &mut self.force_rport);
        }
        self.updated_at = now();
    }

    fn take_credentials(&mut self, fields: &mut Fields<'_>) {
        let username = fields.given("auth_username");
        let password = fields.given("auth_password");
        if let Some(name) = username {
            self.auth_username = Some(name.to_owned());
        }
        match password {
            None => {}
            Some("") => self.password_changes = 0,
            Some(_) => self.password_changes += 1,
        }
    }

    /// Of what a trunk must have, what comes before the question how it authenticates.
    pub(super) fn check_label(&self) -> Result<(), Problem> {
        let wrong = |text| Err(Problem::Refused(400, text));
        match self {
            _ if self.name.is_empty() => wrong("Trunk name is required"),
            _ if self.provider.is_empty() => wrong("Provider is required"),
            _ => Ok(()),
        }
    }

    pub(super) fn authenticate_by(&mut self, name: Option<&str>) -> Result<(), Problem> {
        self.auth_type = match name {
            Some("userpass") => AuthType::UserPass,
            Some("ip-based") => AuthType::IpBased,
            _ => return Err(Problem::Refused(400, "auth_type must be 'userpass' or 'ip-based'")),
        };
        Ok(())
    }

    /// The rest of what a trunk must have. Credentials of a trunk that authenticates by address are forgotten.
    pub(super) fn check_rest(&mut self) -> Result<(), Problem> {
        let is_userpass = self.auth_type == AuthType::UserPass;
        if !is_userpass {
            self.auth_username = None;
            self.password_changes = 0;
        }
        let has_user = self.auth_username.as_deref().is_some_and(|name| !name.is_empty());
        let is_plain = self.transport != Transport::Tls;
        let (status, text) = match self {
            _ if self.gateways.is_empty() => (400, "At least one gateway is required"),
            _ if is_userpass && !(has_user && self.password_changes > 0) => {
                (400, "auth_username and auth_password are required for userpass auth")
            }
            _ if !is_userpass && self.ip_identifiers.is_empty() => {
                (400, "ip_identifiers are required for ip-based auth")
            }
            _ if self.media_encryption == Encryption::Sdes && is_plain => {
                (422, "media_encryption='sdes' requires transport='transport-tls'")
            }
            _ => return Ok(()),
        };
        Err(Problem::Refused(status, text))
    }

    /// New gateways get ids.
    pub(super) fn name_gateways(&mut self, ids: &mut Ids) {
        for gateway in self.gateways.iter_mut().filter(|gateway| gateway.id.is_empty()) {
            gateway.id = ids.make();
        }
    }

    /// What a state leaves out.
    pub(super) fn complete(&mut self) {
        if self.provider.is_empty() {
            "custom".clone_into(&mut self.provider);
        }
        if self.auth_type == AuthType::UserPass && self.password_changes == 0 {
            self.password_changes = 1;
        }
    }

    /// Everything but the numbers.
    pub(super) fn show(&self, call: &Call<'_>) -> Value {
        let mut shown = json!(self);
        if let Some(fields) = shown.as_object_mut() {
            fields.shift_remove("password_changes");
            if call.is_on(Switch::OlderTrunks) {
                fields.shift_remove("media_encryption");
                fields.shift_remove("media_encryption_optimistic");
                fields.insert("ice_support".to_owned(), json!(true));
                fields.insert("user_id".to_owned(), json!(USER));
            } else if call.is_on(Switch::EncryptionFalse) && self.media_encryption == Encryption::No {
                fields.insert("media_encryption".to_owned(), json!(false));
            }
        }
        shown
    }
}

impl Gateway {
    fn read(fields: &mut Fields<'_>) -> Self {
        let mut gateway = Self { created_at: now(), ..Self::default() };
        fields.required("gateway_address");
        fields.text("gateway_address", &mut gateway.gateway_address);
        fields.integer("port", &mut gateway.port);
        fields.integer("priority", &mut gateway.priority);
        gateway
    }
}

impl Identifier {
    fn read(fields: &mut Fields<'_>) -> Self {
        let mut identifier = Self::default();
        fields.address("ip_address", &mut identifier.ip_address);
        identifier
    }
}
