//! What an export says, on states made by hand; the laws over whole accounts are in `tests/export`.

mod ranges;
mod texts;

use super::{Beside, Exported, Live, account, addition};
use crate::model::{Account, Address, Agent, Attributes, Id, KindName, Resource, State, Value};
use crate::provider;

fn text(text: &str) -> Value {
    Value::Text(text.into())
}

fn live(kind: KindName, (name, id): (&str, i64), attributes: &[(&'static str, Value)]) -> Resource {
    let address = Address::new(&Account::new("kalem"), kind, name);
    Resource { id: Some(Id::Int(id)), ..Resource::new(address, attributes.iter().cloned().collect()) }
}

fn trunk((name, address): (&str, &str), id: i64) -> Resource {
    let all = [
        ("name", text(name)),
        ("direction", text("inbound")),
        ("auth_type", text("digest")),
        ("username", text(&format!("u{id}"))),
    ];
    live(KindName::Trunk, (address, id), &all)
}

fn number(number: &str, more: &[(&'static str, Value)]) -> Resource {
    live(KindName::Number, (number, 1), &[&[("number", text(number))], more].concat())
}

fn to(kind: KindName, name: &str) -> Value {
    Value::Ref(Address::new(&Account::new("kalem"), kind, name))
}

fn exported(resources: impl IntoIterator<Item = Resource>, agents: Vec<Agent>) -> Exported {
    let mut state = State { agents, agents_listed: true, ..State::default() };
    resources.into_iter().for_each(|one| _ = state.insert(one));
    let kalem = Account::new("kalem");
    account(Live { account: &kalem, provider: provider::get("kalem").unwrap(), state: &state }).unwrap()
}

fn lines(exported: &Exported, with: &str) -> Vec<String> {
    let lines = exported.text.lines().filter(|line| line.contains(with));
    lines.map(|line| line.trim().to_owned()).collect()
}

#[test]
fn each_secret_has_a_variable_of_its_own() {
    let all = [
        trunk(("A b", "A b"), 1),
        trunk(("A-b", "A-b"), 2),
        trunk(("東京", "東京"), 3),
        trunk(("x", "x"), 4),
    ];
    let exported = exported(all, Vec::new());
    assert_eq!(
        exported.variables.iter().map(|name| &**name).collect::<Vec<_>>(),
        ["KALEM_A_B_PASSWORD_1", "KALEM_A_B_PASSWORD_2", "KALEM_X_PASSWORD", "KALEM_PASSWORD"]
    );
}

#[test]
fn a_variable_that_files_name_already_is_not_taken() {
    let (mut state, kalem) = (State::default(), Account::new("kalem"));
    state.insert(trunk(("x", "x"), 4));
    let live = Live { account: &kalem, provider: provider::get("kalem").unwrap(), state: &state };
    let taken = ["KALEM_X_PASSWORD".into(), "KALEM_X_PASSWORD_4".into()].into_iter().collect();
    let policy = jiff::civil::Date::ZERO.into();
    let beside = Beside {
        files: &[],
        tables: &|_, _| Err(Vec::new()),
        inherited: &super::Inherited::default(),
        variables: &taken,
        policy: &policy,
    };
    let unlisted: Vec<_> = state.resources.values().cloned().collect();
    let added = addition(live, &unlisted, beside).unwrap();
    assert_eq!(*added.variables, ["KALEM_X_PASSWORD_4_2".into()]);
    assert!(added.trunks.starts_with("- name: x\n  # id 4\n  direction: inbound\n"), "{}", added.trunks);
    assert_eq!(added.numbers, "");
}

#[test]
fn of_two_trunks_with_one_name_one_is_declared_with_its_id() {
    let all = [
        trunk(("Dup", "Dup#12"), 12),
        trunk(("Dup", "Dup#9"), 9),
        number("+14155552600", &[("trunk", to(KindName::Trunk, "Dup#9"))]),
        number("+14155552700", &[("trunk", to(KindName::Trunk, "Dup#12"))]),
    ];
    let exported = exported(all, Vec::new());
    assert!(exported.text.contains("  - name: Dup\n    id: 9\n"), "{}", exported.text);
    assert_eq!(lines(&exported, "trunk: "), ["trunk: Dup", "trunk: Dup#12"]);
    let [left] = &exported.left_out[..] else { panic!("{:?}", exported.left_out) };
    assert_eq!(
        (&*left.address.name, &*left.why),
        ("Dup#12", "LIV001: 2 live trunks are `Dup`, with the ids 9, 12")
    );
    assert!(exported.text.contains(&format!("# {}\n# - name: Dup\n", left.why)), "{}", exported.text);
}

#[test]
fn an_agent_is_called_by_its_name_where_that_means_no_other() {
    let agent = |name: &str, id| {
        Agent::new(Address::new(&Account::new("kalem"), KindName::VoiceAgent, name), Id::Int(id))
    };
    let agents = ["Sales", "Desk#2", "Desk#3", "5", "6", "bidi\u{202e}x"];
    let ids = [1, 2, 3, 4, 5, 7];
    let all = agents
        .iter()
        .zip(14155552600_u64..)
        .map(|(name, n)| number(&format!("+{n}"), &[("voice_agent", to(KindName::VoiceAgent, name))]));
    let exported = exported(all, agents.iter().zip(ids).map(|(name, id)| agent(name, id)).collect());
    assert_eq!(
        lines(&exported, "voice_agent: "),
        [
            "voice_agent: Sales",
            "voice_agent: 2",
            "voice_agent: 3",
            "voice_agent: 4",
            "voice_agent: \"6\"",
            "voice_agent: 7"
        ]
    );
    assert_eq!(lines(&exported, " is "), ["# 2 is Desk", "# 3 is Desk", "# 4 is 5", r"# 7 is bidi\u{202e}x"]);
}

#[test]
fn an_account_that_no_file_can_name_is_an_error() {
    let (state, wrong) = (State::default(), Account::new("Kalem\n"));
    let found = account(Live { account: &wrong, provider: provider::get("kalem").unwrap(), state: &state });
    assert!(found.is_err_and(|found| !found.is_empty()));
}

#[test]
fn attributes_of_another_type_than_the_table_says_are_written_as_it_says() {
    let (account_name, bolna) = (Account::new("bolna"), provider::get("bolna").unwrap());
    let mut state = State::default();
    let address = Address::new(&account_name, KindName::Trunk, "T");
    let gateway = Value::Map(vec![
        ("gateway_address".into(), text("sip.carrier.example")),
        ("port".into(), Value::Int(5060)),
        ("priority".into(), Value::Null),
    ]);
    let attributes: Attributes = [
        ("name", text("T")),
        ("provider", text("custom")),
        ("description", Value::Bool(true)),
        ("auth_type", text("ip-based")),
        ("gateways", Value::List(vec![gateway])),
        ("ip_identifiers", Value::List(vec![Value::Map(vec![("ip_address".into(), text("192.76.120.10"))])])),
        ("is_active", text("TRUE")),
        ("media_encryption", text("no")),
    ]
    .into_iter()
    .collect();
    state.insert(Resource { id: Some(Id::Text("01J".into())), ..Resource::new(address, attributes) });
    let exported = account(Live { account: &account_name, provider: bolna, state: &state }).unwrap();
    let expected = "trunks:\n  - name: T\n    # id 01J\n    provider: custom\n    description: \"true\"\n    auth_type: ip-based\n    gateways:\n      \
        - gateway_address: sip.carrier.example\n        port: 5060\n    ip_identifiers:\n      - ip_address: 192.76.120.10\n    \
        media_encryption: \"no\"\n    is_active: true\n";
    assert!(exported.text.ends_with(expected), "{}", exported.text);
}
