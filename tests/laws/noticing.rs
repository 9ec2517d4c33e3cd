//! What the live account shows of declared things beside differences.

use trunkform::model::{AccountConfig, Address, Agent, Code, Diagnostic, Id, Severity, Span, State, Value};

use crate::accounts::{compare_vital, world};
use crate::fake::{Row, address, file, ignoring, live, number, trunk};

fn agent(name: &str, id: i64, direction: &str, numbers: &[i64]) -> Agent {
    Agent {
        numbers: Some(numbers.iter().map(|&id| Id::Int(id)).collect()),
        direction: Some(direction.into()),
        ..Agent::new(
            Address::new(&crate::fake::account(), trunkform::model::KindName::Agent, name),
            Id::Int(id),
        )
    }
}

fn vital(config: &AccountConfig, observed: State) -> Vec<Diagnostic> {
    compare_vital(config, observed).0.diagnostics
}

fn said(diagnostics: &[Diagnostic]) -> Vec<(Code, &str)> {
    diagnostics.iter().map(|d| (d.code, d.message.as_str())).collect()
}

#[test]
fn a_declared_trunk_that_is_not_healthy_is_told() {
    let sick = |row: Row| row.with(|s| s.condition = Some("registered: false".into()));
    let observed = || live([sick(trunk("A").id(1)), sick(trunk("Fax").id(2)), trunk("B").id(3)]);
    let found = vital(&file([trunk("A"), trunk("B"), trunk("New")]), observed());
    assert_eq!(said(&found), [(Code::LIV004, "the live trunk `A` is not healthy: registered: false")]);
    assert_eq!((found[0].severity, found[0].labels[0].span), (Severity::Warning, Span::new(1, 2)));
    assert_eq!(found[0].address, Some(address("trunk.A")));
    assert!(vital(&ignoring(file([trunk("A")]), "trunk.A"), observed()).is_empty());
    // Health is no difference, and a trunk that is known by an older name is the same.
    let renamed = vital(&file([trunk("New").was("A")]), observed());
    assert_eq!(said(&renamed), [(Code::LIV004, "the live trunk `New` is not healthy: registered: false")]);
}

#[test]
fn a_number_that_is_to_be_made_needs_a_trunk_where_it_can_not_be_without() {
    let observed = || live([trunk("A").id(1), number("+2").id(2).on("A")]);
    let told = "`+1` is not live, and can't be made without a trunk";
    let found = vital(&file([number("+1"), number("+2")]), observed());
    assert_eq!(said(&found), [(Code::LIV005, told)]);
    assert_eq!(found[0].severity, Severity::Error);
    let null = vital(&file([number("+1").set("trunk", Value::Null)]), observed());
    assert_eq!(said(&null), [(Code::LIV005, told)]);
    assert!(vital(&file([number("+1").on("A")]), observed()).is_empty());
    assert!(vital(&ignoring(file([number("+1")]), "number.+1"), observed()).is_empty());
    assert!(world(&file([number("+1")]), observed()).diagnostics.is_empty());
}

#[test]
fn an_agent_that_only_calls_out_gets_no_calls() {
    let observed = || State {
        agents: vec![agent("Out", 91, "outbound", &[]), agent("In", 92, "inbound", &[])],
        ..live([trunk("A").id(1)])
    };
    let with = |text: &str| vital(&file([number("+1").on("A").text("agent", text)]), observed());
    let found = with("Out");
    assert_eq!(
        said(&found),
        [(Code::NUM012, "the agent `Out` only calls out: nobody answers calls to `+1`")]
    );
    assert_eq!((found[0].severity, found[0].labels[0].span), (Severity::Warning, Span::new(3, 4)));
    assert_eq!(with("91").len(), 1, "by its id as well");
    assert!(with("In").is_empty());
}

#[test]
fn a_number_that_several_agents_have_is_told_where_the_file_names_one() {
    let observed = || State {
        agents: vec![agent("One", 91, "inbound", &[11, 12, 11]), agent("Two", 92, "inbound", &[11, 99])],
        ..live([trunk("A").id(1), number("+1").id(11).on("A"), number("+2").id(12).on("A")])
    };
    let found =
        vital(&file([number("+1").text("agent", "One"), number("+2").text("agent", "One")]), observed());
    assert_eq!(said(&found), [(Code::LIV006, "2 agents have `+1`: `One`, `Two`")]);
    assert_eq!(found[0].severity, Severity::Warning);
    assert!(vital(&file([number("+1")]), observed()).is_empty(), "the file says nothing of its agent");
}

#[test]
fn of_several_agents_only_one_of_the_same_direction_makes_room() {
    let with = |holders: &[(&str, &str)], wanted: &str| {
        let all = [("In", "inbound"), ("Desk", "inbound"), ("Out", "outbound")];
        let holds = |name: &str| holders.iter().any(|(holder, _)| *holder == name);
        let agents = all
            .iter()
            .zip(91..)
            .map(|((name, direction), id)| agent(name, id, direction, if holds(name) { &[11] } else { &[] }));
        let observed =
            State { agents: agents.collect(), ..live([trunk("A").id(1), number("+1").id(11).on("A")]) };
        let (world, changes) = compare_vital(&file([number("+1").text("agent", wanted)]), observed);
        let live = world.observed.get(&address("number.+1")).unwrap().attributes.get("agent").cloned();
        (live.map(|value| value.to_json()), changes.len())
    };
    let (inside, desk, out) = (("In", "inbound"), ("Desk", "inbound"), ("Out", "outbound"));
    assert_eq!(with(&[inside, desk], "In"), (Some("Desk".into()), 1), "an accident, or a run cut off");
    assert_eq!(with(&[inside, out], "In"), (Some("In".into()), 0), "this may be meant");
    assert_eq!(with(&[desk, out], "In"), (Some("Desk".into()), 1));
    assert_eq!(with(&[inside, desk], "Out"), (Some(serde_json::Value::Null), 1));
}

