//! A tree beside `serde_json::Value`, the other reading of the same text.

use proptest::prelude::*;
use serde_json::Value as Json;

use crate::api::Tree;
use crate::model::Id;

/// Texts that are JSON, almost JSON, and JSON at its limits.
fn texts() -> impl Strategy<Value = String> {
    let scalars = prop_oneof![
        Just("null".to_owned()),
        any::<bool>().prop_map(|b| b.to_string()),
        any::<i64>().prop_map(|n| n.to_string()),
        any::<u64>().prop_map(|n| n.to_string()),
        any::<f64>().prop_map(|n| n.to_string()),
        "-?[0-9]{1,25}(\\.[0-9]{1,3})?([eE][+-]?[0-9]{1,3})?",
        any::<String>().prop_map(|text| Json::from(text).to_string()),
        r#""(\\u[0-9a-dA-D]{4}|\\[nrt"\\/x]|[a-z\x00\x7fäß]){0,6}"?"#,
    ];
    scalars.prop_recursive(4, 40, 6, |inner| {
        let field = ("\"[a-c]\"", inner.clone()).prop_map(|(name, value)| format!("{name}:{value}"));
        prop_oneof![
            prop::collection::vec(inner, 0..6).prop_map(|items| format!("[{}]", items.join(", "))),
            prop::collection::vec(field, 0..6).prop_map(|fields| format!("{{{}}}", fields.join(","))),
        ]
    })
}

proptest! {
    #[test]
    fn nothing_is_read_otherwise_than_usual(text in texts(), cut in 0.0..1.5f64) {
        let text = &text.as_bytes()[..((text.len() as f64 * cut) as usize).min(text.len())];
        let tree: Result<Tree, _> = serde_json::from_slice(text);
        let usual: Result<Json, _> = serde_json::from_slice(text);
        prop_assert_eq!(
            tree.as_ref().map(|tree| tree.root().to_json()).map_err(ToString::to_string),
            usual.as_ref().map(Json::clone).map_err(ToString::to_string)
        );
        if let Ok(usual) = usual {
            prop_assert_eq!(Tree::from(usual.clone()).root().to_json(), usual);
        }
    }
}

#[test]
fn what_is_too_deep_is_too_deep() {
    let deep = "[".repeat(200) + &"]".repeat(200);
    let usual = serde_json::from_str::<Json>(&deep).unwrap_err().to_string();
    assert_eq!(serde_json::from_str::<Tree>(&deep).unwrap_err().to_string(), usual);
}

#[test]
fn the_last_of_two_fields_counts_and_what_is_not_there_is_null() {
    let tree: Tree = serde_json::from_str(r#"{"a": [{"x": 1}, 2], "b": 1, "a": {"c": "7"}}"#).unwrap();
    let root = tree.root();
    assert_eq!(root.at("a").at("c").as_id(), Some(Id::Int(7)));
    assert!(root.at("b").at("c").is_null() && root.get("z").is_none() && root.at("b").as_list().is_none());
}
