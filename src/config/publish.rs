//! The schema that is published: one for all platforms.
//! In: the schemas of the platforms, our annotations included. Out: one document of standard keywords (draft-07); for editors, with their keywords beside them.
//! Never used to check a file: for that each platform's own schema gives better answers.

use serde_json::{Map, Value as Json, json};

use crate::provider;
use crate::provider::file::generate::entries;
use crate::provider::file::sections::SECTIONS;

/// Where the schema can be found; editors and checkers tell schemas apart by it.
const ID: &str = "https://trunkform.dev/schema/trunkform.schema.json";

/// The published JSON Schema of the configuration file (draft-07, standard keywords only); with `editor` also what the YAML language server knows.
pub fn schema(editor: bool) -> Json {
    let mut definitions = Map::new();
    let mut platforms = Vec::new();
    let mut branches = Vec::new();
    for provider in provider::ALL {
        let mut file = provider.schema().clone();
        let title = file["title"].clone();
        let Json::Object(parts) = &mut file else { continue };
        parts.shift_remove("$schema");
        leave_to_defaults(parts);
        if let Some(Json::Object(inner)) = parts.shift_remove("definitions") {
            definitions.extend(inner);
        }
        let title = title.as_str().unwrap_or_default();
        let name = format!("{}File", title.split(' ').next().unwrap_or_default());
        platforms
            .push(json!({"type": "string", "const": provider.name(), "description": format!("A {title}.")}));
        branches.push(json!({
            "if": {"properties": {"provider": {"const": provider.name()}}, "required": ["provider"]},
            "then": {"$ref": format!("#/definitions/{name}")}
        }));
        definitions.insert(name, file);
    }
    let mut schema = json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "$id": ID,
        "title": "Trunkform configuration",
        "description": "The SIP trunks and phone numbers of one account on one voice-AI platform, as they should be.",
        "type": "object",
        "properties": {
            "provider": {
                "title": "Provider",
                "description": "The platform that the account is on.",
                "oneOf": platforms
            }
        },
        "required": ["provider"],
        "allOf": branches,
        "definitions": definitions
    });
    publish(&mut schema, editor);
    schema
}

/// Lets entries lack what `defaults` may give them: when a file is read the entries are checked as a whole, with what they inherit, but an editor sees only what is
/// written.
fn leave_to_defaults(file: &mut Map<String, Json>) {
    for (section, _) in SECTIONS {
        let whole = Json::Object(std::mem::take(file));
        let part =
            entries(&whole, section).and_then(|name| Some((part_of(&whole["definitions"][&name])?, name)));
        let Json::Object(whole) = whole else { continue };
        *file = whole;
        let Some((part, name)) = part else { continue };
        let entries = |name: &str| {
            let reference = format!("#/definitions/{name}");
            json!({"properties": {section: {"type": "array", "items": {"$ref": reference}}}})
        };
        let rule = json!({
            "if": {
                "properties": {"defaults": {"type": "object", "properties": {section: {}}, "required": [section]}},
                "required": ["defaults"]
            },
            "then": entries(&format!("{name}Part")),
            "else": entries(&name)
        });
        if let Some(Json::Object(all)) = file.get_mut("properties").map(|all| &mut all[section]) {
            all.shift_remove("items");
        }
        file["definitions"][format!("{name}Part")] = part;
        match file.get_mut("allOf").and_then(Json::as_array_mut) {
            Some(rules) => rules.push(rule),
            None => _ = file.insert("allOf".to_owned(), json!([rule])),
        }
    }
}

/// A kind of which only the identity is needed; none where that is so already.
fn part_of(kind: &Json) -> Option<Json> {
    let identities =
        kind["properties"].as_object()?.iter().filter(|(_, property)| property["x-identity"] == true);
    let needed: Vec<_> = identities.map(|(name, _)| name.as_str()).collect();
    let mut part = kind.clone();
    part["required"] = needed.into();
    part.as_object_mut()?.shift_remove("allOf");
    (part != *kind).then_some(part)
}

/// What the editors call our annotations.
const FOR_EDITORS: [(&str, &str); 3] = [
    ("x-pattern-error", "patternErrorMessage"),
    ("x-error", "errorMessage"),
    ("x-snippets", "defaultSnippets"),
];

/// Takes our annotations out; for editors, some of them come back under the editors' names.
fn publish(schema: &mut Json, editor: bool) {
    match schema {
        Json::Array(items) => items.iter_mut().for_each(|item| publish(item, editor)),
        Json::Object(keywords) => {
            let named = |(ours, theirs): (&str, &str)| Some((theirs.to_owned(), keywords.get(ours)?.clone()));
            let known: Vec<_> = FOR_EDITORS.into_iter().filter_map(named).collect();
            keywords.retain(|name, _| !name.starts_with("x-"));
            one_type(keywords);
            if editor {
                keywords.extend(known);
                for_readers(keywords);
            }
            keywords.values_mut().for_each(|value| publish(value, editor));
        }
        _ => {}
    }
}

/// Documented words say once that they are text: editors complete `key: ` only where a type stands beside the list.
fn one_type(keywords: &mut Map<String, Json>) {
    let Some(Json::Array(branches)) = keywords.get_mut("oneOf") else { return };
    if branches.iter().all(|branch| branch["type"] == "string" && branch["const"].is_string()) {
        for branch in branches.iter_mut().filter_map(Json::as_object_mut) {
            branch.shift_remove("type");
        }
        keywords.insert("type".to_owned(), "string".into());
    }
}

/// Descriptions are Markdown, documented words are a list of words with their descriptions, and "not null" is a type, which can have a message.
fn for_readers(keywords: &mut Map<String, Json>) {
    if let (Some(Json::String(text)), true) = (keywords.get("description"), keywords.contains_key("title")) {
        let text = text.clone();
        keywords.insert("markdownDescription".to_owned(), text.into());
    }
    if keywords.get("not") == Some(&json!({"type": "null"})) {
        keywords.shift_remove("not");
        keywords.insert("type".to_owned(), json!(["array", "boolean", "number", "object", "string"]));
    }
    let words = |key: &str, branches: &[Json]| -> Option<Vec<Json>> {
        branches.iter().map(|branch| branch["const"].as_str().and(branch.get(key)).cloned()).collect()
    };
    let Some(Json::Array(branches)) = keywords.get("oneOf") else { return };
    if let (Some(values), Some(texts)) = (words("const", branches), words("description", branches)) {
        keywords.shift_remove("oneOf");
        keywords.insert("enum".to_owned(), values.into());
        keywords.insert("enumDescriptions".to_owned(), texts.into());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_ours_is_published() {
        for editor in [false, true] {
            assert!(!schema(editor).to_string().contains("\"x-"), "editor: {editor}");
        }
    }

    #[test]
    fn editors_get_their_keywords_and_others_do_not() {
        let (plain, editor) = (schema(false).to_string(), schema(true).to_string());
        for keyword in [
            "patternErrorMessage",
            "errorMessage",
            "defaultSnippets",
            "markdownDescription",
            "enumDescriptions",
        ] {
            assert!(editor.contains(keyword) && !plain.contains(keyword), "{keyword}");
        }
    }
}
