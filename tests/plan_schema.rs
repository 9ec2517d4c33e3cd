//! The published schema of the plan is the one that the types make, and it accepts what the program prints.

#![allow(clippy::unwrap_used, reason = "a test stops where it can't go on")]

#[path = "support/estate.rs"]
mod estate;
#[path = "support/sandbox_transport.rs"]
mod sandbox_transport;
mod support;
#[path = "support/worlds.rs"]
mod worlds;

use std::path::Path;

use estate::Estate;
use proptest::prelude::*;
use proptest::test_runner::{Config, FileFailurePersistence};
use sandbox_transport::SandboxTransport;
use serde_json::{Value as Json, json};
use trunkform::api::Api;
use trunkform::engine::staleness::stale_addresses;
use trunkform::engine::{self, Transport};
use trunkform::model::{Account, Code, Diagnostic, Plan, Reading, State};
use trunkform::provider;
use trunkform::render::document::{self, Document};
use worlds::{Case, bolna_case, case, talkover_case};

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

fn observed(estate: &Estate, case: &Case) -> State {
    let transport = SandboxTransport::new(&estate.live, std::slice::from_ref(case));
    let (account, provider) = (Account::new(case.account), provider::get(case.platform.name()).unwrap());
    let api = Api::with_bounds(transport.connect(&account, provider).unwrap(), transport.bounds()).unwrap();
    estate.live.block_on(provider.observe(&api, &account, Reading::Everything)).unwrap()
}

/// Why `apply` would not send a plan that was saved, beside the reasons that it was saved with.
fn complaints(estate: &Estate, case: &Case, saved: &Plan) -> Vec<String> {
    let transport = SandboxTransport::new(&estate.live, std::slice::from_ref(case));
    let unrefused = Plan { refusals: Vec::new(), ..saved.clone() };
    let context = transport.context();
    let saved = engine::reopen(&context, unrefused, None);
    let check = estate.live.block_on(engine::recheck(&context, &saved, false));
    let plan = saved.with_recheck(check).plan;
    plan.errors.into_iter().chain(plan.refusals.into_iter().map(|refusal| refusal.message)).collect()
}

proptest! {
    #![proptest_config(Config { cases: 48, failure_persistence: Some(Box::new(FileFailurePersistence::WithSource("seeds"))), ..Config::default() })]

    /// What refuses plans that somebody changed lets every plan through that this program makes, half done ones included.
    #[test]
    fn every_plan_is_read_back_and_is_fresh(
        case in prop_oneof![case(), bolna_case(), talkover_case()],
        broken in 0..12_u32,
    ) {
        let estate = Estate::of(&case);
        for _ in 0..2 {
            estate.live.fault(&[]);
            let Ok(plan) = estate.judged() else { break };
            let line = Document::from(&plan).to_line();
            let kinds = |name: &str| provider::get(name).map(provider::Provider::kinds);
            let reopened = Document::parse(&line).and_then(|document| document.plan(&kinds));
            let reopened = reopened.unwrap_or_else(|why| panic!("{why}\n{line}"));
            prop_assert_eq!(Document::from(&reopened).to_line(), line);
            prop_assert_eq!(stale_addresses(&reopened, &[observed(&estate, &case)]), vec![]);
            prop_assert_eq!(complaints(&estate, &case, &reopened), Vec::<String>::new());
            if !plan.refusals.is_empty() {
                break;
            }
            estate.live.fault(&[&format!("status=422,path=/*,after={broken}")]);
            estate.apply(&plan, 1);
        }
    }
}
