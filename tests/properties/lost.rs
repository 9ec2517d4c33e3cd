//! What is made and nobody heard of, on every platform: made once, whatever became of the answer, or told as uncertain.

use serde_json::{Value as Json, json};
use trunkform::api::Body;
use trunkform::model::{Outcome, Report};

use crate::estate::Estate;
use crate::worlds::{Case, Platform};

/// An account without anything, and a file with a trunk and a number on it; the path on which numbers are made ends with the last part.
fn accounts() -> [(Case, &'static str); 3] {
    let kalem = json!({"name": "A", "direction": "inbound", "auth_type": "ip", "host": "a.example.com"});
    let bolna = json!({"name": "A", "provider": "custom", "auth_type": "ip-based", "ip_identifiers": [{"ip_address": "192.76.120.10"}],
        "gateways": [{"gateway_address": "sip.carrier.example", "port": 5060}]});
    let talkover = json!({"name": "A", "provider_name": "Carrier", "domain": "sip.carrier.example", "username": "u",
        "password": {"env": "MAIN_TRUNK_PASSWORD"}});
    let case = |platform: Platform, trunk: Json| Case {
        account: platform.name(),
        platform,
        world: "",
        live: json!({"agents": [], "trunks": []}),
        file: json!({"provider": platform.name(), "trunks": [trunk], "numbers": [{"number": "+14155552600", "trunk": "A"}]}),
    };
    [
        (case(Platform::Kalem, kalem), "/numbers"),
        (case(Platform::Bolna, bolna), "/numbers"),
        (case(Platform::Talkover, talkover), "/dids"),
    ]
}

/// Whether another one like it is refused by the platform, so that one which is not found may be sent again.
fn is_unique(platform: Platform, trunk: bool) -> bool {
    match platform {
        Platform::Kalem => false,
        Platform::Bolna => true,
        Platform::Talkover => !trunk,
    }
}

/// A run in which the first or the second thing that is made meets a fault: its outcome, its words, and how often its request was sent.
fn run(
    case: &Case,
    below: &str,
    (trunk, fault): (bool, &str),
    switches: &[&'static str],
) -> (Estate, Report, usize) {
    let estate = Estate { patience: 1, ..Estate::with(std::slice::from_ref(case), switches) };
    let plan = estate.plan().unwrap();
    let list = if trunk { "trunks".to_owned() } else { below.to_owned() };
    estate.disturb(Some(&format!("{fault},method=POST,path=*{list},nth=1")));
    let report = estate.apply(&plan, 1);
    estate.disturb(None);
    let sent = |r: &&trunkform::sandbox::Logged| r.method == "POST" && r.path.ends_with(&list);
    let sent = estate.live.sandbox.requests().iter().filter(sent).count();
    (estate, report, sent)
}

#[test]
fn what_was_made_unheard_of_is_found_and_made_once() {
    for (case, below) in accounts() {
        let lag: &[&'static str] = if case.platform == Platform::Bolna { &["number-lag=1"] } else { &[] };
        for (trunk, fault, switches) in [
            (true, "reset-after", &[][..]),
            (true, "truncate", &[]),
            (true, "status=502,effect=after", &[]),
            (false, "reset-after", &[]),
            (false, "truncate", lag),
            (false, "status=504,effect=after", lag),
        ] {
            let (estate, report, sent) = run(&case, below, (trunk, fault), switches);
            let what = format!("{:?} {trunk} {fault} {switches:?}: {report:#?}", case.platform);
            assert!(report.converged() && sent == 1, "{what}");
            let because = report.steps.iter().filter_map(|step| step.because.as_deref()).collect::<Vec<_>>();
            assert_eq!(because, ["the answer was lost; it was found"], "{what}");
            let seen = &estate.seen()[0];
            assert_eq!((seen.trunks.len(), seen.numbers.len()), (1, 1), "{what}");
            assert!(estate.plan().unwrap().steps.is_empty(), "{what}");
        }
    }
}

#[test]
fn what_was_not_made_is_sent_again_only_where_no_second_one_can_be_made() {
    for (case, below) in accounts() {
        for (trunk, fault) in
            [(true, "reset-before"), (true, "status=503"), (false, "reset-before"), (false, "status=503")]
        {
            let (estate, report, sent) = run(&case, below, (trunk, fault), &[]);
            let what = format!("{:?} {trunk} {fault}: {report:#?}", case.platform);
            let seen = &estate.seen()[0];
            if is_unique(case.platform, trunk) {
                assert!(report.converged() && sent == 2, "{what}");
                assert_eq!((seen.trunks.len(), seen.numbers.len()), (1, 1), "{what}");
                continue;
            }
            let lost: Vec<_> =
                report.steps.iter().filter(|step| step.outcome == Outcome::Uncertain).collect();
            assert!(lost.len() == 1 && sent == 1, "{what}");
            assert!(
                lost[0].error.as_deref().unwrap().contains("is not listed, but may still come"),
                "{what}"
            );
            assert_eq!((seen.trunks.len(), seen.numbers.len()), (usize::from(!trunk), 0), "{what}");
            // The next run sees that it is not there.
            assert!(estate.run().unwrap().converged(), "{what}");
            assert_eq!(estate.seen()[0].numbers.len(), 1, "{what}");
        }
    }
}

#[test]
fn of_two_of_one_name_neither_is_taken() {
    for (case, path) in [(accounts()[0].0.clone(), "/trunks"), (accounts()[2].0.clone(), "/sip-trunks")] {
        let estate = Estate { patience: 1, ..Estate::of(&case) };
        let plan = estate.plan().unwrap();
        // Somebody else makes one like it after the plan was made.
        let mut other = case.file["trunks"][0].clone();
        if case.platform == Platform::Talkover {
            (other["password"], other["transport"]) = ("long enough".into(), "tls".into());
        }
        let body = Body::new(other.to_string().into_bytes().into());
        estate.live.block_on(estate.writer(&case).send("POST", path, Some(&body), false)).unwrap();
        estate.disturb(Some("reset-after,method=POST,nth=1"));
        let report = estate.apply(&plan, 1);
        let ids: Vec<_> = estate.seen()[0].trunks.iter().map(|trunk| format!("`{}`", trunk.id)).collect();
        let error = report.steps[0].error.clone().unwrap_or_default();
        assert_eq!((report.steps[0].outcome, ids.len()), (Outcome::Uncertain, 2), "{report:#?}");
        assert!(
            error.contains("2 that may be it are listed") && error.contains("delete what is not wanted"),
            "{error}"
        );
        assert!(ids.iter().all(|id| error.contains(id.as_str())), "{ids:?} {error}");
        assert!(report.steps[1..].iter().all(|step| step.outcome == Outcome::Skipped), "{report:#?}");
        // As the message says.
        let first = format!("{path}/{}", estate.seen()[0].trunks[0].id);
        estate.disturb(None);
        estate.live.block_on(estate.writer(&case).send("DELETE", &first, None, false)).unwrap();
        assert!(estate.run().unwrap().converged());
        assert_eq!((estate.seen()[0].trunks.len(), estate.seen()[0].numbers.len()), (1, 1));
    }
}

#[test]
fn a_trunk_that_still_has_the_name_is_not_the_new_one() {
    let (mut case, _) = accounts()[0].clone();
    let mut old = case.file["trunks"][0].clone();
    old["id"] = json!(7);
    case.live["trunks"] = json!([old]);
    let mut renamed = case.file["trunks"][0].clone();
    (renamed["name"], renamed["id"]) = (json!("B"), json!(7));
    case.file["trunks"].as_array_mut().unwrap().push(renamed);
    case.file["numbers"] = json!([]);
    let estate = Estate { patience: 1, ..Estate::of(&case) };
    let mut plan = estate.plan().unwrap();
    // As when both are under way at the same time: the new one is made, and looked for, before the old one has its new name.
    plan.steps.sort_by_key(|step| step.request.method != "POST");
    plan.steps.iter_mut().zip(1..).for_each(|(step, id)| (step.id, step.waits_on) = (id, vec![]));
    assert_eq!(plan.steps.len(), 2, "{:#?}", plan.steps);
    estate.disturb(Some("reset-before,method=POST"));
    let report = estate.apply(&plan, 1);
    assert_eq!(report.steps[0].outcome, Outcome::Uncertain, "{report:#?}");
    estate.disturb(Some("reset-after,method=POST"));
    let report = estate.run().unwrap();
    assert!(report.converged(), "{report:#?}");
    let mut names: Vec<_> = estate.seen()[0].trunks.iter().map(|trunk| trunk.name.clone()).collect();
    names.sort();
    assert_eq!(names, ["A", "B"]);
}
