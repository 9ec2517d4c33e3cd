//! The checks of the search can fail: each is shown something that goes against it.

use serde_json::{Value as Json, json};
use trunkform::api::{Body, Writer};
use trunkform::model::Plan;

use crate::client::Manner;
use crate::ground::{Gate, Run};
use crate::hand;
use crate::scenario::Scenario;
use crate::story::{self, Story};
use crate::tally::Tally;
use crate::{check, moments, support};

fn replacement() -> Scenario {
    hand::kalem().into_iter().find(|scenario| scenario.name == "kalem-replacement").unwrap()
}

fn send(story: &Story<'_>, method: &str, path: &str, body: Option<&Json>) {
    let client = story.ground.client(Manner::calm(story.ground.scenario));
    let api = Writer::over(client.api(&story.ground.scenario.cases[0]).into());
    let body = body.map(|body| Body::new(body.to_string().into_bytes().into()));
    story.ground.live.block_on(api.send(method, path, body.as_ref(), false)).unwrap();
}

/// What is said of a run after which somebody sends one more request in its name.
fn with(method: &str, path: &str, body: &Json) -> String {
    let (scenario, tally) = (replacement(), Tally::default());
    let mut story = Story::new(&scenario, None, &tally);
    let client = story.ground.client(Manner::calm(&scenario));
    let run = story.ground.live.block_on(story::run(&client));
    send(&story, method, path, Some(body).filter(|body| !body.is_null()));
    story.look_at(&[&run]).expect_err("it was sent, and no plan holds it").to_string()
}

#[test]
fn a_write_that_no_plan_holds() {
    let said = with("PUT", "/numbers/13", &json!({"trunk_id": null}));
    assert!(said.contains("not planned") && said.contains("/numbers/13"), "{said}");
    // The right request with a wrong value, and the right one to a wrong id.
    let said = with("PUT", "/trunks/3", &json!({"name": "Other"}));
    assert!(said.contains("not planned"), "{said}");
    let said = with("PUT", "/trunks/2", &json!({"name": "Main"}));
    assert!(said.contains("not planned"), "{said}");
}

#[test]
fn a_creation_that_takes_effect_twice() {
    let body = json!({"name": "Main [trunkform replacement]", "direction": "inbound", "auth_type": "digest", "username": "user",
        "password": support::PASSWORD, "host": "a.example.com"});
    let said = with("POST", "/trunks", &body);
    assert!(said.contains("took effect twice"), "{said}");
}

#[test]
fn a_number_that_vanishes_and_a_trunk_that_is_there_twice() {
    let (scenario, tally) = (replacement(), Tally::default());
    let story = Story::new(&scenario, None, &tally);
    assert!(check::nothing_is_twice(&story.ground).is_ok());
    send(&story, "DELETE", "/numbers/13", None);
    let run = Run { plan: Plan::default(), report: None };
    let vanished = check::no_number_vanishes(&story.ground, &story.ground.history(), &[&run.plan]);
    assert!(vanished.unwrap_err().to_string().contains("kalem.number.+14155552672 vanished"));
    send(
        &story,
        "POST",
        "/trunks",
        Some(&json!({"name": "Main", "direction": "inbound", "auth_type": "ip", "host": "c.example.com"})),
    );
    assert!(check::nothing_is_twice(&story.ground).is_err());
}

#[test]
fn a_secret_in_the_journal() {
    let (scenario, tally) = (replacement(), Tally::default());
    let mut story = Story::new(&scenario, None, &tally);
    let run = story.calm_run(false).unwrap();
    assert!(check::says_no_secret(&story.ground, &run, &tally).is_ok());
    let journal = story.ground.client(Manner::calm(&scenario)).journal;
    assert!(std::fs::read_to_string(&journal).unwrap().contains("/trunks"));
    std::fs::write(journal, support::TOKEN).unwrap();
    assert!(check::says_no_secret(&story.ground, &run, &tally).is_err());
    assert!(moments::is_silent(&[support::PASSWORD.to_owned()]).is_err());
}

#[test]
fn a_request_that_is_never_let_go() {
    let (scenario, gate) = (replacement(), Gate::at(0, trunkform::sandbox::Moment::Before));
    let tally = Tally::default();
    let story = Story::new(&scenario, Some(&gate), &tally);
    let client = story.ground.client(Manner::calm(&scenario));
    let held = story.ground.live.block_on(async {
        tokio::select! {
            () = gate.held() => true,
            _ = client.plan() => false,
        }
    });
    assert!(held);
}
