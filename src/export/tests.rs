//! What an export says, on states made by hand; the laws over whole accounts are in `tests/export`.

use granit_parser::{Event, Parser, ScalarStyle};
use proptest::prelude::*;

use super::scalar::{comment, scalar};
use super::{Beside, Exported, Live, account, addition};
use crate::config::{self, File, reads_plain};
use crate::model::text::is_hidden;
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
fn consecutive_numbers_that_agree_are_one_range() {
    let inactive = [("status", text("inactive"))];
    let at = |n: u64, more: &[(&'static str, Value)]| number(&format!("+{n}"), more);
    let all = [
        at(14155552600, &[]),
        at(14155552601, &[]),
        at(14155552602, &inactive),
        at(14155552603, &[]),
        at(14155552605, &[]),
        at(14155552606, &[("trunk", Value::Null)]),
        // Another country begins, and another length.
        at(19999999999, &[]),
        at(20000000000, &[]),
        at(9999999999, &[]),
        at(10000000000, &[]),
    ];
    assert_eq!(
        lines(&exported(all, Vec::new()), "number: "),
        [
            "- number: \"+9999999999\"",
            "- number: \"+10000000000\"",
            "- number: \"+14155552600..+14155552601\"",
            "- number: \"+14155552602\"",
            "- number: \"+14155552603\"",
            "- number: \"+14155552605..+14155552606\"",
            "- number: \"+19999999999\"",
            "- number: \"+20000000000\"",
        ]
    );
}

#[test]
fn a_range_stays_so_small_that_nobody_is_warned() {
    let all = (0..10_002).map(|n| number(&format!("+{}", 14155600000_u64 + n), &[]));
    assert_eq!(
        lines(&exported(all, Vec::new()), "number: "),
        ["- number: \"+14155600000..+14155609999\"", "- number: \"+14155610000..+14155610001\""]
    );
}

#[test]
fn what_is_wrong_with_one_number_of_a_range_takes_no_other_along() {
    // 555-0100 to 555-0199 is for films, which is a warning; +1 911 is no area code, which is none of ours to say.
    let bad = |n: u64| if n == 3 { to(KindName::Trunk, "Gone#9") } else { to(KindName::Trunk, "Gone") };
    let all = (0..6).map(|n| number(&format!("+{}", 14155600000_u64 + n), &[("trunk", bad(n))]));
    let exported = exported(all.chain([trunk(("Gone", "Gone"), 1)]), Vec::new());
    assert_eq!(exported.declared.len(), 7, "{}", exported.text);
    assert_eq!(
        lines(&exported, "- number: "),
        [
            "- number: \"+14155600000..+14155600002\"",
            "- number: \"+14155600003\"",
            "- number: \"+14155600004..+14155600005\""
        ]
    );
    assert_eq!(lines(&exported, "# trunk"), ["# trunk: Gone#9"], "{}", exported.text);
}

#[test]
fn a_number_that_is_none_is_left_out_of_its_range() {
    let odd = live(KindName::Number, ("1001", 7), &[("number", text("1001"))]);
    let exported = exported([odd, number("+14155552600", &[]), number("+14155552601", &[])], Vec::new());
    assert_eq!(lines(&exported, "- number: \"+1415"), ["- number: \"+14155552600..+14155552601\""]);
    let left: Vec<_> = exported.left_out.iter().map(|left| left.address.to_string()).collect();
    assert_eq!(left, ["kalem.number.1001"]);
    assert!(exported.left_out[0].why.starts_with("NUM0"), "{:?}", exported.left_out);
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
    let beside = Beside {
        files: &[],
        tables: &|_, _| Err(Vec::new()),
        inherited: &super::Inherited::default(),
        variables: &taken,
        today: jiff::civil::Date::ZERO,
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

/// The one scalar at the end of a text, and how it is written.
fn last_scalar(yaml: &str) -> Option<(String, ScalarStyle)> {
    let events: Result<Vec<_>, _> = Parser::new_from_str(yaml).collect();
    let mut scalars = events.ok()?.into_iter().filter_map(|(event, _)| match event {
        Event::Scalar(text, style, ..) => Some((text.into_owned(), style)),
        _ => None,
    });
    scalars.next_back()
}

const PIECES: &[&str] = &[
    "",
    " ",
    "a",
    "no",
    "on",
    "true",
    "null",
    "~",
    "1",
    "0",
    ".",
    "-",
    "+",
    ":",
    ": ",
    "#",
    " #",
    "\"",
    "'",
    "\\",
    "\n",
    "\t",
    "\r",
    "[",
    "]",
    "{",
    "}",
    ",",
    "&",
    "*",
    "!",
    "|",
    ">",
    "%",
    "@",
    "`",
    "?",
    "=",
    "<<",
    "e",
    "x",
    "_",
    "é",
    "東",
    "\u{202e}",
    "\u{200b}",
    "\u{0}",
    "\u{1b}",
    "\u{7f}",
    "\u{85}",
    "\u{a0}",
    "\u{ad}",
    "\u{feff}",
    "\u{2028}",
    "\u{fffe}",
    "\u{ffff}",
    "\u{e0041}",
    "\u{10ffff}",
    "##[",
    "---",
    "...",
];

/// Texts of pieces that mean something to YAML, to a terminal or to nobody.
fn hostile() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(PIECES);
    prop_oneof![prop::collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat()), any::<String>()]
}

fn cases(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(cases(4000))]

    #[test]
    fn every_text_reads_back_as_it_was(text in hostile()) {
        let written = scalar(&text);
        for yaml in [format!("a: {written}\n"), format!("a:\n  - {written}\n"), format!("- a: {written}\n")] {
            let read = last_scalar(&yaml);
            prop_assert!(read.is_some(), "{:?}", yaml);
            let (read, style) = read.unwrap();
            prop_assert_eq!(&read, &text, "{:?}", yaml);
            prop_assert!(style == ScalarStyle::DoubleQuoted || reads_plain(&text), "{:?}", yaml);
        }
        prop_assert!(!written.contains(is_hidden) && !written.contains("##["));
    }

}

proptest! {
    #![proptest_config(cases(60))]

    #[test]
    fn a_comment_is_no_more_than_one(text in hostile()) {
        let yaml = format!("# {}\na: b\n", comment(&text));
        prop_assert_eq!(last_scalar(&yaml).map(|(text, _)| text), Some("b".to_owned()), "{:?}", yaml);
        let file = format!("# {}\nprovider: kalem\n", comment(&text));
        let checked = config::check([Ok(File::new("f", std::path::Path::new(""), file.into_bytes()))], &|_, _| Err(Vec::new()), jiff::civil::Date::ZERO);
        prop_assert!(checked.diagnostics.is_empty(), "{:?}", checked.diagnostics);
    }

    #[test]
    fn a_name_that_a_file_can_have_is_declared_as_it_is(name in hostile()) {
        let known = crate::model::normalise::name(&name).into_owned();
        prop_assume!(!known.is_empty());
        let one = live(KindName::Trunk, (&known, 1), &[
            ("name", text(&name)), ("direction", text("inbound")), ("auth_type", text("ip")), ("host", text("pbx.example.com")),
        ]);
        let exported = exported([one, number("+14155552600", &[("trunk", to(KindName::Trunk, &known))])], Vec::new());
        let fits = !known.contains(['\t', '\n', '\r']) && known.chars().count() <= 255;
        prop_assert_eq!(exported.left_out.len() + exported.declared.len(), 2);
        prop_assert!(exported.left_out.is_empty() || !fits || known.contains(is_hidden), "{:?}", exported.left_out);
    }
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
