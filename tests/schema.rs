//! The published schema is the one that the types make, and it accepts what the documentation shows.

#![allow(clippy::unwrap_used, reason = "a test stops where it can't go on")]

use std::path::Path;

use serde_json::Value as Json;

/// The file as it should be.
fn printed() -> String {
    let mut text = serde_json::to_string_pretty(&trunkform::config::schema(false)).expect("it is JSON");
    text.push('\n');
    text
}

#[test]
fn the_published_schema_is_fresh() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("schema/trunkform.schema.json");
    let published = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        published == printed(),
        "schema/trunkform.schema.json is stale; run: cargo run -q -- schema config > schema/trunkform.schema.json"
    );
}

#[test]
fn both_renderings_accept_and_refuse_the_same_files() {
    let good = serde_json::json!({
        "provider": "kalem", "account": "kalem-eu", "unlisted": {"trunks": "keep", "numbers": "deactivate"},
        "limits": {"removals": "10%", "free": 3}, "ignore": ["number.+1800*"],
        "trunks": [
            {"name": "Office PBX", "direction": "inbound", "auth_type": "ip", "host": "203.0.113.50", "port": null},
            {"name": "Carrier", "direction": "outbound", "auth_type": "digest", "username": "u",
             "password": {"env": "CARRIER_PASSWORD"}, "outbound_server": "sip.example.com", "id": 7,
             "waive": [{"code": "TRK014", "reason": "private interconnect", "until": "2027-01-31"}]}
        ],
        "numbers": [{"number": "+15551234567", "trunk": null, "voice_agent": 1, "status": "active", "protect": true}]
    });
    let bad: Vec<(&str, Json)> = vec![
        ("/provider", "nobody".into()),
        ("/account", "Kalem".into()),
        ("/unlisted", "deactivate".into()),
        ("/limits/removals", "ten".into()),
        ("/trunks/0/host", Json::Null),
        ("/trunks/0/port", 70000.into()),
        ("/trunks/1/password", "secret".into()),
        ("/trunks/1/waive/0/until", "soon".into()),
        ("/numbers/0/status", Json::Null),
        ("/numbers/0/number", 15_551_234_567_u64.into()),
    ];
    for editor in [false, true] {
        let schema = trunkform::config::schema(editor);
        let validator = jsonschema::draft7::new(&schema).unwrap();
        assert!(validator.is_valid(&good), "{:?}", validator.validate(&good));
        for (pointer, value) in &bad {
            let mut file = good.clone();
            *file.pointer_mut(pointer).unwrap() = value.clone();
            assert!(!validator.is_valid(&file), "{pointer}");
        }
    }
}

#[test]
fn what_defaults_may_give_need_not_be_written() {
    let with = |defaults: Json, trunk: Json| {
        serde_json::json!({
            "provider": "kalem", "defaults": defaults, "trunks": [trunk],
            "numbers": [{"number": "+15551234567"}, {"number": "+15551234567", "override": true, "status": "active"}],
            "numbers_from": [{"csv": "numbers.csv", "defaults": {"trunk": "PBX", "protect": true}}]
        })
    };
    let (name, none) = (serde_json::json!({"name": "PBX"}), serde_json::json!({}));
    let shared = serde_json::json!({"trunks": {"direction": "inbound", "auth_type": "ip"}});
    for editor in [false, true] {
        let schema = trunkform::config::schema(editor);
        let validator = jsonschema::draft7::new(&schema).unwrap();
        let good = with(shared.clone(), name.clone());
        assert!(validator.is_valid(&good), "{:?}", validator.validate(&good));
        let only_numbers = serde_json::json!({"numbers": {"status": "active"}});
        assert!(!validator.is_valid(&with(only_numbers, name.clone())), "trunks have no defaults");
        assert!(!validator.is_valid(&with(shared.clone(), none.clone())), "the name is no default");
        for bad in [
            serde_json::json!({"trunks": {"name": "x"}}),
            serde_json::json!({"trunks": {"id": 7}}),
            serde_json::json!({"trunks": {"renamed_from": "x"}}),
            serde_json::json!({"numbers": {"override": true}}),
            serde_json::json!({"numbers": {"status": "activ"}}),
            serde_json::json!({"numbers": {"waive": []}}),
            serde_json::json!({"agents": {}}),
        ] {
            let mut file = good.clone();
            file["defaults"].as_object_mut().unwrap().extend(bad.as_object().unwrap().clone());
            assert!(!validator.is_valid(&file), "{bad}");
        }
        let mut file = good.clone();
        file["numbers_from"] = serde_json::json!({"csv": "numbers.csv"});
        assert!(validator.is_valid(&file), "one inventory needs no list");
        file["numbers_from"] = serde_json::json!({"csv": ""});
        assert!(!validator.is_valid(&file));
    }
}

#[test]
fn everything_that_a_file_may_say_is_described() {
    fn walk(at: &str, schema: &Json) {
        for (name, property) in schema["properties"].as_object().into_iter().flatten() {
            let here = format!("{at}/{name}");
            let bare = property.get("const").is_some() || property.get("not").is_some();
            assert!(bare || property["description"].is_string(), "{here} has no description");
            assert!(bare || property["title"].is_string(), "{here} has no title");
            walk(&here, property);
        }
        for (name, definition) in schema["definitions"].as_object().into_iter().flatten() {
            assert!(definition["description"].is_string(), "{name} has no description");
            if definition["properties"].is_object() {
                assert_eq!(definition["additionalProperties"], false, "{name} lets unknown keys through");
            }
            walk(name, definition);
        }
    }
    walk("", &trunkform::config::schema(false));
}
