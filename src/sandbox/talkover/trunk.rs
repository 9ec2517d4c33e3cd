//! In: what a seed or a request says about one trunk.
//! Out: the trunk, the four views that the API has of it, and when it has to be verified again.
//! Never keeps a password: only how often one was set.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::check::Check;
use super::table::Row;
use super::{long_ago, now};

const TRANSPORTS: &[&str] = &["udp", "tcp", "tls"];
const NEEDED: &[&str] = &["name", "provider_name", "domain", "username", "password"];
/// The pages show `healthy` and `unhealthy`, which both come from a verification.
const UNKNOWN: &str = "unknown";

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Transport {
    Udp,
    Tcp,
    #[default]
    Tls,
}

impl Transport {
    fn named(text: &str) -> Option<Self> {
        match text {
            "udp" => Some(Self::Udp),
            "tcp" => Some(Self::Tcp),
            "tls" => Some(Self::Tls),
            _ => None,
        }
    }

    fn port(self) -> u16 {
        if self == Self::Tls { 5061 } else { 5060 }
    }
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(from = "Seed")]
pub(super) struct Trunk {
    id: String,
    name: String,
    provider_name: String,
    domain: String,
    username: String,
    transport: Transport,
    port: u16,
    outbound_proxy: Option<String>,
    auth_realm: Option<String>,
    pub(super) is_active: bool,
    pub(super) is_verified: bool,
    health_status: String,
    last_health_check_at: Option<String>,
    password_changes: u64,
    created_at: String,
    updated_at: String,
}

/// A trunk as a seed may give it.
#[derive(Deserialize)]
struct Seed {
    #[serde(default)]
    id: String,
    name: String,
    provider_name: Option<String>,
    domain: String,
    username: Option<String>,
    transport: Option<Transport>,
    port: Option<u16>,
    outbound_proxy: Option<String>,
    auth_realm: Option<String>,
    #[serde(default)]
    is_active: bool,
    is_verified: Option<bool>,
    health_status: Option<String>,
    last_health_check_at: Option<String>,
    password_changes: Option<u64>,
    created_at: Option<String>,
    updated_at: Option<String>,
}

impl From<Seed> for Trunk {
    fn from(seed: Seed) -> Self {
        let created_at = seed.created_at.unwrap_or_else(long_ago);
        let transport = seed.transport.unwrap_or_default();
        // What is active has been verified, unless the seed says otherwise.
        let is_verified = seed.is_verified.unwrap_or(seed.is_active);
        let health = if is_verified { "healthy" } else { UNKNOWN };
        Self {
            id: seed.id,
            name: seed.name,
            provider_name: seed.provider_name.unwrap_or_else(|| "custom".to_owned()),
            domain: seed.domain,
            username: seed.username.unwrap_or_else(|| "user".to_owned()),
            transport,
            port: seed.port.unwrap_or(transport.port()),
            outbound_proxy: seed.outbound_proxy,
            auth_realm: seed.auth_realm,
            is_active: seed.is_active,
            is_verified,
            health_status: seed.health_status.unwrap_or_else(|| health.to_owned()),
            last_health_check_at: seed.last_health_check_at,
            // No trunk can be made without one.
            password_changes: seed.password_changes.unwrap_or(1),
            updated_at: seed.updated_at.unwrap_or_else(|| created_at.clone()),
            created_at,
        }
    }
}

impl Row for Trunk {
    const LIST: &'static str = "trunks";
    const PREFIX: &'static str = "51900000";

    fn id(&self) -> &str {
        &self.id
    }

    fn set_id(&mut self, id: String) {
        self.id = id;
    }
}

impl Trunk {
    pub(super) fn blank() -> Self {
        let made = now();
        Self {
            id: String::new(),
            name: String::new(),
            provider_name: String::new(),
            domain: String::new(),
            username: String::new(),
            transport: Transport::default(),
            port: Transport::default().port(),
            outbound_proxy: None,
            auth_realm: None,
            is_active: false,
            is_verified: false,
            health_status: UNKNOWN.to_owned(),
            last_health_check_at: None,
            password_changes: 0,
            created_at: made.clone(),
            updated_at: made,
        }
    }

