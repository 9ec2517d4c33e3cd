//! The published schema of the plan is the one that the types make, and it accepts what the program prints.

use std::path::Path;

use serde_json::{Value as Json, json};
use trunkform::model::{Code, Diagnostic, Plan};
use trunkform::render::document::{self, Document};

#[test]
fn the_published_schema_is_fresh() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("schema/plan.schema.json");
    let published = std::fs::read_to_string(path).unwrap_or_default();
    assert!(
        published == format!("{:#}\n", document::schema()),
        "schema/plan.schema.json is stale; run: cargo run -q -- schema plan > schema/plan.schema.json"
    );
}

#[test]
fn a_plan_that_could_not_be_made_is_valid_too() {
    let plan = Plan {
        errors: vec!["no token".into()],
        diagnostics: vec![Diagnostic::new(Code::LIV001, "two live trunks").help("write `id:`")],
        ..Plan::default()
    };
    let document: Json = serde_json::from_str(&Document::from(&plan).to_line()).unwrap();
    assert!(jsonschema::is_valid(&document::schema(), &document), "{document:#}");
    assert_eq!(
        [&document["applyable"], &document["complete"], &document["errored"]],
        [&json!(false), &json!(false), &json!(true)]
    );
    let mut other = document.clone();
    other["trunkform"]["steps"] = json!([{"id": "one"}]);
    assert!(!jsonschema::is_valid(&document::schema(), &other), "the schema accepts anything");
}

#[test]
fn only_standard_formats_are_used() {
    let text = document::schema().to_string();
    assert!(!text.contains("\"format\":\"uint"), "a strict checker does not know Rust's formats");
}