#[test]
fn a_number_that_the_platform_itself_has_is_never_made() {
    let observed = || {
        let elsewhere = ["number.+1", "number.+2", "number.+3"].map(address).into();
        State { elsewhere, ..live([trunk("A").id(1), number("+3").id(11).on("A")]) }
    };
    let found = vital(&file([number("+1").on("A"), number("+3"), number("+4").on("A")]), observed());
    let message = "`+1` is live, but on no trunk: the platform rents it out, and it can't be put on one";
    assert_eq!(said(&found), [(Code::LIV008, message)]);
    assert_eq!(found[0].severity, Severity::Error);
    assert_eq!(said(&vital(&file([number("+1")]), observed())), [(Code::LIV008, message)], "no LIV005");
    let ignored = ignoring(file([number("+1").on("A")]), "number.+1");
    assert!(vital(&ignored, observed()).is_empty() && vital(&file([]), observed()).is_empty());
}

#[test]
fn what_is_so_with_all_numbers_of_a_place_is_told_once() {
    let found = vital(&file([number("+1"), number("+2"), number("+3")]), live([]));
    assert_eq!(
        said(&found),
        [(
            Code::LIV005,
            "`+1` is not live, and can't be made without a trunk; so is it with 2 more numbers from this place"
        )]
    );
}

/// The one of the new name would become what was meant for the other.
#[test]
fn a_former_name_that_is_live_beside_the_new_one_is_told() {
    let observed = || live([trunk("A").id(1), trunk("B").id(2), trunk("C").id(3)]);
    let found = vital(&file([trunk("B").was("A").port(5080)]), observed());
    let told = "`B` (id `2`) and its former name `A` (id `1`) are both live: `renamed_from` has no effect, and it is the first that becomes what the file says";
    assert_eq!(said(&found), [(Code::LIV007, told)]);
    let help = "take `renamed_from` out if that is meant; else rename or delete one of them at the platform, or write `id: 1`";
    assert_eq!(found[0].help.as_deref(), Some(help));
    assert_eq!((found[0].severity, found[0].labels[0].span), (Severity::Warning, Span::new(1, 2)));
    assert_eq!(found[0].address, Some(address("trunk.B")));
    let quiet = |config: AccountConfig, observed: State| {
        let found = vital(&config, observed);
        assert!(found.is_empty(), "{found:?}");
    };
    // It is renamed, it was renamed long ago, it is clear which one is meant, or both are declared; those may even have changed their names.
    quiet(file([trunk("B").was("A")]), live([trunk("A").id(1)]));
    quiet(file([trunk("B").was("A")]), live([trunk("B").id(2), trunk("C").id(3)]));
    quiet(file([trunk("B").was("A").pin(1)]), observed());
    quiet(file([trunk("B").was("A"), trunk("A")]), observed());
    quiet(file([trunk("B").was("A"), trunk("A").was("B")]), observed());
    quiet(file([trunk("B").was("A"), trunk("D").was("A")]), observed());
    // Nobody may touch the one or the other.
    quiet(ignoring(file([trunk("B").was("A")]), "trunk.A"), observed());
    quiet(ignoring(file([trunk("B").was("A")]), "trunk.B"), observed());
    // The other spelling of a name by which it was found.
    let spelt = live([trunk("A").id(1), trunk("A ").id(2)]);
    quiet(file([trunk("B").was("A")]), spelt);
    quiet(file([trunk("A").was("A")]), live([trunk("A").id(1), trunk("A ").id(2)]));
}

/// The platform would refuse it, at every run: what the file leaves open stays as it is live.
#[test]
fn a_transport_that_does_not_go_with_the_live_encryption_is_an_error() {
    let observed = |encryption: &str| {
        live([trunk("A").id(1).text("transport", "x-tls").text("media_encryption", encryption)])
    };
    let to = |transport: &str| trunk("A").text("transport", transport);
    let found = vital(&file([to("x-tcp")]), observed("sdes"));
    let told =
        "the live trunk `A` has `media_encryption: sdes`, which needs TLS, and the transport becomes `x-tcp`";
    assert_eq!(said(&found), [(Code::TRK005, told)]);
    assert_eq!((found[0].severity, found[0].labels[0].span), (Severity::Error, Span::new(3, 4)));
    assert_eq!(found[0].address, Some(address("trunk.A")));
    let help = |found: &[Diagnostic]| found[0].help.clone().unwrap();
    assert_eq!(help(&found), "write `media_encryption: \"no\"` beside it, or `transport: x-tls`");
    let plain = vital(&file([to("udp")]), observed("sdes"));
    assert_eq!(help(&plain), "write `media_encryption: \"no\"` beside it, or `transport: tls`");
    for (config, observed) in [
        (file([to("x-tls")]), observed("sdes")),
        (file([to("x-tcp")]), observed("no")),
        (file([to("x-tcp").text("media_encryption", "no")]), observed("sdes")),
        (file([trunk("A")]), observed("sdes")),
        (file([to("x-tcp")]), live([])),
        (file([to("x-tcp")]), live([trunk("A").id(1)])),
        (ignoring(file([to("x-tcp")]), "trunk.A"), observed("sdes")),
    ] {
        let found = vital(&config, observed);
        assert!(found.is_empty(), "{found:?}");
    }
}
