//! In: what a seed or a request says about one trunk.
//! Out: the trunk, what the API shows of it, and Kalem's conditional requirements.
//! Never keeps a password: only how often one was set.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::table::Row;
use super::validate::Check;
use super::{long_ago, now};

pub(super) const DIRECTIONS: &[&str] = &["inbound", "outbound"];
const AUTH_TYPES: &[&str] = &["ip", "digest"];
/// The documented example of a trunk without credentials has this user name all the same.
const SERVER_USERNAME: &str = "kalem_trunk";
const DEFAULT_PORT: u16 = 5060;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Direction {
    Inbound,
    Outbound,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum AuthType {
    Ip,
    Digest,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(from = "Seed")]
pub(super) struct Trunk {
    id: u64,
    pub(super) name: String,
    pub(super) direction: Direction,
    auth_type: AuthType,
    host: Option<String>,
    port: u16,
    username: Option<String>,
    outbound_server: Option<String>,
    registered: bool,
    password_changes: u64,
    created_at: String,
    updated_at: String,
}

/// A trunk as a seed may give it.
#[derive(Deserialize)]
struct Seed {
    #[serde(default)]
    id: u64,
    name: String,
    direction: Direction,
    auth_type: AuthType,
    host: Option<String>,
    port: Option<u16>,
    username: Option<String>,
    outbound_server: Option<String>,
    #[serde(default)]
    registered: bool,
    password: Option<serde::de::IgnoredAny>,
    password_changes: Option<u64>,
    created_at: Option<String>,
    updated_at: Option<String>,
}

impl From<Seed> for Trunk {
    fn from(seed: Seed) -> Self {
        let created_at = seed.created_at.unwrap_or_else(long_ago);
        let mut trunk = Self {
            id: seed.id,
            name: seed.name,
            direction: seed.direction,
            auth_type: seed.auth_type,
            host: seed.host,
            port: seed.port.unwrap_or(DEFAULT_PORT),
            username: seed.username,
            outbound_server: seed.outbound_server,
            registered: seed.registered,
            password_changes: seed.password_changes.unwrap_or(u64::from(seed.password.is_some())),
            updated_at: seed.updated_at.unwrap_or_else(|| created_at.clone()),
            created_at,
        };
        trunk.name_the_user();
        trunk
    }
}

impl Row for Trunk {
    const LIST: &'static str = "trunks";

    fn id(&self) -> u64 {
        self.id
    }

    fn set_id(&mut self, id: u64) {
        self.id = id;
    }
}

impl Trunk {
    pub(super) fn blank(direction: Direction, auth_type: AuthType) -> Self {
        let made = now();
        Self {
            id: 0,
            name: String::new(),
            direction,
            auth_type,
            host: None,
            port: DEFAULT_PORT,
            username: None,
            outbound_server: None,
            registered: false,
            password_changes: 0,
            created_at: made.clone(),
            updated_at: made,
        }
    }

    /// A trunk that somebody else made.
    pub(super) fn foreign(order: u64) -> Self {
        let mut trunk = Self::blank(Direction::Inbound, AuthType::Ip);
        trunk.name = format!("Appeared {order}");
        trunk.host = Some("198.51.100.1".to_owned());
        trunk.name_the_user();
        trunk
    }

    fn name_the_user(&mut self) {
        if self.auth_type == AuthType::Ip && self.username.is_none() {
            self.username = Some(SERVER_USERNAME.to_owned());
        }
    }

    pub(super) fn show(&self) -> Value {
        let user = match self.auth_type {
            AuthType::Ip => self.host.as_deref().or(self.username.as_deref()),
            AuthType::Digest => self.username.as_deref(),
        };
        json!({
            "id": self.id, "name": self.name, "direction": self.direction, "auth_type": self.auth_type,
            "sip_uri": user.map(|user| format!("sip:{user}@kalem.me")), "host": self.host, "port": self.port,
            "username": self.username, "outbound_server": self.outbound_server, "registered": self.registered,
            "created_at": self.created_at, "updated_at": self.updated_at,
        })
    }

    /// Takes over what the request names. Must come after the request has been found right.
    pub(super) fn take(&mut self, check: &mut Check<'_>) {
        let owned = |text: Option<&str>| text.map(str::to_owned);
        if let Some(name) = check.text("name", 0) {
            self.name = name.to_owned();
        }
        if check.names("host") {
            self.host = owned(check.text("host", 0));
        }
        if check.names("port") {
            self.port = check.port("port").unwrap_or(DEFAULT_PORT);
        }
        if check.names("username") {
            self.username = owned(check.text("username", 0));
        }
        self.name_the_user();
        if check.text("password", 8).is_some() {
            self.password_changes += 1;
        }
        if check.names("outbound_server") {
            self.outbound_server = owned(check.text("outbound_server", 0));
        }
        self.updated_at = now();
    }

    /// What may not be cleared depends on what the trunk is.
    pub(super) fn check_update(&self, check: &mut Check<'_>) {
        let digest = self.auth_type == AuthType::Digest;
        let needed = [
            ("name", true),
            ("host", !digest && self.direction == Direction::Inbound),
            ("port", false),
            ("username", digest),
            ("password", digest),
            ("outbound_server", self.direction == Direction::Outbound),
        ];
        for (field, needed) in needed {
            if needed && check.names(field) {
                check.required(field);
            }
            check_shape(check, field);
        }
        check.prohibited("direction");
        check.prohibited("auth_type");
    }
}

fn check_shape(check: &mut Check<'_>, field: &'static str) {
    match field {
        "port" => drop(check.port(field)),
        "password" => drop(check.text(field, 8)),
        _ => drop(check.text(field, 0)),
    }
}

/// A new trunk's direction and way of authentication, when the whole request is right.
pub(super) fn check_create(check: &mut Check<'_>) -> Option<(Direction, AuthType)> {
    check.required("name");
    check.text("name", 0);
    check.required("direction");
    let direction = check.one_of("direction", DIRECTIONS);
    check.required("auth_type");
    let auth_type = check.one_of("auth_type", AUTH_TYPES);
    if direction == Some("inbound") && auth_type == Some("ip") {
        check.required("host");
    }
    check_shape(check, "host");
    check_shape(check, "port");
    for field in ["username", "password"] {
        if auth_type == Some("digest") {
            check.required_when(field, "auth_type", "digest");
        }
        check_shape(check, field);
    }
    if direction == Some("outbound") {
        check.required_when("outbound_server", "direction", "outbound");
    }
    check_shape(check, "outbound_server");
    let direction = if direction? == "inbound" { Direction::Inbound } else { Direction::Outbound };
    let auth_type = if auth_type? == "ip" { AuthType::Ip } else { AuthType::Digest };
    Some((direction, auth_type))
}