    /// A row of the list, which lacks most of what can be set.
    pub(super) fn row(&self) -> Value {
        json!({
            "id": self.id, "name": self.name, "provider_name": self.provider_name, "domain": self.domain,
            "transport": self.transport, "is_active": self.is_active, "is_verified": self.is_verified,
            "health_status": self.health_status, "created_at": self.created_at,
        })
    }

    pub(super) fn made(&self) -> Value {
        json!({
            "id": self.id, "name": self.name, "provider_name": self.provider_name, "domain": self.domain,
            "transport": self.transport, "port": self.port, "is_active": self.is_active,
            "is_verified": self.is_verified, "created_at": self.created_at,
        })
    }

    pub(super) fn whole(&self) -> Value {
        json!({
            "id": self.id, "name": self.name, "provider_name": self.provider_name, "domain": self.domain,
            "username": self.username, "transport": self.transport, "port": self.port,
            "outbound_proxy": self.outbound_proxy, "auth_realm": self.auth_realm, "is_active": self.is_active,
            "is_verified": self.is_verified, "health_status": self.health_status,
            "last_health_check_at": self.last_health_check_at,
            "created_at": self.created_at, "updated_at": self.updated_at,
        })
    }

    pub(super) fn changed(&self) -> Value {
        json!({
            "id": self.id, "name": self.name, "is_active": self.is_active, "is_verified": self.is_verified,
            "updated_at": self.updated_at,
        })
    }

    /// Takes over what the request names, but not whether the trunk is active. Must come after the request has been
    /// found right. A new transport does not change a port that the request does not name: no page says that it would.
    pub(super) fn take(&mut self, check: &mut Check<'_>, is_new: bool) {
        for (field, place) in [
            ("name", &mut self.name),
            ("provider_name", &mut self.provider_name),
            ("domain", &mut self.domain),
            ("username", &mut self.username),
        ] {
            if let Some(text) = check.text(field) {
                text.clone_into(place);
            }
        }
        if let Some(transport) = check.one_of("transport", TRANSPORTS).and_then(Transport::named) {
            self.transport = transport;
        }
        if is_new || check.names("port") {
            let port = check.between("port", 1, 65535).and_then(|port| u16::try_from(port).ok());
            self.port = port.unwrap_or(self.transport.port());
        }
        if check.names("outbound_proxy") {
            self.outbound_proxy = check.text("outbound_proxy").map(str::to_owned);
        }
        if check.names("auth_realm") {
            self.auth_realm = check.text("auth_realm").map(str::to_owned);
        }
        // A password cannot be compared with the one before, so each counts as another.
        self.password_changes += u64::from(check.text("password").is_some());
        self.updated_at = now();
    }

    /// Whether what connects the trunk differs; `wide` counts also what the page does not list.
    pub(super) fn is_reset(&self, before: &Self, wide: bool) -> bool {
        let listed = |trunk: &Self| {
            (trunk.domain.clone(), trunk.transport, trunk.username.clone(), trunk.password_changes)
        };
        let further = |trunk: &Self| (trunk.port, trunk.outbound_proxy.clone(), trunk.auth_realm.clone());
        listed(self) != listed(before) || (wide && further(self) != further(before))
    }

    pub(super) fn forget_verification(&mut self, keeps_active: bool) {
        self.is_verified = false;
        self.is_active = self.is_active && keeps_active;
        UNKNOWN.clone_into(&mut self.health_status);
    }

    /// What a verification answers of the trunk.
    pub(super) fn verified(&mut self, is_good: bool, keeps_active: bool) -> Value {
        if !is_good {
            self.forget_verification(keeps_active);
        }
        self.is_verified = is_good;
        self.health_status = if is_good { "healthy" } else { "unhealthy" }.to_owned();
        self.last_health_check_at = Some(now());
        json!({
            "is_verified": is_good, "health_status": self.health_status,
            "last_health_check_at": self.last_health_check_at,
        })
    }
}

/// Looks at all fields; a new trunk needs some of them, an update may not clear these.
pub(super) fn check_fields(check: &mut Check<'_>, is_new: bool) {
    for field in NEEDED {
        if is_new {
            check.required(field);
        } else {
            check.required_when_named(field);
        }
        check.text(field);
    }
    check.between("port", 1, 65535);
    check.one_of("transport", TRANSPORTS);
    check.text("outbound_proxy");
    check.text("auth_realm");
    check.boolean("is_active");
}
