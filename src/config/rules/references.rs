//! Rules about what a number points to, and whether its status can have any effect.
//! In: the gathered facts. Out: diagnostics.
//! Agents live at the platform alone; only `plan` can say whether one is there.

use std::collections::{HashMap, HashSet};

use super::attributes::is_text;
use super::facts::{Account, Facts, point};
use super::findings::Findings;
use crate::model::{Address, Attribute, Code, Diagnostic, KindName, Resource, Severity, Value};

/// So many different missing names of one account get a suggestion; a file with more of them has another problem.
const SUGGESTIONS: usize = 100;

/// NUM009.
pub(super) fn dangling(facts: &Facts, findings: &mut Findings) {
    for account in &facts.accounts {
        let mut known: HashMap<Address, Missing> = HashMap::new();
        let references: Vec<_> = account.references(|kind| kind == KindName::Trunk).collect();
        let declared: HashSet<Address> =
            account.trunks().map(|trunk| trunk.resource.address.clone()).collect();
        for number in account.numbers() {
            for attribute in &references {
                let Some(target) = target(number, attribute) else { continue };
                if declared.contains(&target) {
                    continue;
                }
                let count = known.len();
                let missing = known
                    .entry(target.clone())
                    .or_insert_with(|| Missing::look(account, &target, count < SUGGESTIONS));
                findings.push(point(missing.diagnostic(&target.name), number, attribute.name));
            }
        }
    }
}

/// Why a trunk is not in the files, as far as the files can tell.
enum Missing {
    Renamed(String),
    Close(String),
    Deleted,
    Elsewhere,
}

impl Missing {
    fn look(account: &Account, target: &Address, suggest: bool) -> Self {
        let was = |r: &Resource| {
            r.settings.as_ref().is_some_and(|s| s.renamed_from.as_deref() == Some(&*target.name))
        };
        let trunks = || account.trunks().map(|trunk| trunk.resource);
        if let Some(renamed) = trunks().find(|trunk| was(trunk)) {
            return Self::Renamed(renamed.address.name.to_string());
        }
        if account.config.ignore.iter().any(|pattern| pattern.matches(target)) {
            return Self::Elsewhere;
        }
        let close =
            suggest.then(|| closest(&target.name, trunks().map(|trunk| &*trunk.address.name))).flatten();
        match close {
            Some(name) => Self::Close(name.to_owned()),
            None if account.config.unlisted.delete_trunks => Self::Deleted,
            None => Self::Elsewhere,
        }
    }

    fn diagnostic(&self, name: &str) -> Diagnostic {
        let diagnostic = Diagnostic::new(Code::NUM009, format!("there is no trunk `{name}` in the files"));
        match self {
            Self::Renamed(now) => diagnostic.help(format!("it is renamed here: write `trunk: {now}`")),
            Self::Close(close) => diagnostic.help(format!("did you mean `{close}`?")),
            Self::Deleted => {
                diagnostic.help("`unlisted` deletes trunks that no file lists: declare it, or write another")
            }
            Self::Elsewhere => diagnostic
                .severity(Severity::Warning)
                .help("declare it; if it is live already, that is enough for now: `plan` looks"),
        }
    }
}

/// The name with the fewest slips, if they are few for its length.
fn closest<'a>(wanted: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let lower = wanted.to_lowercase();
    let length = lower.chars().count();
    let most = 1 + length / 4;
    names
        .filter(|name| name.chars().count().abs_diff(length) <= most)
        .map(|name| (strsim::damerau_levenshtein(&lower, &name.to_lowercase()), name))
        .filter(|(slips, _)| *slips <= most)
        .min()
        .map(|(_, name)| name)
}

fn target(number: &Resource, attribute: &Attribute) -> Option<Address> {
    match number.attributes.get(attribute.name)? {
        Value::Ref(address) => Some(address.clone()),
        Value::Text(name) => Some(Address::new(&number.address.account, KindName::Trunk, name)),
        _ => None,
    }
}

