//! Rules about trunks and numbers that are there and can do nothing.
//! In: the gathered facts. Out: diagnostics.
//! A switch that the file does not state is as it is live; of a new trunk the documented default is said as such.

use std::collections::HashMap;

use super::attributes::stated_flag;
use super::facts::{Account, Facts, Trunk, point};
use super::findings::Findings;
use crate::model::{Address, Code, Diagnostic, Resource, Severity, Value};

const ACTIVE: &str = "is_active";
const INBOUND: &str = "inbound_enabled";
const PLUS: &str = "outbound_leading_plus_enabled";

/// TRK013.
pub(super) fn left_off(facts: &Facts, findings: &mut Findings) {
    for trunk in &facts.trunks {
        if trunk.default(ACTIVE) == Some(&Value::Bool(false)) && trunk.stated(ACTIVE).is_none() {
            let message = format!(
                "`{ACTIVE}` is not in the file: a new trunk stays off, and so does one whose verification fails after a change"
            );
            let diagnostic = Diagnostic::new(Code::TRK013, message)
                .help(format!("write `{ACTIVE}: true`: the plan verifies the trunk and then switches it on"));
            findings.push(point(diagnostic, trunk.resource, "name"));
        }
    }
}

/// What the numbers of an account say of one trunk.
#[derive(Default)]
struct Use<'a> {
    numbers: usize,
    /// The first number with an agent, and how many have one.
    answered: Option<&'a Resource>,
    answered_count: usize,
}

fn uses<'a>(account: &Account<'a>) -> HashMap<&'a Address, Use<'a>> {
    let (trunks, agents) = account.reference_names();
    let mut uses: HashMap<&Address, Use> = HashMap::new();
    for number in account.numbers() {
        let value = |name: &&'static str| number.attributes.get(name);
        let answered = agents.iter().filter_map(value).any(|agent| *agent != Value::Null);
        for trunk in trunks.iter().filter_map(value).filter_map(Value::as_ref_address) {
            let one = uses.entry(trunk).or_default();
            one.numbers += 1;
            if answered {
                one.answered.get_or_insert(number);
                one.answered_count += 1;
            }
        }
    }
    uses
}

/// TRK030.
pub(super) fn dead(facts: &Facts, findings: &mut Findings) {
    for account in &facts.accounts {
        let uses = uses(account);
        let any = account.numbers().next().is_some();
        for trunk in account.trunks() {
            let diagnostic = match uses.get(&trunk.resource.address) {
                None => unused(&trunk, any),
                Some(one) => one.answered.and_then(|number| closed(&trunk, number, one.answered_count)),
            };
            if let Some((diagnostic, attribute)) = diagnostic {
                findings.push(point(diagnostic, trunk.resource, attribute));
            }
        }
    }
}

