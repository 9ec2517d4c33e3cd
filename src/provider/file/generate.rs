//! Types become schemas, and schemas become tables of kinds.
//! In: a platform's trunk and number type. Out: the JSON Schema of its file (draft-07), our annotations included, and what its kinds allow.
//! Names no platform and no attribute.

use schemars::generate::SchemaSettings;
use schemars::transform::RecursiveTransform;
use schemars::{JsonSchema, Schema};
use serde_json::{Value as Json, json};

use super::sections::SECTIONS;
use super::types::File;
use crate::model::{Kind, KindName, Kinds};

/// Where `when` holds (always, where it is empty), each of `needs` must be there, not null and no empty list: else `code`; `why` completes "… is missing: ".
pub fn requires(schema: &mut Schema, code: &str, when: &[(&str, &str)], needs: &[&str], why: &str) {
    let conditions: serde_json::Map<_, _> =
        when.iter().map(|(name, value)| ((*name).to_owned(), json!({"const": value}))).collect();
    let names: Vec<_> = when.iter().map(|(name, _)| name).collect();
    let rule = |need: &&str| {
        let missing = format!("`{need}` is missing: {why}");
        let is_list = schema.get("properties").is_some_and(|all| all[*need]["items"] != Json::Null);
        let nothing = if is_list { json!({"enum": [null, []]}) } else { json!({"type": "null"}) };
        let then = json!({
            "description": why, "properties": {*need: {"not": nothing, "x-error": missing}}, "required": [need],
            "x-code": code, "x-error": missing
        });
        if when.is_empty() {
            return then;
        }
        json!({"if": {"type": "object", "properties": conditions, "required": names}, "then": then})
    };
    let rules: Vec<Json> = needs.iter().map(rule).collect();
    match schema.get_mut("allOf").and_then(Json::as_array_mut) {
        Some(earlier) => earlier.extend(rules),
        None => _ = schema.insert("allOf".into(), rules.into()),
    }
}

/// The schema of a platform's file, our annotations included.
pub fn schema_of<T: JsonSchema, N: JsonSchema>(provider: &str, title: &str) -> Json {
    let mut schema = SchemaSettings::draft07()
        .with_transform(RecursiveTransform(tidy))
        .into_generator()
        .into_root_schema_for::<File<T, N>>()
        .to_value();
    share(&mut schema);
    schema["title"] = title.into();
    schema["properties"]["provider"]["const"] = provider.into();
    schema
}

/// What an entry says of itself alone: no default of many.
const OWN: [&str; 4] = ["id", "override", "renamed_from", "waive"];

/// Gives `defaults` the attributes of the entries that they are for: all but those that tell one resource from another.
fn share(schema: &mut Json) {
    for (section, _) in SECTIONS {
        let Some(name) = entries(schema, section) else { continue };
        let mut shared = schema["definitions"][&name].clone();
        if let Json::Object(keywords) = &mut shared {
            keywords.retain(|keyword, _| !["required", "allOf", "x-snippets"].contains(&keyword.as_str()));
        }
        if let Some(Json::Object(properties)) = shared.get_mut("properties") {
            properties.retain(|name, of| !OWN.contains(&name.as_str()) && of["x-identity"] != true);
        }
        shared["title"] = format!("Defaults of {section}").into();
        shared["description"] = format!("What {section} have that do not state it themselves.").into();
        let reference = json!(format!("#/definitions/{name}Defaults"));
        refer(&mut schema["properties"]["defaults"]["properties"][section], &reference);
        if section == "numbers" {
            let inventories = schema["properties"]["numbers_from"]["anyOf"].as_array_mut();
            for inventory in inventories.into_iter().flatten() {
                let one = if inventory["items"].is_object() { &mut inventory["items"] } else { inventory };
                refer(&mut one["properties"]["defaults"], &reference);
            }
        }
        schema["definitions"][format!("{name}Defaults")] = shared;
    }
}

/// Puts a reference in the place of a type, beside what is said of the property.
fn refer(property: &mut Json, reference: &Json) {
    let said = |keyword: &str| Some((keyword.to_owned(), property.get(keyword)?.clone()));
    let mut kept: serde_json::Map<_, _> = ["title", "description"].into_iter().filter_map(said).collect();
    kept.insert("allOf".to_owned(), json!([{"$ref": reference}]));
    *property = kept.into();
}

/// The name of the definition that the entries of a section have.
pub fn entries(schema: &Json, section: &str) -> Option<String> {
    let reference = schema["properties"][section]["items"]["$ref"].as_str()?;
    Some(reference.rsplit('/').next()?.to_owned())
}

/// The kinds of a schema that [`schema_of`] made.
///
/// # Panics
/// Where a section's entries are no definition of their own: a mistake in our own types, found by the first test that runs.
pub fn kinds_of(schema: &'static Json) -> Kinds {
    let kind = |section: &str, name| {
        let reference = schema["properties"][section]["items"]["$ref"].as_str();
        let pointer = reference.and_then(|r| r.strip_prefix('#')).expect("entries are a definition");
        Kind::from_schema(name, schema.pointer(pointer).expect("a reference leads to a definition"))
    };
    Kinds { trunk: kind("trunks", KindName::Trunk), number: kind("numbers", KindName::Number) }
}

/// Titles for all properties, no formats that only Rust knows, and no `anyOf` within `anyOf`.
fn tidy(schema: &mut Schema) {
    if schema.get("format").and_then(Json::as_str).is_some_and(|f| f.starts_with("uint") || f == "int64") {
        schema.remove("format");
    }
    if let Some(Json::Object(properties)) = schema.get_mut("properties") {
        for (name, property) in properties.iter_mut().filter_map(|(n, p)| Some((n, p.as_object_mut()?))) {
            if property.contains_key("description") && !property.contains_key("title") {
                property.shift_insert(0, "title".into(), title(name).into());
            }
        }
    }
    if let Some(Json::Array(branches)) = schema.get_mut("anyOf") {
        let nested = |branch: &Json| branch.get("anyOf")?.as_array().cloned();
        *branches = branches.drain(..).flat_map(|b| nested(&b).unwrap_or_else(|| vec![b])).collect();
    }
}

fn title(name: &str) -> String {
    let words = name.replace('_', " ");
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
