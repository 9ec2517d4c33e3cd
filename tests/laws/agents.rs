//! Plans that touch numbers which a platform keeps as a set with their agents.

use trunkform::engine::staleness::stale_addresses;
use trunkform::model::{Account, Address, Agent, Id, KindName, Plan, State, Step};

use crate::accounts::plan;
use crate::fake::{account, address, file, live, number, trunk};

fn agent(name: &str, id: i64, numbers: &[i64]) -> Agent {
    Agent {
        numbers: Some(numbers.iter().map(|&id| Id::Int(id)).collect()),
        direction: Some("inbound".into()),
        ..Agent::new(Address::new(&account(), KindName::Agent, name), Id::Int(id))
    }
}

/// `+1` goes from the agent Old to New; Third has it as well, Other does not.
fn observed() -> State {
    let sales = address("agent.Old");
    State {
        agents: vec![
            agent("Old", 71, &[11, 900]),
            agent("New", 72, &[12]),
            agent("Third", 73, &[11]),
            agent("Other", 74, &[12]),
        ],
        ..live([
            trunk("A").id(1),
            number("+1").id(11).on("A").set("agent", trunkform::model::Value::Ref(sales)),
            number("+2").id(12).on("A"),
        ])
    }
}

fn planned() -> Plan {
    plan(&file([number("+1").text("agent", "New")]), observed())
}

fn names(addresses: &[Address]) -> Vec<String> {
    addresses.iter().map(|address| format!("{}.{}", address.kind, address.name)).collect()
}

#[test]
fn the_agents_that_a_change_concerns_are_in_its_fingerprints() {
    let touched: Vec<_> = planned().accounts[0].fingerprints.iter().map(|(at, _)| at.clone()).collect();
    assert_eq!(names(&touched), ["number.+1", "agent.New", "agent.Old", "agent.Third"]);
    let mut without = observed();
    without.agents.iter_mut().for_each(|agent| agent.numbers = None);
    let plan = plan(&file([number("+1").text("agent", "New")]), without);
    assert_eq!(plan.accounts[0].fingerprints.len(), 1, "no set is written on such a platform");
}

#[test]
fn a_plan_is_stale_when_the_set_of_an_agent_is_no_longer_the_same() {
    let plan = planned();
    let stale_when = |change: &dyn Fn(&mut Vec<Agent>)| {
        let mut fresh = observed();
        change(&mut fresh.agents);
        names(&stale_addresses(&plan, &[State::default(), fresh]))
    };
    assert!(stale_when(&|_| {}).is_empty());
    assert!(stale_when(&|agents| agents.reverse()).is_empty(), "their order says nothing");
    assert!(stale_when(&|agents| agents[0].numbers.as_mut().unwrap().reverse()).is_empty());
    assert!(stale_when(&|agents| agents[3].numbers = Some(vec![])).is_empty(), "Other is not concerned");
    let more = |agents: &mut Vec<Agent>| agents[1].numbers.as_mut().unwrap().push(Id::Int(13));
    assert_eq!(stale_when(&more), ["agent.New"]);
    assert_eq!(stale_when(&|agents| agents[0].direction = Some("outbound".into())), ["agent.Old"]);
    assert_eq!(stale_when(&|agents| agents[2].id = Id::Int(99)), ["agent.Third"]);
    assert_eq!(stale_when(&|agents| drop(agents.remove(1))), ["agent.New"]);
    assert_eq!(stale_when(&|agents| agents[1].numbers = None), ["agent.New"]);
}

/// What is stale of a plan whose only step is this one.
fn strange(at: &str, method: &str, path: &str) -> Vec<String> {
    let mut plan = planned();
    let mut step: Step = plan.steps.remove(0);
    step.address = address(at);
    (step.request.method, step.request.path) = (method.into(), path.into());
    plan.steps = vec![step];
    let mut elsewhere = agent("Foreign", 81, &[]);
    elsewhere.address = Address::new(&Account::new("other"), elsewhere.address.kind, &elsewhere.address.name);
    let other = State { agents: vec![elsewhere], ..State::default() };
    names(&stale_addresses(&plan, &[observed(), other]))
}

#[test]
fn a_step_about_an_agent_has_its_id_in_its_path() {
    assert!(strange("agent.New", "PUT", "/agents/72/calling").is_empty());
    for path in ["/agents/71/calling", "/agents/7/calling", "/agents/81/calling", "/agents/calling"] {
        assert_eq!(strange("agent.New", "PUT", path), ["agent.New"], "{path}");
        assert_eq!(strange("agent.New", "POST", path), ["agent.New"], "{path}");
    }
    assert_eq!(strange("agent.Nobody", "PUT", "/agents/72/calling"), ["agent.Nobody"]);
}

#[test]
fn a_step_about_a_number_has_its_id_or_that_of_an_agent_in_its_path() {
    for (method, path) in [
        ("PUT", "/numbers/11"),
        ("PATCH", "/numbers/11/agent"),
        ("PUT", "/agents/73/calling"),
        ("DELETE", "/trunks/1/numbers/11"),
        ("GET", "/agents/999"),
        ("POST", "/numbers/activate"),
    ] {
        assert!(strange("number.+1", method, path).is_empty(), "{method} {path}");
    }
    for (method, path) in [
        ("PUT", "/numbers/12"),
        ("PATCH", "/numbers"),
        ("PUT", "/agents/81/calling"),
        ("DELETE", "/trunks/11/numbers/12"),
        ("DELETE", "/numbers/11/agent"),
        ("DELETE", "/agents/73"),
    ] {
        assert_eq!(strange("number.+1", method, path), ["number.+1"], "{method} {path}");
    }
}
