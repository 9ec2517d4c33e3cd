//! A request that a platform refuses: its words come through in every form that its documents show, and the next run ends well.

use serde_json::{Value as Json, json};
use trunkform::model::Outcome;

use crate::estate::Estate;
use crate::laws::is_in_sync;
use crate::worlds::{Case, Platform};

/// One live trunk, and a file that changes it.
fn case(platform: Platform) -> Case {
    let secret = json!({"env": "MAIN_TRUNK_PASSWORD"});
    let (live, trunk) = if platform == Platform::Bolna {
        let gateways = json!([{"gateway_address": "sip0.example.com"}]);
        let live = json!({"name": "Alpha", "provider": "twilio", "auth_type": "userpass", "auth_username": "user1", "gateways": gateways});
        let mut trunk = live.clone();
        (trunk["auth_password"], trunk["inbound_enabled"]) = (secret, json!(true));
        (live, trunk)
    } else {
        let live = json!({"name": "Alpha", "provider_name": "Carrier", "domain": "sip0.example.com", "username": "user1"});
        let mut trunk = live.clone();
        (trunk["password"], trunk["provider_name"]) = (secret, json!("Other"));
        (live, trunk)
    };
    let file = json!({"provider": platform.name(), "trunks": [trunk]});
    let (account, live) = (platform.name(), json!({"agents": [], "trunks": [live]}));
    Case { account, platform, world: "", live, file }
}

/// Somebody deletes the trunk between plan and apply.
fn the_platforms_words_come_through(platform: Platform, switch: &'static str, words: &str) {
    let estate = Estate::with(&[case(platform)], &[switch]);
    let plan = estate.plan().unwrap();
    let mut state: Json = estate.live.sandbox.snapshot();
    state[platform.name()]["trunks"] = json!([]);
    estate.live.sandbox.replace_state(state).unwrap();
    let report = estate.apply(&plan, 1);
    let step = &report.steps[0];
    let error = step.error.as_deref().unwrap_or_default();
    assert_eq!((step.outcome, step.status), (Outcome::Failed, Some(404)), "{switch}: {error}");
    assert!(
        error.contains(words) && error.contains("404") && error.contains("/sip-trunks/"),
        "{switch}: {error}"
    );
    assert!(estate.run().unwrap().converged(), "{switch}");
    is_in_sync(&estate).unwrap();
}

#[test]
fn bolna_says_why_in_every_form() {
    for switch in ["error-detail", "error-string", "number-lag=0"] {
        the_platforms_words_come_through(Platform::Bolna, switch, "Trunk not found");
    }
}

#[test]
fn talkover_says_why_in_every_form() {
    for switch in [
        "errors-coded",
        "errors-fielded",
        "errors-nested",
        "errors-unwrapped",
        "errors-flat",
        "errors-message",
    ] {
        the_platforms_words_come_through(Platform::Talkover, switch, "SIP trunk not found");
    }
}
