//! Removes `null` from the schema of an optional property.
//! In: a property as `schemars` generates it from an `Option`. Out: the same without `null`.
//! Never makes a property required.

use schemars::Schema;
use serde_json::{Value as Json, json};

/// Refuses `null` for a property that can't be cleared: absent and `null` differ.
pub fn not_null(schema: &mut Schema) {
    let null = json!({"type": "null"});
    if let Some(Json::Array(types)) = schema.get_mut("type") {
        types.retain(|t| t != "null");
        if let [only] = &types[..] {
            let only = only.clone();
            schema.insert("type".into(), only);
        }
    }
    let Some(Json::Array(branches)) = schema.get_mut("anyOf") else { return };
    branches.retain(|branch| *branch != null);
    if let [Json::Object(_)] = &branches[..] {
        let only = branches.remove(0);
        schema.remove("anyOf");
        for (key, value) in only.as_object().into_iter().flatten() {
            if schema.get(key).is_none() {
                schema.insert(key.clone(), value.clone());
            }
        }
    }
}
