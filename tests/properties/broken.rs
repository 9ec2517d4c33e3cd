//! The laws can be broken, and say so: each is shown something that goes against it.

use serde_json::{Value as Json, json};
use trunkform::api::Body;
use trunkform::model::Plan;

use crate::estate::Estate;
use crate::expected::Expected;
use crate::worlds::{Case, Platform};
use crate::{moments, outcome};

const NUMBERS: &str = "/sip-trunks/trunks/t/numbers";

/// Two numbers on one trunk, neither of them in the file.
fn estate() -> Estate {
    let number = |id: &str, text: &str| json!({"id": id, "phone_number": text});
    let trunk = json!({
        "id": "t", "name": "Alpha", "provider": "twilio", "auth_type": "userpass", "auth_username": "user1",
        "gateways": [{"gateway_address": "sip0.example.com"}], "phone_numbers": [number("1", "+14155552670"), number("2", "+14155552671")],
    });
    Estate::of(&Case {
        account: "bolna",
        platform: Platform::Bolna,
        world: "",
        live: json!({"agents": [], "trunks": [trunk]}),
        file: json!({"provider": "bolna"}),
    })
}

fn send(estate: &Estate, method: &str, path: &str, body: Option<&Json>) {
    let api = estate.writer(&estate.cases[0]);
    let body = body.map(|body| Body::new(body.to_string().into_bytes().into()));
    estate.live.block_on(api.send(method, path, body.as_ref(), false)).unwrap();
}

#[test]
fn a_trunk_that_takes_its_numbers_along() {
    let estate = estate();
    let before = estate.live.sandbox.snapshot();
    send(&estate, "DELETE", "/sip-trunks/trunks/t", None);
    let accounts = estate.moments(&before);
    assert_eq!(accounts[0].len(), 2);
    assert!(moments::no_cascade(&accounts[0]).is_err());
    assert!(moments::no_number_vanishes(&estate.cases[0], &accounts[0], &Plan::default()).is_err());
}

#[test]
fn two_numbers_that_are_down_at_once() {
    let estate = estate();
    let before = estate.live.sandbox.snapshot();
    send(&estate, "DELETE", &format!("{NUMBERS}/1"), None);
    send(&estate, "DELETE", &format!("{NUMBERS}/2"), None);
    for number in ["+14155552670", "+14155552671"] {
        send(&estate, "POST", NUMBERS, Some(&json!({"phone_number": number})));
    }
    let accounts = estate.moments(&before);
    assert!(moments::few_are_down(&accounts, 1).is_err());
    assert!(moments::few_are_down(&accounts, 2).is_ok());
    assert!(moments::no_cascade(&accounts[0]).is_ok());
}

#[test]
fn what_nobody_asked_for() {
    let estate = estate();
    let before = estate.seen().remove(0);
    let expected = Expected::new(&estate.cases[0], &before);
    let judge = |estate: &Estate| {
        let after = estate.seen().remove(0);
        let says = outcome::is_as_the_file_says(&expected, &after, (&[], &[]));
        (says.is_ok(), outcome::the_rest_is_untouched(&expected, &after, &Plan::default()).is_ok())
    };
    assert_eq!(judge(&estate), (true, true));
    // The same values again are a request too many.
    send(&estate, "PATCH", "/sip-trunks/trunks/t", Some(&json!({"name": "Alpha"})));
    assert_eq!(judge(&estate), (true, false));
    send(&estate, "PATCH", "/sip-trunks/trunks/t", Some(&json!({"inbound_enabled": true})));
    assert_eq!(judge(&estate), (false, false));
}

#[test]
fn a_secret_in_a_text() {
    let text = format!("password={}", crate::support::PASSWORD);
    assert!(moments::is_silent(&[text]).is_err() && moments::is_silent(&["fine".into()]).is_ok());
}
