//! What a trunk and a number of Kalem are.
//! A table of attributes with what validation, diff and lowering need to know of each.
//! No behaviour of its own.

use std::sync::LazyLock;

use serde_json::{Value as Json, json};

use crate::model::{Kind, KindName, Kinds};

static SCHEMA: LazyLock<Json> = LazyLock::new(|| {
    json!({"definitions": {
        "trunk": {"properties": {
            "name": {"type": "string", "x-identity": true},
            "direction": {"type": "string", "x-immutable": "replace"},
            "auth_type": {"type": "string", "x-immutable": "replace"},
            "host": {"type": ["string", "null"], "x-compare": "host"},
            "port": {"type": ["integer", "null"], "default": 5060},
            "username": {"type": ["string", "null"]},
            "password": {"type": "object", "writeOnly": true, "x-min-length": 8},
            "outbound_server": {"type": ["string", "null"], "x-compare": "host"}
        }},
        "number": {"properties": {
            "number": {"type": "string", "x-identity": true, "x-immutable": "refuse"},
            "provider": {"type": "string", "x-immutable": "refuse"},
            "trunk": {"type": ["string", "null"], "x-ref": "trunk", "x-field": "trunk_id"},
            "voice_agent": {"type": ["string", "null"], "x-ref": "voice_agent", "x-field": "voice_agent_id"},
            "text_agent": {"type": ["string", "null"], "x-ref": "text_agent", "x-field": "text_agent_id"},
            "status": {"type": "string"}
        }}
    }})
});

static KINDS: LazyLock<Kinds> = LazyLock::new(|| {
    let schema = LazyLock::force(&SCHEMA);
    Kinds {
        trunk: Kind::from_schema(KindName::Trunk, &schema["definitions"]["trunk"]),
        number: Kind::from_schema(KindName::Number, &schema["definitions"]["number"]),
    }
});

/// What each kind allows.
pub(super) fn kinds() -> &'static Kinds {
    &KINDS
}

/// The JSON Schema.
pub(super) fn schema() -> &'static Json {
    &SCHEMA
}
