//! In: requests below `/trunks`.
//! Out: the trunks of the account, with Kalem's conditional requirements.
//! Never keeps a password: only how often one was set.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::super::platform::{Call, Reply};
use super::laravel::{Problem, deleted, input, resource};
use super::page::{self, Asked};
use super::table::Row;
use super::validate::Check;
use super::{Kalem, contains, id_of, long_ago, now};

const DIRECTIONS: &[&str] = &["inbound", "outbound"];
const AUTH_TYPES: &[&str] = &["ip", "digest"];
/// The documented example of a trunk without credentials has this user name all the same.
const SERVER_USERNAME: &str = "kalem_trunk";
const DEFAULT_PORT: u16 = 5060;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Direction {
    Inbound,
    Outbound,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum AuthType {
    Ip,
    Digest,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(from = "Seed")]
pub(super) struct Trunk {
    id: u64,
    pub(super) name: String,
    direction: Direction,
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
    fn blank(direction: Direction, auth_type: AuthType) -> Self {
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
    fn foreign(order: u64) -> Self {
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

    fn show(&self) -> Value {
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
    fn take(&mut self, check: &mut Check<'_>) {
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
    fn check_update(&self, check: &mut Check<'_>) {
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
fn check_create(check: &mut Check<'_>) -> Option<(Direction, AuthType)> {
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

impl Kalem {
    pub(super) fn list_trunks(&self, call: &Call<'_>) -> Result<Reply, Problem> {
        let query = page::query(call);
        let mut check = Check::new(&query);
        let direction = check.one_of("direction", DIRECTIONS);
        let search = check.text("search", 0);
        let asked = Asked::of(call, &mut check);
        page::checked(check)?;
        let rows = self.trunks.iter().filter(|trunk| {
            contains(&trunk.name, search)
                && direction.is_none_or(|name| (name == "inbound") == (trunk.direction == Direction::Inbound))
        });
        Ok(page::answer(call, asked, rows, Trunk::show))
    }

    pub(super) fn create_trunk(&mut self, call: &Call<'_>) -> Result<Reply, Problem> {
        let input = input(call)?;
        let mut check = Check::new(&input);
        let kind = check_create(&mut check);
        page::checked(check)?;
        let (direction, auth_type) = kind.ok_or(Problem::Malformed)?;
        let mut trunk = Trunk::blank(direction, auth_type);
        trunk.take(&mut Check::new(&input));
        let id = self.trunks.insert(trunk);
        self.trunk(&id.to_string()).map(|trunk| resource(call, 201, trunk.show()))
    }

    pub(super) fn show_trunk(&self, call: &Call<'_>, id: &str) -> Result<Reply, Problem> {
        Ok(resource(call, 200, self.trunk(id)?.show()))
    }

    pub(super) fn update_trunk(&mut self, call: &Call<'_>, id: &str) -> Result<Reply, Problem> {
        let known = self.trunk(id)?.id;
        let input = input(call)?;
        let trunk = self.trunks.get_mut(known).ok_or_else(|| no_trunk(id))?;
        let mut check = Check::new(&input);
        trunk.check_update(&mut check);
        page::checked(check)?;
        trunk.take(&mut Check::new(&input));
        Ok(resource(call, 200, trunk.show()))
    }

    pub(super) fn delete_trunk(&mut self, call: &Call<'_>, id: &str) -> Result<Reply, Problem> {
        let known = self.trunk(id)?.id;
        if self.numbers.on_trunk(known) > 0 {
            return Err(Problem::Conflict(
                "Cannot delete trunk with assigned numbers. Remove numbers first.",
            ));
        }
        self.trunks.remove(known);
        Ok(deleted(call, "Trunk deleted successfully."))
    }

    fn trunk(&self, id: &str) -> Result<&Trunk, Problem> {
        id_of(id).and_then(|id| self.trunks.get(id)).ok_or_else(|| no_trunk(id))
    }

    /// Somebody makes a trunk that a list shows first, and may delete the last one that can go.
    pub(super) fn shift_trunks(&mut self, keep_total: bool) {
        let gone = self.trunks.iter().rev().map(Row::id).find(|id| self.numbers.on_trunk(*id) == 0);
        if let Some(id) = gone.filter(|_| keep_total) {
            self.trunks.remove(id);
        }
        self.trunks.insert_in_front(Trunk::foreign(self.trunks.next()));
    }
}

fn no_trunk(id: &str) -> Problem {
    Problem::NoModel("Trunk", id.to_owned())
}