/// NUM011.
pub(super) fn idle(facts: &Facts, findings: &mut Findings) {
    for account in &facts.accounts {
        let (trunks, agents) = account.reference_names();
        for number in account.numbers() {
            let value = |name: &&'static str| number.attributes.get(name);
            let is_null = |name: &&'static str| value(name) == Some(&Value::Null);
            let agent = agents.iter().find(|name| value(name).is_some_and(|v| *v != Value::Null));
            let diagnostic = if is_text(number, "status", "active") && trunks.iter().any(is_null) {
                Diagnostic::new(
                    Code::NUM011,
                    "`status: active` has no effect: no trunk brings calls to the number",
                )
                .help("name a trunk, or write `status: inactive`")
            } else if is_text(number, "status", "active") && !agents.is_empty() && agents.iter().all(is_null)
            {
                Diagnostic::new(Code::NUM011, "`status: active` has no effect: no agent takes the calls")
                    .help("name an agent, or write `status: inactive`")
            } else if let (true, Some(agent)) = (is_text(number, "status", "inactive"), agent) {
                Diagnostic::new(
                    Code::NUM011,
                    format!("`{agent}` gets no calls while `status: inactive` stands"),
                )
                .severity(Severity::Info)
                .help("fine for a number that is being prepared; else write `status: active`")
            } else {
                continue;
            };
            findings.push(point(diagnostic, number, "status"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{Thing, codes, inbound, number, run, run_with, text};
    use crate::model::{Severity, Value};

    fn office() -> Thing {
        inbound("Office PBX", "pbx.example.com")
    }

    #[test]
    fn a_slip_of_the_pen_is_an_error_with_the_name_that_was_meant() {
        let all = run(&[office(), number("+14155552671").on("office pxb")]);
        assert_eq!((codes(&all), all[0].severity), (vec!["NUM009"], Severity::Error));
        assert_eq!(all[0].help.as_deref(), Some("did you mean `Office PBX`?"));
    }

    #[test]
    fn another_name_may_be_live_unless_it_would_be_deleted() {
        let things = [office(), number("+14155552671").on("Fax")];
        assert_eq!(run(&things)[0].severity, Severity::Warning);
        let deleting = run_with(&things, |account| account.unlisted.delete_trunks = true);
        assert_eq!(deleting[0].severity, Severity::Error);
        let ignored = run_with(&things, |account| {
            account.unlisted.delete_trunks = true;
            account.ignore.push(crate::model::Pattern::new("trunk.F*"));
        });
        assert_eq!(ignored[0].severity, Severity::Warning);
    }

    #[test]
    fn the_old_name_of_a_renamed_trunk_is_no_longer_a_name() {
        let all = run(&[office().renamed_from("Old PBX"), number("+14155552671").on("Old PBX")]);
        assert_eq!(all[0].help.as_deref(), Some("it is renamed here: write `trunk: Office PBX`"));
    }

    #[test]
    fn only_a_stated_status_is_judged() {
        let active = || number("+14155552671").with("status", text("active"));
        assert_eq!(codes(&run(&[active().with("trunk", Value::Null)])), ["NUM011"]);
        assert!(codes(&run(&[active()])).is_empty());
        assert!(codes(&run(&[active().with("voice_agent", Value::Null)])).is_empty());
        let silent = active().with("voice_agent", Value::Null).with("text_agent", Value::Null);
        assert_eq!(codes(&run(&[silent])), ["NUM011"]);
        let asleep =
            number("+14155552671").with("status", text("inactive")).with("voice_agent", text("Sales"));
        assert_eq!(run(&[asleep])[0].severity, Severity::Info);
    }

    #[test]
    fn numbers_with_one_place_are_told_once() {
        let numbers: Vec<_> =
            (0..100).map(|n| number(&format!("+141555526{n:02}")).on("Fax").at(40, 60)).collect();
        let all = run(&numbers);
        assert_eq!(codes(&all), ["NUM009"]);
        assert!(all[0].message.contains("99 more numbers"), "{}", all[0].message);
    }
}