type Found = Option<(Diagnostic, &'static str)>;

/// A trunk that calls come in through, and no number. One that works both ways may be there for calls that go out.
fn unused(trunk: &Trunk, any_numbers: bool) -> Found {
    let both_ways = trunk.kind.attribute(INBOUND).is_some();
    if !trunk.may_let_in() || both_ways && trunk.flag(INBOUND).is_none() {
        return None;
    }
    let name = &trunk.resource.address.name;
    let severity = if any_numbers { Severity::Warning } else { Severity::Info };
    let diagnostic = Diagnostic::new(Code::TRK030, format!("no number in the files uses trunk `{name}`"))
        .severity(severity)
        .help(format!("point a number to it with `trunk: {name}`, or take the trunk out"));
    Some((diagnostic, "name"))
}

/// A trunk that lets no call in, and a number that an agent should answer.
fn closed(trunk: &Trunk, number: &Resource, count: usize) -> Found {
    let more = if count > 1 { format!(" and {} more numbers", count - 1) } else { String::new() };
    let whose = format!("the agent of `{}`{more}", number.address.name);
    let new = trunk.default(INBOUND) == Some(&Value::Bool(false));
    let (message, severity, attribute) = match (trunk.flag(INBOUND), trunk.flag(ACTIVE)) {
        (Some(false), _) => {
            (format!("`{INBOUND}: false`: no call reaches {whose}"), Severity::Warning, INBOUND)
        }
        (_, Some(false)) => (format!("`{ACTIVE}: false`: no call reaches {whose}"), Severity::Info, ACTIVE),
        (None, _) if new => {
            let message = format!("`{INBOUND}` is not in the file: on a new trunk no call reaches {whose}");
            (message, Severity::Info, "name")
        }
        _ => return None,
    };
    let key = if attribute == ACTIVE { ACTIVE } else { INBOUND };
    let help = match severity {
        Severity::Warning => format!("write `{key}: true`, or `agent: null` at the numbers"),
        _ => format!("write `{key}: true` when calls are to come in"),
    };
    Some((Diagnostic::new(Code::TRK030, message).severity(severity).help(help), attribute))
}

/// NUM010: only where the file says both, that calls come in and that nobody answers.
pub(super) fn unanswered(facts: &Facts, findings: &mut Findings) {
    for account in &facts.accounts {
        let (trunks, agents) = account.reference_names();
        for number in account.numbers() {
            let value = |name: &&'static str| number.attributes.get(name);
            let nobody = !agents.is_empty() && agents.iter().all(|name| value(name) == Some(&Value::Null));
            let trunk = trunks.iter().filter_map(value).find_map(Value::as_ref_address);
            let Some(trunk) = trunk.filter(|_| nobody).and_then(|t| account.config.desired.get(t)) else {
                continue;
            };
            if stated_flag(trunk, INBOUND) != Some(true) || stated_flag(trunk, ACTIVE) == Some(false) {
                continue;
            }
            let name = &trunk.address.name;
            let message = format!(
                "calls to `{}` come in through trunk `{name}` and are refused: no agent",
                number.address.name
            );
            let diagnostic = Diagnostic::new(Code::NUM010, message)
                .help(format!("name an agent: `{}: …`, or take the number out", agents[0]));
            findings.push(point(diagnostic, number, agents[0]));
        }
    }
}

/// NUM015: a carrier that wants no `+` in the numbers that are called seldom sends one in those that call in.
pub(super) fn leading_plus(facts: &Facts, findings: &mut Findings) {
    for account in &facts.accounts {
        let without: Vec<_> = account.trunks().filter(|trunk| trunk.flag(PLUS) == Some(false)).collect();
        let uses = if without.is_empty() { HashMap::new() } else { uses(account) };
        for trunk in without {
            let Some(count) = uses.get(&trunk.resource.address).map(|one| one.numbers) else { continue };
            let numbers =
                if count == 1 { "its number is".to_owned() } else { format!("its {count} numbers are") };
            let message = format!("`{PLUS}: false`: the carrier wants no `+`, and {numbers} kept with one");
            let diagnostic = Diagnostic::new(Code::NUM015, message)
                .help("have the carrier send numbers as they stand in the file; a call by which one is found is proof");
            findings.push(point(diagnostic, trunk.resource, PLUS));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{Thing, carrier, codes, domain, inbound, number, outbound, run, run_all};
    use crate::model::{Severity, Value};

    #[test]
    fn a_trunk_without_numbers_matters_only_beside_numbers() {
        let severities =
            |all: &[crate::model::Diagnostic]| all.iter().map(|d| d.severity).collect::<Vec<_>>();
        let pbx = || inbound("PBX", "pbx.example.com");
        assert_eq!(severities(&run_all(&[pbx()])), [Severity::Info]);
        let other = number("+14155552671").on("Other");
        let all = [pbx(), inbound("Other", "other.example.com"), other];
        assert_eq!(severities(&run_all(&all)), [Severity::Warning]);
        assert!(run_all(&[outbound("Out", "out.example.com")]).is_empty());
    }

    fn calls_in(name: &str) -> Thing {
        carrier(name).with("inbound_enabled", Value::Bool(true))
    }

    fn said(all: &[crate::model::Diagnostic]) -> Vec<(&'static str, Severity)> {
        all.iter().map(|d| (d.code.as_str(), d.severity)).collect()
    }

    fn answered(trunk: &str, agent: Value) -> Thing {
        number("+14155552671").of("bolna").on(trunk).with("agent", agent)
    }

    #[test]
    fn a_trunk_that_works_both_ways_needs_numbers_only_where_calls_come_in() {
        assert!(run_all(&[carrier("A")]).is_empty());
        assert_eq!(said(&run_all(&[calls_in("A")])), [("TRK030", Severity::Info)]);
        assert!(run_all(&[calls_in("A").with("is_active", Value::Bool(false))]).is_empty());
        assert_eq!(said(&run_all(&[domain("A", "a.example.com")])), [("TRK030", Severity::Info)]);
    }

    #[test]
    fn an_agent_behind_a_closed_trunk_is_told() {
        let agent = || super::super::fixture::text("Sales");
        let with = |name, flag| carrier("A").with(name, Value::Bool(flag));
        let run = |trunk| said(&run_all(&[trunk, answered("A", agent())]));
        assert_eq!(run(with("inbound_enabled", false)), [("TRK030", Severity::Warning)]);
        assert_eq!(run(with("is_active", false)), [("TRK030", Severity::Info)]);
        assert_eq!(run(carrier("A")), [("TRK030", Severity::Info)]);
        assert!(run(calls_in("A")).is_empty());
        let nobody = number("+14155552671").of("bolna").on("A");
        assert!(run_all(&[with("inbound_enabled", false), nobody]).is_empty());
    }

    #[test]
    fn nobody_answers_only_where_the_file_says_both() {
        let run = |trunk, agent| codes(&run(&[trunk, answered("A", agent)]));
        assert_eq!(run(calls_in("A"), Value::Null), ["NUM010"]);
        assert!(run(carrier("A"), Value::Null).is_empty());
        assert!(run(calls_in("A").with("is_active", Value::Bool(false)), Value::Null).is_empty());
        let silent = number("+14155552671").of("bolna").on("A");
        assert!(super::super::fixture::run(&[calls_in("A"), silent]).is_empty());
    }

    #[test]
    fn a_carrier_without_a_plus_is_told_once_a_trunk() {
        let bare = || carrier("A").with("outbound_leading_plus_enabled", Value::Bool(false));
        let numbers = || (0..3).map(|n| number(&format!("+1415555267{n}")).of("bolna").on("A"));
        let all = run(&std::iter::once(bare()).chain(numbers()).collect::<Vec<_>>());
        assert_eq!(codes(&all), ["NUM015"]);
        assert!(all[0].message.contains("its 3 numbers"), "{all:?}");
        assert!(run(&[bare()]).is_empty());
        assert!(run(&std::iter::once(carrier("A")).chain(numbers()).collect::<Vec<_>>()).is_empty());
    }

    #[test]
    fn a_trunk_that_nobody_switches_on_is_told() {
        let silent = || {
            let mut trunk = domain("A", "a.example.com");
            trunk.forget("is_active");
            trunk
        };
        assert_eq!(codes(&run(&[silent()])), ["TRK013"]);
        for flag in [true, false] {
            assert!(run(&[silent().with("is_active", Value::Bool(flag))]).is_empty(), "{flag}");
        }
        assert!(run(&[carrier("A")]).is_empty());
    }
}
